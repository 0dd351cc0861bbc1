"""Records that are no claims: who said what and when, in the newest shape, as far as the viewer may see."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from store_world import AMBER, AT, RED, record, seen_by, vote

from chokepoint.model.errors import LedgerError
from chokepoint.model.marking import CLEAR, Marking, Tlp, kept_by
from chokepoint.store.base import REMARKING
from chokepoint.store.records import Record, read_marked, read_records

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from chokepoint.desk.atlas import Atlas
    from chokepoint.store.base import RecordRow

NOTE, SECOND = "parcel/1", "picture/1"
OWN = Marking(tlp=Tlp.RED, audience=frozenset({"bank"}))
words = st.dictionaries(st.text("abc", min_size=1), st.text(max_size=9) | st.integers(0, 9), max_size=3)


@pytest.fixture(scope="module")
def shared_atlas(fresh_atlas: Callable[[], Atlas]) -> Atlas:
    """One for all examples of a law."""
    return fresh_atlas()


def told(atlas: Atlas, *rows: RecordRow) -> Sequence[int]:
    return atlas.ledger.append(atlas.speaker(), list(rows)).seqs


def read(atlas: Atlas, *kinds: str) -> list[Record]:
    with atlas.reader.connect() as connection:
        return list(read_records(atlas.reader, connection, *kinds))


def test_a_record_says_who_said_what_and_when(anywhere: Callable[..., Atlas]) -> None:
    atlas = anywhere("bank", "police")
    (seq,) = told(atlas, record(NOTE, {"word": "one"}))
    (found,) = read(atlas, NOTE)
    assert found == Record(seq, found.id, "bank", "", found.at, {"word": "one"})
    assert len(bytes.fromhex(found.id)) == 32
    assert found.at.startswith("20")
    assert found.at.endswith("Z")


def test_a_record_of_a_person_names_organisation_and_user(fresh_atlas: Callable[[], Atlas]) -> None:
    atlas = fresh_atlas()
    told(seen_by(atlas, "bank", "ann"), record(NOTE, {"n": 1}))
    told(atlas, record(NOTE, {"n": 2}))
    assert [(one.person, one.author, one.organisation) for one in read(atlas, NOTE)] == [
        ("bank/ann", "ann", "bank"),
        ("bank", "", "bank"),
    ]


@given(said=st.lists(words, max_size=6))
def test_all_that_was_said_comes_back_in_its_order(shared_atlas, said):
    atlas = shared_atlas
    before = len(read(atlas, NOTE))
    told(atlas, *(record(NOTE, one) for one in said))
    assert [one.said for one in read(atlas, NOTE)][before:] == said
    found = read(atlas, NOTE)
    assert [one.seq for one in found] == sorted({one.seq for one in found})
    assert {one.at for one in found} <= {AT}


def test_kinds_come_one_after_the_other_as_asked(fresh_atlas: Callable[[], Atlas]) -> None:
    atlas = fresh_atlas()
    told(atlas, record(NOTE, {"n": 1}), record(SECOND, {"n": 2}), record(NOTE, {"n": 3}))
    assert [one.said["n"] for one in read(atlas, SECOND, NOTE)] == [2, 1, 3]
    assert read(atlas) == []


def test_what_was_said_in_an_older_shape_is_read_in_the_newest(fresh_atlas: Callable[[], Atlas]) -> None:
    atlas = fresh_atlas()
    told(atlas, record("calibration/1", {"favours": [["a", "b"]], "organisations": {}}))
    told(atlas, record("calibration/2", {"apart": [], "close": [], "rings": [], "organisations": {}}))
    first, second = read(atlas, "calibration/3")
    usual = {"usual": [800, 800], "bar": 0}
    assert first.said == {"apart": [], "close": [], "rings": [["a", "b"]], "organisations": {}} | usual
    assert second.said == {"apart": [], "close": [], "rings": [], "organisations": {}} | usual


def test_a_viewer_reads_no_record_that_is_not_for_them(anywhere: Callable[..., Atlas]) -> None:
    atlas = anywhere("bank", "police", "vendor")
    told(
        atlas,
        record(NOTE, {"n": 1}, CLEAR),
        record(NOTE, {"n": 2}, OWN),
        record(NOTE, {"n": 3}, Marking(tlp=Tlp.AMBER, audience=frozenset({"bank", "police"}))),
    )
    assert [one.said["n"] for one in read(atlas, NOTE)] == [1, 2, 3]
    assert [one.said["n"] for one in read(seen_by(atlas, "police"), NOTE)] == [1, 3]
    assert [one.said["n"] for one in read(seen_by(atlas, "vendor"), NOTE)] == [1]
    assert read(seen_by(atlas, "nobody"), NOTE) == [one for one in read(atlas, NOTE) if one.said["n"] == 1]


def test_reading_as_of_a_position_leaves_out_what_came_later(fresh_atlas: Callable[[], Atlas]) -> None:
    atlas = fresh_atlas()
    first, _ = told(atlas, record(NOTE, {"n": 1}), record(NOTE, {"n": 2}))
    reader = atlas.reader
    with reader.connect() as connection:
        then = reader.as_of(first, 0)
        assert [one.said["n"] for one in read_records(then, connection, NOTE)] == [1]


@pytest.mark.parametrize("marking", [CLEAR, AMBER, RED, OWN], ids=["clear", "amber", "red", "own"])
def test_each_record_comes_with_its_marking(fresh_atlas: Callable[[], Atlas], marking: Marking) -> None:
    atlas = fresh_atlas()
    told(atlas, record(NOTE, {"n": 1}, marking), record(NOTE, {"n": 2}))
    with atlas.reader.connect() as connection:
        found = read_marked(atlas.reader, connection, NOTE)
    assert [(one.said["n"], given.tlp) for one, given in found] == [(1, marking.tlp), (2, Tlp.CLEAR)]
    assert [one for one, _ in found] == read(atlas, NOTE)


def test_a_record_re_marked_comes_with_the_marking_of_today(fresh_atlas: Callable[[], Atlas]) -> None:
    atlas = fresh_atlas()
    told(atlas, vote(["00" * 32]))
    with atlas.reader.connect() as connection:
        [(cast, before)] = read_marked(atlas.reader, connection, "vote/2")
    form = msgspec.to_builtins(kept_by(Marking(tlp=Tlp.GREEN), "bank").to_form())
    told(atlas, record(REMARKING, {"marking": form, "reason": "r", "records": [cast.id]}))
    with atlas.reader.connect() as connection:
        [(again, after)] = read_marked(atlas.reader, connection, "vote/2")
    assert (again, before.tlp, after.tlp) == (cast, Tlp.CLEAR, Tlp.GREEN)


def test_a_version_of_tomorrow_is_refused_and_not_guessed_at(fresh_atlas: Callable[[], Atlas]) -> None:
    atlas = fresh_atlas()
    told(atlas, record("parcel/2", {"n": 1}))
    with pytest.raises(LedgerError, match="unknown"):
        read(atlas, "parcel/2")
