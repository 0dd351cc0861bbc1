"""Every cell of every layout whose records are rows, spoilt in turn: the cost is its own row, and the row says so."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from line_reading import claims, document, lines_named, rejected, skipped, triples, unaccounted

from chokepoint.collect.campaign_csv import CampaignCsv
from chokepoint.collect.meta_csv import MetaCsv
from chokepoint.collect.operations_csv import OperationsCsv
from chokepoint.collect.tabular import Tabular
from chokepoint.store.base import claim_row

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

WALLET = "1BoatSLRHtKNngkdXEeobR76b53LETtpyT"


@dataclass(frozen=True, kw_only=True)
class Layout:
    """A layout of rows: its collector, the name of a file of it, its header and three rows that stand alone.

    `more` are rows after them that show what the columns of a layout hold that has no fixed words.
    """

    name: str
    collector: Callable[[], Any]
    path: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    more: tuple[tuple[str, ...], ...] = ()

    def text(self, rows: Sequence[Sequence[str]]) -> str:
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerows([self.header, *rows, *self.more])
        return out.getvalue()

    def read(self, rows: Sequence[Sequence[str]]) -> list:
        return list(self.collector().read(document(self.text(rows), self.path)))

    def with_cell(self, row: int, column: int, cell: str) -> list[list[str]]:
        rows = [list(one) for one in self.rows]
        rows[row][column] = cell
        return rows


LAYOUTS = (
    Layout(
        name="campaign",
        collector=CampaignCsv,
        path="winter_fox_iocs.csv",
        header=("type", "indicator", "classification", "detected_date", "colour"),
        rows=(
            ("domain", "fox-a.com", "phishing", "2024-03-05", "red"),
            ("ip", "91.243.44.50", "c2", "2024-03-06", "blue"),
            ("email", "boss@fox-b.com", "benign", "2024-03-07", "green"),
        ),
    ),
    Layout(
        name="operations",
        collector=OperationsCsv,
        path="fox.csv",
        header=("operation", "start", "end", "country", "measure", "qualifier", "value", "unit", "source_url", "note"),
        rows=(
            ("Fox", "2024-03", "2024-04", "KE", "arrests", "~", "20", "", "https://a.com/x", "first"),
            ("Wolf", "2024", "2025", "GH+NG", "losses", "=", "300..400", "USD", "https://b.com/x", "second"),
            ("Bear", "2024-03-05", "", "", "victims", ">", "40", "", "", "third"),
        ),
    ),
    Layout(
        name="meta",
        collector=MetaCsv,
        path="2024_network.csv",
        header=("indicator_type", "indicator_value", "comment", "ds"),
        rows=(
            ("domain", "fox-a.com", "by APT29", "2024-03-05"),
            ("url", "http://fox-b.com/x", "C2", "2024-03-06"),
            ("domain", "fox-c.com", "", ""),
        ),
    ),
    Layout(
        name="table",
        collector=Tabular,
        path="desk/sites.csv",
        header=("domain", "ip", "wallet", "amount", "first seen", "last seen", "note"),
        rows=(
            ("fox-a.com", "91.243.44.50", WALLET, "5000", "2024-03-05", "2024-03-06", "one"),
            ("fox-b.com", "91.243.44.51", "", "", "2024-03-05", "", "two"),
            ("fox-c.com", "91.243.44.52", "", "7", "", "", "three"),
        ),
        more=tuple(
            (f"bear-{number}.com", f"91.243.45.{number}", WALLET, f"{number}", "2024-04-05", "2024-04-06", "more")
            for number in range(1, 13)
        ),
    ),
)  # fmt: skip
BY_NAME = {layout.name: layout for layout in LAYOUTS}

HOSTILE = {
    "right to left": "\u202emoc.live",
    "zero width": "fo\u200bx.com",
    "homograph": "fоx.com",
    "nothing but joiners": "\u200d\u200d\u2060",
    "nul": "a\x00b",
    "escape": "\x1b[31mred\x1b[0m",
    "bell": "\x07",
    "replacement": "\ufffd\ufffd",
    "markup": "<img src=x onerror=alert(1)>",
    "template": "{{7*7}} ${7*7} %(x)s %s",
    "formula": "=HYPERLINK(1)",
    "at formula": "@SUM(1)",
    "path": "../../../etc/passwd",
    "command": "; rm -rf / #",
    "sql": "' OR 1=1; --",
    "long": "é" * 5_000,
    "one long word": "a" * 40_000,
    "two lines": "a\nb",
    "a line like a row": "x\ndomain,fox-z.com,phishing,2024-03-05",
    "quotes": '"""',
    "separators": ";|\t,",
    "a number beyond": "9" * 400,
    "a negative number": "-1",
    "a float that is none": "NaN",
    "a year beyond": "99999-01-01",
    "an address of nobody": "999.999.999.999",
    "combining marks": "Z" + "\u0301" * 500,
    "blanks of other scripts": "\u3000\u00a0\u2003",
}

cells = [
    pytest.param(layout, column, id=f"{layout.name}, {layout.header[column]}")
    for layout in LAYOUTS
    for column in range(len(layout.header))
]
every_layout = pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
every_spoiling = pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)


def of_line(items, number: int) -> set[tuple[str, str, str]]:
    """What the line of that number says."""
    there = [one for one in claims(items) if one.place == f"line {number}"]
    return triples(there)


@every_spoiling
@every_layout
def test_a_hostile_cell_costs_no_other_row_anything(layout, hostile):
    whole = layout.read(layout.rows)
    for column in range(len(layout.header)):
        spoilt = layout.read(layout.with_cell(0, column, hostile))
        shift = hostile.count("\n")
        for line in (3, 4):
            assert of_line(spoilt, line + shift) == of_line(whole, line), layout.header[column]


@every_spoiling
@every_layout
def test_a_hostile_cell_is_taken_or_the_row_says_what_was_not(layout, hostile):
    whole = layout.read(layout.rows)
    for column in range(len(layout.header)):
        spoilt = layout.read(layout.with_cell(2, column, hostile))
        lost = of_line(whole, 4) - of_line(spoilt, 4)
        if hostile == "NaN" or not hostile.strip():
            continue  # stands for nothing
        new = of_line(spoilt, 4) - of_line(whole, 4)
        told = [one for one in rejected(spoilt) if one.place.startswith("line 4")]
        assert not lost or new or told, (layout.header[column], lost)
        assert all("Mend: " in one.reason for one in told)
        assert all(len(one.reason) < 600 for one in told), "a reason is no copy of the input"


@every_spoiling
@every_layout
def test_whatever_a_hostile_cell_becomes_fits_the_ledger(layout, hostile):
    for column in range(len(layout.header)):
        for claim in claims(layout.read(layout.with_cell(0, column, hostile))):
            if "\0" not in f"{claim.subject.value}{claim.object}{claim.raw}":  # refused: by gather
                claim_row(claim, b"k" * 32)


@pytest.mark.parametrize(("layout", "column"), cells)
def test_an_empty_cell_says_nothing_that_the_full_one_did_not(layout, column):
    whole, blank = layout.read(layout.rows), layout.read(layout.with_cell(0, column, ""))
    written = layout.rows[0][column]
    for subject, name, thing in of_line(blank, 2):
        assert not written or f"{layout.header[column]}: {written}" != thing, (subject, name)
    for line in (3, 4):
        assert of_line(blank, line) == of_line(whole, line)


@pytest.mark.parametrize(("layout", "column"), cells)
def test_a_column_that_is_left_out_altogether_loses_no_row_without_a_word(layout, column):
    header = [name for at, name in enumerate(layout.header) if at != column]
    rows = [[cell for at, cell in enumerate(row) if at != column] for row in layout.rows + layout.more]
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([header, *rows])
    items = list(layout.collector().read(document(out.getvalue(), layout.path)))
    assert unaccounted(out.getvalue().rstrip("\n"), items) <= 0


@every_layout
def test_the_order_of_columns_changes_nothing(layout):
    whole = {line: of_line(layout.read(layout.rows), line) for line in (2, 3, 4)}
    backwards = Layout(
        name="", collector=layout.collector, path=layout.path, header=layout.header[::-1],
        rows=tuple(row[::-1] for row in layout.rows), more=tuple(row[::-1] for row in layout.more),
    )  # fmt: skip
    assert {line: of_line(backwards.read(backwards.rows), line) for line in (2, 3, 4)} == whole


@every_layout
def test_capitals_and_blanks_around_headers_change_nothing(layout):
    shouted = Layout(
        name="", collector=layout.collector, path=layout.path,
        header=tuple(f" {name.upper()} " for name in layout.header), rows=layout.rows,
        more=layout.more,
    )  # fmt: skip
    whole, found = layout.read(layout.rows), shouted.read(shouted.rows)
    assert {(s, p) for s, p, _ in triples(found)} == {(s, p) for s, p, _ in triples(whole)}


@every_layout
@given(data=st.data())
def test_every_line_is_claim_rejection_or_skip_whatever_three_cells_hold(layout, data):
    rows = [list(row) for row in layout.rows]
    for _ in range(3):
        row, column = data.draw(st.sampled_from(list(product(range(3), range(len(layout.header))))))
        rows[row][column] = data.draw(st.sampled_from([one for one in HOSTILE.values() if "\n" not in one]))
    assert unaccounted(layout.text(rows).rstrip("\n"), layout.read(rows)) <= 0


@every_layout
@given(data=st.data())
def test_the_order_of_rows_changes_only_the_lines(layout, data):
    order = data.draw(st.permutations(range(3)))
    whole, found = layout.read(layout.rows), layout.read([layout.rows[at] for at in order])
    for line, at in enumerate(order):
        assert of_line(found, line + 2) == of_line(whole, at + 2)


@every_layout
def test_a_row_that_stands_twice_is_said_at_both_lines(layout):
    found = layout.read([*layout.rows, layout.rows[0]])
    own = {one for one in of_line(found, 2) if one[1] not in {"subdomain-of", "hosted-at"}}
    assert own <= of_line(found, 5) | of_line(found, 2)
    assert 5 in lines_named(found)


@every_layout
def test_lines_end_as_any_system_ends_them(layout):
    text = layout.text(layout.rows)
    for end in ("\r\n", "\r"):
        items = list(layout.collector().read(document(text.replace("\n", end), layout.path)))
        assert triples(items) == triples(layout.read(layout.rows)), repr(end)
        assert lines_named(items) == set(range(2, 5 + len(layout.more)))


@every_layout
def test_no_row_at_all_is_a_header_and_nothing_else(layout):
    bare = Layout(name="", collector=layout.collector, path=layout.path, header=layout.header, rows=())
    items = bare.read([])
    assert all(claim.place == "file name" for claim in claims(items))
    assert skipped(items).get("header row", 0) + len(rejected(items)) + sum(skipped(items).values()) >= 1
