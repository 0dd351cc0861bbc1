"""The same command twice: what it adds the first time, what it must not add the second."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from desk_corpus import stix, warning_list
from desk_world import World, entity

from chokepoint.collect.base import Document
from chokepoint.desk.analyse import choke
from chokepoint.desk.connect import connect
from chokepoint.desk.gather import gather
from chokepoint.desk.hand import build, export
from chokepoint.desk.handing.remark import remark
from chokepoint.desk.identity import decide, judgements
from chokepoint.desk.keeping.backup import backup
from chokepoint.desk.keeping.checkpoint import issue, prove
from chokepoint.desk.looking.check import check
from chokepoint.desk.looking.look import search, show
from chokepoint.desk.looking.route import path
from chokepoint.desk.member import everybody, update
from chokepoint.desk.people.circle import change_group, find_group, leave_group, make_group
from chokepoint.desk.people.staff import appoint, depart, invite, join, let_go, set_roles, staff
from chokepoint.desk.vetting.calibration import calibrate, publish
from chokepoint.desk.vetting.queue import queue
from chokepoint.desk.vetting.review import choose_policy, recall, vote, votes_on
from chokepoint.desk.vetting.rules import chosen_policy
from chokepoint.desk.watch.oversight import flag_safety, veto
from chokepoint.desk.work.case import Case, Task, cases, close_case, finish_task, open_case, set_members
from chokepoint.desk.work.note import Draft, note
from chokepoint.model.errors import ChokepointError, RefusedError
from chokepoint.model.judgement import Sameness, Vote
from chokepoint.model.marking import Marking, Tlp
from chokepoint.model.member import Sector
from chokepoint.model.role import Role
from chokepoint.store.people import withheld

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from chokepoint.desk.atlas import Atlas

SITE, GANG, TWIN = entity("domain-name:evil.com"), entity("group:bad gang"), entity("group:worse gang")
CASE = Case(id="", title="Ring", purpose="p", owner="o", review_date="2027-01-01", tasks=(Task("call"),))


def records(world: World) -> int:
    with world.open("bank").engine.connect() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM records").scalar_one())


@pytest.fixture(scope="module")
def told(worlds: Callable[[], World]) -> World:
    """A site of a gang, vetted, with something to propose and something to judge."""
    world = worlds()
    ids = world.ids(
        "vendor", world.say("vendor", (SITE, "indicates", GANG), (SITE, "indicates", TWIN), grade="A1")
    )
    for who in ("bank", "police"):
        vote(world.open(who), ids[:1], Vote.CONFIRM, "seen")
    decide(world.open("bank"), ("bad gang", "worse gang"), Sameness.UNSURE, reason="alike")
    return world


def written(form: str) -> Callable[[Atlas], object]:
    def flow(atlas: Atlas) -> object:
        out = io.BytesIO()
        export(atlas, form, out)
        return out.getvalue()

    return flow


def packed(atlas: Atlas) -> object:
    folder = atlas.folder / "cache" / "package"
    build(atlas, "evil.com", folder)
    return {
        one.relative_to(folder).as_posix(): one.read_bytes() for one in folder.rglob("*") if one.is_file()
    }


LOOKS: dict[str, Callable[[Atlas], object]] = {
    "show": lambda atlas: show(atlas, "evil.com").to_json(),
    "search": lambda atlas: [hit.to_json() for hit in search(atlas, "gang")],
    "check": lambda atlas: [line.to_json() for line in check(atlas, Document(path="p", data=b"evil.com"))],
    "path": lambda atlas: path(atlas, "evil.com", "worse gang").to_json(),
    "queue": lambda atlas: [one.id for one in queue(atlas)],
    "judgements": lambda atlas: [one.id for one in judgements(atlas)],
    "votes": lambda atlas: votes_on(atlas, [one.stored.id for one in show(atlas, "evil.com").evidence]),
    "cases": lambda atlas: [one.to_json() for one in cases(atlas)],
    "calibration": lambda atlas: calibrate(atlas).to_json(),
    "choke": lambda atlas: choke(atlas).to_json(),
    "csv": written("csv"),
    "stix": written("stix"),
    "misp": written("misp"),
    "ftm": written("ftm"),
    "graphml": written("graphml"),
    "maltego": written("maltego"),
    "package": packed,
}


@pytest.mark.parametrize("flow", list(LOOKS))
def test_who_looks_twice_sees_the_same_bytes_and_adds_no_record(told: World, flow: str) -> None:
    first = LOOKS[flow](told.open("bank"))
    before = records(told)
    assert LOOKS[flow](told.open("bank")) == first
    assert records(told) == before


def test_a_file_taken_in_twice_adds_nothing_whatever_it_is_called(world: World, tmp_path: Path) -> None:
    source = stix(tmp_path / "lab" / "one.json", "Dridex", ["a.cc", "b.cc"])
    good = warning_list(tmp_path / "misp" / "list.json", "Top sites", ["good.com"])
    first = gather(world.open("bank"), [source, good])
    assert first.new > 0
    copy = tmp_path / "lab" / "renamed.json"
    copy.write_bytes(source.read_bytes())
    again = gather(world.open("bank"), [copy, good])
    assert (again.new, again.known) == (0, first.new + first.known)


def test_a_folder_taken_in_as_files_and_as_a_folder_says_the_same(world: World, tmp_path: Path) -> None:
    stix(tmp_path / "lab" / "one.json", "Dridex", ["a.cc"])
    stix(tmp_path / "lab" / "two.json", "Dridex", ["b.cc"])
    first = gather(world.open("bank"), [tmp_path / "lab"])
    again = gather(world.open("bank"), sorted((tmp_path / "lab").iterdir()))
    assert (again.new, again.known) == (0, first.new)


def test_the_same_note_is_known_and_the_same_words_of_another_source_are_not(world: World) -> None:
    draft = Draft(text="evil.com again")
    assert note(world.open("bank"), draft).new == 1
    assert note(world.open("bank"), draft).new == 0
    assert note(world.open("bank", "ann"), draft).new == 0
    assert note(world.open("bank"), replace(draft, source="an officer")).new == 1
    assert note(world.open("police"), draft).new == 1


def test_connecting_again_says_what_stands_and_records_nothing(world: World) -> None:
    world.say(
        "vendor", (entity("malware:dridex"), "alias", "Bugat"), (SITE, "indicates", entity("malware:bugat"))
    )
    world.say("vendor", (SITE, "indicates", entity("malware:dridex")), path="b.txt")
    first = connect(world.open("bank"))
    before = records(world)
    again = connect(world.open("bank"))
    assert (first.same, again.same, again.known) == (1, 0, 1)
    assert records(world) == before
    assert connect(world.open("police")).same == 1


def test_a_vote_cast_twice_is_one_voice(world: World) -> None:
    ids = world.ids("bank", world.say("bank", (SITE, "indicates", GANG)))
    for _ in range(3):
        vote(world.open("police"), ids, Vote.CONFIRM, "seen")
    [one] = show(world.open("bank"), "evil.com").evidence
    assert one.standing.confirmations == 1
    assert [cast["organisation"] for cast in votes_on(world.open("bank"), ids)[ids[0]]] == ["police"] * 3


def test_a_recall_twice_recalls_once(world: World) -> None:
    ids = world.ids("bank", world.say("bank", (SITE, "indicates", GANG)))
    assert recall(world.open("bank"), [*ids, *ids], "wrong") == 1
    assert recall(world.open("bank"), ids, "wrong") == 1
    assert show(world.open("police"), "evil.com").evidence[0].standing.verdict.value == "recalled"


@pytest.mark.parametrize("captures", [False, True])
def test_a_marking_given_twice_is_the_marking(world: World, *, captures: bool) -> None:
    green = Marking(tlp=Tlp.GREEN)
    ids = world.ids("bank", world.say("bank", (SITE, "indicates", GANG)))
    for _ in range(2):
        assert remark(world.open("bank"), ids, green, "as agreed", captures=captures) == 1
    [one] = show(world.open("police"), "evil.com").evidence
    assert one.stored.claim.provenance.marking == green
    assert world.ids("bank", [one.stored.seq]) == ids


def test_a_judgement_twice_is_one_judge(world: World) -> None:
    world.say("bank", (SITE, "indicates", GANG), (SITE, "indicates", TWIN))
    for _ in range(2):
        decide(world.open("police"), ("bad gang", "worse gang"), Sameness.SAME, reason="one nest")
    decide(world.open("police"), ("worse gang", "bad gang"), Sameness.DIFFERENT, reason="two nests")
    newest, *older = judgements(world.open("bank"), "bad gang")
    assert newest.sameness == "different"
    assert len(older) == 2
    [route] = path(world.open("bank"), "bad gang", "worse gang").routes
    assert [step.property for step in route.steps] == ["indicates", "indicates"]


def test_a_case_opened_twice_is_two_cases_and_closed_twice_is_refused(world: World) -> None:
    first, second = (open_case(world.open("bank"), CASE) for _ in range(2))
    assert first.id != second.id
    close_case(world.open("bank"), first.id, "done")
    with pytest.raises(RefusedError, match="the case is closed"):
        close_case(world.open("bank"), first.id, "done")
    assert [case.closed for case in cases(world.open("bank"))] == ["done", ""]


def test_a_task_done_twice_is_done_and_a_member_named_twice_is_one(world: World) -> None:
    case = open_case(world.open("bank"), replace(CASE, members=("bank", "bank", "police")))
    assert case.members == ("bank", "police")
    for _ in range(2):
        assert finish_task(world.open("bank"), case.id, 1).tasks == (Task("call", done=True),)
        assert set_members(world.open("bank"), case.id, add=["vendor", "vendor"]).members == (
            "bank",
            "police",
            "vendor",
        )
    assert set_members(world.open("bank"), case.id, add=["police"], remove=["police"]).members == (
        "bank",
        "vendor",
    )


def test_a_group_of_one_name_twice_is_two_and_neither_is_guessed(world: World) -> None:
    first, second = (make_group(world.open("bank"), "Desk", ["police", "police"]) for _ in range(2))
    assert first.members == ("police",)
    with pytest.raises(ChokepointError, match="no such group"):
        find_group(world.open("bank"), "Desk")
    assert find_group(world.open("bank"), second.scope) == second
    for _ in range(2):
        assert change_group(world.open("bank"), first.scope, add=["vendor"]).members == ("police", "vendor")
    leave_group(world.open("vendor"), first.scope)
    with pytest.raises(ChokepointError, match="no such group"):
        leave_group(world.open("vendor"), first.scope)


def test_a_member_described_twice_is_recorded_once(world: World) -> None:
    for _ in range(2):
        update(world.open("bank"), "police", lambda known: replace(known, sector=Sector.LAW_ENFORCEMENT))
        after = records(world)
    update(world.open("bank"), "police", lambda known: known)
    assert records(world) == after
    assert everybody(world.open("bank"))["police"].sector is Sector.LAW_ENFORCEMENT


def test_an_invitation_is_good_once_and_a_second_one_replaces_the_first(world: World) -> None:
    first = invite(world.open("bank"), "ann", [Role.VETTER])
    second = invite(world.open("bank"), "ann", [Role.INVESTIGATOR])
    with pytest.raises(RefusedError):
        join(world.open("bank", "ann"), first)
    assert join(world.open("bank", "ann"), second).roles == {Role.INVESTIGATOR}
    with pytest.raises(RefusedError):
        join(world.open("bank", "ann"), second)


def test_roles_given_taken_and_given_again_are_those_last_given(world: World) -> None:
    join(world.open("police", "olga"), invite(world.open("police"), "olga", [Role.VETTER]))
    for held in (True, True, False, False, True):
        appoint(world.open("bank"), "police/olga", Role.OVERSEER, held=held)
        [olga] = staff(world.open("police"))
        assert (Role.OVERSEER in olga.roles) is held
    appoint(world.open("bank"), "police/olga", Role.OVERSEER, held=False)
    for _ in range(2):
        assert set_roles(world.open("police"), "olga", [Role.INVESTIGATOR]).roles == {Role.INVESTIGATOR}
    let_go(world.open("police"), "olga")
    with pytest.raises(ChokepointError, match="nobody of that name"):
        let_go(world.open("police"), "olga")


def test_an_organisation_that_leaves_and_returns_twice_is_a_member(world: World) -> None:
    for left in (True, True, False, False):
        depart(world.open("bank"), "vendor", "as agreed", left=left)
    world.say("bank", (SITE, "indicates", GANG), marking=Marking(tlp=Tlp.GREEN))
    assert show(world.open("vendor"), "evil.com").entity == SITE


def test_a_policy_and_a_calibration_twice_are_the_last(world: World) -> None:
    for name in ("strict", "strict", "default"):
        choose_policy(world.open("bank"), name)
        publish(world.open("bank"))
    atlas = world.open("police")
    reader = atlas.reader
    with reader.connect() as connection:
        assert chosen_policy(reader, connection)[0] == "default"


def test_a_flag_twice_is_lifted_by_one_word(world: World) -> None:
    join(world.open("police", "olga"), invite(world.open("police"), "olga", [Role.VETTER]))
    appoint(world.open("bank"), "police/olga", Role.OVERSEER)
    olga = world.open("police", "olga")
    for _ in range(2):
        flag_safety(world.open("vendor"), SITE, "in danger")
        veto(olga, SITE, "in danger")
    veto(olga, SITE, "safe by now", lift=True)
    with olga.engine.connect() as connection:
        assert withheld(connection, olga.secret) == frozenset()


def test_two_checkpoints_of_one_state_are_one_note_and_two_backups_one_copy(
    world: World, tmp_path: Path
) -> None:
    first, second = (issue(world.open("bank"))[0] for _ in range(2))
    assert first.text == second.text
    made = [backup(world.open("bank"), tmp_path / name) for name in ("one", "two")]
    assert made[0].records == made[1].records
    with pytest.raises(RefusedError, match="not empty"):
        backup(world.open("bank"), tmp_path / "one")


def test_a_record_proved_twice_is_proved_by_the_same_path(world: World) -> None:
    [name] = world.ids("bank", world.say("bank", (SITE, "indicates", GANG)))
    first, second = (prove(world.open("bank"), name) for _ in range(2))
    assert json.dumps([first.number, first.extra.decode()]) == json.dumps(
        [second.number, second.extra.decode()]
    )
    assert first.note.text == second.note.text
