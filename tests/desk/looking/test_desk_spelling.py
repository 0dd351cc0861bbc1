"""A thing is shown under the name that people write, and never under what only somebody calls it."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.desk.looking.spelling import called, spells
from chokepoint.model.errors import NotValidError
from chokepoint.model.identity import Entity
from chokepoint.values.registry import parse

GANG = Entity("group", "lazarus group")


def said(text, belief, name="name", subject=GANG):
    claim = SimpleNamespace(property=name, subject=subject, object=text)
    return SimpleNamespace(standing=SimpleNamespace(belief=belief), stored=SimpleNamespace(claim=claim))


@pytest.mark.parametrize("text", ["Lazarus Group", "LAZARUS GROUP", "  Lazarus   Group "])
def test_a_spelling_says_the_value_and_no_more(text):
    assert spells(GANG, text)


@pytest.mark.parametrize("text", ["lazarus group", "Lazarus", "Lazarus Group of DPRK", "", "Hidden Cobra"])
def test_what_says_more_less_or_the_same_is_no_spelling(text):
    assert not spells(GANG, text)


def test_the_best_believed_spelling_is_taken():
    evidence = [said("LAZARUS GROUP", 0.4), said("Lazarus Group", 0.9), said("Hidden Cobra", 1.0)]
    assert called(GANG, evidence) == "Lazarus Group"


@pytest.mark.parametrize(
    "one",
    [
        pytest.param(said("Lazarus Group", 1.0, name="alias"), id="an alias"),
        pytest.param(said("Lazarus Group", 1.0, subject=Entity("group", "apt38")), id="of another"),
        pytest.param(said(GANG, 1.0), id="a thing"),
        pytest.param(said("Hidden Cobra", 1.0), id="another name"),
    ],
)
def test_without_a_spelling_there_is_none(one):
    assert called(GANG, [one]) == ""


@given(st.text(max_size=40), st.sampled_from(["group", "malware", "campaign", "persona"]))
def test_whatever_is_called_so_is_the_thing_itself(text, kind):
    try:
        entity = parse(kind, text)
    except NotValidError:
        return
    name = called(entity, [said(text, 0.5, subject=entity)])
    assert name in {"", text}
    assert (name == text) == (text != entity.value)
