"""`extract` and the reading of documents: every form, with places; nothing lost, nothing unbounded."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import pytest

from books import column
from chokepoint.collect.base import Document, Rejected
from chokepoint.desk.looking import tabulate
from chokepoint.desk.looking.extract import extract, from_document
from chokepoint.desk.looking.tabulate import Passage, passages
from chokepoint.model.errors import BadInputError, TooLargeError

if TYPE_CHECKING:
    from pathlib import Path

WALLET = "19CbDoaZDLTzkkT1uQrMPM42AUvfQN4Kds"


def document(data: bytes, path: str = "x") -> Document:
    return Document(path=path, data=data)


def pdf(*lines: str) -> bytes:
    """The least PDF with one page for each line."""
    count = len(lines)
    kids = " ".join(f"{3 + 2 * at} 0 R" for at in range(count))
    font = 3 + 2 * count
    bodies = ["<< /Type /Catalog /Pages 2 0 R >>", f"<< /Type /Pages /Kids [{kids}] /Count {count} >>"]
    for at, line in enumerate(lines):
        stream = f"BT /F1 12 Tf 72 720 Td ({line}) Tj ET"
        bodies.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {4 + 2 * at} 0 R"
            f" /Resources << /Font << /F1 {font} 0 R >> >> >>"
        )
        bodies.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
    bodies.append("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(bodies, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode()
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    start = len(out)
    return (
        out
        + (
            f"xref\n0 {len(bodies) + 1}\n0000000000 65535 f \n{table}"
            f"trailer\n<< /Size {len(bodies) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
        ).encode()
    )


def found(data: bytes) -> dict[str, str]:
    """Place of each value."""
    return {one.indicator.entity.value: one.place for one in from_document(document(data)).found}


def test_a_text_gives_lines():
    assert found(f"first\nsee evil[.]com\n{WALLET}".encode()) == {"evil.com": "line 2", WALLET: "line 3"}


def test_a_pdf_gives_pages():
    assert found(pdf("see evil.com/login.php", f"pay {WALLET}"))[WALLET] == "page 2 line 1"


def test_a_spreadsheet_gives_rows():
    assert found(column(["Wallet", WALLET])) == {WALLET: "sheet Sheet1 row 2"}


def test_a_web_page_gives_the_lines_of_its_source():
    page = f"<html><head><title>x</title></head>\n<body>\n<b>{WALLET}</b>\n</body></html>".encode()
    assert found(page) == {WALLET: "line 3"}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le"])
def test_other_encodings_are_read(encoding: str):
    assert found(f"see evil[.]com and {WALLET}\n".encode(encoding)).keys() == {"evil.com", WALLET}


def test_bytes_that_are_no_text_are_told_and_the_rest_is_read():
    told = from_document(
        document(b"see evil[.]com\n\xff\xfe broken \xff\nand more-evil[.]com\nplain\nplain\n")
    )
    assert {one.indicator.entity.value for one in told.found} == {"evil.com", "more-evil.com"}
    assert told.rejected


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00" * 1000,
        b"%PDF-1.4 broken",
        b"PK\x03\x04",
        b"\xd0\xcf\x11\xe0" + b"\x00" * 600,
        b"<html>" + b"<a" * 9999,
    ],
)
def test_hostile_bytes_give_a_report_and_no_exception(data: bytes):
    told = from_document(document(data, "evil.bin"))
    assert told.path == "evil.bin"
    assert all(isinstance(part, Rejected) and part.reason for part in told.rejected)


def test_a_workbook_that_is_a_bomb_is_refused_unopened():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 40_000_000)
    with pytest.raises(TooLargeError, match="far more"):
        list(passages(document(out.getvalue(), "bomb.xlsx")))


def test_too_many_rows_are_refused_with_what_came_before(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tabulate, "ROWS", 2)
    told = from_document(document(column([WALLET, "x", "y", "z"]), "w.xlsx"))
    assert [one.indicator.entity.value for one in told.found] == [WALLET]
    assert "rows" in told.rejected[0].reason


def test_too_much_text_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tabulate, "CHARACTERS", 10)
    with pytest.raises(TooLargeError, match="characters") as caught:
        list(passages(document(b"x" * 11, "long.txt")))
    assert caught.value.place == "long.txt"


def test_an_error_names_the_file_it_is_about():
    with pytest.raises(BadInputError) as caught:
        list(passages(document(b"%PDF-1.4 nothing", "a/b.pdf")))
    assert caught.value.place.startswith("a/b.pdf")


@pytest.mark.parametrize(
    ("passage", "place"),
    [
        (Passage("", "x"), "line 4"),
        (Passage("page 2", "x"), "page 2 line 4"),
        (Passage("sheet A row 9", "x"), "sheet A row 9"),
        (Passage("", "x", "<p>\nx"), "visible line 4"),
    ],
)
def test_a_place_reads_as_its_document(passage: Passage, place: str):
    assert passage.place_of(4) == place


def test_folders_and_archives_are_walked(tmp_path: Path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "a.txt").write_text("evil[.]com", "utf-8")
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.writestr("c.txt", "more-evil[.]com")
    told = {one.path: [item.indicator.entity.value for item in one.found] for one in extract([tmp_path])}
    assert sorted(value for values in told.values() for value in values) == ["evil.com", "more-evil.com"]
    assert any("b.zip!c.txt" in path for path in told)


def test_a_missing_file_is_told(tmp_path: Path):
    [told] = extract([tmp_path / "missing.txt"])
    assert told.rejected
    assert told.to_json()["indicators"] == []


def test_the_shape_is_the_one_of_the_contract():
    told = from_document(document(f"send it to {WALLET}".encode(), "n.txt")).to_json()
    [one] = told["indicators"]
    assert told["path"] == "n.txt"
    assert (one["kind"], one["value"], one["place"]) == ("crypto-address", WALLET, "line 1")
    assert one["role"] in {"indicator", "context"}
    assert WALLET in one["context"]
    assert one["reason"]
