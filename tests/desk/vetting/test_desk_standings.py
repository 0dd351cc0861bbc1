"""How statements stand for one viewer: whose rules count, which claims belong together, what is withheld."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from desk_world import World, entity

from chokepoint.desk.looking.look import show
from chokepoint.desk.member import update
from chokepoint.desk.vetting.calibration import publish
from chokepoint.desk.vetting.review import Besides, vote
from chokepoint.desk.vetting.rules import calibration, chosen_policy, policy_now
from chokepoint.desk.vetting.standing import WITHHELD, Standing, of_claims, restrained, standings, veiled
from chokepoint.desk.work.note import Draft, note
from chokepoint.model.claim import Nature
from chokepoint.model.errors import NotFoundError
from chokepoint.model.judgement import Answer, Verdict, Vote
from chokepoint.model.marking import CLEAR, Marking, Tlp
from chokepoint.store.base import CALIBRATION, POLICY, RecordRow
from chokepoint.store.canonical import canonical
from chokepoint.vet.belief import Record
from chokepoint.vet.policy import DEFAULT, NAMED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chokepoint.desk.atlas import Atlas
    from chokepoint.store.base import StoredClaim

SITE, GANG, OTHER = entity("domain-name:evil.com"), entity("group:bad gang"), entity("group:other gang")
SAID = (SITE, "indicates", GANG)


def stored(atlas: Atlas, seqs: list[int]) -> list[StoredClaim]:
    reader = atlas.reader
    with reader.connect() as connection:
        return list(reader.claims(connection, seqs))


def stand(world: World, seqs: list[int], who: str = "bank", **more: Any) -> dict[int, Standing]:
    atlas = world.open(who)
    reader = atlas.reader
    with reader.connect() as connection:
        return standings(reader, connection, stored(atlas, seqs), **more)


def put(world: World, who: str, kind: str, **said: object) -> None:
    atlas = world.open(who)
    atlas.ledger.append(atlas.speaker(), [RecordRow(kind, canonical(said), CLEAR)])


def policy(world: World, who: str = "police") -> tuple[str, object]:
    reader = world.open(who).reader
    with reader.connect() as connection:
        return chosen_policy(reader, connection)


# --- belief ---


def test_nothing_asked_stands_nowhere(world: World) -> None:
    assert stand(world, []) == {}


def test_claims_of_one_statement_stand_as_one_and_each_statement_by_itself(world: World) -> None:
    first = world.say("bank", SAID, (SITE, "indicates", OTHER), grade="B2")
    second = world.say("vendor", SAID, origin="elsewhere", path="b", grade="B2")
    found = stand(world, [*first, *second])
    assert found[first[0]] == found[second[0]]
    assert found[first[0]].belief > found[first[1]].belief


@pytest.mark.parametrize(("origins", "more"), [(("one", "two"), True), (("one", "one"), False)])
def test_another_origin_adds_belief_and_an_echo_does_not(
    world: World, origins: tuple[str, str], *, more: bool
) -> None:
    [alone] = world.say("bank", SAID, origin=origins[0])
    before = stand(world, [alone])[alone].belief
    [again] = world.say("vendor", SAID, origin=origins[1], path="b")
    after = stand(world, [alone, again])[alone].belief
    assert (after > before) is more
    if not more:
        assert after == pytest.approx(before)


@pytest.mark.parametrize("better", [("A1", "B2"), ("B2", "C3"), ("C3", "E5")])
def test_a_better_grade_is_believed_more(world: World, better: tuple[str, str]) -> None:
    one, other = (
        world.say("bank", (entity(f"domain-name:g{number}.com"), "indicates", GANG), grade=grade, path=grade)[
            0
        ]
        for number, grade in enumerate(better)
    )
    found = stand(world, [one, other])
    assert found[one].belief > found[other].belief


def test_what_cannot_be_judged_lies_between_good_and_bad(world: World) -> None:
    """F and 6 mean "cannot be judged", not "worst" (DESIGN §5)."""
    seqs = [
        world.say("bank", (entity(f"domain-name:f{number}.com"), "indicates", GANG), grade=grade, path=grade)[
            0
        ]
        for number, grade in enumerate(("A1", "F6", "E5"))
    ]
    found = stand(world, seqs)
    good, unknown, bad = (found[seq].belief for seq in seqs)
    assert good > unknown > bad


def test_a_claim_stands_with_all_its_mates_though_they_were_not_asked_for(world: World) -> None:
    [asked] = world.say("bank", SAID)
    world.say("vendor", SAID, origin="elsewhere", path="b")
    atlas = world.open("bank")
    reader = atlas.reader
    with reader.connect() as connection:
        whole = of_claims(reader, connection, stored(atlas, [asked]))
    assert whole[asked].belief > stand(world, [asked])[asked].belief


# --- rules ---


def test_without_a_choice_the_default_policy_holds(world: World) -> None:
    assert policy(world) == ("default", DEFAULT)


def test_the_newest_choice_of_the_founder_holds(world: World) -> None:
    for name in ("strict", "corroborated"):
        put(world, "bank", "policy/1", name=name)
    assert policy(world) == ("corroborated", NAMED["corroborated"])


@pytest.mark.parametrize("who", ["police", "vendor"])
def test_a_choice_that_another_writes_into_the_ledger_counts_for_nothing(world: World, who: str) -> None:
    put(world, who, POLICY, name="frozen", rule={"policy": "frozen"})
    assert policy(world)[0] == "default"


def test_a_policy_of_a_later_version_accepts_nothing(world: World) -> None:
    """An unknown rule is no licence: it fails closed."""
    put(world, "bank", "policy/1", name="generous")
    name, rule = policy(world)
    assert (name, rule) == ("generous", NAMED["frozen"])
    seqs = world.say("bank", SAID, grade="A1")
    for who in ("police", "vendor"):
        vote(world.open(who), world.ids(who, seqs), Vote.CONFIRM, "seen")
    assert stand(world, seqs)[seqs[0]].verdict is Verdict.PROPOSED


@pytest.mark.parametrize(
    "said",
    [
        pytest.param({"name": "new"}, id="no rule"),
        pytest.param({"name": "new", "rule": {"quorum": 3}}, id="a rule of a later version"),
        pytest.param({"name": "new", "rule": {"confirmations": 1}}, id="one organisation suffices"),
        pytest.param({"name": "new", "rule": [{"confirmations": 2}]}, id="no table"),
    ],
)
def test_a_rule_that_cannot_be_read_accepts_nothing_whatever_was_chosen_before(
    world: World, said: dict[str, object]
) -> None:
    put(world, "bank", "policy/1", name="default")
    put(world, "bank", POLICY, **said)
    assert policy(world) == ("new", NAMED["frozen"])


def test_a_rule_in_the_ledger_may_name_a_property_of_a_later_version(world: World) -> None:
    table = {"property": {"owned-on-mars-by": {"policy": "frozen"}}, "otherwise": {"policy": "default"}}
    put(world, "bank", POLICY, name="mars", rule=table)
    assert str(policy(world)[1]).startswith("(nothing is accepted for owned-on-mars-by; else (belief")


def test_a_policy_may_be_asked_for_without_being_chosen(world: World) -> None:
    seqs = world.say("bank", SAID, grade="A1")
    for who in ("police", "vendor"):
        vote(world.open(who), world.ids(who, seqs), Vote.CONFIRM, "seen")
    assert stand(world, seqs)[seqs[0]].verdict is Verdict.ACCEPTED
    assert stand(world, seqs, policy=NAMED["frozen"])[seqs[0]].verdict is Verdict.PROPOSED
    assert policy(world)[0] == "default"


def told(*records: list[Any], rings: Sequence[Any] = (), close: Sequence[Any] = ()) -> dict[str, Any]:
    """What a founder publishes of voters."""
    known = {"organisations": list(records), "rings": rings, "close": close, "apart": []}
    return {**known, "usual": [700, 650], "bar": 0}


def test_close_members_are_one_voice_on_what_the_other_contributed(world: World) -> None:
    world.join("charity")
    seqs = world.say("vendor", SAID, grade="A1")
    for who in ("bank", "police"):
        vote(world.open(who), world.ids(who, seqs), Vote.CONFIRM, "seen")
    put(world, "bank", CALIBRATION, **told(close=[["police", "vendor"], ["bank", "vendor"]]))
    assert stand(world, seqs, "vendor")[seqs[0]].confirmations == 1
    vote(world.open("charity"), world.ids("charity", seqs), Vote.CONFIRM, "an outsider looked")
    assert stand(world, seqs, "vendor")[seqs[0]].verdict is Verdict.ACCEPTED


def test_a_ring_published_in_the_first_shape_still_binds(world: World) -> None:
    seqs = world.say("vendor", SAID, grade="A1")
    for who in ("bank", "police"):
        vote(world.open(who), world.ids(who, seqs), Vote.CONFIRM, "seen")
    put(world, "bank", "calibration/1", organisations=[], favours=[["police", "vendor"]])
    assert stand(world, seqs, "vendor")[seqs[0]].confirmations == 1


def test_a_published_name_of_no_member_binds_nobody(world: World) -> None:
    seqs = world.say("vendor", SAID, grade="A1")
    for who in ("bank", "police"):
        vote(world.open(who), world.ids(who, seqs), Vote.CONFIRM, "seen")
    put(world, "bank", CALIBRATION, **told(rings=[["ghost", "vendor"]], close=[["ghost", "vendor"]]))
    assert stand(world, seqs, "vendor")[seqs[0]].verdict is Verdict.ACCEPTED


def test_the_records_of_voters_are_those_that_the_founder_published_last(world: World) -> None:
    put(world, "bank", CALIBRATION, **told(["police", 9, 1, 8, 2], rings=[["police", "vendor"]]))
    put(world, "police", CALIBRATION, **told(["police", 99, 0, 99, 0]))
    reader = world.open("vendor").reader
    with reader.connect() as connection:
        found = calibration(reader, connection)
    assert found.records["police"] == Record(9.0, 1.0, 8.0, 2.0, usual=(0.7, 0.65))
    assert found.of("vendor") == Record(usual=(0.7, 0.65))
    assert found.rings == (("police", "vendor"),)


def test_before_anything_is_published_nobody_has_a_record(world: World) -> None:
    reader = world.open("vendor").reader
    with reader.connect() as connection:
        found = calibration(reader, connection)
    assert (found.records, found.rings, found.close, found.apart) == ({}, (), (), {})
    publish(world.open("bank"))
    with reader.connect() as connection:
        assert calibration(reader, connection).records == {}


def test_a_voter_in_one_ring_with_the_contributor_does_not_count(world: World) -> None:
    seqs = world.say("vendor", SAID, grade="A1")
    for who in ("bank", "police"):
        vote(world.open(who), world.ids(who, seqs), Vote.CONFIRM, "seen")
    assert stand(world, seqs, "vendor")[seqs[0]].verdict is Verdict.ACCEPTED
    put(world, "bank", CALIBRATION, **told(rings=[["police", "vendor"]]))
    assert stand(world, seqs, "vendor")[seqs[0]].verdict is Verdict.PROPOSED


def test_a_vetter_with_a_good_record_moves_belief_more_than_one_with_a_bad(world: World) -> None:
    seqs = world.say("vendor", SAID, grade="C3")
    vote(world.open("police"), world.ids("police", seqs), Vote.CONFIRM, "seen")
    beliefs = []
    for counts in ((99, 1, 99, 1), (50, 50, 50, 50)):
        put(world, "bank", CALIBRATION, **told(["police", *counts]))
        beliefs.append(stand(world, seqs, "vendor")[seqs[0]].belief)
    assert beliefs[0] > beliefs[1]


@pytest.mark.parametrize(
    ("bar", "verdict"), [(0, Verdict.ACCEPTED), (900, Verdict.ACCEPTED), (995, Verdict.PROPOSED)]
)
def test_what_two_confirm_waits_where_measurement_asks_for_more_belief(
    world: World, bar: int, verdict: Verdict
) -> None:
    """B2 (0.88), twice confirmed by members of whom nothing is known: 0.99."""
    seqs = world.say("bank", SAID, grade="B2")
    for who in ("police", "vendor"):
        vote(world.open(who), world.ids(who, seqs), Vote.CONFIRM, "seen")
    put(world, "bank", CALIBRATION, **told() | {"bar": bar, "usual": [800, 800]})
    found = stand(world, seqs, "vendor")[seqs[0]]
    assert (found.verdict, found.confirmations, round(found.belief, 3)) == (verdict, 2, 0.992)


def test_the_rule_in_force_names_the_belief_that_measurement_asks_for(world: World) -> None:
    put(world, "bank", CALIBRATION, **told() | {"bar": 950})
    reader = world.open("vendor").reader
    with reader.connect() as connection:
        name, rule = policy_now(reader, connection)
        assert chosen_policy(reader, connection) == (name, DEFAULT)
    assert str(rule) == f"({DEFAULT} and belief at least 0.95)"


def test_where_measurement_asks_for_nothing_the_rule_is_the_chosen_one(world: World) -> None:
    reader = world.open("vendor").reader
    with reader.connect() as connection:
        assert policy_now(reader, connection) == chosen_policy(reader, connection)


def test_who_has_no_record_weighs_what_is_usual_in_the_coalition(world: World) -> None:
    seqs = world.say("vendor", SAID, grade="C3")
    vote(world.open("police"), world.ids("police", seqs), Vote.CONFIRM, "seen")
    beliefs = []
    for usual in ([950, 950], [800, 800], [600, 600]):
        put(world, "bank", CALIBRATION, **told(["bank", 1, 1, 1, 1]) | {"usual": usual})
        beliefs.append(stand(world, seqs, "vendor")[seqs[0]].belief)
    assert beliefs == sorted(beliefs, reverse=True)
    assert len(set(beliefs)) == 3


@pytest.mark.parametrize("usual", [[1000, 1000], [0, 0], [5000, -1]], ids=str)
def test_nobody_is_usually_right_or_wrong_for_certain(world: World, usual: list[int]) -> None:
    """Rounded to thousandths a large coalition may be; its word would be without measure."""
    seqs = world.say("vendor", SAID, grade="C3")
    vote(world.open("police"), world.ids("police", seqs), Vote.CONFIRM, "seen")
    put(world, "bank", CALIBRATION, **told(["bank", 1, 1, 1, 1]) | {"usual": usual})
    assert 0.0 < stand(world, seqs, "vendor")[seqs[0]].belief < 1.0


# --- withholding ---


def test_one_who_says_that_it_must_not_be_disclosed_is_heard_by_everybody(world: World) -> None:
    """Also by whoever is blind to the vote itself: what was disclosed cannot be taken back."""
    seqs = world.say("bank", SAID)
    vote(
        world.open("police"),
        world.ids("police", seqs),
        Vote.CONFIRM,
        "true",
        besides=Besides(disclose=Answer.NO),
    )
    assert stand(world, seqs)[seqs[0]].withheld
    assert stand(world, seqs, "vendor")[seqs[0]].withheld
    assert stand(world, seqs, "vendor")[seqs[0]].blind
    vote(
        world.open("police"),
        world.ids("police", seqs),
        Vote.CONFIRM,
        "agreed",
        besides=Besides(disclose=Answer.YES),
    )
    assert not stand(world, seqs)[seqs[0]].withheld


@pytest.mark.parametrize(
    ("who", "blind"),
    [("bank", False), ("police", False), ("vendor", True)],
    ids=["contributor", "voter", "neither"],
)
def test_only_who_neither_contributed_nor_voted_is_blind(world: World, who: str, *, blind: bool) -> None:
    seqs = world.say("bank", SAID)
    vote(world.open("police"), world.ids("police", seqs), Vote.UNSURE, "hm")
    assert stand(world, seqs, who)[seqs[0]].blind is blind


def test_what_is_accepted_is_open_to_whoever_did_not_vote(world: World) -> None:
    world.join("charity")
    seqs = world.say("bank", SAID, grade="A1")
    for who in ("police", "vendor"):
        vote(world.open(who), world.ids(who, seqs), Vote.CONFIRM, "seen")
    found = stand(world, seqs, "charity")[seqs[0]]
    assert (found.blind, found.confirmations) == (False, 2)


@pytest.mark.parametrize(
    ("origin", "shown"),
    [
        pytest.param("bank", WITHHELD, id="its own"),
        pytest.param("BANK, Inc.", WITHHELD, id="its own name in full"),
        pytest.param("Phish List", "Phish List", id="another's"),
    ],
)
def test_a_veil_hides_the_contributor_and_no_publisher(world: World, origin: str, shown: str) -> None:
    [claim] = stored(world.open("vendor"), world.say("bank", SAID, origin=origin))
    hidden = veiled(claim, Standing(belief=0.5, verdict=Verdict.PROPOSED, blind=True))
    assert (hidden.contributor, hidden.claim.provenance.origin) == ("", shown)
    assert (hidden.id, hidden.claim.subject, hidden.claim.place) == (claim.id, SITE, "line 1")
    assert veiled(claim, Standing(belief=0.5, verdict=Verdict.PROPOSED)) is claim


def test_assessments_alone_are_no_facts_under_the_corroborated_policy(world: World) -> None:

    link = (("evil.com", "indicates", "group:bad gang"),)
    note(world.open("bank"), Draft(text="we think so", links=link, assessment=True))
    evidence = show(world.open("bank"), "evil.com").evidence
    [claim] = [one.stored for one in evidence if one.stored.claim.property == "indicates"]
    assert claim.claim.nature is Nature.ASSESSMENT
    for who in ("police", "vendor"):
        vote(world.open(who), [claim.id], Vote.CONFIRM, "we think so too")
    put(world, "bank", POLICY, name="corroborated")
    assert stand(world, [claim.seq])[claim.seq].verdict is Verdict.PROPOSED


# --- sight ---


def test_each_viewer_has_the_standing_of_what_they_see(world: World) -> None:
    [open_] = world.say("bank", SAID, grade="C3")
    world.say("vendor", SAID, grade="A1", origin="informant", path="h", marking=Marking(tlp=Tlp.AMBER))
    beliefs = {}
    for who in ("police", "vendor"):
        atlas = world.open(who)
        reader = atlas.reader
        with reader.connect() as connection:
            beliefs[who] = of_claims(reader, connection, stored(atlas, [open_]))[open_].belief
    assert beliefs["vendor"] > beliefs["police"]


def test_a_vote_on_a_hidden_claim_of_the_statement_moves_nothing_for_others(world: World) -> None:
    [open_] = world.say("bank", SAID)
    closed = Marking(tlp=Tlp.RED, audience=frozenset({"bank", "vendor"}))
    hidden = world.ids("bank", world.say("bank", SAID, path="h", marking=closed))
    before = stand(world, [open_], "police")
    vote(world.open("vendor"), hidden, Vote.DISPUTE, "no")
    assert stand(world, [open_], "police") == before
    with pytest.raises(NotFoundError):
        vote(world.open("police"), hidden, Vote.CONFIRM, "yes")


def test_a_members_own_sector_or_country_moves_no_verdict_under_the_default(world: World) -> None:
    seqs = world.say("bank", SAID, grade="A1")
    for who in ("police", "vendor"):
        vote(world.open(who), world.ids(who, seqs), Vote.CONFIRM, "seen")
    before = stand(world, seqs)

    update(world.open("police"), "police", lambda known: replace(known, country="TH"))
    assert stand(world, seqs) == before


def held_back(atlas: Atlas) -> tuple[StoredClaim, ...]:
    reader = atlas.reader
    with reader.connect() as connection:
        return restrained(reader, connection)


def test_what_must_not_be_disclosed_is_read_once_until_somebody_says_otherwise(world: World) -> None:
    """A package asks for it several times, of everything that was ever voted on."""
    seqs = world.say("bank", SAID, (OTHER, "uses", GANG))
    ids = world.ids("bank", seqs)
    police, vendor = world.open("police"), world.open("vendor")
    assert held_back(police) == ()
    vote(police, ids[:1], Vote.UNSURE, "a victim", besides=Besides(disclose=Answer.NO))
    first = held_back(police)
    assert [one.id for one in first] == ids[:1]
    assert held_back(police) is first, "asked again it is not read again"
    assert [one.id for one in held_back(vendor)] == ids[:1], "though it is still to vote"
    vote(police, ids, Vote.UNSURE, "the family asked", besides=Besides(disclose=Answer.NO))
    assert [one.id for one in held_back(police)] == ids
    vote(police, ids, Vote.UNSURE, "they agreed", besides=Besides(disclose=Answer.YES))
    assert held_back(police) == held_back(vendor) == ()


def test_what_is_closed_to_a_member_is_not_told_by_what_is_held_back(world: World) -> None:
    """What one viewer was told is nobody else's, however soon they ask."""
    closed = Marking(tlp=Tlp.RED, audience=frozenset({"police"}))
    ids = world.ids("police", world.say("bank", SAID, marking=closed))
    vote(world.open("police"), ids, Vote.UNSURE, "a victim", besides=Besides(disclose=Answer.NO))
    assert [one.id for one in held_back(world.open("police"))] == ids
    assert held_back(world.open("vendor")) == ()
