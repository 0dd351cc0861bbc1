"""Objects and manifest: filters, pages, and that a feed which is followed page by page loses nothing."""

from __future__ import annotations

import base64
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from litestar.datastructures import MultiDict
from stix2validator import ValidationOptions, validate_instance

from chokepoint.desk.handing.feed import Piece
from chokepoint.model.identity import Entity
from chokepoint.package.parts import PackageClaim
from chokepoint.web.taxii.asked import MOST, Filters, filters_of, page

ACCEPTED = "/collections/accepted"
EVIL_ID = "domain-name--5d7b159c-1821-5595-b1f7-2213ba2674e6"


def manifest(one, **params):
    return one.get(f"{ACCEPTED}/manifest/", **params).json().get("objects", [])


def ids(found):
    return [one["id"] for one in found]


def test_what_members_accepted_comes_with_what_it_speaks_of(program):
    objects = {one["id"]: one for one in program().objects()}
    assert objects[EVIL_ID]["value"] == "evil.com"
    links = [one for one in objects.values() if one["type"] == "relationship"]
    assert links
    for one in links:
        assert {
            one["source_ref"],
            one["target_ref"],
            one["created_by_ref"],
            *one["object_marking_refs"],
        } <= set(objects)


def test_every_object_is_valid_stix(program):
    options = ValidationOptions(version="2.1", strict=False)
    for one in program().objects():
        result = validate_instance(one, options)
        assert result.is_valid, (one, [str(error) for error in result.errors])


def test_what_nobody_has_accepted_does_not_come(program):
    assert "ใจดี" not in program().told()
    assert "safe" not in program().told()


def test_the_manifest_tells_of_the_same_objects_in_the_same_order(program):
    one = program()
    about = manifest(one)
    assert ids(about) == ids(one.objects())
    assert [entry["date_added"] for entry in about] == sorted(entry["date_added"] for entry in about)
    versions = {thing["id"]: thing.get("modified", "") for thing in one.objects()}
    for entry in about:
        assert entry["media_type"] == "application/stix+json;version=2.1"
        said = versions[entry["id"]]
        assert entry["version"] == (said[:-1] + "000Z" if said else entry.get("version"))


def test_an_object_without_a_version_has_the_moment_at_which_it_was_added(program):
    (entry,) = manifest(program(), match_id=EVIL_ID)
    assert entry["version"] == entry["date_added"]


@pytest.mark.parametrize("kind", ["objects", "manifest"])
def test_the_headers_say_when_the_first_and_the_last_were_added(program, kind):
    one = program()
    about = manifest(one, limit="3")
    answer = one.get(f"{ACCEPTED}/{kind}/", limit="3")
    assert answer.headers["x-taxii-date-added-first"] == about[0]["date_added"]
    assert answer.headers["x-taxii-date-added-last"] == about[-1]["date_added"]


@pytest.mark.parametrize("limit", [1, 2, 5, 1000])
def test_page_by_page_everything_comes_once(program, limit):
    one, seen, asked = program(), [], {}
    while True:
        answer = one.get(f"{ACCEPTED}/objects/", limit=str(limit), **asked).json()
        assert 0 < len(answer["objects"]) <= limit
        seen += ids(answer["objects"])
        if not answer.get("more"):
            break
        asked = {"next": answer["next"]}
    assert "next" not in answer
    assert seen == ids(one.objects())


def test_nothing_found_is_an_empty_envelope(program):
    answer = program().get(f"{ACCEPTED}/objects/", added_after="2100-01-01T00:00:00Z")
    assert (answer.status_code, answer.json()) == (200, {})
    assert "x-taxii-date-added-first" not in answer.headers


def test_after_the_last_moment_nothing_comes_and_after_the_first_not_what_was_added_then(program):
    one = program()
    about = manifest(one)
    assert one.objects(added_after=about[-1]["date_added"]) == []
    later = [entry["id"] for entry in about if entry["date_added"] > about[0]["date_added"]]
    assert ids(one.objects(added_after=about[0]["date_added"])) == later
    assert len(later) < len(about)


@pytest.mark.parametrize(
    "moment",
    [
        "2001-01-01T00:00:00Z",
        "2001-01-01T00:00:00.123456Z",
        "2001-01-01T02:00:00+02:00",
        "0999-12-31T00:00:00Z",
    ],
)
def test_moments_are_read_in_every_precision_and_zone(program, moment):
    assert ids(program().objects(added_after=moment)) == ids(program().objects())


@pytest.mark.parametrize(
    ("field", "value", "wanted"),
    [
        ("match_type", "domain-name", lambda one: one["type"] == "domain-name"),
        ("match_type", "domain-name, identity", lambda one: one["type"] in {"domain-name", "identity"}),
        ("match_id", EVIL_ID, lambda one: one["id"] == EVIL_ID),
        ("match_type", "malware", lambda _: False),
        ("match_spec_version", "2.1", lambda _: True),
        ("match_spec_version", "2.0,2.1", lambda _: True),
        ("match_spec_version", "2.0", lambda _: False),
        ("match_version", "last", lambda _: True),
        ("match_version", "first", lambda _: True),
        ("match_version", "all", lambda _: True),
        (
            "match_version",
            "2024-01-01T00:00:00.000Z",
            lambda one: one.get("modified", one.get("created")) == "2024-01-01T00:00:00.000Z",
        ),
        ("match_version", "1999-01-01T00:00:00Z", lambda _: False),
    ],
)
def test_filters_choose(program, field, value, wanted):
    one = program()
    everything = one.objects()
    assert ids(one.objects(**{field: value})) == ids(filter(wanted, everything))
    assert ids(manifest(one, **{field: value})) == ids(filter(wanted, everything))


def test_fields_hold_together_and_what_the_standard_does_not_know_is_ignored(program):
    one = program()
    both = one.objects(match_id=EVIL_ID, match_type="identity")
    assert both == []
    assert ids(one.objects(match_colour="red", colour="red")) == ids(one.objects())


def test_filters_and_pages_go_together(program):
    one = program()
    first = one.get(f"{ACCEPTED}/objects/", match_type="domain-name", limit="1").json()
    second = one.get(f"{ACCEPTED}/objects/", match_type="domain-name", limit="1", next=first["next"]).json()
    together = [*first["objects"], *second["objects"]]
    assert together == one.objects(match_type="domain-name")[:2]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("limit", "0"),
        ("limit", "-1"),
        ("limit", "many"),
        ("limit", "1.5"),
        ("limit", "１"),
        ("limit", "9" * 40),
        ("added_after", "yesterday"),
        ("added_after", "0001-01-01T00:00:00+14:00"),
        ("match_version", "newest"),
        ("next", "###"),
        ("next", "eA=="),
        ("next", base64.urlsafe_b64encode(b"2001-01-01 x").decode()),
        ("next", base64.urlsafe_b64encode(b" x").decode()),
        ("next", "é"),
    ],
)
def test_a_field_that_holds_what_it_may_not_is_a_bad_request(program, field, value):
    answer = program().get(f"{ACCEPTED}/objects/", **{field: value})
    assert answer.status_code == 400
    assert answer.json() == {"title": "Bad Request", "http_status": "400"}


def test_a_limit_above_ours_is_ours():
    assert filters_of(MultiDict({"limit": "999999999"})).limit == MOST


def test_one_object_and_its_versions_are_found_by_id(program):
    one = program()
    answer = one.get(f"{ACCEPTED}/objects/{EVIL_ID}/")
    assert ids(answer.json()["objects"]) == [EVIL_ID]
    added = answer.headers["x-taxii-date-added-first"]
    versions = one.get(f"{ACCEPTED}/objects/{EVIL_ID}/versions/")
    assert versions.json() == {"versions": [added]}
    assert versions.headers["x-taxii-date-added-last"] == added


def test_an_object_that_is_there_but_does_not_fit_is_an_empty_envelope(program):
    answer = program().get(f"{ACCEPTED}/objects/{EVIL_ID}/", match_version="1999-01-01T00:00:00Z")
    assert (answer.status_code, answer.json()) == (200, {})


def piece(number, at):
    claim = PackageClaim(
        record=f"{number:064}", subject=Entity("domain-name", "a.example"), property="indicates",
        object="x", place="line 1", capture="0" * 64, origin="o",
    )  # fmt: skip
    added = f"2026-01-01T00:00:{at:02}.000000Z"
    return Piece(
        id=f"note--{number}",
        type="note",
        added=added,
        version=added,
        data=json.dumps(number).encode(),
        claim=claim,
    )


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.integers(0, 5), max_size=20), st.integers(1, 7), st.integers(-1, 6))
def test_pages_make_up_the_whole_also_where_many_were_added_at_one_moment(moments, limit, after):
    pieces = sorted((piece(n, at) for n, at in enumerate(moments)), key=lambda one: (one.added, one.id))
    since = f"2026-01-01T00:00:{after:02}.000000Z" if after >= 0 else ""
    wanted = [one for one in pieces if one.added > since]
    seen, asked = [], {"limit": str(limit), "added_after": since}
    for _ in range(len(pieces) + 1):
        found = page(pieces, filters_of(MultiDict(asked)))
        seen += found.pieces
        if not found.next:
            break
        asked = asked | {"next": found.next}
    assert seen == wanted


def test_what_is_added_between_two_pages_comes_on_a_later_one():
    pieces = [piece(1, 1), piece(2, 2), piece(3, 3)]
    first = page(pieces, Filters(limit=2))
    pieces.append(piece(4, 4))
    rest = page(pieces, filters_of(MultiDict({"next": first.next})))
    assert [one.id for one in rest.pieces] == ["note--3", "note--4"]


@pytest.mark.parametrize("version", ["first", "last", "all", "1999-01-01T00:00:00Z"])
def test_the_versions_of_an_object_are_not_chosen_by_version(program, version):
    one = program()
    every = one.get(f"{ACCEPTED}/objects/{EVIL_ID}/versions/").json()
    assert len(every["versions"]) == 1
    assert one.get(f"{ACCEPTED}/objects/{EVIL_ID}/versions/", match_version=version).json() == every


def test_the_collection_says_that_it_keeps_one_version_of_each_object(program):
    said = program().get(f"{ACCEPTED}/").json()["description"]
    assert "Of each object its newest version alone is kept." in said
