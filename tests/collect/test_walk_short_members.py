"""A zip whose list of contents lies about one member loses that member, says which, and keeps the rest."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import pytest

from chokepoint.collect.base import Document
from chokepoint.collect.walk import Limits, walk
from chokepoint.collect.walk.things import Problem

if TYPE_CHECKING:
    from pathlib import Path


def lying(member: str, more: int) -> bytes:
    """A zip of three members, of which one is said to be longer than it is."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in ("a.txt", "b.txt", "c.txt"):
            archive.writestr(name, f"{name[0]}.com\n")
        archive.getinfo(member).file_size += more
    return out.getvalue()


@pytest.mark.parametrize("member", ["a.txt", "b.txt", "c.txt"])
@pytest.mark.parametrize("more", [1, 5, 1_000])
def test_the_others_are_taken_and_the_short_one_is_named_with_a_mend(tmp_path: Path, member: str, more: int):
    (tmp_path / "x.zip").write_bytes(lying(member, more))
    found = list(walk([tmp_path / "x.zip"]))
    taken = {one.parts[-1] for one in found if isinstance(one, Document)}
    (problem,) = [one for one in found if isinstance(one, Problem)]
    assert taken == {"a.txt", "b.txt", "c.txt"} - {member}
    assert member in f"{problem.path}{problem.place}"
    assert "Mend:" in problem.reason


def test_in_an_archive_of_archives_the_outer_one_goes_on(tmp_path: Path):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("inner.zip", lying("b.txt", 5))
        archive.writestr("after.txt", "after.com\n")
    (tmp_path / "outer.zip").write_bytes(out.getvalue())
    taken = {one.parts[-1] for one in walk([tmp_path / "outer.zip"]) if isinstance(one, Document)}
    assert taken == {"a.txt", "c.txt", "after.txt"}


def test_a_document_of_an_office_is_told_the_limit_that_it_passes(tmp_path: Path):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "x" * 3_000)
    (tmp_path / "big.docx").write_bytes(out.getvalue())
    (problem,) = walk([tmp_path / "big.docx"], limits=Limits(file=1_024))
    assert isinstance(problem, Problem)
    assert "more than the limit of 1 kB" in problem.reason
