"""The desks that tests of TAXII start from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from taxii_desk import Program, opened

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from web_desk import Web


@pytest.fixture
def program(served: Web) -> Callable[..., Program]:
    """Make programs: `program("police")`."""
    return lambda who="bank", scopes=("look", "add"): Program(served, who, scopes)


@pytest.fixture(scope="module")
def served(written: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    """A desk of four members on which something is accepted, for all tests of a file; none changes it."""
    yield from opened(written, tmp_path_factory.mktemp("taxii"))


@pytest.fixture
def own(written: Path, tmp_path: Path) -> Iterator[Web]:
    """The same for one test that changes it."""
    yield from opened(written, tmp_path)
