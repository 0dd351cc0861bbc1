"""Bytes → text, the same wherever a file is read: taken in, looked at again, or proved.

By byte order mark; by the zero bytes of wide letters; as UTF-8; else as the page itself declares (HTML
`<meta charset>`, XML declaration), or in the old code page that its letters tell.
"""

from __future__ import annotations

import codecs
import html
import re
from typing import NamedTuple
from urllib.parse import unquote

from chokepoint.values.codepages import Page, code_page

UTF8 = "utf-8"
MOSTLY_BROKEN = 0.5
"""Share of the lines with high bytes that must be no UTF-8 before another encoding is thought of."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE = 1 << 20
_HEAD = 4096
_declared = re.compile(
    rb"<(?:meta\b[^<>]{0,200}?\bcharset|\?xml\b[^<>]{0,100}?\bencoding)\s*=\s*[\"']?\s*([a-z][a-z0-9_-]{2,19})",
    re.IGNORECASE,
)
_escaped = re.compile(r"\\u([0-9a-f]{4})", re.IGNORECASE)
_WIDER = {
    "iso-8859-1": "cp1252",
    "shift_jis": "cp932",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "tis-620": "cp874",
}
"""Labels that browsers read as a larger code page (WHATWG Encoding, 4.2)."""
_OLD = re.compile(
    r"(?:windows-(?:125[0-8]|874)|iso-8859-\d{1,2}|koi8-[ru]|shift_jis|euc-(?:jp|kr)|gb2312|gbk|gb18030|big5|tis-620)"
)


class Text(NamedTuple):
    """A text, and how its bytes were read.

    Attributes:
        text: with U+FFFD where bytes were none.
        encoding: Python's name of it, where `page` is None.
        page: the old code page that the bytes were read in.
        whole: whether every byte was text.
    """

    text: str
    encoding: str
    page: Page | None = None
    whole: bool = True


def read_text(data: bytes, declared: str = "") -> Text:
    """The text of bytes, as they are most likely meant.

    Args:
        data: the bytes.
        declared: label of an old code page that something beside them declares, such as a mail's header.
    """
    name = encoding_of(data)
    try:
        return Text(data.decode(name), name)
    except UnicodeDecodeError:
        page = _page_of(data, declared) if name == UTF8 else None
    text = data.decode(page.codec if page else name, "replace")
    return Text(text, name, page, whole=False)


def marked(data: bytes) -> str:
    """The encoding by byte order mark, or by the zero bytes that ASCII punctuation leaves (RFC 4627 §3)."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return name
    first = data[:4]
    if len(first) == 4 and first.count(0) >= 2:
        if first[:2] == b"\0\0" or first[2:] == b"\0\0":
            return "utf-32-be" if first[0] == 0 else "utf-32-le"
        return "utf-16-be" if first[0] == 0 else "utf-16-le"
    return UTF8


def encoding_of(data: bytes) -> str:
    """The Unicode encoding: as marked, or UTF-16 where every other byte of the beginning is mostly zero."""
    name = marked(data)
    if name != UTF8:
        return name
    head = data[:_HEAD]
    if len(head) < len(codecs.BOM_UTF32_LE) or head.count(0) * 4 < len(head):
        return UTF8
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd > 4 * even:
        return "utf-16-le"
    return "utf-16-be" if even > 4 * odd else UTF8


def is_broken(line: bytes) -> bool:
    """Whether bytes are no UTF-8."""
    try:
        line.decode()
    except UnicodeDecodeError:
        return True
    return False


def _page_of(data: bytes, declared: str) -> Page | None:
    """The code page of a text whose lines with high bytes are mostly no UTF-8; None where they mostly are."""
    sample = data[:_SAMPLE]
    lines = [line for line in sample.split(b"\n") if not line.isascii()]
    broken = sum(map(is_broken, lines))
    if not lines or broken < MOSTLY_BROKEN * len(lines) or b"\x00" in sample:
        return None
    return _said_by(data, declared) or code_page(data)


def _said_by(data: bytes, declared: str) -> Page | None:
    """The old code page that is declared beside or at the beginning, where all of it is text in that."""
    found = _declared.search(data[:_HEAD])
    label = declared.lower() or (found[1].decode().lower() if found else "")
    if not _OLD.fullmatch(label):
        return None
    try:
        codec = codecs.lookup(_WIDER.get(label, label)).name
        data.decode(codec)
    except (LookupError, UnicodeDecodeError):
        return None
    return Page(codec, label)


def as_meant(text: str) -> str:
    r"""The text without the escapes of JSON (RFC 8259, 7), HTML and addresses (RFC 3986, 2.1).

    >>> as_meant("\\u00e9 &eacute; %C3%A9")
    'é é é'
    """
    if not any(mark in text for mark in "\\&%"):
        return text
    plain = _escaped.sub(lambda one: chr(int(one[1], 16)), text)
    plain = plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return unquote(html.unescape(plain))
