"""Hostile values: whatever comes, a normal form or a refusal, in work that grows no faster than the text."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.model.errors import ChokepointError, NotValidError
from chokepoint.model.vocabulary import vocabulary
from chokepoint.values import registry
from chokepoint.values.defang import refang
from chokepoint.values.tables import table
from chokepoint.values.text import scan
from chokepoint.values.text.table import tables
from chokepoint.values.unseen import visible

KINDS = sorted(vocabulary().kinds)
NASTY = [
    "\u202e",
    "\u2066",
    "\x00",
    "\ud800",
    "\ufeff",
    "\U000e0041",
    "\u0301" * 5,
    "ﷺ",
    "İ",
    "ß",
    "ǆ",
    "\u1d2c",
    "%00",
    "\\",
    "'",
    '"',
    "<",
    "\n",
    "\r",
    "\t",
    "\x1b[31m",
]
nasty = st.lists(
    st.sampled_from([*NASTY, "a", "1", ".", "@", ":", "/", "-", "com", "evil"]), max_size=24
).map("".join)


@pytest.mark.parametrize("kind", KINDS)
@given(text=nasty)
def test_a_nasty_text_has_a_stable_printable_form_or_a_reason(kind, text):
    try:
        entity = registry.parse(kind, text)
    except NotValidError as refusal:
        assert refusal.reason  # noqa: PT017 - both ways are right
        return
    assert registry.parse(kind, entity.value) == entity
    shown = registry.show(entity)
    assert shown.isprintable()
    assert "\x1b" not in shown


@given(nasty)
def test_a_nasty_text_is_detected_queried_and_scanned_without_failing(text):
    found = registry.detect(text)
    assert found is None or registry.parse(*found) == found
    try:
        registry.query(text)
    except ChokepointError as refusal:
        assert refusal.reason  # noqa: PT017 - both ways are right
    for one in scan(text):
        assert text[one.start : one.end] == one.raw


def calls(function, text):
    """Calls that the function makes on the text: work, counted and not timed."""
    count = 0

    def counted(_frame, event, _argument):
        nonlocal count
        count += event in {"call", "c_call"}

    sys.setprofile(counted)
    try:
        function(text)
    except ChokepointError:
        pass
    finally:
        sys.setprofile(None)
    return count


GROWING = {
    "dots": "a.",
    "defanged": "a[.]",
    "ats": "a@",
    "letters": "ü",
    "accents": "e\u0301",
    "entities": "&#46;",
    "hidden": "\u200b",
    "colons": "1:",
    "slashes": "/a",
    "brackets": "([{",
    "figures": "12 ",
    "words": "ab ",
}


@pytest.mark.parametrize("unit", GROWING.values(), ids=GROWING)
@pytest.mark.parametrize(
    "function",
    [refang, visible, registry.detect, lambda text: list(tables(text.split("\n")))],
    ids=["refang", "visible", "detect", "tables"],
)
def test_twice_the_value_is_at_most_a_little_more_than_twice_the_work(unit, function):
    small, large = (unit * (size // len(unit)) for size in (2_000, 4_000))
    function(small)
    assert calls(function, large) <= 2.4 * calls(function, small) + 200


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "unit",
    ["a.", "a[.]", "ü", "1:", "12 ", "&#46;", "\u200b"],
    ids=["dots", "defanged", "letters", "colons", "figures", "entities", "hidden"],
)
def test_a_parser_of_any_kind_works_no_more_than_in_proportion(kind, unit):
    def parse(text):
        return registry.value_type(kind).parse(text)

    small, large = (unit * (size // len(unit)) for size in (1_000, 4_000))
    calls(parse, small)
    assert calls(parse, large) <= 5 * calls(parse, small) + 400


@pytest.mark.parametrize("name", ["names", "platforms", "payments", "mailboxes", "mtgx/types", "text/words"])
def test_a_table_is_read_once_and_holds_something(name):
    assert table(name) is table(name)
    assert table(name)


def test_a_table_that_does_not_exist_is_an_error_of_the_installation():
    with pytest.raises(FileNotFoundError):
        table("no/such/table")
