"""What each format is known by: with it the file is of the format, without it another reads the file."""

from __future__ import annotations

import json

import pytest
from structured_reading import text
from structured_worlds import WORLDS

from chokepoint.collect.base import Document
from chokepoint.collect.misp_event import MispEvent
from chokepoint.collect.misp_galaxy import MispGalaxy
from chokepoint.collect.misp_warninglist import MispWarninglist
from chokepoint.collect.registry import collectors, recognise
from chokepoint.collect.stix1 import Stix1

every_format = pytest.mark.parametrize("world", WORLDS, ids=lambda world: world.name)


@pytest.mark.parametrize(
    "world", [one for one in WORLDS if "ofac" not in one.name], ids=lambda world: world.name
)
def test_a_name_that_says_something_else_does_not_change_the_format(world):
    """But for lists of addresses, which are sanctioned only where their name says so."""
    document = world.document(world.records)
    for path in ("notes.md", "x", "page.html", "a/../evil.csv", "'; rm -rf.json"):
        assert recognise(Document(path=path, data=document.data), collectors()).name == world.collector().name


@every_format
def test_white_space_before_the_content_does_not_change_the_format(world):
    document = world.document(world.records)
    moved = Document(path=document.path, data=b"\n" + document.data)
    assert recognise(moved, collectors()).name == world.collector().name


@every_format
def test_recognising_reads_no_more_than_the_beginning_of_a_long_file(world):
    document = world.document(world.records)
    padded = Document(path=document.path, data=document.data + b"\n" * 300_000)
    assert world.collector().recognises(padded)


@pytest.mark.parametrize(
    ("tree", "recognised"),
    [
        pytest.param({"Event": {"info": "x", "Orgc": {"name": "C"}}}, True, id="event-with-creator"),
        pytest.param({"Event": {"info": "x", "threat_level_id": "1"}}, True, id="event-with-level"),
        pytest.param({"response": [{"Event": {"info": "x", "analysis": "1"}}]}, True, id="response"),
        pytest.param({"info": "x", "Orgc": {"name": "C"}}, True, id="bare-event"),
        pytest.param(
            {"response": {"Attribute": [{"type": "domain", "value": "a.com", "to_ids": True}]}},
            True,
            id="search",
        ),
        pytest.param({"Event": {"info": "x"}}, False, id="info-alone"),
        pytest.param({"info": {"title": "API"}, "paths": {}}, False, id="openapi"),
        pytest.param({"response": [{"docs": []}]}, False, id="another-response"),
    ],
)
def test_an_event_is_known_by_its_info_and_what_only_events_have(tree, recognised):
    assert MispEvent().recognises(text(json.dumps(tree))) is recognised


@pytest.mark.parametrize(
    ("tree", "recognised"),
    [
        pytest.param({"values": [{"value": "x"}], "uuid": "u"}, True, id="least"),
        pytest.param({"values": [{"value": "x"}]}, False, id="no-uuid"),
        pytest.param({"values": [1, 2], "uuid": "u"}, False, id="numbers"),
        pytest.param([{"value": "x", "uuid": "u", "values": []}], False, id="a-list"),
        pytest.param({"Event": {"values": [{"value": "x"}], "uuid": "u"}}, False, id="an-event"),
    ],
)
def test_a_galaxy_is_known_by_its_values_and_uuids(tree, recognised):
    assert MispGalaxy().recognises(text(json.dumps(tree))) is recognised


LISTED = {"name": "n", "type": "string", "version": 1, "list": ["a"]}


@pytest.mark.parametrize(
    ("tree", "recognised"),
    [
        pytest.param(LISTED, True, id="whole"),
        pytest.param(
            {key: LISTED[key] for key in ("list", "version", "type", "name")}, True, id="another-order"
        ),
        pytest.param({**LISTED, "list": ["a.com"] * 20_000}, True, id="its-type-is-beyond-the-head"),
        pytest.param(
            {"list": ["a.com"] * 20_000, "name": "n", "type": "cidr", "version": 1},
            True,
            id="all-but-the-list-is-at-the-end",
        ),
        pytest.param({key: LISTED[key] for key in LISTED if key != "type"}, False, id="no-type"),
        pytest.param({key: LISTED[key] for key in LISTED if key != "name"}, False, id="no-name"),
        pytest.param({key: LISTED[key] for key in LISTED if key != "list"}, False, id="no-list"),
        pytest.param({**LISTED, "type": "fuzzy"}, False, id="unknown-type"),
        pytest.param({**LISTED, "list": {"a": 1}}, False, id="mapping-for-the-list"),
    ],
)
def test_a_warning_list_is_known_by_its_list_type_and_name(tree, recognised):
    assert MispWarninglist().recognises(text(json.dumps(tree))) is recognised


MITRE = 'xmlns:stix="http://stix.mitre.org/stix-1"'
OASIS = 'xmlns:c="http://docs.oasis-open.org/cti/ns/cybox/core-2"'


@pytest.mark.parametrize(
    ("content", "recognised"),
    [
        pytest.param(f"<stix:STIX_Package {MITRE}/>", True, id="package"),
        pytest.param(
            f'<?xml version="1.0"?>\n<!-- x -->\n<stix:STIX_Package {MITRE}>', True, id="below-a-declaration"
        ),
        pytest.param(f"<c:Observables {OASIS}>", True, id="observables-of-oasis"),
        pytest.param("<STIX_Package/>", False, id="no-namespace"),
        pytest.param(f"<html {MITRE}>", False, id="another-root"),
        pytest.param("", False, id="empty"),
    ],
)
def test_a_package_is_known_by_its_namespace_and_root(content, recognised):
    assert Stix1().recognises(text(content)) is recognised
