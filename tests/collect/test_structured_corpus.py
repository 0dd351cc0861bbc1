"""The real corpus, where it lies beside the repository: every file recognised, every chain's hop said."""

from __future__ import annotations

import gzip
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from structured_reading import CLASSES, Reading, read

from chokepoint.collect.actorpack import ActorPack
from chokepoint.collect.base import Document
from chokepoint.collect.cryptoscamdb import CryptoScamDB
from chokepoint.collect.misp_event import MispEvent
from chokepoint.collect.misp_galaxy import MispGalaxy
from chokepoint.collect.misp_warninglist import MispWarninglist
from chokepoint.collect.ofac import Ofac
from chokepoint.collect.stix1 import Stix1
from chokepoint.collect.stix2 import Stix2
from chokepoint.collect.tagpack import TagPack

CORPUS = Path(__file__).resolve().parents[3] / "shared/data/corpus"
pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the shared corpus is not beside the repository")


def documents(pattern: str) -> list[Document]:
    found = []
    for path in sorted(CORPUS.glob(pattern)):
        data = path.read_bytes()
        name = str(path.relative_to(CORPUS)).removesuffix(".gz")
        found.append(Document(path=name, data=gzip.decompress(data) if path.suffix == ".gz" else data))
    return found


@cache
def scams() -> Reading:
    return read(CryptoScamDB(), *documents("etherscamdb/*.*"), *documents("cryptoscamdb/*"))


@cache
def galaxies() -> Reading:
    names = ("threat-actor", "malpedia", "ransomware", "mitre-malware", "mitre-intrusion-set")
    return read(
        MispGalaxy(), *(one for name in names for one in documents(f"misp-galaxy/clusters/{name}.json*"))
    )


@pytest.mark.parametrize(
    ("pattern", "cls", "files"),
    [
        ("cryptoscamdb/*", CryptoScamDB, 3),
        ("etherscamdb/*.*", CryptoScamDB, 4),
        ("graphsense-tagpacks/packs/*", TagPack, 43),
        ("graphsense-tagpacks/actors/*", ActorPack, 1),
        ("ofac-sdn-crypto/sanctioned*", Ofac, 34),
        ("misp-galaxy/clusters/*", MispGalaxy, 21),
        ("misp-warninglists/lists/*/*", MispWarninglist, 36),
        ("infoblox/misp/*", MispEvent, 10),
        ("unit42-iocs/stix2/*", Stix2, 64),
        ("meta-threat-research/stix1/*", Stix1, 9),
    ],
)
def test_every_file_of_a_format_is_recognised_by_its_collector_alone(pattern, cls, files):
    found = documents(pattern)
    assert len(found) == files
    for document in found:
        assert [one.name for one in CLASSES if one().recognises(document)] == [cls.name]


@pytest.mark.parametrize(
    "pattern",
    ["ransom-notes/**/*.txt", "thaigov-news/*", "infoblox/csv/*", "meta-threat-research/csv/**/*.csv",
     "meta-threat-research/json/*", "unit42-iocs/text/**/*.*", "eset-malware-ioc/**/*.adoc",
     "geo/**/*.json", "**/LICENSE*"],
)  # fmt: skip
def test_files_of_other_formats_are_left_to_other_collectors(pattern):
    found = [document for document in documents(pattern) if document.data]
    assert found
    for document in found:
        assert [one.name for one in CLASSES if one().recognises(document)] == []


def test_the_broken_file_loses_no_record():
    reading = read(CryptoScamDB(), *documents("cryptoscamdb/uris.yaml"))
    assert len({claim.place for claim in reading.claims if claim.property == "category"}) == 17
    assert [one.place for one in reading.rejected] == ["line 35"]


def test_nearly_all_addresses_of_the_scam_lists_are_taken():
    pairs = Counter(who.partition(":")[0] for who, prop, _ in scams().said if prop == "requests-payment-to")
    assert sum(pairs.values()) >= 5_700
    assert len(scams().rejected) < 0.005 * len(scams().claims) + 100


def test_the_archives_give_hosts_by_the_number_of_the_record():
    served = {
        who
        for who, prop, thing in scams().said
        if (prop, thing) == ("resolves-to", "ipv4-addr:194.58.112.174")
    }
    names = ("omise-go.io", "qtum-token.com", "kin-crowdsale.com", "district0x.net", "blockstack.network")
    assert {f"domain-name:{name}" for name in names} <= served


def test_the_parking_address_is_on_the_list_that_warns_of_it():
    reading = read(MispWarninglist(), *documents("misp-warninglists/lists/parking-domain/*"))
    assert ("ipv4-addr:194.58.112.174", "listed-on", "known-list:parking domains") in reading.said


def test_the_wallet_of_samsam_leads_to_the_group_behind_it():
    tags = read(TagPack(), *documents("graphsense-tagpacks/packs/ransom*"))
    wallet = "crypto-address:19CbDoaZDLTzkkT1uQrMPM42AUvfQN4Kds"
    assert (wallet, "attributed-to", "malware:samsam") in tags.said
    origins = {claim.provenance.origin for claim in tags.claims if str(claim.subject) == wallet}
    assert {"Ransomwhere", "Paquet-Clouston et al. 2018"} == origins
    assert ("group:boss spider", "mentioned-with", "malware:samsam") in galaxies().said
    assert ("group:boss spider", "alias", "GOLD LOWELL") in galaxies().said


def test_one_campaign_of_infoblox_names_sites_of_cryptoscamdb():
    event = read(MispEvent(), *documents("infoblox/misp/339f*"))
    for site in (
        "teslagive.net",
        "tesla3.org",
        "teslagives.info",
        "bonustesla.com",
        "spacexbtc.net",
        "geminibtc.net",
    ):
        assert (f"domain-name:{site}", "indicates", "campaign:cryptdesignbot") in event.said
    wallets = {
        thing for prop, thing in scams().about("domain-name:teslagive.net") if prop == "requests-payment-to"
    }
    assert "crypto-address:13LP98C3QKthrCdz81qGWuCr9fpCvsdh5A" in wallets


def test_the_wallet_of_the_twitter_hack_joins_site_and_tag():
    wallet = "crypto-address:bc1qxy2kgdygjrsqtzq2n0yrf2493p83kkfjhx0wlh"
    assert ("domain-name:cryptoforhealth.com", "requests-payment-to", wallet) in scams().said
    tags = read(TagPack(), *documents("graphsense-tagpacks/packs/twitter*"))
    assert (wallet, "attributed-to", "campaign:twitter hack scam") in tags.said


def test_the_wallet_of_ryuk_leads_to_wizard_spider():
    tags = read(TagPack(), *documents("graphsense-tagpacks/packs/ransomwhere*"))
    ryuk = {who for who, prop, thing in tags.said if (prop, thing) == ("attributed-to", "malware:ryuk")}
    assert len(ryuk) == 40
    assert "crypto-address:14hVKm7Ft2rxDBFTNkkRC3kGstMGp2A4hk" in ryuk
    assert ("group:wizard spider", "uses", "malware:ryuk") in galaxies().said


def test_all_addresses_of_lazarus_are_sanctioned_by_both_files():
    tags = read(TagPack(), *documents("graphsense-tagpacks/packs/lazarus*"))
    lists = read(Ofac(), *documents("ofac-sdn-crypto/sanctioned*"))
    tagged = {
        who for who, prop, thing in tags.said if (prop, thing) == ("controlled-by", "group:lazarus group")
    }
    assert len(tagged) == 21
    assert tagged <= {who for who, prop, _ in lists.said if prop == "sanctioned-by"}
    assert ("group:lazarus group", "located-in", "country:kp") in galaxies().said


def test_a_legitimate_exchange_has_its_site_account_and_country():
    reading = read(ActorPack(), *documents("graphsense-tagpacks/actors/*"))
    about = reading.about("organisation:tidex")
    site, account = ("website", "domain-name:tidex.com"), ("account", "user-account:twitter:tidex_exchange")
    assert {site, account, ("located-in", "country:gb")} <= about


def test_every_indicator_of_the_unit42_bundles_is_told():
    reading = read(Stix2(), *documents("unit42-iocs/stix2/*"))
    found = {who for who, prop, _ in reading.said if prop == "indicates"}
    assert len(found) >= 2_260
    assert len(reading.rejected) <= 3
