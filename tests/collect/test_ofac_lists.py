"""Lists of sanctioned addresses as they are drawn from the SDN list, whole and broken."""

from __future__ import annotations

import json

import pytest
from structured_reading import Reading, read, text

from chokepoint.collect.ofac import Ofac
from chokepoint.model.errors import BadInputError
from chokepoint.model.source import Grading

ETH, ETH_2 = "0x4cdc1cba0aeb5539f2e0ba158281e67e0e54a9b1", "0x175d44451403edf28469df03a9280c1197adb92c"
BTC, BECH = "1JX7W9hXG3vmxbMS1iZnXqvzyzJsoG7NNG", "bc1qasvw4jxhtzc7hffd8sgd8xkudhvcqerj5nputu"
TREASURY = "organisation:us treasury ofac"


def listed(content: str, path: str = "sanctioned_addresses_ETH.txt") -> Reading:
    return read(Ofac(), text(content, path=path))


def sanctioned(reading: Reading) -> set[str]:
    return {who for who, prop, thing in reading.said if (prop, thing) == ("sanctioned-by", TREASURY)}


def test_a_text_list_says_exactly_what_was_written_down_by_hand():
    reading = listed(f"# OFAC SDN\n{BTC}\n\n{BECH}\nbroken1\n{BTC}\n", "sanctioned_addresses_XBT.txt")
    assert [(claim.place, claim.subject.value) for claim in reading.claims] == [
        ("line 2", BTC),
        ("line 4", BECH),
        ("line 6", BTC),
    ]
    assert [one.place for one in reading.rejected] == ["line 5"]
    assert reading.rejected[0].reason.startswith("XBT: 'broken1'")
    assert dict(reading.skipped) == {"comment line": 1}


@pytest.mark.parametrize("junk", [5, None, True, "", {"a": 1}, ["x"], "0x4cdc"], ids=repr)
def test_an_entry_of_an_array_that_is_no_address_is_rejected_at_its_pointer(junk):
    reading = listed(json.dumps([ETH, junk, ETH_2]), "sanctioned_addresses_ETH.json")
    assert [one.place for one in reading.rejected] == ["/1"]
    assert "Mend: " in reading.rejected[0].reason
    assert sanctioned(reading) == {f"crypto-address:{ETH}", f"crypto-address:{ETH_2}"}


@pytest.mark.parametrize(
    ("path", "content", "coin"),
    [
        pytest.param("sanctioned_addresses_ETH.txt", ETH, set(), id="the-likeliest-coin"),
        pytest.param("sanctioned_addresses_USDT.txt", ETH, {"coin: USDT"}, id="a-token-on-the-chain"),
        pytest.param("sanctioned_addresses_BSC.txt", ETH, {"coin: BSC"}, id="another-chain"),
        pytest.param("sanctioned_addresses_XBT.txt", BTC, set(), id="bitcoin-by-its-iso-code"),
        pytest.param("ofac/list.txt", BTC, set(), id="no-coin-in-the-name"),
    ],
)
def test_the_coin_of_the_name_is_kept_where_the_address_does_not_tell(path, content, coin):
    assert listed(content, path).objects("attribute") == coin


def test_a_text_list_and_the_array_of_it_are_one_origin_with_one_grade():
    both = read(
        Ofac(),
        text(ETH, path="sanctioned_addresses_ETH.txt"),
        text(json.dumps([ETH]), path="sanctioned_addresses_ETH.json"),
    )
    assert {claim.provenance.origin for claim in both.claims} == {"US Treasury OFAC"}
    assert {claim.provenance.grading.code for claim in both.claims} == {"A2"}
    assert both.claims[0].provenance.grading != Grading()


ADDRESSES = [ETH, ETH_2]


@pytest.mark.parametrize(
    ("content", "recognised"),
    [
        pytest.param("\n".join(ADDRESSES), True, id="text"),
        pytest.param(json.dumps(ADDRESSES), True, id="array"),
        pytest.param("\ufeff" + "\n".join(ADDRESSES), True, id="byte-order-mark"),
        pytest.param("\r\n".join(ADDRESSES), True, id="windows-lines"),
        pytest.param("# drawn 2024\n" + "\n".join(ADDRESSES), True, id="comment-first"),
        pytest.param("\n".join([*ADDRESSES, ETH, "broken!"]), True, id="one-broken-line"),
        pytest.param(json.dumps([*ADDRESSES, *ADDRESSES, {"a": 1}]), True, id="one-broken-entry"),
        pytest.param("address,name\n" + "".join(f"{one},Lazarus\n" for one in ADDRESSES), False, id="table"),
        pytest.param(f"The owner of {ETH} was sanctioned yesterday.", False, id="prose"),
        pytest.param(BTC, False, id="another-coin"),
        pytest.param("", False, id="empty"),
        pytest.param("# only a comment", False, id="comment-only"),
    ],
)
def test_a_list_is_known_by_its_addresses_and_one_broken_line_does_not_hide_it(content, recognised):
    assert Ofac().recognises(text(content, path="sanctioned_addresses_ETH.txt")) is recognised


@pytest.mark.parametrize(
    "content", ["[1", '["0x4cdc', "[" + "[" * 5_000], ids=["cut", "cut-in-a-text", "deep"]
)
def test_a_broken_array_is_refused_with_its_place(content):
    with pytest.raises(BadInputError) as refusal:
        listed(content, "sanctioned_addresses_ETH.json")
    assert refusal.value.mend


def test_the_order_of_lines_does_not_matter_and_a_line_twice_says_nothing_new():
    assert listed("\n".join(ADDRESSES)).said == listed("\n".join([*ADDRESSES[::-1], ETH])).said
