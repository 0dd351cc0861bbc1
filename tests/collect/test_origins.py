"""One publisher, one origin."""

from __future__ import annotations

import tomllib
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.collect.base import Document
from chokepoint.collect.gradings import misp_grading, stix_grading, tagpack_grading
from chokepoint.collect.origins import origin_of, provenance
from chokepoint.model.marking import Marking, Tlp
from chokepoint.model.source import Grading

TABLE = tomllib.loads(resources.files("chokepoint.collect").joinpath("origins.toml").read_text("utf-8"))


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        (
            "https://home.treasury.gov/policy-issues/financial-sanctions/recent-actions/20220405",
            "US Treasury OFAC",
        ),
        ("https://www.treasury.gov/ofac/downloads/sdnlist.txt", "US Treasury OFAC"),
        ("https://ransomwhe.re/", "Ransomwhere"),
        ("ransomwhe.re", "Ransomwhere"),
        ("https://cryptoscamdb.org/", "CryptoScamDB"),
        ("EtherScamDB", "CryptoScamDB"),
        ("EtherScanDB Team", "CryptoScamDB"),
        ("https://zenodo.org/record/1238041#.XLQwopMzZR4", "Paquet-Clouston et al. 2018"),
        ("https://zenodo.org/record/999", "zenodo.org"),
        ("https://sub.unknown-lab.co.uk/a?b", "unknown-lab.co.uk"),
        ("Some  Unknown\nTeam", "Some Unknown Team"),
        ("GRAPHSENSE core-team", "GraphSense"),
        ("", ""),
    ],
)
def test_addresses_and_names_of_a_publisher_lead_to_one_origin(text, origin):
    assert origin_of(text) == origin


@pytest.mark.parametrize("host", list(TABLE["hosts"]))
def test_every_host_of_the_table_is_found_below_and_with_a_path(host):
    assert origin_of(f"https://www.{host}") == TABLE["hosts"][host]
    assert origin_of(f"https://{host}/x/y?z#w") == TABLE["hosts"][host]


def test_every_origin_that_is_graded_is_an_origin_of_the_table_or_a_name_of_itself():
    for origin in TABLE["gradings"]:
        assert origin_of(origin) == origin


@given(st.text(max_size=60))
def test_an_origin_is_its_own_origin(text):
    once = origin_of(text)
    assert origin_of(once) == once or "." in once


def test_what_the_content_says_of_its_sureness_goes_before_the_publishers_grade():
    document = Document(path="x", data=b"")
    assert provenance(document, origin="OFAC").grading.code == "A2"
    assert provenance(document, origin="OFAC", grading=Grading("D", "4")).grading.code == "D4"
    assert provenance(document, origin="nobody known").grading == Grading()


def test_what_the_person_who_collects_says_goes_before_the_publishers_grade():
    document = Document(path="x", data=b"", grading=Grading("C", "3"), origin="Mine", origin_given=True)
    found = provenance(document, origin="OFAC")
    assert (found.origin, found.grading.code) == ("Mine", "C3")


def test_content_can_make_a_marking_stricter_and_never_looser():
    document = Document(path="x", data=b"", marking=Marking(tlp=Tlp.AMBER))
    assert provenance(document, marking=Marking(tlp=Tlp.CLEAR)).marking.tlp == Tlp.AMBER
    assert provenance(document, marking=Marking(tlp=Tlp.RED)).marking.tlp == Tlp.RED


def test_a_tagpacks_confidence_is_graded_by_its_table_and_kept():
    assert tagpack_grading("forensic") == Grading("B", "2", "tagpack:forensic")
    assert tagpack_grading("made up").code == "F6"
    assert tagpack_grading("") is None


@given(st.integers(0, 100), st.integers(0, 100))
def test_more_stix_confidence_is_never_less_credible(one, other):
    low, high = sorted((one, other))
    assert stix_grading(high).credibility <= stix_grading(low).credibility
    assert stix_grading(high).credibility != "1"
    assert stix_grading(high).original == f"stix-confidence:{high}"


@pytest.mark.parametrize("odd", [None, -1, 101])
def test_a_confidence_off_the_scale_is_none(odd):
    assert stix_grading(odd) is None


def test_admiralty_tags_give_both_axes():
    tags = [
        'admiralty-scale:source-reliability="b"',
        'admiralty-scale:information-credibility="2"',
        "tlp:white",
    ]
    assert misp_grading(tags).code == "B2"
    assert misp_grading(['misp:confidence-level="rarely-confident"']).code == "F4"
    assert misp_grading(["tlp:white"]) is None
