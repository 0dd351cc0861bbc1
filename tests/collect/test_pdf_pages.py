"""PDFs page by page: what a page says, what it cannot say, and where each thing stands."""

from __future__ import annotations

import pytest
from line_reading import claims, document, rejected, skipped

from books import pdf
from chokepoint.collect import pdf as module
from chokepoint.collect.pdf import Pdf, pdf_text
from chokepoint.model.errors import BadInputError, TooLargeError

WALLET = "1BoatSLRHtKNngkdXEeobR76b53LETtpyT"
TITLE = "Operation Lantern Fish"


def read(*pages: list[str], path: str = "12.pdf") -> list:
    return list(Pdf().read(document(pdf(*pages), path)))


def said(items: list) -> list[str]:
    return [f"{one.place}: {one.subject} {one.property} {one.object}" for one in claims(items)]


def test_a_report_says_what_it_says_at_its_pages():
    items = read(
        [TITLE, "The kit was served from hxxps://lantern-bank[.]com/login today."],
        [f"Victims paid to {WALLET} by mistake."],
    )
    assert said(items) == [
        "page 1: url:https://lantern-bank.com/login indicates campaign:operation lantern fish",
        "page 1: url:https://lantern-bank.com/login hosted-at domain-name:lantern-bank.com",
        f"page 2: crypto-address:{WALLET} indicates campaign:operation lantern fish",
    ]
    assert not rejected(items)


def test_lines_of_a_page_are_lines_of_its_text():
    assert list(pdf_text(pdf(["one", "two"], ["three"]))) == [(1, "one\ntwo\n"), (2, "three\n")]


def test_a_page_without_text_is_refused_by_number_and_the_others_are_read():
    items = read([], [TITLE, "The fraudulent site evil-one[.]com is live."], [])
    assert [part.place for part in rejected(items)] == ["page 1", "page 3"]
    assert {part.reason for part in rejected(items)} == {
        "no text on this page. Mend: recognise its text (OCR) first"
    }
    assert [line.split(" ")[1] for line in said(items)] == ["2:"]


def test_a_scan_is_refused_page_by_page_and_claims_nothing():
    items = read([], [], [])
    assert [part.place for part in rejected(items)] == ["page 1", "page 2", "page 3"]
    assert not claims(items)


def test_a_ransom_note_in_pdf_is_read_as_one():
    items = read(
        ["All your files are encrypted, pay in bitcoin.", f"Send 0.5 BTC to {WALLET}", "lock@onionmail.org"],
        path="lantern/note.pdf",
    )
    assert f"page 1: malware:lantern requests-payment-to crypto-address:{WALLET}" in said(items)
    assert "page 1: malware:lantern contact email-addr:lock@onionmail.org" in said(items)


def test_lines_without_an_indicator_are_counted():
    assert skipped(read([TITLE, "Nothing to see here."]))["text without an indicator"] == 2


@pytest.mark.parametrize("count", [2, 3])
def test_as_many_pages_are_read_as_the_limit(monkeypatch: pytest.MonkeyPatch, count: int):
    monkeypatch.setattr(module, "MOST_PAGES", 2)
    data = pdf(*(["The fraudulent site evil-one[.]com"] for _ in range(count)))
    if count == 2:
        assert len(list(pdf_text(data))) == 2
        return
    with pytest.raises(TooLargeError, match="3 pages, more than 2"):
        list(pdf_text(data))


def test_what_was_read_before_too_much_text_is_kept_and_the_place_told(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "MOST_TEXT", 60)
    items = read([TITLE, "Site evil-one[.]com"], ["x" * 80])
    assert any("evil-one.com" in line for line in said(items))
    assert [part.place for part in rejected(items)] == ["page 2"]


@pytest.mark.parametrize("length", [99, 100, 101])
def test_a_pdf_is_as_large_as_the_limit_at_most(monkeypatch: pytest.MonkeyPatch, length: int):
    monkeypatch.setattr(module, "LONGEST", 100)
    with pytest.raises(BadInputError) as caught:
        list(pdf_text((b"%PDF-1.4\n" + b" " * 200)[:length]))
    assert isinstance(caught.value, TooLargeError) is (length > 100)


WHOLE = pdf([TITLE, "The fraudulent site evil-one[.]com is live."], ["more"])


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"%PDF-1.4\nbroken", id="a mark and no more"),
        pytest.param(b"%PDF-", id="the mark alone"),
        pytest.param(WHOLE[:200], id="its beginning"),
        pytest.param(WHOLE.replace(b"/Pages", b"/Xages"), id="no pages"),
        pytest.param(WHOLE.replace(b"/Count 2", b"/Count -1"), id="a count that lies"),
        pytest.param(WHOLE.replace(b"/Kids [", b"/Kids [2 0 R "), id="pages that hold themselves"),
        pytest.param(WHOLE.replace(b"/Length ", b"/Length 9"), id="a length that lies"),
        pytest.param(WHOLE.replace(b"endstream", b"endstreem"), id="a stream that never ends"),
        pytest.param(WHOLE.replace(b"startxref", b"startxreg"), id="no table of contents"),
    ],
)
def test_a_spoilt_pdf_is_refused_or_read_and_never_breaks_the_reader(data: bytes):
    told: list = []
    try:
        told = list(Pdf().read(document(data, "12.pdf")))
    except BadInputError as error:
        told = [error.mend] if "PDF" in error.reason else []
    assert told


@pytest.mark.parametrize(
    ("data", "known"),
    [
        pytest.param(WHOLE, True, id="a PDF"),
        pytest.param(b"junk\n" * 20 + WHOLE, True, id="after a little junk, as mail programs leave"),
        pytest.param(b"x" * 1_020 + WHOLE, False, id="the mark just beyond the first kilobyte"),
        pytest.param(b"x" * 1_019 + WHOLE, True, id="the mark just within it"),
        pytest.param(b"the format %PDF is old", False, id="a word about it"),
    ],
)
def test_a_pdf_is_known_by_its_mark_near_the_beginning(data: bytes, known: bool):
    assert Pdf().recognises(document(data, "12.pdf")) is known
