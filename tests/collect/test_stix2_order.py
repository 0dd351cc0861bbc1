"""The same objects say the same, whatever their order and however they are spread over files."""

from __future__ import annotations

import json
import random
from itertools import permutations

import pytest
from stix2_making import EVIL, RYUK, WHEN, bundle, indicator, relation, sid, thing, told
from structured_reading import made, read

from chokepoint.collect.stix2 import Stix2, collector
from chokepoint.model.claim import Claim

FOX = thing("intrusion-set", 5, name="Winter Fox")
BANK = thing("identity", 6, name="Bank", identity_class="organization")
ADDRESS = {**thing("ipv4-addr", 7, value="91.243.44.22"), "spec_version": "2.1"}
HOST = thing("domain-name", 8, value="pay.fox.com", resolves_to_refs=[ADDRESS["id"]])
SEEN = thing(
    "observed-data",
    9,
    first_observed=WHEN,
    last_observed=WHEN,
    number_observed=2,
    object_refs=[ADDRESS["id"]],
)
WORLD = (
    FOX,
    RYUK,
    {**EVIL, "created_by_ref": BANK["id"]},
    BANK,
    ADDRESS,
    HOST,
    SEEN,
    relation(EVIL["id"], "indicates", RYUK["id"]),
    relation(FOX["id"], "uses", RYUK["id"]),
    thing("report", 10, name="Fox in winter", published=WHEN, object_refs=[HOST["id"], FOX["id"]]),
    thing(
        "sighting",
        11,
        sighting_of_ref=RYUK["id"],
        observed_data_refs=[SEEN["id"]],
        where_sighted_refs=[BANK["id"]],
    ),
    thing("note", 12, content="reused", object_refs=[HOST["id"]]),
)
"""Objects that lean on each other in every way."""


def sentences(reading) -> set[tuple]:
    """What is said, when, how surely and by whom, without where it stands."""
    return {
        (
            str(c.subject),
            c.property,
            str(c.object),
            c.observed,
            c.nature,
            c.provenance.origin,
            c.provenance.marking,
        )
        for c in reading.claims
    }


EXPECTED = {
    ("domain-name:evil.com", "indicates", "malware:ryuk"),
    ("domain-name:pay.fox.com", "mentioned-with", "group:winter fox"),
    ("domain-name:pay.fox.com", "observation", "reused"),
    ("domain-name:pay.fox.com", "resolves-to", "ipv4-addr:91.243.44.22"),
    ("domain-name:pay.fox.com", "subdomain-of", "domain-name:fox.com"),
    ("group:winter fox", "date", "2024-01-02"),
    ("group:winter fox", "mentioned-in", "Fox in winter"),
    ("group:winter fox", "name", "Winter Fox"),
    ("group:winter fox", "uses", "malware:ryuk"),
    ("ipv4-addr:91.243.44.22", "attribute", "observable without context"),
    ("ipv4-addr:91.243.44.22", "observation", "observed 2 times"),
    ("ipv4-addr:91.243.44.22", "observation", "sighted 1 times by Bank"),
    ("malware:ryuk", "name", "Ryuk"),
    ("malware:ryuk", "observation", "sighted 1 times by Bank"),
    ("organisation:bank", "name", "Bank"),
}
WHOLE = told(*WORLD, path="_.json")


def test_the_bundle_says_exactly_what_was_counted_by_hand():
    assert WHOLE.said == EXPECTED
    assert WHOLE.rejected == []


@pytest.mark.parametrize("seed", range(12))
def test_the_order_of_objects_in_a_bundle_does_not_matter(seed):
    shuffled = list(WORLD)
    random.Random(seed).shuffle(shuffled)  # noqa: S311 - an order, not a secret
    assert sentences(told(*shuffled, path="_.json")) == sentences(WHOLE)


@pytest.mark.parametrize("seed", range(12))
def test_one_object_a_file_in_any_order_says_what_the_bundle_says(seed):
    files = [made(one, path=f"{n}.json") for n, one in enumerate(WORLD)]
    random.Random(seed).shuffle(files)  # noqa: S311 - an order, not a secret
    assert sentences(read(Stix2(), *files)) == sentences(WHOLE)


@pytest.mark.parametrize(
    "wrapped",
    [
        pytest.param(lambda things: [bundle(*things)], id="a-bundle"),
        pytest.param(lambda things: [things], id="a-bare-list"),
        pytest.param(lambda things: [{"objects": things}], id="a-taxii-envelope"),
        pytest.param(lambda things: [[bundle(*things[:6]), bundle(*things[6:])]], id="a-list-of-bundles"),
        pytest.param(lambda things: [bundle(bundle(*things))], id="a-bundle-in-a-bundle"),
        pytest.param(lambda things: [bundle(*things[:4]), bundle(*things[4:])], id="two-files"),
        pytest.param(lambda things: [bundle(*things[6:]), bundle(*things[:6])], id="two-files-backwards"),
    ],
)
def test_every_wrapping_says_the_same(wrapped):
    files = [made(content, path=f"{n}.json") for n, content in enumerate(wrapped(list(WORLD)))]
    assert all(Stix2().recognises(one) for one in files)
    assert sentences(read(Stix2(), *files)) == sentences(WHOLE)


def test_version_2_0_without_spec_version_on_objects_says_the_same():
    old = [{key: value for key, value in one.items() if key != "spec_version"} for one in WORLD]
    document = made({**bundle(*old), "spec_version": "2.0"}, path="_.json")
    assert sentences(read(Stix2(), document)) == sentences(WHOLE)


def test_files_beyond_those_that_may_wait_are_read_with_what_is_known(monkeypatch):
    monkeypatch.setattr(collector, "MOST_WAITING", 1)
    files = [made(one, path=f"{n}.json") for n, one in enumerate([HOST, ADDRESS])]
    for order in permutations(files):
        reading = read(Stix2(), *order)
        assert {str(claim.subject) for claim in reading.claims} >= {
            "domain-name:pay.fox.com",
            "ipv4-addr:91.243.44.22",
        }


def test_a_file_of_more_objects_than_may_wait_is_read_at_once(monkeypatch):
    monkeypatch.setattr(collector, "WAITS", 1)
    waiting, at_once = Stix2(), Stix2()
    alone = made({**EVIL, "created_by_ref": BANK["id"]})
    assert not any(isinstance(item, Claim) for item in waiting.read(alone))
    assert any(
        isinstance(item, Claim)
        for item in at_once.read(made(bundle(EVIL, {**RYUK, "created_by_ref": BANK["id"]})))
    )


def test_a_relationship_between_files_waits_for_both_ends_and_is_said_where_it_stands():
    link = relation(FOX["id"], "uses", RYUK["id"])
    for order in permutations([("a.json", FOX), ("b.json", RYUK), ("c.json", link)]):
        documents = [made(one, path=path) for path, one in order]
        used = read(Stix2(), *documents).claim("group:winter fox", "uses")
        whose = next(one for one in documents if one.path == "c.json")
        assert (used.place, used.provenance.capture) == (
            "",
            whose.sha256,
        ) or used.provenance.capture == whose.sha256


def test_a_relationship_to_nothing_is_counted_once_and_invents_nothing():
    reading = told(EVIL, relation(EVIL["id"], "indicates", sid("malware", 404)), path="_.json")
    assert reading.skipped["relationship to an object in none of the files"] == 1
    assert {claim.property for claim in reading.claims} == {"category"}


def test_objects_that_lean_on_each_other_in_a_circle_are_each_said_once():
    left, right = thing("malware", 1, name="Left"), thing("malware", 2, name="Right")
    circle = [
        relation(left["id"], "variant-of", right["id"]),
        relation(right["id"], "variant-of", left["id"]),
    ]
    reading = told(left, right, *circle, relation(left["id"], "uses", left["id"]))
    assert {(str(c.subject), str(c.object)) for c in reading.claims if c.property == "variant-of"} == {
        ("malware:left", "malware:right"),
        ("malware:right", "malware:left"),
    }
    assert reading.skipped["relationship between two objects of one name"] == 1


def test_a_report_that_names_itself_or_another_report_ends():
    report = thing("report", 1, name="One", published=WHEN, object_refs=[sid("report", 1), sid("report", 2)])
    other = thing("report", 2, name="Two", published=WHEN, object_refs=[sid("report", 1)])
    assert {str(claim.subject) for claim in told(report, other).claims} == {"campaign:one", "campaign:two"}


def test_two_versions_of_an_object_both_speak_and_a_revoked_one_silences_both():
    newer = {**RYUK, "modified": "2025-01-01T00:00:00.000Z", "aliases": ["Ryk"]}
    both = told(RYUK, newer)
    assert both.objects("alias") == {"Ryk"}
    assert (
        told(RYUK, {**newer, "revoked": True}).claims == told({**newer, "revoked": True}, RYUK).claims == []
    )


def test_collecting_the_same_files_twice_in_one_run_adds_no_sentence():
    files = [made(one, path=f"{n}.json") for n, one in enumerate(WORLD)]
    assert sentences(read(Stix2(), *files, *files)) == sentences(WHOLE)


def test_a_thousand_relationships_to_one_missing_object_are_one_line_of_the_report():
    links = [
        relation(indicator("[ipv4-addr:value = '1.1.1.1']", n)["id"], "indicates", sid("malware", 9))
        for n in range(1000)
    ]
    assert json.dumps(links[0])
    assert told(*links).skipped == {"relationship to an object in none of the files": 1000}
