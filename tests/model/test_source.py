"""Gradings of sources: two independent axes, nothing off the scale."""

from __future__ import annotations

import itertools
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.model.errors import NotValidError
from chokepoint.model.judgement import Judgement, Sameness, Verdict, Vote
from chokepoint.model.source import CREDIBILITY, RELIABILITY, Capture, Grading, parse_grading

CODES = [letter + figure for letter, figure in itertools.product(RELIABILITY, CREDIBILITY)]


@pytest.mark.parametrize("code", CODES)
def test_a_grade_is_read_back_as_it_is_written(code):
    assert parse_grading(code).code == code
    assert parse_grading(f" {code.lower()} ").code == code


@given(st.text(max_size=4))
def test_what_is_no_grade_is_refused(text):
    if text.strip().upper() in CODES:
        assert parse_grading(text).code in CODES
    else:
        with pytest.raises(NotValidError) as caught:
            parse_grading(text)
        assert caught.value.mend


@pytest.mark.parametrize(
    ("reliability", "credibility"), [("", "1"), ("A", ""), ("AB", "1"), ("A", "12"), ("G", "1")]
)
def test_a_grading_off_the_scale_cannot_be_made(reliability, credibility):
    with pytest.raises(NotValidError):
        Grading(reliability, credibility)


def test_the_scale_is_that_of_the_admiralty_taxonomy(vectors):
    taxonomy = json.loads((vectors / "markings" / "admiralty-scale.json").read_text("utf-8"))
    published = {
        values["predicate"]: {entry["value"].upper() for entry in values["entry"]}
        for values in taxonomy["values"]
    }
    assert set(RELIABILITY) <= published["source-reliability"]
    assert set(CREDIBILITY) == published["information-credibility"]


def test_what_cannot_be_judged_is_the_default_and_not_the_worst():
    assert Grading().code == "F6"
    assert Grading(original="tagpack:forensic").original == "tagpack:forensic"


def test_a_capture_was_taken_from_a_file_unless_it_says_otherwise():
    capture = Capture(sha256="", media_type="", path="a", size=1, captured_at="", captured_by="bank")
    assert (capture.method, capture.container) == ("file", "")


def test_a_vote_counts_as_a_humans_unless_it_is_marked_as_simulated():
    assert not Judgement(organisation="bank", vote=Vote.CONFIRM, reason="seen").simulated


def test_every_word_of_a_judgement_is_written_in_lower_case():
    for words in (Vote, Sameness, Verdict):
        assert all(word.value == word.name.lower() for word in words)
