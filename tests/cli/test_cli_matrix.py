"""Every verb x role x marking: whoever may not see a record cannot tell from any verb that it exists.

The verbs come from the command line's own table: a new one has to be entered here, or this fails.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from matrix_world import (
    WITHOUT_AN_ATLAS,
    Place,
    asked,
    hidden_steps,
    hold_still,
    ids,
    leaves,
    person_step,
    visible_steps,
)

from chokepoint.model.marking import Marking, Tlp

if TYPE_CHECKING:
    from collections.abc import Iterator

MEMBERS = ("home", "bank", "police", "vendor", "charity")
OWN = ("bank", "bank/ann")


def marking(tlp: Tlp, *audience: str) -> Marking:
    return Marking(tlp=tlp, audience=frozenset(audience))


# Who hides, how it is said on the command line, and as a marking.
MARKINGS = {
    "RED": ("bank", ("--tlp", "RED"), marking(Tlp.RED, "bank")),
    "AMBER+STRICT": ("bank", ("--tlp", "AMBER+STRICT"), marking(Tlp.AMBER_STRICT)),
    "AMBER": ("bank", ("--tlp", "AMBER", "--to", "vendor"), marking(Tlp.AMBER, "vendor")),
    "GREEN to one": ("bank", ("--tlp", "GREEN", "--to", "vendor"), marking(Tlp.GREEN, "vendor")),
    "a person": ("bank/ann", ("--tlp", "RED", "--to", "bank/ann"), marking(Tlp.RED, "bank/ann")),
    "GREEN": ("bank", ("--tlp", "GREEN"), marking(Tlp.GREEN)),
    "a group": ("bank/ann", ("--tlp", "AMBER", "--to", "{group}"), marking(Tlp.AMBER, "{group}")),
    "a case": ("bank/ann", ("--tlp", "AMBER", "--for-case", "{case}"), marking(Tlp.AMBER)),
}
# Which roles each is hidden from: a member, a person of it, a colleague of the one who hides, the public.
HIDDEN_FROM = {
    "RED": ("police", "police/bob"),
    "AMBER+STRICT": ("police",),
    "AMBER": ("police/bob",),
    "GREEN to one": ("police",),
    "a person": ("bank/bob", "police"),
    "GREEN": ("nobody",),
    "a group": ("police",),
    "a case": ("bank/bob", "police"),
}
CELLS = [(name, role) for name, roles in HIDDEN_FROM.items() for role in roles]


@pytest.fixture(scope="module")
def patch() -> Iterator[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as made:
        yield made


@pytest.fixture(scope="module")
def bare(tmp_path_factory, patch) -> Place:
    """An atlas with its members and nothing in it, made once."""
    place = Place(tmp_path_factory.mktemp("bare"), hold_still(patch), patch)
    for name in MEMBERS:
        place.ok(name, "init")
    (place.folder / "edges.txt").write_text("a b\nb c\nc d\nd b\n", "utf-8")
    return place


def copied(bare: Place, folder: Path) -> Place:
    shutil.copytree(bare.folder, folder)
    return Place(folder, bare.chance, bare.patch)


@pytest.fixture(scope="module")
def without(bare, tmp_path_factory) -> Place:
    """Only what everybody sees."""
    place = copied(bare, tmp_path_factory.mktemp("without") / "here")
    for step in visible_steps(place):
        step()
    person_step(place)
    return place


def circles(place: Place) -> dict[str, str]:
    """A group and a case that no viewer of these tests is in."""
    group = re.search(
        r"group:[0-9a-f-]{36}", place.ok("vendor", "group", "make", "Secret desk", "bank/ann", "vendor")
    )
    case = re.search(
        r"case-[0-9a-f]{16}",
        place.ok(
            "bank/ann",
            *("case", "open", "Secret case", "--purpose", "p", "--review", "2027-01-01"),
            *("--member", "bank/ann", "--member", "vendor"),
        ),
    )
    assert group
    assert case
    return {"{group}": group[0], "{case}": case[0]}


def with_hidden(bare: Place, folder: Path, name: str) -> tuple[Place, list[str]]:
    """The same and, before and after every step of it, things that are hidden from the role."""
    place = copied(bare, folder)
    found = circles(place)
    who, options, mark = MARKINGS[name]
    options = tuple(found.get(one, one) for one in options)
    cases = frozenset({found["{case}"]}) if "--for-case" in options else frozenset()
    audience = frozenset(found.get(one, one) for one in mark.audience)
    mark = Marking(tlp=mark.tlp, audience=audience, cases=cases)
    visible = [*visible_steps(place), lambda: person_step(place)]
    hidden = hidden_steps(place, who, options, mark)
    assert len(visible) == len(hidden)
    early = hidden[0]
    early()
    for number, step in enumerate(visible):
        step()
        if number:
            hidden[number]()
    return place, ids(place, "other.com", who)


def told(answer: tuple[int, str, str], verb: str) -> tuple[int, str, str]:
    """The answer without the tree head, which `verify` and checkpoints alone show, and without processor time."""
    code, out, err = answer
    if verb == "checkpoint":
        return code, "", ""
    if verb == "dismantle":
        out = re.sub(r'[0-9.e-]+ s of|"cpu_s": [0-9.e-]+', "X", out)
    if verb == "verify":
        out = re.sub(r'(head |"head": ")[0-9a-f]{64}', r"\1X", out)
    return code, out, err


def test_every_verb_of_the_command_line_stands_in_the_matrix():
    """A verb that is missing here is a verb that may leak: enter it in `matrix_world.asked`."""
    assert set(leaves()) == set(asked([])) | set(WITHOUT_AN_ATLAS)
    assert not set(asked([])) & set(WITHOUT_AN_ATLAS)


@pytest.mark.parametrize(("name", "role"), CELLS, ids=[f"{name} from {role}" for name, role in CELLS])
def test_no_verb_tells_of_what_is_hidden(bare, without, tmp_path, name, role):
    other, hidden = with_hidden(bare, tmp_path / "here", name)
    assert hidden, "nothing was hidden: this test would prove nothing"
    plain = Place(Path(shutil.copytree(without.folder, tmp_path / "plain")), bare.chance, bare.patch)
    differing = []
    for verb, questions in asked(hidden).items():
        for words in questions:
            for more in ([], ["--json"]):
                if more and verb == "export" and "--out" not in words:
                    continue
                line = [*verb.split(), *words, *more]
                one, few = plain.counted(role, *line)
                two, many = other.counted(role, *line)
                if told(one, verb) != told(two, verb):
                    differing.append((line, one, two))
                elif few != many and verb not in UNEVEN:
                    differing.append((line, few, many))
    assert differing == []
    one, two = written(plain), written(other)
    assert sorted(one) == sorted(two)
    assert [name for name in one if one[name] != two[name]] == []


def written(place: Place) -> dict[str, bytes]:
    """What exports and packages left beside the atlas, but for proofs: they chain one batch to the one before."""
    proofs = {"records.jsonl", "manifest.json", "manifest.dsse.json"}
    return {
        str(path.relative_to(place.folder)): b"" if path.name in proofs else path.read_bytes()
        for path in place.folder.rglob("*")
        if path.is_file() and path.relative_to(place.folder).parts[0] != "atlas"
    }


UNEVEN = {
    "verify": "checks every batch, hidden ones too: it alone shows the size of the tree",
    "note": "an entity that the data base knows is not entered again, inside a commit that waits for the disk",
    "collect": "the same",
    "impact add": "the same",
    "personal role": "the same",
}


def test_what_is_hidden_changes_the_answers_of_its_owner(bare, without, tmp_path):
    """Else all of the above would prove nothing: each kind of hidden thing is really there and really tells."""
    other, _ = with_hidden(bare, tmp_path / "here", "AMBER")
    changed = {
        verb
        for verb, questions in asked([]).items()
        for words in questions
        if verb in LOOKS
        and without.run("vendor", *verb.split(), *words) != other.run("vendor", *verb.split(), *words)
    }
    assert changed == LOOKS


IMPACT = {"operation list", "operation show", "impact list", "impact show"}
LOOKS = {"search", "show", "path", "check", "identity list", "review list", "choke", *IMPACT}
