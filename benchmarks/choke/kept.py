"""Measurements that are kept, so that a run which was broken off goes on where it stopped.

A measurement is known by the SHA-256 of all that could change it: the code without its comments and
docstrings, the data, the arguments. Nothing is measured twice under one digest; whoever wants it anew removes the folder `.kept` beside the benchmarks,
or names another by CHOKEPOINT_KEPT.
"""

from __future__ import annotations

import ast
import hashlib
import json
import os
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

HERE = Path(__file__).resolve().parent
SOURCES = HERE.parents[1] / "src" / "chokepoint"
FOLDER = Path(os.environ.get("CHOKEPOINT_KEPT", HERE.parent / ".kept"))


def digest(*words: str, files: Iterable[Path] = (), packages: Iterable[str] = ()) -> str:
    """Of words, whole files with what they are called, and the installed versions of packages."""
    found = hashlib.sha256()
    for word in (*words, *(f"{name} {metadata.version(name)}" for name in packages)):
        found.update(f"{len(word)} {word}\n".encode())
    for path in files:
        data = _said(path.read_text(encoding="utf-8")) if path.suffix == ".py" else path.read_bytes()
        found.update(f"{path.name} {hashlib.sha256(data).hexdigest()}\n".encode())
    return found.hexdigest()


def _said(text: str) -> bytes:
    """What the interpreter makes of a module: comments, docstrings and layout change no measurement."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef):
            node.body = [one for one in node.body if not _is_string(one)]
    return ast.dump(tree).encode()


def _is_string(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def code(*rooms: str) -> list[Path]:
    """The modules and tables below these rooms of the package, in order."""
    found = (path for room in rooms for path in (SOURCES / room).rglob("*"))
    return sorted(path for path in found if path.suffix in {".py", ".toml"})


def kept(name: str, key: str, measure: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What was measured under this key, or is now."""
    path = FOLDER / f"{name}-{key[:24]}.json"
    if path.is_file():
        return json.loads(path.read_text(encoding="utf-8"))
    found = measure()
    FOLDER.mkdir(parents=True, exist_ok=True)
    half = path.with_suffix(f".{os.getpid()}")
    half.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    half.replace(path)
    return found
