from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st
from line_reading import document

from chokepoint.collect.decoding import decode, is_data, is_page, is_text

WORDS = "évil.com,ไทย\nsecond line\n"


@pytest.mark.parametrize(
    ("mark", "name"),
    [
        (b"", "utf-8"),
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ],
)
def test_marked_encodings_are_read_without_a_word(mark, name):
    assert decode(document(mark + WORDS.encode(name))) == (WORDS, [])


@pytest.mark.parametrize("name", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_told_by_its_nul_bytes(name):
    text = "domain,ip\nevil.com,192.0.2.1\n"
    assert decode(document(text.encode(name))) == (text, [])


def test_a_broken_line_is_reported_by_its_number_and_read_with_a_replacement():
    lines = ["ключ", "good.com", "добро"] * 4
    data = "\n".join(lines).encode() + b"\nbad\xff.com\nlast.com"
    text, broken = decode(document(data))
    assert [part.place for part in broken] == ["line 13"]
    assert text.split("\n")[12:] == ["bad\ufffd.com", "last.com"]


def test_mostly_broken_utf_8_is_read_as_windows_1252_and_said_once():
    text, broken = decode(document("café\nnaïve\ngarçon évil.com".encode("cp1252")))
    assert text == "café\nnaïve\ngarçon évil.com"
    assert len(broken) == 1
    assert "Windows-1252" in broken[0].reason


def test_old_thai_text_is_read_as_windows_874():
    words = "เตือนภัยมิจฉาชีพ\nอย่าโอนเงิน evil.com"
    text, broken = decode(document(words.encode("cp874")))
    assert text == words
    assert "Windows-874" in broken[0].reason


def test_the_hard_blanks_of_old_macs_become_blanks():
    text, _ = decode(document(b"abc.com\xca\ndef.com\xca\nghi.com"))
    assert [line.strip() for line in text.split("\n")] == ["abc.com", "def.com", "ghi.com"]


def test_every_kind_of_line_end_counts_as_one():
    assert decode(document(b"a\r\nb\rc\nd"))[0] == "a\nb\nc\nd"


def test_nuls_and_controls_are_reported_and_stand_as_replacements():
    text, broken = decode(document(b"evil.com\nba\x00d.com\n\x07"))
    assert text == "evil.com\nba\ufffdd.com\n\ufffd"
    assert [part.place for part in broken] == ["line 2", "line 3"]


def test_thousands_of_broken_lines_are_named_up_to_a_thousand():
    data = ("ok ก\n" * 3000).encode() + b"\xff\xfe bad\n" * 2500
    _, broken = decode(document(b"x" + data))
    assert len(broken) == 1001
    assert "1,500 further" in broken[-1].reason


@given(st.binary(max_size=600))
def test_any_bytes_become_a_text_that_can_be_written_again(data):
    text, _ = decode(document(data))
    text.encode("utf-8")
    assert "\r" not in text
    assert "\x00" not in text


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=200))
def test_plain_utf_8_is_never_changed(text):
    if not text.startswith("\ufeff"):
        assert decode(document(text)) == (text, [])


def test_programs_and_pictures_are_no_text_but_art_in_code_pages_is():
    assert not is_text(document(b"MZ\x90\x00\x03\x00\x00\x00" + b"\x00\x01\x02" * 100))
    assert not is_text(document(bytes(range(256)) * 4))
    assert is_text(document("évil".encode("cp1252") * 20))
    assert is_text(document("plain"))
    assert is_text(document("plain".encode("utf-16")))


@pytest.mark.parametrize(
    ("start", "told"),
    [(b'{"a":1}', True), (b"[1]", True), (b" [ {", True), (b"[+] What happened?", False), (b"{name}", False)],
)
def test_json_is_told_from_text_that_begins_with_a_bracket(start, told):
    assert is_data(start) is told


def test_one_stray_nul_does_not_make_a_text_a_program():
    assert is_text(document(b"domain,note\nevil.io,x\x00y\n"))
    assert not is_text(document(b"MZ\x00\x03\x00\x00\x00\x04" * 20))


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_a_table_whose_cells_hold_tags_is_no_page(mark: str) -> None:
    rows = (["url", "note"], ["http://a.com/", "<script>x</script>"], ["http://b.com/", "<div>y</div>"])
    assert not is_page("\n".join(mark.join(row) for row in rows).encode())


@pytest.mark.parametrize(
    "text",
    [
        "Dear all, see below\n<div>one</div>\n<p>two</p>\n",
        "<table>\n<tr><td>a,b</td></tr>\n</table>",
        "one, two <p>x</p><div>y</div>",
    ],
    ids=["letter", "tag first", "one line"],
)
def test_a_piece_of_a_page_stays_one_whatever_commas_it_has(text: str) -> None:
    assert is_page(text.encode())
