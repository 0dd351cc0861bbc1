"""`choke` on a file: what a coordinator reads, and asking again from a kept answer."""

from __future__ import annotations

import json
import stat
from typing import TYPE_CHECKING

import pytest
from test_cli_verbs import chain

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Desk


@pytest.fixture
def two_wallets(tmp_path: Path) -> Path:
    """A chain with two wallets in a row, one of which has a stand-in."""
    tree = chain()
    wallet = tree["nodes"][1]
    tree["nodes"] += [
        {**wallet, "id": "w2", "modes": [{**wallet["modes"][0], "lead_days": 5, "mode": "seizure"}]},
        {"id": "spare", "kind": "crypto-address", "capacity": 4, "role": None},
    ]
    tree["edges"] = [
        {"from": a, "to": b, "belief": 1}
        for a, b in [("v", "w"), ("w", "w2"), ("w2", "x"), ("v", "spare"), ("spare", "w2")]
    ]
    tree["substitutes"] = [{"for": "w", "id": "spare", "after_days": 3}]
    tree["stages"] = [{"at_day": 0, "weight": 0.5}, {"at_day": 10, "weight": 0.5}]
    file = tmp_path / "chain.json"
    file.write_text(json.dumps(tree), "utf-8")
    return file


def test_a_kept_answer_is_asked_again_without_the_network(bare: Desk, two_wallets: Path, tmp_path: Path):
    kept = tmp_path / "kept.npz"
    told = bare.json("choke", "--network", str(two_wallets), "--keep", str(kept))
    assert [row["id"] for row in told["plan"]] == ["w2"]
    two_wallets.unlink()
    again = bare.json("choke", "--again", str(kept))
    assert again["plan"] == told["plan"]
    assert again["flow_after"] >= told["flow_after"] - 1e-6
    barred = bare.json("choke", "--again", str(kept), "--without", "w2")
    assert "w2" not in {row["id"] for row in barred["plan"]}
    nothing = bare.json("choke", "--again", str(kept), "--budget", "0")
    assert (nothing["plan"], nothing["gap"]) == ([], 0)


def test_a_kept_answer_is_for_its_owner_only(bare: Desk, two_wallets: Path, tmp_path: Path):
    kept = tmp_path / "kept.npz"
    kept.write_text("older", "utf-8")
    kept.chmod(0o644)
    bare.ok("choke", "--network", str(two_wallets), "--keep", str(kept))
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_asking_again_says_what_it_did_not_compute(bare: Desk, two_wallets: Path, tmp_path: Path):
    kept = tmp_path / "kept.npz"
    bare.ok("choke", "--network", str(two_wallets), "--keep", str(kept))
    text = bare.ok("choke", "--again", str(kept))
    assert "seizure w2" in text
    assert "solve in full before anybody acts" in text


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        (("--without", "nobody"), "is no target"),
        (("--budget", "-1"), "budget"),
        (("--budget", "nan"), "budget"),
    ],
    ids=["unknown target", "negative", "no number"],
)
def test_a_question_that_the_kept_answer_cannot_take_is_refused(
    bare: Desk, two_wallets: Path, tmp_path: Path, more: tuple[str, ...], reason: str
):
    kept = tmp_path / "kept.npz"
    bare.ok("choke", "--network", str(two_wallets), "--keep", str(kept))
    result = bare.run("choke", "--again", str(kept), *more)
    assert result.exit_code == 1
    assert reason in result.stderr


@pytest.mark.parametrize("text", ["", "PK", "{}"])
def test_a_file_that_is_no_kept_answer_is_named(bare: Desk, tmp_path: Path, text: str):
    file = tmp_path / "kept.npz"
    file.write_text(text, "utf-8")
    result = bare.run("choke", "--again", str(file))
    assert result.exit_code == 1
    assert "kept.npz" in result.stderr
    assert "Traceback" not in result.stderr


def test_the_plan_in_words_says_when_what_comes_back_and_what_else_there_is(bare: Desk, two_wallets: Path):
    text = bare.ok("choke", "--network", str(two_wallets))
    assert "start on day" in text
    assert "half back by day" in text
    assert "if all is replaced twice as fast it leaves" in text
    assert "log-normal times, the same medians) it leaves" in text
    assert "without w2 the best plan found leaves" in text


def test_the_plan_says_under_whose_law_each_action_runs(bare: Desk, two_wallets: Path):
    tree = json.loads(two_wallets.read_text("utf-8"))
    tree["nodes"][3]["modes"][0]["jurisdiction"] = "LT"
    two_wallets.write_text(json.dumps(tree), "utf-8")
    row = next(
        line for line in bare.ok("choke", "--network", str(two_wallets)).splitlines() if " w2 " in line
    )
    assert row.split()[:4] == ["1", "w2", "seizure", "LT"]


def test_where_no_law_is_named_the_plan_says_so(bare: Desk, two_wallets: Path):
    assert "seizure     not said" in bare.ok("choke", "--network", str(two_wallets))


def test_what_is_not_in_the_plan_is_told_with_what_it_would_stop_alone(bare: Desk, two_wallets: Path):
    tree = json.loads(two_wallets.read_text("utf-8"))
    tree["substitutes"] = []
    two_wallets.write_text(json.dumps(tree), "utf-8")
    told = bare.json("choke", "--network", str(two_wallets))
    other = next(one for one in told["what_if"] if one["id"] == "w")
    text = bare.ok("choke", "--network", str(two_wallets))
    assert f"not in the plan: {other['mode']} of w alone stops {other['gain']:.4g}, for 1" in text
    assert "not in the plan: seizure of w2" not in text


def test_a_chain_without_victims_says_what_it_lacks(bare: Desk, two_wallets: Path):
    tree = json.loads(two_wallets.read_text("utf-8"))
    tree["nodes"][0]["role"] = None
    two_wallets.write_text(json.dumps(tree), "utf-8")
    text = bare.ok("choke", "--network", str(two_wallets))
    assert "No plan: no flow leads from a victim to a cash-out: no node has the role victim." in text


def test_a_budget_that_buys_nothing_is_told_beside_the_cheapest_action(bare: Desk, two_wallets: Path):
    text = bare.ok("choke", "--network", str(two_wallets), "--budget", "0.25")
    assert "No plan: the cheapest action that would last costs 1, and the budget is 0.25." in text
    assert bare.json("choke", "--network", str(two_wallets))["why_no_plan"] == ""


def test_the_plan_says_why_not_the_biggest_hub(bare: Desk, two_wallets: Path):
    told = bare.json("choke", "--network", str(two_wallets))["biggest_hub"]
    text = bare.ok("choke", "--network", str(two_wallets))
    asked = "" if told["in_plan"] else "why not "
    words = f"{asked}the biggest hub, {told['id']} ({told['links']} ways in and out): {told['reason']}"
    assert words in text.splitlines()
    assert "why not" not in text or "it is in the plan" not in text


def test_the_plan_names_who_takes_over(bare: Desk, two_wallets: Path):
    tree = json.loads(two_wallets.read_text("utf-8"))
    tree["nodes"][3]["modes"] = []
    two_wallets.write_text(json.dumps(tree), "utf-8")
    text = bare.ok("choke", "--network", str(two_wallets))
    assert "spare takes over from w after 3 days" in text


def test_the_longest_lead_starts_first(bare: Desk, two_wallets: Path):
    told = bare.json("choke", "--network", str(two_wallets), "--budget", "2")
    starts = {row["id"]: row["start_day"] + row["lead_days"] for row in told["order"]}
    assert len(set(starts.values())) == 1


@pytest.mark.parametrize("cap", ["US", "US=", "=3", "US=-1", "US=nan", "US=inf"])
def test_a_cap_that_is_none_is_wrong_usage(bare: Desk, cap: str):
    assert bare.run("choke", "--cap", cap).exit_code == 2
