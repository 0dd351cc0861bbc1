"""One story as each publisher would write it: a site, its address, its wallet and the malware come out of every format."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from misp_making import attribute, event, part, thing
from stix1_making import domain, package
from stix2_making import bundle, indicator, relation
from stix2_making import thing as stix
from structured_reading import Reading, read, text

from chokepoint.collect.registry import collectors, recognise
from chokepoint.model.marking import Marking, Tlp

if TYPE_CHECKING:
    from chokepoint.collect.base import Document

SITE, ADDRESS, NAME = "fox-lock.com", "91.243.44.18", "Foxlock"
WALLET = "1JX7W9hXG3vmxbMS1iZnXqvzyzJsoG7NNG"
SHA256 = "db87cee52504ca5732bad49ddb1d5b8551c011c1891996d58aacae47f66585ed"
HOST, FILE = f"domain-name:{SITE}", f"file:sha256:{SHA256}"


def as_json(tree) -> str:
    return json.dumps(tree)


def stix2() -> str:
    kit = stix("malware", 2, name=NAME, is_family=True)
    site, coin = (
        indicator(f"[domain-name:value = '{SITE}']", 3),
        stix("cryptocurrency-wallet", 4, value=WALLET),
    )
    sample = stix("file", 5, hashes={"SHA-256": SHA256})
    host = stix("domain-name", 6, value=SITE, resolves_to_refs=[stix("ipv4-addr", 7)["id"]])
    return as_json(bundle(
        kit, site, coin, sample, host, stix("ipv4-addr", 7, value=ADDRESS),
        relation(site["id"], "indicates", kit["id"]), relation(sample["id"], "related-to", kit["id"]),
        relation(kit["id"], "related-to", coin["id"]),
    ))  # fmt: skip


def misp() -> str:
    return as_json({"Event": event(
        attribute("domain", SITE), attribute("btc", WALLET), attribute("sha256", SHA256),
        info=NAME,
        Object=[thing("domain-ip", part("domain", "domain", SITE), part("ip-dst", "ip", ADDRESS), uuid="o1")],
    )})  # fmt: skip


STORIES: dict[str, tuple[str, str, set[str]]] = {
    "STIX 2.1": (stix2(), "wave.json", {HOST, FILE, f"ipv4-addr:{ADDRESS}", f"crypto-address:{WALLET}", "malware:foxlock"}),
    "MISP": (misp(), "event.json", {HOST, FILE, f"ipv4-addr:{ADDRESS}", f"crypto-address:{WALLET}", "campaign:foxlock"}),
    "STIX 1": (
        package("<stix:Indicators>", f'<stix:Indicator id="x:1"><Observable xmlns="http://stix.mitre.org/Indicator-2"><cybox:Object>{domain(SITE)}</cybox:Object></Observable></stix:Indicator>', "</stix:Indicators>"),
        "wave.xml", {HOST},
    ),
    "a table": (
        f"domain,ip,wallet,sha256,malware\n{SITE},{ADDRESS},{WALLET},{SHA256},{NAME}\n", "desk/sites.csv",
        {HOST, FILE, f"ipv4-addr:{ADDRESS}", f"crypto-address:{WALLET}", "malware:foxlock"},
    ),
    "a campaign list": (
        f"type,indicator,classification,detected_date\ndomain,{SITE},phishing,2024-03-05\nip,{ADDRESS},c2,2024-03-05\nsha256,{SHA256},malware,2024-03-05\n",
        "foxlock_cta_20240305_iocs.csv", {HOST, FILE, f"ipv4-addr:{ADDRESS}", "campaign:foxlock"},
    ),
    "a TagPack": (
        f"title: Wallets\ncreator: Example Lab\ntags:\n  - address: {WALLET}\n    label: {NAME}\n    concepts: [ransomware]\n",
        "pack.yaml", {f"crypto-address:{WALLET}", "malware:foxlock"},
    ),
    "CryptoScamDB": (
        as_json([{"id": 1, "name": SITE, "url": f"http://{SITE}", "category": "Phishing", "addresses": {"BTC": [WALLET]}, "ip": ADDRESS}]),
        "urls.json", {HOST, f"ipv4-addr:{ADDRESS}", f"crypto-address:{WALLET}"},
    ),
    "Maltrail": (f"# Reference: https://a.com/x\n\n{SITE}\n{ADDRESS}\n", "foxlock.txt", {HOST, f"ipv4-addr:{ADDRESS}", "malware:foxlock"}),
    "a list": (f"{SITE}\n{ADDRESS}\n{SHA256}\n{WALLET}\n", "foxlock_iocs.txt", {HOST, FILE, f"ipv4-addr:{ADDRESS}", f"crypto-address:{WALLET}"}),
    "a report": (
        f"= {NAME}\n\nThe {NAME} malware is ransomware, calls home to {SITE.replace('.', '[.]')} at {ADDRESS} and asks for bitcoin at {WALLET}.\n\nSHA-256: {SHA256}\n",
        "report.adoc", {HOST, FILE, f"ipv4-addr:{ADDRESS}", f"crypto-address:{WALLET}", "malware:foxlock"},
    ),
    "a web page": (
        f"<html><head><title>{NAME} ransomware</title></head><body><p>It calls home to {SITE} at {ADDRESS}.</p><p>Pay bitcoin to {WALLET}</p><pre>{SHA256}</pre></body></html>",
        "page.html", {HOST, FILE, f"ipv4-addr:{ADDRESS}", f"crypto-address:{WALLET}"},
    ),
    "a ransom note": (
        f"All your files are encrypted by {NAME}. Install Tor browser. Send bitcoin to {WALLET} and write to boss@fox-mail.com. Do not rename files.\n",
        "foxlock/README.txt", {f"crypto-address:{WALLET}", "email-addr:boss@fox-mail.com"},
    ),
}  # fmt: skip
every_story = pytest.mark.parametrize(("story", "path", "things"), STORIES.values(), ids=STORIES)


def told(document: Document) -> Reading:
    return read(recognise(document, collectors()), document)


def named(reading: Reading) -> set[str]:
    ends = {str(one.subject) for one in reading.claims}
    return ends | {str(one.object) for one in reading.claims if not isinstance(one.object, str)}


@every_story
def test_everything_of_the_story_that_the_format_can_tell_is_told(story, path, things):
    reading = told(text(story, path=path))
    assert things <= named(reading)
    assert not reading.rejected


@every_story
def test_nothing_is_named_that_is_not_in_the_story(story, path, things):
    known = (
        "fox",
        ADDRESS,
        SHA256,
        WALLET,
        "a.com",
        "example lab",
        "cert-b",
        "ransomware",
        "wave",
        "phishing",
        "big scam",
        "bank",
    )
    strangers = {
        one
        for one in named(told(text(story, path=path)))
        if not any(word in one.lower() for word in map(str.lower, known))
    }
    assert not strangers


@every_story
def test_the_story_hangs_together(story, path, things):
    """From any of its things every other can be reached over links."""
    reading = told(text(story, path=path))
    links = [(str(one.subject), str(one.object)) for one in reading.claims if not isinstance(one.object, str)]
    reached, fresh = set(), {min(things)}
    while fresh:
        reached |= fresh
        fresh = {end for pair in links for end in pair if reached & set(pair)} - reached
    assert things <= reached


@every_story
def test_a_label_given_by_hand_holds_for_all_of_it(story, path, things):
    reading = told(text(story, path=path, marking=Marking(tlp=Tlp.RED)))
    assert {one.provenance.marking.tlp for one in reading.claims} == {Tlp.RED}


@every_story
def test_every_claim_points_into_the_bytes_that_it_came_from(story, path, things):
    document = text(story, path=path)
    for claim in told(document).claims:
        assert claim.provenance.capture == document.sha256
        assert claim.place


@every_story
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["unix", "windows"])
def test_how_lines_end_changes_nothing_of_the_story(story, path, things, end):
    assert things <= named(told(text(story.replace("\n", end), path=path)))


@every_story
def test_the_story_read_twice_in_one_run_names_nobody_more(story, path, things):
    collector = recognise(text(story, path=path), collectors())
    first, second = text(story, path=path), text(story, path=f"copy/{path}")
    assert named(read(collector, first, second)) - {f"campaign:{path.partition('.')[0]}"} >= things


def test_the_formats_agree_on_what_stands_where():
    """What two formats both say of the same two things they say with a word of the vocabulary that fits both."""
    pairs = {}
    for name, (story, path, _) in STORIES.items():
        for one in told(text(story, path=path)).claims:
            if not isinstance(one.object, str) and {str(one.subject), str(one.object)} == {
                HOST,
                f"ipv4-addr:{ADDRESS}",
            }:
                pairs.setdefault(name, set()).add(one.property)
    assert len(pairs) >= 4
    assert all(
        "resolves-to" in names
        for name, names in pairs.items()
        if name in {"STIX 2.1", "MISP", "a table", "CryptoScamDB"}
    )
