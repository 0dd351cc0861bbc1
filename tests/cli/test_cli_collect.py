"""What a person reads after `collect`: files, how tables were read, what was refused, and nothing that misleads."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from books import sheet, workbook
from chokepoint.model.identity import Entity
from chokepoint.package.place import holds, region

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

    from cli_desk import Desk

TABLE = "Domäne;Datum;Sachbearbeiter\nbetrug-bank.de;03.04.2023;Müller\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    return tmp_path / "in"


def collect(desk: Desk, folder: Path, *more: str, who: str = "bank") -> Result:
    return desk.run("collect", str(folder), *more, who=who)


def test_one_file_is_one_file_and_one_claim_one_claim(desk: Desk, folder: Path):
    (folder / "silverfish.txt").write_text("evil.com\n")
    assert collect(desk, folder).stdout == (
        "file            format      new  known  rejected  skipped\n"
        "silverfish.txt  plain-list    1      0         0  blank line 1\n"
        "\n"
        "1 file: 1 new claim, 0 known, 0 rejected\n"
    )


def test_taking_it_again_says_known_and_adds_nothing(desk: Desk, folder: Path):
    (folder / "silverfish.txt").write_text("evil.com\nevil.org\n")
    collect(desk, folder)
    assert "1 file: 0 new claims, 2 known, 0 rejected" in collect(desk, folder).stdout
    assert "1 file: 2 new claims, 0 known, 0 rejected" in collect(desk, folder, who="police").stdout


def test_a_renamed_copy_of_a_list_that_names_nothing_is_known(desk: Desk, folder: Path):
    (folder / "a.txt").write_text("# Silverfish\nevil.com\n")
    collect(desk, folder)
    (folder / "a.txt").rename(folder / "b.txt")
    told = json.loads(collect(desk, folder, "--json").stdout)["files"][0]
    assert told["claims"]["new"] + told["claims"]["known"] == 1


def test_how_a_table_is_read_is_shown_column_by_column_with_what_is_kept(desk: Desk, folder: Path):
    (folder / "t.csv").write_text(TABLE, "utf-8")
    assert collect(desk, folder, "--yes").stdout.split("\n")[2:-1] == [
        "",
        "t.csv:",
        "  Columns:",
        "    'Domäne': Domain, what each row is about (100% of the values are domain-name)",
        "    'Datum': date (100% of the values are days)",
        "    'Sachbearbeiter': kept as found (kept as it is)",
        "  Kept as found: Sachbearbeiter",
        "",
        "1 file: 1 new claim, 0 known, 0 rejected",
    ]


def test_a_mapping_that_nobody_confirmed_is_called_so_until_somebody_did(desk: Desk, folder: Path):
    (folder / "t.csv").write_text(TABLE, "utf-8")
    assert "taken unconfirmed" in collect(desk, folder).stdout
    assert "taken unconfirmed" not in collect(desk, folder, "--yes").stdout
    assert "taken unconfirmed" not in collect(desk, folder).stdout


def test_a_mapping_that_a_person_changed_is_used_for_the_next_file(desk: Desk, folder: Path):
    (folder / "t.csv").write_text(TABLE, "utf-8")
    collect(desk, folder, "--yes")
    [kept] = (desk.atlas / "mappings").glob("*.json")
    tree = json.loads(kept.read_text("utf-8"))
    tree["columns"][2]["role"] = "category"
    kept.write_text(json.dumps(tree), "utf-8")
    (folder / "t.csv").write_text(TABLE.replace("betrug-bank", "andere-bank"), "utf-8")
    collect(desk, folder)
    [one] = [one for one in desk.json("show", "andere-bank.de")["claims"] if one["property"] == "category"]
    assert one["object"] == "Müller"


def test_a_bad_file_does_not_hide_behind_one_with_more_to_say(desk: Desk, folder: Path):
    rows = "".join(f"evil{number}.com,a,b,extra {number}\n" for number in range(40))
    (folder / "a.csv").write_text(f"domain,category,note\nevil.com,a,b\n{rows}")
    (folder / "z.pdf").write_bytes(b"%PDF-1.4\nbroken")
    text = collect(desk, folder, "--yes").stdout
    assert text.count("left over: ") == 3
    assert "… and 37 more in this file" in text
    assert "z.pdf" in text.split("rejected in")[1]
    assert "the PDF cannot be read" in text
    assert text.rstrip().endswith("--json lists all")


def test_where_all_refusals_are_shown_no_more_are_promised(desk: Desk, folder: Path):
    (folder / "z.pdf").write_bytes(b"%PDF-1.4\nbroken")
    assert "--json lists all" not in collect(desk, folder).stdout


def test_a_row_that_is_closed_by_its_label_is_closed_to_others(desk: Desk, folder: Path):
    (folder / "t.csv").write_text(
        "domain,category,tlp\nevil-open.com,scam,CLEAR\nevil-green.com,scam,TLP:GREEN\n"
        "evil-amber.com,scam,AMBER\nevil-red.com,scam,red\nevil-blank.com,scam,\n"
    )
    collect(desk, folder, "--yes", who="bank/ann")

    def seen(who: str) -> list[str]:
        names = ("open", "green", "amber", "red", "blank")
        return [name for name in names if desk.json("show", f"evil-{name}.com", who=who)["entity"]]

    assert seen("bank/ann") == ["open", "green", "amber", "red", "blank"]
    assert seen("police") == ["open", "green", "blank"]


def test_the_label_of_a_row_only_closes_what_the_whole_was_given(desk: Desk, folder: Path):
    (folder / "t.csv").write_text("domain,category,tlp\nevil-open.com,scam,CLEAR\nevil-x.com,scam,GREEN\n")
    collect(desk, folder, "--yes", "--tlp", "AMBER")
    assert desk.json("show", "evil-open.com", who="police")["entity"] is None
    [one, *_] = desk.json("show", "evil-open.com")["claims"]
    assert one["marking"] == "TLP:AMBER"


def test_a_row_under_a_label_that_is_none_is_refused_and_seen_by_nobody(desk: Desk, folder: Path):
    (folder / "t.csv").write_text("domain,category,tlp\nevil-a.com,scam,PURPLE\nevil-b.com,scam,GREEN\n")
    text = collect(desk, folder, "--yes").stdout
    assert "line 2" in text
    assert "unknown TLP label 'PURPLE': the row is not taken" in text
    assert desk.json("show", "evil-a.com")["entity"] is None
    assert desk.json("show", "evil-b.com")["entity"]


def test_a_label_far_down_in_the_table_closes_its_row_too(desk: Desk, folder: Path):
    rows = "".join(f"evil{number}.com,scam,CLEAR\n" for number in range(600))
    (folder / "t.csv").write_text(
        f"domain,category,tlp\n{rows}evil-late.com,scam,RED\nevil-last.com,scam,NONE SUCH\n"
    )
    collect(desk, folder, "--yes", who="bank/ann")
    assert desk.json("show", "evil-late.com", who="police")["entity"] is None
    assert desk.json("show", "evil-last.com", who="bank/ann")["entity"] is None
    assert desk.json("show", "evil599.com", who="police")["entity"]


def test_the_rows_of_a_sheet_that_starts_low_are_cited_where_they_stand(desk: Desk, folder: Path):
    rows = [[""], [""], ["domain", "category"], ["evil-low.com", "scam"]]
    (folder / "w.xlsx").write_bytes(workbook(("Low", sheet(rows))))
    collect(desk, folder, "--yes")
    assert {one["source"]["place"] for one in desk.json("show", "evil-low.com")["claims"]} == {
        "sheet 'Low', row 4"
    }


def test_an_origin_that_a_person_names_stands_in_every_claim(desk: Desk, folder: Path):
    (folder / "silverfish.txt").write_text("evil.com\n")
    collect(desk, folder, "--origin", "Royal Police", "--grade", "B2")
    [one] = desk.json("show", "evil.com")["claims"]
    assert (one["origin"], one["grading"]) == ("Royal Police", "B2")


@pytest.mark.parametrize(
    ("words", "code", "reason"),
    [
        pytest.param(["--format", "nonsense"], 1, "nonsense", id="a format that is none"),
        pytest.param(["--grade", "Z"], 1, "Z", id="a grade that is none"),
        pytest.param(["--tlp", "purple"], 1, "unknown TLP label 'purple'", id="a label that is none"),
        pytest.param(["--nonsense"], 2, "No such option", id="an option that is none"),
    ],
)
def test_what_was_asked_wrongly_takes_nothing(
    desk: Desk, folder: Path, words: list[str], code: int, reason: str
):
    (folder / "silverfish.txt").write_text("evil.com\n")
    result = collect(desk, folder, *words)
    assert result.exit_code == code
    assert reason in result.stderr
    assert desk.json("show", "evil.com")["entity"] is None


def test_totals_are_the_sums_of_what_stands_above(desk: Desk, folder: Path):
    (folder / "a.txt").write_text("# Silverfish\nevil.com\nevil.org\n")
    (folder / "t.csv").write_text(TABLE, "utf-8")
    (folder / "z.pdf").write_bytes(b"%PDF-1.4\nbroken")
    told = json.loads(collect(desk, folder, "--json").stdout)
    files, totals = told["files"], told["totals"]
    assert totals["files"] == len(files) == 3
    assert totals["claims"]["new"] == sum(file["claims"]["new"] for file in files)
    assert totals["rejected"] == sum(len(file["rejected"]) for file in files)
    assert totals["skipped"]["header row"] == 1


def test_every_place_that_is_told_can_be_read_again_with_the_value_in_it(desk: Desk, folder: Path):
    (folder / "a.txt").write_text("# Silverfish\nevil.com\nhxxp://bad[.]org/x\n")
    (folder / "t.csv").write_text(TABLE, "utf-8")
    rows = [["title", ""], ["", ""], ["domain", "category"], ["evil-low.com", "scam"]]
    (folder / "w.xlsx").write_bytes(workbook(("Low", sheet(rows))))
    collect(desk, folder, "--yes")
    for name, value in (("a.txt", "evil.com"), ("t.csv", "betrug-bank.de"), ("w.xlsx", "evil-low.com")):
        for one in desk.json("show", value)["claims"]:
            text = region((folder / name).read_bytes(), one["source"]["place"])
            assert holds(text, Entity("domain-name", value)), (name, one)
