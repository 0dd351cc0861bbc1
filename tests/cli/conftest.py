"""The desks that tests of the command line start from."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from cli_desk import Desk


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
