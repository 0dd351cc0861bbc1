from __future__ import annotations

import re

import pytest
from line_reading import CORPUS

from chokepoint.collect.sources import match, sources

USES = {"claims", "known-good", "reference"}


def test_every_source_names_its_publisher_licence_address_and_the_reason_for_its_grade():
    for source in sources():
        assert all((source.title, source.origin, source.licence, source.why)), source.name
        assert source.address.startswith("https://github.com/"), source.name
        assert source.use in USES
        assert re.fullmatch(r"\d{4}-\d\d-\d\d|", source.published)


def test_no_hint_leads_to_two_sources():
    hints = [hint.lower() for source in sources() for hint in source.hints]
    assert len(hints) == len(set(hints))


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("infoblox/csv/a.csv", "infoblox"),
        ("/data/corpus/Infoblox/csv/a.csv", "infoblox"),
        ("x/maltrail/static.tar.gz!malware/a.txt", "maltrail"),
        ("site-packages/pymispgalaxies/data/misp-galaxy/clusters/a.json", "pymispgalaxies"),
        ("misp-galaxy/clusters/a.json", "misp-galaxy"),
        ("site-packages/pymispwarninglists/data/misp-warninglists/lists/a/list.json", "pymispwarninglists"),
        ("entity-resolution/febrl/a.csv", "febrl"),
        ("geo/world-atlas/countries-50m.json", "world-atlas"),
    ],
)
def test_a_source_is_told_by_the_most_particular_folders(path, name):
    assert match(path).name == name


@pytest.mark.parametrize(
    "path", ["a.csv", "my-infoblox/a.csv", "geo/points.csv", "infoblox", "covert-networks/mine.xlsx"]
)
def test_folders_that_only_resemble_a_source_are_none(path):
    assert match(path) is None


def test_a_source_inside_another_wins():
    assert match("infoblox/copy/ransom-notes/x.txt").name == "ransom-notes"


def test_every_folder_of_the_corpus_is_a_known_source():
    if not CORPUS.is_dir():
        pytest.skip("the corpus is not on this machine")
    folders = {path.name for path in CORPUS.iterdir() if path.is_dir()}
    known = {hint.split("/")[0] for source in sources() for hint in source.hints}
    assert folders <= known
