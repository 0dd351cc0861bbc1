"""What the log of looks keeps of somebody who is erased: that somebody looked, when and for which case."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from desk_world import World, entity
from erase_world import WHY

from chokepoint.desk.keeping.care import verify
from chokepoint.desk.keeping.erase import erase, preview
from chokepoint.desk.looking.look import search, show
from chokepoint.desk.watch import access
from chokepoint.desk.watch.access import log
from chokepoint.desk.watch.silenced import silenced
from chokepoint.desk.watch.spool import Batch, Entry

if TYPE_CHECKING:
    from desk_world import Atlas

SHE = entity("persona:zebedee quillfeather")
SITE = entity("domain-name:evil.com")
TOLD = [
    pytest.param("person", "quillfeather", True, id="somebody of that surname"),
    pytest.param("campaign", "zebedee quillfeather owns evil com", True, id="a thing called by a sentence"),
    pytest.param("email-addr", "zebedee.quillfeather@mail.example", True, id="an address made of the name"),
    pytest.param("file", "scan_quillfeather_zebedee_2.pdf", True, id="a file, turned round"),
    pytest.param("group", "quil", True, id="four letters of it"),
    pytest.param("group", "qui", False, id="three letters of it"),
    pytest.param("domain-name", "feather", False, id="an identifier that is a part by chance"),
    pytest.param("group", "zebra", False, id="another name that begins alike"),
    pytest.param("no-such-kind", "quillfeather", False, id="a kind of another vocabulary"),
]


def batch(*entries: Entry) -> Batch:
    return Batch(name="n", organisation="police", user="", entries=entries)


@pytest.mark.parametrize(("kind", "value", "goes"), TOLD)
def test_things_that_tell_of_her_go_from_a_look_and_others_stay(kind: str, value: str, goes: bool) -> None:
    looked = batch(
        Entry(at="t", verb="check", asked="a.txt", entities=((kind, value), ("domain-name", "evil.com")))
    )
    [entry] = silenced(looked, [SHE.value]).entries
    assert entry.entities == (("domain-name", "evil.com"),) if goes else looked.entries[0].entities
    assert (entry.at, entry.verb, entry.asked) == ("t", "check", "a.txt")


def test_looks_that_tell_of_nobody_are_the_very_same() -> None:
    looked = batch(Entry(at="t", verb="show", asked="evil.com", entities=(("domain-name", "evil.com"),)))
    assert silenced(looked, [SHE.value]) is looked
    assert silenced(looked, []) is looked


def asked_by(world: World) -> None:
    world.say("bank", (SHE, "website", SITE), (SITE, "label", "phishing"))
    world.say(
        "vendor", (entity("campaign:zebedee quillfeather owns evil com"), "website", SITE), path="b.txt"
    )
    for who in ("bank", "police"):
        search(world.open(who), "quillfea")
        show(world.open(who), "evil.com")
        show(world.open(who), "campaign:zebedee quillfeather owns evil com")


def told(atlas: Atlas) -> list[tuple[str, str, str]]:
    return [(one.who, one.entry.verb, one.entry.asked) for one in log(atlas)]


@pytest.mark.parametrize("recorded", [True, False], ids=["recorded", "still waiting"])
def test_no_part_of_her_name_is_left_in_the_looks_of_anybody(world: World, *, recorded: bool) -> None:
    asked_by(world)
    if recorded:
        for who in ("bank", "police"):
            assert len(log(world.open(who))) == 3
    seen = preview(world.open("bank"), SHE)
    done = erase(world.open("bank"), SHE, **WHY)
    assert done.records == seen.records
    with world.open("bank").engine.connect() as connection:
        bodies = connection.exec_driver_sql("SELECT body FROM records").scalars().all()
    assert not [body for body in bodies if b"quill" in bytes(body).lower()]
    for who in ("bank", "police"):
        assert told(world.open(who)) == [(who, "search", ""), (who, "show", "evil.com"), (who, "show", "")]
    verify(world.open("bank"))


def test_an_erasure_that_was_cut_off_records_the_looks_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked_by(world)
    log(world.open("police"))

    def cut_off(*_: object, **_told: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("chokepoint.desk.keeping.erase.entomb", cut_off)
    with pytest.raises(KeyboardInterrupt):
        erase(world.open("bank"), SHE, **WHY)
    monkeypatch.undo()
    erase(world.open("bank"), SHE, **WHY)
    asked = [one[1:] for one in told(world.open("police"))]
    assert asked == [("search", ""), ("show", "evil.com"), ("show", "")]


def test_looks_that_tell_of_nobody_keep_their_record(world: World) -> None:
    asked_by(world)
    show(world.open("vendor"), "evil.com")
    log(world.open("vendor"))
    with world.open("vendor").reader.connect() as connection:
        [kept] = [row[1] for row in world.open("vendor").reader.records(connection, access.ACCESS)]
    erase(world.open("bank"), SHE, **WHY)
    with world.open("vendor").reader.connect() as connection:
        assert [row[1] for row in world.open("vendor").reader.records(connection, access.ACCESS)] == [kept]
    assert told(replace(world.open("vendor"))) == [("vendor", "show", "evil.com")]
