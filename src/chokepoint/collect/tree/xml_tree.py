"""XML of strangers, an element at a time, within limits and without entities or DTDs."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from chokepoint.collect.tree.decode import LONGEST
from chokepoint.model.errors import BadInputError, TooLargeError
from chokepoint.values.markup import local

if TYPE_CHECKING:
    from collections.abc import Iterator


def read_xml(data: bytes, *, deepest: int, mend: str) -> Iterator[tuple[str, str, Element]]:
    """`start` or `end`, name without its namespace, and element, in document order.

    Whoever is done with an element clears it; what was yielded before an error stays.

    Args:
        data: the document.
        deepest: levels of elements.
        mend: of what is no XML.

    Raises:
        BadInputError: malformed, or with a document type.
        TooLargeError: of more than `LONGEST` bytes, or nested too deep.
    """
    if len(data) > LONGEST:
        raise TooLargeError(f"{len(data):,} bytes of XML; the limit is {LONGEST:,}", mend="split it")
    depth = 0
    try:
        for event, element in iterparse(io.BytesIO(data), events=("start", "end"), forbid_dtd=True):
            depth += 1 if event == "start" else -1
            if depth > deepest:
                raise TooLargeError(f"XML nested deeper than {deepest} levels", mend="flatten the file")
            yield event, local(element), element
    except ParseError as error:
        line, column = error.position
        raise BadInputError(f"no XML: {error.msg}", place=f"line {line} column {column}", mend=mend) from None
    except DefusedXmlException:
        raise BadInputError(
            "XML with a document type or entities is refused", mend="remove the DTD and its entities"
        ) from None
