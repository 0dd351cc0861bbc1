"""CryptoScamDB and its forerunner EtherScamDB: sites, wallets, where they were hosted, Twitter lists.

Layouts: a YAML list of records (`urls.yaml`, `uris.yaml`, `scams.yaml`), an archive of records or of
host data by record number (`archive_compiled`, YAML or JSON), and `twitter.json` (id → handle).
The archive without names waits for the list that numbers the same records.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from chokepoint.collect.base import Document, Item, Rejected, Sentences, Skipped
from chokepoint.collect.derive import with_derived
from chokepoint.collect.origins import provenance
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
from chokepoint.collect.tree import Record, escape, json_keys, peek_records, read_json, read_records
from chokepoint.model.claim import Interval
from chokepoint.model.errors import BadInputError
from chokepoint.model.identity import Entity
from chokepoint.values.registry import derived, detect

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

ORIGIN = "CryptoScamDB"
NO_BRAND = frozenset(
    [
        "trust-trading",
        "trusttrading",
        "exchange",
        "investment",
        "investments",
        "general",
        "ponzi",
        "airdrop",
        "wallet",
        "webwallet",
        "giveaway",
        "giveaways",
        "airdrops",
        "wallets",
        "exchanges",
        "malware",
        "scam",
        "scams",
        "phishing",
        "ico",
        "fake",
        "unknown",
        "other",
        "token",
        "nft",
        "crypto",
        "mining",
        "miner",
        "doubler",
    ]
)
_ABOUT = frozenset({"category", "subcategory", "reporter", "addresses", "description"})
_KNOWN = _ABOUT | {"name", "url", "coin", "id", "ip", "nameservers", "status", "statusCode", "updated"}
_HOSTS = frozenset({"domain-name", "onion-service", "ipv4-addr"})
_plain_host = re.compile(r"[^\s/:]+\.[^\s/:.]{2,}").fullmatch
_number = re.compile(r"[0-9]{1,12}").fullmatch
_handles = re.compile(rb'"[0-9a-zA-Z_]{1,30}"\s*:\s*"(\w{1,30})"')
_twitter_id = re.compile(rb'"[0-9]{5,20}"\s*:\s*"\w{1,30}"')
_archive = re.compile(rb'(?:\xef\xbb\xbf)?\s*\{\s*"[0-9]{1,12}"\s*:\s*\{').match


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
        if head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{":
            return self._is_archive(head) or _is_twitter(document)
        peeked = peek_records(head)
        return bool(peeked) and all(_is_record(key, value) for key, value in peeked)

    @staticmethod
    def _is_archive(head: bytes) -> bool:
        keys = json_keys(head, b"{")
        return bool(_archive(head)) and ({"name", "url"} <= keys or "nameservers" in keys)

    def read(self, document: Document) -> Iterator[Item]:
        """Claims on each record; host data without a name waits for `finish`."""
        return with_derived(self._items(document))

    def _items(self, document: Document) -> Iterator[Item]:
        if document.head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{":
            tree, defects = read_json(document.data)
            yield from defects
            if not isinstance(tree, dict):
                raise BadInputError(
                    "no records by number at the top", mend="this is not the format it looks like"
                )
            if not any(
                isinstance(value, dict) and _ABOUT.union({"status", "ip"}) & set(value)
                for value in tree.values()
            ):
                yield from _twitter(document, tree)
                return
            found = [Record(0, key, value) for key, value in tree.items()]
        else:
            listed = read_records(document.data)
            yield from listed.defects
            found = listed.items
        last = _last_check(found)
        for number, record in enumerate(found, 1):
            place = (
                record.place
                if record.line
                else f"/{escape(record.key)}"
                if record.key
                else f"record {number}"
            )
            if not isinstance(record.value, dict):
                yield Rejected(place, "no record but a single value. Mend: check the indentation there")
            elif text_of(record.value.get("name")) or text_of(record.value.get("url")):
                yield from self._site(document, (place, record), last)
            else:
                waiting = Waiting(document, place, record.value, last)
                self._waiting.append((record.key or text_of(record.value.get("id")), waiting))

    def _site(self, document: Document, at: tuple[str, Record], last: date | None) -> Iterator[Item]:
        place, record = at
        content = record.value
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
        unknown = [key for key in content if key not in _KNOWN]
        for key in unknown:
            for text in texts(content[key]):
                yield say.say(site, "attribute", f"{key}: {text}")

    def finish(self) -> Iterator[tuple[Document, Item]]:
        """Host data by record number, joined with the names that the run has met."""
        for number, waiting in self._waiting:
            site = self._sites.get(number)
            if site is None:
                reason = f"host data of record {number!r}, whose name is in none of the files"
                yield waiting.document, Rejected(waiting.place, f"{reason}. Mend: collect the list too")
                continue
            say = Sentences(provenance(waiting.document, origin=ORIGIN), waiting.place)
            for item in with_derived(_hosting(say, site, (waiting.content, waiting.seen_last))):
                yield waiting.document, item
        self._waiting.clear()


def _is_record(key: str, value: Any) -> bool:
    if not isinstance(value, dict):
        return False
    if _number(key):
        return "status" in value or "nameservers" in value or {"name", "url"} <= set(value)
    if key or not {"name", "url"} & set(value):
        return False
    return len(_ABOUT & set(value)) >= 2 or (
        {"name", "url"} <= set(value) and bool({"category", "addresses"} & set(value))
    )


def _is_twitter(document: Document) -> bool:
    """Whether most pairs of the object map a number to a handle."""
    head = document.head
    if b"[" in head[:2_000] or b'"type"' in head[:2_000]:
        return False
    pairs, numbered = len(_handles.findall(head)), len(_twitter_id.findall(head))
    return pairs >= 3 and numbered * 10 >= pairs * 8 and head.count(b":") <= pairs + 4


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
    moments = sorted((text_of(entry.get("time")), text_of(entry.get("status"))) for entry in entries)
    for (time, status), (end, _) in zip(moments, [*moments[1:], ("", "")], strict=False):
        if not status or day(time) is None:
            yield Rejected(
                say.place, f"a status {status!r} at {time!r}. Mend: give status and time in milliseconds"
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


def _last_check(found: list[Record]) -> date | None:
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
            if _number(number):
                yield say.say(account, "identifier", f"twitter-id:{number}")
            if section == "whitelist":
                yield say.say(account, "legitimate", whitelist)
            else:
                yield say.say(account, "category", "Twitter account on the scam list")
