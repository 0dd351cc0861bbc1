"""Reading documents through a collector, for tests: what came out, as plain words."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path

from chokepoint.collect.actorpack import ActorPack
from chokepoint.collect.base import Document, Rejected, Skipped
from chokepoint.collect.cryptoscamdb import CryptoScamDB
from chokepoint.collect.ftm_entities import FtmEntities
from chokepoint.collect.misp_event import MispEvent
from chokepoint.collect.misp_galaxy import MispGalaxy
from chokepoint.collect.misp_warninglist import MispWarninglist
from chokepoint.collect.ofac import Ofac
from chokepoint.collect.sanctions import Sanctions
from chokepoint.collect.stix1 import Stix1
from chokepoint.collect.stix2 import Stix2
from chokepoint.collect.tagpack import TagPack
from chokepoint.model.claim import Claim

DATA = Path(__file__).parents[1] / "data/collect"
CLASSES = (
    Stix2,
    Stix1,
    MispEvent,
    MispGalaxy,
    MispWarninglist,
    ActorPack,
    TagPack,
    CryptoScamDB,
    Ofac,
    Sanctions,
    FtmEntities,
)

SAMPLES = {
    "cryptoscamdb/urls.yaml": "cryptoscamdb",
    "cryptoscamdb/uris.yaml": "cryptoscamdb",
    "cryptoscamdb/twitter.json": "cryptoscamdb",
    "etherscamdb/scams.yaml": "cryptoscamdb",
    "etherscamdb/archive_compiled.yaml": "cryptoscamdb",
    "etherscamdb/archive_compiled.json": "cryptoscamdb",
    "graphsense/actorpack.yaml": "actorpack",
    "graphsense/lazarus.yaml": "tagpack",
    "graphsense/ransomwhere.yaml": "tagpack",
    "graphsense/etherscamdb_tagpack.yaml": "tagpack",
    "graphsense/blender_io.yaml": "tagpack",
    "ofac/sanctioned_addresses_XMR.txt": "ofac",
    "ofac/sanctioned_addresses_XMR.json": "ofac",
    "ofac/sanctioned_addresses_USDC.txt": "ofac",
    "ofac/sanctioned_addresses_USDC.json": "ofac",
    "ftm/others.jsonl": "ftm-entities",
    "sanctions/sdn.xml": "sanctions",
    "sanctions/sdn.csv": "sanctions",
    "sanctions/un.xml": "sanctions",
    "sanctions/eu.xml": "sanctions",
    "sanctions/eu.csv": "sanctions",
    "sanctions/uk.csv": "sanctions",
    "warninglists/parking.json": "misp-warninglist",
    "warninglists/google.json": "misp-warninglist",
    "warninglists/contact.json": "misp-warninglist",
    "galaxy/threat-actor.json": "misp-galaxy",
    "galaxy/ransomware.json": "misp-galaxy",
    "galaxy/mitre-malware.json": "misp-galaxy",
    "galaxy/mitre-intrusion-set.json": "misp-galaxy",
    "galaxy/country.json": "misp-galaxy",
    "misp/infoblox.json": "misp-event",
    "misp/candiru.json": "misp-event",
    "misp/xdspy.json": "misp-event",
    "stix2/zeppelin.json": "stix2",
    "stix2/2024-02-14-Danabot.json": "stix2",
    "stix2/mitre/a-relationship.json": "stix2",
    "stix2/mitre/group.json": "stix2",
    "stix2/mitre/malware.json": "stix2",
    "stix1/bangladesh.xml": "stix1",
}


@dataclass(slots=True)
class Reading:
    """All items of a run."""

    claims: list[Claim] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)

    @property
    def said(self) -> set[tuple[str, str, str]]:
        """Claims as (subject, property, object) in words."""
        return {(str(claim.subject), claim.property, str(claim.object)) for claim in self.claims}

    def about(self, subject: str) -> set[tuple[str, str]]:
        """What is said of a subject."""
        return {(prop, thing) for who, prop, thing in self.said if who == subject}

    def objects(self, name: str) -> set[str]:
        """Objects of all claims of a property."""
        return {thing for _, prop, thing in self.said if prop == name}

    def claim(self, subject: str, name: str) -> Claim:
        """The only claim of that subject and property."""
        found = [one for one in self.claims if str(one.subject) == subject and one.property == name]
        assert len(found) == 1, found
        return found[0]


def read(collector, *documents: Document) -> Reading:
    """Everything that a collector makes of documents, finish included."""
    reading = Reading()
    for document in documents:
        for item in collector.read(document):
            _take(reading, item)
    for _, item in collector.finish():
        _take(reading, item)
    return reading


def _take(reading: Reading, item) -> None:
    if isinstance(item, Claim):
        reading.claims.append(item)
    elif isinstance(item, Rejected):
        reading.rejected.append(item)
    else:
        assert isinstance(item, Skipped)
        assert item.count > 0
        reading.skipped[item.rule] += item.count


def sample(name: str, **more) -> Document:
    """A document of the excerpts in tests/data/collect."""
    return replace(Document(path=name, data=(DATA / name).read_bytes()), **more)


def text(content: str, path: str = "file", **more) -> Document:
    """A document of the given text."""
    return Document(path=path, data=content.encode(), **more)


def made(content, path: str = "file.json", **more) -> Document:
    """A document that holds the value as JSON."""
    return Document(path=path, data=json.dumps(content).encode(), **more)
