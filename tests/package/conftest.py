"""Fixtures of the package tests."""

from pathlib import Path

import pytest
from package_sample import key, request

from chokepoint.package.build import build


@pytest.fixture(scope="session")
def shared_data():
    """The shared data folder beside the repository; tests that need it are skipped where it is absent."""
    folder = Path(__file__).resolve().parents[2].parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("no ../shared/data beside the repository")
    return folder


@pytest.fixture(scope="session")
def package():
    """The sample's package, built once."""
    return build(request(), key("Example Police").sign)
