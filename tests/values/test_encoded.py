"""Bytes become the same text whoever reads them: by mark, by zeros, as UTF-8, as declared, or by their letters."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.values.encoded import marked, read_text

RUSSIAN = "Жертвы переводили деньги на сайт нова-инвест.рф и больше их не видели"
GERMAN = "Die Opfer überwiesen für Gebühren"


def read(data: bytes) -> str:
    return read_text(data).text


@pytest.mark.parametrize(
    ("data", "name"),
    [
        pytest.param(codecs.BOM_UTF8 + b"a", "utf-8-sig", id="utf-8 mark"),
        pytest.param("a,b".encode("utf-16"), "utf-16", id="utf-16 mark"),
        pytest.param("a,b".encode("utf-32"), "utf-32", id="utf-32 mark, which begins as that of utf-16"),
        pytest.param("a,b".encode("utf-16-le"), "utf-16-le", id="no mark, little end first"),
        pytest.param("a,b".encode("utf-16-be"), "utf-16-be", id="no mark, big end first"),
        pytest.param("a,b".encode("utf-32-be"), "utf-32-be", id="wide, no mark, big end first"),
        pytest.param("a,b".encode("utf-32-le"), "utf-32-le", id="wide, no mark, little end first"),
        pytest.param(b"a,b", "utf-8", id="plain"),
        pytest.param(b"", "utf-8", id="nothing"),
        pytest.param(b"\x00\x00\x00", "utf-8", id="too short to tell"),
    ],
)
def test_an_encoding_is_told_by_its_mark_or_by_its_zeros(data, name):
    assert marked(data) == name


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=80))
def test_a_unicode_text_is_read_as_it_was_written(text):
    assert read(codecs.BOM_UTF8 + text.encode()) == text
    assert read(text.encode("utf-16")) == text
    assert read_text(codecs.BOM_UTF8 + text.encode()).whole


@given(st.binary(max_size=200))
def test_any_bytes_are_some_text(data):
    """Nothing is raised, and what is not whole says so."""
    text = read_text(data)
    assert text.whole == (text.page is None and _decodes(data, text.encoding))


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


@pytest.mark.parametrize(
    ("label", "codec"),
    [
        ("windows-1251", "cp1251"),
        ("WINDOWS-1251", "cp1251"),
        ("koi8-r", "koi8-r"),
        ("iso-8859-5", "iso8859-5"),
    ],
)
@pytest.mark.parametrize(
    "head",
    [
        "<html><head><meta charset={}></head><body>",
        '<meta charset="{}">',
        "<META http-equiv=Content-Type content='text/html; charset={}'>",
        '<?xml version="1.0" encoding="{}"?>',
    ],
    ids=["bare", "quoted", "http-equiv", "xml"],
)
def test_a_page_is_read_as_it_declares(head, label, codec):
    """Few letters, such as a title's, do not tell a code page; the declaration does."""
    read = read_text((head.format(label) + "Отчёт").encode(codec))
    assert read.text.endswith("Отчёт")
    assert read.page is not None
    assert read.page.name == label.lower()
    assert not read.whole


@pytest.mark.parametrize(
    ("label", "codec", "text"),
    [
        pytest.param("iso-8859-1", "cp1252", "für 5 €", id="latin 1 is Windows-1252 (WHATWG)"),
        pytest.param("gb2312", "gb18030", "诈骗䶮", id="gb2312 is GB 18030"),
        pytest.param("shift_jis", "cp932", "詐欺①", id="shift_jis is code page 932"),
        pytest.param("tis-620", "cp874", "ธนาคาร…", id="tis-620 is code page 874"),
    ],
)
def test_a_label_means_what_browsers_take_it_for(label, codec, text):
    assert read(f"<meta charset={label}>{text}".encode(codec)).endswith(text)


@pytest.mark.parametrize(
    "label",
    ["utf-8", "base64", "rot13", "zlib_codec", "idna", "unicode_escape", "x-unknown", "utf-7", "mbcs"],
)
def test_a_declaration_of_what_is_no_old_code_page_is_not_followed(label):
    """Neither Python's codecs that are no encodings, nor ones that make text of anything."""
    data = f"<meta charset={label}>".encode() + RUSSIAN.encode("cp1251")
    assert read(data).endswith(RUSSIAN)


def test_a_declaration_that_the_bytes_contradict_is_not_followed():
    data = b"<meta charset=shift_jis>" + GERMAN.encode("cp1252")
    assert read(data).endswith(GERMAN)


def test_utf_8_is_read_as_that_whatever_a_page_declares():
    assert read(b"<meta charset=windows-1251>" + RUSSIAN.encode()).endswith(RUSSIAN)


def test_a_declaration_far_below_the_beginning_is_text():
    data = b"<p>" + b" " * 5000 + b"<meta charset=koi8-r>" + RUSSIAN.encode("cp1251")
    assert read(data).endswith(RUSSIAN)


def test_a_few_broken_bytes_in_much_utf_8_stay_marks_of_replacement():
    data = (RUSSIAN + "\n").encode() * 9 + b"\xff broken"
    read = read_text(data)
    assert (read.page, read.encoding, read.whole) == (None, "utf-8", False)
    assert read.text.endswith("\ufffd broken")
