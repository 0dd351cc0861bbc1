"""`review draw`: who is told what, what jurors see before they vote, and that a draw can be checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from desk_world import World, entity

from chokepoint.desk.looking.look import show
from chokepoint.desk.people.staff import depart
from chokepoint.desk.vetting import draw as draw_room
from chokepoint.desk.vetting.draw import DRAW, JURORS, check, draw, drawn_at
from chokepoint.desk.vetting.queue import queue
from chokepoint.desk.vetting.review import vote, votes_on
from chokepoint.model.errors import LedgerError, RefusedError
from chokepoint.model.judgement import Verdict, Vote
from chokepoint.model.marking import Marking, Tlp
from chokepoint.store.base import RecordRow
from chokepoint.store.canonical import canonical
from chokepoint.store.checkpoints import size_of
from chokepoint.store.records import read_records
from chokepoint.store.tree import Log
from chokepoint.vet.draw import chosen, jury, seed_of

if TYPE_CHECKING:
    from collections.abc import Callable

GANG = entity("malware:gang")
ALL = ("bank", "police", "vendor", "ngo", "exchange", "telecom")
COUNT = 24


@pytest.fixture(scope="module")
def audited(worlds: Callable[[], World]) -> World:
    """Claims of the bank that police and vendor have accepted, all of them drawn."""
    world = worlds()
    for name in ALL[3:]:
        world.join(name)
    ids = world.ids("bank", world.say("bank", *sentences("n"), grade="A1"))
    for name in ("police", "vendor"):
        vote(world.open(name), ids, Vote.CONFIRM, "seen")
    draw(world.open("bank"), share=1.0)
    return world


def sentences(letter: str) -> list[tuple[object, ...]]:
    return [(entity(f"domain-name:{letter}{number}.com"), "indicates", GANG) for number in range(COUNT)]


def drawn(world: World, who: str) -> list[int]:
    reader = world.open(who).reader
    with reader.connect() as connection:
        return drawn_at(reader, connection).tolist()


def test_each_claim_has_its_jury_and_the_contributor_no_seat_that_counts(audited: World) -> None:
    seats = [seq for who in ALL[1:] for seq in drawn(audited, who)]
    assert len(set(seats)) == COUNT
    for seq in set(seats):
        assert JURORS <= seats.count(seq) <= JURORS + 1


def test_a_drawn_claim_is_open_and_blind_to_its_juror_though_it_is_accepted(audited: World) -> None:
    """Of a juror who is not drawn for each of them: who that is, the tree's head decides."""
    juror, mine = min(((who, set(drawn(audited, who))) for who in ALL[3:]), key=lambda one: len(one[1]))
    atlas = audited.open(juror)
    seen = {one.stored.seq: one for n in range(COUNT) for one in show(atlas, f"n{n}.com").evidence}
    assert 0 < len(mine) < COUNT
    for seq, one in seen.items():
        assert one.standing.blind is (seq in mine)
        assert one.standing.verdict is (Verdict.PROPOSED if seq in mine else Verdict.ACCEPTED)
        assert bool(votes_on(atlas, [one.stored.id])) is (seq not in mine)


def test_drawn_claims_wait_in_the_jurors_list_and_look_like_any_other(audited: World) -> None:
    fresh = audited.say("bank", *sentences("later"), path="later")
    waiting = queue(audited.open("exchange"), limit=100)
    assert set(drawn(audited, "exchange")) <= {one.seq for one in waiting}
    assert set(fresh) <= {one.seq for one in waiting}
    alike = {*fresh, *drawn(audited, "exchange")}
    assert {one.contributor for one in waiting if one.seq in alike} == {""}


def test_ones_own_vote_ends_it(audited: World) -> None:
    atlas = audited.open("telecom")
    seq = drawn(audited, "telecom")[0]
    with atlas.reader.connect() as connection:
        [claim] = atlas.reader.claims(connection, [seq])
    vote(atlas, [claim.id], Vote.UNSURE, "cannot tell")
    [one] = [one for one in show(atlas, claim.claim.subject.value).evidence if one.stored.seq == seq]
    assert (one.standing.blind, one.standing.verdict) == (False, Verdict.ACCEPTED)
    assert seq not in {waiting.seq for waiting in queue(atlas, limit=100)}


def test_nobody_is_told_of_anothers_seat(audited: World) -> None:
    for who in ALL[1:]:
        reader = audited.open(who).reader
        with reader.connect() as connection:
            assert len(list(reader.records(connection, DRAW))) <= 1


@pytest.mark.parametrize("who", ALL)
def test_whoever_was_told_of_a_draw_can_check_it(audited: World, who: str) -> None:
    assert check(audited.open(who)) == (COUNT if who == "bank" else len(drawn(audited, who)))


# --- a draw of one's own ---


@pytest.fixture
def told(world: World) -> World:
    world.say("bank", *sentences("n"))
    return world


def test_only_the_founder_draws(told: World) -> None:
    with pytest.raises(RefusedError, match="founder"):
        draw(told.open("police"))


@pytest.mark.parametrize("share", [0.0, -0.1, 1.01])
def test_a_share_that_is_none_is_refused(told: World, share: float) -> None:
    with pytest.raises(RefusedError, match="share"):
        draw(told.open("bank"), share=share)


def test_every_claim_is_drawn_for_once(told: World) -> None:
    first = draw(told.open("bank"), share=1.0)
    assert (first.claims, first.of) == (COUNT, COUNT)
    assert draw(told.open("bank"), share=1.0).of == 0
    told.say("bank", (entity("domain-name:new.com"), "indicates", GANG), path="new")
    assert draw(told.open("bank"), share=1.0).of == 1


def test_the_seed_is_the_head_of_everything_recorded_before(told: World) -> None:
    atlas = told.open("bank")
    with atlas.reader.connect() as connection:
        size = size_of(connection)
        seed = seed_of(Log(connection, size).root(), size)
        ids = [one.id for one in atlas.reader.claims(connection, atlas.reader.links(connection).seq.tolist())]
    made = draw(atlas, share=0.4)
    assert (made.size, made.claims) == (size, sum(chosen(seed, name, 0.4) for name in ids))


def least_share(seed: bytes, name: str) -> float:
    """The smallest share that chooses a claim; half of them are larger than their first six digits."""
    without, share = 0.0, 1.0
    while without < (middle := (without + share) / 2) < share:
        without, share = (without, middle) if chosen(seed, name, middle) else (middle, share)
    return share


def test_a_share_is_told_as_it_was_drawn_so_that_no_check_cries_fraud(told: World) -> None:
    atlas = told.open("bank")
    with atlas.reader.connect() as connection:
        size = size_of(connection)
        seed = seed_of(Log(connection, size).root(), size)
        ids = [one.id for one in atlas.reader.claims(connection, atlas.reader.links(connection).seq.tolist())]
    least = {name: least_share(seed, name) for name in ids}
    share = next(part for name, part in least.items() if not chosen(seed, name, float(f"{part:g}")))
    made = draw(atlas, share=share)
    assert check(atlas) == made.claims > 0


def test_a_juror_is_told_of_no_claim_that_it_may_not_see(world: World) -> None:
    closed = Marking(tlp=Tlp.RED, audience=frozenset({"bank", "police"}))
    seqs = world.say("bank", *sentences("n"), marking=closed)
    draw(world.open("bank"), share=1.0)
    assert set(drawn(world, "police")) == set(seqs)
    reader = world.open("vendor").reader
    with reader.connect() as connection:
        assert list(reader.records(connection, DRAW)) == []


def test_who_has_left_is_no_juror(world: World) -> None:
    world.join("ngo")
    world.say("bank", *sentences("n"))
    depart(world.open("bank"), "vendor", "put out")
    draw(world.open("bank"), share=1.0)
    assert [len(drawn(world, who)) for who in ("police", "vendor", "ngo")] == [COUNT, 0, COUNT]
    reader = world.open("bank").reader
    with reader.connect() as connection:
        told = [record.said for record in read_records(reader, connection, DRAW)]
    assert {member for said in told for member in said["members"]} == {"bank", "police", "ngo"}


def say(world: World, who: str, **said: object) -> None:
    atlas = world.open(who)
    row = RecordRow(DRAW, canonical(said), Marking(tlp=Tlp.RED, audience=frozenset({"bank", "police"})))
    atlas.ledger.append(atlas.speaker(), [row])


def forged(world: World, claims: list[str], root: bytes | None = None, share: str = "1") -> dict[str, object]:
    reader = world.open("bank").reader
    with reader.connect() as connection:
        size = size_of(connection)
        head = root or Log(connection, size).root()
    members = ["bank", "police", "vendor"]
    return {
        "members": members, "root": head.hex(), "share": share, "size": size, "claims": claims, "juror": "police"
    }  # fmt: skip


def test_a_root_that_the_log_never_had_is_found(told: World) -> None:
    say(told, "bank", **forged(told, ["0" * 64], root=b"x" * 32))
    with pytest.raises(LedgerError, match="never had"):
        check(told.open("police"))


def test_a_claim_put_in_by_hand_is_found(told: World) -> None:
    said = forged(told, [], share="0.01")
    seed = seed_of(bytes.fromhex(str(said["root"])), int(str(said["size"])))
    name = next(f"{n:064x}" for n in range(99) if not chosen(seed, f"{n:064x}", 0.01))
    say(told, "bank", **{**said, "claims": [name]})
    with pytest.raises(LedgerError, match="by hand"):
        check(told.open("police"))


def test_what_another_than_the_founder_calls_a_draw_blinds_nobody(told: World) -> None:
    reader = told.open("bank").reader
    with reader.connect() as connection:
        ids = [one.id for one in reader.claims(connection, reader.links(connection).seq.tolist())]
    say(told, "vendor", **forged(told, ids))
    assert drawn(told, "police") == []


def test_a_member_who_was_not_drawn_by_the_seed_is_blinded_by_nobody(told: World) -> None:
    """The founder cannot take a claim from one member's map by naming it as a juror."""
    reader = told.open("bank").reader
    with reader.connect() as connection:
        ids = [one.id for one in reader.claims(connection, reader.links(connection).seq.tolist())]
    said = forged(told, ids)
    crowd = ["bank", "police", *(f"ghost {number}" for number in range(40))]
    say(told, "bank", **{**said, "members": crowd})
    seed = seed_of(bytes.fromhex(str(said["root"])), int(str(said["size"])))
    seated = [name for name in ids if "police" in jury(seed, name, crowd, JURORS + 1)]
    assert len(drawn(told, "police")) == len(seated) < len(ids)


def test_of_two_draws_at_once_the_second_takes_what_the_first_left(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.say("bank", *sentences("o"), grade="A1")
    founder, asked, made = world.open("bank"), draw_room._jurors, []

    def meanwhile(*given: Any) -> Any:
        monkeypatch.setattr(draw_room, "_jurors", asked)
        made.append(draw(world.open("bank"), share=1.0))
        return asked(*given)

    monkeypatch.setattr(draw_room, "_jurors", meanwhile)
    late = draw(founder, share=1.0)
    assert (made[0].of, late.of) == (COUNT, 0)
    with founder.reader.connect() as connection:
        whole = [one.said for one in read_records(founder.reader, connection, DRAW)]
    told = [name for said in whole if said["juror"] == "bank" for name in said["claims"]]
    assert len(told) == len(set(told))


def test_a_draw_that_others_disturb_each_time_leaves_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.say("bank", *sentences("p"), grade="A1")
    founder, asked = world.open("bank"), draw_room._jurors
    row = {"claims": [], "juror": "bank", "members": ["bank"], "root": "00", "share": "1.0", "size": 0}

    def meanwhile(*given: Any) -> Any:
        atlas = world.open("bank")
        marking = Marking(tlp=Tlp.RED, audience=frozenset({"bank"}))
        atlas.ledger.append(atlas.speaker(), [RecordRow(DRAW, canonical(row), marking)])
        return asked(*given)

    monkeypatch.setattr(draw_room, "_jurors", meanwhile)
    with pytest.raises(RefusedError, match="all the time"):
        draw(founder, share=1.0)
    assert drawn(world, "police") == []
