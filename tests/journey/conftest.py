"""A desk at the command line whose atlas has three members and nothing in it yet."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from cli_desk import Desk

UNSEEN = Path(__file__).resolve().parents[1] / "data" / "unseen"


@pytest.fixture(scope="session")
def members(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An atlas of bank, police and vendor, to be copied."""
    desk = Desk(tmp_path_factory.mktemp("members") / "atlas")
    for organisation in ("bank", "police", "vendor"):
        desk.ok("init", who=organisation)
    return desk.atlas


@pytest.fixture
def desk(members: Path, tmp_path: Path) -> Desk:
    """A fresh atlas of the three members."""
    return Desk(Path(shutil.copytree(members, tmp_path / "atlas")))


@pytest.fixture(scope="session")
def unseen() -> Path:
    """One small file of every format, written for these tests; its counts are known beforehand."""
    return UNSEEN


@pytest.fixture(scope="session")
def gathered(members: Path, unseen: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An atlas into which the bank has taken all of `unseen`; to be read, not written."""
    desk = Desk(Path(shutil.copytree(members, tmp_path_factory.mktemp("gathered") / "atlas")))
    desk.ok("collect", str(unseen), "--yes")
    return desk.atlas


@pytest.fixture
def full(gathered: Path) -> Desk:
    """A desk that looks into the gathered atlas."""
    return Desk(gathered)


@pytest.fixture
def own(gathered: Path, tmp_path: Path) -> Desk:
    """A copy of the gathered atlas to write into."""
    return Desk(Path(shutil.copytree(gathered, tmp_path / "own")))
