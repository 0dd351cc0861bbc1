"""The vocabulary: every table of `vocabulary.toml` holds what the rest of the house takes for granted."""

from __future__ import annotations

import math
import re
import tomllib
from importlib import resources

import pytest

from chokepoint.model.errors import NotValidError
from chokepoint.model.vocabulary import vocabulary

MODES = {"takedown", "seizure", "freeze", "arrest", "sanction", "notification", "cooperation"}
WORDS = vocabulary()


@pytest.mark.parametrize("kind", WORDS.kinds.values(), ids=lambda kind: kind.name)
def test_every_kind_is_fully_described(kind):
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", kind.name)
    assert kind.label
    assert kind.icon
    assert kind.family in {"identifier", "actor", "thing"}
    assert kind.phase == "" or kind.phase in WORDS.phases


@pytest.mark.parametrize("kind", WORDS.kinds.values(), ids=lambda kind: kind.name)
def test_every_replacement_time_is_a_median_and_a_spread_that_a_log_normal_can_have(kind):
    median, spread = kind.replace_days
    assert 0 < median < math.inf
    assert 0 < spread < 5


@pytest.mark.parametrize("kind", WORDS.kinds.values(), ids=lambda kind: kind.name)
def test_every_lever_names_a_holder_a_cost_and_a_lead_time(kind):
    for lever in kind.levers:
        assert lever.mode in MODES
        assert lever.by
        assert lever.sector
        assert lever.lead_days >= 0
        assert lever.cost > 0


@pytest.mark.parametrize("name", ["person", "persona", "email-addr", "phone-number", "bank-account"])
def test_data_about_a_natural_person_is_marked_as_personal(name):
    assert WORDS.kind(name).personal


@pytest.mark.parametrize("name", ["person", "persona"])
def test_nobody_takes_down_or_freezes_a_person(name):
    assert {lever.mode for lever in WORDS.kind(name).levers}.isdisjoint({"takedown", "freeze", "seizure"})


def test_a_malware_name_is_no_target():
    assert not WORDS.kind("malware").levers


@pytest.mark.parametrize("prop", WORDS.properties.values(), ids=lambda prop: prop.name)
def test_every_property_is_an_attribute_or_a_link_with_a_name_for_each_direction(prop):
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", prop.name)
    assert prop.label
    assert prop.kind in {"link", "attribute"}
    assert prop.is_link == (prop.kind == "link")
    if prop.is_link:
        assert prop.reverse


def test_only_links_carry_a_flow():
    assert all(prop.is_link for prop in WORDS.properties.values() if prop.flow)


def test_phases_run_from_victim_to_actor_without_repeats():
    assert WORDS.phases[0] == "victim"
    assert len(set(WORDS.phases)) == len(WORDS.phases)


@pytest.mark.parametrize("asked", ["kind", "property"])
def test_an_unknown_word_is_refused_with_the_known_ones(asked):
    with pytest.raises(NotValidError, match="unknown") as caught:
        getattr(WORDS, asked)("no-such-word")
    assert "use one of" in caught.value.mend


def test_a_known_word_is_given_back():
    assert WORDS.kind("domain-name").name == "domain-name"
    some = next(iter(WORDS.properties))
    assert WORDS.property(some).name == some


def test_nothing_in_the_file_is_left_out():
    text = resources.files("chokepoint.model").joinpath("vocabulary.toml").read_text("utf-8")
    tables = tomllib.loads(text)
    assert list(WORDS.kinds) == list(tables["kind"])
    assert list(WORDS.properties) == list(tables["property"])
    for name, table in tables["kind"].items():
        assert len(WORDS.kinds[name].levers) == len(table.get("levers", ()))


def test_the_file_is_read_once():
    assert vocabulary() is vocabulary()
