"""The region of a capture that a claim's place names, and whether an identifier stands in it.

Places: `line 3`, `lines 3-9`, `row 4`, `sheet Codes row 4`, `record 7`, `page 2`, `page 2 line 5`,
`message 1 part 2 line 3` of e-mail (part 0 is its headers), `paragraph 3` and `footnotes paragraph 1` of
office documents, `entity 4` and `link 5` of Maltego graphs, and JSON pointers (RFC 6901) into JSON and YAML.
Whatever follows a comma is a remark for people. Lines, rows, records, pages, messages and parts count from 1;
rows count every row of a table, headers too.
"""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from contextlib import contextmanager, suppress
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar, cast

from chokepoint.model.errors import BadInputError, ChokepointError, NotFoundError, TooLargeError
from chokepoint.model.said import Said
from chokepoint.model.vocabulary import vocabulary
from chokepoint.package.pointer import LIMIT, numbered, parsed_yaml, pointed, records, rendered
from chokepoint.values.defang import refang
from chokepoint.values.encoded import read_text
from chokepoint.values.mail import mail_parts
from chokepoint.values.mtgx import MtgxEntity, MtgxLink, read_mtgx
from chokepoint.values.office import paragraphs
from chokepoint.values.pdf import page_text
from chokepoint.values.wallet import ton
from chokepoint.values.workbook import MAGIC, unquoted, workbook

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from chokepoint.model.identity import Entity

FIRST_LINES = 15
"""Lines in which a report's day of publication is looked for."""
_PARSE_LIMIT = 128 * 1024 * 1024
_NEWLINE = re.compile(r"\r\n|\n|\r")
_PLACE = re.compile(
    r"(?:page (?P<page>\d{1,7})(?: line (?P<pageline>\d{1,9}))?"
    r"|lines? (?P<line>\d{1,9})(?: ?[-–] ?(?P<last>\d{1,9}))?"
    r"|(?:sheet (?P<sheet>'(?:[^'\\]|\\.){0,200}'|\"(?:[^\"\\]|\\.){0,200}\"|.{1,200}?),? )?"
    r"row (?P<row>\d{1,9})"
    r"|(?P<first>first lines)"
    r"|record (?P<record>\d{1,9})"
    r"|message (?P<message>\d{1,9}) part (?P<part>\d{1,9}) line (?P<partline>\d{1,9})"
    r"|(?P<paragraph>(?:[a-z]{1,12}\d{0,3} )?paragraph \d{1,9})"
    r"|(?P<drawn>entity|link) (?P<number>\d{1,9}))(?:,.*)?",
    re.DOTALL,
)
T = TypeVar("T")
_WORDS = re.compile(r"[^\w]+")


class Region:
    """Reads places of one capture; the capture is decoded and parsed at most once, also where that fails."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._made: dict[object, Any] = {}

    def _once(self, what: object, make: Callable[[], T]) -> T:
        """What is made of the capture, or why it cannot be, which takes as long to find out each time."""
        if what not in self._made:
            try:
                self._made[what] = make()
            except ChokepointError as error:
                self._made[what] = error
        found = self._made[what]
        if isinstance(found, ChokepointError):
            raise found.with_traceback(None)
        return cast("T", found)

    def at(self, place: str) -> str:
        """The text that stands at a place, at most 64 Ki characters of it.

        Raises:
            NotFoundError: the capture has no such place.
            BadInputError: the place is not of a form known here, or the capture cannot be read so.
        """
        if place.startswith("/"):
            return rendered(pointed(self._document, place))
        found = _PLACE.fullmatch(place.strip())
        if not found:
            raise BadInputError(
                Said("unknown form of place {written!r}", written=place[:80]),
                mend="see chokepoint.package.place",
            )
        if found["page"]:
            return self._page(int(found["page"]), found["pageline"])
        if found["line"] or found["first"]:
            first = int(found["line"] or 1)
            last = min(FIRST_LINES, len(self._lines)) if found["first"] else int(found["last"] or first)
            return "\n".join(numbered(self._lines, first, last))[:LIMIT]
        if found["row"]:
            return self._row(int(found["row"]), found["sheet"] and unquoted(found["sheet"]))
        return self._inside(place, found)

    def _inside(self, place: str, found: re.Match[str]) -> str:
        """What stands at a place of a document that is made of more than lines or rows."""
        if found["drawn"]:
            return self._drawn(found["drawn"], int(found["number"]))
        if found["message"]:
            return self._in_mail(int(found["message"]), int(found["part"]), int(found["partline"]))
        return self._paragraph(place) if found["paragraph"] else self._record(int(found["record"]))

    def _paragraph(self, place: str) -> str:
        place = place.partition(",")[0].strip()
        text = self._once("paragraphs", self._paragraphs).get(place)
        if text is None:
            raise NotFoundError(Said("there is no {place}", place=place))
        return text[:LIMIT]

    def _paragraphs(self) -> dict[str, str]:
        found: dict[str, str] = {}
        try:
            for one in paragraphs(self._data):
                found.setdefault(one.place, one.text)
        except ChokepointError:
            if not found:  # what stands before the fault can be read
                raise
        return found

    def _in_mail(self, message: int, number: int, line: int) -> str:
        text = self._mail.get((message, number))
        if text is None:
            raise NotFoundError(Said("there is no {place}", place=f"message {message} part {number}"))
        return str(numbered(text.split("\n"), line, line)[0])[:LIMIT]

    @cached_property
    def _mail(self) -> dict[tuple[int, int], str]:
        """The texts of a mailbox by message and part, as far as it can be read."""
        found: dict[tuple[int, int], str] = {}
        with suppress(BadInputError):
            found.update(
                ((part.message, part.number), part.text)
                for part in mail_parts(self._data)
                if part.text is not None
            )
        return found

    def _drawn(self, what: str, number: int) -> str:
        """What stands in an entity of a graph, or in a link and its two ends."""
        entities, links = self._once("graph", lambda: read_mtgx(self._data))
        if what == "entity":
            return _properties(numbered(entities, number, number))
        link = numbered(links, number, number)[0]
        return _properties([link, *(one for one in entities if one.id in {link.source, link.target})])

    @cached_property
    def _text(self) -> str:
        return read_text(self._data).text

    @cached_property
    def _lines(self) -> list[str]:
        return _NEWLINE.split(self._text)

    @property
    def _document(self) -> Any:
        return self._once("document", self._parsed)

    def _parsed(self) -> Any:
        if len(self._data) > _PARSE_LIMIT:
            raise TooLargeError("too large to be parsed for one place")
        try:
            return json.loads(self._text)
        except (ValueError, RecursionError):
            return parsed_yaml(self._text)

    def _rows(self) -> list[list[str]]:
        sample = self._text[:8192]
        delimiter = max(",;\t|", key=sample.count)
        try:
            return list(csv.reader(io.StringIO(self._text, newline=""), delimiter=delimiter))
        except csv.Error as error:
            raise BadInputError(Said("not a table: {error}", error=str(error))) from None

    def _row(self, number: int, sheet: str | None) -> str:
        if sheet is not None or self._data.startswith(MAGIC):
            return " | ".join(numbered(self._sheet(sheet), number, number)[0])[:LIMIT]
        return " | ".join(numbered(self._once("rows", self._rows), number, number)[0])[:LIMIT]

    def _sheet(self, name: str | None) -> list[list[str]]:
        sheets = self._once("sheets", self._sheets)
        name = next(iter(sheets), "") if name is None else name
        if name not in sheets:
            raise BadInputError(Said("no sheet {name!r} with anything in it", name=name))
        return sheets[name]

    def _sheets(self) -> dict[str, list[list[str]]]:
        found: dict[str, list[list[str]]] = {}
        for line in workbook(self._data):
            if not line.broken:
                rows = found.setdefault(line.sheet, [])
                rows += [[] for _ in range(len(rows) + 1, line.number)]
                rows.append(line.cells)
        return found

    def _record(self, number: int) -> str:
        if self._text.lstrip()[:1] in ("[", "{"):
            try:
                return rendered(numbered(records(self._document), number, number)[0])
            except BadInputError:
                filled = [line for line in self._lines if line.strip()]
                return str(numbered(filled, number, number)[0])[:LIMIT]
        return self._row(number, None)

    def _page(self, number: int, line: str | None) -> str:
        text = self._once(("page", number), lambda: self._page_text(number))
        if line:
            text = numbered(_NEWLINE.split(text), int(line), int(line))[0]
        return text[:LIMIT]

    def _page_text(self, number: int) -> str:
        with _of_pdf():
            return page_text(numbered(self._once("pages", self._pages), number, number)[0])

    def _pages(self) -> Any:
        import pypdf  # noqa: PLC0415 - loaded for PDF only

        with _of_pdf():
            return pypdf.PdfReader(io.BytesIO(self._data)).pages


@contextmanager
def _of_pdf() -> Iterator[None]:
    try:
        yield
    except ChokepointError:
        raise
    except Exception as error:  # noqa: BLE001 - pypdf raises whatever a hostile file makes it raise
        raise BadInputError(Said("not a readable PDF: {error}", error=type(error).__name__)) from None


def region(data: bytes, place: str) -> str:
    """The text at one place of a capture; see `Region.at`."""
    return Region(data).at(place)


def holds(text: str, entity: Entity | str, raw: str = "") -> bool:
    """Whether an identifier, or an attribute's text, stands in a region, defanged or not.

    Compared after refanging, Unicode normalisation (NFKC), case folding and removal of invisible
    characters; names without regard to punctuation; digits alone decide for phone and account
    numbers; an internationalised host matches in both its forms.
    """
    folded = fold(text)
    if (written := fold(raw)) and written in folded:
        return True
    if isinstance(entity, str):
        return (written := fold(entity)) != "" and written in folded
    if entity.kind in _NUMBERED and _counted(_digits(entity.value), folded):
        return True
    if vocabulary().kind(entity.kind).family == "identifier":
        return any(_stands_alone(form, folded, entity.kind) for form in _forms(entity) if form)
    name = _worded(entity.value)
    within = name if not name.isascii() else f" {name} "
    return bool(name) and within in f" {_worded(folded)} "


def _counted(number: str, text: str) -> bool:
    """Whether a number stands there in whatever groups, `00` before it or not, no part of a longer run."""
    grouped = r"[\s()/.-]*".join(map(re.escape, number))
    return re.search(rf"(?<![0-9a-z])(?:00[\s()/.-]*)?{grouped}(?![0-9a-z])", text) is not None


def _stands_alone(form: str, text: str, kind: str) -> bool:
    """Whether a form occurs without letters or figures running on into it: `evil.com`, not `notevil.com`.

    Only ASCII runs on, because Thai and Japanese are written without spaces; a subdomain may stand before a
    host, but not before an e-mail address.
    """
    before = "[a-z0-9_.+-]" if kind == "email-addr" else "[a-z0-9_-]"
    return re.search(rf"(?<!{before}){re.escape(form)}(?![a-z0-9_-]|\.[a-z0-9])", text) is not None


def fold(text: str) -> str:
    """Text as it is compared: refanged, NFKC, case-folded, without invisible characters, spaces single."""
    folded = unicodedata.normalize("NFKC", refang(text[:LIMIT])).casefold()
    return " ".join(folded.split())


def _properties(held: list[MtgxEntity | MtgxLink]) -> str:
    texts = [value for one in held for _, value in one.properties]
    notes = [one.notes for one in held if isinstance(one, MtgxEntity)]
    return "\n".join([*texts, *notes])[:LIMIT]


_NUMBERED = frozenset({"phone-number", "bank-account", "payment-card"})


def _worded(text: str) -> str:
    return _WORDS.sub(" ", fold(text).replace("_", " ")).strip()


def _digits(value: str) -> str:
    """An account or phone number as it is compared, without its separators and plus sign."""
    return re.sub(r"[\s()/.+-]+", "", fold(value).removeprefix("iban:")) or "\x00"


def _forms(entity: Entity) -> Iterator[str]:
    value = fold(entity.value)
    yield value
    if entity.kind == "url":
        yield value.partition("://")[2].rstrip("/")
    if entity.kind in ("file", "bank-account"):
        yield value.rpartition(":")[2]
    if entity.kind in ("user-account", "payment-handle"):
        handle = value.partition(":")[2].removeprefix("@")
        yield handle if len(handle) >= 3 else ""
    if "xn--" in value:
        yield _unicode_host(value)
    if entity.kind == "crypto-address":
        yield from map(fold, ton.spellings(entity.value))


def _unicode_host(value: str) -> str:
    try:
        return value.encode().decode("idna")
    except UnicodeError:
        return ""
