"""`extract` and `check` read word processor documents a paragraph at a time."""

from __future__ import annotations

import io
import zipfile

import pytest

from chokepoint.collect.base import Document
from chokepoint.desk.looking.extract import from_document
from chokepoint.desk.looking.tabulate import passages
from chokepoint.model.errors import BadInputError


def docx(*texts: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
        archive.writestr("word/document.xml", f"<w>{''.join(f'<p><t>{text}</t></p>' for text in texts)}</w>")
    return out.getvalue()


def test_a_document_gives_paragraphs():
    told = from_document(Document(path="a.docx", data=docx("Report", "", "the malicious site evil[.]com")))
    assert [(one.indicator.entity.value, one.place) for one in told.found] == [("evil.com", "paragraph 3")]
    assert told.rejected == ()


def test_a_damaged_document_is_told_and_named():
    with pytest.raises(BadInputError) as told:
        list(passages(Document(path="a.docx", data=docx("x").replace(b"</w>", b"</y>"))))
    assert told.value.place == "a.docx"
    assert told.value.mend
