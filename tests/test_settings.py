"""Settings: options before the environment before defaults, and nothing taken for what it is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from chokepoint.model.errors import NotValidError
from chokepoint.model.marking import Viewer
from chokepoint.settings import settings


@pytest.fixture(autouse=True)
def bare(monkeypatch):
    """An environment that says nothing."""
    for name in ("CHOKEPOINT_ATLAS", "CHOKEPOINT_AS"):
        monkeypatch.delenv(name, raising=False)


def test_without_a_word_the_atlas_lies_here_and_its_first_member_looks():
    given = settings()
    assert given.atlas == Path("atlas")
    assert given.viewer == Viewer(organisation="")


def test_an_option_outdoes_the_environment(monkeypatch):
    monkeypatch.setenv("CHOKEPOINT_ATLAS", "there")
    monkeypatch.setenv("CHOKEPOINT_AS", "police/bob")
    assert settings().atlas == Path("there")
    assert settings().viewer == Viewer(organisation="police", user="bob")
    given = settings("elsewhere", "bank")
    assert (given.atlas, given.viewer) == (Path("elsewhere"), Viewer(organisation="bank"))


def test_an_empty_environment_says_nothing(monkeypatch):
    monkeypatch.setenv("CHOKEPOINT_ATLAS", "")
    monkeypatch.setenv("CHOKEPOINT_AS", "")
    assert settings() == settings(None, None)


@pytest.mark.parametrize(
    ("written", "organisation", "user"),
    [
        ("bank", "bank", ""),
        ("bank/ann", "bank", "ann"),
        (" Royal Bank / Ann Lee ", "Royal Bank", "Ann Lee"),
        ("ธนาคาร/สมชาย", "ธนาคาร", "สมชาย"),
        ("bank/", "bank", ""),
        ("bank/ann/deputy", "bank", "ann/deputy"),
    ],
)
def test_a_viewer_is_an_organisation_and_perhaps_a_user(written, organisation, user):
    assert settings(viewer=written).viewer == Viewer(organisation=organisation, user=user)


@pytest.mark.parametrize("written", ["", " ", "/ann", " / "])
def test_a_viewer_without_an_organisation_is_refused(written):
    with pytest.raises(NotValidError, match="nobody") as caught:
        settings(viewer=written)
    assert (caught.value.place, bool(caught.value.mend)) == ("--as", True)


@pytest.mark.parametrize("address", ["https://atlas.example", "postgresql://host/db", "file:///tmp/atlas"])
def test_an_atlas_behind_an_address_is_refused_with_a_mend(address):
    with pytest.raises(NotValidError, match="folders") as caught:
        settings(address)
    assert caught.value.mend


def test_settings_cannot_be_changed():
    with pytest.raises(AttributeError):
        settings().atlas = Path("other")  # type: ignore[misc]
