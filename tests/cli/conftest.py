"""The desks that tests of the command line start from."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from matrix_world import Place, hold_still, visible_steps

from cli_desk import Desk

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An atlas with three members and nothing in it, to be copied."""
    desk = Desk(tmp_path_factory.mktemp("made") / "atlas")
    for organisation in ("bank", "police", "vendor"):
        desk.ok("init", who=organisation)
    return desk.atlas


@pytest.fixture
def bare(tmp_path: Path) -> Desk:
    """A desk whose atlas does not exist yet."""
    return Desk(tmp_path / "atlas")


@pytest.fixture
def desk(made: Path, tmp_path: Path) -> Desk:
    """A desk with an atlas whose members are bank, police and vendor."""
    return Desk(Path(shutil.copytree(made, tmp_path / "atlas")))


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A map of five members on which chance and time stand still: its answers are the same in every run."""
    with pytest.MonkeyPatch.context() as patch:
        made = Place(tmp_path_factory.mktemp("reading"), hold_still(patch), patch)
        for name in ("home", "vendor", "charity", "police", "bank"):
            made.ok(name, "init")
        for step in visible_steps(made):
            step()
        (made.folder / "edges.txt").write_text("a b\nb c\nc d\nd b\n", "utf-8")
        yield made
