"""MISP warning lists: what is known to be good, shared or a common false positive. Never a claim of crime.

Source: https://github.com/MISP/misp-warninglists (schema.json).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from chokepoint.collect.base import Document, Item, Rejected, Sentences
from chokepoint.collect.derive import with_derived
from chokepoint.collect.origins import provenance
from chokepoint.collect.shapes import kept, misfits
from chokepoint.collect.taking import named, raw_of, take, text_of, texts
from chokepoint.collect.tree import json_keys, read_json
from chokepoint.model.errors import BadInputError
from chokepoint.model.identity import Entity
from chokepoint.values.registry import detect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chokepoint.collect.shapes import Shape
    from chokepoint.model.claim import Provenance

ORIGIN = "MISP warning lists"
_KINDS = frozenset(
    {
        "domain-name",
        "ipv4-addr",
        "ipv6-addr",
        "file",
        "url",
        "email-addr",
        "onion-service",
        "crypto-address",
        "phone-number",
    }
)
_type = re.compile(rb'"type"\s*:\s*"(?:string|substring|hostname|cidr|regex)"').search
_list = re.compile(rb'"list"\s*:\s*\[').search
_HEAD: dict[str, Shape] = {
    "name": "text",
    "type": "text",
    "description": "text",
    "matching_attributes": "texts",
}
_more = frozenset({"list", "name", "description", "type", "version", "matching_attributes"})


class MispWarninglist:
    """Collector of warning lists."""

    name = "misp-warninglist"

    def recognises(self, document: Document) -> bool:
        """An object with a `list`, what it matches, and the way of matching."""
        keys = json_keys(document.head, b"{")
        if "list" not in keys or not _list(document.head):
            return False
        whole = (
            keys
            if len(document.data) <= len(document.head)
            else keys | json_keys(b"{" + document.data[-4_096:], b"{")
        )
        typed = _type(document.head) or _type(document.data[-4_096:])
        return (
            bool(typed)
            and "name" in whole
            and bool({"matching_attributes", "version", "description"} & whole)
        )

    def read(self, document: Document) -> Iterator[Item]:
        """Each identifier as listed; what is no identifier as a pattern of the list."""
        return with_derived(self._items(document))

    def _items(self, document: Document) -> Iterator[Item]:
        tree, defects = read_json(document.data)
        yield from defects
        if not isinstance(tree, dict) or not isinstance(tree.get("list"), list):
            raise BadInputError("no warning list at the top", mend="this is not the format it looks like")
        title = text_of(tree.get("name"))
        known = named("known-list", title)
        if known is None:
            raise BadInputError("the warning list has no name", place="/name", mend="give it one")
        source = provenance(document, origin=ORIGIN)
        kind = text_of(tree.get("type")) or "string"
        yield from self._about(Sentences(source, ""), known, tree)
        matches = frozenset(texts(tree.get("matching_attributes")))
        for number, entry in enumerate(tree["list"]):
            yield _listed((known, source), f"/list/{number}", (entry, kind, matches))

    def _about(self, top: Sentences, known: Entity, tree: dict[str, Any]) -> Iterator[Item]:
        for key, name in (("name", "name"), ("type", "category"), ("description", "description")):
            if text_of(tree.get(key)):
                yield Sentences(top.provenance, f"/{key}").say(known, name, text_of(tree[key]))
        matching = tree.get("matching_attributes")
        for number, word in enumerate(matching if isinstance(matching, list) else [matching]):
            if text_of(word):
                at = Sentences(top.provenance, f"/matching_attributes/{number}")
                yield at.say(known, "attribute", f"matches: {text_of(word)}")
        yield from misfits("/", tree, _HEAD)
        for key, value in tree.items():
            if key == "version" or key not in _more:
                yield from kept(Sentences(top.provenance, f"/{key}"), known, (key, value))

    def finish(self) -> Iterator[tuple[Document, Item]]:
        """Nothing: each list stands alone."""
        return iter(())


def _listed(where: tuple[Entity, Provenance], place: str, what: tuple[Any, str, frozenset[str]]) -> Item:
    known, source = where
    entry, kind, matches = what
    text = text_of(entry)
    if not text:
        return Rejected(place, "no text but another value. Mend: write the entry as text")
    say = Sentences(source, place)
    found = None if kind == "regex" else _identifier(text, kind, matches)
    if found is None and kind == "cidr":
        return Rejected(place, f"{text[:80]!r} is no IP address or network. Mend: write it as address/bits")
    if found is None:
        return say.say(known, "pattern", f"{kind}:{text}")
    return say.say(found, "listed-on", known, raw_of(found, text))


def _identifier(text: str, kind: str, matches: frozenset[str]) -> Entity | None:
    """The identifier that an entry is; `.example.com` means the domain and all below it."""
    if kind == "cidr":
        found = take("ipv6-addr" if ":" in text else "ipv4-addr", text, "")
        return found if isinstance(found, Entity) else None
    detected = detect(text[1:] if text[0] == "." and kind in {"hostname", "string", "substring"} else text)
    if detected is None or detected.kind not in _KINDS:
        return None
    hashes = any(name.endswith(("md5", "sha1", "sha256", "sha512")) for name in matches)
    return detected if detected.kind != "file" or hashes or not matches else None
