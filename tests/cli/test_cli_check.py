"""`check` and `extract` as an investigator reads them: pasted text, tables, papers, workbooks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from books import column, pdf, sheet, spread, workbook

if TYPE_CHECKING:
    from pathlib import Path

    from cli_desk import Desk

WALLET = "1BoatSLRHtKNngkdXEeobR76b53LETtpyT"
ACCOUNTS = "โดเมน,เลขบัญชี,ธนาคาร,หมายเหตุ\nscam-th.com,123-4-56789-0,กสิกรไทย,หลอกลงทุน\n"


@pytest.fixture
def told(desk: Desk) -> Desk:
    """The bank's and the vendor's words on one site, and a parking list."""
    words = ["note", f"evil.com asks for {WALLET}", "--source", "Hotline", "--grade", "B2", "--tlp", "GREEN"]
    desk.ok(*words, "--link", "evil.com", "requests-payment-to", WALLET)
    listed = ["note", "parked", "--tlp", "GREEN", "--link", "ipv4-addr:203.0.113.9", "listed-on"]
    desk.ok(*listed, "known-list:parking ip", who="vendor")
    return desk


def rows(text: str) -> list[list[str]]:
    """The cells of the drawn table, blanks for a place that stands above."""
    lines = text.split("\n")
    starts = [lines[0].index(name) for name in ("place", "what", "status", "how likely", "why")]
    ends = [*starts[1:], None]
    return [
        [line[start:end].strip() for start, end in zip(starts, ends, strict=True)]
        for line in lines[1:]
        if line.strip() and not line.startswith(tuple("123456789"))
    ]


def test_a_pasted_message_is_answered_line_by_line(told: Desk):
    text = f"hello\nsee hxxps://evil[.]com/login and new-site.org\nwallet {WALLET}, host 203.0.113.9\n"
    assert [row[:3] for row in rows(told.ok("check", given=text, who="police"))] == [
        ["line 2", "Web address hxxps://evil[.]com/login", "new"],
        ["", "Domain new-site[.]org", "new"],
        ["line 3", f"Crypto address {WALLET}", "known"],
        ["", "IPv4 address 203[.]0[.]113[.]9", "parked"],
    ]


def test_it_says_by_whom_how_sure_and_what_is_near(told: Desk):
    [near, wallet] = rows(told.ok("check", given=f"https://evil.com/x pays {WALLET}", who="police"))
    assert near[4] == "Domain evil[.]com is known"
    assert wallet[3] == "very likely, proposed"
    assert wallet[4].endswith("by Hotline")


def test_a_source_that_was_not_named_is_called_so(desk: Desk, tmp_path: Path):
    (tmp_path / "list.txt").write_text("evil.com\n")
    desk.ok("collect", str(tmp_path / "list.txt"))
    assert desk.ok("check", given="evil.com").count("by a source not named") == 1
    assert desk.json("check", given="evil.com")["files"][0]["lines"][0]["found"][0]["known_by"] == ["unknown"]


def test_it_ends_with_a_count_of_things_and_not_of_lines(told: Desk):
    text = told.ok("check", given=f"{WALLET}\n{WALLET}\nnew.org\n", who="police")
    assert text.rstrip().split("\n")[-1] == "2 things: 1 known, 1 new"
    assert told.ok("check", given="new.org").rstrip().endswith("1 thing: 1 new")


def test_another_member_is_told_nothing_of_what_it_may_not_see(desk: Desk):
    desk.ok("note", "evil.com is live")
    own = desk.json("check", given="evil.com")["files"][0]["lines"][0]["found"][0]
    other = desk.json("check", given="evil.com", who="police")["files"][0]["lines"][0]["found"][0]
    assert own["status"] == "known"
    assert {**other, "id": None} == {
        "kind": "domain-name", "value": "evil.com", "id": None, "status": "new", "known_by": [], "belief": None,
        "verdict": None, "claims": [], "shared": [], "conflicts": [], "near": [],
        "role": "indicator", "reason": "is mentioned in: pasted text",
    }  # fmt: skip


def test_what_is_checked_is_not_kept(told: Desk, tmp_path: Path):
    (tmp_path / "secret.txt").write_text("only-checked.com\n")
    told.ok("check", str(tmp_path / "secret.txt"))
    assert told.json("show", "only-checked.com")["entity"] is None


def test_a_report_in_pdf_is_answered_page_by_page(told: Desk, tmp_path: Path):
    (tmp_path / "r.pdf").write_bytes(pdf(["Fraud at evil.com"], ["and new-site.org"]))
    assert [row[:3] for row in rows(told.ok("check", str(tmp_path / "r.pdf"), who="police"))] == [
        ["page 1 line 1", "Domain evil[.]com", "known"],
        ["page 2 line 1", "Domain new-site[.]org", "new"],
    ]


def test_a_scanned_page_is_told_and_not_called_empty(told: Desk, tmp_path: Path):
    (tmp_path / "half.pdf").write_bytes(pdf(["Fraud at evil.com"], []))
    result = told.run("check", str(tmp_path / "half.pdf"), who="police")
    assert result.exit_code == 0
    assert result.stderr == "half.pdf: page 2: no text on this page. Mend: recognise its text (OCR) first\n"
    (tmp_path / "scan.pdf").write_bytes(pdf([], []))
    result = told.run("check", str(tmp_path / "scan.pdf"), who="police")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert [line.split(": ")[1] for line in result.stderr.splitlines()] == ["page 1", "page 2"]


def test_a_workbook_is_answered_row_by_row(told: Desk, tmp_path: Path):
    book = workbook(("Sites", sheet([["domain"], ["evil.com"]])), ("More", sheet([["x"], [""], [WALLET]])))
    (tmp_path / "w.xlsx").write_bytes(book)
    assert [row[:3] for row in rows(told.ok("check", str(tmp_path / "w.xlsx"), who="police"))] == [
        ["sheet Sites row 2", "Domain evil[.]com", "known"],
        ["sheet More row 3", f"Crypto address {WALLET}", "known"],
    ]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_an_account_number_is_known_by_the_header_above_and_the_bank_beside_it(
    desk: Desk, tmp_path: Path, form: str
):
    data = ACCOUNTS.encode()
    if form == "xlsx":
        data = workbook(("S", sheet([line.split(",") for line in ACCOUNTS.strip().split("\n")])))
    (tmp_path / f"t.{form}").write_bytes(data)
    new = {row[1]: row[2] for row in rows(desk.ok("check", str(tmp_path / f"t.{form}")))}
    assert new == {"Domain scam-th[.]com": "new", "Bank account th:กสิกรไทย:1234567890": "new"}
    (tmp_path / "same.csv").write_text(ACCOUNTS, "utf-8")
    desk.ok("collect", str(tmp_path / "same.csv"), "--yes")
    known = {row[1]: row[2] for row in rows(desk.ok("check", str(tmp_path / f"t.{form}")))}
    assert known == dict.fromkeys(new, "known")


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        pytest.param("a.exe", b"MZ" + bytes(range(256)) * 8, "a Windows program", id="a program"),
        pytest.param("a.xlsx", column(["evil.com"])[:300], "damaged", id="half a workbook"),
        pytest.param(
            "far.xlsx", workbook(("S", spread(("A1", "a"), ("XFD1048576", "b")))), "memory", id="a far cell"
        ),
        pytest.param("a.pdf", b"%PDF-1.4\nbroken", "the PDF cannot be read", id="a broken PDF"),
        pytest.param("a.txt", b"", "an empty file", id="nothing"),
    ],
)
def test_a_file_that_cannot_be_read_says_so_and_the_others_are_answered(
    told: Desk, tmp_path: Path, name: str, data: bytes, reason: str
):
    (tmp_path / name).write_bytes(data)
    (tmp_path / "good.csv").write_text("site\nevil.com\n")
    result = told.run("check", str(tmp_path / name), str(tmp_path / "good.csv"), who="police")
    assert result.exit_code == 0
    assert "evil[.]com" in result.stdout
    assert name in result.stderr
    assert reason in result.stderr
    assert "Mend: " in result.stderr
    alone = told.run("check", str(tmp_path / name), "--json", who="police")
    assert alone.exit_code == 1
    assert '"files": []' in alone.stdout


def test_broken_bytes_are_told_beside_the_answer(told: Desk):
    result = told.run("check", given="ไทย\nเว็บ\nดี\n".encode() + b"evil.com caf\xe9\n", who="police")
    assert "evil[.]com" in result.stdout
    assert result.stderr == (
        "pasted text: line 4: bytes that are not UTF-8, read as U+FFFD. Mend: save the file as UTF-8\n"
    )


def test_a_text_in_utf_16_is_answered_like_any_other(told: Desk):
    assert "evil[.]com" in told.ok("check", given="see evil.com\n".encode("utf-16"), who="police")


def test_nothing_pasted_is_nothing_found(told: Desk):
    assert told.ok("check", given="").strip() == "No identifier in it, and no name that you know."


def test_an_answer_cannot_move_the_cursor(told: Desk):
    text = told.ok("check", given="\x1b[2Jevil.com\u202e \x07 new-site.org", who="police")
    assert not {"\x1b", "\u202e", "\x07"} & set(text)


def test_extract_tells_places_roles_and_what_is_context(bare: Desk, tmp_path: Path):
    text = "The fake shop evil-shop[.]com asks for money.\nReport it to https://www.police.uk\n"
    (tmp_path / "r.txt").write_text(text)
    drawn = bare.run("extract", str(tmp_path / "r.txt"))
    assert "line 1  Domain evil-shop[.]com" in drawn.stdout
    assert "police" not in drawn.stdout
    assert "1 indicators, 1 in context only: --context shows them" in drawn.stderr
    assert "hxxps://www[.]police[.]uk" in bare.ok("extract", str(tmp_path / "r.txt"), "--context")


def test_extract_of_a_scan_and_a_program_fails_and_says_why(bare: Desk, tmp_path: Path):
    (tmp_path / "scan.pdf").write_bytes(pdf([]))
    (tmp_path / "a.exe").write_bytes(b"MZ" + bytes(range(256)) * 8)
    result = bare.run("extract", str(tmp_path / "scan.pdf"), str(tmp_path / "a.exe"))
    assert result.exit_code == 1
    assert "scan.pdf: page 1: no text on this page" in result.stderr
    assert "not text but a Windows program" in result.stderr
