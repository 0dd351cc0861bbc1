"""`operation` and `impact` as an officer and a minister read them."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cli_desk import Desk

if TYPE_CHECKING:
    from collections.abc import Callable

REAL = Path(__file__).parents[1] / "data" / "collect" / "operations.csv"
REPORT = "a report over several operations, which counts what they counted"
FIGURE = ("--source", "Kenya Police", "--on", "2026-01-05", "--address", "https://police.example.ke/x")


@pytest.fixture(scope="module")
def real(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., list[str]]:
    """What a verb says, line by line, about the real operations; its columns one space apart."""
    desk = Desk(Path(shutil.copytree(made, tmp_path_factory.mktemp("real") / "atlas")))
    desk.ok("collect", str(REAL))

    def lines(*words: str) -> list[str]:
        return [" ".join(line.split()) for line in desk.ok(*words).splitlines()]

    return lines


def test_a_minister_reads_how_many_arrests_at_least_and_what_is_not_added(real):
    lines = real("impact", "list", "--measure", "arrests")
    assert lines[0] == "10 operations, 147 measures of them."
    start = lines.index("arrests: at least 3,760, counting nothing twice")
    days = "the same days, and not all countries of both are known"
    assert lines[start + 1 : start + 11] == [
        "+ Africa Cyber Surge II: 14",
        "+ Red Card: 306",
        "+ Red Card 2.0: 651",
        "+ Sentinel: 574",
        "+ Serengeti: 1,006",
        "+ Serengeti 2.0: 1,209",
        f"not added: ATLAS AGGREGATE (2025 report, as relayed), 1,209: {REPORT}",
        f"not added: Contender 2.0, 8: may be counted in Red Card already: {days}",
        f"not added: Contender 3.0, 260: may be counted in Serengeti 2.0 already: {days}",
        f"not added: Secure, 32: may be counted in Red Card already: {days}",
    ]


def test_sources_that_differ_are_told_with_their_names_and_none_is_preferred(real):
    lines = real("impact", "list")
    start = lines.index("Sources differ, and none is preferred:")
    assert (
        lines[start + 1] == "Serengeti, arrests in KE: about 24 (kahawatungu.com), 20 (securityaffairs.com)"
    )


def test_money_is_added_as_published_and_says_so(real):
    lines = real("impact", "list", "--measure", "recovered")
    start = lines.index("recovered: at least about 104,700,000 USD, counting nothing twice")
    assert lines[start + 1] == "amounts of the days on which they were published, added as they are"


def test_what_is_held_back_is_said_to_be_so(real):
    held = (
        "Held back: 1 count of victims. Fewer than 11 people, or such a number would follow by subtraction."
    )
    assert real("impact", "list")[-1] == held
    assert not any("31" in line and "victims" in line for line in real("impact", "show", "Secure"))


def test_a_country_alone_can_be_asked_for(real):
    lines = real("impact", "list", "--country", "ng")
    assert "arrests: at least 138, counting nothing twice" in lines
    assert "+ Red Card: 130" in lines


def test_where_nothing_adds_up_it_says_where_to_look(real):
    assert (
        "`chokepoint impact show OPERATION` lists each." in real("impact", "list", "--measure", "unicorns")[1]
    )


def test_an_officer_reads_each_figure_with_source_place_and_what_was_noted(real):
    lines = real("impact", "show", "Red", "Card", "2.0")
    assert lines[0] == "Red Card 2.0 2025-12-08 to 2026-01-30"
    assert any(
        line.startswith("NG arrests 6 cyberwebspider.com")
        and "operations.csv, line 107 proposed telecom breach only" in line
        for line in lines
    )
    assert lines[-1].startswith("No action on record, so no before and after.")


def test_a_report_over_several_operations_is_said_to_be_one(real):
    lines = real("impact", "show", "ATLAS AGGREGATE (2025 report, as relayed)")
    assert lines[1] == "A report over several operations: what it counts, they have counted."


def test_an_operation_goes_from_a_case_to_actions_and_what_came_of_them(desk: Desk):
    case = desk.json("case", "open", "Fox", "--purpose", "p", "--review", "2099-01-31")["case"]["id"]
    desk.ok("operation", "open", "Fox", "--from", case, "--partner", "KE:Police", "--partner", "Ghana")
    desk.ok("operation", "partner", "Fox", "NG")
    desk.ok(
        "operation",
        "act",
        "Fox",
        "evil.com",
        "--mode",
        "takedown",
        "--on",
        "2026-01-05",
        "--by",
        "a registrar",
    )
    shown = desk.ok("operation", "state", "Fox", "under way").splitlines()
    assert shown[0].endswith("  Fox  [TLP:AMBER]")
    assert shown[1:] == [
        "state     under way",
        "led by    bank",
        f"from      {case}",
        "partner   GH",
        "partner   KE Police",
        "partner   NG",
        "  2026-01-05  takedown of Domain evil[.]com, by a registrar",
    ]
    desk.ok("impact", "add", "Fox", "domains taken down", "1", *FIGURE, "--place", "page 3")
    told = desk.ok("impact", "show", "Fox")
    assert "page 3" in told
    assert "What would have happened anyway is not known" in told
    assert "https://police" not in told


def test_the_list_of_operations_says_who_leads_and_where(desk: Desk):
    assert "No operation yet." in desk.ok("operation", "list")
    desk.ok("operation", "open", "Fox", "--partner", "KE", "--tlp", "GREEN")
    [head, row] = desk.ok("operation", "list", who="police").splitlines()
    assert head.split() == ["operation", "name", "state", "countries", "actions", "led", "by", "marking"]
    assert row.split()[1:] == ["Fox", "planned", "KE", "0", "bank", "TLP:GREEN"]


def test_operations_and_figures_are_for_programs_too(desk: Desk):
    one = desk.json("operation", "open", "Fox", "--partner", "KE")["operation"]
    assert (one["event"], one["partners"], one["state"]) == (
        "event:operation fox", [{"country": "KE", "organisation": ""}], "planned",
    )  # fmt: skip
    assert desk.json("operation", "list")["operations"] == [one]
    assert desk.json("operation", "show", one["id"])["operation"] == one
    assert desk.json("impact", "add", "Fox", "arrests", "20..24", *FIGURE)["claims"]["new"] > 0
    shown = desk.json("impact", "show", "Fox")
    [figure] = shown["operations"][0]["figures"]
    assert figure["said"][0]["amount"] == "20 to 24"
    assert figure["said"][0]["address"] == "https://police.example.ke/x"
    assert shown["around"] is None


def test_recording_a_figure_says_what_was_recorded_or_that_it_was_known(desk: Desk):
    words = ("impact", "add", "Fox", "arrests", "20", "--country", "KE", *FIGURE)
    assert desk.ok(*words) == "recorded: Fox, arrests in KE: 20\n"
    assert desk.ok(*words) == "known already: Fox, arrests in KE: 20\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(("impact", "show", "Fox"), "no such operation", id="no operation"),
        pytest.param(("impact", "add", "Fox", "victims", "3", *FIGURE), "fewer than 11", id="three victims"),
        pytest.param(("impact", "add", "Fox", "arrests", "many", *FIGURE), "digits", id="no number"),
        pytest.param(("operation", "open", "Fox", "--partner", "Atlantis"), "Atlantis", id="no country"),
        pytest.param(("operation", "show", "Fox"), "no such operation", id="nothing to show"),
        pytest.param(("operation", "state", "Fox", "done"), "no such operation", id="nothing to change"),
    ],
)
def test_what_cannot_be_done_leaves_with_one_and_a_mend(desk: Desk, words: tuple[str, ...], said: str):
    result = desk.run(*words)
    assert result.exit_code == 1
    assert said in result.stderr
    assert "Mend: " in result.stderr


def test_hostile_names_neither_turn_nor_hide_anything(desk: Desk):
    hostile = "Fox\u202e https://evil.com/\x1b[31m"
    desk.ok("operation", "open", hostile)
    desk.ok("impact", "add", hostile, "arrests", "20", "--source", "\u202ea paper", "--on", "2026-01-05")
    for words in (("operation", "list"), ("impact", "list"), ("impact", "show", hostile)):
        told = desk.ok(*words)
        assert "\u202e" not in told
        assert "\x1b" not in told
        assert "https://evil.com" not in told
