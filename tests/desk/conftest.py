"""The atlas that tests of the desk start from."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import pytest
from chain_world import chain
from desk_world import World
from erase_world import MAIL, OTHER, misp

from chokepoint.desk.gather import gather
from chokepoint.desk.gather import parse as parsing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

T = TypeVar("T")


@pytest.fixture(scope="session")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An atlas with three members and nothing in it, to be copied."""
    made = World(tmp_path_factory.mktemp("fresh") / "atlas")
    for organisation in ("bank", "police", "vendor"):
        made.join(organisation)
    made.close()
    return made.folder


@pytest.fixture
def world(fresh: Path, tmp_path: Path) -> Iterator[World]:
    """An atlas with three members: bank, police and vendor."""
    made = World(Path(shutil.copytree(fresh, tmp_path / "atlas")))
    yield made
    made.close()


@pytest.fixture
def made(fresh: Path, tmp_path: Path) -> Iterator[Callable[[str], World]]:
    """Copies of an empty atlas with three members, by name: a name that is asked for again is a new one."""
    worlds: list[World] = []

    def copy(name: str) -> World:
        folder = tmp_path / name
        shutil.rmtree(folder, ignore_errors=True)
        worlds.append(World(Path(shutil.copytree(fresh, folder))))
        return worlds[-1]

    yield copy
    for world in worlds:
        world.close()


@pytest.fixture(scope="module")
def worlds(fresh: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], World]]:
    """Atlases of the same three members, one at each call, for all tests of a module that only read them."""
    made: list[World] = []

    def make() -> World:
        made.append(World(Path(shutil.copytree(fresh, tmp_path_factory.mktemp("common") / "atlas"))))
        return made[-1]

    yield make
    for world in made:
        world.close()


@pytest.fixture(scope="session")
def shop_folder(fresh: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small value chain of `chain_world`, to be copied."""
    made = chain(World(Path(shutil.copytree(fresh, tmp_path_factory.mktemp("shops") / "atlas"))))
    made.close()
    return made.folder


@pytest.fixture(scope="module")
def shops(shop_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The small value chain, to be read only."""
    made = World(Path(shutil.copytree(shop_folder, tmp_path_factory.mktemp("read") / "atlas")))
    yield made
    made.close()


@pytest.fixture
def market(shop_folder: Path, tmp_path: Path) -> Iterator[World]:
    """The small value chain, to be added to."""
    made = World(Path(shutil.copytree(shop_folder, tmp_path / "atlas")))
    yield made
    made.close()


@pytest.fixture
def named(atlas, tmp_path):
    """An atlas of three members into which a bank has taken a file that names two people."""
    one = atlas()
    file = tmp_path / "event.json"
    file.write_text(misp([MAIL, OTHER]), "utf-8")
    report = gather(one, [file])
    assert sum(part.new for part in report.files) > 1
    return one


@pytest.fixture
def fakes(monkeypatch: pytest.MonkeyPatch):
    """Put a fake collector before the real ones."""

    def use(fake: T) -> T:
        real = parsing.collectors
        monkeypatch.setattr(parsing, "collectors", lambda mappings=None: (fake, *real(mappings)))
        return fake

    return use
