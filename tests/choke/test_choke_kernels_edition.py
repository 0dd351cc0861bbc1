"""Compiled kernels are kept apart for each edition of their sources, so that none calls another's old code."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from numba import config

from chokepoint.choke import kernels


@pytest.fixture
def copied(tmp_path, monkeypatch):
    """The kernels' folder, where a test may change it."""
    place = tmp_path / "kernels"
    shutil.copytree(Path(kernels.__file__).parent, place, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(kernels, "_HERE", place)
    monkeypatch.setattr(config, "CACHE_DIR", "")
    return place


def test_the_same_sources_are_the_same_edition(copied):
    assert kernels._edition() == kernels._edition()


def test_a_change_in_any_kernel_is_another_edition_for_all(copied):
    before = kernels._edition()
    for file in copied.glob("*.py"):
        text = file.read_text("utf-8")
        file.write_text(f"{text}#", "utf-8")
        assert kernels._edition() != before, file.name
        before = kernels._edition()


def test_what_is_compiled_lies_beside_the_sources_under_their_edition(copied):
    kernels._cache()
    assert Path(config.CACHE_DIR) == copied / "__pycache__" / kernels._edition()
    assert Path(config.CACHE_DIR).is_dir()


def test_where_nothing_may_be_written_the_users_own_place_stays(copied):
    (copied / "__pycache__").write_text("in the way", "utf-8")
    kernels._cache()
    assert config.CACHE_DIR == ""
