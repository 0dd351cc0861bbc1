"""Fixtures of the package tests."""

import pytest
from package_sample import key, request

from chokepoint.package.build import build


@pytest.fixture(scope="session")
def package():
    """The sample's package, built once."""
    return build(request(), key("Example Police").sign)
