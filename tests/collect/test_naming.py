from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from line_reading import document

from chokepoint.collect.naming import (
    everyday,
    stem,
    subject,
    telling_part,
    told,
    untelling,
    without_counter,
)


@pytest.mark.parametrize(
    ("name", "tells"),
    [
        ("ameli_cta_20221118_iocs.csv.gz", "ameli"),
        ("decoy_dog_cta_20230420_iocs.csv", "decoy dog"),
        ("vane_viper_20250912.csv.gz", "vane viper"),
        ("2024-02-14-Danabot.json", "Danabot"),
        ("2024-03-24-thru-26-FortiClient-EMS.json", "FortiClient-EMS"),
        ("clop-iocs.text", "clop"),
        ("keybase_panels.txt", "keybase"),
        ("domains18.csv.gz", ""),
        ("updated_iocs.csv", ""),
        ("compromised_domains.gz", ""),
        ("README.md", ""),
        ("list.json", ""),
        ("2024.csv", ""),
        ("0d4ac089-ced4-4cc4-a989-174d08e6d030.json", ""),
        ("แก๊งคอลเซ็นเตอร์.txt", "แก๊งคอลเซ็นเตอร์"),
    ],
)
def test_a_file_name_tells_its_campaign_without_dates_and_common_words(name, tells):
    assert told(name) == tells


def test_the_folder_speaks_where_the_file_says_nothing():
    assert telling_part(document("x", "unit42/angler/compromised_domains.gz")) == "angler"
    assert telling_part(document("x", "lists/data.csv")) == ""


def test_names_written_like_groups_are_groups():
    assert subject("APT28").kind == "group"
    assert subject("winnti_group").kind == "group"
    assert subject("TA410").kind == "group"
    assert subject("decoy dog").kind == "campaign"
    assert subject("clop", "malware").kind == "malware"
    assert subject("") is None


def test_an_exclamation_mark_parts_folders_only_after_an_archive():
    plain = document("x", "qlocker/!!!READ_ME.txt")
    inside = document("x", "notes.bin!qlocker/!!!READ_ME.txt", steps=("notes.bin", "qlocker/!!!READ_ME.txt"))
    assert plain.parts == ("qlocker", "!!!READ_ME.txt")
    assert (plain.name, plain.folder) == ("!!!READ_ME.txt", "qlocker")
    assert inside.parts == ("notes.bin", "qlocker", "!!!READ_ME.txt")
    assert (inside.name, inside.folder) == ("!!!READ_ME.txt", "qlocker")


def test_parts_of_one_list_share_its_name():
    assert without_counter("cobaltstrike-2") == "cobaltstrike"
    assert without_counter("3") == "3"


def test_everyday_folders_are_known():
    assert everyday("Downloads")
    assert everyday("case 12")
    assert not everyday("lockbit")
    assert not everyday("inc")


@given(st.text(max_size=60))
def test_no_name_raises_and_what_is_told_is_telling(name):
    assert isinstance(stem(name), str)
    assert not told(name) or not untelling(told(name))
