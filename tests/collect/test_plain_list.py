from __future__ import annotations

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st
from line_reading import CORPUS, claims, document, rejected, skipped, triples, unaccounted

from chokepoint.collect.naming import told
from chokepoint.collect.plain_list import PlainList
from chokepoint.collect.registry import collectors, recognise

HASH = "480af18104198ad3db1518501ee58f9c4aecd19dbbf2c5dd7694d1d87e9aeac7"


def read(text, path="lists/phantom_squid_iocs.txt"):
    return list(PlainList().read(document(text, path)))


def test_each_line_indicates_what_the_file_is_named_after():
    items = read("evil-one.com\n192[.]0[.]2[.]1\n")
    assert ("domain-name:evil-one.com", "indicates", "campaign:phantom squid") in triples(items)
    assert ("ipv4-addr:192.0.2.1", "indicates", "campaign:phantom squid") in triples(items)


def test_a_list_of_hashes_is_about_a_malware():
    assert (f"file:sha256:{HASH}", "indicates", "malware:clop") in triples(
        read(HASH + "\n", "text/clop-iocs.text")
    )


@pytest.mark.parametrize(
    "path", ["angler/compromised_domains", "angler/compromised_domains.gz", "angler/hacked-sites.txt"]
)
def test_a_hacked_site_is_its_owners_and_never_indicates(path):
    items = read("0055.ch\n007holowanie.pl\n", path)
    assert ("domain-name:0055.ch", "compromised-by", "malware:angler") in triples(items)
    assert not any(claim.property == "indicates" for claim in claims(items))


def test_a_header_comment_may_tell_that_sites_are_hacked():
    items = read("# Compromised websites that led to the kit\nowner-one.com\n", "lists/angler.txt")
    assert ("domain-name:owner-one.com", "compromised-by", "malware:angler") in triples(items)


def test_a_list_of_good_names_is_said_to_be_legitimate():
    items = read("kind-one.org\n", "lists/northbank_allowlist.txt")
    assert {claim.property for claim in claims(items)} == {"legitimate"}


def test_where_no_name_tells_anything_lines_are_only_mentioned():
    items = read("evil-one.com\n", "data/list.txt")
    assert {claim.property for claim in claims(items)} == {"mentioned-in"}


def test_comments_of_three_styles_are_skipped_and_trailing_ones_kept():
    items = read("# one\n; two\n// three\nevil-one.com # panel\n\n")
    assert skipped(items) == {"comment": 3, "blank line": 2}
    assert ("domain-name:evil-one.com", "description", "panel") in triples(items)


def test_a_url_keeps_its_fragment_sign_and_slashes():
    items = read("http://evil-one.com//a\nhttp://evil-one.com/b\n")
    assert not rejected(items)


def test_a_header_row_of_one_word_is_skipped():
    assert skipped(read("domain\nevil-one.com\nbad-two.org\n"))["header row"] == 1


def test_lines_that_are_no_indicator_are_rejected_by_line():
    items = read("evil-one.com\n" * 20 + "what is this\n")
    assert [part.place for part in rejected(items)] == ["line 21"]


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("evil.com\nbad.org\n", True),
        ("one.com", True),
        ("header\nevil.com\nbad.org\n", True),
        ("evil.com,1.2.3.4\n", False),
        ("This is a report about evil.com\n", False),
        (
            "= Title\n\nevil.com\nbad.org\nc.net\nd.net\ne.net\nf.net\ng.net\nh.net\ni.net\nj.net\nk.net\n",
            False,
        ),
        ('["evil.com"]', False),
        ("", False),
        ("words\nonly\n", False),
    ],
)
def test_a_list_is_known_by_its_lines(text, known):
    assert PlainList().recognises(document(text, "renamed.bin")) is known


@given(st.lists(st.sampled_from(["a-b.com", "# note", "", "192.0.2.9", "???", HASH]), max_size=15))
def test_every_line_ends_in_a_claim_a_rejection_or_a_skip(lines):
    text = "first.com\n" + "\n".join(lines)
    assert unaccounted(text, read(text)) == 0


def test_the_hacked_sites_of_the_corpus_never_indicate():
    path = CORPUS / "unit42-iocs/text/angler/compromised_domains.gz"
    if not path.is_file():
        pytest.skip("the corpus is not on this machine")
    data = b"\n".join(gzip.decompress(path.read_bytes()).split(b"\n")[:2000])
    items = read(data, "unit42-iocs/text/angler/compromised_domains.gz")
    assert {claim.property for claim in claims(items)} <= {"compromised-by", "subdomain-of"}


def test_a_short_list_with_one_broken_address_is_still_a_list():
    wallet = "1JX7W9hXG3vmxbMS1iZnXqvzyzJsoG7NNG"
    short = document(f"{wallet}\n1BpQBBu2LvW2Nnvx1N5EwyeaAuqvVrtYyK\nevil.io\n{wallet[:-1]}H\n")
    assert PlainList().recognises(short)
    [part] = rejected(PlainList().read(short))
    assert part.place == "line 4"


def test_prose_with_a_few_names_is_no_list():
    assert not PlainList().recognises(document("evil.io\nbad.io\nworse.io\nWe saw these three last week.\n"))


HOSTS = (
    "# a list of ours\n127.0.0.1 localhost\n127.0.0.1 localhost.localdomain\n::1 localhost\nfe80::1%lo0 localhost\n"
    "255.255.255.255 broadcasthost\n0.0.0.0 0.0.0.0\n0.0.0.0 ads.bad-host.com # tracker\n0.0.0.0\tevil-site.net\n"
)


def test_a_hosts_file_is_a_list_of_the_names_that_it_sinks() -> None:
    found = document(HOSTS, "hosts")
    assert recognise(found, collectors()).name == "plain-list"
    taken = {one.subject.value for one in claims(PlainList().read(found))}
    assert taken == {"ads.bad-host.com", "evil-site.net"}


def test_names_of_the_machine_itself_in_a_hosts_file_are_counted_as_comments() -> None:
    found = PlainList().read(document(HOSTS, "hosts"))
    assert skipped(found)["comment"] == 7


def test_the_author_of_a_hosts_file_is_no_campaign() -> None:
    said = {one.property for one in claims(PlainList().read(document(HOSTS, "hosts")))}
    assert said == {"mentioned-in", "subdomain-of", "description"}


def test_words_behind_a_web_address_are_no_part_of_it_and_what_they_name_is_taken() -> None:
    text = "evil.com\nbad.org\nthird.net\nhttps://evil.com/x pays 1BoatSLRHtKNngkdXEeobR76b53LETtpyT\n" * 10
    found = [one for one in claims(PlainList().read(document(text, "x.txt"))) if one.place == "line 4"]
    assert {one.subject.value for one in found if one.property == "mentioned-in"} == {
        "https://evil.com/x",
        "1BoatSLRHtKNngkdXEeobR76b53LETtpyT",
    }


def test_a_line_that_names_nothing_is_refused_with_its_words() -> None:
    text = "evil.com\nbad.org\n" * 20 + "call me back tomorrow\n"
    [refusal] = rejected(PlainList().read(document(text, "x.txt")))
    assert refusal.place == "line 41"
    assert "call me back tomorrow" in refusal.reason


@pytest.mark.parametrize("name", ["pasted text", "bundle.json", "config.json", "hosts.txt", "whitelist.txt"])
def test_a_file_name_of_every_day_names_no_campaign(name: str) -> None:
    assert told(name) == ""
