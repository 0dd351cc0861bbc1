"""Tags of crypto addresses, and the actors that they name."""

from __future__ import annotations

import pytest
from structured_reading import Reading, read, sample, text

from chokepoint.collect.actorpack import ActorPack, actor_kind
from chokepoint.collect.tagpack import TagPack
from chokepoint.model.claim import Interval
from chokepoint.model.errors import BadInputError

BTC = "12t9YDPgwueZ9NyMgw519p7AA8isjr6SMw"
WALLET = f"crypto-address:{BTC}"
OFAC = "organisation:us treasury ofac"


def tag(head: str = "", body: str = "") -> Reading:
    return read(TagPack(), text(f"title: T\ncreator: C\n{head}\ntags:\n- address: {BTC}\n{body}"))


def test_a_tag_inherits_the_head_and_its_own_fields_win():
    reading = tag(
        "label: Ryuk\nabuse: ransomware\nlastmod: 2021-11-12\nconfidence: forensic", "  label: Conti\n"
    )
    claim = reading.claim(WALLET, "attributed-to")
    assert str(claim.object) == "malware:conti"
    assert claim.observed == Interval("", "2021-11-13")
    assert claim.provenance.grading.original == "tagpack:forensic"
    assert claim.place == "lines 8-9"


def test_ransomware_labels_are_malware_and_names_in_brackets_its_aliases():
    reading = read(TagPack(), sample("graphsense/ransomwhere.yaml"))
    assert "malware:netwalker" in reading.objects("attributed-to")
    assert ("malware:netwalker", "alias", "Mailto") in reading.said
    assert {claim.provenance.origin for claim in reading.claims} == {"Ransomwhere"}


def test_a_sanctioned_group_controls_its_addresses_and_the_treasury_sanctions_them():
    reading = read(TagPack(), sample("graphsense/lazarus.yaml"))
    controlled = {
        who for who, prop, thing in reading.said if (prop, thing) == ("controlled-by", "group:lazarus group")
    }
    sanctioned = {who for who, prop, thing in reading.said if (prop, thing) == ("sanctioned-by", OFAC)}
    assert len(controlled) == 21
    assert controlled == sanctioned
    assert {(c.provenance.origin, c.provenance.grading.code) for c in reading.claims} == {
        ("US Treasury OFAC", "A2")
    }


@pytest.mark.parametrize("first", [True, False])
def test_a_tag_takes_its_actors_name_from_the_pack_of_actors_in_any_order(first):
    actors = {}
    packs, tags = ActorPack(actors), TagPack(actors)
    if first:
        read(packs, sample("graphsense/actorpack.yaml"))
    reading = Reading()
    items = list(tags.read(sample("graphsense/blender_io.yaml")))
    if not first:
        read(packs, sample("graphsense/actorpack.yaml"))
    reading.claims = [
        item for item in [*items, *(item for _, item in tags.finish())] if hasattr(item, "subject")
    ]
    assert reading.objects("controlled-by") == {"service:blender io"}


def test_an_actor_that_no_pack_describes_is_named_by_its_id():
    assert tag("category: exchange\nlabel: hot wallet 7\nactor: okex").objects("controlled-by") == {
        "organisation:okex"
    }
    assert tag("category: exchange\nlabel: Bitfinex\nactor: bitfinex").objects("controlled-by") == {
        "organisation:bitfinex"
    }


def test_the_label_of_a_scam_that_is_a_site_asks_for_payment():
    reading = read(TagPack(), sample("graphsense/etherscamdb_tagpack.yaml"))
    wallet = "crypto-address:0x4cdc1cba0aeb5539f2e0ba158281e67e0e54a9b1"
    assert ("domain-name:etherswap.org", "requests-payment-to", wallet) in reading.said
    assert {claim.provenance.origin for claim in reading.claims} == {"CryptoScamDB"}


@pytest.mark.parametrize(
    ("head", "link", "thing"),
    [
        ("label: Twitter Hack Scam\nabuse: scam", "attributed-to", "campaign:twitter hack scam"),
        ("label: binance hack\nabuse: service_hack", "attributed-to", "event:binance hack"),
        ("label: Wasabi Fee\ncategory: coinjoin", "controlled-by", "service:wasabi fee"),
        ("label: Huobi.com\ncategory: exchange", "controlled-by", "organisation:huobi com"),
        ("label: 'AirSwap: Deployer'", "name", "AirSwap: Deployer"),
        ("label: Somebody\ncategory: user", "name", "Somebody"),
    ],
)
def test_a_label_names_what_its_abuse_or_category_says(head, link, thing):
    assert (WALLET, link, thing) in tag(head).said


def test_the_label_of_a_sanctions_list_is_no_name():
    reading = tag(
        "label: Asset on the list\ncategory: user\nsource: https://www.treasury.gov/ofac/downloads/sdnlist.txt"
    )
    assert reading.objects("name") == set()
    assert ("sanctioned-by", OFAC) in reading.about(WALLET)


def test_a_source_that_names_nobody_known_is_an_origin_of_its_own():
    reading = tag("label: X\nabuse: scam\nsource: https://blog.unknown-lab.com/x")
    assert {claim.provenance.origin for claim in reading.claims} == {"unknown-lab.com"}
    assert {claim.provenance.origin for claim in tag("label: X\nabuse: scam").claims} == {"C"}


def test_an_address_of_a_coin_unknown_to_us_is_rejected_with_its_coin():
    reading = read(
        TagPack(),
        text(f"title: T\ntags:\n- address: kucoinrise11\n  currency: EOS\n- address: {BTC}\n  label: x\n"),
    )
    assert len(reading.rejected) == 1
    assert reading.rejected[0].reason.startswith("EOS: ")
    assert reading.rejected[0].place == "lines 3-4"
    assert reading.claims


def test_a_coin_other_than_the_likeliest_is_kept():
    assert ("attribute", "coin: BCH") in tag("label: x\ncurrency: BCH").about(WALLET)
    assert tag("label: x\ncurrency: BTC").objects("attribute") == set()


def test_the_flag_of_cluster_definers_is_counted_and_unknown_fields_kept():
    reading = tag("label: x\nis_cluster_definer: true", "  note: hello\n")
    assert sum(count for rule, count in reading.skipped.items() if "is_cluster_definer" in rule) == 1
    assert ("attribute", "note: hello") in reading.about(WALLET)


def test_a_campaigns_name_is_said_once_a_file():
    rows = "".join(f"- address: {one}\n" for one in (BTC, "1Ai52Uw6usjhpcDrwSmkUvjuqLpcznUuyF"))
    reading = read(TagPack(), text(f"label: Big Scam\nabuse: scam\ntags:\n{rows}"))
    assert len([c for c in reading.claims if c.property == "name"]) == 1
    assert len([c for c in reading.claims if c.property == "attributed-to"]) == 2


def test_a_transaction_can_be_tagged():
    reading = read(TagPack(), text(f"label: Theft\nabuse: scam\ntags:\n- tx_hash: {'ab' * 32}\n"))
    assert ("crypto-transaction:" + "ab" * 32, "attributed-to", "campaign:theft") in reading.said


def test_a_tag_that_is_none_is_rejected_and_a_pack_without_list_refused():
    assert len(read(TagPack(), text(f"tags:\n- x\n- address: {BTC}\n  label: y\n")).rejected) == 1
    with pytest.raises(BadInputError):
        read(TagPack(), text("- address: x\n"))


def test_an_actor_has_site_account_country_and_categories():
    reading = read(ActorPack(), sample("graphsense/actorpack.yaml"))
    assert {
        ("website", "domain-name:tidex.com"),
        ("account", "user-account:twitter:tidex_exchange"),
        ("located-in", "country:gb"),
        ("category", "exchange"),
        ("identifier", "graphsense:tidex"),
        ("name", "Tidex"),
    } <= reading.about("organisation:tidex")
    assert ("alias", "lazarusgroup") in reading.about("group:lazarus group")
    assert ("website", "url:https://hydramarket.co/") in reading.about("service:hydra market")
    assert sum(count for rule, count in reading.skipped.items() if "pictures" in rule) >= 1


@pytest.mark.parametrize(
    ("categories", "kind"),
    [
        ({"exchange", "organization"}, "organisation"),
        ({"mixing_service", "organization"}, "service"),
        ({"dark_web", "market"}, "service"),
        ({"phishing", "ransomware", "sanction"}, "group"),
        ({"ransomware", "exchange"}, "organisation"),
        (set(), "organisation"),
    ],
)
def test_the_kind_of_an_actor_follows_its_categories(categories, kind):
    assert actor_kind(frozenset(categories)) == kind


def actor(body: str) -> Reading:
    return read(ActorPack(), text(f"title: T\ncreator: C\nactors:\n- id: x1\n  label: X One\n{body}"))


def test_several_handles_in_one_field_are_several_accounts():
    reading = actor("  context:\n    twitter_handle: one_a, two_b\n    github_organisation: three-c\n")
    assert reading.objects("account") == {
        "user-account:twitter:one_a",
        "user-account:twitter:two_b",
        "user-account:github:three-c",
    }


def test_a_placeholder_is_no_website_and_a_page_is_one():
    assert actor("  uri: x.dummy\n").objects("website") == set()
    assert actor("  uri: www.one.com/about\n").objects("website") == {"url:http://www.one.com/about"}


def test_notes_legal_names_and_activity_are_kept():
    reading = actor(
        "  context:\n    legal_name: X One Ltd\n    notes:\n    - k: v\n    start_activity: '2015-01-02'\n"
        "    end_activity: '2016-01-02'\n    refs:\n    - x.com/1\n"
    )
    about = reading.about("organisation:x one")
    assert {
        ("alias", "X One Ltd"),
        ("attribute", "notes.k: v"),
        ("reference", "x.com/1"),
        ("status", "active"),
    } <= about
    assert reading.claim("organisation:x one", "status").observed == Interval("2015-01-02", "2016-01-03")


def test_an_unknown_country_is_rejected_and_the_rest_taken():
    reading = actor("  jurisdictions: [ZZ, TH]\n")
    assert reading.objects("located-in") == {"country:th"}
    assert len(reading.rejected) == 1


def test_an_actor_without_a_name_is_rejected():
    reading = read(ActorPack(), text("actors:\n- id: ''\n  label: '---'\n- 5\n- id: a\n  label: b\n"))
    assert len(reading.rejected) == 2
    assert ("organisation:b", "identifier", "graphsense:a") in reading.said
