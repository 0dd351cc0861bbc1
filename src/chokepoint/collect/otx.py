"""Pulses of AlienVault's OTX: a campaign, whose it is, what it uses, whom it targets, and its indicators.

Source: https://otx.alienvault.com/api and https://github.com/AlienVault-OTX/OTX-Python-SDK.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

from chokepoint.collect.base import Document, Item, Rejected, Sentences, Skipped
from chokepoint.collect.derive import with_derived
from chokepoint.collect.list_syntax import EXCEPTION
from chokepoint.collect.misp_types import identifier
from chokepoint.collect.origins import provenance
from chokepoint.collect.taking import named, raw_of, records, span, text_of, texts
from chokepoint.collect.tree import json_keys, read_json
from chokepoint.model.errors import NotValidError
from chokepoint.model.marking import Marking, parse_tlp
from chokepoint.model.said import advised
from chokepoint.values.text.exempt import exempts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chokepoint.model.claim import Provenance
    from chokepoint.model.identity import Entity

PULSE = frozenset({"indicators", "adversary", "indicator"})
ONE_OF = frozenset({"targeted_countries", "malware_families", "attack_ids", "author_name", "revision"})
BESIDE = "field of a pulse that names nothing"
NO_KIND = "indicator of a kind that is not taken"
_TYPES = {
    "ipv4": "ip-dst",
    "ipv6": "ip-dst",
    "hostname": "domain",
    "email": "email-src",
    "uri": "url",
    "bitcoinaddress": "btc",
    "sslcertfingerprint": "x509-fingerprint-sha1",
}
"""OTX's types under MISP's names, where lower case and no `FileHash-` do not make them the same."""
_READ = frozenset(
    {"name", "adversary", "malware_families", "targeted_countries", "indicators", "description", "tlp", "TLP"}
    | {"author_name", "created", "modified", "references", "tags", "industries"}
)


class Otx:
    """Collector of pulses."""

    name = "otx"

    def recognises(self, document: Document) -> bool:
        """The fields that a pulse has and nothing else has."""
        keys = json_keys(document.head)
        return keys >= PULSE and bool(keys & ONE_OF)

    def read(self, document: Document) -> Iterator[Item]:
        """Each pulse as a campaign; a list of pulses, one alone, or the API's answer."""
        tree, defects = read_json(document.data)
        wrap = next((key for key in ("results", "pulses") if _holds(tree, key)), "")
        pulses, at = (tree[wrap], f"/{wrap}") if wrap else (tree, "")
        several = isinstance(pulses, list)
        items = (
            _pulse(document, one, f"{at}/{number}" if several else at)
            for number, one in enumerate(pulses if several else [pulses])
        )
        return with_derived(chain(defects, chain.from_iterable(items)))

    def finish(self) -> Iterator[tuple[Document, Item]]:
        """Nothing waits for other files."""
        return iter(())


def _holds(tree: Any, key: str) -> bool:
    return isinstance(tree, dict) and isinstance(tree.get(key), list)


def _pulse(document: Document, pulse: Any, at: str) -> Iterator[Item]:
    if not isinstance(pulse, dict):
        yield Rejected(at or "/", "no pulse but another value. Mend: write an object of named fields")
        return
    label = text_of(pulse.get("TLP")) or text_of(pulse.get("tlp"))
    try:
        marking = Marking(tlp=parse_tlp(label)) if label else None
    except NotValidError as error:
        yield Rejected(f"{at}/TLP", advised(*error.said))
        return
    source = provenance(document, origin=text_of(pulse.get("author_name")), marking=marking)
    campaign = named("campaign", text_of(pulse.get("name")))
    if campaign is None:
        yield Rejected(f"{at}/name", "a pulse without a name. Mend: compare it with the source")
        return
    observed = span(text_of(pulse.get("created")), text_of(pulse.get("modified")))
    yield from _of_campaign(pulse, campaign, Sentences(source, at or "/", observed))
    if rest := sum(1 for key, value in pulse.items() if key not in _READ and value not in (None, "", [], {})):
        yield Skipped(BESIDE, rest)
    listed = pulse.get("indicators") or []
    if not isinstance(listed, list):
        yield Rejected(f"{at}/indicators", "no list of indicators. Mend: compare it with the source")
        return
    for number, one in enumerate(listed):
        where = f"{at}/indicators/{number}"
        yield from _indicator(one, campaign, (source, where))


def _of_campaign(pulse: dict[str, Any], campaign: Entity, say: Sentences) -> Iterator[Item]:
    raw = raw_of(campaign, text_of(pulse.get("name")))
    for key, kind, link in (
        ("adversary", "group", "attributed-to"),
        ("malware_families", "malware", "uses"),
        ("targeted_countries", "country", "targets"),
    ):
        for text in _names(pulse.get(key)):
            thing = named(kind, text)
            yield (
                say.say(campaign, link, thing, raw)
                if thing
                else say.say(campaign, "attribute", f"{key}: {text}", raw)
            )
    for key, sort in (
        *(("description", "description"), ("references", "reference"), ("tags", "category")),
        ("industries", "attribute"),
    ):
        prefix = "targeted industry: " if key == "industries" else ""
        for text in dict.fromkeys(texts(pulse.get(key))):
            yield say.say(campaign, sort, prefix + text, raw)


def _names(value: Any) -> Iterator[str]:
    """Names, written as texts or as objects that have one to show."""
    shown = [text_of(one.get("display_name")) or text_of(one.get("id")) for one in records(value)]
    yield from dict.fromkeys(name for name in (*texts(value), *shown) if name)


def _indicator(one: Any, campaign: Entity, of: tuple[Provenance, str]) -> Iterator[Item]:
    source, where = of
    value = text_of(one.get("indicator")) if isinstance(one, dict) else ""
    if not value:
        yield Rejected(where, "no indicator. Mend: compare it with the source")
        return
    sort = text_of(one.get("type")).lower().removeprefix("filehash-")
    found = identifier(_TYPES.get(sort, sort), value, where)
    if found is None:
        yield Skipped(NO_KIND)
    elif isinstance(found, Rejected):
        yield found
    elif exempts(text_of(one.get("role"))):
        yield Skipped(EXCEPTION)
    else:
        say = Sentences(source, where, span(text_of(one.get("created")), ""))
        raw = raw_of(found, value)
        yield say.say(found, "indicates", campaign, raw)
        for key in ("title", "description"):
            if text := text_of(one.get(key)):
                yield say.say(found, "description", text, raw)
        if role := text_of(one.get("role")):
            yield say.say(found, "role", role, raw)
