"""What one sentence names together."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.model.identity import Entity
from chokepoint.values.sentence import MOST, companions

SITE = Entity("domain-name", "evil-pay.com")
WALLET = Entity("crypto-address", "0x52908400098527886e0f7030069857d2e4169ee7")
OTHER = Entity("domain-name", "other.com")


def tied(line: str, *things: Entity) -> list[tuple[Entity, Entity]]:
    return list(companions(line, [(thing, thing.value) for thing in things]))


def test_two_things_of_one_sentence_are_tied():
    line = f"The site {SITE.value} asks victims to pay to {WALLET.value}."
    assert tied(line, SITE, WALLET) == [(SITE, WALLET)]


@pytest.mark.parametrize("stop", [". Then ", "! Then ", "? Then ", "。", "；", "; and ", "\t", " | "])
def test_a_sentence_ends_at_a_stop_a_semicolon_or_a_cell(stop):
    assert (
        tied(f"The site is called {SITE.value}{stop}victims have paid to {WALLET.value}", SITE, WALLET) == []
    )


def test_the_dots_inside_identifiers_end_nothing():
    assert tied(f"Victims of {SITE.value} and of {OTHER.value} complained", SITE, OTHER) == [(SITE, OTHER)]


@pytest.mark.parametrize(
    "line", ["evil-pay.com other.com", "evil-pay.com -> other.com", "a: evil-pay.com / other.com"]
)
def test_a_row_without_words_is_no_sentence(line):
    assert tied(line, SITE, OTHER) == []


def test_cells_between_commas_are_no_sentence():
    assert tied("a family of malware,evil-pay.com,a long description,other.com,end", SITE, OTHER) == []


@pytest.mark.parametrize(("count", "pairs"), [(1, 0), (2, 1), (MOST, MOST - 1), (MOST + 1, 0), (50, 0)])
def test_a_sentence_that_names_too_many_ties_nothing(count, pairs):
    things = [Entity("domain-name", f"evil{number}.com") for number in range(count)]
    line = "The criminals have used the sites " + ", ".join(thing.value for thing in things)
    assert len(tied(line, *things)) == pairs


def test_a_thing_named_twice_is_one_and_never_tied_to_itself():
    assert tied("The site evil-pay.com calls itself evil-pay.com everywhere", SITE, SITE) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Entity("url", "http://evil-pay.com/x"), SITE),
        (SITE, Entity("email-addr", "boss@evil-pay.com")),
        (Entity("domain-name", "www.evil-pay.com"), SITE),
    ],
)
def test_what_one_thing_implies_of_the_other_is_not_said_again(one, other):
    line = f"Victims were sent to {one.value} and also to {other.value} by mail"
    assert tied(line, one, other) == []


def test_what_stands_otherwise_on_the_line_is_left_out():
    line = "The criminals have used the site evil-pay.com and another"
    assert list(companions(line, [(SITE, "evil-pay.com"), (OTHER, "other[.]com")])) == []


@given(st.text(alphabet="ab .,;\t", max_size=60), st.lists(st.sampled_from(["a", "b", "ab"]), max_size=9))
def test_no_line_breaks_it_and_pairs_start_with_a_named_thing(line, raws):
    things = {raw: Entity("tool", raw) for raw in raws}
    for one, other in companions(line, [(things[raw], raw) for raw in raws]):
        assert one != other
        assert {one, other} <= set(things.values())
