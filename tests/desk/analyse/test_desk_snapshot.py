"""The viewer's snapshot: grown or read anew it is the same, and nothing hidden leaves a mark on it."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
import pytest
from desk_world import RED, World, entity
from hypothesis import given, settings
from hypothesis import strategies as st
from snapshot_world import THINGS, histories, perform, plain, seen, upheavals
from sqlalchemy import event

from chokepoint.desk.analyse import load_snapshot, view
from chokepoint.desk.analyse.numbering import alphabetical
from chokepoint.desk.analyse.rows import Numbering, in_order_of_sight
from chokepoint.desk.analyse.shelf import KEPT, TURNS, Shelf, Stamp
from chokepoint.desk.connect import connect
from chokepoint.desk.keeping import erase as erasing
from chokepoint.desk.vetting.review import Besides, recall, vote
from chokepoint.desk.work.case import Case, open_case
from chokepoint.graph.columns import UNKNOWN
from chokepoint.model.claim import between, on_day
from chokepoint.model.judgement import Verdict, Vote
from chokepoint.model.marking import Marking, Tlp
from chokepoint.vet.policy import VERDICTS

if TYPE_CHECKING:
    from collections.abc import Callable

SITE, GANG = THINGS[0], THINGS[3]


def anew(world: World, who: str) -> dict[str, Any]:
    """The snapshot read without any cache."""
    shutil.rmtree(world.folder / "cache", ignore_errors=True)
    return seen(world, who)


@settings(max_examples=10)
@given(upheavals)
def test_a_snapshot_that_grew_is_the_one_read_anew(made: Callable[[str], World], history: list[Any]) -> None:
    world = made("grown")
    for number, action in enumerate(history):
        perform(world, action, number)
        seen(world, ("bank", "vendor")[number % 2])
    grown = {who: seen(world, who) for who in ("bank", "vendor")}
    assert {who: anew(world, who) for who in ("bank", "vendor")} == grown


@settings(max_examples=10)
@given(histories, st.randoms(use_true_random=False))
def test_hidden_records_leave_no_mark_wherever_they_stand(
    made: Callable[[str], World], history: list[Any], random: Any
) -> None:
    """The open half of a history alone, and the same with hidden records before, between and after."""
    clean, mixed = made("clean"), made("mixed")
    hidden = [(*one[:5], RED, *one[6:]) for one in history if one[0] == "say"]
    opened = [one for one in history if one[0] == "say" and one[5].tlp is Tlp.CLEAR]
    for number, action in enumerate(opened):
        perform(clean, action, number)
    order = [(one, True) for one in opened]
    for one in hidden:
        order.insert(random.randint(0, len(order)), (one, False))
    numbers = iter(range(len(opened)))
    for at, (action, is_open) in enumerate(order):
        who = ("say", action[1] if is_open else "bank", *action[2:])
        perform(mixed, who, next(numbers) if is_open else 1_000 + at)
        seen(mixed, "vendor")
    assert seen(mixed, "vendor") == seen(clean, "vendor")
    assert anew(mixed, "vendor") == anew(clean, "vendor")


def test_hidden_kinds_properties_and_origins_are_not_named(made: Callable[[str], World]) -> None:
    clean, mixed = made("clean"), made("mixed")
    mixed.say(
        "bank",
        (entity("payment-card:tok-1"), "controlled-by", entity("person:x")),
        marking=RED,
        origin="informant",
    )
    for world in (clean, mixed):
        world.say("police", (SITE, "indicates", GANG), origin="vendor lab")
    shown = load_snapshot(mixed.open("vendor")).snapshot
    assert shown.origin_names == ("vendor lab",)
    assert seen(mixed, "vendor") == seen(clean, "vendor")


def count_reads(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """How often the claims were read anew, grown, and made into a snapshot."""
    counts = dict.fromkeys(("read_material", "grow", "build"), 0)
    for name in counts:
        real = getattr(view, name)

        def counted(*given: Any, real: Any = real, name: str = name, **more: Any) -> Any:
            counts[name] += 1
            return real(*given, **more)

        monkeypatch.setattr(view, name, counted)
    return counts


def test_nothing_is_read_where_nothing_changed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.say("bank", (SITE, "indicates", GANG))
    first = seen(world, "police")
    counts = count_reads(monkeypatch)
    open_case(world.open("police"), Case(id="", title="t", purpose="p", owner="o", review_date="2027-01-01"))
    assert seen(world, "police") == first
    assert counts == {"read_material": 0, "grow": 0, "build": 0}


def test_a_vote_and_a_new_claim_cost_no_reading_of_what_is_known(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    seqs = world.say("bank", (SITE, "indicates", GANG))
    seen(world, "police")
    counts = count_reads(monkeypatch)
    vote(world.open("police"), world.ids("police", seqs), Vote.CONFIRM, "seen")
    before = load_snapshot(world.open("police")).snapshot.belief[0]
    vote(world.open("vendor"), world.ids("vendor", seqs), Vote.CONFIRM, "seen")
    assert load_snapshot(world.open("police")).snapshot.belief[0] > before
    world.say("bank", (THINGS[1], "indicates", GANG), path="more")
    assert load_snapshot(world.open("police")).snapshot.size == 3
    assert counts == {"read_material": 0, "grow": 3, "build": 0}


def test_what_speaks_against_a_claim_moves_its_verdict_without_a_building(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Votes of before are to be cast anew, though neither claim nor vote of that statement came."""
    seqs = world.say("bank", (SITE, "indicates", GANG))
    for who in ("police", "vendor"):
        vote(world.open(who), world.ids(who, seqs), Vote.CONFIRM, "seen")
    assert seen(world, "police")["verdict"] == [VERDICTS.index(Verdict.ACCEPTED)]
    counts = count_reads(monkeypatch)
    world.say("vendor", (SITE, "legitimate", "yes"), path="more")
    grown = seen(world, "police")
    assert grown["verdict"] == [VERDICTS.index(Verdict.DISPUTED)]
    assert counts == {"read_material": 0, "grow": 1, "build": 0}
    assert anew(world, "police") == grown


def test_what_its_contributor_withdraws_speaks_against_nothing_on_a_map_that_knew_it(world: World) -> None:
    seqs = world.say("bank", (SITE, "indicates", GANG))
    for who in ("police", "vendor"):
        vote(world.open(who), world.ids(who, seqs), Vote.CONFIRM, "seen")
    against = world.ids("vendor", world.say("vendor", (SITE, "legitimate", "yes"), path="more"))
    assert VERDICTS.index(Verdict.DISPUTED) in seen(world, "police")["verdict"]
    recall(world.open("vendor"), against, "another site was meant")
    grown = seen(world, "police")
    assert grown["verdict"] == [VERDICTS.index(Verdict.ACCEPTED)]
    assert anew(world, "police") == grown


def test_a_note_without_a_link_leaves_the_arrays_on_the_shelf_as_they_are(world: World) -> None:
    world.say("bank", (SITE, "indicates", GANG))
    seen(world, "police")
    [before] = (world.folder / "cache").glob("snapshot-*")
    files = {one.name: one.stat().st_ino for one in (before / "snapshot").iterdir()}
    world.say("bank", (GANG, "description", "they call at night"), path="more")
    seen(world, "police")
    [after] = (world.folder / "cache").glob("snapshot-*")
    assert after != before
    same = {one.name: one.stat().st_ino for one in (after / "snapshot").iterdir()}
    assert {name for name in files if files[name] != same[name]} == {"texts.npy"}


def test_on_another_day_all_is_judged_anew(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """What holds until a day, holds no more on it, though nothing came."""
    seqs = world.say("bank", (SITE, "indicates", GANG))
    for who in ("police", "vendor"):
        besides = Besides(until="2026-02-05")
        vote(world.open(who), world.ids(who, seqs), Vote.CONFIRM, "seen", besides=besides)
    assert seen(world, "police")["verdict"] == [VERDICTS.index(Verdict.ACCEPTED)]
    world.clock = "2026-02-06T00:00:00.000Z"
    counts = count_reads(monkeypatch)
    assert seen(world, "police")["verdict"] != [VERDICTS.index(Verdict.ACCEPTED)]
    assert counts["build"] == 1


def test_what_is_put_on_a_list_is_known_as_shared_at_once(world: World) -> None:
    address, other = entity("ipv4-addr:9.9.9.1"), entity("ipv4-addr:9.9.9.7")
    world.say("bank", (SITE, "resolves-to", address), (THINGS[1], "resolves-to", other))
    assert not load_snapshot(world.open("police")).snapshot.flags.any()
    world.say("vendor", (entity("ipv4-addr:9.9.9.0/29"), "listed-on", entity("known-list:parking domains")))
    shown = load_snapshot(world.open("police"))
    flagged = [shown.entities([node])[node] for node in np.flatnonzero(shown.snapshot.flags)]
    assert flagged == [address, other]


def test_a_thing_that_comes_after_its_list_is_known_as_shared(world: World) -> None:
    world.say("vendor", (entity("ipv4-addr:9.9.9.0/29"), "listed-on", entity("known-list:parking domains")))
    world.say("bank", (SITE, "indicates", GANG))
    seen(world, "police")
    world.say("bank", (SITE, "resolves-to", entity("ipv4-addr:9.9.9.1")), path="later")
    shown = load_snapshot(world.open("police"))
    flagged = [shown.entities([node])[node] for node in np.flatnonzero(shown.snapshot.flags)]
    assert flagged == [entity("ipv4-addr:9.9.9.1")]


def test_a_wallet_that_an_exchange_is_found_to_hold_is_shared_from_then_on(world: World) -> None:
    wallet = entity("crypto-address:19CbDoaZDLTzkkT1uQrMPM42AUvfQN4Kds")
    world.say("bank", (SITE, "requests-payment-to", wallet))
    assert not load_snapshot(world.open("police")).snapshot.flags.any()
    world.say("vendor", (wallet, "controlled-by", entity("organisation:exchange")))
    shown = load_snapshot(world.open("police"))
    assert [str(shown.entities([n])[n]) for n in np.flatnonzero(shown.snapshot.flags)] == [str(wallet)]


def test_periods_found_later_split_the_identifier_at_once(world: World) -> None:
    shop = entity("organisation:shop")
    world.say("bank", (shop, "website", SITE), observed=between(None, on_day_of("2020-01-01")), path="1")
    world.say("vendor", (SITE, "indicates", entity("campaign:lapsed domains")), observed=on_day("2024-05-01"))
    assert not len(load_snapshot(world.open("police")).snapshot.period_node)
    done = connect(world.open("police"))
    assert len(load_snapshot(world.open("police")).snapshot.period_node) == 2 * done.split


def on_day_of(iso: str) -> Any:
    from datetime import date  # noqa: PLC0415 - one use

    return date.fromisoformat(iso)


def test_a_marking_new_to_the_viewer_is_grown_into_the_map(world: World) -> None:
    """The first claim under a marking of its own changes the set of what is visible, and nothing older."""
    world.say("bank", (SITE, "indicates", GANG))
    seen(world, "police")
    shared = Marking(tlp=Tlp.AMBER, audience=frozenset({"police"}))
    world.say("vendor", (THINGS[1], "indicates", GANG), marking=shared)
    assert load_snapshot(world.open("police")).snapshot.size == 3
    assert seen(world, "police") == anew(world, "police")
    assert load_snapshot(world.open("bank")).snapshot.size == 2


def stamp(**changed: Any) -> Stamp:
    return Stamp(**({"markings": (1, 2), "newest": 4, "position": (9, 3), "until": 10} | changed))


@pytest.mark.parametrize(("later", "fits"), [
    ({"until": 12, "position": (11, 3)}, True),
    ({"until": 12, "markings": (1, 2, 5)}, True),
    ({"until": 9}, False),
    ({"until": 12, "markings": (1, 2, 3)}, False),
    ({"until": 12, "markings": (1,)}, False),
    ({"until": 12, "markings": (1, 3)}, False),
    ({"until": 12, "form": "another"}, False),
    ({"until": 12, "position": (11, 12)}, False),
    ({"until": 12, "position": (11, 3), "erased": 1}, False),
], ids=["more", "a new marking", "less", "an old one let in", "one shut out", "exchanged", "code", "re-marked", "erased"])  # fmt: skip
def test_a_snapshot_is_grown_only_from_what_lacks_nothing_older(later: dict[str, Any], fits: bool) -> None:
    assert stamp(**later).extends(stamp()) is fits


@pytest.mark.parametrize("broken", ["subject", "texts", "pointer"])
@pytest.mark.parametrize("how", ["cut", "gone"])
def test_a_broken_cache_is_built_anew(world: World, broken: str, how: str) -> None:
    world.say("bank", (SITE, "indicates", GANG), (SITE, "contact", entity("email-addr:x@b.com")))
    first = seen(world, "police")
    [folder] = (world.folder / "cache").glob("snapshot-*")
    file = folder / "snapshot" / f"{broken}.npy"
    file.unlink()
    if how == "cut":
        file.write_bytes(b"cut")
    assert seen(world, "police") == first
    assert seen(world, "police") == first


@pytest.mark.parametrize("broken", ["link-seq.npy", "lists.npy"])
def test_broken_material_is_read_anew(world: World, broken: str) -> None:
    world.say("bank", (SITE, "indicates", GANG))
    seen(world, "police")
    [folder] = (world.folder / "cache").glob("snapshot-*")
    (folder / "material" / broken).unlink()
    world.say("bank", (THINGS[1], "indicates", GANG), path="more")
    assert load_snapshot(world.open("police")).snapshot.size == 3


def test_a_stamp_that_nobody_can_read_is_passed_over(world: World) -> None:
    world.say("bank", (SITE, "indicates", GANG))
    first = seen(world, "police")
    [folder] = (world.folder / "cache").glob("snapshot-*")
    (folder / "stamp.json").write_text("{")
    assert Shelf(folder=world.folder / "cache").find(stamp()) is None
    assert seen(world, "police") == first


def test_the_shelf_keeps_the_newest_few_and_no_half_written_ones(world: World) -> None:
    cache = world.folder / "cache"
    cache.mkdir(exist_ok=True)
    (cache / "new-left").mkdir()
    import os  # noqa: PLC0415 - one use

    os.utime(cache / "new-left", (0, 0))
    world.say("bank", (SITE, "indicates", GANG))
    for number in range(KEPT + 3):
        world.join(f"member{number}")
    for number in range(KEPT + 3):
        seen(world, f"member{number}")
    assert len(list(cache.glob("snapshot-*"))) == KEPT
    assert not list(cache.glob("new-*"))


def test_the_shelf_keeps_one_map_a_viewer_the_newest_and_takes_nobody_elses_place(world: World) -> None:
    cache = world.folder / "cache"
    seen(world, "police")
    others = set(cache.glob("snapshot-*"))
    for number in range(KEPT + 1):
        world.say("bank", (entity(f"domain-name:n{number}.cc"), "indicates", GANG), path=str(number))
        seen(world, "bank")
    assert len(list(cache.glob("snapshot-*"))) == 2
    assert others < set(cache.glob("snapshot-*"))


def test_a_cache_that_cannot_be_written_costs_only_time(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "no space left on device")

    world.say("bank", (SITE, "indicates", GANG))
    monkeypatch.setattr(np, "save", full)
    assert load_snapshot(world.open("police")).snapshot.size == 2
    assert [one.suffix for one in (world.folder / "cache").iterdir()] == [".lock"]


def test_whoever_made_a_map_looks_at_the_file_of_it_as_everybody_else(world: World) -> None:
    """A map in memory of their own for each answer that is kept took a gigabyte."""
    world.say("bank", (SITE, "indicates", GANG))
    assert isinstance(load_snapshot(world.open("police")).snapshot.eid.base, np.memmap)
    world.say("bank", (THINGS[1], "indicates", GANG), path="more")
    assert isinstance(load_snapshot(world.open("police")).snapshot.eid.base, np.memmap)


def test_a_map_that_is_there_is_found_in_one_reading(world: World) -> None:
    """Each look at each page begins with it."""
    world.say("bank", (SITE, "indicates", GANG))
    police, begun = world.open("police"), list[object]()
    load_snapshot(police)
    noted = begun.append
    event.listen(police.engine, "begin", noted)
    try:
        load_snapshot(police)
    finally:
        event.remove(police.engine, "begin", noted)
    assert len(begun) == 1


def test_where_no_lock_can_be_had_the_map_is_made_all_the_same(world: World) -> None:
    for number in range(TURNS):
        (world.folder / "cache" / f"making-{number}.lock").mkdir(parents=True)
    world.say("bank", (SITE, "indicates", GANG))
    assert load_snapshot(world.open("police")).snapshot.size == 2


def test_who_waited_for_another_takes_what_the_other_made(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two ask at once for a map that is on no shelf: it is reckoned once."""
    world.say("bank", (SITE, "indicates", GANG))
    made, begun, held = [], Event(), Event()
    build = view._built

    def slow(*given: Any) -> Any:
        made.append(1)
        begun.set()
        assert held.wait(30)
        return build(*given)

    monkeypatch.setattr(view, "_built", slow)
    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(load_snapshot, world.open("police"))
        assert begun.wait(30)
        second = threads.submit(load_snapshot, world.open("police"))
        held.set()
        assert first.result(30).name == second.result(30).name
    assert made == [1]


def test_a_map_that_is_being_made_while_a_person_is_erased_is_not_kept(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was read before they were erased, and would else be put on the shelf when that had been cleared."""
    ann = entity("person:ann")
    world.say("bank", (ann, "attributed-to", GANG))
    put, cleared, keeper = Shelf.put, Event(), world.open("bank")
    begun: list[Any] = []
    monkeypatch.setattr(erasing, "forget_accounts", lambda _: cleared.set())
    with ThreadPoolExecutor(1) as threads:

        def late(*given: Any) -> Any:
            begun.append(threads.submit(erasing.erase, keeper, ann, reason="asked", basis="law"))
            assert not cleared.wait(0.05), "the shelf was cleared before this"
            return put(*given)

        monkeypatch.setattr(Shelf, "put", late)
        load_snapshot(world.open("police"))
        assert begun[0].result(30).records == 1
    assert not [one for one in (world.folder / "cache").iterdir() if one.is_dir()]


@pytest.mark.parametrize(
    ("about", "same"),
    [
        ({"until": 900, "position": (900, 0, 1, 20_000)}, True),
        ({"position": (5, 0, 1, 20_001)}, True),
        ({"position": (5, 0, 2, 20_000)}, False),
        ({"markings": (1,)}, False),
    ],
    ids=["of more", "of another day", "of another organisation", "of other eyes"],
)
def test_makers_for_the_same_eyes_alone_wait_for_each_other(about: dict[str, Any], *, same: bool) -> None:
    one = stamp(position=(5, 0, 1, 20_000))
    assert (msgspec.structs.replace(one, **about).turn == one.turn) is same


def test_a_map_without_a_claim_is_a_map(world: World) -> None:
    assert seen(world, "bank")["nodes"] == []
    assert seen(world, "bank")["nodes"] == []


def test_days_before_1970_and_open_intervals_come_through(world: World) -> None:
    world.say("bank", (SITE, "indicates", GANG), observed=on_day("1969-12-30"), path="1")
    world.say("bank", (SITE, "contact", THINGS[6]), observed=between(None, on_day_of("1970-01-01")), path="2")
    shown = load_snapshot(world.open("bank")).snapshot
    assert sorted(shown.first.tolist()) == [UNKNOWN, -2]
    assert sorted(shown.last.tolist()) == [-1, 1]


@given(st.lists(st.integers(0, 12), max_size=40))
def test_numbers_are_placed_as_they_first_come_up(numbers: list[int]) -> None:
    order, place = in_order_of_sight(np.array(numbers, np.int64))
    assert order.tolist() == list(dict.fromkeys(numbers))
    assert [int(place[number]) for number in order.tolist()] == list(range(len(order)))
    assert all(place[number] == -1 for number in range(len(place)) if number not in numbers)


@given(st.sets(st.sampled_from("abcdef")), st.sets(st.sampled_from("cdefgh")))
def test_only_the_vocabulary_and_what_is_in_use_is_named(used: set[str], words: set[str]) -> None:
    names = dict(enumerate("hgfedcba"))
    numbers = np.array([number for number, name in names.items() if name in used], np.int64)
    ordered, place = alphabetical(names, numbers, words)
    assert ordered == tuple(sorted(used | words))
    assert {names[int(number)] for number in numbers} == {ordered[place[number]] for number in numbers}


def test_what_only_a_judgement_names_comes_after_all_that_links_name() -> None:
    class Ends:
        subject, object = np.array([7, 3]), np.array([3, 9])
        left, right = np.array([2, 7]), np.array([9, 4])

    own = Numbering(Ends, Ends)  # type: ignore[arg-type]
    assert own.eids.tolist() == [7, 3, 9]
    assert own.of(np.array([7, 3, 9, 2, 4, 5, 77])).tolist() == [0, 1, 2, 3, 4, -1, -1]


def test_the_plain_form_is_the_whole_snapshot(world: World) -> None:
    """Else the comparisons above would prove little."""
    world.say("bank", (SITE, "indicates", GANG))
    shown = load_snapshot(world.open("bank"))
    told = plain(shown)
    left_out = set(shown.snapshot.to_arrays()) - set(told)
    assert left_out == {"eid", "by_eid", "claim_seq"}
    assert told["nodes"] == [str(SITE), str(GANG)]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_of_maps_as_near_as_each_other_the_same_eyes_come_first(order: tuple[int, ...]) -> None:
    """Which the file system lists first decides nothing."""
    wanted = stamp(position=(12, 3, 7, 100), until=20)
    kept = [stamp(position=(9, 3, who, 100), until=10) for who in (5, 6, 7)]
    assert max((kept[at] for at in order), key=lambda one: one.nearness(wanted)).looks == (7,)


def test_a_map_of_more_comes_before_one_of_the_same_eyes() -> None:
    wanted = stamp(position=(12, 3, 7, 100), until=20)
    mine, newer = stamp(position=(9, 3, 7, 100), until=10), stamp(position=(9, 3, 5, 100), until=11)
    assert newer.nearness(wanted) > mine.nearness(wanted)
