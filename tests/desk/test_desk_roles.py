"""Who may do what: every flow of the desk for every role, and the plain word to who may not."""

from __future__ import annotations

import io
from contextlib import suppress
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING

import pytest
from desk_world import World, entity

from chokepoint.collect.base import Document
from chokepoint.desk.analyse import choke
from chokepoint.desk.canvas.grow import branches
from chokepoint.desk.connect import connect
from chokepoint.desk.gather import gather
from chokepoint.desk.hand import build, export
from chokepoint.desk.handing.remark import remark
from chokepoint.desk.identity import decide, judgements
from chokepoint.desk.keeping.checkpoint import prove
from chokepoint.desk.keeping.erase import erase, hold
from chokepoint.desk.looking.check import check
from chokepoint.desk.looking.look import search, show
from chokepoint.desk.looking.route import path
from chokepoint.desk.looking.source import source
from chokepoint.desk.member import update
from chokepoint.desk.people.circle import change_group, make_group
from chokepoint.desk.people.staff import appoint, depart, invite, join, let_go, set_roles
from chokepoint.desk.resolve import claim_ids
from chokepoint.desk.vetting.calibration import publish
from chokepoint.desk.vetting.queue import queue
from chokepoint.desk.vetting.review import choose_policy, look_at_votes, recall, vote
from chokepoint.desk.watch.access import log
from chokepoint.desk.watch.oversight import alarms, flag_safety, held_on, leaked, veto
from chokepoint.desk.work.case import Case, close_case, open_case, set_members, set_task
from chokepoint.desk.work.note import Draft, note
from chokepoint.model.errors import ChokepointError, LedgerError, NotFoundError, RefusedError
from chokepoint.model.judgement import Sameness, Vote
from chokepoint.model.marking import CLEAR, Marking, Tlp
from chokepoint.model.role import COALITION, Role
from chokepoint.store.base import RecordRow
from chokepoint.store.canonical import canonical
from chokepoint.store.people import PERSON

if TYPE_CHECKING:
    from collections.abc import Callable

    from chokepoint.desk.atlas import Atlas

EVIL, GANG = entity("domain-name:evil.com"), entity("group:bad gang")
FRESH = count(1)
WHOLE = "the organisation"
ROLES = (*(role.value for role in Role), WHOLE)
SPEAKS = {"investigator", "coordinator", WHOLE}
VOTES = {"vetter", "coordinator", WHOLE}
LOOKS = {"investigator", "vetter", "coordinator", "overseer", WHOLE}
PEOPLE = {"administrator", WHOLE}


def draft() -> Case:
    return Case(id="", title=f"Case {next(FRESH)}", purpose="p", owner="o", review_date="2027-01-01")


def own(atlas: Atlas) -> list[str]:
    """A claim of the bank's that was made for this purpose alone."""
    whole = replace(atlas, viewer=replace(atlas.viewer, user=""))
    note(whole, Draft(text=f"number {next(FRESH)}", about=("domain-name:own.com",)))
    return [show(whole, "own.com").evidence[0].stored.id]


def anothers(atlas: Atlas) -> list[str]:
    """A claim of the vendor's on which nobody of the bank has voted."""
    vendor = replace(atlas, viewer=replace(atlas.viewer, organisation="vendor", user=""))
    note(vendor, Draft(text=f"number {next(FRESH)}", about=("domain-name:theirs.com",)))
    return [show(vendor, "theirs.com").evidence[0].stored.id]


def known(atlas: Atlas) -> str:
    """The claim that everybody has voted on."""
    return show(replace(atlas, viewer=replace(atlas.viewer, user="")), "evil.com").evidence[0].stored.id


def absent(atlas: Atlas) -> None:
    """Whoever may look is told that there is nothing; nobody else is told that much."""
    with suppress(NotFoundError):
        branches(atlas, "domain-name:absent.com")


def listed(atlas: Atlas) -> None:
    path = atlas.folder / "cache" / "list.txt"
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"site{next(FRESH)}.com\n")
    gather(atlas, [path])


def group(atlas: Atlas) -> None:
    whole = replace(atlas, viewer=replace(atlas.viewer, user=""))
    made = make_group(whole, f"Desk {next(FRESH)}", ["bank"])
    change_group(atlas, made.scope, add=["police"])


def case_of(atlas: Atlas) -> str:
    return open_case(replace(atlas, viewer=replace(atlas.viewer, user="")), draft()).id


def somebody(atlas: Atlas) -> str:
    """A new person of the bank, at work."""
    user = f"person{next(FRESH)}"
    whole = replace(atlas, viewer=replace(atlas.viewer, user=""))
    join(replace(atlas, viewer=replace(atlas.viewer, user=user)), invite(whole, user, [Role.VETTER]))
    return user


def again(atlas: Atlas) -> None:
    """A new proposal waits, so that there is something to record."""
    vendor = replace(atlas, viewer=replace(atlas.viewer, organisation="vendor", user=""))
    number = next(FRESH)
    links = [(f"malware:old{number}", "alias", f"new{number}")]
    links += [("evil.com", "indicates", f"malware:{age}{number}") for age in ("old", "new")]
    note(vendor, Draft(text="names", links=tuple(links)))
    assert connect(atlas).same


FLOWS: dict[str, tuple[Callable[[Atlas], object], set[str]]] = {
    "show": (lambda atlas: show(atlas, "evil.com"), LOOKS),
    "search": (lambda atlas: search(atlas, "evil"), LOOKS),
    "check": (lambda atlas: check(atlas, Document(path="p", data=b"evil.com")), LOOKS),
    "path": (lambda atlas: path(atlas, "evil.com", "bad gang"), LOOKS),
    "choke": (choke, LOOKS),
    "identity list": (judgements, LOOKS),
    "review list": (queue, LOOKS),
    "votes": (lambda atlas: look_at_votes(atlas, known(atlas)), LOOKS),
    "the beginning of an id": (lambda atlas: claim_ids(atlas, [known(atlas)[:8]]), LOOKS),
    "source": (lambda atlas: source(atlas, known(atlas)), LOOKS),
    "prove": (lambda atlas: prove(atlas, known(atlas)), LOOKS),
    "branches": (lambda atlas: branches(atlas, "domain-name:evil.com"), LOOKS),
    "branches of nothing": (absent, LOOKS),
    "export": (lambda atlas: export(atlas, "csv", io.BytesIO()), LOOKS),
    "package": (lambda atlas: build(atlas, "evil.com", atlas.folder / "cache" / f"p{next(FRESH)}"), LOOKS),
    "note": (lambda atlas: note(atlas, Draft(text=f"evil.com {next(FRESH)}")), SPEAKS),
    "collect": (listed, SPEAKS),
    "connect": (again, SPEAKS),
    "identity": (lambda atlas: decide(atlas, ("evil.com", "bad gang"), Sameness.UNSURE, reason="r"), SPEAKS),
    "case open": (lambda atlas: open_case(atlas, draft()), SPEAKS),
    "case task": (lambda atlas: set_task(atlas, case_of(atlas), "call"), SPEAKS),
    "case member": (lambda atlas: set_members(atlas, case_of(atlas), add=["police"]), SPEAKS),
    "case close": (lambda atlas: close_case(atlas, case_of(atlas), "done"), SPEAKS),
    "recall": (lambda atlas: recall(atlas, own(atlas), "wrong"), SPEAKS),
    "safety": (lambda atlas: flag_safety(atlas, EVIL, "in danger"), SPEAKS),
    "hold": (lambda atlas: hold(atlas, EVIL, reason="a trial"), SPEAKS),
    "vote": (lambda atlas: vote(atlas, anothers(atlas), Vote.CONFIRM, "seen"), VOTES),
    "group make": (lambda atlas: make_group(atlas, f"Desk {next(FRESH)}", ["bank"]), SPEAKS),
    "group change": (group, SPEAKS),
    "remark": (lambda atlas: remark(atlas, own(atlas), CLEAR, "open"), SPEAKS),
    "invite": (lambda atlas: invite(atlas, f"new{next(FRESH)}", [Role.VETTER]), PEOPLE),
    "roles": (lambda atlas: set_roles(atlas, somebody(atlas), [Role.INVESTIGATOR]), PEOPLE),
    "let go": (lambda atlas: let_go(atlas, somebody(atlas)), PEOPLE),
    "appoint": (lambda atlas: appoint(atlas, "vendor/vera", Role.COORDINATOR), PEOPLE),
    "depart": (lambda atlas: depart(atlas, "vendor", "x", left=False), PEOPLE),
    "policy": (lambda atlas: choose_policy(atlas, "default"), SPEAKS),
    "calibration": (publish, SPEAKS),
    "member": (lambda atlas: update(atlas, "bank", lambda one: replace(one, country=country())), SPEAKS),
    "veto": (lambda atlas: veto(atlas, GANG, "no"), {"overseer"}),
    "lift": (lambda atlas: veto(atlas, GANG, "yes", lift=True), {"overseer"}),
    "subject": (lambda atlas: held_on(atlas, EVIL), {"overseer"}),
    "alarms": (alarms, {"overseer"}),
    "leak": (lambda atlas: leaked(atlas, "some text"), {"overseer"}),
    "own log": (log, set(ROLES)),
}  # fmt: skip


def country() -> str:
    """Another one each time, or nothing would be recorded."""
    number = next(FRESH)
    return chr(ord("A") + number // 26 % 26) + chr(ord("A") + number % 26)


@pytest.fixture(scope="module")
def staffed(worlds: Callable[[], World]) -> World:
    """A bank, founder of its atlas, with one person in each role."""
    world = worlds()
    world.say("vendor", (EVIL, "indicates", GANG), grade="A1")
    ids = world.ids("vendor", [max_seq(world)])
    for name in ("bank", "police"):
        vote(world.open(name), ids, Vote.CONFIRM, "seen")
    for role in Role:
        given = Role.VETTER if role in COALITION else role
        join(world.open("bank", role.value), invite(world.open("bank"), role.value, [given]))
    whole = world.open("bank")
    for role in sorted(COALITION, key=lambda one: one.value):
        appoint(whole, f"bank/{role.value}", role)
    for role in COALITION:
        nothing_else(world, role)
    return world


def max_seq(world: World) -> int:
    reader = world.open("vendor").reader
    with reader.connect() as connection:
        return max(one.seq for one in reader.claims(connection, range(1, 100)))


def nothing_else(world: World, role: Role) -> None:
    """Their own organisation's role is taken from somebody whom the founder appointed."""
    said = {"person": role.value, "roles": [], "state": "active", "token": "", "until": ""}
    atlas = world.open("bank")
    row = RecordRow(PERSON, canonical(said), Marking(tlp=Tlp.AMBER_STRICT))
    atlas.ledger.append(atlas.speaker(), [row])


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("flow", list(FLOWS))
def test_a_flow_is_open_to_whose_role_allows_it_and_to_nobody_else(
    staffed: World, flow: str, role: str
) -> None:
    do, allowed = FLOWS[flow]
    atlas = staffed.open("bank", "" if role == WHOLE else role)
    if role in allowed:
        do(atlas)
        return
    with pytest.raises((RefusedError, LedgerError)) as caught:
        do(atlas)
    words = f"{caught.value} {caught.value.place}"
    assert "may not" in words or "only an overseer" in words or "only" in words
    assert caught.value.mend or "may not" in words


def test_a_refused_flow_leaves_no_record(staffed: World) -> None:
    atlas = staffed.open("bank", "overseer")
    before = records(staffed)
    for do in (lambda one: note(one, Draft(text="evil.com again")), lambda one: veto(one, EVIL, " ")):
        with pytest.raises(ChokepointError):
            do(atlas)
    assert records(staffed) == before


def records(world: World) -> int:
    with world.open("bank").engine.connect() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM records").scalar_one())


@pytest.mark.parametrize("who", ["police", "vendor"])
@pytest.mark.parametrize("flow", ["policy", "calibration", "appoint", "depart", "member"])
def test_what_is_the_founders_is_refused_to_every_other_member(staffed: World, flow: str, who: str) -> None:
    with pytest.raises(RefusedError) as caught:
        FLOWS[flow][0](staffed.open(who))
    assert "founder" in str(caught.value)
    assert caught.value.mend


def test_only_the_keeper_of_the_log_erases(staffed: World) -> None:
    with pytest.raises(RefusedError, match="only bank"):
        erase(staffed.open("police"), EVIL, reason="asked", basis="law")


@pytest.mark.parametrize("role", ["investigator", "vetter", "coordinator", "overseer"])
def test_a_person_who_has_left_may_do_nothing_any_more(worlds: Callable[[], World], role: str) -> None:
    world = worlds()
    given = Role(role)
    join(
        world.open("bank", "pat"),
        invite(world.open("bank"), "pat", [Role.VETTER if given in COALITION else given]),
    )
    if given in COALITION:
        appoint(world.open("bank"), "bank/pat", given)
        appoint(world.open("bank"), "bank/pat", given, held=False)
    let_go(world.open("bank"), "pat")
    for flow in ("note", "vote", "group make", "invite", "veto"):
        with pytest.raises((RefusedError, LedgerError)):
            FLOWS[flow][0](world.open("bank", "pat"))
