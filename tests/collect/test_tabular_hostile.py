"""Tables as hands and programs spoil them: ragged, doubled, merged, quoted, labelled, listed in one cell."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from line_reading import claims, document, rejected, skipped, unaccounted

from books import sheet, workbook
from chokepoint.collect.mapping import Column, Mapping, explain, from_json, propose
from chokepoint.collect.tables import MOST_COLUMNS, Table, header_row, tables
from chokepoint.collect.tabular import Tabular
from chokepoint.model.errors import NotValidError
from chokepoint.model.marking import Marking, Tlp

WALLET = "1BoatSLRHtKNngkdXEeobR76b53LETtpyT"


def read(text: str | bytes, path: str = "table.csv", **more: object) -> list:
    return list(Tabular().read(document(text, path, **more)))


def said(items: list) -> list[str]:
    return [f"{one.place}: {one.subject} {one.property} {one.object}" for one in claims(items)]


def test_a_short_row_says_what_it_holds_and_is_counted():
    items = read("domain,category,note\nevil-a.com,scam,x\nevil-b.com\n")
    assert skipped(items) == {"header row": 1, "row shorter than the header": 1}
    assert said(items)[-1].startswith("line 3: domain-name:evil-b.com mentioned-in")


def test_a_long_row_says_what_fits_and_names_what_is_left_over():
    items = read("domain,category\nevil-a.com,scam,more,and more\nevil-b.com,scam\n")
    [part] = rejected(items)
    assert part.place == "line 2"
    assert part.reason == (
        "4 cells under 2 headers; left over: 'more | and more'. Mend: quote cells that hold separators"
    )
    assert said(items)[0] == "line 2: domain-name:evil-a.com category scam"


def test_blank_cells_beyond_the_headers_are_nothing():
    items = read("domain,category\nevil-a.com,scam,,,\n")
    assert not rejected(items)


def test_a_row_of_blanks_is_a_blank_line():
    assert skipped(read("domain,category\nevil-a.com,scam\n,\n , \n"))["blank line"] == 2


@pytest.mark.parametrize("blank", ["", "-", "n/a", "NULL", "None", "unknown", "?", "ไม่มี", "#N/A", "nan"])
def test_a_cell_that_stands_for_nothing_says_nothing(blank: str):
    items = read(f"domain,wallet,category\nevil-a.com,{WALLET},scam\nevil-b.com,{blank},scam\n")
    assert [line for line in said(items) if "line 3" in line] == [
        "line 3: domain-name:evil-b.com category scam"
    ]
    assert not rejected(items)


def test_headers_that_stand_twice_are_two_columns():
    items = read("domain,domain,note,note\nevil-a.com,evil-b.com,x,y\n")
    assert said(items) == [
        "line 2: domain-name:evil-a.com mentioned-with domain-name:evil-b.com",
        "line 2: domain-name:evil-a.com description x",
        "line 2: domain-name:evil-a.com description y",
    ]


def test_a_header_row_that_comes_again_is_skipped_each_time():
    items = read("domain,category\nevil-a.com,scam\nDomain,Category\nevil-b.com,scam\n")
    assert skipped(items) == {"header row": 2}
    assert len(said(items)) == 2


@pytest.mark.parametrize(
    ("rows", "at"),
    [
        pytest.param([["domain", "note"], ["evil.com", "x"]], 0, id="on top"),
        pytest.param([["Report of May"], ["domain", "note"], ["evil.com", "x"]], 1, id="below a title"),
        pytest.param([["T", "T"], ["domain", "note"], ["evil.com", "x"]], 1, id="below a merged title"),
        pytest.param(
            [
                ["Site", "Site", "Money", "Money"],
                ["domain", "ip", "wallet", "sum"],
                ["e.com", "1.1.1.1", "x", "1"],
            ],
            1,
            id="below merged headings",
        ),
        pytest.param([["domain", "domain"], ["evil.com", "bad.com"]], -1, id="one word over all columns"),
        pytest.param([["a", "a", "b", "b"], ["e.com", "f.com", "x", "y"]], 0, id="words that repeat"),
        pytest.param([["evil.com", "x"], ["bad.com", "y"]], -1, id="nowhere"),
        pytest.param([["1", "2"], ["3", "4"]], -1, id="numbers"),
        pytest.param([], -1, id="nothing"),
        pytest.param([["", ""], ["domain", "note"], ["evil.com", "x"]], 1, id="below a blank row"),
        pytest.param(
            [["domain", "note"], ["e.com", "x"], ["f.com", *"abcdefgh"], ["g.com", "y"]],
            0,
            id="above a long row",
        ),
    ],
)
def test_the_header_row_is_found(rows: list[list[str]], at: int):
    assert header_row(rows) == at


def test_merged_headings_in_a_workbook_stand_above_the_headers():
    rows = [
        ["Where", "", "Money", ""],
        ["domain", "category", "wallet", "note"],
        ["evil-a.com", "scam", WALLET, "x"],
    ]
    items = read(workbook(("S", sheet(rows, merged=["A1:B1", "C1:D1"]))), "t.xlsx")
    assert said(items) == [
        f"sheet 'S', row 3: domain-name:evil-a.com requests-payment-to crypto-address:{WALLET}",
        "sheet 'S', row 3: domain-name:evil-a.com category scam",
        "sheet 'S', row 3: domain-name:evil-a.com description x",
    ]
    assert skipped(items) == {"line before the header row": 1, "header row": 1}


def test_a_value_merged_over_rows_belongs_to_each_of_them():
    rows = [["domain", "category"], ["evil-a.com", "scam"], ["evil-b.com", ""]]
    items = read(workbook(("S", sheet(rows, merged=["B2:B3"]))), "t.xlsx")
    assert [line.partition(": ")[2] for line in said(items)] == [
        "domain-name:evil-a.com category scam",
        "domain-name:evil-b.com category scam",
    ]


@pytest.mark.parametrize("mark", [" ", ";", "|", "\n", "; "])
def test_a_cell_with_several_things_says_each(mark: str):
    items = read(f'domain,ip\nevil-a.com,"192.0.2.1{mark}192.0.2.2"\nevil-b.com,192.0.2.3\n')
    assert {str(one.object) for one in claims(items) if one.place == "line 2"} == {
        "ipv4-addr:192.0.2.1",
        "ipv4-addr:192.0.2.2",
    }


def test_a_cell_that_its_column_does_not_know_is_refused_and_its_row_taken():
    items = read("domain,ip\nevil-a.com,192.0.2.1\nevil-b.com,999.0.2.2\nevil-c.com,192.0.2.3\n")
    [part] = rejected(items)
    assert part.place == "line 3, column 'ip'"
    assert part.reason == "'999.0.2.2' is no ipv4-addr that we know. Mend: compare it with the source"


def test_a_row_about_nothing_is_refused_by_its_line():
    items = read("domain,note\nevil-a.com,x\nnot a domain,y\nevil-b.com,z\n")
    assert [part.place for part in rejected(items)] == ["line 3, column 'domain'", "line 3"]


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        pytest.param("=cmd|' /C calc'!A0", "=cmd|' /C calc'!A0", id="a formula in a text"),
        pytest.param("+1+1", "+1+1", id="another"),
        pytest.param("<script>alert(1)</script>", "<script>alert(1)</script>", id="markup"),
        pytest.param("'; DROP TABLE x;--", "'; DROP TABLE x;--", id="SQL"),
        pytest.param("\u202eback\u202c", "\u202eback\u202c", id="marks of direction"),
    ],
)
def test_a_hostile_cell_is_kept_as_the_text_that_it_is(cell: str, shown: str):
    text = '"' + cell.replace('"', '""') + '"'
    items = read(f"domain,note\nevil-a.com,{text}\n")
    assert said(items) == [f"line 2: domain-name:evil-a.com description {shown}"]


def test_more_columns_than_anybody_reads_are_cut_and_told():
    head = ",".join(["domain", *(f"c{number}" for number in range(MOST_COLUMNS))])
    row = ",".join(["evil-a.com", *("x" for _ in range(MOST_COLUMNS))])
    items = read(f"{head}\n{row}\n")
    assert {part.reason for part in rejected(items)} == {
        f"{MOST_COLUMNS + 1} columns, cut at {MOST_COLUMNS}. Mend: split the table"
    }
    assert claims(items)


def test_rows_beyond_the_limit_are_told_at_their_place(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("chokepoint.collect.tables.MOST_ROWS", 3)
    items = read("domain,note\n\nevil-a.com,x\n\nevil-b.com,y\nevil-c.com,z\nevil-d.com,w\n")
    assert {one.subject.value for one in claims(items)} == {"evil-a.com", "evil-b.com"}
    assert [part.place for part in rejected(items)] == ["line 6"]
    book = workbook(
        ("S", sheet([["domain", "note"], ["evil-a.com", "x"], ["evil-b.com", "y"], ["evil-c.com", "z"]]))
    )
    assert [part.place for part in rejected(read(book, "t.xlsx"))] == ["sheet 'S', row 4"]


def labelled(*labels: str, marking: Marking | None = None) -> dict[str, str]:
    rows = "".join(f"evil{number}.com,x,{label}\n" for number, label in enumerate(labels))
    items = read(f"domain,note,tlp\n{rows}", marking=marking or Marking())
    return {one.subject.value: one.provenance.marking.tlp.name for one in claims(items)}


def test_each_row_is_as_closed_as_its_label():
    assert labelled("CLEAR", "green", "TLP:AMBER", "amber+strict", "Red", "white", "") == {
        "evil0.com": "CLEAR", "evil1.com": "GREEN", "evil2.com": "AMBER", "evil3.com": "AMBER_STRICT",
        "evil4.com": "RED", "evil5.com": "CLEAR", "evil6.com": "CLEAR",
    }  # fmt: skip


def test_no_label_opens_what_the_collector_closed():
    assert set(labelled("CLEAR", "GREEN", "", marking=Marking(tlp=Tlp.AMBER)).values()) == {"AMBER"}


@pytest.mark.parametrize("label", ["PURPLE", "TLP", "AMBER RED", "7", "ambre"])
def test_a_row_under_an_unknown_label_is_not_taken(label: str):
    assert labelled("GREEN", label, "RED") == {"evil0.com": "GREEN", "evil2.com": "RED"}


def test_a_column_of_that_name_without_any_label_is_kept_as_it_is():
    items = read("domain,tlp\nevil-a.com,17\nevil-b.com,18\n")
    assert said(items) == [
        "line 2: domain-name:evil-a.com attribute tlp: 17",
        "line 3: domain-name:evil-b.com attribute tlp: 18",
    ]


def test_what_a_row_says_beside_its_subject_is_as_closed():
    items = read(f"domain,wallet,telegram,tlp\nevil-a.com,{WALLET},@ghost_x,RED\n")
    assert {one.provenance.marking.tlp for one in claims(items)} == {Tlp.RED}
    assert len(claims(items)) >= 3


columns = st.builds(
    Column,
    index=st.integers(0, 5),
    header=st.text(max_size=12).map(lambda text: text.encode("utf-8", "replace").decode()),
    role=st.sampled_from(
        ["entity", "name-server", "date", "first-seen", "last-seen", "attribute", "bank", "marking"]
    ),
    kind=st.sampled_from(["", "domain-name", "phone-number:TH", "bank-account:TH", "user-account:telegram"]),
    day_first=st.sampled_from([None, True, False]),
    why=st.text("abc ", max_size=8),
)


@given(st.lists(columns, max_size=5), st.integers(-1, 5))
def test_a_mapping_is_read_back_as_it_was_written(made: list[Column], subject: int):
    mapping = Mapping(headers=tuple(one.header for one in made), columns=tuple(made), subject=subject)
    assert from_json(mapping.to_json()) == mapping


@pytest.mark.parametrize(
    "text",
    [
        "", "{}", "[]", "null", "7", "not json", '{"version": 1}', '{"version": 2, "columns": [], "headers": []}',
        '{"version": 1, "columns": [{}], "headers": [], "subject": 0}',
        '{"version": 1, "columns": [{"index":0,"header":"x","role":"nonsense"}], "headers": ["x"], "subject": 0}',
        '{"version": 1, "columns": [{"index":0,"header":"x","role":"entity","kind":"ufo"}], "headers": ["x"], "subject": 0}',
        '{"version": 1, "columns": [], "headers": [], "subject": "first"}',
    ],
)  # fmt: skip
def test_what_is_no_mapping_is_refused(text: str):
    with pytest.raises(NotValidError, match="mapping"):
        from_json(text)


def test_headers_that_differ_only_in_case_and_marks_are_one_layout():
    one = propose(["First Seen", "Domain-Name"], [["2020-01-01", "evil.com"]])
    other = propose(["first seen", "domain name"], [["2021-01-01", "other.com"]])
    assert one.fingerprint == other.fingerprint
    assert one.fingerprint != propose(["domain name", "first seen"], [["evil.com", "2020-01-01"]]).fingerprint


def test_what_a_person_is_shown_names_every_column_once():
    mapping = propose(["domain", "who", "seen"], [["evil.com", "Ann", "2020-01-01"]])
    lines = explain(mapping).split("\n")
    assert [line.strip().partition(":")[0] for line in lines[1:4]] == ["'domain'", "'who'", "'seen'"]
    assert lines[-1] == "Kept as found: who"
    assert sum("what each row is about" in line for line in lines) == 1


cells = st.sampled_from(
    ["evil-a.com", "192.0.2.1", "x", "", "2020-01-01", WALLET, "a;b", "AMBER", "999.9.9.9"]
)


@given(st.lists(st.lists(cells, min_size=1, max_size=5), min_size=1, max_size=8))
@example([["a;b"], ["evil-a.com"], ["a;b"]])
def test_every_line_of_any_table_is_a_claim_a_rejection_or_a_skip(rows: list[list[str]]):
    text = "\n".join(["domain,first seen,note", *(",".join(row) for row in rows)]).rstrip("\n")
    assert unaccounted(text, read(text)) <= 0


@given(st.lists(st.lists(cells, min_size=1, max_size=5), min_size=1, max_size=8))
def test_no_row_is_read_twice_and_none_out_of_order(rows: list[list[str]]):
    text = "\n".join(["domain,first seen,note", *(",".join(row) for row in rows)])
    [table] = [part for part in tables(document(text)) if isinstance(part, Table)]
    numbers = [row.line for row in table.rows() if hasattr(row, "line")]
    assert numbers == sorted(set(numbers))
