"""The layouts of CryptoScamDB and EtherScamDB: how each is recognised, and where its records stand."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from chokepoint.collect.tree import escape, json_keys
from chokepoint.model.errors import BadInputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chokepoint.collect.base import Document

ABOUT = frozenset({"category", "subcategory", "reporter", "addresses", "description"})
DEEPEST = 2
"""Steps of the pointer to the innermost list that holds records."""

is_number = re.compile(r"[0-9]{1,12}").fullmatch
_handles = re.compile(rb'"[0-9a-zA-Z_]{1,30}"\s*:\s*"(\w{1,30})"')
_twitter_id = re.compile(rb'"[0-9]{5,20}"\s*:\s*"\w{1,30}"')
_archive = re.compile(rb'(?:\xef\xbb\xbf)?\s*\{\s*"[0-9]{1,12}"\s*:\s*\{').match


class Numbered(NamedTuple):
    """A record: where it stands, the number that it stands under (or none), its content."""

    place: str
    key: str
    value: Any


def is_json(head: bytes) -> bool:
    """Whether a document begins as JSON; otherwise it is YAML."""
    return head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in {b"{", b"["}


def is_archive(head: bytes) -> bool:
    """Whether records of sites or host data stand under their numbers."""
    keys = json_keys(head, b"{")
    return bool(_archive(head)) and ({"name", "url"} <= keys or "nameservers" in keys)


def is_list(head: bytes) -> bool:
    """Whether records stand in a list, or in the answer of the API (`success`, `result`)."""
    keys = json_keys(head)
    listed = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"[" or {"success", "result"} <= keys
    return (
        listed
        and {"name", "url", "category"} <= keys
        and bool({"subcategory", "reporter", "addresses"} & keys)
    )


def is_twitter_tree(tree: dict[str, Any]) -> bool:
    """Whether an object has nothing of a record, at its top or one step below."""
    fields = ABOUT | {"status", "ip", "result"}
    return not fields & set(tree) and not any(
        isinstance(value, dict) and fields & set(value) for value in tree.values()
    )


def listed_records(tree: Any, place: str) -> Iterator[Numbered]:
    """The records of a JSON document: of a list, by number, or in the `result` of the API."""
    if isinstance(tree, dict) and "result" in tree and not place:
        yield from listed_records(tree["result"], "/result")
        return
    if not isinstance(tree, dict | list):
        raise BadInputError("no records inside", place=place, mend="this is not the format it looks like")
    pairs = tree.items() if isinstance(tree, dict) else enumerate(tree)
    for key, value in pairs:
        at = f"{place}/{escape(str(key))}"
        if value and isinstance(value, list) and place.count("/") < DEEPEST:
            yield from listed_records(value, at)
        else:
            yield Numbered(at, key if isinstance(key, str) else "", value)


def is_record(key: str, value: Any) -> bool:
    """Whether an entry is a record of a site, or host data under a number."""
    if not isinstance(value, dict):
        return False
    if is_number(key):
        return "status" in value or "nameservers" in value or {"name", "url"} <= set(value)
    if key or not {"name", "url"} & set(value):
        return False
    return len(ABOUT & set(value)) >= 2 or (
        {"name", "url"} <= set(value) and bool({"category", "addresses"} & set(value))
    )


def is_twitter(document: Document) -> bool:
    """Whether most pairs of the object map a number to a handle."""
    head = document.head
    if b"[" in head[:2_000] or b'"type"' in head[:2_000]:
        return False
    pairs, numbered = len(_handles.findall(head)), len(_twitter_id.findall(head))
    return pairs >= 3 and numbered * 10 >= pairs * 8 and head.count(b":") <= pairs + 4
