"""Sanctioned addresses: by whom, in which coin, and only where somebody says so."""

from __future__ import annotations

import pytest
from structured_reading import made, read, sample, text

from chokepoint.collect.ofac import Ofac, coin_of
from chokepoint.model.claim import Interval
from chokepoint.package.place import holds, region

NAMES = [f"ofac/sanctioned_addresses_{coin}.{end}" for coin in ("XMR", "USDC") for end in ("txt", "json")]


@pytest.mark.parametrize("name", NAMES)
def test_each_address_is_sanctioned_by_the_treasury(name):
    reading = read(Ofac(), sample(name))
    assert reading.objects("sanctioned-by") == {"organisation:us treasury ofac"}
    assert {(c.provenance.origin, c.provenance.grading.code) for c in reading.claims} == {
        ("US Treasury OFAC", "A2")
    }


@pytest.mark.parametrize("coin", ["XMR", "USDC"])
def test_the_two_files_of_a_coin_say_the_same_from_one_origin(coin):
    as_text = read(Ofac(), sample(f"ofac/sanctioned_addresses_{coin}.txt"))
    as_array = read(Ofac(), sample(f"ofac/sanctioned_addresses_{coin}.json"))
    assert as_text.said == as_array.said


def test_a_transaction_key_in_the_list_of_addresses_is_rejected_with_its_place():
    assert [one.place for one in read(Ofac(), sample("ofac/sanctioned_addresses_XMR.txt")).rejected] == [
        "line 2"
    ]
    assert [one.place for one in read(Ofac(), sample("ofac/sanctioned_addresses_XMR.json")).rejected] == [
        "/1"
    ]


def test_the_coin_is_kept_where_the_address_does_not_tell_it():
    assert read(Ofac(), sample("ofac/sanctioned_addresses_USDC.txt")).objects("attribute") == {"coin: USDC"}
    assert read(Ofac(), sample("ofac/sanctioned_addresses_XMR.txt")).objects("attribute") == set()


def test_the_day_of_publication_bounds_the_sanction():
    reading = read(Ofac(), sample("ofac/sanctioned_addresses_USDC.txt", published="2024-09-27"))
    assert {claim.observed for claim in reading.claims} == {Interval("", "2024-09-28")}


ADDRESS = "0x175d44451403edf28469df03a9280c1197adb92c"


@pytest.mark.parametrize(
    ("path", "content", "recognised"),
    [
        ("sanctioned_addresses_ETH.txt", f"{ADDRESS}\n", True),
        ("ofac/list.txt", f"{ADDRESS}\n", True),
        ("ofac/list.txt", f"# all of them\n{ADDRESS}\n", True),
        ("sanctioned_addresses_XBT.txt", f"{ADDRESS}\n", False),
        ("addresses_ETH.txt", f"{ADDRESS}\n", False),
        ("sanctioned_addresses_ETH.txt", f"our victims paid {ADDRESS}, call us!\n", False),
        ("sanctioned_addresses_ETH.txt", "evil.com\n", False),
        ("sanctioned_addresses_ETH.txt", "", False),
    ],
)
def test_recognition_needs_addresses_of_the_coin_and_a_name_that_speaks_of_sanctions(
    path, content, recognised
):
    assert Ofac().recognises(text(content, path=path)) is recognised


def test_comments_are_skipped_and_odd_values_rejected():
    reading = read(Ofac(), text(f"# all\n\n{ADDRESS}\n", path="ofac_ETH.txt"))
    assert reading.skipped == {"comment line": 1}
    assert reading.claims[0].place == "line 3"
    assert len(read(Ofac(), made([ADDRESS, None, ["x"]], path="ofac_ETH.json")).rejected) == 2


@pytest.mark.parametrize(
    ("name", "coin"), [("a/sanctioned_addresses_XBT.txt", "XBT"), ("x/list.txt", ""), ("sdn_2024.txt", "")]
)
def test_the_coin_is_the_last_word_of_the_name(name, coin):
    assert coin_of(text("", path=name)) == coin


def test_lines_are_counted_as_in_the_place_of_a_claim():
    """A form feed ends no line where a place is looked up."""
    address = "19CbDoaZDLTzkkT1uQrMPM42AUvfQN4Kds"
    document = text(f"# page\x0c one\r\n{address}\r{address}\n", "ofac/sanctioned_addresses_XBT.txt")
    assert {claim.place for claim in read(Ofac(), document).claims} == {"line 2", "line 3"}
    assert all(holds(region(document.data, place), address) for place in ("line 2", "line 3"))
