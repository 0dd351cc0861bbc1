"""After an erasure every flow goes on, says nothing of what was erased, and says all else as before."""

from __future__ import annotations

import io
import json
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from desk_world import World, entity, exported
from erase_world import WHY, places_of

from chokepoint.collect.base import Document
from chokepoint.desk.analyse import choke, load_snapshot
from chokepoint.desk.connect import connect
from chokepoint.desk.gather import gather
from chokepoint.desk.hand import build, export
from chokepoint.desk.handing.remark import remark
from chokepoint.desk.identity import decide, judgements, to_json
from chokepoint.desk.keeping.care import verify
from chokepoint.desk.keeping.erase import erase, finish, hold, preview, told
from chokepoint.desk.looking.check import check
from chokepoint.desk.looking.look import search, show
from chokepoint.desk.looking.route import path
from chokepoint.desk.people.staff import appoint, invite, join
from chokepoint.desk.vetting.calibration import calibrate
from chokepoint.desk.vetting.queue import queue
from chokepoint.desk.vetting.review import in_capture, recall, vote, votes_on
from chokepoint.desk.watch.access import log
from chokepoint.desk.watch.oversight import flag_safety, held_on
from chokepoint.desk.work.case import Case, cases, open_case
from chokepoint.desk.work.note import Draft, note
from chokepoint.model.errors import ChokepointError, NotFoundError, RefusedError
from chokepoint.model.judgement import Sameness, Vote
from chokepoint.model.marking import CLEAR, Marking, Tlp
from chokepoint.model.role import Role

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from chokepoint.desk.atlas import Atlas

MAIL = "somchai.testperson@example.org"
PERSON, SITE, GANG = entity(f"email-addr:{MAIL}"), entity("domain-name:evil.com"), entity("group:bad gang")
OTHER = entity("email-addr:helper@evil.com")
PASTED = f"{MAIL}\nevil.com\nhelper@evil.com\n".encode()


def tell(world: World) -> list[str]:
    """A person among a gang's things, with votes, a judgement, a case, and looks at all of them."""
    seqs = world.say("bank", (SITE, "indicates", GANG), (SITE, "contact", OTHER), grade="A1")
    seqs += world.say("bank", (SITE, "contact", PERSON), (PERSON, "uses", SITE), path="b.txt")
    ids = world.ids("bank", seqs)
    for who in ("police", "vendor"):
        vote(world.open(who), ids, Vote.CONFIRM, "seen")
    decide(world.open("police"), (str(PERSON), str(OTHER)), Sameness.SAME, reason="one writer")
    open_case(
        world.open("police"), Case(id="", title="Ring", purpose="p", owner="o", review_date="2027-01-01")
    )
    return ids


def tell_without(world: World) -> None:
    """The same, had the person never been named."""
    ids = world.ids(
        "bank", world.say("bank", (SITE, "indicates", GANG), (SITE, "contact", OTHER), grade="A1")
    )
    for who in ("police", "vendor"):
        vote(world.open(who), ids, Vote.CONFIRM, "seen")


@pytest.fixture(scope="module")
def erased(worlds: Callable[[], World]) -> tuple[World, list[str]]:
    """An atlas from which a person was erased after everybody had looked, and the ids of the claims."""
    world = worlds()
    ids = tell(world)
    for who in ("bank", "police"):
        for text in (MAIL, "evil.com"):
            show(world.open(who), text)
        load_snapshot(world.open(who))
    for atlas in world.opened:
        atlas.engine.dispose()
    erase(world.open("bank"), PERSON, **WHY)
    join(world.open("police", "olga"), invite(world.open("police"), "olga", [Role.VETTER]))
    appoint(world.open("bank"), "police/olga", Role.OVERSEER)
    return world, ids


def packed(atlas: Atlas) -> object:
    build(atlas, "evil.com", atlas.folder / "cache" / "package")
    files = (atlas.folder / "cache" / "package").rglob("*")
    return [one.read_bytes().decode("utf-8", "replace") for one in files if one.is_file()]


FLOWS: dict[str, Callable[[Atlas], object]] = {
    "show what is left": lambda atlas: show(atlas, "evil.com").to_json(),
    "show the gang": lambda atlas: show(atlas, "bad gang").to_json(),
    "show who was judged the same": lambda atlas: show(atlas, str(OTHER)).to_json(),
    "search": lambda atlas: [
        hit.to_json() for text in ("e", "example", "evil") for hit in search(atlas, text)
    ],
    "path": lambda atlas: path(atlas, "bad gang", str(OTHER)).to_json(),
    "queue": lambda atlas: [str(one.claim) for one in queue(atlas)],
    "identities": lambda atlas: to_json(judgements(atlas)),
    "cases": lambda atlas: [one.to_json() for one in cases(atlas)],
    "choke": lambda atlas: choke(atlas).to_json(),
    "calibration": lambda atlas: calibrate(atlas).to_json(),
    "connect": lambda atlas: connect(atlas).to_json(),
    "csv": exported("csv"),
    "stix": exported("stix"),
    "misp": exported("misp"),
    "graphml": exported("graphml"),
    "package": packed,
    "map": lambda atlas: [
        str(one) for one in load_snapshot(atlas).entities(range(load_snapshot(atlas).snapshot.size)).values()
    ],
}


@pytest.mark.parametrize(
    "after", [(), ((entity("domain-name:later.com"), "indicates", GANG),)], ids=["at once", "grown"]
)
def test_a_map_that_another_machine_kept_is_neither_shown_nor_grown(world: World, after) -> None:
    """Several desks share a database; only the folder of the one that erases is cleared by the erasure."""
    tell(world)
    load_snapshot(world.open("police"))
    cache = world.folder / "cache"
    shutil.copytree(cache, world.folder / "elsewhere")
    for atlas in world.opened:
        atlas.engine.dispose()
    erase(world.open("bank"), PERSON, **WHY)
    if after:
        world.say("bank", *after, path="c.txt")
    shutil.rmtree(cache)
    (world.folder / "elsewhere").rename(cache)
    view = load_snapshot(world.open("police"))
    known = set(view.entities(range(view.snapshot.size)).values())
    assert known == {SITE, GANG, OTHER, *(one[0] for one in after)}
    assert len(view.snapshot.subject) == 2 + len(after)  # the number of whom was erased is another's by now
    assert len(list(cache.glob("snapshot-*"))) == 1


@pytest.mark.parametrize("who", ["bank", "police", "vendor"])
@pytest.mark.parametrize("flow", list(FLOWS))
def test_a_flow_goes_on_and_does_not_name_whom_was_erased(erased, flow: str, who: str) -> None:
    world, _ = erased
    answer = json.dumps(FLOWS[flow](world.open(who)), default=str)
    assert MAIL not in answer
    assert "somchai" not in answer


@pytest.mark.parametrize("who", ["bank", "police"])
def test_what_is_asked_by_name_is_answered_as_of_somebody_never_known(erased, who: str) -> None:
    world, _ = erased
    atlas = world.open(who)
    assert show(atlas, MAIL).to_json() == {"entity": None, "query": MAIL}
    assert search(atlas, "somchai") == []
    assert path(atlas, MAIL, "evil.com").unknown == (MAIL,)
    first, *_ = check(atlas, Document(path="p", data=PASTED))
    assert [one.status for one in first.told] == ["new"]
    assert [one.evidence for one in first.told] == [()]


def test_the_verdicts_of_what_is_left_are_as_if_the_rest_had_never_been_said(erased, worlds) -> None:
    world, _ = erased
    never = worlds()
    tell_without(never)

    def verdicts(one: World) -> list[tuple[str, str, float]]:
        found = show(one.open("bank"), "evil.com").evidence
        return sorted(
            (str(each.stored.claim.object), each.standing.verdict.value, round(each.standing.belief, 6))
            for each in found
        )

    assert verdicts(world) == verdicts(never)
    assert choke(world.open("bank")).to_json() == choke(never.open("bank")).to_json()


def test_a_claim_that_is_gone_can_be_voted_on_recalled_and_remarked_by_nobody(erased) -> None:
    world, ids = erased
    assert votes_on(world.open("bank"), [ids[2]]) == {}
    for act in (
        lambda: vote(world.open("vendor"), [ids[2]], Vote.CONFIRM, "again"),
        lambda: recall(world.open("bank"), [ids[2]], "wrong"),
        lambda: remark(world.open("bank"), [ids[2]], CLEAR, "open"),
    ):
        with pytest.raises(NotFoundError, match="no such claim"):
            act()


def test_the_votes_on_what_is_left_stand(erased) -> None:
    world, ids = erased
    assert {one["organisation"] for one in votes_on(world.open("bank"), [ids[0]])[ids[0]]} == {
        "police",
        "vendor",
    }


def test_the_overseer_is_told_that_nothing_is_held_and_still_who_looked_at_the_rest(erased) -> None:
    world, _ = erased
    olga = world.open("police", "olga")
    held = held_on(olga, PERSON)
    assert (held.evidence, held.elsewhere) == ((), {})
    assert {one.who for one in log(olga, about=SITE)} >= {"bank", "police"}


def test_erasing_again_finds_nothing_and_says_so(world: World) -> None:
    tell(world)
    for atlas in world.opened:
        atlas.engine.dispose()
    erase(world.open("bank"), PERSON, **WHY)
    with pytest.raises(NotFoundError, match="nothing is held"):
        preview(world.open("bank"), PERSON)


def test_the_log_verifies_and_counts_what_is_gone(erased) -> None:
    world, _ = erased
    proven = verify(world.open("vendor"))
    assert proven.erased > 0
    assert told(world.open("vendor")) == ([], [])
    [tombstone] = told(world.open("bank"))[0]
    assert tombstone.erasure.reason == WHY["reason"]


def test_a_capture_that_others_stand_in_is_still_voted_on_together(world: World) -> None:
    ids = tell(world)
    capture = show(world.open("bank"), "evil.com").evidence[-1].stored.claim.provenance.capture
    assert ids[0] in in_capture(world.open("police"), capture)
    for atlas in world.opened:
        atlas.engine.dispose()
    erase(world.open("bank"), PERSON, **WHY)
    left = in_capture(world.open("police"), capture)
    assert left == ids[:2]
    assert vote(world.open("police"), left, Vote.UNSURE, "once more") == 2


def test_whoever_is_named_anew_after_an_erasure_is_held_anew_and_from_then_on_only(world: World) -> None:
    tell(world)
    for atlas in world.opened:
        atlas.engine.dispose()
    erase(world.open("bank"), PERSON, **WHY)
    note(world.open("police"), Draft(text="a new complaint", about=(str(PERSON),)))
    evidence = show(world.open("police"), MAIL).evidence
    assert [one.stored.claim.object for one in evidence if one.stored.claim.property == "observation"] == [
        "a new complaint"
    ]
    assert {one.stored.contributor for one in evidence} == {"police"}
    assert show(world.open("vendor"), MAIL).identity == ()


def test_a_safety_flag_on_somebody_who_was_erased_keeps_working(world: World) -> None:
    tell(world)
    flag_safety(world.open("vendor"), PERSON, "in danger")
    for atlas in world.opened:
        atlas.engine.dispose()
    erase(world.open("bank"), PERSON, **WHY)
    note(world.open("police"), Draft(text="named again", about=(str(PERSON),), marking=CLEAR))
    out = io.BytesIO()
    export(world.open("police"), "csv", out)
    assert b"named again" not in out.getvalue()


def everything_in(world: World) -> bytes:
    folder = world.open("bank").folder
    for atlas in world.opened:
        atlas.engine.dispose()
    return b"".join(file.read_bytes() for file in sorted(folder.rglob("ledger.sqlite*")))


def test_a_safety_flag_on_somebody_who_was_erased_keeps_no_letter_of_the_name(world: World) -> None:
    tell(world)
    flag_safety(world.open("vendor"), PERSON, "in danger")
    assert PERSON.value.encode() in everything_in(world)
    erase(world.open("bank"), PERSON, **WHY)
    assert PERSON.value.encode() not in everything_in(world)


def test_what_an_older_version_kept_in_clear_goes_with_the_next_finish(world: World) -> None:
    tell(world)
    flag_safety(world.open("vendor"), PERSON, "in danger")
    for atlas in world.opened:
        atlas.engine.dispose()
    erase(world.open("bank"), PERSON, **WHY)
    with world.open("bank").engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO memberships VALUES ('withheld', ?)", ("\x1f".join(PERSON),))
    assert PERSON.value.encode() in everything_in(world)
    finish(world.open("bank"))
    assert PERSON.value.encode() not in everything_in(world)


def test_a_hold_of_one_member_stops_the_keeper_and_names_who_holds(world: World) -> None:
    tell(world)
    hold(world.open("police"), PERSON, reason="a trial in Bangkok")
    with pytest.raises(RefusedError) as caught:
        erase(world.open("bank"), PERSON, **WHY)
    assert "police" in str(caught.value)
    assert "a trial in Bangkok" in str(caught.value)
    assert show(world.open("bank"), MAIL).entity == PERSON
    hold(world.open("police"), PERSON, reason="the verdict is final", holds_it=False)
    for atlas in world.opened:
        atlas.engine.dispose()
    assert erase(world.open("bank"), PERSON, **WHY).records > 0


@pytest.mark.parametrize(
    "marking",
    [Marking(), Marking(tlp=Tlp.AMBER), Marking(tlp=Tlp.RED, audience=frozenset({"police"}))],
    ids=["clear", "amber", "red of another"],
)
def test_what_the_keeper_may_not_see_is_erased_all_the_same(world: World, marking: Marking) -> None:
    """The law asks the keeper of the log; markings hide from eyes, not from erasure."""
    world.say("police", (SITE, "contact", PERSON), marking=marking)
    for atlas in world.opened:
        atlas.engine.dispose()
    done = erase(world.open("bank"), PERSON, **WHY)
    assert done.records > 0
    assert places_of(world.open("bank"), MAIL) == []
    assert show(world.open("police"), MAIL).entity is None


def test_an_erasure_under_way_is_refused_to_others_and_changes_nothing(world: World) -> None:
    tell(world)
    before = verify(world.open("bank")).counts()
    for who in ("police", "vendor"):
        with pytest.raises(ChokepointError):
            erase(replace(world.open(who)), PERSON, **WHY)
    assert verify(world.open("bank")).counts() == before


@pytest.mark.parametrize("recorded", [True, False], ids=["recorded", "still waiting"])
def test_a_look_at_whom_was_erased_stays_a_look_without_the_name(world: World, *, recorded: bool) -> None:
    """Who looked, when and for which case is the overseer's; whom they looked at is nobody's any more."""
    tell(world)
    show(world.open("vendor"), MAIL)
    if recorded:
        assert [one.entry.asked for one in log(world.open("vendor"))] == [MAIL]
    for text in (MAIL.upper(), "bad gang"):
        show(world.open("police"), text)
    for atlas in world.opened:
        atlas.engine.dispose()
    erase(world.open("bank"), PERSON, **WHY)
    assert places_of(world.open("bank"), MAIL) == []
    asked = {one.entry.asked: one.entry.entities for one in log(world.open("police"))}
    assert asked == {"": (), "bad gang": (("group", "bad gang"),)}
    assert {one.who for one in log(world.open("police"))} == {"police"}


def test_a_name_goes_from_other_files_and_notes_however_it_is_spelled_there(
    world: World, tmp_path: Path
) -> None:
    """A register turns it round, a page breaks it over two lines, and no claim was made of it there."""
    bank = world.open("bank")
    who, file = entity("person:zebedee quillfeather"), tmp_path / "page.txt"
    file.write_text(
        "QUILLFEATHER, Zebedee met Mary at evil.com.\nSo Zebedee\n    Quillfeather said.\n", "utf-8"
    )
    gather(bank, [file])
    world.say("bank", (who, "alias", "Zeb"), path="seen.txt")
    note(bank, Draft(text="Quillfeather, Zebedee was in town", about=("evil.com",)))
    erase(bank, who, reason="asked", basis="Art. 17")
    kept = [bank.vault.get(one).lower() for one in bank.vault._names()]
    assert any(b"met mary at evil.com" in data for data in kept), "the rest of the page stays"
    assert not [data for data in kept if b"quillfeather" in data]
    with bank.engine.connect() as connection:
        bodies = connection.exec_driver_sql("SELECT body FROM records").scalars().all()
    assert not [body for body in bodies if b"quillfeather" in bytes(body).lower()]
