"""Patterns of every operator and spelling: which identifiers they name, and what is kept of the rest."""

from __future__ import annotations

import pytest
from stix2_making import RYUK, WHEN, indicator, told

from chokepoint.model.claim import Interval

MD5, SHA1, SHA256 = "d41d8cd98f00b204e9800998ecf8427e", "a" * 40, "b" * 64
WALLET = "1JX7W9hXG3vmxbMS1iZnXqvzyzJsoG7NNG"
NAMELESS = "indicator without named threat"


def named(pattern: str, **more) -> tuple[set[str], set[str]]:
    """Identifiers that a pattern names, and the patterns that are kept."""
    reading = told(indicator(pattern, **more), path="wave.json")
    assert reading.rejected == []
    return {who for who, prop, _ in reading.said if prop == "indicates"}, reading.objects("pattern")


@pytest.mark.parametrize(
    ("pattern", "entities"),
    [
        pytest.param("[domain-name:value = 'evil.com']", {"domain-name:evil.com"}, id="equal"),
        pytest.param("[domain-name:value='evil.com']", {"domain-name:evil.com"}, id="no-spaces"),
        pytest.param("[ domain-name:value  =  'evil.com' ]", {"domain-name:evil.com"}, id="many-spaces"),
        pytest.param("[domain-name:value = 'a.com' AND url:value = 'http://a.com/x']", {"domain-name:a.com", "url:http://a.com/x"}, id="and"),
        pytest.param("[domain-name:value = 'a.com' OR domain-name:value = 'b.com']", {"domain-name:a.com", "domain-name:b.com"}, id="or"),
        pytest.param("[domain-name:value = 'a.com'] OR [domain-name:value = 'b.com']", {"domain-name:a.com", "domain-name:b.com"}, id="or-of-observations"),
        pytest.param("[domain-name:value = 'a.com'] AND [ipv4-addr:value = '91.243.44.1']", {"domain-name:a.com", "ipv4-addr:91.243.44.1"}, id="and-of-observations"),
        pytest.param("[domain-name:value = 'a.com'] FOLLOWEDBY [domain-name:value = 'b.com']", {"domain-name:a.com", "domain-name:b.com"}, id="followed-by"),
        pytest.param("([domain-name:value = 'a.com'] AND [domain-name:value = 'b.com']) WITHIN 600 SECONDS", {"domain-name:a.com", "domain-name:b.com"}, id="within"),
        pytest.param("[domain-name:value = 'a.com'] REPEATS 5 TIMES", {"domain-name:a.com"}, id="repeats"),
        pytest.param("[domain-name:value = 'a.com'] START t'2024-01-01T00:00:00Z' STOP t'2024-02-01T00:00:00Z'", {"domain-name:a.com"}, id="start-stop"),
        pytest.param("[domain-name:value IN ('a.com', 'b.com')]", {"domain-name:a.com", "domain-name:b.com"}, id="in"),
        pytest.param("[ipv4-addr:value ISSUBSET '91.243.44.0/24']", {"ipv4-addr:91.243.44.0/24"}, id="subset"),
        pytest.param("[(domain-name:value = 'a.com' OR domain-name:value = 'b.com') AND url:value = 'http://c.com/']", {"domain-name:a.com", "domain-name:b.com", "url:http://c.com/"}, id="brackets"),
        pytest.param(f"[file:hashes.MD5 = '{MD5}']", {f"file:md5:{MD5}"}, id="md5"),
        pytest.param(f"[file:hashes.'SHA-1' = '{SHA1}']", {f"file:sha1:{SHA1}"}, id="sha1-quoted"),
        pytest.param(f"[file:hashes.'SHA-256' = '{SHA256}']", {f"file:sha256:{SHA256}"}, id="sha256-quoted"),
        pytest.param(f"[file:hashes.SHA256 = '{SHA256.upper()}']", {f"file:sha256:{SHA256}"}, id="sha256-bare-capitals"),
        pytest.param(f"[file:hashes.sha256 = '{SHA256}']", {f"file:sha256:{SHA256}"}, id="sha256-small"),
        pytest.param(f"[file:hashes.md5 = '{MD5}']", {f"file:md5:{MD5}"}, id="md5-small"),
        pytest.param(f"[artifact:hashes.MD5 = '{MD5}']", {f"file:md5:{MD5}"}, id="artifact"),
        pytest.param(f"[process:image_ref.hashes.MD5 = '{MD5}']", {f"file:md5:{MD5}"}, id="image-of-a-process"),
        pytest.param(f"[x509-certificate:hashes.'SHA-1' = '{SHA1}']", {f"x509-certificate:sha1:{SHA1}"}, id="certificate"),
        pytest.param("[email-message:from_ref.value = 'x@fox.com']", {"email-addr:x@fox.com"}, id="sender"),
        pytest.param("[network-traffic:dst_ref.value = '91.243.44.21']", {"ipv4-addr:91.243.44.21"}, id="traffic"),
        pytest.param("[domain-name:resolves_to_refs[*].value = '91.243.44.21']", {"ipv4-addr:91.243.44.21"}, id="resolves-to"),
        pytest.param("[autonomous-system:number = 64500]", {"autonomous-system:AS64500"}, id="as"),
        pytest.param("[mac-addr:value = '00:11:22:33:44:55']", {"device:mac:00:11:22:33:44:55"}, id="mac"),
        pytest.param(f"[cryptocurrency-wallet:value = '{WALLET}']", {f"crypto-address:{WALLET}"}, id="wallet"),
        pytest.param(f"[x-acme:value = '{WALLET}']", {f"crypto-address:{WALLET}"}, id="custom-object"),
        pytest.param("[url:value = 'tcp://91.243.44.21:443']", {"ipv4-addr:91.243.44.21"}, id="other-scheme"),
        pytest.param("[url:value = 'hxxp://evil[.]com/x']", {"url:http://evil.com/x"}, id="defanged"),
        pytest.param(r"[url:value = 'http://evil.com/a\'b']", {"url:http://evil.com/a'b"}, id="escaped-quote"),
    ],
)  # fmt: skip
def test_a_pattern_of_values_names_them_and_keeps_nothing_else(pattern, entities):
    assert named(pattern) == (entities, set())


@pytest.mark.parametrize(
    "pattern",
    [
        pytest.param("[domain-name:value LIKE '%.fox.com']", id="like"),
        pytest.param(r"[url:value MATCHES '^https?://fox-[a-z]+\\.com/']", id="matches"),
        pytest.param("[domain-name:value != 'good.com']", id="unequal"),
        pytest.param("[domain-name:value NOT = 'good.com']", id="not-equal"),
        pytest.param("[domain-name:value NOT IN ('good.com', 'fine.com')]", id="not-in"),
        pytest.param("[ipv4-addr:value ISSUPERSET '91.243.44.1']", id="superset"),
        pytest.param("[mutex:name = 'm']", id="mutex"),
        pytest.param("[windows-registry-key:key = 'HKLM']", id="registry"),
        pytest.param("[file:name = 'x.exe' AND file:size > 5]", id="file-name"),
        pytest.param("[EXISTS domain-name:value]", id="exists"),
        pytest.param("[network-traffic:dst_port = 443]", id="port"),
        pytest.param("[user-account:account_login = 'fox']", id="account-without-platform"),
    ],
)
def test_a_pattern_that_names_no_value_of_ours_is_kept_whole_and_accuses_nobody(pattern):
    reading = told(indicator(pattern), path="wave.json")
    assert not any(prop == "indicates" for _, prop, _ in reading.said)
    assert reading.objects("pattern") == {pattern} or reading.rejected


@pytest.mark.parametrize(
    ("pattern", "entities"),
    [
        pytest.param("[user-account:account_login = 'foxdesk' AND user-account:account_type = 'telegram']", {"user-account:telegram:foxdesk"}, id="login"),
        pytest.param("[user-account:account_type = 'twitter' AND user-account:user_id = 'foxt']", {"user-account:twitter:foxt"}, id="id-after-type"),
        pytest.param("[user-account:account_type = 'telegram' AND (user-account:account_login = 'a_one' OR user-account:account_login = 'b_two')]", {"user-account:telegram:a_one", "user-account:telegram:b_two"}, id="two-logins"),
    ],
)  # fmt: skip
def test_an_account_is_named_where_its_pattern_names_one_platform(pattern, entities):
    assert named(pattern) == (entities, set())


def test_accounts_on_two_platforms_in_one_pattern_are_not_guessed():
    pattern = (
        "[user-account:account_login = 'fox' AND user-account:account_type = 'telegram'] OR "
        "[user-account:account_login = 'wolf' AND user-account:account_type = 'twitter']"
    )
    assert named(pattern) == (set(), {pattern})


def test_a_pattern_half_of_values_names_them_and_is_kept_for_the_other_half():
    pattern = f"[file:hashes.MD5 = '{MD5}' AND file:name = 'fox.exe']"
    assert named(pattern) == ({f"file:md5:{MD5}"}, {pattern})


@pytest.mark.parametrize(
    "pattern",
    ["", "[", "[domain-name:value = 'x", "[domain-name:value = ]", "domain-name:value = 'a.com'", "[domain-name:value = 'a.com'] AND", "[a:b = 'c'] [d:e = 'f']", "x" * 60_000, "[" * 500],
    ids=["empty", "bracket", "open-quote", "no-value", "no-brackets", "hanging-and", "no-joint", "too-long", "deep"],
)  # fmt: skip
def test_a_pattern_that_is_none_is_rejected_where_it_stands_and_the_next_object_is_read(pattern):
    reading = told(indicator(pattern), RYUK)
    assert [one.place for one in reading.rejected] == ["/objects/0/pattern"]
    assert "Mend: " in reading.rejected[0].reason
    assert reading.said == {("malware:ryuk", "name", "Ryuk")}


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        pytest.param("[ipv4-addr:value = '999.1.1.1']", "999.1.1.1", id="address"),
        pytest.param("[file:hashes.MD5 = 'short']", "short", id="digest"),
        pytest.param(f"[cryptocurrency-wallet:value = '{WALLET[:-1]}X']", WALLET[:-1], id="checksum"),
    ],
)
def test_a_value_that_is_none_of_its_kind_is_rejected_and_the_others_of_the_pattern_stay(pattern, why):
    reading = told(indicator(pattern + " OR [domain-name:value = 'b.com']"), path="wave.json")
    assert [(one.place, why in one.reason) for one in reading.rejected] == [("/objects/0/pattern", True)]
    assert ("domain-name:b.com", "indicates", "campaign:wave") in reading.said


@pytest.mark.parametrize("language", ["yara", "snort", "sigma", "pcre"])
def test_a_pattern_in_another_language_is_counted_by_it(language):
    reading = told(indicator("rule x { condition: true }") | {"pattern_type": language})
    assert dict(reading.skipped) == {f"indicator in the language {language}": 1}
    assert reading.rejected == []


@pytest.mark.parametrize(
    ("labels", "link"),
    [
        pytest.param(["malicious-activity"], "indicates", id="malicious"),
        pytest.param(["benign"], "legitimate", id="benign"),
        pytest.param(["legitimate"], "legitimate", id="legitimate"),
        pytest.param(["compromised"], "compromised-by", id="hacked"),
        pytest.param(["compromised", "benign"], "legitimate", id="benign-goes-first"),
        pytest.param(["c2"], "indicates", id="any-other"),
    ],
)
def test_the_labels_say_whether_an_identifier_is_bad_hacked_or_good(labels, link):
    for field in ("labels", "indicator_types"):
        reading = told(indicator("[domain-name:value = 'evil.com']", **{field: labels}), path="wave.json")
        assert ("domain-name:evil.com", link, "campaign:wave") in reading.said
        links = {"indicates", "legitimate", "compromised-by"}
        assert {prop for _, prop, _ in reading.said if prop in links} == {link}


@pytest.mark.parametrize(
    ("start", "end", "observed"),
    [
        pytest.param("2024-03-05T00:00:00Z", None, Interval("2024-03-05", ""), id="open"),
        pytest.param(
            "2024-03-05T00:00:00Z",
            "2024-04-05T00:00:00.000Z",
            Interval("2024-03-05", "2024-04-06"),
            id="closed",
        ),
        pytest.param(
            "2024-04-05T00:00:00Z",
            "2024-03-05T00:00:00Z",
            Interval("2024-03-05", "2024-04-06"),
            id="reversed",
        ),
        pytest.param("soon", None, None, id="no-day"),
    ],
)
def test_an_indicator_holds_while_it_is_valid(start, end, observed):
    thing = indicator("[domain-name:value = 'evil.com']") | {"valid_from": start, "valid_until": end}
    assert told(thing, path="wave.json").claim("domain-name:evil.com", "indicates").observed == observed


def test_name_description_and_references_are_said_of_each_identifier():
    thing = indicator(
        f"[domain-name:value = 'evil.com' OR file:hashes.MD5 = '{MD5}']", name="Fox dropper", description="seen in mail",
        external_references=[{"source_name": "blog", "url": "https://a.example.org/1"}],
    )  # fmt: skip
    said = told(thing, path="wave.json").said
    for entity, prop in (("domain-name:evil.com", "description"), (f"file:md5:{MD5}", "name")):
        assert {
            (entity, prop, "Fox dropper"),
            (entity, "description", "seen in mail"),
            (entity, "reference", "https://a.example.org/1"),
        } <= said


def test_a_name_that_only_repeats_the_value_is_not_said():
    reading = told(indicator("[domain-name:value = 'evil.com']", name="EVIL.com"), path="wave.json")
    assert {prop for _, prop, _ in reading.said} == {"indicates"}


def test_digests_of_one_file_are_tied_and_those_of_two_files_are_not():
    one = told(indicator(f"[file:hashes.MD5 = '{MD5}' AND file:hashes.'SHA-1' = '{SHA1}']"), path="wave.json")
    two = told(indicator(f"[file:hashes.MD5 = '{MD5}' OR file:hashes.MD5 = '{'c' * 32}']"), path="wave.json")
    assert one.objects("same-file") == {f"file:sha1:{SHA1}"}
    assert two.objects("same-file") == set()


def test_an_indicator_of_nobody_says_that_it_names_no_threat():
    assert told(indicator("[domain-name:value = 'evil.com']"), path="_.json").said == {
        ("domain-name:evil.com", "category", NAMELESS)
    }
    assert WHEN.startswith("2024")
