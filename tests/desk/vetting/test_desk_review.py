"""Votes: as closed as what they are about, by others than the contributor, and marked where simulated."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from desk_world import RED, entity
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.desk.analyse import load_snapshot
from chokepoint.desk.looking.tell import standings as told_standings
from chokepoint.desk.sight import CommonReader, StepReader, inherited, unconditional
from chokepoint.desk.vetting.casting import MOST, Cast
from chokepoint.desk.vetting.queue import queue
from chokepoint.desk.vetting.review import as_member, simulate, vote, votes_on
from chokepoint.desk.vetting.standing import standings
from chokepoint.model.errors import NotFoundError, RefusedError
from chokepoint.model.judgement import Verdict, Vote
from chokepoint.model.marking import CLEAR, Marking, Pap, Tlp, Viewer, kept_by, may_see
from chokepoint.store.base import VOTE
from chokepoint.store.canonical import read_envelope

if TYPE_CHECKING:
    from desk_world import World

    from chokepoint.desk.atlas import Atlas

EVIL, OTHER, GANG = entity("domain-name:evil.com"), entity("domain-name:other.com"), entity("malware:gang")
BOTH = Marking(tlp=Tlp.RED, audience=frozenset({"bank", "police"}))
PEOPLE = ("bank", "bank/ann", "police", "police/ann", "vendor")

markings = st.builds(
    Marking,
    tlp=st.sampled_from(Tlp),
    pap=st.sampled_from(Pap),
    audience=st.frozensets(st.sampled_from(PEOPLE), max_size=3),
    handling=st.frozensets(st.sampled_from(("H1", "H2")), max_size=1),
)


def viewers() -> list[Viewer]:
    found = [Viewer(organisation="")]
    for organisation in ("bank", "police", "vendor"):
        found += [Viewer(organisation=organisation, user=user) for user in ("", "ann", "bob")]
    return found


def cast(atlas: Atlas) -> list[tuple[Marking, str, int]]:
    """Marking, author and number of claims of every vote record in the ledger, whoever may see it."""
    with atlas.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT body FROM records ORDER BY seq").fetchall()
    envelopes = [read_envelope(body) for (body,) in rows]
    return [
        (Marking.from_form(one.marking), one.organisation, bytes(one.payload).count(b'"') // 2)
        for one in envelopes
        if one.kind == VOTE
    ]


@given(
    marking=markings,
    owner=st.sampled_from(["bank", "police"]),
    by=st.sampled_from(["bank", "police", "vendor"]),
)
def test_what_is_derived_shows_nobody_more_than_its_source(marking: Marking, owner: str, by: str) -> None:
    source = kept_by(marking, owner)
    derived = kept_by(inherited(source, owner, by), by)
    for viewer in viewers():
        of_the_author = viewer.organisation == by
        if may_see(viewer, derived, by) and not (
            of_the_author and not may_see(Viewer(organisation=by), source, owner)
        ):
            assert may_see(viewer, source, owner), (viewer, source, derived)


@given(
    marking=markings,
    owner=st.sampled_from(["bank", "police"]),
    by=st.sampled_from(["bank", "police", "vendor"]),
)
def test_what_is_derived_is_at_least_as_strict_and_keeps_all_conditions(
    marking: Marking, owner: str, by: str
) -> None:
    derived = inherited(marking, owner, by)
    assert derived.tlp >= marking.tlp
    assert derived.pap == marking.pap
    assert derived.handling == marking.handling


@given(marking=markings)
def test_what_is_open_stays_open_when_derived(marking: Marking) -> None:
    if marking.is_open:
        assert inherited(marking, "bank", "police") == marking


def test_a_vote_on_a_red_claim_is_as_red_and_both_sides_see_it(world: World) -> None:
    ids = world.ids("police", world.say("bank", (EVIL, "indicates", GANG), marking=BOTH))
    vote(world.open("police"), ids, Vote.CONFIRM, "seen here too")
    assert [marking for marking, _, _ in cast(world.open("bank"))] == [BOTH]
    assert votes_on(world.open("bank"), ids)[ids[0]][0]["organisation"] == "police"
    assert votes_on(world.open("police"), ids)[ids[0]][0]["reason"] == "seen here too"
    assert votes_on(world.open("vendor"), ids) == {}


def test_a_vote_on_an_amber_claim_is_seen_by_its_contributor(world: World) -> None:
    amber = Marking(tlp=Tlp.AMBER, audience=frozenset({"police"}))
    ids = world.ids("police", world.say("bank", (EVIL, "indicates", GANG), marking=amber))
    vote(world.open("police"), ids, Vote.DISPUTE, "parked")
    assert ids[0] in votes_on(world.open("bank"), ids)
    assert votes_on(world.open("vendor"), ids) == {}


def test_a_vote_of_the_one_user_let_in_is_not_for_their_colleagues(world: World) -> None:
    amber = Marking(tlp=Tlp.AMBER, audience=frozenset({"police/ann"}))
    seqs = world.say("bank", (EVIL, "indicates", GANG), marking=amber)
    ids = world.ids("bank", seqs)
    vote(world.open("police", "ann"), ids, Vote.CONFIRM, "known to ann")
    bob = world.open("police", "bob").reader
    with bob.connect() as connection:
        assert list(bob.records(connection, VOTE)) == []
    for organisation, user in (("bank", ""), ("police", "ann")):
        assert ids[0] in votes_on(world.open(organisation, user), ids)


def test_one_vote_on_claims_of_several_markings_is_split_into_one_record_each(world: World) -> None:
    green = Marking(tlp=Tlp.GREEN)
    seqs = world.say("bank", (EVIL, "indicates", GANG), (OTHER, "indicates", GANG))
    seqs += world.say("bank", (EVIL, "resolves-to", entity("ipv4-addr:1.2.3.4")), marking=green, path="b")
    seqs += world.say("bank", (OTHER, "resolves-to", entity("ipv4-addr:1.2.3.4")), marking=BOTH, path="c")
    ids = world.ids("police", seqs)
    assert vote(world.open("police"), ids, Vote.CONFIRM, "seen") == 4
    made = cast(world.open("bank"))
    assert [marking for marking, _, _ in made] == [CLEAR, green, BOTH]
    assert set(votes_on(world.open("bank"), ids)) == set(ids)
    assert votes_on(world.open("vendor"), ids) == {}
    vote(world.open("vendor"), ids[:3], Vote.UNSURE, "cannot tell")
    assert set(votes_on(world.open("vendor"), ids)) == set(ids[:3])


def test_a_record_of_a_vote_tells_a_third_member_no_hidden_id(world: World) -> None:
    seqs = world.say("bank", (EVIL, "indicates", GANG))
    seqs += world.say("bank", (OTHER, "indicates", GANG), marking=BOTH, path="b")
    ids = world.ids("police", seqs)
    vote(world.open("police"), ids, Vote.CONFIRM, "seen")
    reader = world.open("vendor").reader
    with reader.connect() as connection:
        bodies = b"".join(body for _, _, body in reader.records(connection, VOTE))
    assert ids[0].encode() in bodies
    assert ids[1].encode() not in bodies


def test_simulated_members_vote_only_on_what_they_may_see(world: World) -> None:
    seqs = world.say("bank", (EVIL, "indicates", GANG))
    seqs += world.say("bank", (OTHER, "indicates", GANG), marking=BOTH, path="b")
    ids = tuple(world.ids("bank", seqs))
    casts = [
        Cast(organisation=name, vote=Vote.CONFIRM, reason="rule", claims=ids) for name in ("police", "vendor")
    ]
    assert simulate(world.open("bank"), casts) == 3
    assert {one["organisation"] for one in votes_on(world.open("bank"), ids)[ids[1]]} == {"police"}


def test_simulated_votes_keep_their_mark_in_every_reading(world: World) -> None:
    seqs = world.say("bank", (EVIL, "indicates", GANG), grade="A1")
    ids = tuple(world.ids("bank", seqs))
    bank = world.open("bank")
    simulate(
        bank, [Cast(organisation=n, vote=Vote.CONFIRM, reason="r", claims=ids) for n in ("police", "vendor")]
    )
    assert all(one["simulated"] for one in votes_on(bank, ids)[ids[0]])
    view = load_snapshot(bank)
    assert view.snapshot.simulated.tolist() == [True]
    assert told_standings(view, [0])[seqs[0]].simulated


def test_real_votes_are_not_called_simulated(world: World) -> None:
    seqs = world.say("bank", (EVIL, "indicates", GANG), grade="A1")
    ids = world.ids("bank", seqs)
    for name in ("police", "vendor"):
        vote(world.open(name), ids, Vote.CONFIRM, "seen")
    standing = told_standings(load_snapshot(world.open("bank")), [0])[seqs[0]]
    assert (standing.verdict, standing.simulated) == (Verdict.ACCEPTED, False)


def test_many_simulated_votes_are_cut_into_records(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chokepoint.desk.vetting.casting.MOST", 2)
    sentences = [(entity(f"domain-name:n{n}.com"), "indicates", GANG) for n in range(5)]
    ids = tuple(world.ids("bank", world.say("bank", *sentences)))
    cast_ = Cast(organisation="police", vote=Vote.UNSURE, reason="r", claims=ids)
    assert simulate(world.open("bank"), [cast_]) == 5
    assert len(cast(world.open("bank"))) == 3


def test_nobody_vets_their_own_claim(world: World) -> None:
    ids = world.ids("bank", world.say("bank", (EVIL, "indicates", GANG)))
    with pytest.raises(RefusedError, match="own claim"):
        vote(world.open("bank"), ids, Vote.CONFIRM, "mine")


def test_a_vote_needs_a_reason_and_a_claim(world: World) -> None:
    ids = world.ids("bank", world.say("bank", (EVIL, "indicates", GANG)))
    police = world.open("police")
    with pytest.raises(RefusedError, match="reason"):
        vote(police, ids, Vote.CONFIRM, "  ")
    with pytest.raises(RefusedError, match="names 1 to"):
        vote(police, [], Vote.CONFIRM, "x")
    with pytest.raises(RefusedError, match="names 1 to"):
        vote(police, ["0" * 64] * (MOST + 1), Vote.CONFIRM, "x")
    assert cast(police) == []


def test_hidden_and_absent_claims_refuse_alike(world: World) -> None:
    hidden = world.ids("bank", world.say("bank", (EVIL, "indicates", GANG), marking=RED))
    told = []
    for name in (hidden[0], "0" * 64):
        with pytest.raises(NotFoundError) as error:
            vote(world.open("police"), [name], Vote.CONFIRM, "x")
        told.append(str(error.value).replace(name, "X"))
    assert told[0] == told[1]


def test_naming_a_claim_twice_is_one_vote(world: World) -> None:
    ids = world.ids("bank", world.say("bank", (EVIL, "indicates", GANG)))
    assert vote(world.open("police"), ids * 2, Vote.CONFIRM, "seen") == 1


def test_the_queue_holds_what_others_said_until_one_has_voted(world: World) -> None:
    seqs = world.say("bank", (EVIL, "indicates", GANG), (OTHER, "indicates", GANG))
    police = world.open("police")
    assert sorted(claim.seq for claim in queue(police)) == seqs
    vote(police, world.ids("police", seqs[:1]), Vote.UNSURE, "cannot tell")
    assert [claim.seq for claim in queue(police)] == seqs[1:]
    assert queue(world.open("bank")) == []


def test_the_queue_leaves_out_statements_that_one_has_contributed_to(world: World) -> None:
    seqs = world.say("bank", (EVIL, "indicates", GANG), (OTHER, "indicates", GANG))
    world.say("police", (EVIL, "indicates", GANG))
    assert [claim.seq for claim in queue(world.open("police"))] == seqs[1:]


def test_the_snapshot_and_the_desk_give_every_claim_the_same_standing(world: World) -> None:
    """Two readings of one truth: columns for the analyses, claims for people."""
    seqs = world.say("bank", (EVIL, "indicates", GANG), (OTHER, "indicates", GANG), grade="A1")
    seqs += world.say("police", (EVIL, "indicates", GANG), (OTHER, "legitimate", GANG), grade="C3")
    seqs += world.say("vendor", (EVIL, "resolves-to", entity("ipv4-addr:1.2.3.4")), grade="F6")
    bank = world.open("bank")
    ids = world.ids("bank", seqs)
    vote(world.open("vendor"), ids[:2], Vote.CONFIRM, "seen")
    vote(world.open("police"), ids[:1], Vote.UNSURE, "seen")
    vote(world.open("police"), ids[1:2], Vote.DISPUTE, "parked")
    simulate(bank, [Cast(organisation="bank", vote=Vote.CONFIRM, reason="r", claims=tuple(ids[3:]))])
    view = load_snapshot(bank)
    shown = told_standings(view, range(len(view.snapshot.subject)))
    with bank.reader.connect() as connection:
        claims = list(bank.reader.claims(connection, seqs))
        asked = standings(bank.reader, connection, claims)
    assert shown.keys() == asked.keys() == set(seqs)
    for seq in seqs:
        assert shown[seq].verdict == asked[seq].verdict
        assert shown[seq].belief == pytest.approx(asked[seq].belief, abs=1e-6)
        assert shown[seq].simulated == asked[seq].simulated


def test_a_common_look_holds_what_all_may_see_and_nothing_else(world: World) -> None:
    world.say("bank", (EVIL, "indicates", GANG))
    world.say("bank", (OTHER, "indicates", GANG), marking=BOTH, path="b")
    bank = world.open("bank")
    for others, seen in (((), 2), (("police",), 2), (("vendor",), 1), (("police", "vendor"), 1), (("",), 1)):
        reader = CommonReader(bank.engine, [Viewer(organisation=name) for name in ("bank", *others)])
        with reader.connect() as connection:
            assert len(reader.links(connection).seq) == seen, others
    shared = bank.shared_with([Viewer(organisation="police")], Tlp.GREEN)
    with shared.reader.connect() as connection:
        assert len(shared.reader.links(connection).seq) == 1


@pytest.mark.parametrize(
    ("marking", "open_step"),
    [
        (CLEAR, True),
        (Marking(pap=Pap.RED), False),
        (Marking(handling=frozenset({"H1"})), False),
        (Marking(audience=frozenset({"bank"})), False),
    ],
)
def test_open_steps_leave_out_whatever_has_conditions(
    world: World, marking: Marking, open_step: bool
) -> None:
    assert unconditional(marking) is open_step
    world.say("bank", (EVIL, "indicates", GANG), marking=marking)
    bank = world.open("bank")
    for at_most, seen in ((Tlp.CLEAR, open_step), (Tlp.GREEN, open_step), (Tlp.AMBER_STRICT, True)):
        reader = StepReader(bank.engine, bank.viewer, at_most)
        with reader.connect() as connection:
            assert bool(reader.conditions(connection)) is seen


def test_a_member_looks_with_its_own_eyes(world: World) -> None:
    world.say("bank", (EVIL, "indicates", GANG), marking=RED)
    police = as_member(world.open("bank"), "police")
    with police.reader.connect() as connection:
        assert not len(police.reader.links(connection).seq)
