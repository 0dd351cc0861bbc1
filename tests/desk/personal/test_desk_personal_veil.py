"""Natural persons are shown as pseudonym and role; who is on a case sees those whom it needs, on record."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from desk_world import World, entity

from chokepoint.collect.base import Document
from chokepoint.desk.handing.release import release
from chokepoint.desk.looking.check import check
from chokepoint.desk.looking.look import search, show
from chokepoint.desk.looking.route import path
from chokepoint.desk.people.staff import appoint, invite, join
from chokepoint.desk.personal import veil as veils
from chokepoint.desk.personal.looks import log
from chokepoint.desk.personal.stating import state_role
from chokepoint.desk.personal.veil import OPEN, Veil, unveiled
from chokepoint.desk.vetting.review import vote
from chokepoint.desk.watch.access import for_purpose
from chokepoint.desk.work.case import Case, close_case, open_case
from chokepoint.desk.work.note import Draft
from chokepoint.model.claim import Claim, Provenance
from chokepoint.model.errors import NotFoundError, RefusedError
from chokepoint.model.judgement import Vote
from chokepoint.model.marking import Marking, Tlp
from chokepoint.model.role import Role
from chokepoint.package import privacy
from chokepoint.package.privacy import pseudonym
from chokepoint.package.redact import WITHHELD

if TYPE_CHECKING:
    from collections.abc import Callable

    from chokepoint.desk.atlas import Atlas
    from chokepoint.model.identity import Entity

GREEN = Marking(tlp=Tlp.GREEN)
SITE = entity("domain-name:evil.com")
JANE, VERA, BOSS = entity("person:jane doe"), entity("person:vera victim"), entity("person:boss man")
MAIL, PHONE = entity("email-addr:vera.victim@home.example"), entity("phone-number:+66812345678")
HOTLINE, HOME = entity("phone-number:+66899999999"), entity("site:12 quiet lane")
WALLET = entity("crypto-address:19CbDoaZDLTzkkT1uQrMPM42AUvfQN4Kds")
SOLD = entity("email-addr:sales@evil.com")


@pytest.fixture(scope="module")
def town(worlds: Callable[[], World]) -> World:
    """A registrant, a victim with mail and phone, a sanctioned boss, and a case with the victim in it."""
    world = worlds()
    said = [
        (SITE, "contact", JANE),
        (SITE, "contact", SOLD),
        (SITE, "description", "run for Jane Doe by others"),
        (JANE, "account", SOLD),
        (JANE, "account", HOTLINE),
        (JANE, "description", "plays the piano"),
        (JANE, "located-in", HOME),
        (VERA, "account", MAIL),
        (VERA, "pays", WALLET),
        (SITE, "requests-payment-to", WALLET),
        (BOSS, "sanctioned-by", entity("organisation:ofac")),
        (BOSS, "uses", SITE),
    ]
    ids = world.ids("bank", world.say("bank", *said, grade="A1", marking=GREEN))
    for who in ("police", "vendor"):
        vote(world.open(who), [ids[1]], Vote.CONFIRM, "seen")
    case = open_case(world.open("bank"), _draft(("bank", "police/pat")))
    marking = Marking(tlp=Tlp.AMBER, audience=frozenset({"police"}), cases=frozenset({case.id}))
    state_role(world.open("bank"), str(VERA), "victim", Draft(text="she reported it", marking=marking))
    open_case(world.open("police"), replace(_draft(()), title="Police's own"))
    return world


def _draft(members: tuple[str, ...]) -> Case:
    return Case(
        id="", title="Fraud", purpose="find her money", owner="ann", review_date="2026-12-01", members=members
    )


def on_case(world: World, who: str, title: str, why: str = "to call her back", user: str = "") -> Atlas:
    from chokepoint.desk.work.case import find_case  # noqa: PLC0415 - only here

    atlas = world.open(who, user)
    return for_purpose(replace(atlas, purpose=find_case(atlas, title).id, unfold=why))


def told(atlas: Atlas, words: str) -> str:
    return json.dumps(show(atlas, words).to_json()["claims"], ensure_ascii=False).casefold()


# --- by default ---


@pytest.mark.parametrize("words", ["evil.com", "jane doe", str(SOLD), str(HOME), WALLET.value])
def test_no_dossier_holds_the_name_of_a_private_person(town: World, words: str) -> None:
    said = told(town.open("vendor"), words)
    assert said != "[]"
    assert "jane doe" not in said
    assert "vera victim" not in said


def test_a_private_person_is_a_pseudonym_with_the_role_other(town: World) -> None:
    dossier = show(town.open("vendor"), "jane doe")
    assert dossier.entity is not None
    assert dossier.entity.kind == "person"
    assert dossier.entity.value.endswith(" (other)")


def test_the_identifier_in_json_is_not_that_of_the_name(town: World) -> None:
    assert JANE.id not in json.dumps(show(town.open("vendor"), "evil.com").to_json())


def test_words_about_a_private_person_are_withheld(town: World) -> None:
    said = told(town.open("vendor"), "jane doe")
    assert "piano" not in said
    assert WITHHELD in said


def test_where_a_private_person_lives_is_withheld(town: World) -> None:
    assert "quiet lane" not in told(town.open("vendor"), "jane doe")


def test_a_name_inside_another_text_gives_way_to_the_pseudonym(town: World) -> None:
    said = told(town.open("vendor"), "evil.com")
    assert "by others" in said
    assert "jane" not in said


def test_the_phone_of_a_private_person_is_not_shown(town: World) -> None:
    assert HOTLINE.value not in told(town.open("vendor"), "jane doe")


def test_an_address_vetted_as_a_means_of_crime_is_shown(town: World) -> None:
    assert SOLD.value in told(town.open("vendor"), "evil.com")


def test_a_wallet_that_a_victim_pays_is_no_data_of_the_victims(town: World) -> None:
    assert WALLET.value.casefold() in told(town.open("police"), str(VERA))


def test_whom_an_authority_sanctioned_is_named(town: World) -> None:
    assert "boss man" in told(town.open("vendor"), "evil.com")


def test_a_pseudonym_is_the_same_in_every_answer_of_one_member_and_another_for_another(town: World) -> None:
    name = show(town.open("vendor"), "jane doe").entity
    assert name == show(town.open("vendor", "eve"), str(JANE)).entity
    assert name is not None
    assert name.value.casefold() in told(town.open("vendor"), "evil.com")
    assert name != show(town.open("police"), "jane doe").entity


def test_a_pseudonym_leads_back_to_the_same_dossier(town: World) -> None:
    name = show(town.open("vendor"), "jane doe").entity
    assert name is not None
    for written in (name.value, str(name), name.value.removesuffix(" (other)")):
        assert show(town.open("vendor"), written).entity == name


def test_another_members_pseudonym_leads_nowhere(town: World) -> None:
    name = show(town.open("vendor"), "jane doe").entity
    assert name is not None
    assert show(town.open("police"), name.value).entity is None


@pytest.mark.parametrize(
    "words", ["evil.com", "Person", "Person aaaaaaaa", "Wallet abcdefgh", "", "Person 12345678"]
)
def test_words_that_are_no_pseudonym_stay_as_they_are(town: World, words: str) -> None:
    assert unveiled(town.open("vendor"), words) == words


def test_persons_whose_pseudonyms_begin_alike_are_told_apart_and_lead_back(
    town: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    atlas = town.open("vendor")

    def alike(one: Entity, key: bytes, *, letters: int = 8) -> str:
        code = pseudonym(one, key).rpartition(" ")[2] if letters > 8 else ""
        return f"Person {'aaaaaaaa' if one in (JANE, VERA) else 'bbbbbbbb'}{code}"

    for room in (privacy, veils):
        monkeypatch.setattr(room, "pseudonym", alike)
    shown = [one.value for one in veils.veil(atlas, [JANE, VERA]).names.values()]
    assert len(set(shown)) == 2
    assert {unveiled(atlas, one) for one in shown} == {str(JANE), str(VERA)}


@pytest.mark.parametrize("part", ["jane", "doe", "ane d", "vera"])
def test_a_part_of_a_name_finds_no_private_person(town: World, part: str) -> None:
    assert [hit for hit in search(town.open("vendor"), part) if hit.entity.kind == "person"] == []


def test_the_whole_name_finds_the_pseudonym(town: World) -> None:
    [hit] = search(town.open("vendor"), "Jane Doe")
    assert hit.entity == show(town.open("vendor"), "jane doe").entity


def test_a_sanctioned_person_is_found_by_a_part_of_the_name(town: World) -> None:
    assert BOSS in {hit.entity for hit in search(town.open("vendor"), "boss")}


def test_a_path_through_a_private_person_names_nobody(town: World) -> None:
    answer = path(town.open("vendor"), "evil.com", str(HOTLINE))
    assert answer.routes
    said = json.dumps([route.to_json() for route in answer.routes])
    assert "jane doe" not in said
    assert "Person " in said


def test_check_leaves_the_pasted_words_and_names_nobody_beside(town: World) -> None:
    [line] = check(town.open("vendor"), Document(path="p", data=b"jane doe"))
    [one] = [one for one in line.told if one.entity.kind == "person"]
    assert one.entity == JANE
    said = json.dumps(one.to_json()["claims"])
    assert "jane doe" not in said
    assert one.shown is not None
    assert one.shown.value in said


def test_ones_own_log_names_nobody_who_was_not_shown(town: World) -> None:
    show(town.open("vendor", "zoe"), "jane doe")
    entries = [one.entry for one in log(town.open("vendor", "zoe"))]
    assert entries
    assert all(value != "jane doe" for one in entries for _, value in one.entities)


# --- in full, for a case ---


def test_outside_any_case_nobody_is_shown_in_full(town: World) -> None:
    with pytest.raises(RefusedError, match="for a case alone"):
        for_purpose(replace(town.open("bank"), unfold="curious"))


def test_a_reason_alone_unfolds_nobody(town: World) -> None:
    """An atlas that was opened past the check shows no more than without the reason."""
    assert "jane doe" not in told(replace(town.open("bank"), unfold="curious"), "evil.com")


def test_for_a_case_of_ones_own_a_person_is_shown_in_full(town: World) -> None:
    said = told(on_case(town, "police", "Police's own"), "jane doe")
    assert "jane doe" in said
    assert "plays the piano" in said
    assert "quiet lane" in said
    assert HOTLINE.value in said


def test_a_victim_is_shown_in_full_in_the_case_that_holds_the_role_alone(town: World) -> None:
    assert MAIL.value in told(on_case(town, "bank", "Fraud"), str(VERA))


def test_a_victim_stays_minimised_in_any_other_case(town: World) -> None:
    other = open_case(town.open("bank"), replace(_draft(()), title="Another"))
    said = told(for_purpose(replace(town.open("bank"), purpose=other.id, unfold="why not")), str(VERA))
    assert "(victim)" in said
    assert MAIL.value not in said


def test_why_a_victim_stays_minimised_is_said_to_whoever_asked_for_all(town: World) -> None:
    other = open_case(town.open("bank"), replace(_draft(()), title="Another"))
    asked = for_purpose(replace(town.open("bank"), purpose=other.id, unfold="why not"))
    assert [note for note in show(asked, str(VERA)).notes if "victim or witness" in note]
    assert not show(town.open("bank"), str(VERA)).notes
    assert not show(on_case(town, "bank", "Fraud"), str(VERA)).notes


def test_who_is_seen_in_full_stands_in_the_log_with_case_and_reason(town: World) -> None:
    atlas = on_case(town, "police", "Police's own", why="warrant 12")
    told(atlas, "evil.com")
    found = [
        one.entry for one in log(atlas) if one.entry.verb == "unfold" and one.entry.asked == "warrant 12"
    ]
    assert found
    assert all(one.purpose == atlas.purpose for one in found)
    assert ("person", "jane doe") in found[0].entities


def test_nobody_is_shown_in_full_when_that_cannot_be_logged(town: World, monkeypatch) -> None:
    atlas = on_case(town, "police", "Police's own")

    def broken(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("chokepoint.desk.personal.veil.saw", broken)
    with pytest.raises(OSError, match="disk full"):
        show(atlas, "evil.com")


def test_another_members_case_unfolds_nobody(town: World) -> None:
    case = open_case(town.open("bank"), replace(_draft(("bank",)), title="Only ours"))
    with pytest.raises(NotFoundError):
        for_purpose(replace(town.open("vendor"), purpose=case.id, unfold="please"))


def test_a_closed_case_unfolds_nobody(town: World) -> None:
    case = open_case(town.open("bank"), replace(_draft(()), title="Over"))
    close_case(town.open("bank"), case.id, "done")
    with pytest.raises((RefusedError, NotFoundError)):
        for_purpose(replace(town.open("bank"), purpose=case.id, unfold="once more"))


def test_an_overdue_case_unfolds_nobody(town: World) -> None:
    case = open_case(town.open("bank"), replace(_draft(()), title="Late", review_date="2026-02-04"))
    atlas = replace(town.open("bank"), purpose=case.id, unfold="still")
    assert for_purpose(atlas).unfold
    with pytest.raises(RefusedError, match="overdue"):
        for_purpose(replace(atlas, clock=lambda: "2026-02-05T00:00:00.000Z"))


def test_a_reason_longer_than_the_log_keeps_is_refused(town: World) -> None:
    with pytest.raises(RefusedError, match="at most 200"):
        on_case(town, "police", "Police's own", why="x" * 201)


@pytest.mark.parametrize(("role", "may"), [(Role.INVESTIGATOR, True), (Role.VETTER, False)])
def test_only_who_has_the_right_sees_persons_in_full(world: World, role: Role, may: bool) -> None:
    open_case(world.open("bank"), _draft(()))
    join(world.open("bank", "ann"), invite(world.open("bank"), "ann", [role]))
    if may:
        assert on_case(world, "bank", "Fraud", user="ann").unfold
    else:
        with pytest.raises(RefusedError, match="may not see natural persons in full"):
            on_case(world, "bank", "Fraud", user="ann")


def test_a_coordinator_sees_persons_in_full(world: World) -> None:
    open_case(world.open("bank"), _draft(()))
    appoint(world.open("bank"), "bank/cora", Role.COORDINATOR)
    assert on_case(world, "bank", "Fraud", user="cora").unfold


def test_a_name_that_a_named_human_released_is_shown_to_their_organisation_alone(world: World) -> None:
    world.say("bank", (SITE, "contact", JANE), marking=GREEN)
    release(world.open("bank", "ann"), JANE, basis="judgement 12/2026")
    assert "jane doe" in told(world.open("bank"), "evil.com")
    assert "jane doe" not in told(world.open("police"), "evil.com")


# --- the veil by itself ---


def _claim(subject, name, thing, raw=""):
    return Claim(subject, name, thing, "line 1", Provenance(capture="", origin="x"), raw=raw)


SHOWN = entity("person:Person abcdefgh (other)")
COVER = Veil({JANE: SHOWN, entity("person:jan"): entity("person:Person zzzzzzzz")})


@pytest.mark.parametrize(
    ("words", "as_shown"),
    [
        pytest.param("Jane Doe and JANE DOE", f"{SHOWN.value} and {SHOWN.value}", id="any case, each time"),
        pytest.param("nobody here", "nobody here", id="no name in it"),
        pytest.param("", "", id="nothing"),
        pytest.param("jane", "Person zzzzzzzze", id="the part that is another's name"),
        pytest.param("ja", "ja", id="shorter than a name"),
    ],
)
def test_the_longest_name_gives_way_first(words: str, as_shown: str) -> None:
    assert COVER.text(words) == as_shown


def test_an_open_veil_changes_no_claim() -> None:
    one = _claim(JANE, "description", "tall", raw="Jane DOE")
    assert OPEN.claim(one) is one


def test_a_covered_claim_loses_what_was_written() -> None:
    assert COVER.claim(_claim(JANE, "pays", WALLET, raw="Jane DOE")).raw == ""


@pytest.mark.parametrize("name", ["status", "category", "date", "amount", "price", "role", "review-date"])
def test_what_cannot_name_anybody_is_told_of_a_covered_person(name: str) -> None:
    assert COVER.claim(_claim(JANE, name, "2026")).object == "2026"


@pytest.mark.parametrize("pair", [(JANE, HOME), (HOME, JANE)], ids=["lives in", "houses"])
def test_a_home_is_covered_beside_who_lives_there_whichever_end(pair) -> None:
    assert HOME not in COVER.pair(*pair)
    assert JANE not in COVER.pair(*pair)


def test_a_site_of_nobody_who_is_covered_is_shown() -> None:
    assert COVER.pair(SITE, HOME) == (SITE, HOME)
