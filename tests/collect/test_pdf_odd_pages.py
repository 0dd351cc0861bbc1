"""One odd page of a PDF costs itself and no page behind it."""

from __future__ import annotations

import struct
import zlib

import pypdf
import pytest

from chokepoint.collect.pdf import pdf_text


class Page:
    def __init__(self, text: str, fault: BaseException | None = None) -> None:
        self.text, self.fault = text, fault

    def extract_text(self) -> str:
        if self.fault is not None:
            raise self.fault
        return self.text


@pytest.mark.parametrize(
    "fault",
    [
        struct.error("unpack requires a buffer of 4 bytes"),
        zlib.error("Error -3"),
        ZeroDivisionError(),
        OverflowError(),
        AssertionError(),
        UnicodeDecodeError("utf-8", b"\xff", 0, 1, "x"),
        RecursionError(),
        pypdf.errors.PdfReadError("x"),
    ],
    ids=lambda fault: type(fault).__name__,
)
def test_a_page_that_breaks_its_reader_is_empty_and_the_others_are_read(
    monkeypatch: pytest.MonkeyPatch, fault: BaseException
) -> None:
    class Reader:
        is_encrypted = False
        pages = (Page("one"), Page("two", fault), Page("three"))

        def __init__(self, _data: object) -> None:
            pass

    monkeypatch.setattr(pypdf, "PdfReader", Reader)
    assert list(pdf_text(b"%PDF-1.4")) == [(1, "one"), (2, ""), (3, "three")]
