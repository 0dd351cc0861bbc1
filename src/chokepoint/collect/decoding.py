"""Bytes → text: byte order marks, UTF-16, broken UTF-8 line by line, and the old one-byte code pages."""

from __future__ import annotations

import re
from functools import lru_cache

from chokepoint.collect.base import Document, Rejected
from chokepoint.values.encoded import UTF8, encoding_of, is_broken, read_text

REPORTED = 1_000
"""Broken lines that are named one by one; the rest are counted in one."""

STRAY_NULS = 2
_ROWS = 6

_page_begins = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|hta:application|meta|title|script|style|div|center|p|table|h[1-6]"
    rb"|article|section|main|ul|ol|span|blockquote)\b",
    re.IGNORECASE,
)
_controls = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f]")
_newlines = re.compile("\r\n?")


def decode(document: Document) -> tuple[str, list[Rejected]]:
    r"""The text with `\\n` at the end of each line, and what of it was no text, by line.

    Broken bytes and control characters stand as U+FFFD, so that their lines are still read. A text that
    is mostly not UTF-8 is read in the old code page that its letters tell, and reported once.
    """
    return _decoded(document.data)


def beginning(document: Document, most: int | None = None) -> str:
    """The text of a document's head, by which a collector recognises it; of so many bytes at most."""
    return _decoded(document.head[:most])[0]


@lru_cache(maxsize=2)
def _decoded(data: bytes) -> tuple[str, list[Rejected]]:
    text, broken = _text(data)
    if "\r" in text:
        text = _newlines.sub("\n", text)
    if _controls.search(text):
        broken = [
            *broken,
            *_named(_lines_with(_controls, text), "control characters, read as U+FFFD. Mend: remove them"),
        ]
        text = _controls.sub("\ufffd", text)
    return text, broken


def _text(data: bytes) -> tuple[str, list[Rejected]]:
    read = read_text(data)
    if read.whole:
        return read.text, []
    if read.page:
        reason = f"not UTF-8 but most likely {read.page.name}, and read as that. Mend: save the file as UTF-8"
        return read.text, [Rejected("line 1", reason)]
    name = read.encoding
    bad = _broken_lines(data) if name.startswith(UTF8) else _lines_with(re.compile("\ufffd"), read.text)
    return read.text, _named(
        bad, f"bytes that are not {name.upper()}, read as U+FFFD. Mend: save the file as UTF-8"
    )


def _broken_lines(data: bytes) -> list[int]:
    lines = _newlines.sub("\n", data.decode("latin-1")).split("\n")
    return [
        at for at, line in enumerate(lines, 1) if not line.isascii() and is_broken(line.encode("latin-1"))
    ]


def _lines_with(pattern: re.Pattern[str], text: str) -> list[int]:
    return [at for at, line in enumerate(text.split("\n"), 1) if pattern.search(line)]


def _named(lines: list[int], reason: str) -> list[Rejected]:
    found = [Rejected(f"line {line}", reason) for line in lines[:REPORTED]]
    if len(lines) > REPORTED:
        found.append(
            Rejected(f"line {lines[REPORTED]}", f"{len(lines) - REPORTED:,} further lines with {reason}")
        )
    return found


_data = re.compile(rb"[\[{]\s*(?:[\"\]}{]|\[\s*[\[\"{0-9]|-?[0-9]+\s*[,\]]|true\b|null\b|$)").match


def is_data(head: bytes) -> bool:
    """Whether a text starts like JSON; `[+] What happened?` does not."""
    return bool(_data(head.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").replace(b"\x00", b"")[:200]))


_asciidoc = re.compile(r"^={1,4} \S|^\|={3,}$|^\|[ :-]{3,}\|", re.MULTILINE).search


def is_marked_up(text: str) -> bool:
    """Whether a text holds headings or tables of AsciiDoc, or tables of Markdown."""
    return bool(_asciidoc(text))


def is_text(document: Document) -> bool:
    """Whether the beginning of a document is text rather than the bytes of a program, picture or package."""
    head = document.head
    name = encoding_of(head)
    if name != UTF8:
        wide = head[: len(head) // 4 * 4].decode(name, "replace")
        return (wide.count("\ufffd") + len(_controls.findall(wide))) * 10 < len(wide)
    if b"\x00" in head[:1024] and head.count(0) > _nuls_allowed(head):
        return False
    odd = sum(head.count(bytes([code])) for code in (*range(9), *range(14, 27), *range(28, 32)))
    return odd * 20 < len(head) or (head.isascii() and odd * 4 < len(head))


def _nuls_allowed(head: bytes) -> int:
    """A few in any text; one in ten bytes where all the rest is plain lines, as a damaged disk leaves."""
    rest = head.replace(b"\x00", b"")
    plain = rest.isascii() and b"\n" in rest and not _controls.search(rest.decode("ascii"))
    return max(STRAY_NULS, len(head) // (10 if plain else 200))


def is_page(data: bytes) -> bool:
    """Whether bytes begin as a web page, or a piece of one, does."""
    head = data[:3000].replace(b"\x00", b"")
    if not _page_begins.search(head) or b"<?xml version" in head[:60]:
        return False
    bare = head.lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\t")
    return bare.startswith(b"<") or (head.count(b"</") > 1 and not _in_cells(bare))


def _in_cells(text: bytes) -> bool:
    """Whether a first line without tags parts into cells, and each of the next into as many at least."""
    first, *others = [line for line in text.split(b"\n")[:_ROWS] if line.strip()]
    if b"<" in first:
        return False
    return any(
        first.count(mark) and others and all(line.count(mark) >= first.count(mark) for line in others)
        for mark in (b",", b";", b"\t", b"|")
    )
