"""What all tests stand on: an atlas in a temporary folder, a clock that stands still, the shared data."""

from __future__ import annotations

import os
import tarfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from chokepoint.model.marking import Viewer
from chokepoint.settings import Settings
from chokepoint.wiring import make_atlas, open_atlas

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from chokepoint.desk.atlas import Atlas

NOW = "2026-02-03T04:05:06.000Z"
MEMBERS = ("bank", "police", "vendor")
ROOT = Path(__file__).resolve().parents[1]
SHARED = next(
    (found for above in ROOT.parents if (found := above / "shared" / "data").is_dir()),
    ROOT.parent / "shared" / "data",
)

hypothesis_settings.register_profile(
    "chokepoint",
    deadline=None,  # a busy machine is no fault
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    database=None,
    derandomize=bool(
        os.environ.get("CI")
    ),  # there a run tells of the change alone; elsewhere each looks further
)
hypothesis_settings.load_profile("chokepoint")


def _shared(folder: str) -> Path:
    found = SHARED / folder
    if not found.is_dir():
        pytest.skip(f"../shared/data/{folder} is not beside the repository: this test saw nothing of it")
    return found


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of real data; a test that asks for it is skipped, and says so, where it is absent."""
    return _shared("corpus")


@pytest.fixture(scope="session")
def vectors(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of test vectors that others have published: the shared one, or else the copy kept here.

    The copy holds those that no test may go without, with their sources and licences in its README.
    """
    if (SHARED / "vectors").is_dir():
        return SHARED / "vectors"
    folder = tmp_path_factory.mktemp("vectors")
    with tarfile.open(ROOT / "tests" / "vectors.tar.xz") as archive:
        archive.extractall(folder, filter="data")
    return folder


@pytest.fixture
def clock() -> Callable[[], str]:
    """A clock that stands still at `NOW`."""
    return lambda: NOW


def let_go(atlas: Atlas) -> None:
    """Close the files of an atlas."""
    atlas.engine.dispose()
    atlas.vault._engine.dispose()


@pytest.fixture
def opened(clock: Callable[[], str]) -> Iterator[Callable[..., Atlas]]:
    """Open an atlas of a folder as a member: `opened(folder, "bank", "user")`; closed when the test ends."""
    atlases: list[Atlas] = []

    def open_as(folder: Path, organisation: str, user: str = "") -> Atlas:
        viewer = Viewer(organisation=organisation, user=user)
        atlas = replace(open_atlas(Settings(atlas=folder, viewer=viewer)), clock=clock)
        atlases.append(atlas)
        return atlas

    yield open_as
    for atlas in atlases:
        let_go(atlas)


@pytest.fixture
def atlas(tmp_path: Path, opened: Callable[..., Atlas]) -> Callable[..., Atlas]:
    """Make an atlas whose members are those named (bank, police, vendor), opened as the first of them."""

    def make(*members: str, name: str = "atlas") -> Atlas:
        folder = tmp_path / name
        for organisation in members or MEMBERS:
            let_go(make_atlas(Settings(atlas=folder, viewer=Viewer(organisation=organisation))))
        return opened(folder, (members or MEMBERS)[0])

    return make
