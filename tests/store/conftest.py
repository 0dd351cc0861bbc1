"""Engines for the tests of the store: a SQLite file, and a database of a PostgreSQL server of our own."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import postgres_server
import pytest
from crowd import make_crowd
from sqlalchemy import make_url

from chokepoint.model.marking import Viewer
from chokepoint.settings import Settings
from chokepoint.wiring import make_atlas, open_atlas

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from chokepoint.desk.atlas import Atlas

MEMBERS = ("bank", "police", "vendor")


def let_go(atlas: Atlas) -> None:
    """Close the connections of an atlas."""
    atlas.engine.dispose()
    atlas.vault._engine.dispose()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A running PostgreSQL; without one, tests are skipped and say so, and in CI they fail."""
    found = postgres_server.programs()
    if found is None:
        told = "PostgreSQL is not installed: nothing was tested on it (apt-get install -y postgresql)"
        if os.environ.get("CI"):
            pytest.fail(told)
        pytest.skip(told)
    with postgres_server.serving(found) as address:
        yield address


class Pattern(NamedTuple):
    """An atlas of three members in a database, to be copied with the folder of its keys."""

    address: str
    database: str
    state: Path

    def copy(self, state: Path) -> Settings:
        """A fresh copy, looked at by the first member."""
        shutil.copytree(self.state, state)
        database = postgres_server.new_database(self.address, self.database)
        return Settings(atlas=state, viewer=Viewer(organisation=MEMBERS[0]), database=database)


@pytest.fixture(scope="session")
def pattern(server: str, tmp_path_factory: pytest.TempPathFactory) -> Pattern:
    """What every atlas in PostgreSQL is copied from: making one anew takes a second."""
    database, state = postgres_server.new_database(server), tmp_path_factory.mktemp("pattern") / "state"
    for name in MEMBERS:
        let_go(make_atlas(Settings(atlas=state, viewer=Viewer(organisation=name), database=database)))
    return Pattern(server, str(make_url(database).database), state)


@pytest.fixture
def in_postgres(pattern: Pattern, tmp_path: Path, clock: Callable[[], str]) -> Iterator[Callable[..., Atlas]]:
    """An atlas in a database of its own, whose members are bank, police and vendor, looked at by the bank."""
    opened = []

    def make(*members: str) -> Atlas:
        assert set(members) <= set(MEMBERS)
        opened.append(replace(open_atlas(pattern.copy(tmp_path / f"state{len(opened)}")), clock=clock))
        return opened[-1]

    yield make
    for one in opened:
        let_go(one)


@pytest.fixture(scope="session")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an atlas with a crowd in it, to be copied."""
    folder = tmp_path_factory.mktemp("crowded") / "atlas"
    make_crowd(folder)
    return folder


@pytest.fixture(params=["sqlite", "postgresql"])
def anywhere(request: pytest.FixtureRequest) -> Callable[..., Atlas]:
    """Make an atlas on each engine in turn."""
    return request.getfixturevalue("atlas" if request.param == "sqlite" else "in_postgres")


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def lasting(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Atlas]:
    """An atlas on each engine in turn that all tests of a module fill and read together, at one moment."""
    state = tmp_path_factory.mktemp("lasting") / "atlas"
    if request.param == "sqlite":
        for name in reversed(MEMBERS[1:]):
            let_go(make_atlas(Settings(atlas=state, viewer=Viewer(organisation=MEMBERS[0]))))
            let_go(make_atlas(Settings(atlas=state, viewer=Viewer(organisation=name))))
        given = Settings(atlas=state, viewer=Viewer(organisation=MEMBERS[0]))
    else:
        given = request.getfixturevalue("pattern").copy(state)
    one = replace(open_atlas(given), clock=lambda: "2026-02-03T04:05:06.000Z")
    yield one
    let_go(one)


@pytest.fixture(scope="session")
def fresh_atlas(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Atlas]]:
    """New atlases by the dozen, looked at by the bank at one moment: the first is made, the others are copies."""
    made = tmp_path_factory.mktemp("made") / "atlas"
    for name in MEMBERS:
        let_go(make_atlas(Settings(atlas=made, viewer=Viewer(organisation=name))))
    opened = []

    def fresh() -> Atlas:
        folder = tmp_path_factory.mktemp("fresh") / "atlas"
        shutil.copytree(made, folder)
        one = open_atlas(Settings(atlas=folder, viewer=Viewer(organisation=MEMBERS[0])))
        opened.append(replace(one, clock=lambda: "2026-02-03T04:05:06.000Z"))
        return opened[-1]

    yield fresh
    for one in opened:
        let_go(one)
