"""A mapping proposed from the headers of a table and a sample of its values."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from chokepoint.collect.dates import order_of, read_day
from chokepoint.collect.mapping.links import IDENTIFIERS, NAMES, PAYMENTS
from chokepoint.collect.mapping.sample import (
    SHARE,
    is_marking,
    names_something,
    reads_two_ways,
    share_of_numbers,
)
from chokepoint.collect.mapping.value import DATES, Column, Mapping
from chokepoint.collect.mapping.words import (
    beside,
    hint,
    is_blank,
    names_victims,
    normal,
    of_certificate,
    party,
    posted,
    victim,
)
from chokepoint.model.errors import NotValidError
from chokepoint.model.said import Said
from chokepoint.values import registry
from chokepoint.values.text.exempt import exempts
from chokepoint.values.text.language import guess, regions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chokepoint.model.identity import Entity

SAMPLE = 400
HINTED_SHARE = 0.2
_PHONES = ("kind", "phone-number")
_ACCOUNTS = ("kind", "bank-account")
_BANKS = ("role", "bank")
_TRANSACTION = "crypto-transaction"
_CERTIFICATE = "x509-certificate"
DAY_FIRST = frozenset({"de", "fr", "es", "tr", "th"})
ACTORS = frozenset({"group", "malware", "campaign"})
_account = re.compile(r"[0-9][0-9 ./-]{4,22}[0-9xX]").fullmatch
_platform = re.compile(r"^(?:apk|asp|elf|ios|jar|js|jsp|osx|php|ps1|py|vbs|win)\.(?=[a-z0-9_]+$)")
"""How Malpedia writes a family's name: `win.remcos`."""
BARE_NAMES = frozenset({"name", "ชื่อ", "nom", "nombre", "名前", "isim"})
_code = re.compile(r"[A-Za-z$][A-Za-z0-9.$]{1,11}|\s*").fullmatch
REACHABLE = frozenset(
    {"email-addr", "phone-number", "bank-account", "user-account", "payment-handle", "crypto-address"}
)


def entity_of(value: str, kind: str) -> Entity | None:
    """The entity that a cell is under a column's kind; None if it is none.

    A national account number is written `bank:number`, with the bank of its row.
    """
    name, _, platform = kind.partition(":")
    value = _platform.sub("", value) if name == "malware" else value
    try:
        if name in {"phone-number", "bank-account"} and platform:
            return registry.parse(name, f"{platform}:{value}")
        if platform:
            return registry.parse("user-account", value if "://" in value else f"{platform}:{value}")
        if name in {
            "",
            "url",
            "domain-name",
            "ipv4-addr",
            "ipv6-addr",
            "file",
            "onion-service",
            "crypto-address",
        }:
            return registry.detect(value) or (registry.parse(name, value) if name else None)
        return registry.parse(name, value)
    except NotValidError:
        return None


def propose(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> Mapping:
    """A mapping from the headers and a sample of the rows.

    Args:
        headers: of all columns; empty texts for a table without.
        rows: cells of the first rows, at most `SAMPLE` are looked at.
    """
    width = len(headers) or max((len(row) for row in rows[:SAMPLE]), default=0)
    names = tuple(
        headers[at] if at < len(headers) and headers[at] else f"column {at + 1}" for at in range(width)
    )
    text = " ".join([*headers, *(cell for row in rows[:SAMPLE] for cell in row)])
    language = guess(text)
    columns = tuple(
        _column(
            at,
            names[at],
            [row[at] for row in rows[:SAMPLE] if at < len(row) and not is_blank(row[at])],
            day_first=language in DAY_FIRST or None,
        )
        for at in range(width)
    )
    country = regions(text, language)[0] if language != "en" else ""
    columns = _names_told_apart(_placed(columns, rows[:SAMPLE], country) if country else columns)
    columns = _victims(columns, rows[:SAMPLE])
    if _subject(columns) < 0:
        columns = tuple(_believed(column, rows[:SAMPLE]) for column in columns)
    return Mapping(headers=names, columns=_payments(columns, rows[:SAMPLE]), subject=_subject(columns))


def _victims(columns: tuple[Column, ...], rows: Sequence[Sequence[str]]) -> tuple[Column, ...]:
    """The columns of those who are hit: nothing in them is what a row is about. A count names nobody."""
    actors = any(column.role == "entity" and column.entity_kind in ACTORS for column in columns)
    named = [column for column in columns if names_victims(column.header) and not _counts(column, rows)]
    posts = actors and bool(named)
    return tuple(
        replace(column, role="victim", why=Said("header"))
        if (column.role == "entity" and victim(column.header, beside_actors=actors))
        or (column.role == "attribute" and column in named)
        or (posts and posted(column.header))
        else column
        for column in columns
    )


def _counts(column: Column, rows: Sequence[Sequence[str]]) -> bool:
    cells = [row[column.index] for row in rows if column.index < len(row)]
    values = [cell for cell in cells if not is_blank(cell)]
    return bool(values) and share_of_numbers(values) >= SHARE


def _payments(columns: tuple[Column, ...], rows: Sequence[Sequence[str]]) -> tuple[Column, ...]:
    """The two columns that say who pays whom, where there is one of each, and the currency's."""
    payer, payee = (
        [one for one in columns if one.entity_kind in PAYMENTS and party(one.header) == side]
        for side in ("payer", "payee")
    )
    if len(payer) != 1 or len(payee) != 1:
        return columns
    told = {payer[0].index: "payer", payee[0].index: "payee"}
    if any(column.role == "amount" for column in columns):
        told |= {
            column.index: "currency"
            for column in columns
            if party(column.header) == "currency"
            and all(_code(row[column.index]) for row in rows if column.index < len(row))
        }
    return tuple(
        replace(column, role=told[column.index], why=Said("header, {why}", why=column.why))
        if column.index in told
        else column
        for column in columns
    )


def _believed(column: Column, rows: Sequence[Sequence[str]]) -> Column:
    """A column whose header names an identifier, and of which one cell at least is one.

    Only for tables that hold nothing better: their other cells are refused one by one, by name.
    """
    section, meaning = hint(column.header)
    if section != "kind" or meaning not in IDENTIFIERS or column.role != "attribute":
        return column
    fits = any(entity_of(row[column.index], meaning) for row in rows if column.index < len(row))
    return (
        replace(column, role="entity", kind=meaning, why=Said("header, and a value that fits"))
        if fits
        else column
    )


def _placed(columns: tuple[Column, ...], rows: Sequence[Sequence[str]], country: str) -> tuple[Column, ...]:
    """Columns of national phone and account numbers, in the country that the table's language tells."""
    bank = next((column for column in columns if hint(column.header) == _BANKS), None)
    placed = []
    for column in columns:
        values = [row[column.index] for row in rows if column.index < len(row)]
        values = [value for value in values if not is_blank(value)]
        if hint(column.header) == _PHONES:
            placed.append(_phones(column, values, country))
        elif hint(column.header) == _ACCOUNTS and bank is not None:
            placed.append(_accounts(column, values, country))
        else:
            placed.append(column)
    if bank is not None and any(column.kind == f"bank-account:{country}" for column in placed):
        placed[bank.index] = replace(bank, role="bank", kind="", why=Said("header, beside account numbers"))
    return tuple(placed)


def _phones(column: Column, values: Sequence[str], country: str) -> Column:
    """The column with its country, unless every number says its own."""
    if values and all(entity_of(value, "phone-number") for value in values):
        return column
    kind = f"phone-number:{country}"
    fitting = sum(1 for value in values if entity_of(value, kind))
    if not values or fitting < HINTED_SHARE * len(values) or column.kind not in {"", "phone-number"}:
        return column
    return replace(
        column,
        role="entity",
        kind=kind,
        why=Said("header, and numbers as written in {country}", country=country),
    )


def _accounts(column: Column, values: Sequence[str], country: str) -> Column:
    fitting = sum(1 for value in values if _account(value))
    if not values or fitting < SHARE * len(values) or column.kind == "bank-account":
        return column
    kind = f"bank-account:{country}"
    return replace(
        column,
        role="entity",
        kind=kind,
        why=Said("header, and numbers as banks of {country} write", country=country),
    )


def _names_told_apart(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """A bare `name` is a malware's beside a hash, a person's beside an account, else only a name."""
    kinds = {column.entity_kind for column in columns if column.role == "entity"}
    return tuple(
        _bare_name(column, kinds)
        if column.kind == "persona" and normal(column.header) in BARE_NAMES
        else column
        for column in columns
    )


def _bare_name(column: Column, kinds: set[str]) -> Column:
    if "file" in kinds:
        return replace(column, kind="malware", why=Said("a name beside a hash"))
    if kinds & REACHABLE:
        return column
    return replace(column, role="attribute", kind="", why=Said("a name of something unknown"))


def _column(index: int, header: str, values: list[str], *, day_first: bool | None) -> Column:
    section, meaning = hint(header)
    if fixed := _by_header(index, header, values):
        return fixed
    kinds = Counter(found.kind for value in values if (found := registry.detect(value)))
    if meaning == _TRANSACTION and kinds["file"]:
        # 64 digits are as well a file's SHA-256, and only the header knows.
        kinds = Counter({_TRANSACTION: kinds["file"] + kinds[_TRANSACTION]})
    if of_certificate(header) and kinds["file"]:
        kinds = Counter({_CERTIFICATE: kinds["file"]})
    best, count = kinds.most_common(1)[0] if kinds else ("", 0)
    share = sum(kinds.values()) / len(values)
    if share >= SHARE and (share - count / len(values)) < 0.25 * share:
        role = "name-server" if meaning == "name-server" else "entity"
        return Column(
            index=index,
            header=header,
            role=role,
            kind=best,
            why=Said("{share}% of the values are {kind}", share=round(share * 100), kind=best),
        )
    if share >= SHARE:
        return Column(
            index=index,
            header=header,
            role="entity",
            kind="",
            why=Said("{share}% of the values are indicators of several kinds", share=round(share * 100)),
        )
    plain = Column(index=index, header=header, role="attribute", day_first=day_first)
    return _hinted(plain, (section, meaning), values)


def _by_header(index: int, header: str, values: list[str]) -> Column | None:
    """A column of which the header alone says how it is read, whatever its values look like."""
    section, meaning = hint(header)
    column = Column(index=index, header=header, role="attribute", why=Said("header"))
    if not values:
        return replace(column, why=Said("no values"))
    if meaning == "plain" or exempts(header):
        return column
    if meaning == "marking" and any(map(is_marking, values)):
        return replace(column, role="marking", why=Said("header, and values are TLP labels"))
    if told := beside(header):
        return replace(column, role="teller") if told == "teller" else column
    if section == "platform":
        return replace(column, role="entity", kind=f"user-account:{meaning}")
    return None


def _hinted(plain: Column, hinted: tuple[str, str], values: list[str]) -> Column:
    """A column by its header, where its values do not speak against it."""
    section, meaning = hinted
    index, header = plain.index, plain.header
    if section == "kind":
        share = sum(1 for value in values if entity_of(value, meaning)) / len(values)
        enough = SHARE if meaning in NAMES else HINTED_SHARE
        if share >= enough and (meaning not in NAMES or names_something(values)):
            return Column(
                index=index,
                header=header,
                role="entity",
                kind=meaning,
                why=Said("header, and {share}% of the values fit", share=round(share * 100)),
            )
    if section == "role" and meaning in {"category", "status", "description"}:
        return Column(index=index, header=header, role=meaning, why=Said("header"))
    if section == "role" and meaning == "amount" and share_of_numbers(values) >= SHARE:
        return Column(
            index=index, header=header, role="amount", why=Said("header, and the values are numbers")
        )
    order = plain.day_first if (told := order_of(values)) is None else told
    days = sum(1 for value in values if read_day(value, order)) / len(values)
    dated = section == "role" and meaning in DATES
    if days >= (HINTED_SHARE if dated else 0.9) and (
        dated or order is not None or share_of_numbers(values) < SHARE
    ):
        role = meaning if dated else "date"
        return Column(
            index=index,
            header=header,
            role=role,
            day_first=order,
            why=Said("{share}% of the values are days", share=round(days * 100)),
        )
    if meaning == "indicator":
        return Column(index=index, header=header, role="entity", kind="", why=Said("header"))
    two = next(filter(reads_two_ways, values), "") if dated and order is None else ""
    twice = Said("{day} may be read two ways: write {iso}", day=two[:20], iso="2026-01-31")
    why = twice if two else Said("kept as it is")
    return Column(index=index, header=header, role="attribute", why=why)


def _subject(columns: tuple[Column, ...]) -> int:
    """The column that a row is about: the first mixed one, else by the order of kinds, else a name."""
    entities = [column for column in columns if column.role == "entity"]
    for column in entities:
        if not column.kind:
            return column.index
    for kind in (*IDENTIFIERS, *NAMES[:-1]):
        for column in entities:
            if column.entity_kind == kind:
                return column.index
    return -1
