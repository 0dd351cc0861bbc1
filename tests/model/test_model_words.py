"""Words for figures, and the examples in the docstrings."""

import doctest
import importlib
import pkgutil

import pytest
from hypothesis import given
from hypothesis import strategies as st

import chokepoint.package
from chokepoint.model.errors import NotValidError
from chokepoint.model.source import CREDIBILITY, RELIABILITY
from chokepoint.model.words import LIKELIHOOD, explain_grading, likelihood, percent, plural

MODULES = [info.name for info in pkgutil.walk_packages(chokepoint.package.__path__, "chokepoint.package.")]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_in_the_docstrings_hold(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0


@pytest.mark.parametrize(
    ("belief", "term"),
    [
        (0.0, "almost no chance"),
        (0.05, "almost no chance"),
        (0.051, "very unlikely"),
        (0.2, "very unlikely"),
        (0.21, "unlikely"),
        (0.45, "unlikely"),
        (0.5, "roughly even chance"),
        (0.55, "roughly even chance"),
        (0.56, "likely"),
        (0.8, "likely"),
        (0.81, "very likely"),
        (0.95, "very likely"),
        (0.951, "almost certain"),
        (1.0, "almost certain"),
    ],
)
def test_the_bands_are_those_of_icd_203(belief, term):
    assert likelihood(belief) == term


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_higher_belief_never_has_a_weaker_word(a, b):
    order = [term for _, term in LIKELIHOOD]
    low, high = sorted((a, b))
    assert order.index(likelihood(low)) <= order.index(likelihood(high))


@pytest.mark.parametrize("belief", [-0.01, 1.01, float("nan"), float("inf")])
def test_what_is_no_probability_has_no_word(belief):
    with pytest.raises(NotValidError):
        likelihood(belief)


@given(st.floats(0, 1))
def test_a_percentage_claims_certainty_only_for_certainty(belief):
    shown = percent(belief)
    assert (shown.startswith("100")) == (belief == 1.0)
    assert shown.startswith("0") == (belief == 0.0)


def test_every_admiralty_code_is_explained():
    said = {explain_grading(r + c) for r in RELIABILITY for c in CREDIBILITY}
    assert len(said) == 36
    assert "judged" in explain_grading("F6")


@pytest.mark.parametrize("code", ["", "B", "B22", "G1", "A7", "b2", "1A"])
def test_no_other_code_is_explained(code):
    with pytest.raises(NotValidError):
        explain_grading(code)


@given(st.integers(2, 10**9))
def test_a_plural_follows_its_number(count):
    assert plural(count, "claim") == f"{count:,} claims"
    assert plural(count, "entity", "entities").endswith(" entities")
