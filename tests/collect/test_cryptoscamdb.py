"""Scam sites with their wallets, hosts and history."""

from __future__ import annotations

import pytest
from structured_reading import made, read, sample, text

from chokepoint.collect.base import Document
from chokepoint.collect.cryptoscamdb import CryptoScamDB
from chokepoint.model.claim import Interval
from chokepoint.model.errors import BadInputError

SITE = "domain-name:evil.com"


def one(body: str, **more):
    return read(CryptoScamDB(), text(f"- name: evil.com\n  url: http://evil.com\n{body}", **more))


def test_a_site_asks_for_payment_to_its_wallets_whatever_the_coin():
    reading = read(CryptoScamDB(), sample("cryptoscamdb/urls.yaml"))
    assert {
        thing for prop, thing in reading.about("domain-name:teslagive.net") if prop == "requests-payment-to"
    } == {
        "crypto-address:13LP98C3QKthrCdz81qGWuCr9fpCvsdh5A",
        "crypto-address:0xf949a3938401562eed7ca76a1c8dde61e34fd6e7",
    }
    wallet = "crypto-address:bc1qxy2kgdygjrsqtzq2n0yrf2493p83kkfjhx0wlh"
    assert ("domain-name:cryptoforhealth.com", "requests-payment-to", wallet) in reading.said


def test_an_address_lies_at_its_site():
    reading = one("  category: Phishing\n  reporter: R\n")
    assert ("url:http://evil.com/", "hosted-at", SITE) in reading.said


def test_phishing_of_a_brand_impersonates_it_and_phishing_in_general_nobody():
    assert ("impersonates", "organisation:myetherwallet") in one(
        "  category: Phishing\n  subcategory: MyEtherWallet\n"
    ).about(SITE)
    for brand in ("Trust-Trading", "Investment", "General"):
        assert one(f"  category: Phishing\n  subcategory: {brand}\n").objects("impersonates") == set()
    assert one("  category: Scamming\n  subcategory: Tesla\n").objects("impersonates") == set()


def test_category_description_and_reporter_are_kept():
    reading = one("  category: Scamming\n  subcategory: Exchange\n  description: fake shop\n  reporter: R\n")
    assert {
        ("category", "Scamming / Exchange"),
        ("description", "fake shop"),
        ("reporter", "R"),
    } <= reading.about(SITE)


def test_an_unknown_field_is_kept_as_it_is():
    assert ("attribute", "severity: 5") in one("  category: X\n  reporter: R\n  severity: 5\n").about(SITE)


def test_a_wallet_that_is_none_is_rejected_with_its_coin_and_the_rest_is_taken():
    reading = one(
        "  category: X\n  addresses:\n    ETH:\n"
        "    - '0x123'\n    - '0xf949a3938401562eed7ca76a1c8dde61e34fd6e7'\n"
    )
    assert len(reading.objects("requests-payment-to")) == 1
    assert reading.rejected[0].place == "lines 1-7"
    assert reading.rejected[0].reason.startswith("ETH: '0x123'")


def test_addresses_without_coins_are_a_list_in_the_older_layout():
    reading = one(
        "  coin: ETH\n  category: X\n  addresses:\n  - '0xf949a3938401562eed7ca76a1c8dde61e34fd6e7'\n"
    )
    assert len(reading.objects("requests-payment-to")) == 1


def test_a_page_on_a_shared_host_is_the_page_and_not_the_host():
    reading = read(CryptoScamDB(), sample("cryptoscamdb/urls.yaml"))
    subjects = {who for who, prop, _ in reading.said if prop == "category"}
    assert "domain-name:medium.com" not in subjects
    assert any("medium.com" in who or who.startswith("user-account:medium") for who in subjects)


def test_a_profile_is_an_account():
    reading = read(CryptoScamDB(), sample("cryptoscamdb/uris.yaml"))
    subjects = {who for who, prop, _ in reading.said if prop == "category"}
    assert "user-account:twitter:cz_binance" in subjects
    assert "user-account:twitter:vitalikbuteriin" in subjects
    assert {place.place for place in reading.rejected} == {"line 35"}


def test_a_site_that_is_an_ip_address_is_one():
    reading = read(
        CryptoScamDB(),
        text("- name: 94.100.18.96\n  url: http://94.100.18.96/x\n  category: X\n  reporter: R\n"),
    )
    assert ("ipv4-addr:94.100.18.96", "category", "X") in reading.said


def test_the_day_of_publication_bounds_when_a_site_was_seen():
    reading = one("  category: X\n  reporter: R\n", published="2022-06-28")
    assert reading.claim(SITE, "category").observed == Interval("", "2022-06-29")
    assert one("  category: X\n  reporter: R\n").claim(SITE, "category").observed is None


def test_host_data_joins_the_list_on_the_number_of_the_record_in_any_order():
    archive, scams = sample("etherscamdb/archive_compiled.yaml"), sample("etherscamdb/scams.yaml")
    for order in ((archive, scams), (scams, archive)):
        reading = read(CryptoScamDB(), *order)
        assert ("domain-name:omise-go.io", "resolves-to", "ipv4-addr:194.58.112.174") in reading.said
        assert ("domain-name:qtum-token.com", "resolves-to", "ipv4-addr:194.58.112.174") in reading.said
        assert reading.objects("name-server")


def test_host_data_without_its_list_is_rejected_line_by_line():
    reading = read(CryptoScamDB(), sample("etherscamdb/archive_compiled.yaml"))
    assert reading.claims == []
    assert len(reading.rejected) == 5
    assert all("collect the list too" in rejected.reason for rejected in reading.rejected)


def test_an_archive_that_names_its_sites_needs_no_list():
    reading = read(CryptoScamDB(), sample("etherscamdb/archive_compiled.json"))
    assert ("domain-name:myelherwallel.com", "resolves-to", "ipv4-addr:37.140.192.7") in reading.said
    assert {claim.place for claim in reading.claims} == {"/1", "/2", "/3"}


def test_each_status_lasts_until_the_next_and_the_newest_is_open():
    entries = [{"time": 1513727313632, "status": "Active"}, {"time": 1509655799787, "status": "Offline"}]
    record = {"id": 1, "name": "evil.com", "url": "http://evil.com", "status": entries, "nameservers": []}
    reading = read(CryptoScamDB(), made({"1": record}))
    times = {claim.object: claim.observed for claim in reading.claims if claim.property == "status"}
    assert times == {"Offline": Interval("2017-11-02", "2017-12-20"), "Active": Interval("2017-12-19", "")}


def test_an_address_was_seen_by_the_last_check_of_its_file():
    entries = [{"time": 1513727313632, "status": "Active"}]
    record = {
        "name": "evil.com",
        "url": "http://evil.com",
        "status": entries,
        "ip": "1.2.3.4",
        "nameservers": ["ns1.evil.com."],
    }
    reading = read(CryptoScamDB(), made({"1": record}))
    assert reading.claim(SITE, "resolves-to").observed == Interval("", "2017-12-20")
    assert reading.claim(SITE, "name-server").object.value == "ns1.evil.com"


def test_a_status_without_a_time_is_rejected():
    record = {"name": "evil.com", "url": "http://evil.com", "status": [{"status": "Active"}]}
    assert len(read(CryptoScamDB(), made({"1": record})).rejected) == 1


def test_twitter_numbers_belong_to_handles():
    reading = read(CryptoScamDB(), sample("cryptoscamdb/twitter.json"))
    assert ("user-account:twitter:syscoin_tx", "identifier", "twitter-id:321652568") in reading.said
    assert ("user-account:twitter:syscoin_tx", "category", "Twitter account on the scam list") in reading.said


def test_a_whitelisted_account_is_legitimate_and_never_called_a_scam():
    reading = read(
        CryptoScamDB(), made({"whitelist": {"12345678": "good_one"}, "blacklist": {"87654321": "bad_one"}})
    )
    assert {prop for prop, _ in reading.about("user-account:twitter:good_one")} == {
        "identifier",
        "legitimate",
    }
    assert {prop for prop, _ in reading.about("user-account:twitter:bad_one")} == {"identifier", "category"}


@pytest.mark.parametrize("record", ["- just text\n", "- 5\n", "- []\n"])
def test_a_record_that_is_none_is_rejected(record):
    reading = read(CryptoScamDB(), text(record + "- name: evil.com\n  url: http://evil.com\n  category: X\n"))
    assert len(reading.rejected) == 1
    assert (SITE, "category", "X") in reading.said


def test_a_file_that_is_no_list_is_refused():
    with pytest.raises(BadInputError):
        read(CryptoScamDB(), text("nothing here"))


def test_all_records_of_both_files_have_the_one_origin():
    reading = read(CryptoScamDB(), sample("cryptoscamdb/urls.yaml"), sample("etherscamdb/scams.yaml"))
    assert {claim.provenance.origin for claim in reading.claims} == {"CryptoScamDB"}


def test_a_record_that_tells_only_name_address_and_category_is_a_record():
    told = b"- name: evil.io\n  url: http://evil.io\n  category: Phishing\n"
    links = b"- name: Our blog\n  url: http://blog.example\n"
    assert CryptoScamDB().recognises(Document(path="urls.yaml", data=told))
    assert not CryptoScamDB().recognises(Document(path="links.yaml", data=links))
