"""References between objects of a MISP event become links between what they stand for."""

from __future__ import annotations

import pytest
from structured_reading import made, read

from chokepoint.collect.misp_event import MispEvent

DIGEST = "ab12cd34" * 8
FILE = f"file:sha256:{DIGEST}"
HOST = "domain-name:evil.com"


def event(*references: dict) -> dict:
    digest = {"type": "sha256", "object_relation": "sha256", "value": DIGEST, "to_ids": True, "uuid": "a-0"}
    thing = {"name": "file", "uuid": "o-1", "Attribute": [digest], "ObjectReference": list(references)}
    words = {"type": "text", "object_relation": "text", "value": "nobody", "uuid": "a-9"}
    other = {"name": "person", "uuid": "o-2", "Attribute": [words]}
    return {
        "Event": {
            "info": "Big scam",
            "date": "2023-05-18",
            "analysis": "2",
            "Orgc": {"name": "ESET"},
            "Attribute": [{"type": "domain", "value": "evil.com", "to_ids": True, "uuid": "a-1"}],
            "Object": [thing, other],
        }
    }


def reference(sort: str, to: str = "a-1", **more) -> dict:
    return {"referenced_uuid": to, "relationship_type": sort, "uuid": "r", **more}


@pytest.mark.parametrize(
    ("sort", "start", "name", "end"),
    [
        ("connects-to", FILE, "communicates-with", HOST),
        ("communicates-with", FILE, "communicates-with", HOST),
        ("downloads", FILE, "downloads", HOST),
        ("Drops", FILE, "downloads", HOST),
        ("contains", HOST, "part-of", FILE),
        ("owner-of", HOST, "controlled-by", FILE),
        ("never-heard-of", FILE, "related-to", HOST),
    ],
)
def test_each_relationship_has_its_link(sort, start, name, end):
    assert (name, end) in read(MispEvent(), made(event(reference(sort)))).about(start)


def test_a_reference_to_itself_says_nothing():
    reading = read(MispEvent(), made(event(reference("related-to", "o-1"))))
    assert reading.skipped["relationship between two objects of one name"] == 1


def test_the_place_is_the_object_that_refers():
    claim = read(MispEvent(), made(event(reference("connects-to")))).claim(FILE, "communicates-with")
    assert claim.place == "/Event/Object/0"


NOTHING = "reference to an object without an identifier"


@pytest.mark.parametrize(
    ("one", "rule"),
    [
        pytest.param(reference("uses", "o-2"), NOTHING, id="no-identifier"),
        pytest.param(reference("uses", "absent"), NOTHING, id="absent"),
        pytest.param(reference("uses", deleted=True), "deleted reference", id="deleted"),
        pytest.param(reference("uses", deleted="1"), "deleted reference", id="deleted-in-text"),
    ],
)
def test_what_leads_nowhere_is_skipped_by_rule(one, rule):
    reading = read(MispEvent(), made(event(one)))
    assert reading.skipped[rule] == 1
