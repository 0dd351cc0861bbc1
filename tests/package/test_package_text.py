"""The text in which names are looked for before a capture leaves: read as it was meant, or not at all."""

from __future__ import annotations

import base64
import html
import json
import quopri
from email.header import Header
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.package.text import MOST, text_of

THAI, CHINESE, RUSSIAN, TURKISH = "สมชาย ใจดี", "王小明", "Иван Петров", "Çağrı Şahin"


def mail(body: bytes, *lines: str) -> bytes:
    head = ("From: a@b.example", "To: c@d.example", "Subject: news", "Date: Tue, 3 Feb 2026 04:05:06 +0000")
    return "\n".join((*head, *lines, "", "")).encode() + body


def table(name: str) -> str:
    return "name;amount\n" + f"{name};100\n" * 8


@pytest.mark.parametrize(
    ("name", "encoding"),
    [
        pytest.param(THAI, "cp874", id="Thai as Windows wrote it"),
        pytest.param(RUSSIAN, "cp1251", id="Russian as Windows wrote it"),
        pytest.param(RUSSIAN, "koi8-r", id="Russian as Unix wrote it"),
        pytest.param(CHINESE, "gb18030", id="Chinese of the mainland"),
        pytest.param("José Müller", "cp1252", id="Western"),
        pytest.param(THAI, "utf-16", id="wide letters with a mark"),
        pytest.param(THAI, "utf-16-le", id="wide letters without a mark"),
        pytest.param(CHINESE, "utf-8-sig", id="UTF-8 with a mark"),
    ],
)
def test_a_name_is_found_in_the_encoding_in_which_a_table_is_collected(name: str, encoding: str) -> None:
    assert name in (text_of(table(name).encode(encoding)) or "")


@pytest.mark.parametrize("name", [THAI, CHINESE, RUSSIAN, TURKISH, "\U00020bb7野家", "José Müller"])
@pytest.mark.parametrize(
    "written",
    [
        pytest.param(lambda name: json.dumps({"who": name}), id="JSON of Python"),
        pytest.param(
            lambda name: json.dumps({"who": name}).replace("\\u", "\\U").lower(), id="JSON lower case"
        ),
        pytest.param(lambda name: "".join(f"&#{ord(one)};" for one in name), id="a page by numbers"),
        pytest.param(lambda name: "".join(f"&#x{ord(one):X};" for one in name), id="a page by hexadecimals"),
        pytest.param(lambda name: f"https://forum.example/?q={quote(name)}", id="an address"),
        pytest.param(lambda name: html.escape(json.dumps(name)), id="JSON in a page"),
    ],
)
def test_a_name_is_found_however_a_format_writes_its_letters(name: str, written) -> None:
    assert name.lower() in (text_of(written(name).encode()) or "").lower()


def test_a_name_is_found_in_what_a_page_writes_by_name() -> None:
    assert "José Müller & Söhne" in (text_of(b"<p>Jos&eacute; M&uuml;ller &amp; S&ouml;hne</p>") or "")


@pytest.mark.parametrize(
    ("lines", "pack"),
    [
        pytest.param(("Content-Transfer-Encoding: base64",), base64.encodebytes, id="base64"),
        pytest.param(
            ("Content-Transfer-Encoding: quoted-printable",), quopri.encodestring, id="quoted-printable"
        ),
    ],
)
@pytest.mark.parametrize("name", [THAI, "Jane Roe"])
def test_a_name_is_found_in_mail_however_it_was_packed(name: str, lines: tuple[str, ...], pack) -> None:
    data = mail(pack(f"the victim is {name}".encode()), "Content-Type: text/plain; charset=utf-8", *lines)
    assert f"victim is {name}" in (text_of(data) or "")


def test_a_name_is_found_in_the_subject_of_a_mail() -> None:
    data = mail(b"see above", f"X-Topic: {Header(THAI, 'utf-8').encode()}")
    assert THAI in (text_of(data) or "")


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", id="a picture"),
        pytest.param(
            b"first line\n" * 100 + b"\x00" + b"rest", id="bytes that are nought behind the beginning"
        ),
        pytest.param("ok ไทย\n".encode() * 20 + b"Jos\xe9\n", id="lines of two encodings"),
        pytest.param(b"%PDF-1.7 broken", id="a broken PDF"),
        pytest.param(b"PK\x03\x04 broken", id="a broken zip"),
        pytest.param(b"a" * (MOST + 1), id="more than is looked through"),
        pytest.param(
            "\u0e44\u0e17\u0e22\n".encode("cp874") * (MOST // 50), id="too much to be read in every code page"
        ),
        pytest.param(
            mail(
                base64.encodebytes(b"%PDF-"),
                "Content-Type: application/pdf",
                "Content-Transfer-Encoding: base64",
            ),
            id="a mail with a file in it",
        ),
    ],
)
def test_what_cannot_be_looked_through_whole_is_not_looked_through(data: bytes) -> None:
    assert text_of(data) is None


@given(st.text(st.characters(exclude_characters="\x00", exclude_categories=("Cs",))))
def test_what_stands_there_plainly_is_kept_as_it_stands(text: str) -> None:
    told = text_of(text.encode())
    assert told is None or told.startswith(text.removeprefix("\ufeff")) or "From:" in text
