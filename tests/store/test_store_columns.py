"""Columns: packed and unpacked, whole or in spans, they are what the rows say."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import DatabaseError
from store_world import RED, days, link, say, seen_by, source
from test_store_reading import WORLD

from chokepoint.model.claim import Claim, Interval, Nature, Provenance
from chokepoint.model.identity import Entity
from chokepoint.model.source import Grading
from chokepoint.store import columns
from chokepoint.store.base import UNKNOWN_DAY, day_number
from chokepoint.store.columns import Span, integers, rows_of
from chokepoint.store.interning import Space
from chokepoint.store.predicates import chunks, marks

EVERYTHING = Span()
grades = st.builds(Grading, st.sampled_from("ABCDEF"), st.sampled_from("123456"))
maybe = st.one_of(st.just(""), days)
sentences = st.lists(
    st.builds(
        Claim,
        st.sampled_from(WORLD),
        st.sampled_from(("resolves-to", "indicates")),
        st.sampled_from(WORLD),
        st.just("line 1"),
        st.builds(
            lambda grading, origin: Provenance(
                capture=source().capture, origin=origin, grading=grading, marking=source().marking
            ),
            grades,
            st.sampled_from(("one", "two", "three")),
        ),
        st.one_of(st.none(), st.builds(Interval, maybe, maybe, st.just("day"))),
        st.sampled_from(list(Nature)),
    ),
    min_size=1,
    max_size=12,
)


def told(atlas, spans=(EVERYTHING,)):
    """Each link in sight as a person would write it, in the order of the columns."""
    reader, lines = atlas.reader, []
    with reader.connect() as connection:
        entities = reader.entities(connection, range(1, 40))
        origins, properties = (reader.names(connection, space) for space in (Space.ORIGIN, Space.PROPERTY))
        for span in spans:
            table = reader.links(connection, span)
            for row in zip(*(getattr(table, name).tolist() for name in table.__slots__), strict=True):
                said = dict(zip(table.__slots__, row, strict=True))
                lines.append(
                    (
                        entities[said["subject"]],
                        properties[said["property"]],
                        entities[said["object"]],
                        origins[said["origin"]],
                        "ABCDEF"[said["reliability"]] + str(said["credibility"]),
                        said["start"],
                        said["end"],
                        said["assessment"],
                    )
                )
    return lines


def day(text):
    number = day_number(text)
    return UNKNOWN_DAY if number is None else number


@given(sentences)
def test_a_packed_row_is_the_claim_that_was_said(atlas, tmp_path_factory, said):
    made = atlas(name=tmp_path_factory.mktemp("columns").name)
    say(made, said)
    assert told(made) == [
        (
            one.subject, one.property, one.object, one.provenance.origin, one.provenance.grading.code,
            day(one.observed.start) if one.observed else UNKNOWN_DAY,
            day(one.observed.end) if one.observed else UNKNOWN_DAY,
            one.nature is Nature.ASSESSMENT,
        )
        for one in dict.fromkeys(said)
    ]  # fmt: skip


def test_spans_side_by_side_are_the_whole(atlas):
    made = atlas()
    for number in range(9):
        name = f"file {number}"
        say(made, [link(f"a{number}.com", f"10.0.0.{number}", source(name))], [name])
    with made.reader.connect() as connection:
        last = made.reader.position(connection)
    for cuts in ([0, last], [0, 4, 9, last], [*range(last + 1)]):
        assert told(made, [Span(*pair) for pair in pairwise(cuts)]) == told(made)
    assert told(made, [Span(last, last)]) == []


def test_a_hidden_claim_is_in_no_column(atlas):
    made = atlas()
    say(seen_by(made, "police"), [link("a.com", "10.0.0.1")])
    say(made, [link("secret.com", "10.0.0.2", source("closed.txt", RED, "informant"))], ["closed.txt"])
    assert len(told(seen_by(made, "police"))) == 1
    assert len(told(made)) == 2


@pytest.mark.parametrize("few", [0, 10**6])
def test_entities_are_the_same_read_one_by_one_or_from_the_whole_table(atlas, monkeypatch, few):
    monkeypatch.setattr(columns, "FEW", few)
    made = atlas()
    say(made, [link(f"{letter}.com", "10.0.0.1") for letter in "zaqภ"])
    reader = made.reader
    with reader.connect() as connection:
        kinds = reader.names(connection, Space.KIND)
        nodes = reader.nodes(connection, np.array([3, 1, 3, 77, 2, 2]))
        known = reader.entities(connection, [1, 2, 3])
    assert nodes.eid.tolist() == [1, 2, 3]
    found = [Entity(kinds[kind], value) for kind, value in zip(nodes.kind.tolist(), nodes.value, strict=True)]
    assert found == [known[eid] for eid in (1, 2, 3)]


def test_of_no_entities_there_are_no_columns(atlas):
    reader = atlas().reader
    with reader.connect() as connection:
        nodes = reader.nodes(connection, np.zeros(0, np.int64))
        links = reader.links(connection)
    assert (len(nodes.eid), len(nodes.kind), nodes.value) == (0, 0, [])
    assert all(len(getattr(links, name)) == 0 for name in links.__slots__)


def test_a_table_of_integers_has_a_row_for_each_column_asked(atlas):
    with atlas().reader.connect() as connection:
        table = integers(connection, "SELECT 1, ? UNION ALL SELECT 3, 4", (2**62,), width=2)
        assert table.tolist() == [[1, 3], [2**62, 4]]
        assert integers(connection, "SELECT 1, 2 WHERE 0", width=2).shape == (2, 0)


@given(st.lists(st.integers(), max_size=2_000))
def test_chunks_are_the_items_in_order_and_none_is_too_large(items):
    parts = list(chunks(items))
    assert [item for part in parts for item in part] == items
    assert all(0 < len(part) <= 400 for part in parts)


@pytest.mark.parametrize("given", [["1); DROP TABLE claims --"], [None], ["x"]], ids=["sql", "none", "text"])
def test_only_numbers_become_marks(given):
    with pytest.raises((TypeError, ValueError)):
        marks(given)


def test_rows_that_cannot_be_read_any_further_are_the_stores_error_not_the_drivers(atlas) -> None:
    """The driver's own would pass those who ask for damage by, as would one of the first row alone."""
    with atlas().reader.connect() as connection:
        least = "SELECT 1 UNION ALL SELECT abs(-9223372036854775807 - 1)"
        rows = rows_of(connection, least)
        with pytest.raises(DatabaseError, match="overflow"):
            list(rows)
        assert list(rows_of(connection, "SELECT 1")) == [(1,)]
