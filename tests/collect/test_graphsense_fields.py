"""TagPacks and ActorPacks as their publishers write them: every field a claim, a rejection or a named skip."""

from __future__ import annotations

import re
from itertools import permutations

import pytest
from structured_reading import Reading, read, text

from chokepoint.collect.actorpack import ACTOR, ActorPack
from chokepoint.collect.tagpack import TAG, TagPack
from chokepoint.model.claim import Interval

BTC, BECH, ETH = (
    "1JX7W9hXG3vmxbMS1iZnXqvzyzJsoG7NNG",
    "bc1qasvw4jxhtzc7hffd8sgd8xkudhvcqerj5nputu",
    "0x4cdc1cba0aeb5539f2e0ba158281e67e0e54a9b1",
)
TX = "4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b"
WALLET = f"crypto-address:{BTC}"

PACK = f"""# written by hand
title: Winter Fox cash-out
creator: Example Lab
description: Tags of the Winter Fox case
lastmod: 2024-03-05
source: https://lab.example.org/winter-fox
confidence: web_crawl
currency: BTC
tags:
  - address: {BTC}
    label: Fox deposit wallet
    actor: foxexchange
    category: exchange
    concepts: [exchange, hosted_wallet]
    confidence: ownership
    abuse: scam
  - address: {BECH}
    label: Winter Fox
    concepts:
      - ransomware
    lastmod: 1709510400
    context: '{{"note": "seen on forum"}}'
  - address: {ETH}
    currency: ETH
    network: ETH
    asset: USDT
    label: foxwallet-drainer.com
    abuse: phishing
    source: https://etherscan.io/address/{ETH}
  - tx_hash: {TX}
    label: first ransom
    concepts: [donation]
  - address: notanaddress
  - label: only a label
"""
ACTORS = """title: Actors of the case
creator: Example Lab
lastmod: 2024-03-05
actors:
  - id: foxexchange
    label: Fox Exchange
    uri: https://fox.exchange/
    uris: [foxexchange.io, https://t.me/foxexchange]
    jurisdictions: [TH, KH, ZZ]
    categories: [exchange, organization]
    aliases: [FoxEx]
    context:
      uris: [fox.support]
      twitter_handle: "@FoxEx"
      telegram_handle: foxexchat
      legal_name: Fox Holdings Ltd
      refs: [api.llama.fi/protocol/fox]
      images: [icons.llama.fi/fox.png]
      funding: {round: A, by: [X, Y]}
    regulated: no
"""


def packs(*documents: str) -> Reading:
    actors: dict = {}
    both = (ActorPack(actors), TagPack(actors))
    whole = Reading()
    for content in documents:
        document = text(content, path="pack.yaml")
        collector = next(one for one in both if one.recognises(document))
        reading = read_without_end(collector, document)
        whole.claims += reading.claims
        whole.rejected += reading.rejected
        whole.skipped += reading.skipped
    end = read(both[1])
    whole.claims += end.claims
    whole.rejected += end.rejected
    return whole


def read_without_end(collector, document) -> Reading:
    class Begun:
        read = staticmethod(collector.read)

        @staticmethod
        def finish():
            return iter(())

    return read(Begun, document)


TAGS_SAY = {
    (WALLET, "controlled-by", "organisation:fox exchange"),
    (WALLET, "name", "Fox deposit wallet"),
    (WALLET, "category", "scam"),
    (WALLET, "category", "exchange"),
    (WALLET, "category", "hosted_wallet"),
    (f"crypto-address:{BECH}", "attributed-to", "malware:winter fox"),
    (f"crypto-address:{BECH}", "category", "ransomware"),
    (f"crypto-address:{BECH}", "attribute", 'context: {"note": "seen on forum"}'),
    ("domain-name:foxwallet-drainer.com", "requests-payment-to", f"crypto-address:{ETH}"),
    (f"crypto-address:{ETH}", "category", "phishing"),
    (f"crypto-address:{ETH}", "attribute", "coin: USDT"),
    (f"crypto-transaction:{TX}", "name", "first ransom"),
    (f"crypto-transaction:{TX}", "category", "donation"),
    (f"crypto-transaction:{TX}", "attribute", "coin: BTC"),
}
FOX = "organisation:fox exchange"
ACTORS_SAY = {
    (FOX, "identifier", "graphsense:foxexchange"),
    (FOX, "name", "Fox Exchange"),
    (FOX, "alias", "foxexchange"),
    (FOX, "alias", "FoxEx"),
    (FOX, "alias", "Fox Holdings Ltd"),
    (FOX, "category", "exchange"),
    (FOX, "category", "organization"),
    (FOX, "located-in", "country:th"),
    (FOX, "located-in", "country:kh"),
    (FOX, "website", "url:https://fox.exchange/"),
    ("url:https://fox.exchange/", "hosted-at", "domain-name:fox.exchange"),
    (FOX, "website", "domain-name:foxexchange.io"),
    (FOX, "website", "domain-name:fox.support"),
    (FOX, "account", "user-account:telegram:foxexchange"),
    (FOX, "account", "user-account:telegram:foxexchat"),
    (FOX, "account", "user-account:twitter:foxex"),
    (FOX, "reference", "api.llama.fi/protocol/fox"),
    (FOX, "attribute", "funding.round: A"),
    (FOX, "attribute", "funding.by: X"),
    (FOX, "attribute", "funding.by: Y"),
    (FOX, "attribute", "regulated: no"),
}


def test_both_packs_say_exactly_what_was_written_down_by_hand_in_any_order():
    for order in permutations([PACK, ACTORS]):
        reading = packs(*order)
        assert reading.said == TAGS_SAY | ACTORS_SAY
        assert {one.place for one in reading.rejected} == {"line 33", "line 34", "lines 5-20"}
        assert dict(reading.skipped) == {
            "head of the pack (inherited by its records)": 10,
            "pictures of actors": 1,
        }


def test_an_own_source_confidence_and_day_go_before_those_of_the_head():
    reading = packs(ACTORS, PACK)
    said = {str(c.subject): c for c in reading.claims if c.property in {"category", "attributed-to"}}
    assert said[WALLET].provenance.grading.original == "tagpack:ownership"
    assert said[f"crypto-address:{ETH}"].provenance.origin == "Etherscan"
    assert said[f"crypto-address:{BECH}"].observed == Interval("", "2024-03-05")
    assert said[WALLET].observed == Interval("", "2024-03-06")


def tag(body: str, head: str = "") -> Reading:
    return read(TagPack(), text(f"title: T\n{head}tags:\n- address: {BTC}\n{body}"))


@pytest.mark.parametrize(
    ("label", "named"),
    [
        pytest.param("Hot wallet 14", {"Hot wallet 14"}, id="a-name-of-the-address"),
        pytest.param("foxexchange", set(), id="the-id"),
        pytest.param("Fox-Exchange", set(), id="the-id-in-other-letters"),
        pytest.param("", set(), id="empty"),
    ],
)
def test_a_label_beside_an_actor_names_the_address_unless_it_only_repeats_the_actor(label, named):
    reading = tag(f"  actor: foxexchange\n  label: '{label}'\n")
    assert reading.objects("name") == named
    assert len(reading.objects("controlled-by")) == 1


@pytest.mark.parametrize(
    ("fields", "coins"),
    [
        pytest.param("currency: BTC", set(), id="the-likeliest"),
        pytest.param("currency: BCH", {"coin: BCH"}, id="currency"),
        pytest.param("asset: BCH", {"coin: BCH"}, id="asset"),
        pytest.param("asset: XBT", set(), id="other-spelling"),
        pytest.param("network: LTC\n  asset: BCH", {"coin: BCH", "coin: LTC"}, id="asset-on-a-network"),
        pytest.param("currency: unknown", set(), id="no-coin"),
        pytest.param("currency: [BTC]", set(), id="list"),
    ],
)
def test_coin_asset_and_network_are_said_where_the_address_does_not_tell(fields, coins):
    assert tag(f"  {fields}\n").objects("attribute") == coins


@pytest.mark.parametrize("key", sorted(set(TAG) - {"address", "tx_hash"}))
@pytest.mark.parametrize("value", ["{a: b}", "[[a]]", "[{a: b}]"])
def test_a_field_of_a_tag_of_the_wrong_type_is_rejected_with_its_lines_and_the_tag_is_taken(key, value):
    reading = tag(f"  {key}: {value}\n  extra: kept\n")
    assert [one.place for one in reading.rejected] == ["lines 3-5"]
    assert reading.rejected[0].reason.startswith(key)
    assert (WALLET, "attribute", "extra: kept") in reading.said


@pytest.mark.parametrize("value", ["{a: b}", "[1, 2]", "''", "~", "5"])
def test_a_tag_whose_address_is_none_is_rejected_and_the_next_is_taken(value):
    reading = read(
        TagPack(), text(f"tags:\n- address: {value}\n  label: x\n- address: {BTC}\n  abuse: scam\n")
    )
    assert {one.place for one in reading.rejected} == {"lines 2-3"}
    assert (WALLET, "category", "scam") in reading.said


@pytest.mark.parametrize("record", ["5", "text", "[a, b]", "~", "''"])
def test_a_tag_that_is_no_mapping_is_rejected_at_its_line_and_the_next_is_taken(record):
    reading = read(TagPack(), text(f"tags:\n- {record}\n- address: {BTC}\n  abuse: scam\n"))
    assert len(reading.rejected) == 1
    assert "Mend: " in reading.rejected[0].reason
    assert (WALLET, "category", "scam") in reading.said


def test_a_field_of_the_head_of_the_wrong_type_is_rejected_once_and_inherited_by_nobody():
    reading = read(
        TagPack(),
        text(f"label: [a]\nsource: {{a: b}}\ntags:\n- address: {BTC}\n  abuse: scam\n- address: {BECH}\n"),
    )
    assert [one.place for one in reading.rejected] == ["line 1", "line 1"]
    assert {claim.provenance.origin for claim in reading.claims} == {"unknown"}


def test_values_nested_in_an_unknown_field_are_kept_under_their_path():
    assert tag("  extra: {deep: {er: [1, 2]}, flat: x}\n").objects("attribute") == {
        "extra.deep.er: 1",
        "extra.deep.er: 2",
        "extra.flat: x",
    }


GOOD_TAG, BAD_TAG = f"- address: {BTC}\n", "- label: lost\n"


@pytest.mark.parametrize(
    ("tags", "recognised"),
    [
        pytest.param(GOOD_TAG, True, id="one"),
        pytest.param(BAD_TAG + GOOD_TAG, True, id="first-broken"),
        pytest.param(GOOD_TAG + BAD_TAG * 2 + GOOD_TAG, True, id="half-broken"),
        pytest.param(GOOD_TAG + BAD_TAG * 2, False, id="most-are-other-things"),
        pytest.param(BAD_TAG, False, id="none"),
        pytest.param("[]\n", False, id="empty"),
        pytest.param("{}\n", False, id="mapping"),
    ],
)
def test_a_pack_is_known_by_half_of_its_first_records(tags, recognised):
    assert TagPack().recognises(text(f"title: T\ntags:\n{tags}")) is recognised


GOOD_ACTOR, BAD_ACTOR = "- id: x\n  label: X\n", "- id: lost\n"


@pytest.mark.parametrize(
    ("actors", "recognised"),
    [
        pytest.param(GOOD_ACTOR, True, id="one"),
        pytest.param(BAD_ACTOR + GOOD_ACTOR, True, id="first-broken"),
        pytest.param(GOOD_ACTOR + BAD_ACTOR * 2, False, id="most-are-other-things"),
        pytest.param("[]\n", False, id="empty"),
    ],
)
def test_an_actor_pack_is_known_by_half_of_its_first_records(actors, recognised):
    assert ActorPack().recognises(text(f"title: T\nactors:\n{actors}")) is recognised


def actor(body: str) -> Reading:
    return read(ActorPack(), text(f"actors:\n- id: x1\n  label: X One\n{body}"))


@pytest.mark.parametrize("key", sorted(set(ACTOR) - {"id", "label", "context"}))
@pytest.mark.parametrize("value", ["{a: b}", "[[a]]", "[{a: b}]"])
def test_a_field_of_an_actor_of_the_wrong_type_is_rejected_and_the_actor_is_taken(key, value):
    reading = actor(f"  {key}: {value}\n")
    assert [one.place for one in reading.rejected] == ["lines 2-4"]
    assert ("organisation:x one", "name", "X One") in reading.said


@pytest.mark.parametrize("value", ["text", "[a]", "5"])
def test_a_context_that_is_no_mapping_is_rejected_and_the_actor_is_taken(value):
    reading = actor(f"  context: {value}\n")
    assert reading.rejected[0].reason.startswith("context")
    assert ("organisation:x one", "name", "X One") in reading.said


@pytest.mark.parametrize(
    ("field", "account"),
    [
        pytest.param("twitter_handle: '@X_One'", "twitter:x_one", id="twitter"),
        pytest.param("telegram_handle: XOneChat", "telegram:xonechat", id="telegram"),
        pytest.param("github_organisation: x-one", "github:x-one", id="github"),
        pytest.param("instagram_handle: x.one", "instagram:x.one", id="instagram"),
    ],
)
def test_a_handle_is_an_account_on_its_platform(field, account):
    assert actor(f"  context:\n    {field}\n").objects("account") == {f"user-account:{account}"}


def test_an_id_given_twice_belongs_to_the_first_and_the_second_is_named_still():
    two = "actors:\n- id: a\n  label: First\n- id: a\n  label: Second\n"
    actors: dict = {}
    reading = read(ActorPack(actors), text(two))
    assert [one.place for one in reading.rejected] == ["lines 4-5"]
    assert "Mend: " in reading.rejected[0].reason
    assert {str(claim.subject) for claim in reading.claims} == {"organisation:first", "organisation:second"}
    assert str(actors["a"]) == "organisation:first"


def test_the_same_actor_in_two_packs_is_no_stranger_to_itself():
    actors: dict = {}
    assert read(ActorPack(actors), text(ACTORS), text(ACTORS, path="again.yaml")).rejected[2:] == []


def test_reading_a_pack_twice_adds_no_sentence():
    assert packs(PACK, ACTORS, PACK, ACTORS).said == packs(ACTORS, PACK).said


def test_the_order_of_tags_does_not_matter():
    head, _, body = PACK.partition("tags:\n")
    tags = ["  - " + one for one in re.split("^  - ", body, flags=re.MULTILINE)[1:]]
    assert len(tags) == 6
    forwards, backwards = (packs(ACTORS, head + "tags:\n" + "".join(order)) for order in (tags, tags[::-1]))
    assert forwards.said == backwards.said


def test_a_pack_cut_in_the_middle_of_a_tag_gives_the_tags_before_it():
    cut = PACK[: PACK.index("    label: foxwallet")] + "    label: 'open\n"
    reading = packs(cut)
    assert (f"crypto-address:{BECH}", "category", "ransomware") in reading.said
    assert reading.rejected
    assert all("Mend: " in one.reason or one.place for one in reading.rejected)
