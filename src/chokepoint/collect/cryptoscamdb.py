"""CryptoScamDB and its forerunner EtherScamDB: sites, wallets, where they were hosted, Twitter lists.

Layouts: a list of records (`urls.yaml`, `uris.yaml`, `scams.yaml`, or the same as JSON, also as the API
answers), an archive of records or of host data by record number (`archive_compiled`), and `twitter.json`.
The archive without names waits for the list that numbers the same records.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from chokepoint.collect.base import Document, Item, Rejected, Sentences, Skipped
from chokepoint.collect.cryptoscamdb_layouts import (
    ABOUT,
    Numbered,
    is_archive,
    is_json,
    is_list,
    is_number,
    is_record,
    is_twitter,
    is_twitter_tree,
    listed_records,
)
from chokepoint.collect.derive import with_derived
from chokepoint.collect.formats import words
from chokepoint.collect.origins import provenance
from chokepoint.collect.shapes import kept, misfits
from chokepoint.collect.taking import (
    day,
    named,
    other_coin,
    raw_of,
    records,
    span,
    take,
    text_of,
    texts,
    until,
)
from chokepoint.collect.tree import escape, peek_records, read_json, read_records
from chokepoint.model.claim import Interval
from chokepoint.model.identity import Entity
from chokepoint.values.registry import derived, detect

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from chokepoint.collect.shapes import Shape

ORIGIN = "CryptoScamDB"
NO_BRAND = frozenset(words("no-brand"))
_KNOWN = ABOUT | {"name", "url", "coin", "id", "ip", "nameservers", "status", "statusCode", "updated"}
SITE: dict[str, Shape] = dict.fromkeys(
    (
        "name",
        "url",
        "coin",
        "id",
        "category",
        "subcategory",
        "description",
        "reporter",
        "updated",
        "statusCode",
    ),
    "text",
)
SITE |= dict.fromkeys(("ip", "nameservers"), "texts")
_HOSTS = frozenset({"domain-name", "onion-service", "ipv4-addr"})
_plain_host = re.compile(r"[^\s/:]+\.[^\s/:.]{2,}").fullmatch


class Waiting(NamedTuple):
    """Host data of a numbered record whose name is in another file."""

    document: Document
    place: str
    content: dict[str, Any]
    seen_last: date | None


class CryptoScamDB:
    """Collector of the CryptoScamDB family."""

    name = "cryptoscamdb"

    def __init__(self) -> None:
        self._sites: dict[str, Entity] = {}
        self._waiting: list[tuple[str, Waiting]] = []

    def recognises(self, document: Document) -> bool:
        """Records of named sites, host data by number, or a list of Twitter ids."""
        head = document.head
        if is_json(head):
            return is_archive(head) or is_list(head) or is_twitter(document)
        peeked = peek_records(head)
        return sum(is_record(*one) for one in peeked) * 2 > len(peeked)

    def read(self, document: Document) -> Iterator[Item]:
        """Claims on each record; host data without a name waits for `finish`."""
        return with_derived(self._items(document))

    def _items(self, document: Document) -> Iterator[Item]:
        if is_json(document.head):
            tree, defects = read_json(document.data)
            yield from defects
            if isinstance(tree, dict) and is_twitter_tree(tree):
                yield from _twitter(document, tree)
                return
            found = list(listed_records(tree, ""))
        else:
            rows = read_records(document.data)
            yield from rows.defects
            found = [Numbered(one.place, one.key, one.value) for one in rows.items]
        last = _last_check(found)
        for record in found:
            if not isinstance(record.value, dict):
                yield Rejected(record.place, "no record but a single value. Mend: write name and url")
                continue
            yield from misfits(record.place, record.value, SITE)
            if text_of(record.value.get("name")) or text_of(record.value.get("url")):
                yield from self._site(document, record, last)
            else:
                waiting = Waiting(document, record.place, record.value, last)
                self._waiting.append((record.key or text_of(record.value.get("id")), waiting))

    def _site(self, document: Document, record: Numbered, last: date | None) -> Iterator[Item]:
        place, content = record.place, record.value
        site = _subject(content, place)
        if isinstance(site, Rejected):
            yield site
            return
        number = text_of(content.get("id")) or record.key
        if number:
            self._sites.setdefault(number, site)
        say = Sentences(provenance(document, origin=ORIGIN), place, until(document.published))
        yield from _about(say, site, content)
        yield from _address(say, site, content)
        yield from _wallets(say, site, content)
        yield from _hosting(say, site, (content, last))
        for key, value in content.items():
            if key not in _KNOWN:
                yield from kept(say, site, (key, value))

    def finish(self) -> Iterator[tuple[Document, Item]]:
        """Host data by record number, joined with the names that the run has met."""
        for number, waiting in self._waiting:
            site = self._sites.get(number)
            if site is None:
                reason = f"host data of record {number[:80]!r}, whose name is in none of the files"
                yield waiting.document, Rejected(waiting.place, f"{reason}. Mend: collect the list too")
                continue
            say = Sentences(provenance(waiting.document, origin=ORIGIN), waiting.place)
            for item in with_derived(_hosting(say, site, (waiting.content, waiting.seen_last))):
                yield waiting.document, item
        self._waiting.clear()


def _subject(content: dict[str, Any], place: str) -> Entity | Rejected:
    """The site as a host of its own, or the page or profile on a host that others share."""
    name, url = text_of(content.get("name")), text_of(content.get("url"))
    if _plain_host(name):
        found = detect(name)
        return found if found and found.kind in _HOSTS else take("domain-name", name, place)
    address = take("url", url or name, place)
    if isinstance(address, Rejected):
        return address
    for _, other in derived(address):
        if other.kind == "user-account":
            return other
    return address


def _about(say: Sentences, site: Entity, content: dict[str, Any]) -> Iterator[Item]:
    category, brand = text_of(content.get("category")), text_of(content.get("subcategory"))
    name = text_of(content.get("name"))
    sort = " / ".join(part for part in (category, brand) if part) or "listed without category"
    yield say.say(site, "category", sort, name if name != site.value else "")
    if category.lower() in {"phishing", "fake ico"} and brand.lower() not in NO_BRAND:
        organisation = named("organisation", brand) if brand else None
        if organisation:
            yield say.say(site, "impersonates", organisation, brand)
    for key in ("description", "reporter"):
        text = text_of(content.get(key))
        if text:
            yield say.say(site, key, text)


def _address(say: Sentences, site: Entity, content: dict[str, Any]) -> Iterator[Item]:
    written = text_of(content.get("url"))
    if not written or site.kind == "url":
        return
    address = take("url", written, say.place)
    if isinstance(address, Rejected):
        yield address
    elif address.value.split("/", 3)[2] == site.value:
        yield say.say(address, "hosted-at", site, written if written != address.value else "")
    else:
        yield say.say(site, "mentioned-with", address)


def _wallets(say: Sentences, site: Entity, content: dict[str, Any]) -> Iterator[Item]:
    given = content.get("addresses")
    coin = text_of(content.get("coin"))
    by_coin = given if isinstance(given, dict) else {coin: given}
    if by_coin is given:
        below = f"{say.place}/addresses" if say.place.startswith("/") else say.place
        yield from misfits(below, by_coin, dict.fromkeys(by_coin, "texts"))
    else:
        yield from misfits(say.place, content, {"addresses": "texts"})
    for code, addresses in by_coin.items():
        for text in texts(addresses):
            wallet = take("crypto-address", text, say.place)
            if isinstance(wallet, Rejected):
                yield Rejected(wallet.place, f"{code or 'coin not named'}: {wallet.reason}")
                continue
            yield say.say(site, "requests-payment-to", wallet, raw_of(wallet, text))
            yield from other_coin(say, wallet, code)


def _hosting(say: Sentences, site: Entity, at: tuple[dict[str, Any], date | None]) -> Iterator[Item]:
    content, last = at
    checked = Sentences(say.provenance, say.place, until(last.isoformat()) if last else say.observed)
    for text in texts(content.get("ip")):
        address = take("ipv6-addr" if ":" in text else "ipv4-addr", text, say.place)
        yield address if isinstance(address, Rejected) else checked.say(site, "resolves-to", address)
    for text in texts(content.get("nameservers")):
        server = take("domain-name", text.rstrip("."), say.place)
        yield server if isinstance(server, Rejected) else checked.say(site, "name-server", server)
    yield from _history(say, site, content)


def _history(say: Sentences, site: Entity, content: dict[str, Any]) -> Iterator[Item]:
    """Each status with the time until the next one; the newest is open-ended."""
    if isinstance(content.get("status"), str):
        yield say.say(site, "status", content["status"])
        return
    entries = records(content.get("status"))
    yield from misfits(say.place, content, {"status": "records"})
    moments = sorted((text_of(entry.get("time")), text_of(entry.get("status"))) for entry in entries)
    for (time, status), (end, _) in zip(moments, [*moments[1:], ("", "")], strict=False):
        if not status or day(time) is None:
            yield Rejected(
                say.place,
                f"a status {status[:80]!r} at {time[:80]!r}. Mend: give status and time in milliseconds",
            )
            continue
        observed = span(time, end) if end else Interval(str(day(time)), "")
        yield Sentences(say.provenance, say.place, observed).say(site, "status", status)
    if (
        not entries
        and not text_of(content.get("ip"))
        and not content.get("nameservers")
        and "name" not in content
    ):
        yield Skipped("record without host data")


def _last_check(found: list[Numbered]) -> date | None:
    """The newest status in the file: when its compiler last looked."""
    newest = ""
    for record in found:
        if isinstance(record.value, dict):
            for entry in records(record.value.get("status")):
                newest = max(newest, text_of(entry.get("time")))
    return day(newest) if newest else None


def _twitter(document: Document, tree: dict[str, Any]) -> Iterator[Item]:
    whitelist = Entity("known-list", "etherscamdb twitter whitelist")
    for section, pairs in tree.items():
        named_section = isinstance(pairs, dict)
        for number, handle in pairs.items() if named_section else ((section, pairs),):
            place = f"/{escape(section)}/{escape(number)}" if named_section else f"/{escape(section)}"
            account = take("user-account", f"twitter:{text_of(handle)}", place)
            if isinstance(account, Rejected):
                yield account
                continue
            say = Sentences(provenance(document, origin=ORIGIN), place, until(document.published))
            if is_number(number):
                yield say.say(account, "identifier", f"twitter-id:{number}")
            if section == "whitelist":
                yield say.say(account, "legitimate", whitelist)
            else:
                yield say.say(account, "category", "Twitter account on the scam list")
