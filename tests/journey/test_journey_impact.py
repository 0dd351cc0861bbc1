"""The road goes on: a package becomes an operation, and what the operation achieved leads back to the bytes."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from cli_desk import Desk

SITE = "copperlantern-invest.com"
REAL = Path(__file__).resolve().parents[1] / "data" / "collect" / "operations.csv"


@pytest.fixture
def struck(desk: Desk, unseen: Path, tmp_path: Path) -> dict[str, Any]:
    """A site from a volunteers' list, vetted, handed to the police, who take it down in an operation."""
    desk.ok("collect", *(str(unseen / name) for name in ("blacklist", "packs", "misp")))
    claims = [
        one["id"] for one in desk.json("show", SITE)["claims"] if one["property"] == "requests-payment-to"
    ]
    for member in ("police", "vendor"):
        desk.ok("review", "vote", *claims, "--confirm", "--reason", "seen in our own cases", who=member)
    desk.ok("package", "build", SITE, "--to", "police", "--out", str(tmp_path / "package"))
    [package] = desk.json("package", "list", who="police")["packages"]
    words = ("--from", package["id"], "--partner", "KE:Police", "--tlp", "GREEN")
    desk.ok("operation", "open", "Serengeti 2.0", *words, who="police")
    act = ("--mode", "takedown", "--on", "2025-06-10", "--by", "Verisign")
    told = desk.json("operation", "act", "Serengeti 2.0", SITE, *act, who="police")["operation"]
    return {"package": package, **told}


def test_an_operation_names_the_package_that_it_came_from_and_what_it_struck(struck: dict[str, Any]):
    assert struck["basis"] == struck["package"]["id"]
    assert [one["target"] for one in struck["actions"]] == [f"domain-name:{SITE}"]


def test_what_a_real_operation_achieved_leads_back_to_the_line_that_says_so(
    desk: Desk, struck: dict[str, Any]
):
    desk.ok("collect", str(REAL), who="vendor")
    told = desk.json("impact", "show", "Serengeti 2.0")
    [operation] = told["operations"]
    assert operation["event"] == struck["event"]
    [arrests] = [one for one in operation["figures"] if one["measure"] == "arrests" and not one["where"]]
    [said] = arrests["said"]
    assert (said["low"], said["origin"], said["verdict"]) == ("1209", "team-cymru.com", "proposed")
    assert said["source"]["capture"] == hashlib.sha256(REAL.read_bytes()).hexdigest()
    line = REAL.read_text("utf-8").splitlines()[int(said["source"]["place"].removeprefix("line ")) - 1]
    assert line.startswith("Serengeti 2.0,2025-06,2025-08,ALL,arrests,=,1209,")
    assert said["address"] in line


def test_the_figure_is_vetted_as_any_other_data_point(desk: Desk, struck: dict[str, Any]):
    desk.ok("collect", str(REAL), who="vendor")
    told = desk.json("impact", "show", "Serengeti 2.0")
    claims = [said["id"] for figure in told["operations"][0]["figures"] for said in figure["said"]]
    assert desk.run("review", "vote", *claims, "--confirm", "--reason", "x", who="vendor").exit_code == 1
    for member in ("bank", "police"):
        desk.ok("review", "vote", *claims, "--confirm", "--reason", "read it there", who=member)
    accepted = desk.json("impact", "show", "Serengeti 2.0", "--accepted")["operations"][0]["figures"]
    assert len(accepted) == len(told["operations"][0]["figures"]) == 16


def test_the_map_before_and_after_is_measured_and_says_what_nobody_knows(desk: Desk, struck: dict[str, Any]):
    around = desk.json("impact", "show", "Serengeti 2.0", "--days", "90")["around"]
    assert (around["day"], around["days"], around["targets"]) == ("2025-06-10", 90, 1)
    assert around["before"] >= around["after"] == 0
    assert around["expected"] is None
    assert around["hindsight"] is True


def test_at_the_end_the_ledger_proves_operation_and_figures_too(desk: Desk, struck: dict[str, Any]):
    desk.ok("collect", str(REAL), who="vendor")
    assert desk.json("verify")["holds"] is True
