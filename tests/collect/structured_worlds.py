"""A small world of each structured format: records that lean on nothing outside themselves, and their wrapping."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from misp_making import attribute, event, part, thing
from stix1_making import domain, package
from stix2_making import WHEN, bundle, indicator
from stix2_making import thing as stix

from chokepoint.collect.actorpack import ActorPack
from chokepoint.collect.base import Document
from chokepoint.collect.campaign_csv import CampaignCsv
from chokepoint.collect.cryptoscamdb import CryptoScamDB
from chokepoint.collect.maltrail import Maltrail
from chokepoint.collect.meta_csv import MetaCsv, MetaJson
from chokepoint.collect.misp_event import MispEvent
from chokepoint.collect.misp_galaxy import MispGalaxy
from chokepoint.collect.misp_warninglist import MispWarninglist
from chokepoint.collect.ofac import Ofac
from chokepoint.collect.operations_csv import OperationsCsv
from chokepoint.collect.stix1 import Stix1
from chokepoint.collect.stix2 import Stix2
from chokepoint.collect.tagpack import TagPack

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

BTC, BECH, ETH, TRX = (
    "1JX7W9hXG3vmxbMS1iZnXqvzyzJsoG7NNG",
    "bc1qasvw4jxhtzc7hffd8sgd8xkudhvcqerj5nputu",
    "0x4cdc1cba0aeb5539f2e0ba158281e67e0e54a9b1",
    "0x175d44451403edf28469df03a9280c1197adb92c",
)
SHA256 = "db87cee52504ca5732bad49ddb1d5b8551c011c1891996d58aacae47f66585ed"
UUIDS = [f"{letter * 8}-0000-4000-8000-000000000000" for letter in "abcd"]


@dataclass(frozen=True, kw_only=True)
class World:
    """A format: its collector, records, and how a document is made of records.

    Attributes:
        place: of the record of that number; claims on it stand there or below.
        written: a record as text, for formats whose records are lines.
    """

    name: str
    collector: Callable[[], Any]
    records: tuple[Any, ...]
    document: Callable[[Sequence[Any]], Document]
    place: Callable[[int], str]

    def holds(self, number: int, place: str) -> bool:
        """Whether a place is in the record of that number."""
        own = self.place(number)
        return place == own or place.startswith(
            (f"{own}/", f"{own},", own if own.endswith("-") else f"{own}/")
        )


def as_json(path: str, wrap: Callable[[list], Any]) -> Callable[[Sequence[Any]], Document]:
    return lambda records: Document(path=path, data=json.dumps(wrap(list(records))).encode())


def as_lines(path: str, head: str, write: Callable[[Any], str] = str) -> Callable[[Sequence[Any]], Document]:
    return lambda records: Document(
        path=path, data=(head + "".join(f"{write(one)}\n" for one in records)).encode("utf-8", "replace")
    )


def flow(record: Any) -> str:
    """A record as one line of YAML."""
    return f"- {json.dumps(record, ensure_ascii=False)}"


TREES = (
    World(
        name="stix2",
        collector=Stix2,
        records=(
            stix("malware", 1, name="FoxLock", aliases=["FL"], malware_types=["ransomware"], description="locks",
                 external_references=[{"source_name": "mitre", "external_id": "S1", "url": "https://a.example.org/1"}]),
            indicator("[domain-name:value = 'evil.com']", 2, name="n", labels=["c2"], confidence=50),
            stix("intrusion-set", 3, name="Winter Fox", goals=["money"], first_seen=WHEN),
            stix("file", 4, name="f.exe", hashes={"SHA-256": SHA256}),
            stix("identity", 5, name="Bank", identity_class="organization"),
            stix("observed-data", 6, number_observed=2, first_observed=WHEN, last_observed=WHEN,
                 objects={"0": {"type": "ipv4-addr", "value": "91.243.44.30"}}),
        ),
        document=as_json("wave.json", lambda records: bundle(*records)),
        place=lambda number: f"/objects/{number}",
    ),
    World(
        name="misp-attributes",
        collector=MispEvent,
        records=(
            attribute("domain", "evil.com", comment="C2", Tag=[{"name": "kill-chain:c2"}], first_seen="2024-01-01"),
            attribute("ip-dst|port", "91.243.44.18|443", uuid="a2"),
            attribute("filename|sha256", f"f.exe|{SHA256}"),
            attribute("btc", BTC, Sighting=[{"type": "0", "date_sighting": "1709596800"}]),
            attribute("text", "seen twice"),
        ),
        document=as_json("e.json", lambda records: {"Event": event(*records)}),
        place=lambda number: f"/Event/Attribute/{number}",
    ),
    World(
        name="misp-objects",
        collector=MispEvent,
        records=(
            thing("file", part("sha256", "sha256", SHA256), part("filename", "filename", "f.exe"), uuid="o1", comment="x"),
            thing("domain-ip", part("domain", "domain", "evil.com"), part("ip-dst", "ip", "91.243.44.18"), uuid="o2"),
            thing("telegram-account", part("text", "username", "foxdesk"), uuid="o3", first_seen="2024-01-01"),
        ),
        document=as_json("e.json", lambda records: {"Event": event(Object=records)}),
        place=lambda number: f"/Event/Object/{number}",
    ),
    World(
        name="misp-galaxy",
        collector=MispGalaxy,
        records=(
            {"value": "Winter Fox", "uuid": UUIDS[0], "description": "a group",
             "meta": {"synonyms": ["WF"], "refs": ["https://a.example.org/1"], "country": "KH", "odd": {"a": ["b"]}}},
            {"value": "Frost", "uuid": UUIDS[1], "meta": {"country": ["TH"]}},
            {"value": "Thaw", "uuid": UUIDS[2], "meta": {"cfr-suspected-victims": ["Japan"]}},
        ),
        document=as_json("g.json", lambda records: {"type": "threat-actor", "name": "g", "uuid": UUIDS[3], "values": records}),
        place=lambda number: f"/values/{number}",
    ),
    World(
        name="misp-warninglist",
        collector=MispWarninglist,
        records=("good.com", "8.8.8.8", "/index.html", "https://fine.org/x"),
        document=as_json("w.json", lambda records: {"name": "Good", "type": "string", "version": 1, "list": records}),
        place=lambda number: f"/list/{number}",
    ),
    World(
        name="cryptoscamdb",
        collector=CryptoScamDB,
        records=(
            {"id": 1, "name": "fox.com", "url": "http://fox.com/x", "category": "Phishing", "subcategory": "MyCrypto",
             "addresses": {"ETH": [ETH]}, "ip": "91.243.44.18", "reporter": "Jane"},
            {"id": 2, "name": "wolf.com", "url": "http://wolf.com", "category": "Scamming", "description": "shop"},
            {"id": 3, "name": "bear.com", "url": "http://bear.com", "category": "Scamming", "nameservers": ["ns1.den.net"]},
        ),
        document=as_json("urls.json", list),
        place=lambda number: f"/{number}",
    ),
    World(
        name="ofac",
        collector=Ofac,
        records=(ETH, TRX, "0xd0cc2b24980cbcca47ef755da88b220a82291407"),
        document=as_json("sanctioned_addresses_ETH.json", list),
        place=lambda number: f"/{number}",
    ),
    World(
        name="meta-json",
        collector=MetaJson,
        records=(
            {"indicator_type": "domain", "indicator_value": "fox.com", "comment": "by APT29", "ds": "2024-03-05"},
            {"indicator_type": "domain", "indicator_value": "wolf.com", "country": "KH"},
            {"indicator_type": "url", "indicator_value": "http://bear.com/x", "odd": {"a": ["b"]}},
        ),
        document=as_json("2024_network.json", list),
        place=lambda number: f"/{number}",
    ),
    World(
        name="tagpack",
        collector=TagPack,
        records=(
            {"address": BTC, "label": "Fox", "abuse": "scam", "currency": "BTC", "lastmod": "2024-03-05", "odd": {"a": "b"}},
            {"address": BECH, "label": "Lock", "concepts": ["ransomware"], "confidence": "forensic"},
            {"address": ETH, "actor": "foxexchange", "category": "exchange", "source": "https://a.example.org/1"},
        ),
        document=as_lines("pack.yaml", "title: T\ntags:\n", flow),
        place=lambda number: f"line {number + 3}",
    ),
    World(
        name="actorpack",
        collector=ActorPack,
        records=(
            {"id": "a", "label": "Fox Exchange", "uri": "fox.com", "jurisdictions": ["TH"], "categories": ["exchange"],
             "context": {"twitter_handle": "fox", "refs": ["x.com/1"], "odd": [{"a": "b"}]}},
            {"id": "b", "label": "Wolf Mixer", "categories": ["mixing_service"], "aliases": ["WM"]},
            {"id": "c", "label": "Bear Pay", "uri": "https://bear.com/x"},
        ),
        document=as_lines("actors.yaml", "title: T\nactors:\n", flow),
        place=lambda number: f"line {number + 3}",
    ),
)  # fmt: skip
"""Formats whose records are trees."""


def cdata(value: str) -> str:
    return f'<stix:Indicator id="x:{value}"><Observable xmlns="http://stix.mitre.org/Indicator-2"><cybox:Object>{domain(value)}</cybox:Object></Observable></stix:Indicator>'


LINES = (
    World(
        name="meta-csv",
        collector=MetaCsv,
        records=("domain,fox.com,C2,2024-03-05", "url,http://wolf.com/x,,", "domain,bear.com,by APT29,"),
        document=as_lines("2024_network.csv", "indicator_type,indicator_value,comment,ds\n"),
        place=lambda number: f"line {number + 2}",
    ),
    World(
        name="infoblox-csv",
        collector=CampaignCsv,
        records=(
            "domain,fox.com,phishing,2024-03-05",
            "ip,91.243.44.50,c2,2024-03-06",
            "domain,good.com,benign,",
        ),
        document=as_lines("winter_fox_iocs.csv", "type,indicator,classification,detected_date\n"),
        place=lambda number: f"line {number + 2}",
    ),
    World(
        name="operations-csv",
        collector=OperationsCsv,
        records=("Fox,KE,arrests,20,https://a.com/x", "Fox,,losses,300,", "Wolf,GH+NG,victims,40,"),
        document=as_lines("fox.csv", "operation,country,measure,value,source_url\n"),
        place=lambda number: f"line {number + 2}",
    ),
    World(
        name="maltrail",
        collector=Maltrail,
        records=("fox.com", "91.243.44.60", "http://wolf.com/x", "bear.com:8080"),
        document=as_lines("foxlock.txt", "# Maltrail developers\n"),
        place=lambda number: f"line {number + 2}",
    ),
    World(
        name="ofac-text",
        collector=Ofac,
        records=(ETH, TRX, "0xd0cc2b24980cbcca47ef755da88b220a82291407"),
        document=as_lines("sanctioned_addresses_ETH.txt", "# SDN\n"),
        place=lambda number: f"line {number + 2}",
    ),
    World(
        name="stix1",
        collector=Stix1,
        records=(cdata("fox.com"), cdata("wolf.com"), cdata("bear.com")),
        document=lambda records: Document(
            path="wave.xml",
            data=package("<stix:Indicators>", *records, "</stix:Indicators>").encode("utf-8", "replace"),
        ),
        place=lambda number: f"lines {number + 3}-",
    ),
)
"""Formats whose records are lines, and one whose records are elements."""

WORLDS = TREES + LINES
