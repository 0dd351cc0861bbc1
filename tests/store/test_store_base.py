"""Claims as they are signed, and as they are read back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
import rfc8785
from hypothesis import given
from store_world import claims, link, markings, source

from chokepoint.model.claim import Interval, Nature
from chokepoint.model.errors import NotValidError
from chokepoint.model.identity import Entity
from chokepoint.model.marking import Marking
from chokepoint.model.source import Grading, parse_grading
from chokepoint.store.base import claim_row, day_number, grade_codes, read_claim

KEY = bytes(32)


def plain(claim):
    """The payload of a claim by the written form of the record, made without the store's encoder."""
    graded = claim.provenance.grading
    said = {
        "capture": claim.provenance.capture,
        "grading": [graded.reliability, graded.credibility, graded.original],
        "object": claim.object if isinstance(claim.object, str) else list(claim.object),
        "origin": claim.provenance.origin,
        "place": claim.place,
        "property": claim.property,
        "subject": list(claim.subject),
    }
    if claim.nature is Nature.ASSESSMENT:
        said["nature"] = "assessment"
    if claim.observed is not None:
        said["observed"] = list(claim.observed)
    if claim.raw:
        said["raw"] = claim.raw
    return said


@given(claims)
def test_a_claim_is_read_back_as_it_was_said(claim):
    row = claim_row(claim, KEY)
    assert read_claim(row.payload, claim.provenance.marking) == claim


@given(claims)
def test_the_payload_of_a_claim_is_canonical(claim):
    assert claim_row(claim, KEY).payload == rfc8785.dumps(plain(claim))


@given(claims, claims)
def test_two_claims_have_one_fingerprint_only_if_they_say_the_same(one, other):
    same = claim_row(one, KEY).payload == claim_row(other, KEY).payload
    assert (claim_row(one, KEY).fingerprint == claim_row(other, KEY).fingerprint) == same


def test_a_fingerprint_tells_nothing_without_the_key():
    claim = link("evil.com", "10.0.0.1")
    assert claim_row(claim, KEY).fingerprint != claim_row(claim, b"\x01" * 32).fingerprint
    assert claim_row(claim, KEY).payload == claim_row(claim, b"\x01" * 32).payload


def test_the_marking_is_no_part_of_what_is_said():
    claim = link("evil.com", "10.0.0.1")
    other = replace(
        claim, provenance=replace(claim.provenance, marking=Marking.from_form(("TLP:RED", "PAP:RED", (), ())))
    )
    assert claim_row(claim, KEY).fingerprint == claim_row(other, KEY).fingerprint


@given(claims)
def test_a_row_carries_what_the_projection_needs(claim):
    row = claim_row(claim, KEY)
    assert row.subject == claim.subject
    assert row.object == (None if isinstance(claim.object, str) else claim.object)
    assert row.assessment == (claim.nature is Nature.ASSESSMENT)
    assert -(2**63) <= row.fingerprint < 2**63


@pytest.mark.parametrize("field", ["place", "raw", "object"])
def test_a_claim_with_a_lone_surrogate_is_refused_and_named(field):
    with pytest.raises(NotValidError, match="surrogate"):
        claim_row(replace(link("evil.com", "10.0.0.1"), **{field: "\ud800"}), KEY)


def test_days_are_counted_from_1970_and_an_open_end_has_none():
    assert day_number("1970-01-01") == 0
    assert day_number("1969-12-31") == -1
    assert day_number("2023-01-08") == (date(2023, 1, 8) - date(1970, 1, 1)).days
    assert day_number("") is None


def test_an_interval_open_on_both_sides_is_kept_as_said():
    claim = replace(link("evil.com", "10.0.0.1"), observed=Interval("", "", "year"))
    row = claim_row(claim, KEY)
    assert (row.start, row.end) == (None, None)
    assert read_claim(row.payload, claim.provenance.marking).observed == Interval("", "", "year")


@given(markings)
def test_a_marking_is_read_back_from_its_envelope(marking):
    assert Marking.from_form(marking.to_form()) == marking


def test_a_label_unknown_here_is_refused_and_never_read_as_clear():
    with pytest.raises(NotValidError):
        Marking.from_form(("TLP:PURPLE", "PAP:CLEAR", (), ()))
    with pytest.raises(NotValidError):
        Marking.from_form(("TLP:CLEAR", "PAP:PURPLE", (), ()))


def test_grades_become_small_numbers_in_the_order_of_the_scale():
    assert grade_codes(parse_grading("A1")) == (0, 1)
    assert grade_codes(Grading()) == (5, 6)


def test_an_entity_and_a_text_of_the_same_letters_are_different_objects():
    linked = replace(link("evil.com", "x"), object=Entity("malware", "x"))
    named = replace(linked, object="x")
    assert claim_row(linked, KEY).payload != claim_row(named, KEY).payload
    assert source().origin == "origin"
