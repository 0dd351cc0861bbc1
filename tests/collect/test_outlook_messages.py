"""An Outlook message lies in the container of old workbooks, and is none."""

from __future__ import annotations

import pytest
from line_reading import document

from chokepoint.collect.base import Document, Rejected
from chokepoint.collect.fallback import guessed
from chokepoint.collect.registry import collectors, recognise

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
MESSAGE = OLE + "__substg1.0_0037001F".encode("utf-16-le") + bytes(64)


def test_it_is_called_what_it_is_with_the_way_out() -> None:
    found = Document(path="mail.msg", data=MESSAGE)
    reader = recognise(found, collectors())
    [refusal] = list(reader.read(found))
    assert isinstance(refusal, Rejected)
    assert "an Outlook message" in refusal.reason
    assert ".eml" in refusal.reason


@pytest.mark.parametrize("data", [OLE, OLE + b"Workbook"], ids=["bare", "a workbook"])
def test_another_old_document_is_no_message(data: bytes) -> None:
    assert "Outlook" not in guessed(data)
    assert recognise(Document(path="x.xls", data=data), collectors()).name == "table"


def test_a_text_that_speaks_of_such_parts_is_a_text() -> None:
    assert (
        recognise(document("__substg1.0_ is the prefix, see evil.com\n", "x.txt"), collectors()).name
        != "table"
    )
