"""The command line on a value chain, on reservations and on outcomes, as the person at it reads them."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest

from cli_desk import Desk

if TYPE_CHECKING:
    from pathlib import Path

WALLET = "19CbDoaZDLTzkkT1uQrMPM42AUvfQN4Kds"
DAY = "2026-01-20"
LINKS = (
    ("a.cc", "requests-payment-to", WALLET),
    (WALLET, "controlled-by", "organisation:exchange one"),
)


@pytest.fixture(scope="module")
def paid(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An atlas whose one accepted chain leads from a shop to an exchange; to be copied."""
    desk = Desk(shutil.copytree(made, tmp_path_factory.mktemp("paid") / "atlas"))
    for left, name, right in LINKS:
        desk.ok(
            "note",
            f"seen {name}",
            "--link",
            left,
            name,
            right,
            "--grade",
            "A1",
            "--tlp",
            "clear",
            "--when",
            DAY,
        )
    for member in ("police", "vendor"):
        ids = [
            one["id"] for thing in ("a.cc", WALLET) for one in desk.json("show", thing, who=member)["claims"]
        ]
        desk.ok("review", "vote", *sorted(set(ids)), "--confirm", "--reason", "seen here too", who=member)
    return desk.atlas


@pytest.fixture
def shop(paid: Path, tmp_path: Path) -> Desk:
    return Desk(shutil.copytree(paid, tmp_path / "atlas"))


def test_the_plan_says_who_does_what_when_and_how_good_it_is(shop: Desk) -> None:
    text = shop.ok("choke")
    assert "exchange one can stop 19CbDoaZDLTzkkT1uQrMPM42AUvfQN4Kds at exchange one" in text
    assert "First ask for preservation of the identity papers" in text
    assert "certified gap" in text
    assert "Structural only" not in text


def test_the_plan_as_json_is_that_of_the_lines(shop: Desk) -> None:
    said = shop.json("choke")
    assert said["structural_only"] is False
    assert said["chains"] == 1
    assert {step["id"] for step in said["plan"]} >= {f"crypto-address:{WALLET} at organisation:exchange one"}
    assert set(said["explanation"]) <= set(shop.ok("choke").splitlines())


@pytest.mark.parametrize(
    ("words", "gone"),
    [
        (("--no-mode", "cooperation"), "cooperation"),
        (("--without", "exchange one"), "cooperation"),
        (("--without", WALLET), "cooperation"),
        (("--no-mode", "takedown"), "takedown"),
        (("--cap", "US=0"), "takedown"),
        (("--collateral", "0"), "takedown"),
        (("--budget", "0"), "takedown"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else value,
)
def test_limits_of_the_question_keep_actions_out_of_the_plan(
    shop: Desk, words: tuple[str, ...], gone: str
) -> None:
    assert gone not in {step["mode"] for step in shop.json("choke", *words)["plan"]}


def test_a_file_of_times_changes_what_lasts(shop: Desk, tmp_path: Path) -> None:
    times = tmp_path / "times.toml"
    times.write_text("organisation = 3000\n", "utf-8")
    before, after = shop.json("choke"), shop.json("choke", "--times", str(times))
    assert after["flow_after"] < before["flow_after"]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--no-mode", "nuke"), 2, "write takedown"),
        (("--times", "no-such-file"), 1, "no such file"),
        (("--collateral", "-1"), 2, "collateral"),
        (("--seed", "-1"), 2, "seed"),
    ],
    ids=["no mode", "no file", "negative", "no seed"],
)
def test_a_question_that_cannot_be_is_refused(
    shop: Desk, words: tuple[str, ...], code: int, said: str
) -> None:
    result = shop.run("choke", *words)
    assert result.exit_code == code
    assert said in result.output


def test_a_bad_line_of_times_is_named_with_file_and_kind(shop: Desk, tmp_path: Path) -> None:
    times = tmp_path / "times.toml"
    times.write_text("castle = 3\n", "utf-8")
    result = shop.run("choke", "--times", str(times))
    assert result.exit_code == 1
    assert "times.toml: castle" in result.output


# reservations


def opened(desk: Desk, who: str = "bank") -> str:
    words = ("--purpose", "to stop them", "--review", "2027-01-01")
    return str(desk.json("case", "open", "Shops", *words, who=who)["case"]["id"])


def test_a_reserved_target_is_in_nobody_elses_plan(shop: Desk) -> None:
    case = opened(shop)
    assert "reserved: a[.]cc" in shop.ok("case", "reserve", case, "a.cc")
    mine, theirs = shop.json("choke"), shop.json("choke", who="police")
    assert "domain-name:a.cc" in {step["id"] for step in mine["plan"]}
    assert "domain-name:a.cc" not in {step["id"] for step in theirs["plan"]}
    assert theirs == shop.json("choke", "--without", "a.cc", who="police")
    assert "free again: a[.]cc" in shop.ok("case", "release", case, "a.cc")
    assert shop.json("choke", who="police") == mine


def test_a_reservation_as_json_names_its_targets(shop: Desk) -> None:
    case = opened(shop)
    assert shop.json("case", "reserve", case, "a.cc", WALLET) == {
        "case": case, "targets": ["domain-name:a.cc", f"crypto-address:{WALLET}"], "held": True,
    }  # fmt: skip


def test_nobody_reserves_in_a_case_that_is_not_theirs(shop: Desk) -> None:
    case = opened(shop)
    result = shop.run("case", "reserve", case, "a.cc", who="police")
    assert result.exit_code == 1
    assert "no such case" in result.output


# outcomes


def test_without_outcomes_it_says_how_to_record_one(desk: Desk) -> None:
    assert "chokepoint outcome add" in desk.ok("outcome", "list")
    assert desk.json("outcome", "list") == {"outcomes": []}


def test_an_outcome_is_listed_and_moves_the_expected_time(desk: Desk) -> None:
    before = desk.json("outcome", "times")["times"]["domain-name"]["median_days"]
    words = ("--mode", "takedown", "--hit", "2024-01-01", "--back", "2024-02-01")
    assert "recorded: Domain a[.]cc, takedown on 2024-01-01" in desk.ok("outcome", "add", "a.cc", *words)
    assert desk.json("outcome", "list") == {
        "outcomes": [
            {
                "entity": "domain-name:a.cc",
                "mode": "takedown",
                "hit": "2024-01-01",
                "back": "2024-02-01",
                "gone": None,
            }
        ]
    }
    assert "2024-02-01" in desk.ok("outcome", "list")
    assert desk.json("outcome", "times")["times"]["domain-name"]["median_days"] > before


def test_an_outcome_is_for_the_community_of_its_marking(desk: Desk) -> None:
    words = ("--mode", "takedown", "--hit", "2024-01-01", "--gone", "2024-02-01", "--tlp", "red")
    desk.ok("outcome", "add", "a.cc", *words)
    assert desk.json("outcome", "list", who="police") == {"outcomes": []}


def test_a_guess_stands_in_for_the_vocabularys(desk: Desk) -> None:
    assert desk.json("outcome", "expect", "url", "4.5")["times"]["url"]["median_days"] == 4.5
    assert desk.json("outcome", "times")["times"]["url"]["median_days"] == 4.5
    assert desk.json("outcome", "times", who="police")["times"]["url"]["median_days"] != 4.5
    assert "4.5" in desk.ok("outcome", "times")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ("add", "a.cc", "--mode", "nuke", "--hit", "2024-01-01", "--back", "2024-01-02"),
            "unknown way to act",
        ),
        (("add", "a.cc", "--mode", "freeze", "--hit", "2024-01-01"), "when it was back"),
        (
            ("add", "a.cc", "--mode", "freeze", "--hit", "2024-01-02", "--back", "2024-01-01"),
            "before it was hit",
        ),
        (("add", "???", "--mode", "freeze", "--hit", "2024-01-02", "--back", "2024-01-03"), "names nothing"),
        (("expect", "castle", "3"), "unknown kind"),
        (("expect", "url", "0"), "median"),
        (("expect", "url", "nan"), "median"),
    ],
    ids=["no mode", "no end", "backwards", "nothing", "no kind", "no time", "nan"],
)
def test_what_cannot_be_is_refused_with_a_mend(desk: Desk, words: tuple[str, ...], said: str) -> None:
    result = desk.run("outcome", *words)
    assert result.exit_code == 1
    assert said in result.output
    assert "Mend" in result.output
    assert json.loads(desk.ok("outcome", "list", "--json")) == {"outcomes": []}
