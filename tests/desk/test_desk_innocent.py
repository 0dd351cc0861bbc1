"""Seven who are innocent, by every flow: no crime label, no score, no "behind", no name handed on.

Whoever only stands near a crime must not be taken for its author: a registrant, a shop on the same host, a
namesake, a victim who paid a tainted wallet, a worker who is forced, a journalist whom three denounce; and
nobody goes through people for whom there is no case.
"""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from desk_world import World, entity

from chokepoint.collect.base import Document
from chokepoint.desk.analyse import choke, load_snapshot
from chokepoint.desk.connect import connect
from chokepoint.desk.hand import build, export
from chokepoint.desk.looking.check import CRIME, check, tell
from chokepoint.desk.looking.look import search, show
from chokepoint.desk.looking.route import path
from chokepoint.desk.looking.tell import picture
from chokepoint.desk.people.staff import appoint, invite, join
from chokepoint.desk.vetting.review import recall, vote
from chokepoint.desk.watch.access import ALARMED, QUOTA, log
from chokepoint.desk.watch.oversight import alarms, flag_safety, held_on, veto
from chokepoint.desk.work.case import Case, open_case
from chokepoint.graph.crossing import crossings
from chokepoint.model.claim import on_day
from chokepoint.model.errors import ChokepointError, RefusedError
from chokepoint.model.judgement import Verdict, Vote
from chokepoint.model.marking import Marking, Tlp
from chokepoint.model.role import Role

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from chokepoint.desk.atlas import Atlas
    from chokepoint.model.identity import Entity

GREEN = Marking(tlp=Tlp.GREEN)
SITE, GANG = entity("domain-name:evil.com"), entity("group:bad gang")
WALLET = entity("crypto-address:19CbDoaZDLTzkkT1uQrMPM42AUvfQN4Kds")
HOST = entity("ipv4-addr:104.16.1.1")
SHOP, HACKED = entity("domain-name:cakes.com"), entity("domain-name:hacked-bakery.com")
REGISTRANT, VICTIM = entity("person:rita registrant"), entity("person:vera victim")
NAMESAKE, WORKER = entity("person:john smith"), entity("person:carl coerced")
JOURNALIST = entity("person:jo journalist")
PEOPLE = (REGISTRANT, VICTIM, NAMESAKE, WORKER, JOURNALIST)
INNOCENT = (*PEOPLE, SHOP, HACKED)
SEEN = on_day("2026-01-20")


@pytest.fixture(scope="module")
def near(worlds: Callable[[], World]) -> World:
    """A crime with people near it, all of it accepted by everybody."""
    world = worlds()
    world.join("charity")
    told = [
        (SITE, "indicates", GANG),
        (SITE, "requests-payment-to", WALLET),
        (SITE, "resolves-to", HOST),
        (SHOP, "resolves-to", HOST),
        (SITE, "contact", REGISTRANT),
        (VICTIM, "pays", WALLET),
        (GANG, "uses", WORKER),
        (GANG, "alias", "John Smith"),
        (HACKED, "indicates", GANG),
        (HACKED, "compromised-by", GANG),
        (NAMESAKE, "account", entity("email-addr:j.smith@cakes.com")),
    ]
    ids = world.ids("bank", world.say("bank", *told, grade="A1", marking=GREEN, observed=SEEN))
    nominated = [(GANG, "controlled-by", JOURNALIST), (SITE, "contact", JOURNALIST)]
    ids += world.ids("bank", world.say("bank", *nominated, marking=GREEN, path="nomination.txt"))
    for who in ("police", "vendor", "charity"):
        vote(world.open(who), ids, Vote.CONFIRM, "checked")
    world.say("vendor", (HOST, "listed-on", entity("known-list:cloud ranges")), path="known.txt")
    connect(world.open("vendor"))
    return world


def exported(atlas: Atlas, form: str) -> str:
    out = io.BytesIO()
    export(atlas, form, out)
    return out.getvalue().decode("utf-8", "replace").casefold()


def named(one: Entity, text: str) -> bool:
    return one.value.casefold() in text.casefold()


# --- no target, no lead, no crossing, by whoever asks ---


@pytest.mark.parametrize("who", ["bank", "police", "charity"])
@pytest.mark.parametrize("innocent", INNOCENT, ids=lambda one: one.value)
def test_choke_names_no_innocent_as_target_lead_or_hub(near: World, innocent: Entity, who: str) -> None:
    answer = choke(near.open(who)).to_json()
    told = [*answer["plan"], *answer["leads"], answer["biggest_hub"]]
    assert answer["plan"], "the criminal's own site must be there, or the test would prove nothing"
    assert not named(innocent, json.dumps(told))


@pytest.mark.parametrize("innocent", INNOCENT, ids=lambda one: one.value)
def test_no_handle_of_the_plan_is_an_innocents(near: World, innocent: Entity) -> None:
    view = load_snapshot(near.open("police"))
    handles = [row for lever in choke(near.open("police")).plan for row in lever.handles]
    struck = view.entities({int(view.snapshot.subject[row]) for row in handles})
    assert innocent not in struck.values()


@pytest.mark.parametrize("innocent", INNOCENT, ids=lambda one: one.value)
def test_no_crossing_ends_at_an_innocent(near: World, innocent: Entity) -> None:
    view = load_snapshot(near.open("police"))
    found = crossings(view.snapshot)
    ends = view.entities({node for one in found for node in (one.left, one.right)})
    assert innocent not in ends.values()


# --- no label ---


@pytest.mark.parametrize("innocent", [SHOP, VICTIM, NAMESAKE, REGISTRANT, WORKER], ids=lambda one: one.value)
def test_no_accusing_sentence_has_the_innocent_as_its_subject(near: World, innocent: Entity) -> None:
    evidence = show(near.open("police"), str(innocent)).evidence
    assert evidence
    accusing = [
        one for one in evidence if one.stored.claim.subject == innocent and one.stored.claim.property in CRIME
    ]
    assert accusing == []


@pytest.mark.parametrize("innocent", [SHOP, NAMESAKE, VICTIM], ids=lambda one: one.value)
def test_check_tells_of_no_crime(near: World, innocent: Entity) -> None:
    told = tell(near.open("police"), [innocent])[innocent]
    assert told.status == "known"
    assert told.conflicts == ()
    assert told.best is not None
    assert told.best.stored.claim.property not in CRIME


def test_the_shared_host_is_told_as_shared_and_not_as_criminal(near: World) -> None:
    told = tell(near.open("police"), [HOST])[HOST]
    assert told.status == "shared"
    [warning] = show(near.open("police"), HOST.value).to_json()["warnings"]
    assert "shared or known to be good" in warning


def test_a_hacked_site_is_told_with_what_it_suffered(near: World) -> None:
    said = {one.stored.claim.property for one in show(near.open("police"), HACKED.value).evidence}
    assert "compromised-by" in said
    assert choke(near.open("police")).left_out == {"hacked and thus a victim's": 1}


# --- no "behind" ---


def test_a_path_through_a_shared_host_joins_nothing_and_says_so(near: World) -> None:
    [route, *_] = path(near.open("police"), GANG.value, SHOP.value).routes
    assert not route.joins
    assert any(code == "shared-infrastructure" for code, _ in route.warnings)


def test_the_shop_is_in_no_cluster_with_the_site(near: World) -> None:
    view = load_snapshot(near.open("police"))
    reader = near.open("police").reader
    with reader.connect() as connection:
        eids = [reader.eid(connection, one) for one in (SHOP, SITE)]
    nodes = [view.node_of_eid(eid) for eid in eids if eid is not None]
    clusters = {int(view.snapshot.cluster[node]) for node in nodes if node is not None}
    strands = {int(view.snapshot.strand[node]) for node in nodes if node is not None}
    assert len(clusters) == 2
    assert len(strands) == 2


@pytest.mark.parametrize("who", ["bank", "police"])
def test_a_name_that_a_gang_uses_makes_no_person_one_with_it(near: World, who: str) -> None:
    view = load_snapshot(near.open(who))
    entities = view.entities(range(view.snapshot.size))
    at = {one: node for node, one in entities.items()}
    assert view.snapshot.cluster[at[NAMESAKE]] != view.snapshot.cluster[at[GANG]]
    assert show(near.open(who), str(NAMESAKE)).identity == ()


def test_a_name_finds_person_and_gang_as_two(near: World) -> None:
    hits = [hit.entity.value for hit in search(near.open("police"), "john smith")]
    dossier = show(near.open("police"), "john smith")
    assert dossier.entity is not None
    assert dossier.entity.value.endswith("(other)")
    assert dossier.entity.value in hits
    assert all(one.stored.claim.subject != GANG for one in dossier.evidence)


def test_a_victim_who_paid_is_known_as_paying_and_nothing_else(near: World) -> None:
    said = {one.stored.claim.property for one in show(near.open("police"), str(VICTIM)).evidence}
    assert said == {"pays"}
    [route] = path(near.open("police"), str(VICTIM), WALLET.value).routes
    assert [step.property for step in route.steps] == ["pays"]


# --- no name handed on ---


@pytest.mark.parametrize("form", ["csv", "stix", "misp", "maltego", "graphml"])
@pytest.mark.parametrize("innocent", PEOPLE, ids=lambda one: one.value)
def test_no_export_names_an_innocent_person(near: World, innocent: Entity, form: str) -> None:
    assert not named(innocent, exported(near.open("bank"), form))


@pytest.mark.parametrize("target", ["evil.com", "bad gang", WALLET.value, HOST.value])
def test_no_page_of_any_package_names_an_innocent_person(near: World, tmp_path: Path, target: str) -> None:
    build(near.open("bank"), target, tmp_path / "p")
    pages = [one for one in (tmp_path / "p").rglob("*") if one.suffix in {".html", ".svg", ".md", ".csv"}]
    assert pages
    for page in pages:
        text = page.read_text("utf-8")
        assert not [one for one in PEOPLE if named(one, text)], page.name


@pytest.mark.parametrize("innocent", [VICTIM, JOURNALIST, REGISTRANT], ids=lambda one: one.value)
def test_a_package_about_somebody_bears_no_name_in_its_title(
    near: World, tmp_path: Path, innocent: Entity
) -> None:
    built = build(near.open("bank"), innocent.value, tmp_path / "p")
    assert re.fullmatch(r"Person [a-z2-7]{8}( \(\w+\))?", built.title)
    page = (tmp_path / "p" / "report.html").read_text("utf-8")
    assert built.title in page
    assert not named(innocent, page)
    [look] = [
        one
        for one in log(near.open("bank"))
        if one.entry.verb == "package" and one.entry.asked == innocent.value
    ]
    assert innocent in {entity(f"{kind}:{value}") for kind, value in look.entry.entities}


def test_whom_an_authority_named_is_named(world: World, tmp_path: Path) -> None:
    """The rule is no blanket: a court must read who was sanctioned."""
    boss = entity("person:ivan ivanov")
    said = [(boss, "sanctioned-by", entity("organisation:ofac")), (boss, "uses", SITE)]
    ids = world.ids("bank", world.say("bank", *said, grade="A1", observed=SEEN))
    for who in ("police", "vendor"):
        vote(world.open(who), ids, Vote.CONFIRM, "on the list")
    assert build(world.open("bank"), "ivan ivanov", tmp_path / "p").title == "ivan ivanov"
    assert named(boss, (tmp_path / "p" / "report.html").read_text("utf-8"))


def test_a_drawing_for_the_members_still_shows_who_is_who(near: World) -> None:
    """What is handed on is pseudonymous; who works on the case must know whom to protect."""
    view = load_snapshot(near.open("police"))
    entities = view.entities(range(view.snapshot.size))
    centre = next(node for node, one in entities.items() if one == WALLET)
    drawn = {node.id for node in picture(view, [centre]).nodes}
    assert str(VICTIM) in drawn


# --- the denounced journalist ---


def test_whoever_objects_stops_three_who_denounce(world: World) -> None:
    world.join("charity")
    ids = world.ids("bank", world.say("bank", (GANG, "controlled-by", JOURNALIST), grade="A1", marking=GREEN))
    for who in ("police", "vendor"):
        vote(world.open(who), ids, Vote.CONFIRM, "we all know it")
    vote(world.open("charity"), ids, Vote.DISPUTE, "she reports on them; we know her work")
    [one] = show(world.open("bank"), str(JOURNALIST)).evidence
    assert one.standing.verdict is Verdict.DISPUTED
    assert show(world.open("bank"), str(JOURNALIST), accepted=True).evidence == ()


def test_one_word_for_somebodys_safety_takes_them_out_of_everything_handed_on(world: World, tmp_path) -> None:
    ids = world.ids("bank", world.say("bank", (GANG, "controlled-by", JOURNALIST), grade="A1"))
    for who in ("police", "vendor"):
        vote(world.open(who), ids, Vote.CONFIRM, "we all know it")
    flag_safety(world.open("vendor"), JOURNALIST, "she gets threats")
    with pytest.raises(ChokepointError, match="withheld"):
        build(world.open("bank"), GANG.value, tmp_path / "p")
    assert not (tmp_path / "p").exists()
    assert "controlled-by" not in exported(world.open("police"), "csv")


def test_an_overseer_reads_who_denounced_whom_and_lifts_nothing_unasked(world: World) -> None:
    world.say("bank", (GANG, "controlled-by", JOURNALIST), marking=GREEN)
    join(world.open("police", "olga"), invite(world.open("police"), "olga", [Role.VETTER]))
    appoint(world.open("bank"), "police/olga", Role.OVERSEER)
    olga = world.open("police", "olga")
    veto(olga, JOURNALIST, "a journalist, to be looked at")
    held = held_on(olga, JOURNALIST)
    assert held.is_withheld
    assert [one.stored.claim.property for one in held.evidence] == ["controlled-by"]


def test_a_withdrawn_accusation_is_shown_as_withdrawn_to_whoever_looks(world: World) -> None:
    ids = world.ids("bank", world.say("bank", (SITE, "contact", JOURNALIST), marking=GREEN))
    recall(world.open("bank"), ids, "mistaken for another")
    for who in ("bank", "police", "vendor"):
        [one] = show(world.open(who), str(JOURNALIST)).evidence
        assert one.standing.verdict is Verdict.RECALLED
        assert search(world.open(who), "jo journalist", accepted=True) == []


# --- fishing ---


@pytest.fixture
def fisher(world: World) -> World:
    """A person of the police, who has no case."""
    world.say("bank", (SITE, "indicates", GANG), marking=GREEN)
    join(world.open("police", "fred"), invite(world.open("police"), "fred", [Role.INVESTIGATOR]))
    join(world.open("police", "olga"), invite(world.open("police"), "olga", [Role.VETTER]))
    appoint(world.open("bank"), "police/olga", Role.OVERSEER)
    return world


FISHING: dict[str, Callable[[Atlas], object]] = {
    "show": lambda atlas: show(atlas, "evil.com"),
    "search": lambda atlas: search(atlas, "evil"),
    "check": lambda atlas: check(atlas, Document(path="p", data=b"evil.com")),
    "path": lambda atlas: path(atlas, "evil.com", "bad gang"),
    "choke": choke,
    "export": lambda atlas: export(atlas, "csv", io.BytesIO(), target="evil.com", at_most=Tlp.AMBER),
}


@pytest.mark.parametrize("flow", list(FISHING))
def test_the_last_look_allowed_outside_a_case_is_answered_and_the_next_is_not(
    fisher: World, monkeypatch: pytest.MonkeyPatch, flow: str
) -> None:
    monkeypatch.setattr("chokepoint.desk.watch.access.QUOTA", 3)
    atlas = fisher.open("police", "fred")
    for _ in range(3):
        FISHING[flow](atlas)
    with pytest.raises(RefusedError, match="outside any case") as caught:
        FISHING[flow](atlas)
    assert caught.value.place == "police/fred"
    assert "--case" in caught.value.mend


def test_looks_by_several_verbs_count_together(fisher: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chokepoint.desk.watch.access.QUOTA", len(FISHING))
    atlas = fisher.open("police", "fred")
    for look in FISHING.values():
        look(atlas)
    with pytest.raises(RefusedError, match="outside any case"):
        show(atlas, "evil.com")


def test_a_look_that_was_stopped_shows_nothing_and_the_alarm_came_before(fisher: World) -> None:
    assert ALARMED < QUOTA
    atlas = fisher.open("police", "fred")
    for _ in range(ALARMED):
        show(atlas, "evil.com")
    [alarm] = alarms(fisher.open("police", "olga"))
    assert alarm == {"day": "2026-02-03", "looks": ALARMED, "person": "police/fred"}


def test_a_colleagues_looks_are_not_counted_for_another(
    fisher: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chokepoint.desk.watch.access.QUOTA", 1)
    join(fisher.open("police", "gina"), invite(fisher.open("police"), "gina", [Role.INVESTIGATOR]))
    show(fisher.open("police", "fred"), "evil.com")
    assert show(fisher.open("police", "gina"), "evil.com").entity == SITE


def test_looks_for_a_case_go_on_and_name_the_case(fisher: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chokepoint.desk.watch.access.QUOTA", 0)
    case = open_case(
        fisher.open("police"), Case(id="", title="t", purpose="p", owner="fred", review_date="2027-01-01")
    )
    atlas = replace(fisher.open("police", "fred"), purpose=case.id)
    assert show(atlas, "evil.com").entity == SITE
    assert {one.entry.purpose for one in log(fisher.open("police", "olga"), who="police/fred")} == {case.id}


def test_whoever_fishes_for_people_is_found_by_whom_they_looked_up(fisher: World) -> None:
    fred = fisher.open("police", "fred")
    for text in ("evil.com", "person:jo journalist", "bad gang"):
        show(fred, text)
    olga = fisher.open("police", "olga")
    assert [one.who for one in log(olga, about=SITE)] == ["police/fred"]
    assert [one.entry.asked for one in log(olga, who="police/fred", case="")].count(
        "person:jo journalist"
    ) == 1
