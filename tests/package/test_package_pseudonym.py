"""Pseudonyms: stable under one key, told apart, and of no use to whoever tries names on them."""

from __future__ import annotations

import hmac
from base64 import b32encode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from package_sample import KEY, KEYED

from chokepoint.model.identity import Entity
from chokepoint.package.privacy import Discretion, discretion, pseudonym, pseudonyms

JANE, JOHN = Entity("person", "jane doe"), Entity("person", "john roe")
OTHER_KEY = bytes(reversed(KEY))
people = st.builds(Entity, st.just("person"), st.text(max_size=20))
crowds = st.frozensets(people, max_size=30)


def test_a_pseudonym_is_the_kind_and_forty_bits_of_an_hmac_under_the_key():
    code = b32encode(hmac.new(KEY, b"pseudonym\x1fperson\x1fjane doe", "sha256").digest()[:5]).decode()
    assert pseudonym(JANE, KEY) == f"Person {code.lower()}"


@given(people, st.binary(min_size=1, max_size=40))
def test_one_person_has_one_pseudonym_under_one_key(one, key):
    assert pseudonym(one, key) == pseudonym(Entity(*one), bytes(key))


def test_whoever_guesses_the_name_but_has_not_the_key_cannot_confirm_it():
    """The id of an entity, a plain digest and any other key lead to something else."""
    shown = pseudonym(JANE, KEY).removeprefix("Person ")
    assert pseudonym(JANE, OTHER_KEY).removeprefix("Person ") != shown
    assert not JANE.id.rpartition("--")[2].startswith(shown[:4])


def test_no_pseudonym_is_made_without_a_key():
    with pytest.raises(ValueError, match="without a key"):
        pseudonym(JANE, b"")
    with pytest.raises(ValueError, match="without a key"):
        pseudonyms([JANE], b"")
    with pytest.raises(ValueError, match="without a key"):
        Discretion().label(JANE, "Jane Doe")


def test_an_edition_that_names_nobody_new_needs_no_key():
    assert Discretion(public_persons=frozenset({JANE})).label(JANE, "Jane Doe") == "Jane Doe"
    assert pseudonyms([], b"") == {}


def test_an_edition_makes_pseudonyms_under_its_own_key():
    rules = discretion([], open_edition=False, minimised=KEYED)
    assert rules.label(JANE, "Jane Doe") == pseudonym(JANE, KEY)
    assert "key" not in repr(rules)


def test_a_key_is_in_no_text_of_an_edition_that_somebody_prints():
    assert repr(KEY) not in repr(KEYED)
    assert KEY.hex() not in repr(Discretion(minimised=KEYED))


@given(crowds)
def test_nobody_of_one_page_shares_a_pseudonym_however_few_letters_they_begin_with(crowd):
    named = pseudonyms(crowd, KEY, letters=1)
    assert set(named) == crowd
    assert len(set(named.values())) == len(crowd)


@given(crowds)
def test_the_order_in_which_persons_are_met_changes_no_pseudonym(crowd):
    forth = sorted(crowd)
    assert pseudonyms(forth, KEY, letters=1) == pseudonyms(forth[::-1], KEY, letters=1)


@given(crowds, people)
def test_somebody_more_on_the_page_changes_at_most_the_length_of_a_pseudonym(crowd, more):
    before, after = pseudonyms(crowd, KEY, letters=2), pseudonyms({*crowd, more}, KEY, letters=2)
    for one in crowd:
        assert after[one].startswith(before[one])


def test_whose_first_letters_agree_have_twice_as_many_and_nobody_else():
    crowd = [Entity("person", f"extra {number}") for number in range(40)]
    first = [pseudonym(one, KEY, letters=1) for one in crowd]
    named = pseudonyms(crowd, KEY, letters=1)
    for one, short in zip(crowd, first, strict=True):
        assert (named[one] == short) is (first.count(short) == 1)


def test_the_kind_stands_before_the_letters_as_the_vocabulary_calls_it():
    assert pseudonym(Entity("phone-number", "+66812345678"), KEY).rpartition(" ")[0] == "Phone number"
    assert pseudonym(Entity("something-new", "x"), KEY).rpartition(" ")[0] == "something-new"


def test_a_value_that_no_encoding_knows_has_a_pseudonym_too():
    assert pseudonym(Entity("person", "jane \ud800"), KEY) != pseudonym(Entity("person", "jane \ud801"), KEY)


def test_kinds_are_told_apart_though_their_values_are_one():
    one, other = (pseudonym(Entity(kind, "jane"), KEY).rpartition(" ")[2] for kind in ("person", "persona"))
    assert one != other
