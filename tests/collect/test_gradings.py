"""What formats say of how sure they are, as Admiralty gradings, with the original word kept."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.collect.gradings import STIX_FLOORS, TAGPACK, misp_grading, stix_grading, tagpack_grading
from chokepoint.model.source import Grading


@pytest.mark.parametrize("word", sorted(TAGPACK))
def test_each_word_of_the_tagpack_taxonomy_has_a_grade_and_is_kept(word):
    grading = tagpack_grading(word)
    assert (grading.code, grading.original) == (TAGPACK[word], f"tagpack:{word}")


def test_a_word_that_the_taxonomy_has_not_cannot_be_judged_and_none_gives_none():
    assert tagpack_grading("gut feeling") == Grading("F", "6", "tagpack:gut feeling")
    assert tagpack_grading("") is None
    assert len(tagpack_grading("x" * 500).original) == len("tagpack:") + 60


@pytest.mark.parametrize(
    ("confidence", "credibility"),
    [
        (0, "5"),
        (1, "5"),
        (29, "5"),
        (30, "4"),
        (49, "4"),
        (50, "3"),
        (69, "3"),
        (70, "2"),
        (99, "2"),
        (100, "2"),
    ],
)
def test_a_stix_confidence_falls_into_its_band(confidence, credibility):
    assert stix_grading(confidence) == Grading("F", credibility, f"stix-confidence:{confidence}")


@pytest.mark.parametrize("confidence", [None, -1, 101, 10**9])
def test_a_confidence_off_the_scale_grades_nothing(confidence):
    assert stix_grading(confidence) is None


@given(st.integers(0, 99))
def test_more_confidence_never_lowers_the_credibility(confidence):
    assert stix_grading(confidence + 1).credibility <= stix_grading(confidence).credibility


@given(st.integers(0, 100), st.sampled_from("ABCDEF"))
def test_a_confidence_speaks_of_the_information_and_never_of_the_source(confidence, reliability):
    assert stix_grading(confidence, reliability).reliability == reliability


def test_no_single_source_ever_reaches_credibility_1():
    assert all(code != "1" for _, code in STIX_FLOORS)
    assert all(code[1] != "1" for code in TAGPACK.values())


@pytest.mark.parametrize(
    ("tags", "code"),
    [
        pytest.param(['admiralty-scale:source-reliability="b"'], "B6", id="reliability"),
        pytest.param(['admiralty-scale:information-credibility="2"'], "F2", id="credibility"),
        pytest.param(
            ['admiralty-scale:source-reliability="a"', 'admiralty-scale:information-credibility="3"'], "A3", id="both"
        ),
        pytest.param(['Admiralty-Scale:Source-Reliability="C"'], "C6", id="capitals"),
        pytest.param(['misp:confidence-level="usually-confident"'], "F2", id="level"),
        pytest.param(['misp:confidence-level="unconfident"'], "F5", id="low-level"),
        pytest.param(['misp:confidence-level="no-such-level"'], "F6", id="unknown-level"),
        pytest.param(['misp:confidence-level="fairly-confident"', 'admiralty-scale:source-reliability="d"'], "D3", id="mixed"),
    ],
)  # fmt: skip
def test_tags_of_an_event_grade_it_and_are_kept(tags, code):
    grading = misp_grading(tags)
    assert grading.code == code
    assert grading.original == "; ".join(tags)


@pytest.mark.parametrize(
    "tags",
    [[], ["tlp:red"], ["admiralty-scale:source-reliability=b"], ['admiralty-scale:other="b"']],
    ids=str,
)
def test_tags_that_speak_of_something_else_grade_nothing(tags):
    assert misp_grading(tags) is None


def test_the_words_of_a_hundred_tags_are_cut():
    assert len(misp_grading(['misp:confidence-level="unconfident"'] * 100).original) == 200
