"""XML from strangers, an element at a time: no document types, bounded in count, depth, memory and time."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from defusedxml.ElementTree import iterparse

from chokepoint.model.errors import TooLargeError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

MAX_ELEMENTS = 2_000_000
MAX_DEPTH = 200
PIECE = 4 * 1024 * 1024
BULK = 8_192
"""Finished children that are let go at a time: one by one, each would move all that wait behind it."""


class _InLargePieces(io.BytesIO):
    """Hands the parser more than it asks for: it reads an unfinished tag anew with every piece."""

    def read(self, _size: int | None = -1, /) -> bytes:
        return super().read(PIECE)


def events(xml: bytes, held: frozenset[str]) -> Iterator[tuple[str, Element]]:
    """`start` and `end` of each element in document order.

    Only the innermost open element of a `held` name is whole when it ends; everything is let go after that.

    Args:
        xml: the document.
        held: names, without namespace, of the elements that are wanted whole.

    Raises:
        ParseError: malformed.
        DefusedXmlException: it holds a document type.
        TooLargeError: too many elements, or nested too deep.
    """
    above: list[Element] = []
    finished: list[int] = [0]
    count = inside = 0
    for event, element in iterparse(_InLargePieces(xml), events=("start", "end"), forbid_dtd=True):
        wanted = local(element) in held
        if event == "start":
            count += 1
            above.append(element)
            finished.append(0)
            inside += wanted
            if count > MAX_ELEMENTS or len(above) > MAX_DEPTH:
                raise TooLargeError(
                    f"more than {MAX_ELEMENTS:,} XML elements, or nested more than {MAX_DEPTH} deep",
                    mend="split the file",
                )
        yield event, element
        if event == "end":
            above.pop()
            finished.pop()
            inside -= wanted
            if wanted or not inside:
                element.clear()
            if above and not inside:
                finished[-1] += 1
                if finished[-1] == BULK:
                    del above[-1][:BULK]
                    finished[-1] = 0


def local(element: Element) -> str:
    """The name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]
