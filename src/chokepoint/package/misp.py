"""Claims as one MISP event: an object for each entity, a reference for each link, an attribute for each text.

Source: MISP core format (misp-standard.org, "MISP core format"). Objects are of a template of our own, so
that a kind for which MISP has no type still stands there as text; identifiers have MISP's own types.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

from chokepoint.model.identity import Entity
from chokepoint.model.marking import Tlp
from chokepoint.model.moment import read_moment
from chokepoint.package.whole import named
from chokepoint.values import wallet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chokepoint.package.parts import PackageClaim
    from chokepoint.package.stix.bundle import Cover

_SPACE = UUID("7c3f3c52-7d4e-4b70-9a3b-5f1e0c0f2a11")
TEMPLATE = "chokepoint-entity"
_TYPES = {
    "domain-name": ("domain", "Network activity"),
    "onion-service": ("domain", "Network activity"),
    "url": ("url", "Network activity"),
    "ipv4-addr": ("ip-dst", "Network activity"),
    "ipv6-addr": ("ip-dst", "Network activity"),
    "email-addr": ("email", "Network activity"),
    "autonomous-system": ("AS", "Network activity"),
    "phone-number": ("phone-number", "Other"),
    "group": ("threat-actor", "Attribution"),
    "campaign": ("campaign-name", "Attribution"),
}
_COINS = {"BTC": "btc", "XMR": "xmr", "DASH": "dash"}
_ACCOUNTS = {"twitter": "twitter-id", "github": "github-username", "jabber": "jabber-id"}
_DISTRIBUTION = {Tlp.CLEAR: "3", Tlp.GREEN: "1"}
"""MISP's distribution of a label; any other is for the receiving organisation only."""
_DIGESTS = frozenset({"md5", "sha1", "sha224", "sha256", "sha384", "sha512", "imphash", "ssdeep", "tlsh"})


def misp_event(claims: Sequence[PackageClaim], cover: Cover) -> bytes:
    """The event as UTF-8 JSON; the same claims and cover give the same bytes.

    Args:
        claims: that the reader may have.
        cover: title, publisher, marking, and who may be named.
    """
    objects: dict[Entity, dict[str, Any]] = {}
    indicating = {claim.subject for claim in claims if claim.property == "indicates"}
    for claim in claims:
        subject = _object(objects, claim.subject, (cover, claim.subject in indicating))
        if isinstance(claim.object, Entity):
            thing = _object(objects, claim.object, (cover, claim.object in indicating))
            subject["ObjectReference"].append(_reference(claim, subject["uuid"], thing["uuid"]))
        else:
            subject["Attribute"].append(_text(claim, cover.discretion.words(claim)))
    moment = read_moment(cover.created)
    event = {
        "uuid": _uuid("event", cover.organisation, *sorted(claim.record for claim in claims)),
        "info": cover.title,
        "date": cover.created[:10],
        "timestamp": str(int(moment.timestamp())),
        "threat_level_id": "4",
        "analysis": "1",
        "distribution": _DISTRIBUTION.get(cover.marking.tlp, "0"),
        "published": False,
        "Orgc": {"name": cover.organisation or "unnamed", "uuid": _uuid("org", cover.organisation)},
        "Tag": _tags(cover.marking.tlp.label, simulated=cover.simulated),
        "Object": [objects[entity] for entity in sorted(objects)],
    }
    return json.dumps({"Event": event}, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"


def _uuid(*parts: str) -> str:
    return str(uuid5(_SPACE, json.dumps(parts)))


def _tags(label: str, *, simulated: bool) -> list[dict[str, str]]:
    names = [label.lower(), *(["chokepoint:simulated"] if simulated else [])]
    return [{"name": name} for name in names]


def _object(objects: dict[Entity, dict[str, Any]], entity: Entity, how: tuple[Cover, bool]) -> dict[str, Any]:
    cover, indicates = how
    entity = named(entity, cover.discretion)  # its id too tells nothing of whom it may not name
    if entity not in objects:
        sort, category, value = _typed(entity)
        name = _uuid("object", *entity)
        main = {"type": sort, "category": category, "object_relation": "value", "value": value}
        kind = {"type": "text", "category": "Other", "object_relation": "kind", "value": entity.kind}
        objects[entity] = {
            "uuid": name,
            "name": TEMPLATE,
            "meta-category": "misc",
            "description": "An entity of a Chokepoint atlas and what is said of it.",
            "template_uuid": _uuid("template", TEMPLATE),
            "template_version": "1",
            "Attribute": [
                {"uuid": _uuid("value", name), "to_ids": indicates and sort != "text", **main},
                {"uuid": _uuid("kind", name), "to_ids": False, "disable_correlation": True, **kind},
            ],
            "ObjectReference": [],
        }
    return objects[entity]


def _typed(entity: Entity) -> tuple[str, str, str]:
    """MISP's type, category and spelling of an entity; `text` where it has no type."""
    shown = entity.value
    head, _, rest = shown.partition(":")
    if entity.kind in _TYPES:
        return (*_TYPES[entity.kind], shown)
    if entity.kind == "file" and head in _DIGESTS:
        return head, "Payload delivery", rest
    if entity.kind == "bank-account" and head == "iban":
        return "iban", "Financial fraud", rest
    if entity.kind == "user-account" and head in _ACCOUNTS:
        return _ACCOUNTS[head], "Social network", rest
    coin = next(iter(wallet.assets(shown)), "") if entity.kind == "crypto-address" else ""
    if coin in _COINS:
        return _COINS[coin], "Financial fraud", shown
    return "text", "Other", shown


def _comment(claim: PackageClaim) -> str:
    mark = " (SIMULATED)" if claim.watermarked else ""
    observed = "/".join(claim.observed[:2]) if claim.observed else "undated"
    return (
        f"{claim.origin}, {claim.place}; grade {claim.grading}; {observed}; belief {claim.belief:.2f}, "
        f"{claim.verdict}{mark}; {claim.marking.tlp.label}; record {claim.record}"
    )


def _text(claim: PackageClaim, text: str) -> dict[str, Any]:
    return {
        "uuid": _uuid("text", claim.record),
        "type": "text",
        "category": "Other",
        "object_relation": claim.property,
        "value": text,
        "comment": _comment(claim),
        "to_ids": False,
        "disable_correlation": True,
        "Tag": _tags(claim.marking.tlp.label, simulated=claim.watermarked),
    }


def _reference(claim: PackageClaim, start: str, end: str) -> dict[str, Any]:
    return {
        "uuid": _uuid("reference", claim.record),
        "object_uuid": start,
        "referenced_uuid": end,
        "referenced_type": "1",
        "relationship_type": claim.property,
        "comment": _comment(claim),
    }
