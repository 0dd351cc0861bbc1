"""Text of e-mail (`.eml`, `.mbox`), part by part, within limits: what quoted-printable and base64 hide.

Sources: RFC 5322 (messages), RFC 2045-2047 (MIME), RFC 4155 (mbox). Part 0 of a message is its headers,
decoded, one a line; parts 1 and up are its leaves in order, texts or not.
"""

from __future__ import annotations

import email
import re
from contextlib import suppress
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from typing import TYPE_CHECKING, NamedTuple

from chokepoint.model.errors import BadInputError, TooLargeError
from chokepoint.values.encoded import read_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import Message

MAX_MESSAGES = 20_000
MAX_PARTS = 500
MAX_TEXT = 20_000_000
_HEAD = 65_536
_header = re.compile(rb"[!-9;-~]{1,76}:(?=[ \t\r\n])")
_folded = re.compile(rb"\r?\n(?=[ \t])")
_border = re.compile(rb"(?:\A|(?<=\n\n)|(?<=\r\n\r\n))From \S[^\r\n]*\r?\n(?=[!-9;-~]{1,76}:)")
_quoted = re.compile(rb"^>(>*From )", re.MULTILINE)
_SENT = {b"from", b"subject", b"date", b"to", b"received", b"message-id", b"mime-version", b"return-path"}
_LEAST = 3
"""How many of these headers a file begins with that is a message; notes that quote one hold fewer."""


class Part(NamedTuple):
    r"""One part of one message.

    Attributes:
        message: its number in the file, from 1.
        number: 0 for the headers, then from 1.
        kind: media type, lower case.
        name: of an attachment, or empty.
        text: decoded, lines ending in `\n`; None where it is no text.
    """

    message: int
    number: int
    kind: str
    name: str = ""
    text: str | None = None

    @property
    def place(self) -> str:
        """Where it stands in the file."""
        return f"message {self.message} part {self.number}"


def is_mail(data: bytes) -> bool:
    """Whether a file begins with the headers of a message that was sent, alone or after an mbox border."""
    head = data[:_HEAD].lstrip(b"\xef\xbb\xbf\r\n")
    if found := _border.match(head):
        head = head[found.end() :]
    block = _folded.sub(b" ", re.split(rb"\r?\n\r?\n", head, maxsplit=1)[0])
    lines = block.splitlines()
    if not lines or not all(map(_header.match, lines)):
        return False
    names = {line.partition(b":")[0].lower() for line in lines}
    return b"from" in names and len(names & _SENT) >= _LEAST


def mail_parts(data: bytes) -> Iterator[Part]:
    """All parts of all messages, in order.

    Raises:
        TooLargeError: more than 20,000 messages, 500 parts in one, or 20 million characters of text.
        BadInputError: a message nested too deep to be understood.
    """
    left = MAX_TEXT
    for number, raw in enumerate(_messages(data), 1):
        if number > MAX_MESSAGES:
            raise TooLargeError(
                f"more than {MAX_MESSAGES:,} messages", place=f"message {number}", mend="split the mailbox"
            )
        for part in _parts(number, raw):
            left -= len(part.text or "")
            if left < 0:
                raise TooLargeError(
                    f"more than {MAX_TEXT:,} characters", place=part.place, mend="split the mailbox"
                )
            yield part


def _messages(data: bytes) -> Iterator[bytes]:
    data = data.lstrip(b"\xef\xbb\xbf\r\n")
    borders = list(_border.finditer(data))
    if not borders or borders[0].start():
        yield data
        return
    ends = [*(one.start() for one in borders[1:]), len(data)]
    for border, end in zip(borders, ends, strict=True):
        yield _quoted.sub(rb"\1", data[border.end() : end])


def _parts(number: int, raw: bytes) -> Iterator[Part]:
    try:
        message = email.message_from_bytes(raw)
        leaves = [one for one in message.walk() if not one.is_multipart()]
    except RecursionError:
        raise BadInputError(
            "nested too deep", place=f"message {number}", mend="save what is attached to it by itself"
        ) from None
    if len(leaves) > MAX_PARTS:
        raise TooLargeError(
            f"more than {MAX_PARTS} parts", place=f"message {number}", mend="save them as files"
        )
    yield Part(number, 0, "message/rfc822", text=_headers(message))
    for at, leaf in enumerate(leaves, 1):
        kind, name = leaf.get_content_type(), _decoded(leaf.get_filename() or "")
        yield Part(number, at, kind, name, _text(leaf) if kind.startswith("text/") else None)


def _headers(message: Message) -> str:
    return "\n".join(f"{name}: {_decoded(str(value))}" for name, value in message.items())


def _decoded(value: str) -> str:
    """A header's value on one line, encoded words (RFC 2047) decoded where they can be."""
    with suppress(HeaderParseError, LookupError, UnicodeError, ValueError):
        value = str(make_header(decode_header(value)))
    return " ".join(value.split()).encode("utf-8", "replace").decode()


def _text(leaf: Message) -> str:
    payload = leaf.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    text = read_text(data, _charset(leaf)).text
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _charset(leaf: Message) -> str:
    try:
        return str(leaf.get_content_charset() or "")
    except (LookupError, UnicodeError, ValueError):
        return ""
