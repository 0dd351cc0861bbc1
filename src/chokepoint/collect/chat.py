"""Chats as messengers export them: WhatsApp's text in any locale, Telegram's and Discord's JSON.

Whoever writes in a chat may be its victim, so that names of writers are left out, and so is the name of a
chat with one person; a number in a writer's place is nobody's saved contact and is context. Nothing is said
of what a chat is about: all is only mentioned, on the day of its message. WhatsApp writes days as the phone
does: `3/4/24` is read where the other days, or that time never runs backwards, tell the order.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

from chokepoint.collect.base import Document, Item, Rejected, Skipped
from chokepoint.collect.dates import order_of, read_day
from chokepoint.collect.decoding import beginning, decode, is_text
from chokepoint.collect.derive import with_derived
from chokepoint.collect.origins import provenance
from chokepoint.collect.prose import About, said
from chokepoint.collect.taking import day, text_of
from chokepoint.collect.tree import json_keys, read_json
from chokepoint.model.claim import Claim, on_day
from chokepoint.model.errors import BadInputError
from chokepoint.values.text import scan

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from chokepoint.model.identity import Entity

_LOOKED_AT = 60
_MARKS = "\u200e\u200f\u202a\u202c\ufeff"
_head = re.compile(
    rf"[{_MARKS}]*\[?(?P<day>\d{{1,4}}[./-]\d{{1,2}}[./-]\d{{1,4}})\.?[,،]?\s"
    r"{1,2}(?P<time>\d{1,2}[:.]\d{2}(?:[:.]\d{2})?)(?:\s?[\w.]{1,6}(?:\s?[\w.]{1,4})?)?(?:\]\s?|\s[-–]\s)"
    r"(?P<rest>.*)"
).match
_writer = re.compile(rf"[{_MARKS}~\s]*(?P<writer>[^:\n]{{1,80}}):(?!//) ?(?P<text>.*)", re.DOTALL).fullmatch
_number = re.compile(r"\+[\d\s()\u00a0-]{6,24}").fullmatch
_WRITES = "it writes in the chat, and may be a victim's"
_DISCORD = frozenset({"guild", "channel", "messages", "author"})
_NAMING = (
    "forwarded_from",
    "saved_from",
    "actor",
    "via_bot",
    "inviter",
    "contact_information",
    "members",
    "mentions",
)
"""Fields of a message that name somebody who may be a victim."""
_named = Skipped("name in a chat, who may be a victim")
_left_out = Skipped("writer of a message, who may be a victim")


class Line(NamedTuple):
    """What of one line, or message, is scanned: the day as written, its place, its text, whose number."""

    day: str
    place: str
    text: str
    writer: tuple[Entity, ...] = ()


class Chat:
    """Collector of exported chats."""

    name = "chat"

    def recognises(self, document: Document) -> bool:
        """Lines that start with a day and a time, the first among them, or Telegram's list of messages."""
        keys = json_keys(document.head, b"{")
        if {"messages", "from_id", "date_unixtime"} <= keys or keys >= _DISCORD:
            return True
        if not is_text(document):
            return False
        text = beginning(document, 20_000)
        lines = [line for line in text.split("\n")[:_LOOKED_AT] if line.strip()]
        heads = [head for head in map(_head, lines) if head]
        return len(heads) > 1 and bool(_head(lines[0])) and _written([head["rest"] for head in heads])

    def read(self, document: Document) -> Iterator[Item]:
        """What messages name is mentioned in the chat on the day of the message."""
        telegram = bool(json_keys(document.head, b"{"))
        return with_derived(_telegram(document) if telegram else _whatsapp(document))

    def finish(self) -> Iterator[tuple[Document, Item]]:
        """Nothing waits for other files."""
        return iter(())


def _written(rests: list[str]) -> bool:
    """Whether people write: most writers are no indicators, as they are in a dated list or a log."""
    writers = [who["writer"] for who in map(_writer, rests) if who]
    people = sum(1 for writer in writers if _number(writer.strip()) or not scan(writer))
    return 2 * people > len(writers)


def _whatsapp(document: Document) -> Iterator[Item]:
    text, broken = decode(document)
    yield from broken
    lines, writers = _lines(text)
    order = _order([line.day for line in lines if line.day])
    title = "a WhatsApp chat"
    told = _told(document, title, [line._replace(day=_iso(line.day, order)) for line in lines])
    yield from _as_context(told, {one for line in lines for one in line.writer}, title)
    if writers:
        yield Skipped(_left_out.rule, writers)


def _lines(text: str) -> tuple[list[Line], int]:
    """Each line with the day of its message, and how many writers by name were left out."""
    found: list[Line] = []
    by: tuple[Entity, ...]
    written, writers = "", 0
    for number, line in enumerate(text.split("\n"), 1):
        head, told, by = _head(line), line, ()
        if head:
            written, told = head["day"], head["rest"]
            if who := _writer(told):
                kept = bool(_number(who["writer"].strip()))
                by = tuple(one.entity for one in scan(who["writer"])) if kept else ()
                writers += not kept
                told = f"{who['writer']} {who['text']}" if kept else who["text"]
        found.append(Line(written, f"line {number}", told, by))
    return found, writers


def _as_context(items: Iterator[Item], writers: set[Entity], title: str) -> Iterator[Item]:
    """The items, in which a number that writes is context, tied to nothing that it writes of."""
    for item in items:
        if not isinstance(item, Claim) or writers.isdisjoint({item.subject, item.object}):
            yield item
        elif item.property == "mentioned-in":
            yield replace(item, object=f"{title} (context: {_WRITES})")


def _order(written: list[str]) -> bool | None:
    """Whether the day stands before the month; None where both orders would do."""
    if (told := order_of(written)) is not None:
        return told
    days = {first: [read_day(one, first) for one in written] for first in (True, False)}
    fitting = [first for first, read in days.items() if read == sorted(filter(None, read))]
    return fitting[0] if len(fitting) == 1 else None


def _iso(written: str, order: bool | None) -> str:
    found: date | None = read_day(written, order) if written else None
    return found.isoformat() if found else ""


def _told(document: Document, title: str, lines: list[Line]) -> Iterator[Item]:
    """The claims of lines, scanned a day at a time."""
    source = provenance(document)
    for written, group in groupby(lines, key=lambda line: line.day):
        held = list(group)
        places = [line.place for line in held for _ in range(line.text.count("\n") + 1)]
        about = About(
            subject=None, title=title, provenance=source, observed=on_day(written) if written else None
        )
        text = "\n".join(line.text for line in held)
        yield from said(text, about, lambda number, _raw, at=places: at[number - 1])  # type: ignore[misc]


def _telegram(document: Document) -> Iterator[Item]:
    tree, defects = read_json(document.data)
    yield from defects
    if not isinstance(tree, dict):
        raise BadInputError("no chat at the top", mend="export it again as JSON")
    chats = tree.get("chats")
    inner = chats.get("list") if isinstance(chats, dict) else None
    if isinstance(inner, list):
        for number, chat in enumerate(inner):
            yield from _of_chat(document, chat, f"/chats/list/{number}")
    else:
        yield from _of_chat(document, tree, "")


def _of_chat(document: Document, chat: Any, place: str) -> Iterator[Item]:
    messages = chat.get("messages") if isinstance(chat, dict) else None
    if not isinstance(messages, list):
        yield Rejected(place or "/", "no list of messages. Mend: export the chat again as JSON")
        return
    lines: list[Line] = []
    writers = names = 0
    for number, message in enumerate(messages):
        there = f"{place}/messages/{number}"
        if not isinstance(message, dict):
            yield Rejected(there, "no message but another value. Mend: export the chat again as JSON")
            continue
        author = message.get("author")
        writers += bool(text_of(message.get("from")) or (isinstance(author, dict) and author))
        names += sum(1 for name in _NAMING if message.get(name))
        moment = (text_of(message.get(name)) for name in ("date_unixtime", "date", "timestamp"))
        sent = day(next(filter(None, moment), ""))
        lines += [Line(sent.isoformat() if sent else "", *one) for one in _parts(message, there)]
    several = text_of(chat.get("type")).endswith(("channel", "group", "supergroup"))
    title = "a Discord chat" if "guild" in chat else "a Telegram chat"
    yield from _told(document, (several and text_of(chat.get("name"))) or title, lines)
    if writers:
        yield Skipped(_left_out.rule, writers)
    if names:
        yield Skipped(_named.rule, names)


def _parts(message: dict[str, Any], there: str) -> Iterator[tuple[str, str]]:
    """Where the words of a message stand, and the words: its text, its buttons, what is shown of a link."""
    field = "content" if isinstance(message.get("content"), str) else "text"
    yield f"{there}/{field}", _text(message.get(field))
    buttons, embeds = message.get("inline_bot_buttons"), message.get("embeds")
    for row, line in enumerate(buttons if isinstance(buttons, list) else ()):
        for at, one in enumerate(line if isinstance(line, list) else ()):
            if isinstance(one, dict):
                yield (
                    f"{there}/inline_bot_buttons/{row}/{at}",
                    f"{_text(one.get('text'))} {_text(one.get('data'))}",
                )
    for at, one in enumerate(embeds if isinstance(embeds, list) else ()):
        if isinstance(one, dict):
            words = (_text(one.get(name)) for name in ("title", "url", "description"))
            yield f"{there}/embeds/{at}", "  ".join(filter(None, words))


def _text(value: Any) -> str:
    """A message's text, which Telegram cuts where the style changes."""
    if isinstance(value, list):
        return "".join(map(_text, value))
    if isinstance(value, dict):
        shown, link = _text(value.get("text")), text_of(value.get("href"))
        return f"{shown} {link}" if link and link != shown else shown
    return value if isinstance(value, str) else ""
