"""The region of a capture that a claim's place names, and whether an identifier stands in it.

Places: `line 3`, `lines 3-9`, `row 4`, `sheet Codes row 4`, `record 7`, `page 2`, `page 2 line 5`,
`paragraph 3` and `footnotes paragraph 1` of office documents, `entity 4` and `link 5` of Maltego graphs, and
JSON pointers (RFC 6901) into JSON and YAML. Whatever follows a comma is a remark for people.
Lines, rows, records and pages count from 1; rows count every row of a table, headers too.
"""

from __future__ import annotations

import ast
import csv
import io
import json
import re
import unicodedata
from functools import cached_property
from typing import TYPE_CHECKING, Any

import yaml

from chokepoint.model.errors import BadInputError, NotFoundError, TooLargeError
from chokepoint.model.said import Said
from chokepoint.model.vocabulary import vocabulary
from chokepoint.values.defang import refang
from chokepoint.values.encoded import read_text
from chokepoint.values.mtgx import MtgxEntity, MtgxLink, read_mtgx
from chokepoint.values.office import paragraphs
from chokepoint.values.workbook import MAGIC, workbook

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from chokepoint.model.identity import Entity

LIMIT = 64 * 1024
FIRST_LINES = 15
"""Lines in which a report's day of publication is looked for."""
_DEEPEST = 100
_PARSE_LIMIT = 128 * 1024 * 1024
_NEWLINE = re.compile(r"\r\n|\n|\r")
_PLACE = re.compile(
    r"(?:page (?P<page>\d{1,7})(?: line (?P<pageline>\d{1,9}))?"
    r"|lines? (?P<line>\d{1,9})(?: ?[-–] ?(?P<last>\d{1,9}))?"
    r"|(?:sheet (?P<sheet>.{1,200}?),? )?row (?P<row>\d{1,9})"
    r"|(?P<first>first lines)"
    r"|record (?P<record>\d{1,9})"
    r"|(?P<paragraph>(?:[a-z]{1,12}\d{0,3} )?paragraph \d{1,9})"
    r"|(?P<drawn>entity|link) (?P<number>\d{1,9}))(?:,.*)?",
    re.DOTALL,
)
_WORDS = re.compile(r"[^\w]+")


class Region:
    """Reads places of one capture; the capture is decoded and parsed at most once."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def at(self, place: str) -> str:
        """The text that stands at a place, at most 64 Ki characters of it.

        Raises:
            NotFoundError: the capture has no such place.
            BadInputError: the place is not of a form known here, or the capture cannot be read so.
        """
        if place.startswith("/"):
            return _render(_walk(self._document, place))
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
            return "\n".join(_slice(self._lines, first, last))[:LIMIT]
        if found["row"]:
            return self._row(int(found["row"]), _unquoted(found["sheet"]))
        if found["drawn"]:
            return self._drawn(found["drawn"], int(found["number"]))
        return self._paragraph(place) if found["paragraph"] else self._record(int(found["record"]))

    def _paragraph(self, place: str) -> str:
        place = place.partition(",")[0].strip()
        text = next((one.text for one in paragraphs(self._data) if one.place == place), None)
        if text is None:
            raise NotFoundError(Said("there is no {place}", place=place))
        return text[:LIMIT]

    def _drawn(self, what: str, number: int) -> str:
        """What stands in an entity of a graph, or in a link and its two ends."""
        entities, links = self._graph
        if what == "entity":
            return _properties(_slice(entities, number, number))
        link = _slice(links, number, number)[0]
        return _properties([link, *(one for one in entities if one.id in {link.source, link.target})])

    @cached_property
    def _graph(self) -> tuple[tuple[MtgxEntity, ...], tuple[MtgxLink, ...]]:
        return read_mtgx(self._data)

    @cached_property
    def _text(self) -> str:
        return read_text(self._data).text

    @cached_property
    def _lines(self) -> list[str]:
        return _NEWLINE.split(self._text)

    @cached_property
    def _document(self) -> Any:
        if len(self._data) > _PARSE_LIMIT:
            raise TooLargeError("too large to be parsed for one place")
        try:
            return json.loads(self._text)
        except (ValueError, RecursionError):
            return _yaml(self._text)

    @cached_property
    def _rows(self) -> list[list[str]]:
        sample = self._text[:8192]
        delimiter = max(",;\t|", key=sample.count)
        try:
            return list(csv.reader(io.StringIO(self._text, newline=""), delimiter=delimiter))
        except csv.Error as error:
            raise BadInputError(Said("not a table: {error}", error=str(error))) from None

    def _row(self, number: int, sheet: str | None) -> str:
        if sheet is not None or self._data.startswith(MAGIC):
            return " | ".join(_slice(self._sheet(sheet), number, number)[0])[:LIMIT]
        return " | ".join(_slice(self._rows, number, number)[0])[:LIMIT]

    def _sheet(self, name: str | None) -> list[list[str]]:
        name = next(iter(self._sheets), "") if name is None else name
        if name not in self._sheets:
            raise BadInputError(Said("no sheet {name!r} with anything in it", name=name))
        return self._sheets[name]

    @cached_property
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
                return _render(_slice(_records(self._document), number, number)[0])
            except BadInputError:
                filled = [line for line in self._lines if line.strip()]
                return str(_slice(filled, number, number)[0])[:LIMIT]
        return self._row(number, None)

    def _page(self, number: int, line: str | None) -> str:
        import pypdf  # noqa: PLC0415 - loaded for PDF only

        try:
            pages = pypdf.PdfReader(io.BytesIO(self._data)).pages
            text = _slice(pages, number, number)[0].extract_text()
        except NotFoundError:
            raise
        except Exception as error:  # noqa: BLE001 - pypdf raises whatever a hostile file makes it raise
            raise BadInputError(Said("not a readable PDF: {error}", error=type(error).__name__)) from None
        if line:
            text = _slice(_NEWLINE.split(text), int(line), int(line))[0]
        return str(text)[:LIMIT]


def _unquoted(name: str | None) -> str | None:
    """The name of a sheet, which collectors write as Python does and people as it is."""
    if name is None or name[:1] not in "'\"" or name[-1:] != name[:1]:
        return name
    try:
        return str(ast.literal_eval(name))
    except (ValueError, SyntaxError):
        return name


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


def _unicode_host(value: str) -> str:
    try:
        return value.encode().decode("idna")
    except UnicodeError:
        return ""


def _slice(items: Any, first: int, last: int) -> Any:
    """Items number `first` to `last`, from 1, both included."""
    if not 1 <= first <= last <= len(items):
        asked = f"{first}" if first == last else f"{first}-{last}"
        raise NotFoundError(Said("there is no {asked} of {held}", asked=asked, held=len(items)))
    return [items[index] for index in range(first - 1, last)]


def _records(document: Any) -> list[Any]:
    if isinstance(document, list):
        return document
    if isinstance(document, dict):
        lists = [value for value in document.values() if isinstance(value, list)]
        return max(lists, key=len, default=[document])
    return [document]


def _yaml(text: str) -> Any:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        _check_depth(yaml.parse(text, Loader=loader))
        return yaml.load(text, Loader=loader)  # noqa: S506 - both are safe loaders
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise BadInputError(Said("neither JSON nor YAML: {error}", error=str(error)[:120])) from None


def _check_depth(events: Iterable[yaml.Event]) -> None:
    """Refuse nesting on which the C loader, which recurses, would crash the process."""
    depth = 0
    for event in events:
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > _DEEPEST:
                raise TooLargeError(Said("nested more than {deepest} deep", deepest=_DEEPEST))
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _walk(document: Any, pointer: str) -> Any:
    value = document
    for step in pointer.split("/")[1:]:
        key = step.replace("~1", "/").replace("~0", "~")
        if isinstance(value, dict) and key in value:
            value = value[key]
        elif isinstance(value, list) and re.fullmatch(r"0|[1-9]\d{0,8}", key) and int(key) < len(value):
            value = value[int(key)]
        else:
            raise NotFoundError(Said("nothing stands at {pointer!r}", pointer=pointer[:120]))
    return value


def _plain(value: Any) -> str:
    """A single value as text; of a number of thousands of digits, which Python does not write, nothing."""
    try:
        return str(value)
    except ValueError:
        return ""


def _render(value: Any) -> str:
    """A parsed value as text, bounded even where YAML aliases would multiply it."""
    parts: list[str] = []
    room = LIMIT
    stack = [value]
    while stack and room > 0:
        item = stack.pop()
        if isinstance(item, dict):
            stack.extend(
                part
                for key, inner in reversed(list(item.items())[:4096])
                for part in (inner, f"{_plain(key)}:")
            )
        elif isinstance(item, list):
            stack.extend(reversed(item[:4096]))
        else:
            parts.append(_plain(item)[:room])
            room -= len(parts[-1]) + 1
    return " ".join(parts)
