"""Every refusal names what is wrong, where, and how to mend it; and what was refused left nothing behind."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from desk_world import World, entity

from chokepoint.collect.base import Document
from chokepoint.desk.demo.corpus import choose
from chokepoint.desk.gather import GatherOptions, gather
from chokepoint.desk.hand import build, export
from chokepoint.desk.handing.publish import read, write
from chokepoint.desk.handing.remark import remark
from chokepoint.desk.identity import decide
from chokepoint.desk.keeping.checkpoint import check_proof, prove, request
from chokepoint.desk.keeping.erase import erase, hold, named_by, preview
from chokepoint.desk.looking.check import check
from chokepoint.desk.member import one, update
from chokepoint.desk.network import dismantle_file, plan_for
from chokepoint.desk.people.circle import change_group, find_group, leave_group, make_group
from chokepoint.desk.people.staff import appoint, depart, invite, join, let_go, set_roles
from chokepoint.desk.resolve import claim_ids
from chokepoint.desk.vetting.calibration import publish
from chokepoint.desk.vetting.review import Besides, choose_policy, in_capture, recall, vote
from chokepoint.desk.watch.access import for_purpose
from chokepoint.desk.watch.oversight import flag_safety, named, veto
from chokepoint.desk.work.case import (
    LONGEST,
    MOST_TASKS,
    Case,
    Task,
    close_case,
    find_case,
    finish_task,
    open_case,
    set_members,
    set_task,
)
from chokepoint.desk.work.note import Draft, note
from chokepoint.model.errors import (
    BadInputError,
    ChokepointError,
    LedgerError,
    NotFoundError,
    NotValidError,
    RefusedError,
)
from chokepoint.model.judgement import Sameness, Vote
from chokepoint.model.marking import CLEAR, Marking
from chokepoint.model.role import Role
from chokepoint.package.parts import Package

if TYPE_CHECKING:
    from collections.abc import Callable

    from chokepoint.desk.atlas import Atlas

EVIL, GANG = entity("domain-name:evil.com"), entity("group:bad gang")
LONG = "x" * (LONGEST + 1)
NOBODY = "0" * 64
CASE = Case(id="", title="Ring", purpose="protect", owner="ann", review_date="2027-01-01")
GROUP = "group:00000000-0000-4000-8000-000000000000"


@pytest.fixture(scope="module")
def world(worlds: Callable[[], World]) -> World:
    """A bank with a claim, a case and a group of its own, beside what the vendor says."""
    made = worlds()
    made.say("bank", (EVIL, "indicates", GANG), path="own.txt")
    made.say("vendor", (entity("domain-name:theirs.com"), "indicates", GANG), path="theirs.txt")
    open_case(made.open("bank"), replace(CASE, tasks=(Task("call"),)))
    open_case(made.open("vendor"), replace(CASE, title="Theirs"))
    make_group(made.open("vendor"), "Their desk", ["vendor", "bank"])
    join(made.open("bank", "ann"), invite(made.open("bank"), "ann", [Role.VETTER]))
    return made


def ids(atlas: Atlas, value: str) -> list[str]:
    reader = atlas.reader
    with reader.connect() as connection:
        eid = reader.eid(connection, entity(value))
        assert eid is not None
        return [claim.id for claim in reader.claims(connection, reader.about(connection, eid))]


def cases_of(atlas: Atlas) -> dict[str, str]:
    from chokepoint.desk.work.case import cases  # noqa: PLC0415 - beside its use

    return {case.title: case.id for case in cases(atlas)}


def own(atlas: Atlas) -> list[str]:
    return ids(atlas, "domain-name:evil.com")


def theirs(atlas: Atlas) -> list[str]:
    return ids(atlas, "domain-name:theirs.com")


def pasted(data: bytes, name: str) -> Document:
    return Document(path=name, data=data)


def in_a_file(data: bytes, name: str = "net.json") -> Callable[[Atlas], Path]:
    def put(atlas: Atlas) -> Path:
        path = atlas.folder / "cache" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
        return path

    return put


BENT = in_a_file(b'{"nodes": [')
TORN = in_a_file(b"\x1f\x8b\x08\x00torn", "edges.gz")
NO_ARRAYS = in_a_file(b"PK\x03\x04 no archive", "edges.npz")

REFUSALS: dict[str, tuple[Callable[[Atlas], object], type[ChokepointError], str, str, str]] = {
    # what is done: (flow, error, words of it, its place, words of the mend)
    "an empty note": (lambda a: note(a, Draft(text=" \n")), RefusedError, "1 to 100,000 characters", "", "collect"),
    "a note about nothing": (lambda a: note(a, Draft(text="he looked sad")), RefusedError, "about nothing", "", "--about KIND:VALUE"),
    "a note with a property that is none": (
        lambda a: note(a, Draft(text="x", links=(("evil.com", "ate", "group:g"),))), NotValidError, "unknown property 'ate'", "", "use one of indicates",
    ),
    "a note of an empty attribute": (
        lambda a: note(a, Draft(text="x", links=(("evil.com", "status", " "),))), NotValidError, "status of nothing", "", "give its value",
    ),
    "a note of no day": (lambda a: note(a, Draft(text="evil.com", when="yesterday")), NotValidError, "yesterday", "", ""),
    "a note of days turned round": (lambda a: note(a, Draft(text="evil.com", when="2026-02-02..2026-02-01")), NotValidError, "", "", ""),
    "a note for a group that is none": (
        lambda a: note(a, Draft(text="evil.com", marking=Marking(audience=frozenset({GROUP})))), NotFoundError, "no such group", GROUP[6:], "`chokepoint group list`",
    ),
    "a note in a case that is none": (
        lambda a: note(a, Draft(text="evil.com", marking=Marking(cases=frozenset({"case-0"})))), NotFoundError, "no such case", "case-0", "`chokepoint case list`",
    ),
    "a case without a title": (lambda a: open_case(a, replace(CASE, title=" ")), RefusedError, "a title of 1 to 2,000", "TITLE", "personal data"),
    "a case without a purpose": (lambda a: open_case(a, replace(CASE, purpose="")), RefusedError, "a purpose", "--purpose", "personal data"),
    "a case without an owner": (lambda a: open_case(a, replace(CASE, owner="")), RefusedError, "an owner", "--owner", ""),
    "a case without a review date": (lambda a: open_case(a, replace(CASE, review_date="")), RefusedError, "review date", "--review", ""),
    "a case with a review date that is none": (lambda a: open_case(a, replace(CASE, review_date="soon")), NotValidError, "soon", "", ""),
    "a case with too long a purpose": (lambda a: open_case(a, replace(CASE, purpose=LONG)), RefusedError, "a purpose", "--purpose", ""),
    "a case with too many tasks": (
        lambda a: open_case(a, replace(CASE, tasks=(Task("t"),) * (MOST_TASKS + 1))), RefusedError, "at most 500 tasks", "--task", "",
    ),
    "a case for a member that is none": (lambda a: open_case(a, replace(CASE, members=("nobody",))), NotValidError, "'nobody' is no member", "", "ORG or ORG/USER"),
    "a task in another's case": (lambda a: set_task(a, cases_of(a)["Theirs"], "x"), RefusedError, "the case is vendor's", "case-", "ask its owner"),
    "a task that is empty": (lambda a: set_task(a, cases_of(a)["Ring"], " "), RefusedError, "1 to 2,000 characters", "--task", ""),
    "a task that is not there": (lambda a: finish_task(a, cases_of(a)["Ring"], 7), NotFoundError, "no task 7", "case-", "`chokepoint case show`"),
    "a case that is not there": (lambda a: find_case(a, "case-ffff"), NotFoundError, "no such case", "case-ffff", "`chokepoint case list`"),
    "closing without a reason": (lambda a: close_case(a, cases_of(a)["Ring"], ""), RefusedError, "needs a reason", "", "--reason TEXT"),
    "closing another's case": (lambda a: close_case(a, cases_of(a)["Theirs"], "x"), RefusedError, "vendor's", "case-", "ask its owner"),
    "a member of another's case": (lambda a: set_members(a, cases_of(a)["Theirs"], add=["bank"]), RefusedError, "vendor's", "case-", ""),
    "looking for a case that is none": (lambda a: for_purpose(replace(a, purpose="ffff")), NotFoundError, "no such case", "ffff", "`chokepoint case list`"),
    "a vote without a reason": (lambda a: vote(a, theirs(a), Vote.CONFIRM, " "), RefusedError, "a vote needs a reason", "", "what you checked"),
    "a vote on nothing": (lambda a: vote(a, [], Vote.CONFIRM, "r"), RefusedError, "1 to 10000 claims, not 0", "", ""),
    "a vote on one's own": (lambda a: vote(a, own(a), Vote.CONFIRM, "r"), RefusedError, "nobody vets their own claim", "", "ask another member"),
    "a vote on what is not there": (lambda a: vote(a, [NOBODY], Vote.CONFIRM, "r"), NotFoundError, "no such claim", NOBODY, "`review list`"),
    "a vote until yesterday": (
        lambda a: vote(a, theirs(a), Vote.CONFIRM, "r", besides=Besides(until="2026-02-02")), RefusedError, "2026-02-02 is past", "", "a day after today",
    ),
    "an answer to dissent unread": (
        lambda a: vote(a, theirs(a), Vote.CONFIRM, "r", besides=Besides(despite=True)), RefusedError, "has not voted", "", "chokepoint review votes CLAIM",
    ),
    "a recall without a reason": (lambda a: recall(a, theirs(a), " "), RefusedError, "withdrawing claims needs a reason", "", "--reason"),
    "a recall of another's claim": (lambda a: recall(a, theirs(a), "r"), RefusedError, "only its contributor", "", "review vote --dispute"),
    "a recall of what is not there": (lambda a: recall(a, [NOBODY], "r"), NotFoundError, "no such claim", NOBODY, "`show --json`"),
    "a policy that is none": (lambda a: choose_policy(a, "lax"), NotFoundError, "'lax'", "", "default, strict, attribution, corroborated, frozen"),
    "a policy by another": (lambda a: choose_policy(as_police(a), "strict"), RefusedError, "only the founder", "", "first member"),
    "calibration by another": (lambda a: publish(as_police(a)), RefusedError, "only the founder", "", "first member"),
    "a capture that is none": (lambda a: in_capture(a, "00"), NotFoundError, "no such capture", "00", "`show --json`"),
    "an id too short": (lambda a: claim_ids(a, ["00000"]), NotFoundError, "no such claim, or several", "00000", "`review list`"),
    "a remark without a reason": (lambda a: remark(a, own(a), CLEAR, ""), RefusedError, "needs a reason", "--reason", "say why"),
    "a remark of nothing": (lambda a: remark(a, [], CLEAR, "r"), RefusedError, "1 to 10,000 claims, not 0", "", ""),
    "a remark of another's claim": (lambda a: remark(a, theirs(a), CLEAR, "r"), RefusedError, "only the originator", "", "put it in"),
    "a judgement without a reason": (lambda a: decide(a, ("evil.com", "bad gang"), Sameness.SAME, reason=""), RefusedError, "1 to 2,000 characters", "", "--reason TEXT"),
    "a judgement with too much reason": (lambda a: decide(a, ("evil.com", "bad gang"), Sameness.SAME, reason=LONG), RefusedError, "1 to 2,000", "", "--reason"),
    "a judgement on one thing": (lambda a: decide(a, ("evil.com", "EVIL.com"), Sameness.SAME, reason="r"), RefusedError, "the same entity", "evil.com", "name two different entities"),
    "a judgement on the unknown": (lambda a: decide(a, ("evil.com", "new.com"), Sameness.SAME, reason="r"), RefusedError, "nothing is known of it", "new.com", "a source that names it"),
    "a judgement on no thing": (lambda a: decide(a, ("", "evil.com"), Sameness.SAME, reason="r"), NotValidError, "names nothing", "", "kind:value"),
    "a group without a name": (lambda a: make_group(a, " ", ["bank"]), NotValidError, "needs a name", "", "1 to 200 printable"),
    "a group with a name that hides letters": (lambda a: make_group(a, "Desk\u202e", ["bank"]), NotValidError, "needs a name", "", "printable"),
    "a group with too long a name": (lambda a: make_group(a, "x" * 201, ["bank"]), NotValidError, "needs a name", "", "1 to 200"),
    "a group of too many": (lambda a: make_group(a, "Desk", [f"bank/{n}" for n in range(1_001)]), NotValidError, "1,001 members are too many", "", "1,000"),
    "a group with everybody": (lambda a: make_group(a, "Desk", ["*"]), NotValidError, "'*' is no member", "", "no word for all"),
    "a group with a nameless person": (lambda a: make_group(a, "Desk", ["bank/"]), NotValidError, "'bank/' is no member", "", "ORG/USER"),
    "a group that is not there": (lambda a: find_group(a, "Nobody's"), NotFoundError, "no such group", "Nobody's", "`chokepoint group list`"),
    "changing another's group": (lambda a: change_group(a, "Their desk", add=["police"]), RefusedError, "the group is vendor's", "group:", "ask them, or leave"),
    "leaving as one of many": (lambda a: leave_group(person(a, "ann"), "Their desk"), RefusedError, "not in it by name", "group:", "as a whole"),
    "a member that is none": (lambda a: one(a, "nobody"), NotFoundError, "'nobody' is no member", "member", "`chokepoint member list`"),
    "describing another": (lambda a: update(as_police(a), "bank", lambda known: known), RefusedError, "only 'bank'", "member set", "ask one of these two members"),
    "inviting nobody": (lambda a: invite(a, "", [Role.VETTER]), NotValidError, "cannot name a person", "", "1 to 64 letters"),
    "inviting with a slash": (lambda a: invite(a, "a/b", [Role.VETTER]), NotValidError, "'a/b'", "", "without spaces"),
    "inviting for nothing": (lambda a: invite(a, "bob", []), NotValidError, "needs a role", "--role", "at least one"),
    "inviting an overseer": (lambda a: invite(a, "bob", [Role.OVERSEER]), RefusedError, "the coalition's", "", "`people appoint`"),
    "inviting somebody who works here": (lambda a: invite(a, "ann", [Role.VETTER]), RefusedError, "works here already", "ann", "`people roles`"),
    "joining by a guess": (lambda a: join(person(a, "bob"), "guess"), RefusedError, "no such invitation", "", "your administrator"),
    "roles of nobody": (lambda a: set_roles(a, "bob", [Role.VETTER]), NotFoundError, "nobody of that name", "bob", "`chokepoint people list`"),
    "letting nobody go": (lambda a: let_go(a, "bob"), NotFoundError, "nobody of that name", "bob", ""),
    "one's own roles": (lambda a: set_roles(person(a, "ann"), "ann", [Role.INVESTIGATOR]), RefusedError, "their own roles", "ann", "another administrator"),
    "appointing by another": (lambda a: appoint(as_police(a), "police/bob", Role.OVERSEER), RefusedError, "only bank, the founder", "police/bob", "ask bank"),
    "appointing to a role of one's own": (lambda a: appoint(a, "bank/ann", Role.VETTER), RefusedError, "an organisation's own", "", "`people roles`"),
    "appointing nobody": (lambda a: appoint(a, "bank", Role.OVERSEER), NotFoundError, "no such person", "bank", "ORG/USER"),
    "departing without a reason": (lambda a: depart(a, "vendor", ""), RefusedError, "needs a reason", "--reason", "say why"),
    "departing nobody": (lambda a: depart(a, "nobody", "r"), NotFoundError, "no such member", "nobody", "`chokepoint member list`"),
    "the founder departing": (lambda a: depart(a, "bank", "r"), RefusedError, "only bank", "", "ask bank"),
    "a veto by no overseer": (lambda a: veto(a, EVIL, "r"), RefusedError, "only an overseer", "bank", "people appoint ORG/USER overseer"),
    "a safety flag without a reason": (lambda a: flag_safety(a, EVIL, ""), RefusedError, "1 to 2,000 characters", "--reason", "say why"),
    "a safety flag with too much reason": (lambda a: flag_safety(a, EVIL, LONG), RefusedError, "1 to 2,000", "--reason", ""),
    "a subject that is nothing": (lambda a: named(a, ""), NotFoundError, "names nothing", "", "kind:value"),
    "an erasure without a basis": (lambda a: erase(a, EVIL, reason="r", basis=" "), RefusedError, "a legal basis", "", "--basis TEXT"),
    "an erasure of the unknown": (lambda a: preview(a, entity("domain-name:no.com")), NotFoundError, "nothing is held", "domain-name:no.com", "as `show` does"),
    "an erasure by another": (lambda a: preview(as_police(a), EVIL), RefusedError, "only bank, who keeps the log", "", "ask bank to erase"),
    "an erasure of no thing": (lambda a: named_by(a, ""), NotFoundError, "names nothing", "", "kind:value"),
    "a hold without a reason": (lambda a: hold(a, EVIL, reason=""), RefusedError, "needs a reason", "", "--reason TEXT"),
    "a proof of no record": (lambda a: prove(a, "abc"), NotFoundError, "no such record", "abc", "`show --json`"),
    "a proof of bytes": (lambda _: check_proof(b"nonsense", []), LedgerError, "", "", ""),
    "a request since no number": (lambda a: request(a, "ten"), LedgerError, "'ten' is no number", "--since", ""),
    "a package of the unknown": (lambda a: build(a, "no.com", a.folder / "p"), NotFoundError, "nothing known", "no.com", "chokepoint search"),
    "a package of the unvetted": (lambda a: build(a, "evil.com", a.folder / "p"), RefusedError, "nothing about evil.com is accepted", "", "two other members"),
    "an export of the unknown": (lambda a: export(a, "csv", io.BytesIO(), target="no.com"), NotFoundError, "nothing known", "no.com", ""),
    "no package to read": (lambda a: read(a.folder / "cache"), LedgerError, "no package here", "cache", "manifest.json"),
    "a package over other things": (lambda a: write(Package.__new__(Package), a.folder), RefusedError, "holds other things", "atlas", "new or empty"),
    "a spreadsheet that is none": (lambda a: check(a, pasted(b"PK\x03\x04 x", "b.xlsx")), BadInputError, "", "b.xlsx", "save it"),
    "a pdf that is none": (lambda a: check(a, pasted(b"%PDF-1.4 torn", "b.pdf")), BadInputError, "", "b.pdf", ""),
    "a format that nobody knows": (lambda a: gather(a, [a.folder], GatherOptions(format="wordstar")), ChokepointError, "wordstar", "", ""),
    "a corpus that is not there": (lambda _: choose(Path("nowhere at all")), NotFoundError, "no such folder", "nowhere at all", "CORPUS"),
    "a network that is not there": (lambda a: plan_for(a.folder / "no.json"), NotFoundError, "no such file", "no.json", "check the name"),
    "a network that is no json": (lambda a: plan_for(BENT(a)), BadInputError, "no JSON", "net.json", "one object"),
    "edges that are torn": (lambda a: dismantle_file(TORN(a)), BadInputError, "damaged", "edges.gz", "get the file again"),
    "arrays that are none": (lambda a: dismantle_file(NO_ARRAYS(a)), BadInputError, "n, u and v", "edges.npz", "numpy.savez"),
}  # fmt: skip


def as_police(atlas: Atlas) -> Atlas:
    return replace(atlas, viewer=replace(atlas.viewer, organisation="police"))


def person(atlas: Atlas, user: str) -> Atlas:
    return replace(atlas, viewer=replace(atlas.viewer, user=user))


def records(atlas: Atlas) -> int:
    with atlas.engine.connect() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM records").scalar_one())


@pytest.mark.parametrize("what", list(REFUSALS))
def test_a_refusal_says_what_where_and_how_to_mend_it_and_records_nothing(world: World, what: str) -> None:
    flow, error, words, place, mend = REFUSALS[what]
    atlas = world.open("bank")
    before = records(atlas)
    with pytest.raises(error) as caught:
        flow(atlas)
    assert words in caught.value.reason
    assert place in caught.value.place
    assert mend in caught.value.mend
    assert records(atlas) == before


@pytest.mark.parametrize("what", list(REFUSALS))
def test_a_refusal_reads_as_one_line(world: World, what: str) -> None:
    """It is shown after `error:`; control characters of a stranger must not reach the terminal."""
    with pytest.raises(ChokepointError) as caught:
        REFUSALS[what][0](world.open("bank"))
    assert caught.value.reason
    assert "\n" not in str(caught.value)
    assert str(caught.value).isprintable()
