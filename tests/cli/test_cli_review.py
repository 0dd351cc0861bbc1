"""The vetting desk as a person types it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from cli_desk import Desk

WALLET = "19CbDoaZDLTzkkT1uQrMPM42AUvfQN4Kds"


@pytest.fixture
def claim(desk: Desk) -> str:
    """The id of the bank's claim on evil.com, for the whole community."""
    words = ["note", "seen", "--link", "evil.com", "requests-payment-to", WALLET, "--tlp", "GREEN"]
    desk.ok(*words, "--grade", "B2")
    waiting = desk.json("review", "list", who="police")["claims"]
    return next(one["id"] for one in waiting if one["property"] == "requests-payment-to")


def test_three_answers_are_given_and_shown_after_ones_own(desk: Desk, claim: str) -> None:
    words = ["--confirm", "--crime", "yes", "--disclose", "no", "--until", "2099-01-01", "--reason", "saw it"]
    desk.ok("review", "vote", claim, *words, who="police")
    assert "No vote that you may see" in desk.ok("review", "votes", claim, who="vendor")
    desk.ok("review", "vote", claim, "--unsure", "--reason", "cannot tell", who="vendor")
    shown = desk.ok("review", "votes", claim, who="vendor")
    assert "saw it" in shown
    assert "2099-01-01" in shown
    votes = desk.json("review", "votes", claim, who="vendor")["votes"]
    assert [(one["organisation"], one["crime"], one["disclose"]) for one in votes] == [
        ("police", "yes", "no"),
        ("vendor", "", ""),
    ]


def test_a_capture_is_voted_on_as_a_whole(desk: Desk, claim: str) -> None:
    capture = desk.json("show", "evil.com")["claims"][0]["source"]["capture"]
    told = desk.json(
        "review", "vote", "--capture", capture[:12], "--confirm", "--reason", "read", who="police"
    )
    assert claim in told["claims"]


def test_claims_or_a_capture_are_named_and_not_both(desk: Desk, claim: str) -> None:
    for words in ([], [claim, "--capture", "abcdef"]):
        assert desk.run("review", "vote", *words, "--confirm", "--reason", "x", who="police").exit_code == 2


def test_a_contributor_withdraws_and_nobody_else_does(desk: Desk, claim: str) -> None:
    refused = desk.run("review", "recall", claim, "--reason", "x", who="police")
    assert refused.exit_code == 1
    assert "--dispute" in refused.stderr
    assert "withdrawn 1 claim" in desk.ok("review", "recall", claim, "--reason", "a typing error")
    verdicts = {one["id"]: one["verdict"] for one in desk.json("show", "evil.com", who="vendor")["claims"]}
    assert verdicts[claim] == "recalled"


def test_the_founder_chooses_a_policy_by_name(desk: Desk) -> None:
    assert desk.json("review", "policy")["name"] == "default"
    desk.ok("review", "policy", "--choose", "strict")
    told = desk.json("review", "policy", who="vendor")
    assert told["name"] == "strict"
    assert "2 sectors" in told["policy"]
    assert desk.run("review", "policy", "--choose", "default", who="police").exit_code == 1
    assert desk.run("review", "policy", "--choose", "anything").exit_code == 1


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """A file with the rule that one wrote."""
    path = tmp_path / "rules.toml"
    path.write_text(
        'name = "two of two"\nrule = { at-least = 2, of = [{ sectors = 2 }, { belief = 0.7 }] }\n'
    )
    return path


def test_the_founder_writes_a_rule_and_everybody_reads_it(desk: Desk, rules: Path) -> None:
    told = desk.ok("review", "policy", "--file", str(rules))
    assert told.startswith(
        "Accepted (two of two): ((at least 2 of: confirmations from 2 sectors; belief at least 0.7) "
        "and no unresolved dispute and nobody says that it is not about crime)."
    )
    told = desk.json("review", "policy", who="vendor")
    assert (told["name"], told["rule"]) == (
        "two of two",
        {
            "all": [
                {"at-least": 2, "of": [{"sectors": 2}, {"belief": "0.700"}]},
                {"undisputed": True},
                {"about-crime": True},
            ]
        },
    )


def test_nobody_but_the_founder_brings_a_rule_into_force(desk: Desk, rules: Path) -> None:
    refused = desk.run("review", "policy", "--file", str(rules), who="police")
    assert refused.exit_code == 1
    assert "founder" in refused.stderr
    assert desk.json("review", "policy")["name"] == "default"


def test_a_rule_that_is_wrong_is_told_with_file_place_and_mend(desk: Desk, rules: Path) -> None:
    rules.write_text('name = "lax"\nrule = { any = [{ confirmations = 3 }, { source = "F" }] }\n')
    refused = desk.run("review", "policy", "--file", str(rules))
    assert refused.exit_code == 1
    assert f"{rules}, rule.any[1].source" in refused.stderr
    assert "choose one of: A, B, C, D, E" in refused.stderr
    assert desk.json("review", "policy")["name"] == "default"


def test_a_name_and_a_file_at_once_are_refused(desk: Desk, rules: Path) -> None:
    assert desk.run("review", "policy", "--choose", "strict", "--file", str(rules)).exit_code == 2
    assert desk.json("review", "policy")["name"] == "default"


def test_the_policies_to_choose_from_are_listed(desk: Desk) -> None:
    shown = desk.ok("review", "policy")
    for name in ("default", "strict", "attribution", "corroborated", "frozen"):
        assert name in shown


def test_calibration_is_told_with_its_intervals(desk: Desk, claim: str) -> None:
    for member in ("police", "vendor"):
        desk.ok("review", "vote", claim, "--confirm", "--reason", "seen", who=member)
    shown = desk.ok("review", "calibration")
    assert "rejected or withdrawn: 0 of 1" in shown
    assert "95 %" in shown
    told = desk.json("review", "calibration", "--publish")
    assert told["accepted"] == 1
    assert 0 <= told["error_interval"][0] <= told["error_interval"][1] <= 1
    assert desk.run("review", "calibration", "--publish", who="police").exit_code == 1


def test_holding_members_apart_goes_with_publishing(desk: Desk) -> None:
    assert desk.run("review", "calibration", "--apart", "police", "--reason", "x").exit_code == 2
    told = desk.json("review", "calibration", "--publish", "--apart", "police", "--reason", "one lab")
    assert told["apart"] == {"police": "one lab"}
    assert "Held apart: police (one lab)." in desk.ok("review", "calibration")
    assert "police (one lab)" not in desk.ok("review", "calibration", who="vendor")
    assert desk.json("review", "calibration", "--publish", "--rejoin", "police")["apart"] == {}


def test_what_most_confirm_and_one_disputes_is_listed_to_look_at_again(desk: Desk, claim: str) -> None:
    for name in ("ngo", "exchange"):
        desk.ok("init", who=name)
    desk.ok("review", "vote", claim, "--dispute", "--reason", "an old list", who="police")
    assert desk.ok("review", "list", "--again", who="police").strip() == "Nothing waits for your word."
    for name in ("vendor", "ngo", "exchange"):
        desk.ok("review", "vote", claim, "--confirm", "--reason", "seen today", who=name)
    told = desk.ok("review", "list", "--again", who="police")
    assert claim[:12] in told
    assert "chokepoint review votes CLAIM" in told
    assert [one["id"] for one in desk.json("review", "list", "--again", who="vendor")["claims"]] == [claim]
    desk.ok("review", "vote", claim, "--confirm", "--reason", "they are right", who="police")
    assert desk.json("review", "list", "--again", who="vendor")["claims"] == []
