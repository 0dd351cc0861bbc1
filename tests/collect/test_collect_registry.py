"""Which collector is asked when, and what a wrong name is told."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from structured_worlds import WORLDS

from chokepoint.collect.base import Document
from chokepoint.collect.registry import ORDER, collectors, named, recognise
from chokepoint.model.errors import NotValidError


def test_each_collector_has_a_name_of_its_own_but_one_format_may_have_two_readers():
    names = [collector.name for collector in collectors()]
    assert len(names) == len(ORDER) == len(set(names))


def test_two_runs_share_no_collector():
    first, second = collectors(), collectors()
    assert not any(one is other for one in first for other in second)


@pytest.mark.parametrize(
    "data", [b"", b"\x00\xff" * 10, b"\x00", b"hello"], ids=["empty", "binary", "nul", "word"]
)
def test_what_nobody_recognises_is_read_by_the_last_collector_or_as_text(data):
    assert recognise(Document(path="x", data=data), collectors()).name in {collectors()[-1].name, "text"}


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.binary(max_size=300),
    st.sampled_from(["", "x.json", "a/../b.yaml", "ofac_ETH.txt", "\u202e.csv", "c.xml"]),
)
def test_every_document_has_a_collector_whatever_its_bytes_and_name(data, path):
    assert recognise(Document(path=path, data=data), collectors()).name


def test_a_format_that_is_asked_for_is_used_even_where_another_recognises_the_file():
    document = WORLDS[0].document(WORLDS[0].records)
    chosen = collectors()
    assert recognise(document, chosen).name == "stix2"
    assert recognise(document, named(chosen, "misp-event")).name == "misp-event"


@pytest.mark.parametrize("wanted", ["stix", "STIX2", "misp", "stix2 ", "x" * 1000])
def test_a_format_that_does_not_exist_is_refused_with_those_that_do(wanted):
    with pytest.raises(NotValidError, match="unknown format") as refusal:
        named(collectors(), wanted)
    assert refusal.value.place == "--format"
    assert all(one.name in refusal.value.mend for one in collectors())


def test_actors_of_a_pack_are_known_to_tags_of_the_same_run_and_of_no_other():
    by_name = {one.name: one for one in collectors()}
    actors = Document(path="a.yaml", data=b"actors:\n- id: x1\n  label: Fox Exchange\n")
    tags = Document(
        path="t.yaml", data=b"tags:\n- address: 1JX7W9hXG3vmxbMS1iZnXqvzyzJsoG7NNG\n  actor: x1\n"
    )
    list(by_name["actorpack"].read(actors))
    assert "organisation:fox exchange" in {str(item.object) for item in by_name["tagpack"].read(tags)}
    other = {one.name: one for one in collectors()}["tagpack"]
    assert list(other.read(tags)) == []
    assert "organisation:x1" in {str(item.object) for _, item in other.finish()}


@pytest.mark.parametrize("world", WORLDS, ids=lambda world: world.name)
def test_no_other_collector_before_its_own_recognises_a_format(world):
    document = world.document(world.records)
    asked = []
    for one in collectors():
        asked.append(one.name)
        if one.recognises(document):
            break
    assert asked[-1] == world.collector().name
