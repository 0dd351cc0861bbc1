from __future__ import annotations

import pytest
from line_reading import claims, document, excerpt, rejected, skipped, triples, unaccounted

from chokepoint.collect.operations_csv import OperationsCsv, called, countries
from chokepoint.model.claim import Interval
from chokepoint.model.errors import NotValidError
from chokepoint.model.figure import FIGURE, read_figure
from chokepoint.model.marking import Marking, Tlp
from chokepoint.model.source import Grading

HEAD = "operation,start,end,country,measure,qualifier,value,unit,source_url,note\n"


def read(row: str, head: str = HEAD):
    return list(OperationsCsv().read(document(head + row, "figures.csv")))


def figures(items) -> list[str]:
    return [str(claim.object) for claim in claims(items) if claim.property == FIGURE]


@pytest.fixture(scope="module")
def real():
    return list(OperationsCsv().read(excerpt("operations.csv")))


def test_a_row_says_a_figure_its_country_its_address_and_its_note():
    items = read(
        "Serengeti,2024-09-02,2024-10-31,KE,arrests,~,24,,https://kahawatungu.com/x/,conflicts with SA24\n"
    )
    assert triples(items) == {
        ("event:operation serengeti", "figure", "arrests in KE: about 24"),
        ("event:operation serengeti", "located-in", "country:ke"),
        ("event:operation serengeti", "reference", "https://kahawatungu.com/x/"),
        ("event:operation serengeti", "observation", "conflicts with SA24"),
    }
    assert {claim.place for claim in claims(items)} == {"line 2"}
    assert {claim.observed for claim in claims(items)} == {Interval("2024-09-02", "2024-11-01")}
    assert {claim.provenance.origin for claim in claims(items)} == {"kahawatungu.com"}
    assert claims(items)[0].raw == "Serengeti"


def test_every_figure_of_the_real_table_is_taken_and_reads_back(real):
    assert len(figures(real)) == 149
    assert rejected(real) == []
    assert skipped(real) == {"header row": 1}
    assert all(read_figure(text).text == text for text in figures(real))


def test_no_line_of_the_real_table_is_lost(real):
    text = excerpt("operations.csv").data.decode()
    assert unaccounted(text, real) == 1  # what follows the last newline


def test_conflicting_figures_of_the_real_table_stand_side_by_side(real):
    kenya = {
        (str(claim.object), claim.provenance.origin)
        for claim in claims(real)
        if claim.property == FIGURE
        and claim.subject.value == "operation serengeti"
        and str(claim.object).startswith("arrests in KE")
    }
    assert kenya == {
        ("arrests in KE: about 24", "kahawatungu.com"),
        ("arrests in KE: 20", "securityaffairs.com"),
    }


def test_what_interpol_says_itself_has_interpol_as_its_origin(real):
    sentinel = [claim for claim in claims(real) if str(claim.object) == "arrests: 574"]
    assert [claim.provenance.origin for claim in sentinel] == ["INTERPOL"]


@pytest.mark.parametrize(
    ("start", "end", "interval"),
    [
        pytest.param("2025-06", "2025-08", Interval("2025-06-01", "2025-09-01", "month"), id="months"),
        pytest.param("2024", "2024", Interval("2024-01-01", "2025-01-01", "year"), id="a year"),
        pytest.param(
            "2024", "2025-10", Interval("2024-01-01", "2025-11-01", "year"), id="the vaguer decides"
        ),
        pytest.param("2024-02", "", Interval("2024-02-01", "", "month"), id="no end"),
        pytest.param("", "2024-02", Interval("", "2024-03-01", "month"), id="no beginning, a leap year"),
        pytest.param("2025-01-02", "2025-01-02", Interval("2025-01-02", "2025-01-03"), id="one day"),
        pytest.param("", "", None, id="no day"),
    ],
)
def test_days_months_and_years_are_kept_as_exact_as_they_are_known(start, end, interval):
    (claim,) = claims(read(f"X,{start},{end},ALL,arrests,=,3,,,\n"))
    assert claim.observed == interval


@pytest.mark.parametrize("days", ["soon,later", "2024-13,2024-14", "2025-05-02,2025-05-01", "20240,20241"])
def test_a_row_with_days_that_are_none_is_taken_without_them_and_said_so(days):
    items = read(f"X,{days},ALL,arrests,=,3,,,\n")
    assert figures(items) == ["arrests: 3"]
    assert [claim.observed for claim in claims(items)] == [None]
    assert ["without its days" in one.reason for one in rejected(items)] == [True]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        pytest.param("X,,,ALL,arrests,=,many,,,", "many", id="no number"),
        pytest.param("X,,,ALL,arrests,=,,,,", "no amount", id="no value"),
        pytest.param("X,,,ALL,arrests,=,-3,,,", "-3", id="below nothing"),
        pytest.param("X,,,ALL,arrests,=,24..20,,,", "low first", id="a range upside down"),
        pytest.param("X,,,ALL,,=,3,,,", "no measure", id="no measure"),
        pytest.param("X,,,ALL,a: b,=,3,,,", "colon", id="a measure with a colon"),
        pytest.param("X,,,ALL,arrests,!,3,,,", "!", id="an unknown qualifier"),
        pytest.param("X,,,ALL,losses,=,3,US dollars,,", "unit", id="an unknown unit"),
        pytest.param("X,,,Atlantis,arrests,=,3,,,", "Atlantis", id="no country"),
        pytest.param("X,,,KE+Atlantis,arrests,=,3,,,", "Atlantis", id="one of two is none"),
        pytest.param(",,,ALL,arrests,=,3,,,", "event", id="no operation"),
        pytest.param("X", "measure", id="a row that ends early"),
    ],
)
def test_a_row_that_says_no_figure_is_rejected_with_line_and_mend(row, said):
    items = read(row + "\nY,,,ALL,arrests,=,4,,,\n")
    assert figures(items) == ["arrests: 4"]
    (refusal,) = rejected(items)
    assert refusal.place == "line 2"
    assert said in refusal.reason or "no amount" in refusal.reason
    assert "Mend: " in refusal.reason


@pytest.mark.parametrize(
    ("cell", "codes"),
    [
        ("KE", ("KE",)), ("kenya", ("KE",)), ("GH+NG", ("GH", "NG")), ("NG + GH", ("GH", "NG")),
        ("KE+KE", ("KE",)), ("ALL", ()), ("all", ()), ("", ()), (" ", ()),
    ],
)  # fmt: skip
def test_countries_are_read_as_codes_or_names(cell, codes):
    assert countries(cell) == codes


@pytest.mark.parametrize("cell", ["K", "KE+", "KE,UG", "ALL+KE", "XX"])
def test_what_is_no_country_is_refused_rather_than_left_out(cell):
    with pytest.raises(NotValidError):
        countries(cell)


def test_a_range_is_kept_as_a_range():
    assert figures(read("X,,,ALL,arrests,=,20..24,,,\n")) == ["arrests: 20 to 24"]


def test_a_name_that_says_operation_already_is_not_called_so_twice():
    assert called("Operation Red Card") == "Operation Red Card"
    first = claims(read("Operation Red Card,,,ALL,arrests,=,3,,,\n"))[0]
    second = claims(read("Red Card,,,ALL,arrests,=,3,,,\n"))[0]
    assert first.subject == second.subject


@pytest.mark.parametrize(
    ("head", "is_ours"),
    [
        pytest.param(HEAD, True, id="as published"),
        pytest.param("measure;value;operation;note\n", True, id="another order and separator"),
        pytest.param("\ufeffOperation,Measure,Value,Unit\n", True, id="capitals and a byte order mark"),
        pytest.param("figures of 2025\noperation,measure,value,country\n", True, id="a line before"),
        pytest.param("operation,measure,value\n", False, id="nothing beside the three could be anything"),
        pytest.param("operation,value,country\n", False, id="no measure"),
        pytest.param("the operation used a measure of value, in a country\n", False, id="prose"),
        pytest.param("", False, id="empty"),
    ],
)
def test_it_is_recognised_by_its_header(head, is_ours):
    assert OperationsCsv().recognises(document(head)) is is_ours


def test_lines_before_the_header_and_blank_ones_are_counted():
    items = read("\nX,KE,arrests,3\n", "figures\noperation,country,measure,value\n")
    assert figures(items) == ["arrests in KE: 3"]
    assert skipped(items) == {"line before the header row": 1, "header row": 1, "blank line": 1}


def test_a_column_that_nobody_knows_is_kept_and_cells_beyond_are_reported():
    items = read("X,KE,arrests,3,sting,lost\n", "operation,country,measure,value,type\n")
    assert ("event:operation x", "attribute", "type: sting") in triples(items)
    assert ["lost" in one.reason for one in rejected(items)] == [True]


@pytest.mark.parametrize(
    "hostile", ["=cmd()", "\u202egnihsihp", "<script>alert(1)</script>", "a" * 5000, "\x00", "\u0405erengeti"]
)
def test_hostile_names_are_named_or_rejected_and_take_no_other_row_with_them(hostile):
    items = read(f'"{hostile}",,,ALL,arrests,=,3,,,\nY,,,ALL,arrests,=,4,,,\n')
    assert "arrests: 4" in figures(items)
    assert len(figures(items)) + len(rejected(items)) >= 2


def test_the_marking_and_grade_that_a_person_gives_hold_for_every_row():
    given = document(
        HEAD + "X,,,ALL,arrests,=,3,,https://a.com,\n",
        marking=Marking(tlp=Tlp.AMBER), grading=Grading("B", "2"),
    )  # fmt: skip
    for claim in claims(OperationsCsv().read(given)):
        assert claim.provenance.marking.tlp is Tlp.AMBER
        assert claim.provenance.grading.code == "B2"


def test_a_row_that_ends_before_its_operation_costs_no_other_row():
    items = read("2024,2024\n2024,2024,arrests,24,Serengeti\n", "start,end,measure,value,operation\n")
    assert [item.place for item in rejected(items)] == ["line 2"]
    assert figures(items) == ["arrests: 24"]
