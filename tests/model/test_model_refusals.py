"""What a refusal of this room tells: what was seen, cut short, and how to mend it; never a copy of a document."""

from __future__ import annotations

import unicodedata
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.model.claim import parse_day
from chokepoint.model.errors import NotValidError
from chokepoint.model.figure import Figure, amount, read_figure
from chokepoint.model.handling import parse_handling
from chokepoint.model.marking import parse_pap, parse_tlp
from chokepoint.model.member import Sector, parse_capability, parse_sector, parse_ties
from chokepoint.model.role import Role, parse_role
from chokepoint.model.source import Grading, parse_grading
from chokepoint.model.vocabulary import vocabulary


def figure(**changes):
    return Figure(**{"measure": "arrests", "low": Decimal(1), "high": Decimal(1), **changes})


READERS = {
    "a label": parse_tlp,
    "a permission": parse_pap,
    "a day": parse_day,
    "a grade": parse_grading,
    "a reliability": lambda text: Grading(reliability=text),
    "a credibility": lambda text: Grading(credibility=text),
    "a kind": vocabulary().kind,
    "a property": vocabulary().property,
    "a role": parse_role,
    "a sector": parse_sector,
    "a capability": parse_capability,
    "a capability on a kind": lambda text: parse_capability(f"freeze:{text}"),
    "a handling code": parse_handling,
    "a tie": lambda text: parse_ties([text]),
    "an amount": amount,
    "a figure": read_figure,
    "a measure": lambda text: figure(measure=text),
    "a measure with a colon": lambda text: figure(measure=f"{text}: b"),
    "a unit": lambda text: figure(unit=text),
    "a bound": lambda text: figure(bound=text),
    "a country": lambda text: figure(where=(text,)),
}
JUNK = {
    "one letter": "x",
    "letters": "z" * 50_000,
    "figures": "9" * 50_000,
    "lines": "a\nb\n" * 5_000,
    "overrides": "\u202e" * 5_000,
    "controls": "\x00\x1b[31m" * 5_000,
    "surrogates": "\ud800" * 5_000,
    "marks": "e" + "\u0301" * 5_000,
    "markup": "<script>alert(1)</script>" * 500,
    "braces": "{text!r} {0} {}" * 500,
    "per cents": "%s %(text)s %" * 500,
}


def refused(reader, text: str) -> NotValidError | None:
    try:
        reader(text)
    except NotValidError as error:
        return error
    return None


@pytest.mark.parametrize("junk", JUNK.values(), ids=JUNK)
@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
def test_a_refusal_is_short_shows_nothing_hidden_and_says_what_to_write(reader, junk):
    refusal = refused(reader, junk)
    if refusal is not None:
        assert 0 < len(refusal.reason) <= 500
        assert not any(unicodedata.category(one) in {"Cc", "Cf", "Cs"} for one in refusal.explain())
        assert refusal.mend or reader is READERS["a tie"]


@pytest.mark.parametrize(
    ("name", "mend"),
    [
        ("a label", "use CLEAR, GREEN, AMBER, AMBER+STRICT or RED"),
        ("a permission", "use CLEAR, GREEN, AMBER or RED"),
        ("a day", "write YYYY-MM-DD"),
        ("a grade", "write a letter and a figure: B2"),
        ("a reliability", "use A to F"),
        ("a credibility", "use 1 to 6"),
        ("an amount", "write digits only: 1006 or 97.4"),
        ("a figure", "write it as `arrests in KE: more than 20`"),
        ("a unit", "write USD, TB, % or nothing"),
        ("a bound", "write = ~ > or <, low first"),
        ("a country", "write KE or GH+NG"),
        ("a measure with a colon", "leave the colon out"),
    ],
)
def test_the_mend_is_what_a_person_can_type_next(name, mend):
    refusal = refused(READERS[name], "no such thing!")
    assert refusal is not None
    assert refusal.mend == mend


@pytest.mark.parametrize("name", ["a kind", "a property", "a role", "a sector"])
def test_an_unknown_word_is_told_with_the_known_ones(name):
    known = {
        "a kind": set(vocabulary().kinds),
        "a property": set(vocabulary().properties),
        "a role": {role.value for role in Role},
        "a sector": {sector.value for sector in Sector},
    }
    refusal = refused(READERS[name], "no such thing")
    assert refusal is not None
    assert all(word in refusal.mend for word in known[name])


@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
@given(text=st.text(max_size=60))
def test_any_text_is_read_or_refused_and_nothing_else_is_raised(reader, text):
    refusal = refused(reader, text)
    assert refusal is None or refusal.reason


@given(st.text(min_size=61, max_size=300))
def test_what_is_quoted_is_the_beginning_of_what_was_written(text):
    refusal = refused(parse_day, text)
    if refusal is not None:
        assert repr(text[:60]) in refusal.reason
        assert repr(text) not in refusal.reason
