"""Vetoes, safety flags, alarms, leaks, and what an overseer tells the subject of data."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from desk_world import RED, entity

from chokepoint.desk.hand import Dispatch, build, export
from chokepoint.desk.handing.publish import read
from chokepoint.desk.looking.look import search, show
from chokepoint.desk.people.staff import appoint, invite, join
from chokepoint.desk.vetting.review import vote
from chokepoint.desk.watch import access
from chokepoint.desk.watch.access import for_purpose, log
from chokepoint.desk.watch.oversight import alarms, flag_safety, held_on, leaked, named, veto
from chokepoint.desk.work.case import Case, open_case
from chokepoint.model.errors import NotFoundError, RefusedError
from chokepoint.model.judgement import Vote
from chokepoint.model.role import Role
from chokepoint.package.manifest import BUNDLE, MANIFEST, REPORT
from chokepoint.package.verify import signed_manifest
from chokepoint.store.base import RecordRow
from chokepoint.store.canonical import canonical
from chokepoint.store.people import OVERSIGHT, withheld

if TYPE_CHECKING:
    from pathlib import Path

    from desk_world import World

    from chokepoint.desk.atlas import Atlas

SITE, GANG = entity("domain-name:evil.com"), entity("malware:dridex")
EVIL = (SITE, "indicates", GANG)
REFUSED = "withheld"


@pytest.fixture
def told(world: World) -> World:
    """One accepted link, and an overseer at the vendor's."""
    world.join("charity")
    ids = world.ids("bank", world.say("bank", EVIL, grade="A1"))
    for who in ("police", "charity", "vendor"):
        vote(world.open(who), ids, Vote.CONFIRM, "checked")
    appoint(world.open("bank"), "vendor/olga", Role.OVERSEER)
    return world


def overseer(world: World) -> Atlas:
    return world.open("vendor", "olga")


def test_what_is_vetoed_leaves_in_no_package_and_no_export(told: World, tmp_path: Path):
    assert build(told.open("bank"), "evil.com", tmp_path / "before").claims == 1
    veto(overseer(told), SITE, "a journalist's site")
    for who in ("bank", "police", "charity"):
        with pytest.raises(RefusedError, match=REFUSED):
            build(told.open(who), "evil.com", tmp_path / who)
        with pytest.raises(RefusedError, match=REFUSED):
            build(told.open(who), "dridex", tmp_path / f"{who}2")
        assert export(told.open(who), "csv", tmp_path / f"{who}.csv").claims == 0
        assert "evil.com" not in (tmp_path / f"{who}.csv").read_text("utf-8")


def test_a_safety_flag_works_at_once_and_anybody_may_set_it(told: World, tmp_path: Path):
    flag_safety(told.open("charity"), SITE, "she still lives there")
    with pytest.raises(RefusedError, match=REFUSED):
        build(told.open("bank"), "evil.com", tmp_path / "no")


def test_only_an_overseer_lifts_what_is_withheld(told: World, tmp_path: Path):
    flag_safety(told.open("charity"), SITE, "she still lives there")
    for who in ("charity", "bank"):
        with pytest.raises(RefusedError, match="overseer"):
            veto(told.open(who), SITE, "never mind", lift=True)
    veto(overseer(told), SITE, "she is safe now", lift=True)
    assert build(told.open("bank"), "evil.com", tmp_path / "ok").claims == 1


def test_a_veto_in_the_ledger_by_somebody_who_is_no_overseer_changes_nothing(told: World):
    bank = told.open("bank")
    row = RecordRow(OVERSIGHT, canonical({"entity": list(SITE), "reason": "x", "word": "veto"}), RED)
    with pytest.raises(RefusedError, match="may not read the access log and veto"):
        bank.ledger.append(bank.speaker(), [row])
    with bank.engine.connect() as connection:
        assert withheld(connection, bank.secret) == frozenset()


@pytest.mark.parametrize("reason", ["", "  ", "x" * 2_001])
def test_withholding_needs_a_reason(told: World, reason: str):
    with pytest.raises(RefusedError):
        flag_safety(told.open("charity"), SITE, reason)


def test_what_is_withheld_is_still_seen_by_whoever_may(told: World):
    veto(overseer(told), SITE, "x")
    assert show(told.open("police"), "evil.com").entity == SITE


def test_each_copy_names_its_recipient_when_it_leaks(told: World, tmp_path: Path):
    for who in ("police", "charity"):
        build(told.open("bank"), "evil.com", tmp_path / who, Dispatch(recipients=frozenset({who})))
    for who in ("police", "charity"):
        pages = "".join(
            path.read_text("utf-8", "replace")
            for path in sorted((tmp_path / who).rglob("*"))
            if path.is_file()
        )
        assert [one.entry.to for one in leaked(overseer(told), pages)] == [(who,)]
    assert leaked(overseer(told), "nothing of ours") == []


def test_a_leaked_copy_names_one_of_several_that_were_named_at_once(told: World, tmp_path: Path):
    built = build(
        told.open("bank"), "evil.com", tmp_path / "out", Dispatch(recipients=frozenset({"police", "charity"}))
    )
    for who, folder in built.copies.items():
        for name in (MANIFEST, REPORT, BUNDLE):
            text = (folder / name).read_text("utf-8")
            assert [one.entry.to for one in leaked(overseer(told), text)] == [(who,)]


@pytest.mark.parametrize("name", [MANIFEST, REPORT, BUNDLE])
def test_each_file_that_people_or_programs_read_names_the_recipient_by_itself(
    told: World, tmp_path: Path, name: str
):
    for who in ("police", "charity"):
        build(told.open("bank"), "evil.com", tmp_path / who, Dispatch(recipients=frozenset({who})))
    for who in ("police", "charity"):
        text = (tmp_path / who / name).read_text("utf-8")
        assert [one.entry.to for one in leaked(overseer(told), text)] == [(who,)]


def test_the_name_of_a_copy_is_signed_and_says_nothing_of_the_recipient(told: World, tmp_path: Path):
    build(told.open("bank"), "evil.com", tmp_path / "out", Dispatch(recipients=frozenset({"police"})))
    manifest = signed_manifest(read(tmp_path / "out"))
    assert re.fullmatch("[0-9a-f]{16}", manifest.copy)


def test_a_leak_is_traced_by_an_overseer_alone(told: World):
    with pytest.raises(RefusedError, match="overseer"):
        leaked(told.open("bank"), "x")


def test_an_overseer_tells_a_subject_what_is_held_why_and_who_saw_it(told: World):
    show(told.open("police", "bob"), "evil.com")
    told.say("bank", (SITE, "resolves-to", entity("ipv4-addr:10.0.0.1")), marking=RED)
    held = held_on(overseer(told), SITE)
    assert [one.stored.claim.object for one in held.evidence] == [GANG]
    assert held.elsewhere == {"bank": 1}
    assert [one.who for one in held.looks if one.entry.verb == "show"] == ["police/bob"]
    assert held.to_json()["withheld"] is False


@pytest.mark.parametrize("who", ["bank", "police", "vendor"])
def test_nobody_else_is_told_what_is_held(told: World, who: str):
    for act in (lambda atlas: held_on(atlas, SITE), alarms, lambda atlas: leaked(atlas, "x")):
        with pytest.raises(RefusedError, match="overseer"):
            act(told.open(who))


def test_of_what_is_not_held_nothing_is_told(told: World):
    held = held_on(overseer(told), entity("person:jane doe"))
    assert (held.evidence, held.elsewhere, held.looks) == ((), {}, ())
    assert named(overseer(told), "person:jane doe").kind == "person"
    with pytest.raises(NotFoundError):
        named(overseer(told), "")


def fisher(world: World) -> Atlas:
    """Somebody registered, who looks outside any case."""
    token = invite(world.open("police"), "bob", [Role.INVESTIGATOR])
    join(world.open("police", "bob"), token)
    return world.open("police", "bob")


def test_fishing_outside_any_case_raises_an_alarm_and_is_stopped(told: World, monkeypatch):
    monkeypatch.setattr(access, "ALARMED", 3)
    monkeypatch.setattr(access, "QUOTA", 5)
    atlas = fisher(told)
    for number in range(5):
        show(atlas, f"neighbour{number}.com")
    with pytest.raises(RefusedError, match="outside any case"):
        show(atlas, "evil.com")
    assert alarms(overseer(told)) == [{"day": "2026-02-03", "looks": 3, "person": "police/bob"}]


def test_whoever_works_on_a_case_is_not_stopped(told: World, monkeypatch):
    monkeypatch.setattr(access, "QUOTA", 2)
    atlas = fisher(told)
    draft = Case(id="", title="A", purpose="p", owner="bob", review_date="2027-01-01")
    case = open_case(atlas, draft)
    inside = for_purpose(replace(atlas, purpose=case.id))
    for _ in range(5):
        assert show(inside, "evil.com").entity
    assert len(log(overseer(told), case=case.id)) == 5


def test_an_organisations_own_programs_are_logged_and_not_stopped(told: World, monkeypatch):
    monkeypatch.setattr(access, "QUOTA", 2)
    for _ in range(5):
        show(told.open("charity"), "evil.com")
    assert len(log(overseer(told), who="charity")) == 5


def test_looks_of_another_day_do_not_count(told: World, monkeypatch):
    monkeypatch.setattr(access, "QUOTA", 2)
    atlas = fisher(told)
    for day in range(1, 6):
        show(replace(atlas, clock=lambda day=day: f"2026-03-0{day}T00:00:00.000Z"), "evil.com")


def test_words_that_are_still_being_typed_count_for_no_look_but_are_logged(told: World, monkeypatch):
    monkeypatch.setattr(access, "ALARMED", 2)
    monkeypatch.setattr(access, "QUOTA", 3)
    atlas = fisher(told)
    for end in range(3, 9):
        search(atlas, "evil.com"[:end], aside=True)
    assert not alarms(overseer(told))
    assert len(log(overseer(told), who="police/bob")) == 6
    for _ in range(3):
        search(atlas, "evil.com")
    with pytest.raises(RefusedError, match="outside any case"):
        search(atlas, "evil.com")


def test_nobody_reads_the_map_by_half_typed_words(told: World, monkeypatch):
    monkeypatch.setattr(access, "ASIDE", 4)
    atlas = fisher(told)
    for _ in range(4):
        search(atlas, "evil", aside=True)
    with pytest.raises(RefusedError, match="outside any case"):
        search(atlas, "evil", aside=True)
    assert search(atlas, "evil.com")


def test_typing_of_another_day_does_not_count(told: World, monkeypatch):
    monkeypatch.setattr(access, "ASIDE", 1)
    atlas = fisher(told)
    for day in range(1, 4):
        search(replace(atlas, clock=lambda day=day: f"2026-03-0{day}T00:00:00.000Z"), "evil", aside=True)


def test_the_overseers_own_look_at_what_is_held_is_logged_for_the_next(told: World):
    first = held_on(overseer(told), SITE)
    assert [one.entry.verb for one in first.looks if one.who == "vendor/olga"] == []
    second = held_on(overseer(told), SITE)
    [look] = [one for one in second.looks if one.who == "vendor/olga"]
    assert (look.entry.verb, look.entry.entities) == ("held", (tuple(SITE),))


def test_what_is_refused_to_who_is_no_overseer_is_no_look(told: World):
    with pytest.raises(RefusedError):
        held_on(told.open("police", "bob"), SITE)
    assert not [one for one in log(overseer(told)) if one.entry.verb == "held"]


VERA, MAIL, JANE = entity("person:vera"), entity("email-addr:vera@home.example"), entity("person:jane doe")


def test_an_overseer_reads_the_subject_and_what_is_theirs_in_full_and_others_minimised(told: World):
    told.say("bank", (VERA, "account", MAIL), (VERA, "related-to", JANE), (SITE, "contact", VERA), path="she")
    said = str(held_on(overseer(told), VERA).to_json()["claims"])
    assert "person', 'value': 'vera'" in said
    assert MAIL.value in said
    assert SITE.value in said
    assert "jane doe" not in said
    assert "(other)" in said


def test_whose_contact_a_site_was_stays_minimised_where_the_site_is_the_subject(told: World):
    told.say("bank", (SITE, "contact", JANE), (JANE, "account", MAIL), path="her")
    assert "jane doe" not in str(held_on(overseer(told), SITE).to_json()["claims"])
    told.say("bank", (SITE, "contact", MAIL), path="it")
    assert MAIL.value not in str(held_on(overseer(told), SITE).to_json()["claims"])
