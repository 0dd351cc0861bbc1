"""What one sentence ties together, against reading it by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.values import registry
from chokepoint.values.sentence import LETTERS, MOST, companions
from chokepoint.values.text import scan

THINGS = [
    registry.parse(kind, value)
    for kind, value in (
        ("domain-name", "a-evil.com"),
        ("domain-name", "b-evil.com"),
        ("ipv4-addr", "91.206.14.77"),
        ("email-addr", "bob@c-evil.com"),
        ("crypto-address", "1AfroW44dzHkjgbLEMLB3EvGDFegfkRewM"),
        ("phone-number", "+66812345678"),
        ("user-account", "telegram:evil_bot"),
    )
]
PLAIN = "and then the money went on"


def ties(line, things):
    return list(companions(line, [(thing, thing.value) for thing in things]))


@given(st.lists(st.sampled_from(THINGS), min_size=2, max_size=MOST, unique=True))
def test_the_first_thing_of_a_sentence_is_tied_to_every_other_in_order(things):
    line = f" {PLAIN} ".join(thing.value for thing in things) + "."
    assert ties(line, things) == [(things[0], other) for other in things[1:]]


@given(
    st.lists(st.sampled_from(THINGS), min_size=1, max_size=3, unique=True),
    st.lists(st.sampled_from(THINGS), min_size=1, max_size=3, unique=True),
    st.sampled_from([". ", "! ", "? ", "。", "；", "; ", "\t", " | "]),
)
def test_two_sentences_are_tied_each_for_itself(one, other, stop):
    sentences = [f" {PLAIN} ".join(thing.value for thing in things) + f" {PLAIN}" for things in (one, other)]
    expected = [(things[0], later) for things in (one, other) for later in things[1:]]
    assert ties(sentences[0] + stop + sentences[1], [*one, *other]) == expected


def test_as_many_things_as_the_limit_are_tied_and_one_more_is_a_list():
    line = f" {PLAIN} ".join(thing.value for thing in THINGS[:MOST])
    assert len(ties(line, THINGS[:MOST])) == MOST - 1
    assert ties(f"{line} {PLAIN} {THINGS[MOST].value}", THINGS[: MOST + 1]) == []


@pytest.mark.parametrize(("letters", "tied"), [(LETTERS, 1), (LETTERS - 1, 0)])
def test_a_line_with_fewer_letters_beside_its_things_is_a_row(letters, tied):
    line = f"a-evil.com {'x' * letters} b-evil.com"
    assert len(ties(line, THINGS[:2])) == tied


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("url", "http://a-evil.com/x"), ("domain-name", "a-evil.com")),
        (("email-addr", "bob@c-evil.com"), ("domain-name", "c-evil.com")),
        (("domain-name", "www.a-evil.com"), ("domain-name", "a-evil.com")),
        (("url", "https://t.me/evil_bot"), ("user-account", "telegram:evil_bot")),
    ],
    ids=["host", "mailbox", "subdomain", "profile"],
)
def test_what_one_implies_of_the_other_is_not_tied_in_either_order(one, other):
    first, second = registry.parse(*one), registry.parse(*other)
    for left, right in ((first, second), (second, first)):
        named = [(left, left.value), (right, right.value)]
        line = f"{left.value} {PLAIN} to {right.value}"
        assert not [pair for pair in companions(line, named) if set(pair) == {first, second}]


@given(st.text(alphabet="ab .!?。;\t|,1", max_size=60), st.lists(st.sampled_from(THINGS), max_size=5))
def test_any_line_with_things_in_it_ties_only_what_it_names(line, things):
    text = line.join(f" {thing.value} " for thing in things)
    for one, other in ties(text, things):
        assert one in things
        assert other in things
        assert one != other


@pytest.mark.parametrize(
    ("line", "pairs"),
    [
        ("The site a-evil.com sent the money to 1AfroW44dzHkjgbLEMLB3EvGDFegfkRewM.", 1),
        ("a-evil.com and b-evil.com belong to bob@c-evil.com, who wrote from +66 81 234 5678.", 3),
        ("The site a-evil.com is down. The site b-evil.com is up and running.", 0),
        ("เว็บ a-evil.com ให้โอนเงินไปที่ 1AfroW44dzHkjgbLEMLB3EvGDFegfkRewM ทันที", 1),
        ("a-evil.com;91.206.14.77;2024-01-01", 0),
        ("no things here at all", 0),
    ],
    ids=["two", "four", "apart", "thai", "row", "none"],
)
def test_the_finds_of_a_line_are_tied_as_a_reader_would(line, pairs):
    named = [(one.entity, one.raw) for one in scan(line)]
    assert len(list(companions(line, named))) == pairs
