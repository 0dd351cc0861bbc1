"""Whoever is still to vote on a claim learns from no verb and no file who contributed it or how others voted.

Heron contributes and ibis votes, and neither does anything else: their names, and a word of ibis's reasons,
stand nowhere in what the vendor, who is still to vote, is shown or handed. The verbs come from the command
line's own table and the forms of exports from its own choice.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import click
import pytest
from matrix_world import WITHOUT_AN_ATLAS, Place, asked, hold_still, ids, leaves

from chokepoint.cli.main import cli
from chokepoint.desk.hand.plain import export
from chokepoint.model.marking import Tlp, Viewer
from chokepoint.package.text import text_of
from chokepoint.settings import Settings
from chokepoint.wiring import open_atlas

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CANARIES = ("heron", "ibis", "corroborated-by-stilts")
PUBLIC_LISTS = {"member list", "verify", "checkpoint", "witness"}
"""Verbs that name every member, whoever did what."""
EXPORT = cli.get_command(click.Context(cli), "export")
FORMS = next(one.type.choices for one in EXPORT.params if one.name == "form")
HANDED = [(who, label) for who in ("charity", "ibis") for label in (Tlp.CLEAR, Tlp.GREEN)]
HANDED += [("charity", Tlp.AMBER), ("charity", Tlp.AMBER_STRICT)]
"""Who exports up to which label: ibis has voted, but among its readers are members who have not."""


@pytest.fixture(scope="module")
def patch() -> Iterator[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as made:
        yield made


@pytest.fixture(scope="module")
def kept(tmp_path_factory, patch) -> Place:
    """Claims of heron on which ibis voted, one way or the other, and of which one half is disputed."""
    place = Place(tmp_path_factory.mktemp("blind"), hold_still(patch), patch)
    for name in ("home", "heron", "ibis", "vendor", "charity"):
        place.ok(name, "init")
    (place.folder / "list.txt").write_text("evil.com\nlisted.com\n", "utf-8")
    (place.folder / "pasted.txt").write_text("evil.com listed.com\n", "utf-8")
    (place.folder / "edges.txt").write_text("a b\nb c\n", "utf-8")
    clear = ("--tlp", "CLEAR")
    place.ok("heron", "collect", "list.txt", *clear)
    place.ok("heron", "note", "theirs", "--link", "evil.com", "indicates", "group:bad gang", *clear)
    place.ok("heron", "note", "a name", "--link", "listed.com", "indicates", "group:bad gang", *clear)
    place.ok(
        "charity", "case", "open", "Known", "--purpose", "p", "--review", "2027-01-01", "--member", "vendor"
    )
    for entity, word in (("evil.com", "--confirm"), ("listed.com", "--dispute")):
        for one in ids(place, entity, "ibis"):
            place.ok("ibis", "review", "vote", one, word, "--reason", CANARIES[2])
    return place


@pytest.fixture
def place(kept, tmp_path) -> Place:
    shutil.copytree(kept.folder, tmp_path / "here")
    return Place(tmp_path / "here", kept.chance, kept.patch)


def written(folder: Path) -> str:
    """All that lies in a folder outside the atlas, files and their names."""
    files = (one for one in sorted(folder.rglob("*")) if "atlas" not in one.parts and one.is_file())
    return "\n".join(f"{one.name}\n{one.read_bytes().decode('utf-8', 'replace')}" for one in files)


def telling(text: str) -> list[str]:
    return [one for one in CANARIES if one in text.lower()]


VERBS = [
    pytest.param(name, ways, id=name)
    for name, ways in asked(["0" * 64]).items()
    if name not in {*PUBLIC_LISTS, *WITHOUT_AN_ATLAS}
]


def test_every_verb_that_reads_is_asked_here():
    assert {*(one.id for one in VERBS), *PUBLIC_LISTS, *WITHOUT_AN_ATLAS} >= set(asked([]))
    assert set(asked([])) <= set(leaves())


@pytest.mark.parametrize(("name", "ways"), VERBS)
def test_a_verb_tells_whoever_is_still_to_vote_neither_contributor_nor_votes(place, name, ways):
    known = ids(place, "evil.com", "vendor")[0]
    for words in ways:
        given = [known if word == "0" * 64 else word for word in words]
        for json in ([], ["--json"]):
            _, out, err = place.run("vendor", *name.split(), *given, *json)
            assert telling(out + err) == [], (name, given)
    assert telling(written(place.folder)) == [], name


@pytest.mark.parametrize(("who", "label"), HANDED, ids=lambda one: one if isinstance(one, str) else one.label)
@pytest.mark.parametrize("form", FORMS)
def test_a_file_that_whoever_is_still_to_vote_may_read_names_neither(place, form, who, label):
    viewer = Viewer(organisation=who)
    atlas = open_atlas(Settings(atlas=place.folder / "atlas", viewer=viewer))
    export(atlas, form, place.folder / "handed", at_most=label)
    atlas.engine.dispose()
    atlas.vault.engine.dispose()
    data = (place.folder / "handed").read_bytes()
    text = text_of(data) or data.decode("utf-8", "replace")
    assert "evil.com" in text or form == "maltego"
    assert set(telling(text)) <= {who}


@pytest.mark.parametrize("target", ["evil.com", "bad gang"])
def test_a_provisional_package_names_neither_to_a_recipient_who_is_still_to_vote(place, target):
    hours = ("--provisional", "it spreads by the hour", "--to", "vendor")
    place.ok("charity/ann", "package", "build", target, "--out", "sent", *hours)
    assert telling(written(place.folder / "sent")) == []
    told = place.ok("vendor", "package", "verify", "sent")
    assert telling(told) == []
    assert "contributor" in told


def test_whoever_has_voted_reads_who_contributed_and_how_others_voted(place):
    """The canaries are there to be found: the tests above can fail."""
    known = ids(place, "evil.com", "vendor")
    for one in known:
        place.ok("vendor", "review", "vote", one, "--unsure", "--reason", "no idea")
    assert telling(place.ok("vendor", "show", "evil.com", "--json")) == ["heron"]
    assert set(telling(place.ok("vendor", "review", "votes", known[0]))) >= {"ibis", CANARIES[2]}
