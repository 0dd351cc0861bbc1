"""No function of the desk that hands entities to a face does so without the veil, or says here why it may."""

from __future__ import annotations

import ast
import sys
from functools import cache
from pathlib import Path

import pytest

import chokepoint

SOURCE = Path(chokepoint.__file__).parent
DESK = SOURCE / "desk"
CARRIES = {
    "Entity",
    "Claim",
    "StoredClaim",
    "Sameness",
    "Spot",
    "Bubble",
    "Concentration",
    "Hub",
    "SavedView",
}
"""Types that hold an entity, or one in words; what holds one of them in the desk does too."""
VEIL = frozenset({"veil", "minimised", "cover_of", "Discretion", "discretion", "edition", "shown"})
"""What decides how a natural person is shown: on a face, or in a package."""
Name = tuple[str, str]
MAY = {
    "keeping.erase.named_by": "tells back what was typed in full, and takes no pseudonym",
    "hypothesis.inquiry.open_inquiry": "the asker's own question, with nobody in it yet",
    "handing.notice.apply": "whom an erasure took away: the map holds nothing of them any more",
    "personal.role.due": "the face covers whom it lists",
    "resolve.candidates": "what a text may name, before anything is looked up",
    "watch.flagged.meant": "what a text names, to flag it; faces cover what they tell of it",
    "watch.oversight.kept_out": "what overseers withhold, to lift it again; to them alone",
    "watch.oversight.named": "what a text names, to act on it; faces cover what they tell of it",
}
"""Functions that hand over an entity as it is, with the reason."""


def module_of(file: Path) -> str:
    parts = file.relative_to(SOURCE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text("utf-8"))


def imports(file: Path) -> dict[str, Name]:
    """What a file's names from the package stand for, wherever in it they are imported."""
    found = {}
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("chokepoint"):
            for alias in node.names:
                found[alias.asname or alias.name] = (str(node.module), alias.name)
    return found


FILES = {module_of(file): file for file in sorted(DESK.rglob("*.py"))}
NAMES = {module: imports(file) for module, file in FILES.items()}


def words(node: ast.AST | None) -> set[str]:
    """All names in an annotation or body, those that stand in quotes too."""
    found = set()
    for one in ast.walk(node) if node else ():
        if isinstance(one, ast.Name):
            found.add(one.id)
        elif isinstance(one, ast.Attribute):
            found.add(one.attr)
    return found


def resolved(module: str, name: str) -> Name:
    """Where a name that a module uses is defined, through packages that pass it on."""
    at = (module, name)
    while at[0] in NAMES and at[1] in NAMES[at[0]]:
        at = NAMES[at[0]][at[1]]
    return at


def _defined(kind: type) -> dict[Name, ast.AST]:
    return {
        (module, node.name): node
        for module, file in FILES.items()
        for node in tree(file).body
        if isinstance(node, kind)
    }


FUNCTIONS = _defined(ast.FunctionDef)
CLASSES = _defined(ast.ClassDef)


def holds(module: str, told: set[str], carrying: set[Name]) -> bool:
    """Whether one of the names of an annotation is that of a type that holds an entity."""
    meant = {resolved(module, word) for word in told}
    return not CARRIES.isdisjoint({*told, *(name for _, name in meant)}) or not carrying.isdisjoint(meant)


def carriers() -> set[Name]:
    """Classes of the desk that hold an entity in one of their fields, however deep."""
    fields = {
        one: {
            word for line in node.body if isinstance(line, ast.AnnAssign) for word in words(line.annotation)
        }
        for one, node in CLASSES.items()
    }
    found: set[Name] = set()
    while True:
        more = {one for one, held in fields.items() if holds(one[0], held, found)}
        if more == found:
            return found
        found = more


@cache
def _uses() -> dict[Name, tuple[set[str], set[Name]]]:
    """The names in the body of each function and class, and what they stand for."""
    found = {}
    for one, node in {**FUNCTIONS, **CLASSES}.items():
        used = words(node)
        found[one] = (used, {resolved(one[0], word) for word in used} - {one})
    return found


def veiled() -> set[Name]:
    """Functions that ask the veil, or call one that does; methods count for their class."""
    calls = {one: called for one, (_, called) in _uses().items()}
    asks = {one for one, (used, _) in _uses().items() if used & VEIL}
    while True:
        more = {one for one, called in calls.items() if called & asks} - asks
        if not more:
            return asks
        asks |= more


def dotted(file: Path) -> set[tuple[str, str]]:
    """What is written `name.attribute` in a file."""
    nodes = (node for node in ast.walk(tree(file)) if isinstance(node, ast.Attribute))
    return {(node.value.id, node.attr) for node in nodes if isinstance(node.value, ast.Name)}


@cache
def faced() -> set[Name]:
    """Functions of the desk that the command line, the web and the API call."""
    faces = [SOURCE / "api.py", *(SOURCE / "cli").rglob("*.py"), *(SOURCE / "web").rglob("*.py")]
    found = set()
    for file in faces:
        named = imports(file)
        modules = {name: ".".join(one) for name, one in named.items() if ".".join(one) in FILES}
        called = [
            *named.values(),
            *((modules[one], attribute) for one, attribute in dotted(file) if one in modules),
        ]
        found |= {resolved(*one) for one in called}
    return found & FUNCTIONS.keys()


def bare() -> set[str]:
    carrying, asks = carriers(), veiled()
    found = set()
    for one in faced() - asks:
        told = words(FUNCTIONS[one].returns)  # type: ignore[attr-defined]
        if holds(one[0], told, carrying):
            found.add(f"{one[0].removeprefix('chokepoint.desk.')}.{one[1]}")
    return found


def test_whoever_hands_entities_to_a_face_asks_the_veil_or_says_why_not() -> None:
    assert bare() - MAY.keys() == set(), "cover its answer (desk/personal), or say in MAY why it need not"


def test_no_exception_outlives_its_function() -> None:
    assert MAY.keys() - bare() == set()


@pytest.mark.parametrize(
    "name",
    [
        *(
            "looking.look.show",
            "looking.look.search",
            "looking.route.path",
            "looking.check.check",
            "vetting.queue.queue",
            "looking.source.source",
        ),
        *("identity.judgements", "work.operation.operations", "work.outcome.outcomes", "work.impact.impact"),
        *("work.meeting.meeting", "canvas.grow.begin", "canvas.overview.overview", "canvas.saved.open_view"),
        *("analyse.choke.choke", "watch.oversight.held_on"),
    ],
)
def test_a_face_without_the_veil_would_be_found(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules[__name__], "VEIL", frozenset())
    assert name in bare()


@pytest.mark.parametrize("face", ["cli/personal.py", "cli/watch.py", "cli/outcome.py"])
def test_a_face_that_is_trusted_to_cover_does(face: str) -> None:
    assert ("chokepoint.desk.personal.veil", "veil") in imports(SOURCE / face).values()
