"""One scam list in every layout that its publishers have used, and broken in every field."""

from __future__ import annotations

import json

import pytest
from structured_reading import Reading, made, read, text

from chokepoint.collect.cryptoscamdb import SITE as FIELDS
from chokepoint.collect.cryptoscamdb import CryptoScamDB
from chokepoint.model.claim import Interval
from chokepoint.model.errors import BadInputError

ETH, BTC = "0x4cdc1cba0aeb5539f2e0ba158281e67e0e54a9b1", "1JX7W9hXG3vmxbMS1iZnXqvzyzJsoG7NNG"
FOX, SHOP = "domain-name:fox-wallet.com", "url:http://91.243.44.18/eth"

RECORDS = [
    {
        "id": 1,
        "name": "fox-wallet.com",
        "url": "https://fox-wallet.com/login",
        "coin": "ETH",
        "category": "Phishing",
        "subcategory": "MyEtherWallet",
        "description": "asks for the private key",
        "addresses": [ETH],
        "reporter": "Jane",
        "severity": 1,
        "ip": "91.243.44.18",
        "nameservers": ["ns1.fox.net", "NS2.fox.net."],
        "status": [{"status": "Active", "time": 1520380800000}, {"status": "Offline", "time": 1525380800000}],
    },
    {"id": 2, "name": "Fake giveaway", "url": "http://91.243.44.18/eth", "category": "Scamming", "addresses": {"BTC": BTC}},
]  # fmt: skip
SAID = {
    (FOX, "category", "Phishing / MyEtherWallet"),
    (FOX, "impersonates", "organisation:myetherwallet"),
    (FOX, "description", "asks for the private key"),
    (FOX, "reporter", "Jane"),
    (FOX, "attribute", "severity: 1"),
    ("url:https://fox-wallet.com/login", "hosted-at", FOX),
    (FOX, "requests-payment-to", f"crypto-address:{ETH}"),
    (FOX, "resolves-to", "ipv4-addr:91.243.44.18"),
    (FOX, "name-server", "domain-name:ns1.fox.net"),
    (FOX, "name-server", "domain-name:ns2.fox.net"),
    ("domain-name:ns1.fox.net", "subdomain-of", "domain-name:fox.net"),
    ("domain-name:ns2.fox.net", "subdomain-of", "domain-name:fox.net"),
    (FOX, "status", "Active"),
    (FOX, "status", "Offline"),
    (SHOP, "category", "Scamming"),
    (SHOP, "hosted-at", "ipv4-addr:91.243.44.18"),
    (SHOP, "requests-payment-to", f"crypto-address:{BTC}"),
}


def as_yaml(records) -> str:
    """The records as a YAML list, each field on its line in flow style."""
    return "".join(
        "-\n" + "".join(f"    {key}: {json.dumps(value)}\n" for key, value in one.items()) for one in records
    )


def by_number(records) -> dict:
    return {str(one["id"]): one for one in records}


@pytest.mark.parametrize(
    ("content", "places"),
    [
        pytest.param(as_yaml(RECORDS), {"lines 2-14", "lines 16-20"}, id="yaml-list"),
        pytest.param(
            "---\n# list\n" + as_yaml(RECORDS), {"lines 4-16", "lines 18-22"}, id="yaml-with-a-head"
        ),
        pytest.param(json.dumps(RECORDS), {"/0", "/1"}, id="json-list"),
        pytest.param(json.dumps(by_number(RECORDS)), {"/1", "/2"}, id="json-by-number"),
        pytest.param(json.dumps(by_number(RECORDS), indent=2), {"/1", "/2"}, id="json-pretty"),
        pytest.param(
            json.dumps({"success": True, "result": RECORDS}), {"/result/0", "/result/1"}, id="api-list"
        ),
        pytest.param(
            json.dumps({"success": True, "result": by_number(RECORDS)}),
            {"/result/1", "/result/2"},
            id="api-by-number",
        ),
        pytest.param(
            json.dumps({"success": True, "result": {"a": RECORDS[:1], "b": RECORDS[1:]}}),
            {"/result/a/0", "/result/b/0"},
            id="api-by-address",
        ),
    ],
)
def test_every_layout_says_exactly_what_was_written_down_by_hand(content, places):
    document = text(content, path="x.dat")
    assert CryptoScamDB().recognises(document)
    reading = read(CryptoScamDB(), document)
    assert reading.said == SAID
    assert reading.rejected == []
    assert {claim.place for claim in reading.claims} == places


def test_the_order_of_records_does_not_matter_and_reading_twice_adds_nothing():
    forwards, backwards = made(RECORDS), made(RECORDS[::-1])
    assert read(CryptoScamDB(), backwards).said == SAID
    assert read(CryptoScamDB(), forwards, forwards, backwards).said == SAID


def test_each_status_lasts_until_the_next_and_the_last_is_open():
    periods = {
        c.object: c.observed for c in read(CryptoScamDB(), made(RECORDS)).claims if c.property == "status"
    }
    assert periods == {"Active": Interval("2018-03-07", "2018-05-04"), "Offline": Interval("2018-05-03", "")}


def test_hosts_were_seen_at_the_latest_when_the_compiler_last_looked():
    seen = {
        c.observed
        for c in read(CryptoScamDB(), made(RECORDS)).claims
        if c.property in {"resolves-to", "name-server"}
    }
    assert seen == {Interval("", "2018-05-04")}


@pytest.mark.parametrize("first", [True, False])
def test_host_data_by_number_waits_for_the_list_that_names_its_record(first):
    names = made(
        [{k: v for k, v in RECORDS[0].items() if k not in {"ip", "nameservers", "status"}}, RECORDS[1]]
    )
    hosts = made({"1": {"ip": "91.243.44.18", "nameservers": None, "status": [{"status": "Up", "time": 1520380800000}]},
                  "9": {"ip": "91.243.44.19", "status": []}}, path="archive.json")  # fmt: skip
    reading = read(CryptoScamDB(), *((names, hosts) if first else (hosts, names)))
    assert (FOX, "resolves-to", "ipv4-addr:91.243.44.18") in reading.said
    assert [(one.place, "'9'" in one.reason) for one in reading.rejected] == [("/9", True)]
    assert not any("91.243.44.19" in thing for _, _, thing in reading.said)


def one(**fields) -> Reading:
    return read(CryptoScamDB(), made([{**RECORDS[0], **fields}, RECORDS[1]]))


@pytest.mark.parametrize("value", [["a"], {"a": 1}], ids=["list", "mapping"])
@pytest.mark.parametrize("key", [key for key, shape in FIELDS.items() if shape == "text"])
def test_a_field_of_the_wrong_type_is_rejected_at_its_pointer_and_the_next_record_is_taken(key, value):
    reading = one(**{key: value})
    assert f"/0/{key}" in {found.place for found in reading.rejected}
    assert (SHOP, "category", "Scamming") in reading.said


@pytest.mark.parametrize(
    ("fields", "place", "reason"),
    [
        pytest.param(
            {"addresses": {"ETH": {"a": "b"}}}, "/0/addresses/ETH", "ETH is a mapping", id="nested-addresses"
        ),
        pytest.param(
            {"addresses": [ETH, {"a": 1}]},
            "/0/addresses/1",
            "addresses[1] is a mapping",
            id="mapping-among-addresses",
        ),
        pytest.param({"addresses": [ETH[:-1]]}, "/0", "ETH:", id="short-address"),
        pytest.param({"ip": "999.1.1.1"}, "/0", "999.1.1.1", id="ip"),
        pytest.param({"nameservers": ["nohost"]}, "/0", "nohost", id="nameserver"),
        pytest.param({"status": [{"status": "Up"}]}, "/0", "at ''", id="status-without-time"),
        pytest.param({"status": [{"status": "Up", "time": "soon"}]}, "/0", "soon", id="status-with-odd-time"),
        pytest.param({"status": ["Up"]}, "/0/status/0", "is a text", id="status-among-records"),
        pytest.param({"name": "", "url": "not a url"}, "/0", "not a url", id="no-site"),
        pytest.param({"url": "http://"}, "/0", "", id="empty-url"),
    ],
)
def test_what_is_none_is_rejected_with_its_reason_and_the_rest_is_taken(fields, place, reason):
    reading = one(**fields)
    assert [one.place for one in reading.rejected] == [place]
    assert reason in reading.rejected[0].reason
    assert (SHOP, "category", "Scamming") in reading.said


@pytest.mark.parametrize("record", [5, "x", None, True, 1.5], ids=repr)
def test_a_record_that_is_no_mapping_is_rejected_at_its_pointer(record):
    reading = read(CryptoScamDB(), made([record, RECORDS[1]]))
    assert [found.place for found in reading.rejected] == ["/0"]
    assert "Mend: " in reading.rejected[0].reason
    assert (SHOP, "category", "Scamming") in reading.said


@pytest.mark.parametrize(
    "tree", [{"success": True, "result": 5}, {"success": True, "result": "no"}, 5, "x"], ids=repr
)
def test_a_document_without_records_is_refused_as_a_whole(tree):
    with pytest.raises(BadInputError):
        read(CryptoScamDB(), made(tree))


@pytest.mark.parametrize(
    "tree",
    [
        pytest.param([{"name": "x", "url": "http://x.com"}], id="name-and-url-alone"),
        pytest.param(
            [{"name": "shop", "url": "http://x.com", "category": "books", "price": 5}], id="a-catalogue"
        ),
        pytest.param(
            {"name": "x", "url": "y", "category": "z", "reporter": "r"}, id="one-record-without-a-list"
        ),
        pytest.param({"type": "bundle", "objects": []}, id="stix"),
        pytest.param([], id="empty"),
    ],
)
def test_other_lists_of_sites_are_not_taken_for_scam_lists(tree):
    assert not CryptoScamDB().recognises(made(tree))


def test_one_broken_record_among_the_first_does_not_hide_a_yaml_list():
    lost = "- broken\n- name: only.com\n"
    assert CryptoScamDB().recognises(text(as_yaml(RECORDS * 3) + lost))
    assert CryptoScamDB().recognises(text(lost + as_yaml(RECORDS * 3)))
    assert not CryptoScamDB().recognises(text(lost * 3 + as_yaml(RECORDS[:1])))


def test_lists_nested_without_end_are_single_values_and_no_crash():
    deep: object = RECORDS[0]
    for _ in range(200):
        deep = [deep]
    reading = read(CryptoScamDB(), made([deep, RECORDS[1]]))
    assert len(reading.rejected) == 1
    assert (SHOP, "category", "Scamming") in reading.said


@pytest.mark.parametrize(
    ("url", "site"),
    [
        pytest.param("https://twitter.com/fake_elon", "user-account:twitter:fake_elon", id="profile"),
        pytest.param("https://t.me/foxdesk", "user-account:telegram:foxdesk", id="telegram"),
        pytest.param(
            "https://sites.google.com/view/fox",
            "url:https://sites.google.com/view/fox",
            id="page-on-a-shared-host",
        ),
    ],
)
def test_a_record_without_a_host_of_its_own_is_the_profile_or_page(url, site):
    reading = read(CryptoScamDB(), made([{"name": "Fake giveaway", "url": url, "category": "Scamming"}]))
    assert (site, "category", "Scamming") in reading.said
