"""Every look is logged before its answer is given, with its purpose, for the overseer and the looker alone."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from desk_world import RED, entity

from chokepoint.collect.base import Document
from chokepoint.desk.analyse import load_snapshot
from chokepoint.desk.analyse.choke import choke
from chokepoint.desk.identity import judgements
from chokepoint.desk.keeping.care import verify
from chokepoint.desk.looking.check import check
from chokepoint.desk.looking.look import search, show
from chokepoint.desk.looking.route import path
from chokepoint.desk.people.staff import appoint, depart
from chokepoint.desk.vetting.queue import queue
from chokepoint.desk.watch import access
from chokepoint.desk.watch.access import LONGEST, for_purpose, log, looks, may_watch, record_looks, saw, spool
from chokepoint.desk.watch.spool import Entry, Spool
from chokepoint.desk.work.case import Case, close_case, open_case
from chokepoint.model.errors import NotFoundError
from chokepoint.model.marking import CLEAR, Marking, Tlp
from chokepoint.model.role import Role
from chokepoint.store.people import ACCESS

if TYPE_CHECKING:
    from pathlib import Path

    from desk_world import World

EVIL = (entity("domain-name:evil.com"), "indicates", entity("malware:dridex"))
CASE = Case(id="", title="A", purpose="p", owner="bob", review_date="2027-01-01")


@pytest.fixture
def told(world: World) -> World:
    """A map with one link that all see, and an overseer at the vendor's."""
    world.say("bank", EVIL)
    appoint(world.open("bank"), "vendor/olga", Role.OVERSEER)
    return world


def seen(world: World, who: str) -> list[tuple[str, str, str]]:
    organisation, _, user = who.partition("/")
    return [(one.who, one.entry.verb, one.entry.asked) for one in log(world.open(organisation, user))]


def test_an_overseer_sees_who_looked_at_what(told: World):
    show(told.open("police", "bob"), "evil.com")
    [one] = log(told.open("vendor", "olga"))
    assert (one.who, one.entry.verb, one.entry.asked) == ("police/bob", "show", "evil.com")
    assert one.entry.entities == (("domain-name", "evil.com"),)
    assert one.entry.purpose == ""


def test_a_looker_sees_their_own_looks_and_nobody_elses(told: World):
    show(told.open("police", "bob"), "evil.com")
    show(told.open("police", "ann"), "dridex")
    show(told.open("vendor"), "evil.com")
    assert seen(told, "police/bob") == [("police/bob", "show", "evil.com")]
    assert seen(told, "police/ann") == [("police/ann", "show", "dridex")]
    assert seen(told, "vendor") == [("vendor", "show", "evil.com")]
    assert seen(told, "bank") == seen(told, "police") == []


def test_an_overseer_of_the_coalition_is_no_overseer_any_more_once_it_is_taken_back(told: World):
    show(told.open("police"), "evil.com")
    assert seen(told, "vendor/olga")
    appoint(told.open("bank"), "vendor/olga", Role.OVERSEER, held=False)
    assert seen(told, "vendor/olga") == []
    assert not may_watch(told.open("vendor", "olga"))


def test_looks_for_nothing_known_are_logged_too(told: World):
    """Fishing mostly finds nothing."""
    show(told.open("police"), "jane doe")
    assert [(one.entry.asked, one.entry.entities) for one in log(told.open("vendor", "olga"))] == [
        ("jane doe", ())
    ]


VERBS = {
    "show": lambda atlas: show(atlas, "evil.com"),
    "search": lambda atlas: search(atlas, "evil"),
    "path": lambda atlas: path(atlas, "evil.com", "dridex"),
    "identity": judgements,
    "review": queue,
    "choke": choke,
}


@pytest.mark.parametrize("verb", VERBS)
def test_each_view_leaves_one_line_with_its_verb(told: World, verb: str):
    VERBS[verb](told.open("police", "bob"))
    assert [one.entry.verb for one in log(told.open("vendor", "olga"))] == [verb]


def test_a_look_for_a_case_says_so(told: World):
    case = open_case(told.open("police", "bob"), CASE)
    atlas = for_purpose(replace(told.open("police", "bob"), purpose=case.id))
    show(atlas, "evil.com")
    assert [one.entry.purpose for one in log(told.open("vendor", "olga"), case=case.id)] == [case.id]
    assert log(told.open("vendor", "olga"), case="") == []


@pytest.mark.parametrize("name", ["case-0000000000000000", "nothing", "case-"])
def test_no_purpose_is_made_up(told: World, name: str):
    with pytest.raises(NotFoundError):
        for_purpose(replace(told.open("police"), purpose=name))


def test_anothers_case_and_a_closed_one_are_no_purpose_for_an_outsider(told: World):
    case = open_case(told.open("bank"), replace(CASE, members=("bank", "police")))
    assert for_purpose(replace(told.open("police"), purpose=case.id)).purpose == case.id
    with pytest.raises(NotFoundError):
        for_purpose(replace(told.open("vendor"), purpose=case.id))
    close_case(told.open("bank"), case.id, "done")
    with pytest.raises(NotFoundError):
        for_purpose(replace(told.open("police"), purpose=case.id))


def test_a_case_of_colleagues_is_no_purpose_for_who_is_not_on_it(told: World):
    case = open_case(told.open("bank", "ann"), replace(CASE, members=("bank/ann", "police")))
    for who in (("bank", "bob"), ("bank", "")):
        with pytest.raises(NotFoundError, match="no such case"):
            for_purpose(replace(told.open(*who), purpose=case.id))
    for who in (("bank", "ann"), ("police", "eve")):
        assert for_purpose(replace(told.open(*who), purpose=case.id)).purpose == case.id


def test_looks_are_records_that_verify(told: World):
    for _ in range(3):
        show(told.open("police"), "evil.com")
    assert record_looks(told.open("police"), own=True) == 3
    assert record_looks(told.open("police"), own=True) == 0
    reader = told.open("vendor", "olga").reader
    with reader.connect() as connection:
        assert len(list(reader.records(connection, ACCESS))) == 1
    verify(told.open("bank"), captures=False)


def test_a_look_costs_no_commit_and_many_become_one_record(told: World):
    atlas = told.open("police")
    with atlas.engine.connect() as connection:
        before = connection.exec_driver_sql("SELECT max(seq) FROM records").scalar()
    for _ in range(5):
        show(atlas, "evil.com")
    with atlas.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT max(seq) FROM records").scalar() == before


def test_looks_do_not_make_the_map_anew(told: World):
    atlas = told.open("police", "bob")
    load_snapshot(atlas)
    kept = sorted(path.name for path in atlas.cache.glob("snapshot-*"))
    show(atlas, "evil.com")
    record_looks(atlas)
    load_snapshot(atlas)
    assert sorted(path.name for path in atlas.cache.glob("snapshot-*")) == kept


def test_a_crash_between_the_record_and_its_line_records_it_once(told: World):
    show(told.open("police"), "evil.com")
    atlas = told.open("police")
    waiting = spool(atlas)
    [batch] = waiting.take()
    name = f"{b'police'.hex()}-0.{batch.name}.taken"
    kept = (atlas.folder / "access" / name).read_bytes()
    (atlas.folder / "access" / name).rename(atlas.folder / "access" / name.replace(".taken", ".aside"))
    show(told.open("police"), "dridex")
    record_looks(told.open("police"))
    assert [one.entry.asked for one in looks(told.open("vendor", "olga"))] == ["dridex"]
    assert kept


def test_what_cannot_be_logged_is_not_shown(told: World):
    atlas = told.open("police")
    (atlas.folder / "access").write_text("in the way", "utf-8")
    with pytest.raises(OSError, match="access"):
        show(atlas, "evil.com")


def test_looks_of_whoever_is_no_member_or_has_left_are_logged_by_the_founder(told: World):
    show(told.open("nobody"), "evil.com")
    depart(told.open("police"), "police", "merged")
    show(told.open("police", "bob"), "evil.com")
    assert {who for who, _, _ in seen(told, "vendor/olga")} == {"nobody", "police/bob"}
    assert seen(told, "nobody") == []


def test_a_hidden_thing_looked_for_is_logged_like_an_absent_one(told: World):
    told.say("bank", (entity("domain-name:secret.com"), "indicates", entity("malware:x")), marking=RED)
    show(told.open("police"), "secret.com")
    show(told.open("police"), "absent.com")
    assert [one.entry.entities for one in log(told.open("vendor", "olga"))] == [(), ()]


def test_the_log_is_found_by_entity_and_by_person(told: World):
    show(told.open("police", "bob"), "evil.com")
    show(told.open("vendor"), "dridex")
    overseer = told.open("vendor", "olga")
    assert [one.who for one in log(overseer, about=entity("domain-name:evil.com"))] == ["police/bob"]
    assert [one.who for one in log(overseer, who="police")] == ["police/bob"]
    assert [one.who for one in log(overseer, who="vendor")] == ["vendor"]


@pytest.mark.parametrize("size", [0, 1, LONGEST - 1, LONGEST, LONGEST + 1, 3 * LONGEST + 7])
def test_a_look_at_many_things_is_found_by_each_of_them_and_counts_once(told: World, monkeypatch, size: int):
    counted = []
    monkeypatch.setattr(access, "_fishing", lambda _, aside: counted.append(aside))
    shown = [entity(f"domain-name:site{number}.example") for number in range(size)]
    saw(told.open("police", "bob"), "map", "all of them", [*shown, *shown[:3]])
    found = looks(told.open("vendor", "olga"))
    assert [pair for one in found for pair in one.entry.entities] == [tuple(one) for one in shown]
    assert counted == [False]


def test_of_what_is_checked_the_log_keeps_what_the_map_knows_and_nothing_else(told: World):
    unknown = [f"a{number}.example" for number in range(2 * LONGEST)]
    check(
        told.open("police", "bob"), Document(path="mine.txt", data="\n".join([*unknown, "evil.com"]).encode())
    )
    check(told.open("police", "bob"), Document(path="none.txt", data="\n".join(unknown).encode()))
    overseer = told.open("vendor", "olga")
    assert [(one.entry.asked, one.entry.entities) for one in looks(overseer)] == [
        ("mine.txt", (("domain-name", "evil.com"),)),
        ("none.txt", ()),
    ]
    assert [one.who for one in log(overseer, about=entity("domain-name:evil.com"))] == ["police/bob"]


def test_a_line_cut_short_costs_itself_alone(tmp_path: Path):
    one = Spool(tmp_path / "access")
    one.add(("bank", "ann"), Entry(at="1", verb="show"))
    [path] = (tmp_path / "access").iterdir()
    path.write_bytes(path.read_bytes() + b'{"at":"2","ver')
    [batch] = one.take()
    assert (batch.organisation, batch.user, [entry.at for entry in batch.entries]) == ("bank", "ann", ["1"])
    one.done(batch)
    assert list(one.take()) == []


@pytest.mark.parametrize("name", ["a-b", "ไทย", "../x", "a/b", "0", "*"])
def test_any_name_has_its_own_lines(tmp_path: Path, name: str):
    one = Spool(tmp_path / "access")
    one.add((name, ""), Entry(at="1", verb="show"))
    one.add(("other", name), Entry(at="2", verb="show"))
    assert {(batch.organisation, batch.user) for batch in one.take()} == {(name, ""), ("other", name)}


LONG = "ก" * 33, "ข" * 64
"""A member's name of nearly a hundred bytes, and the longest name that a person can have."""


def test_the_longest_names_have_their_own_lines_and_counts(tmp_path: Path):
    one = Spool(tmp_path / "access")
    for viewer in (LONG, (LONG[0], "ค" * 64)):
        one.add(viewer, Entry(at="1", verb="show"))
        one.add(viewer, Entry(at="2", verb="show"))
        assert [one.count(viewer, "2026-02-03.aside") for _ in range(2)] == [1, 2]
    [batch] = one.take(LONG)
    assert ((batch.organisation, batch.user), len(batch.entries)) == (LONG, 2)
    one.done(batch)
    assert [(batch.organisation, batch.user) for batch in one.take()] == [(LONG[0], "ค" * 64)]


def test_who_has_the_longest_names_may_look_and_it_is_logged(told: World):
    told.join(LONG[0])
    assert show(told.open(*LONG), "evil.com").evidence
    assert seen(told, "vendor/olga") == [("/".join(LONG), "show", "evil.com")]


def test_a_look_that_a_full_disk_cut_takes_no_other_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    one, write = Spool(tmp_path / "access"), os.write
    one.add(("bank", "ann"), Entry(at="1", verb="show"))
    with monkeypatch.context() as full:
        full.setattr(os, "write", lambda handle, line: write(handle, line[:9]))
        with pytest.raises(OSError, match="in part"):
            one.add(("bank", "ann"), Entry(at="2", verb="show"))
    one.add(("bank", "ann"), Entry(at="3", verb="show"))
    [batch] = one.take()
    assert [entry.at for entry in batch.entries] == ["1", "3"]


def test_the_lines_are_for_the_owner_of_the_folder_alone(told: World):
    show(told.open("police"), "evil.com")
    folder = told.folder / "access"
    assert folder.stat().st_mode & 0o077 == 0
    assert all(path.stat().st_mode & 0o077 == 0 for path in folder.iterdir())
    assert Marking(tlp=Tlp.CLEAR) == CLEAR


def test_the_looks_of_an_organisations_programs_are_no_persons_own(told: World):
    """They run in its name and for others too: who may read them is an overseer, or the organisation itself."""
    show(told.open("police"), "evil.com")
    show(told.open("police", "bob"), "dridex")
    assert seen(told, "police/bob") == [("police/bob", "show", "dridex")]
    assert seen(told, "police/ann") == []
    assert seen(told, "police") == [("police", "show", "evil.com")]
    assert {who for who, _, _ in seen(told, "vendor/olga")} == {"police", "police/bob"}


def test_a_namesake_at_another_organisation_reads_none_of_ones_looks(told: World):
    show(told.open("police", "bob"), "evil.com")
    assert seen(told, "vendor/bob") == []
