"""The desks that tests of the web start from."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from peer_world import Theirs, lived_in
from web_desk import Web
from web_world import fill

from chokepoint.model.marking import Viewer
from chokepoint.settings import Settings
from chokepoint.wiring import make_atlas, open_atlas

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from chokepoint.desk.atlas import Atlas


def _let_go(atlas: Atlas) -> None:
    atlas.engine.dispose()
    atlas.vault.engine.dispose()


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An atlas of three members with claims of each, some of them hidden from others; to be copied."""
    folder = tmp_path_factory.mktemp("web") / "atlas"
    for organisation in ("bank", "police", "vendor"):
        _let_go(make_atlas(Settings(atlas=folder, viewer=Viewer(organisation=organisation))))
    fill(folder)
    return folder


@pytest.fixture(scope="module")
def web(written: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    """A desk for all tests of a file; they leave it as they found it, or do not mind."""
    yield from _opened(written, tmp_path_factory.mktemp("desk"))


@pytest.fixture(scope="module")
def theirs(web: Web) -> Theirs:
    """A desk on which members own things that a vendor's investigator reaches for."""
    return lived_in(web)


@pytest.fixture
def fresh(written: Path, tmp_path: Path) -> Iterator[Web]:
    """A desk for one test that changes it."""
    yield from _opened(written, tmp_path)


@pytest.fixture
def opening(written: Path, tmp_path: Path) -> Iterator[Callable[..., Web]]:
    """Open a desk in a way of one's own: `opening(origins=("https://desk.example",))`."""
    made: list[Web] = []

    def make(**how: object) -> Web:
        folder = Path(shutil.copytree(written, tmp_path / f"atlas{len(made)}"))
        made.append(Web(open_atlas(Settings(atlas=folder, viewer=Viewer(organisation=""))), **how))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for one in made:
        one.close()
        _let_go(one.atlas)


def _opened(written: Path, folder: Path) -> Iterator[Web]:
    copy = Path(shutil.copytree(written, folder / "atlas"))
    atlas = open_atlas(Settings(atlas=copy, viewer=Viewer(organisation="")))
    web = Web(atlas)
    yield web
    web.close()
    _let_go(atlas)
