"""Entities: ids that every atlas gives alike, and how they are written."""

from __future__ import annotations

import hashlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.model.identity import Entity, entity_id
from chokepoint.model.vocabulary import vocabulary

kinds = st.sampled_from(sorted(vocabulary().kinds))
values = st.text(max_size=60)


@given(kinds, values)
def test_an_id_is_the_kind_and_half_of_the_digest_of_both(kind, value):
    digest = hashlib.sha256(kind.encode() + b"\x1f" + value.encode("utf-8", "surrogatepass")).hexdigest()
    assert entity_id(kind, value) == f"{kind}--{digest[:32]}"
    assert re.fullmatch(r"[a-z0-9-]+--[0-9a-f]{32}", entity_id(kind, value))


@pytest.mark.parametrize(
    ("kind", "value", "identifier"),
    [
        ("domain-name", "evil.com", "domain-name--aefbdd031e7fbb1f7258a21bd6edcbb3"),
        ("person", "иван", "person--7ec915151a8c37a6ffdc7aca7cfa71b7"),
        ("site", "", "site--a0ea5a94cd575fb370e04325a9aefa64"),
    ],
    ids=["ascii", "letters", "empty"],
)
def test_an_id_stays_what_other_atlases_know_it_by(kind, value, identifier):
    assert entity_id(kind, value) == Entity(kind, value).id == identifier


@given(kinds, values, values)
def test_values_that_differ_have_different_ids(kind, one, other):
    assert (entity_id(kind, one) == entity_id(kind, other)) == (one == other)


@given(st.sampled_from(["a", "ab", "abc"]), st.sampled_from(["", "b", "bc", "c"]))
def test_kind_and_value_do_not_run_into_each_other(kind, value):
    merged = {(k, v) for k in ("a", "ab", "abc") for v in ("", "b", "bc", "c")}
    same = [
        pair
        for pair in merged
        if entity_id(*pair).partition("--")[2] == entity_id(kind, value).partition("--")[2]
    ]
    assert same == [(kind, value)]


def test_a_lone_surrogate_has_an_id_too():
    assert entity_id("site", "\ud800") != entity_id("site", "\udfff")


@given(kinds, values)
def test_an_entity_is_a_pair_that_can_be_a_key_and_is_written_with_a_colon(kind, value):
    entity = Entity(kind, value)
    assert {entity: 1}[Entity(kind, value)] == 1
    assert str(entity) == f"{kind}:{value}"
    assert tuple(entity) == (kind, value)


def test_two_kinds_with_one_value_are_two_entities():
    assert Entity("group", "lazarus") != Entity("malware", "lazarus")
    assert Entity("group", "lazarus").id != Entity("malware", "lazarus").id
