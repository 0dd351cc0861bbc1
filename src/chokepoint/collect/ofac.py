"""Lists of sanctioned crypto addresses, one coin a file, as text lines or a JSON array.

Recognised by content: every line is a valid address of the coin that the file's name ends in. The text
file and the array of one coin carry the same origin and so count once.
Source: https://github.com/0xB10C/ofac-sanctioned-digital-currency-addresses, drawn from the SDN list.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chokepoint.collect.base import Document, Item, Rejected, Sentences, Skipped
from chokepoint.collect.origins import provenance
from chokepoint.collect.taking import other_coin, raw_of, take, text_of, until
from chokepoint.collect.tree import decode, read_json
from chokepoint.model.errors import BadInputError
from chokepoint.model.identity import Entity
from chokepoint.values.wallet import assets

if TYPE_CHECKING:
    from collections.abc import Iterator

ORIGIN = "US Treasury OFAC"
LOOKED_AT = 60
SAME_CHAIN = {"XBT": "BTC", "BSC": "BNB", "MATIC": "ETH", "ARB": "ETH", "USDT": "USDT"}

_coin = re.compile(r"(?:^|[^A-Za-z0-9])([A-Z0-9]{2,6})(?:\.[A-Za-z0-9]+)*$").search
_sanctions = re.compile(r"sanction|ofac|sdn", re.IGNORECASE).search
_comment = re.compile(rb"^[ \t]*#[^\n]*$", re.MULTILINE)
_word = re.compile(rb"[A-Za-z0-9:]+")
_newline = re.compile(r"\r\n|\n|\r")
"""As places count lines: what else may end one, as a form feed does, ends none here."""


class Ofac:
    """Collector of sanctioned address lists."""

    name = "ofac"

    def recognises(self, document: Document) -> bool:
        """Mostly addresses, of the coin in the name if there is one, in a file or folder named for sanctions.

        Content alone cannot say that somebody is sanctioned: a nameless list of addresses is a plain list.
        """
        head = _comment.sub(b"", document.head)
        if not _sanctions(document.path):
            return False
        words = [word.decode("ascii") for word in _word.findall(head)[:LOOKED_AT]]
        coin = coin_of(document)
        coin = SAME_CHAIN.get(coin, coin)
        holding = [assets(_plain(word)) for word in words]
        fitting = sum(coin in codes for codes in holding) if coin else sum(map(bool, holding))
        return fitting * 2 > len(holding)

    def read(self, document: Document) -> Iterator[Item]:
        """One claim of sanction an address."""
        coin = coin_of(document)
        authority = Entity("organisation", ORIGIN.lower())
        source = provenance(document, origin=ORIGIN)
        observed = until(document.published)
        for place, text in _entries(document):
            if isinstance(text, Rejected):
                yield text
                continue
            if text.startswith("#"):
                yield Skipped("comment line")
                continue
            wallet = take("crypto-address", text, place)
            if isinstance(wallet, Rejected):
                yield Rejected(place, f"{coin or 'coin not named'}: {wallet.reason}")
                continue
            say = Sentences(source, place, observed)
            yield say.say(wallet, "sanctioned-by", authority, raw_of(wallet, text))
            yield from other_coin(say, wallet, coin)

    def finish(self) -> Iterator[tuple[Document, Item]]:
        """Nothing: each list stands alone."""
        return iter(())


def coin_of(document: Document) -> str:
    """The asset code in which the file's name ends (`sanctioned_addresses_XBT.txt`), or empty."""
    found = _coin(document.name.rsplit(".", 1)[0])
    return found[1] if found and not found[1].isdigit() else ""


def _plain(text: str) -> str:
    return text.lower() if text[:2] in {"0x", "0X"} else text


def _entries(document: Document) -> Iterator[tuple[str, str | Rejected]]:
    if document.head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")[:1] == b"[":
        tree, defects = read_json(document.data)
        yield from ((defect.place, defect) for defect in defects)
        if not isinstance(tree, list):
            raise BadInputError("no array of addresses", mend="this is not the format it looks like")
        for number, value in enumerate(tree):
            place = f"/{number}"
            empty = Rejected(place, "no address but another value. Mend: write the address as text")
            yield place, text_of(value) or empty
        return
    text, defects = decode(document.data)
    yield from ((defect.place, defect) for defect in defects)
    for number, line in enumerate(_newline.split(text), 1):
        bare = line.strip().strip("\ufeff")
        if bare:
            yield f"line {number}", bare
