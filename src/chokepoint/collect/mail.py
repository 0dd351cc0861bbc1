"""E-mail, one message or a mailbox: its senders, and what its texts name, at `message 1 part 2 line 3`.

Who got a message may be its victim: recipients, and the servers that took it in for them, are left out. A
sender's address is easily forged, so that nothing is said of who is behind it: all is only mentioned.
"""

from __future__ import annotations

from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from chokepoint.collect.base import Document, Item, Rejected, Skipped
from chokepoint.collect.derive import with_derived
from chokepoint.collect.html import Finder, visible
from chokepoint.collect.origins import provenance
from chokepoint.collect.prose import About, said
from chokepoint.model.claim import Interval, on_day
from chokepoint.model.errors import BadInputError
from chokepoint.values.mail import Part, is_mail, mail_parts

if TYPE_CHECKING:
    from collections.abc import Iterator

SENDER = frozenset({"from", "reply-to", "sender", "return-path", "x-originating-ip", "x-sender-ip"})
RECIPIENT = frozenset(
    {"to", "cc", "bcc", "delivered-to", "envelope-to", "x-original-to", "x-forwarded-to", "resent-to"}
)
TEXTS = frozenset({"subject", "comments", "keywords", "list-unsubscribe"})
OLDEST, NEWEST = 1990, 2100


class Mail:
    """Collector of messages and mailboxes."""

    name = "mail"

    def recognises(self, document: Document) -> bool:
        """The headers of a message that was sent, at the beginning."""
        return is_mail(document.head)

    def read(self, document: Document) -> Iterator[Item]:
        """What senders, subjects and texts name is mentioned in the message of that subject."""
        return with_derived(self._items(document))

    def _items(self, document: Document) -> Iterator[Item]:
        about = About(subject=None, title=document.name, provenance=provenance(document))
        try:
            for part in mail_parts(document.data):
                if part.number == 0:
                    about = _about(document, part.text or "")
                yield from _of_part(part, about)
        except BadInputError as error:
            yield Rejected(error.place or "message 1", error.reason)

    def finish(self) -> Iterator[tuple[Document, Item]]:
        """Nothing waits for other files."""
        return iter(())


def _about(document: Document, headers: str) -> About:
    """What a message is called, and the day on which it says that it was sent."""
    told: dict[str, str] = {}
    for line in headers.split("\n"):
        name, _, value = line.partition(":")
        told.setdefault(name.lower(), value.strip())
    return About(
        subject=None,
        title=told.get("subject") or document.name,
        provenance=provenance(document),
        observed=_sent(told.get("date", "")),
    )


def _sent(date: str) -> Interval | None:
    try:
        moment = parsedate_to_datetime(date)
        day = (moment.astimezone(UTC) if moment.tzinfo else moment).date()
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return on_day(day.isoformat()) if OLDEST <= day.year <= NEWEST else None


def _of_part(part: Part, about: About) -> Iterator[Item]:
    if part.text is None:
        yield Rejected(
            part.place,
            f"an attachment{f' {part.name[:80]!r}' * bool(part.name)} of {part.kind[:80]} is not read. "
            "Mend: save it as a file of its own and take that in",
        )
        return
    if part.number == 0:
        heard, left = _heard(part.text)
        yield from left
        numbers = list(heard)
        text = "\n".join(heard.values())
        yield from said(text, about, lambda at, _raw: f"{part.place} line {numbers[at - 1]}")
    elif part.kind == "text/html":
        finder = Finder(part.text)
        yield from said(visible(part.text), about, lambda at, raw: f"{part.place} {finder.place(at, raw)}")
    else:
        yield from said(part.text, about, lambda number, _raw: f"{part.place} line {number}")


def _heard(headers: str) -> tuple[dict[int, str], list[Item]]:
    """The headers that tell of the sender by their line, and what of the others was left out."""
    heard: dict[int, str] = {}
    recipients = others = 0
    for number, line in enumerate(headers.split("\n"), 1):
        name, _, value = line.partition(":")
        key = name.lower()
        if key in SENDER or key in TEXTS:
            heard[number] = value
        elif key == "received":
            heard[number] = value.partition(" by ")[0]
        else:
            recipients += key in RECIPIENT
            others += key not in RECIPIENT
    left = [("recipient, who may be a victim", recipients), ("header that tells of no sender", others)]
    return heard, [Skipped(rule, count) for rule, count in left if count]
