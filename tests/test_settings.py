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


@pytest.mark.parametrize("address", ["https://atlas.example", "postgresql://", "file:///tmp/atlas"])
def test_an_atlas_behind_an_address_is_refused_with_a_mend(address):
    with pytest.raises(NotValidError, match="a folder or a PostgreSQL database") as caught:
        settings(address)
    assert caught.value.mend


def test_settings_cannot_be_changed():
    with pytest.raises(AttributeError):
        settings().atlas = Path("other")  # type: ignore[misc]


@pytest.mark.parametrize("scheme", ["postgresql", "postgres"])
def test_an_atlas_in_postgresql_keeps_its_keys_on_this_machine(scheme, monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    given = settings(f"{scheme}://keeper:word@host/atlas?sslmode=require", "bank")
    assert given.database == "postgresql+psycopg://keeper:word@host/atlas?sslmode=require"
    assert given.atlas.parent == tmp_path / "chokepoint"


def test_the_folder_of_keys_follows_the_database_and_not_who_signs_in(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    folders = {
        settings(f"postgresql://{given}", "bank").atlas
        for given in ("host/atlas", "keeper:word@host/atlas", "other@host/atlas?sslmode=require")
    }
    assert len(folders) == 1
    assert settings("postgresql://host/other", "bank").atlas not in folders
    assert "word" not in str(folders)


def test_an_atlas_in_a_folder_has_no_database():
    assert settings("./here", "bank").database == ""


@pytest.mark.parametrize(
    ("given", "kept"), [(None, ""), ("", ""), ("  ", ""), (" warrant 12 ", "warrant 12")]
)
def test_a_reason_to_see_persons_in_full_is_kept_without_its_margins(given, kept):
    assert settings("a", "bank", "case-1", unfold=given).unfold == kept


def test_without_a_reason_persons_are_minimised():
    assert settings("a", "bank").unfold == ""
