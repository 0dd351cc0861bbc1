"""Roles of natural persons, review dates that pass, and holds that are seen."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from desk_world import World, entity, exported

from chokepoint.desk.hand import Dispatch, build
from chokepoint.desk.keeping.erase import erase, hold
from chokepoint.desk.looking.look import show
from chokepoint.desk.personal.role import due, read_roles
from chokepoint.desk.personal.stating import set_review, state_role
from chokepoint.desk.personal.veil import veil
from chokepoint.desk.vetting.review import recall, vote
from chokepoint.desk.work.note import Draft, note
from chokepoint.model.claim import Nature
from chokepoint.model.errors import NotValidError, RefusedError
from chokepoint.model.judgement import Vote
from chokepoint.model.marking import CLEAR, Marking, Tlp
from chokepoint.model.source import parse_grading
from chokepoint.store import persons

if TYPE_CHECKING:
    from pathlib import Path

    from chokepoint.desk.personal.role import Person
    from chokepoint.desk.work.note import Noted

GREEN = Marking(tlp=Tlp.GREEN)
SITE, JANE = entity("domain-name:evil.com"), entity("person:jane doe")
MAIL = entity("email-addr:jane@home.example")
TODAY = "2026-02-03"


def because(marking: Marking = GREEN, **about: object) -> Draft:
    return Draft(text="seen by us", marking=marking, **about)  # type: ignore[arg-type] - as Draft's own


def role_of(world: World, who: str, one=JANE, today: str = TODAY) -> Person | None:
    atlas = world.open(who)
    reader = atlas.reader
    with reader.connect() as connection:
        eid = reader.eid(connection, one)
        return None if eid is None else read_roles(reader, connection, [eid], today=today).get(one)


def stated(world: World, who: str, role: str, **about: object) -> list[str]:
    """Ids of the role claims on Jane that a member sees once another has stated one."""
    state_role(world.open(who), str(JANE), role, because(**about))
    evidence = show(world.open(who), str(JANE)).evidence
    return [one.stored.id for one in evidence if one.stored.claim.property == "role"]


@pytest.mark.parametrize("role", ["victim", "witness", "other"])
def test_a_role_holds_from_the_first_word(world: World, role: str) -> None:
    stated(world, "bank", role)
    found = role_of(world, "police")
    assert found is not None
    assert found.role == role


@pytest.mark.parametrize("who", ["Jane Doe", "jane doe", "person:jane doe"])
def test_a_bare_name_is_a_person_s_where_roles_are_given(world: World, who: str) -> None:
    """Elsewhere a name may be a group's, a campaign's or malware's, and must be written as which."""
    state_role(world.open("bank"), who, "victim", because())
    found = role_of(world, "bank")
    assert found is not None
    assert found.role == "victim"


def told(noted: Noted) -> str:
    return json.dumps(noted.to_json()).casefold()


def test_a_role_stated_under_a_pseudonym_is_that_of_who_is_behind_it(world: World) -> None:
    """Whoever sees pseudonyms alone protected nobody: a person of that odd name came on the map instead."""
    world.say("bank", (SITE, "contact", JANE))
    police = world.open("police")
    name = str(veil(police, [JANE]).entity(JANE))
    said = state_role(police, name, "victim", because())
    found = role_of(world, "bank")
    assert found is not None
    assert found.role == "victim"
    assert "jane" not in told(said)
    assert "jane" not in told(set_review(police, name, "2027-01-01", because()))
    with police.reader.connect() as connection:
        assert len(list(persons.of_kinds(police.reader, connection, {"person"}))) == 1


def test_a_note_under_a_pseudonym_is_about_who_is_behind_it_and_tells_no_name(world: World) -> None:
    world.say("bank", (SITE, "contact", JANE))
    police = world.open("police")
    name = str(veil(police, [JANE]).entity(JANE))
    links = ((name, "uses", "evil.com"), ("evil.com", "contact", name))
    said = note(police, Draft(text="seen at the gate", about=(name,), links=links))
    assert said.new == 3
    assert "jane" not in told(said)
    with police.reader.connect() as connection:
        seqs = police.reader.with_property(connection, ["uses", "observation", "contact"])
        ends = [{one.claim.subject, one.claim.object} for one in police.reader.claims(connection, seqs)]
    assert all(JANE in pair for pair in ends)


def test_the_reason_of_a_hold_names_nobody_who_is_shown_under_a_pseudonym(world: World) -> None:
    world.say("bank", (SITE, "contact", JANE))
    hold(world.open("police"), JANE, reason="the trial of Jane Doe begins in May")
    found = show(world.open("police"), str(JANE))
    [note_on_hold] = found.notes
    assert "begins in May" in note_on_hold
    assert "jane doe" not in note_on_hold.casefold()


def test_a_suspect_is_other_until_two_further_members_confirm(world: World) -> None:
    ids = stated(world, "bank", "suspect")
    seen = []
    for who in ("police", "vendor"):
        found = role_of(world, "bank")
        assert found is not None
        seen.append(found.role)
        vote(world.open(who), ids, Vote.CONFIRM, "charged")
    found = role_of(world, "bank")
    assert found is not None
    assert [*seen, found.role] == ["other", "other", "suspect"]


@pytest.mark.parametrize(
    ("roles", "holds"),
    [
        (("other", "victim"), "victim"),
        (("victim", "other"), "victim"),
        (("witness", "victim"), "victim"),
        (("witness", "suspect"), "witness"),
        (("suspect", "other"), "other"),
    ],
    ids=" then ".join,
)
def test_the_role_that_protects_most_holds(world: World, roles: tuple[str, ...], holds: str) -> None:
    for who, role in zip(("bank", "police"), roles, strict=True):
        stated(world, who, role)
    found = role_of(world, "vendor")
    assert found is not None
    assert found.role == holds


def test_a_recalled_role_holds_no_longer(world: World) -> None:
    recall(world.open("bank"), stated(world, "bank", "victim"), "another Jane")
    found = role_of(world, "police")
    assert found is not None
    assert found.role == "other"


def test_a_role_under_a_marking_is_no_role_to_who_may_not_see_it(world: World) -> None:
    world.say("bank", (SITE, "contact", JANE), marking=GREEN)
    stated(world, "bank", "victim", marking=Marking(tlp=Tlp.RED, audience=frozenset({"bank"})))
    assert role_of(world, "police") is None
    found = role_of(world, "bank")
    assert found is not None
    assert found.protected


def test_a_role_has_source_grade_contributor_and_nature(world: World) -> None:
    stated(world, "bank", "witness", source="her lawyer", grading=parse_grading("C3"), assessment=True)
    [one] = [
        one for one in show(world.open("bank"), str(JANE)).evidence if one.stored.claim.property == "role"
    ]
    assert one.stored.contributor == "bank"
    assert one.stored.claim.provenance.origin == "her lawyer"
    assert one.stored.claim.provenance.grading.code == "C3"
    assert one.stored.claim.nature is Nature.ASSESSMENT


def test_an_identifier_of_a_person_has_a_role_too_and_is_then_minimised(world: World) -> None:
    world.say("bank", (SITE, "contact", MAIL), marking=GREEN)
    assert MAIL.value in json.dumps(show(world.open("police"), "evil.com").to_json())
    state_role(world.open("bank"), str(MAIL), "victim", because())
    said = json.dumps(show(world.open("police"), "evil.com").to_json())
    assert MAIL.value not in said
    assert "(victim)" in said


@pytest.mark.parametrize(
    ("who", "role", "error"),
    [
        ("person:jane doe", "hero", NotValidError),
        ("person:jane doe", "", NotValidError),
        ("person:jane doe", "Suspect", NotValidError),
        ("evil.com", "victim", NotValidError),
        ("group:bad gang", "victim", NotValidError),
        ("", "victim", NotValidError),
    ],
)
def test_what_is_no_role_or_no_person_is_refused(world: World, who: str, role: str, error: type) -> None:
    with pytest.raises(error):
        state_role(world.open("bank"), who, role, because())


def test_a_role_without_a_reason_is_refused(world: World) -> None:
    with pytest.raises(RefusedError):
        state_role(world.open("bank"), str(JANE), "victim", Draft(text=" "))


@pytest.mark.parametrize(("day", "error"), [("2026-02-02", RefusedError), ("soon", NotValidError)])
def test_a_review_date_is_a_day_to_come(world: World, day: str, error: type) -> None:
    with pytest.raises(error):
        state_role(world.open("bank"), str(JANE), "victim", because(), review=day)
    with pytest.raises(error):
        set_review(world.open("bank"), str(JANE), day, because())


# --- review dates ---


@pytest.fixture
def late(world: World) -> World:
    """What the bank says of Jane should have been reviewed the day before yesterday; the police's need not."""
    for who, other, one in (("bank", "police", JANE), ("police", "bank", MAIL)):
        ids = world.ids(who, world.say(who, (SITE, "contact", one), grade="A1", marking=GREEN))
        for voter in (other, "vendor"):
            vote(world.open(voter), ids, Vote.CONFIRM, "seen")
    state_role(world.open("bank"), str(JANE), "witness", because(), review=TODAY)
    state_role(world.open("police"), str(JANE), "witness", because(), review="2026-12-31")
    return world


def test_on_the_review_date_itself_nothing_is_due(late: World) -> None:
    assert due(late.open("bank")) == []


def test_the_day_after_it_is_due_for_the_one_who_set_it_alone(late: World) -> None:
    late.clock = "2026-02-04T00:00:00.000Z"
    assert due(late.open("bank")) == [(TODAY, JANE)]
    assert due(late.open("police")) == []


def test_who_is_due_is_shown_as_to_be_reviewed(late: World) -> None:
    late.clock = "2026-02-04T00:00:00.000Z"
    dossier = show(late.open("vendor"), str(JANE))
    assert dossier.entity is not None
    assert dossier.entity.value.endswith("(witness, to be reviewed)")
    assert [one for one in dossier.notes if "To be reviewed" in one and TODAY in one]


def test_who_is_due_goes_into_no_new_package_and_comes_back_once_reviewed(
    late: World, tmp_path: Path
) -> None:
    to = Dispatch(recipients=frozenset({"police"}))
    before = build(late.open("bank"), "evil.com", tmp_path / "one", to).claims
    late.clock = "2026-02-04T00:00:00.000Z"
    without = build(late.open("bank"), "evil.com", tmp_path / "two", to).claims
    set_review(late.open("bank"), str(JANE), "2026-06-01", because())
    after = build(late.open("bank"), "evil.com", tmp_path / "three", to).claims
    assert (before, without, after) == (2, 1, 2)
    assert due(late.open("bank")) == []


def test_an_export_leaves_out_who_is_due(world: World) -> None:
    boss = entity("person:boss man")
    said = [(boss, "sanctioned-by", entity("organisation:ofac")), (boss, "uses", SITE)]
    ids = world.ids("bank", world.say("bank", *said, grade="A1"))
    for who in ("police", "vendor"):
        vote(world.open(who), ids, Vote.CONFIRM, "on the list")
    set_review(world.open("bank"), str(boss), TODAY, because(CLEAR))
    assert "boss man" in exported("csv")(world.open("bank"))
    world.clock = "2026-02-04T00:00:00.000Z"
    assert "boss man" not in exported("csv")(world.open("bank"))


# --- packages ---


def test_a_package_tells_persons_by_pseudonym_and_role(late: World, tmp_path: Path) -> None:
    to = Dispatch(recipients=frozenset({"police"}))
    build(late.open("bank"), "evil.com", tmp_path / "p", to)
    page = (tmp_path / "p" / "report.html").read_text("utf-8")
    assert re.search(r"Person [a-z2-7]{8} \(witness\)", page)
    assert "jane doe" not in page.casefold()


def test_the_mail_of_a_victim_is_masked_for_members_too(world: World, tmp_path: Path) -> None:
    ids = world.ids("bank", world.say("bank", (SITE, "contact", MAIL), grade="A1", marking=GREEN))
    for who in ("police", "vendor"):
        vote(world.open(who), ids, Vote.CONFIRM, "seen")
    to = Dispatch(recipients=frozenset({"police"}))
    build(world.open("bank"), "evil.com", tmp_path / "one", to)
    assert "jane@home" in (tmp_path / "one" / "report.html").read_text("utf-8")
    state_role(world.open("bank"), str(MAIL), "victim", because())
    build(world.open("bank"), "evil.com", tmp_path / "two", to)
    assert "jane@home" not in (tmp_path / "two" / "report.html").read_text("utf-8")


# --- legal holds ---


def test_a_hold_is_shown_with_who_placed_it_since_when_and_why(world: World) -> None:
    world.say("bank", (SITE, "contact", JANE), marking=GREEN)
    hold(world.open("bank"), JANE, reason="court order 7")
    [note] = show(world.open("bank"), str(JANE)).notes
    assert "bank since 2026-02-03: court order 7" in note
    with pytest.raises(RefusedError, match="court order 7"):
        erase(world.open("bank"), JANE, reason="asked", basis="GDPR Art. 17")


def test_a_hold_is_told_to_nobody_who_may_not_see_its_record(world: World) -> None:
    world.say("bank", (SITE, "contact", JANE), marking=GREEN)
    hold(world.open("bank"), JANE, reason="court order 7")
    assert show(world.open("police"), str(JANE)).notes == ()


def test_a_lifted_hold_is_shown_no_more(world: World) -> None:
    world.say("bank", (SITE, "contact", JANE), marking=GREEN)
    hold(world.open("bank"), JANE, reason="court order 7")
    hold(world.open("bank"), JANE, reason="case over", holds_it=False)
    assert show(world.open("bank"), str(JANE)).notes == ()


def test_a_role_is_erased_with_the_person(world: World) -> None:
    stated(world, "bank", "victim")
    erase(world.open("bank"), JANE, reason="asked", basis="GDPR Art. 17")
    assert show(world.open("bank"), str(JANE)).entity is None
    assert role_of(world, "bank") is None
