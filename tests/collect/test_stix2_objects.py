"""Domain objects field by field: what each says of itself, and what odd values cost."""

from __future__ import annotations

import pytest
from stix2_making import EVIL, RYUK, WHEN, bundle, sid, thing, told
from structured_reading import made, read

from chokepoint.collect.stix2 import Stix2
from chokepoint.collect.stix2.objects import KINDS
from chokepoint.model.claim import Interval
from chokepoint.model.errors import BadInputError

FOX = "group:winter fox"


def fox(**more):
    return told(thing("intrusion-set", 5, name="Winter Fox", **more))


def test_a_group_with_every_field_says_exactly_what_was_written_down_by_hand():
    reading = fox(
        description="hits banks", aliases=["WF", "winter fox"], first_seen="2023-01-01T00:00:00Z", last_seen="2023-02-01T00:00:00Z",
        goals=["money", "access"], resource_level="organization", primary_motivation="personal-gain", labels=["intrusion-set", "apt"],
        external_references=[
            {"source_name": "mitre-attack", "external_id": "G0001", "url": "https://a.example.org/G0001"},
            {"source_name": "blog", "url": "https://b.example.org/1"},
            {"source_name": "vendor", "external_id": "V-7"},
            {"source_name": "WF", "description": "(Citation: X)"},
        ],
    )  # fmt: skip
    assert reading.said == {
        (FOX, "name", "Winter Fox"),
        (FOX, "description", "hits banks"),
        (FOX, "alias", "WF"),
        (FOX, "category", "apt"),
        (FOX, "attribute", "goals: money"),
        (FOX, "attribute", "goals: access"),
        (FOX, "attribute", "resource_level: organization"),
        (FOX, "attribute", "primary_motivation: personal-gain"),
        (FOX, "identifier", "mitre:G0001"),
        (FOX, "identifier", "vendor:V-7"),
        (FOX, "reference", "https://a.example.org/G0001"),
        (FOX, "reference", "https://b.example.org/1"),
    }
    assert {claim.observed for claim in reading.claims} == {Interval("2023-01-01", "2023-02-02")}
    assert dict(reading.skipped) == {
        "label that repeats the object's type": 1,
        "reference without address (citations and alias notes)": 1,
    }
    assert reading.claim(FOX, "name").place == "/objects/0/name"
    assert reading.claim(FOX, "alias").place == "/objects/0/aliases/0"


@pytest.mark.parametrize("field", ["aliases", "x_mitre_aliases", "x_opencti_aliases"])
def test_aliases_of_every_publisher_are_read(field):
    assert fox(**{field: ["WF", "Frosty"]}).objects("alias") == {"WF", "Frosty"}


@pytest.mark.parametrize(
    ("sort", "field"),
    [
        ("malware", "malware_types"),
        ("tool", "tool_types"),
        ("threat-actor", "threat_actor_types"),
        ("threat-actor", "roles"),
        ("infrastructure", "infrastructure_types"),
        ("malware", "labels"),
    ],
)
def test_the_sort_of_a_thing_is_its_category(sort, field):
    assert told(thing(sort, 5, name="Winter Fox", **{field: ["first", "second"]})).objects("category") == {
        "first",
        "second",
    }


@pytest.mark.parametrize(
    ("fields", "entity"),
    [
        pytest.param({"country": "KH"}, "country:kh", id="code"),
        pytest.param({"country": "Cambodia"}, "country:kh", id="name-of-a-country"),
        pytest.param({"name": "Thailand"}, "country:th", id="place-that-is-a-country"),
        pytest.param({"name": "Sihanoukville", "country": "KH"}, "country:kh", id="town-in-a-country"),
        pytest.param({"name": "Sihanoukville"}, "site:sihanoukville", id="town"),
    ],
)
def test_a_location_is_its_country_or_else_a_site(fields, entity):
    place = thing("location", 6, **fields)
    link = {
        **thing("relationship", 7),
        "relationship_type": "located-at",
        "source_ref": RYUK["id"],
        "target_ref": place["id"],
    }
    assert told(RYUK, place, link).objects("located-in") == {entity}


@pytest.mark.parametrize(
    ("fields", "subjects"),
    [
        pytest.param(
            {"name": "Bank", "identity_class": "organization"}, {"organisation:bank"}, id="organisation"
        ),
        pytest.param({"name": "Jane Roe", "identity_class": "individual"}, {"person:jane roe"}, id="person"),
        pytest.param({"name": "Banks", "identity_class": "class"}, set(), id="class"),
        pytest.param({"name": "Banks", "identity_class": "group"}, set(), id="group"),
        pytest.param({"name": "Banks"}, set(), id="no-class"),
        pytest.param({"identity_class": "organization"}, set(), id="no-name"),
    ],
)
def test_an_identity_is_an_organisation_or_a_person_and_nothing_else(fields, subjects):
    reading = told(thing("identity", 6, **fields))
    assert {str(claim.subject) for claim in reading.claims} == subjects
    assert subjects or sum(reading.skipped.values()) == 1


@pytest.mark.parametrize("sort", sorted(KINDS))
@pytest.mark.parametrize("name", [None, "", "  ", "---", [], {}], ids=repr)
def test_a_thing_without_a_name_is_counted_by_its_type(sort, name):
    reading = told({**thing(sort, 5), "name": name}, EVIL)
    assert reading.skipped[f"STIX {sort} without a name or kind of the vocabulary"] == 1
    assert {str(claim.subject) for claim in reading.claims} == {"domain-name:evil.com"}


@pytest.mark.parametrize(
    ("field", "value", "places"),
    [
        pytest.param("aliases", "WF", [], id="one-alias-as-text"),
        pytest.param("aliases", {"a": 1}, ["/objects/0/aliases"], id="mapping-for-aliases"),
        pytest.param("aliases", ["WF", {"a": 1}, None], ["/objects/0/aliases/1"], id="odd-aliases"),
        pytest.param("external_references", "x", ["/objects/0/external_references"], id="text-for-references"),
        pytest.param("external_references", [5, {"url": "https://a.example.org"}], ["/objects/0/external_references/0"], id="odd-reference"),
        pytest.param("external_references", [{"url": ["x"], "source_name": "y"}], ["/objects/0/external_references/0/url"], id="odd-address"),
        pytest.param("description", ["x"], ["/objects/0/description"], id="list-for-description"),
        pytest.param("object_marking_refs", {"a": 1}, ["/objects/0/object_marking_refs"], id="mapping-for-markings"),
        pytest.param("goals", [["x"]], ["/objects/0/goals/0"], id="list-in-goals"),
    ],
)  # fmt: skip
def test_a_field_of_the_wrong_type_is_rejected_at_its_pointer_and_the_name_stays(field, value, places):
    reading = fox(**{field: value})
    assert [one.place for one in reading.rejected] == places
    assert all("Mend: " in one.reason for one in reading.rejected)
    assert (FOX, "name", "Winter Fox") in reading.said


@pytest.mark.parametrize("confidence", ["high", None, True, 1.5, -1, 101, [80], {"a": 80}], ids=repr)
def test_a_confidence_that_is_none_grades_nothing(confidence):
    assert fox(confidence=confidence).claim(FOX, "name").provenance.grading.original == ""


@pytest.mark.parametrize("time", ["soon", "", None, 5, ["2024-01-01"], "2024-13-01T00:00:00Z"], ids=repr)
def test_a_time_that_is_none_leaves_the_sentence_without_one(time):
    assert fox(first_seen=time).claim(FOX, "name").observed is None


def test_the_title_of_a_report_is_the_name_of_the_campaign_that_it_makes_and_of_nothing_else():
    alone = told(thing("report", 8, name="Foxes of winter", published=WHEN, object_refs=[EVIL["id"]]), EVIL)
    assert ("campaign:foxes of winter", "name", "Foxes of winter") in alone.said
    of_malware = told(
        thing("report", 8, name="Foxes of winter", published=WHEN, object_refs=[RYUK["id"]]), RYUK
    )
    assert of_malware.objects("name") == {"Ryuk"}
    assert ("malware:ryuk", "mentioned-in", "Foxes of winter") in of_malware.said


def test_two_malwares_of_reports_with_one_title_share_no_name():
    emotet = thing("malware", 3, name="Emotet")
    reports = [
        thing("report", 10 + n, name="Weekly", published=WHEN, object_refs=[one["id"]])
        for n, one in enumerate([RYUK, emotet])
    ]
    names = {
        (who, text) for who, prop, text in told(RYUK, emotet, *reports).said if prop in {"name", "alias"}
    }
    assert names == {("malware:ryuk", "Ryuk"), ("malware:emotet", "Emotet")}


@pytest.mark.parametrize(
    "tree",
    [
        pytest.param([], id="empty-list"),
        pytest.param({"type": "bundle", "id": sid("bundle"), "objects": []}, id="empty-bundle"),
        pytest.param({"type": "bundle", "id": sid("bundle")}, id="bundle-without-objects"),
        pytest.param({"type": "bundle", "objects": {"a": 1}}, id="mapping-of-objects"),
        pytest.param(5, id="number"),
        pytest.param("stix", id="text"),
    ],
)
def test_a_document_without_any_object_is_refused_as_a_whole(tree):
    with pytest.raises(BadInputError, match="no STIX object") as refusal:
        read(Stix2(), made(tree))
    assert refusal.value.mend


@pytest.mark.parametrize(
    "junk", [5, "x", None, [], {}, {"id": "malware--x"}, {"type": ""}, {"type": ["malware"]}], ids=repr
)
def test_among_objects_what_is_none_is_rejected_at_its_pointer(junk):
    reading = told(junk, RYUK)
    assert [one.place for one in reading.rejected] == ["/objects/0"]
    assert "Mend: " in reading.rejected[0].reason
    assert reading.said == {("malware:ryuk", "name", "Ryuk")}


@pytest.mark.parametrize(
    ("content", "recognised"),
    [
        pytest.param(bundle(RYUK), True, id="bundle"),
        pytest.param({"objects": [RYUK], "more": False}, True, id="envelope"),
        pytest.param([RYUK], True, id="list"),
        pytest.param(RYUK, True, id="object"),
        pytest.param({key: RYUK[key] for key in ("type", "id", "created", "name")}, True, id="object-of-2.0"),
        pytest.param({"type": "bundle", "id": "bundle--x", "objects": []}, True, id="empty-bundle"),
        pytest.param({"type": "malware", "name": "x"}, False, id="no-id"),
        pytest.param({"type": "Feature", "id": "x", "geometry": {}}, False, id="geojson"),
        pytest.param({"id": RYUK["id"], "name": "x"}, False, id="no-type"),
        pytest.param({"info": "x", "Attribute": []}, False, id="misp"),
        pytest.param([], False, id="empty"),
    ],
)
def test_stix_is_known_by_its_types_and_ids(content, recognised):
    assert Stix2().recognises(made(content, path="x.txt")) is recognised


def test_a_bundle_nested_deeper_than_anyone_writes_is_rejected_and_the_rest_is_read():
    nested = RYUK
    for _ in range(40):
        nested = bundle(nested)
    reading = told(nested, EVIL)
    assert len(reading.rejected) == 1
    assert {str(claim.subject) for claim in reading.claims} == {"domain-name:evil.com"}
