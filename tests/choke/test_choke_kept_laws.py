"""Kept answers: what they hold, what a file of one may not do, and how far they reach."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace

import numpy as np
import pytest
from choke_chains import action, chain_trees, network, straight, thing
from hypothesis import given, settings
from hypothesis import strategies as st

from chokepoint.choke import kept as kept_module
from chokepoint.choke.kept import MOST, ask_again, from_bytes, to_bytes
from chokepoint.choke.network import read_network
from chokepoint.choke.plan import make_plan
from chokepoint.model.errors import BadInputError, NotFoundError

KEYS = {
    "plan", "cost", "flow_before", "flow_after", "bound", "gap", "budget", "without", "method", "note",
}  # fmt: skip


def kept_of(tree, **how):
    return make_plan(read_network(tree), keep=True, **how).solution.kept


def channels(*capacities, budget=1.0, **said):
    """Parallel channels of these capacities, each with a takedown of cost 1."""
    inner = [thing(f"a{at}", capacity, action()) for at, capacity in enumerate(capacities)]
    ways = " ".join(f"v>a{at}>c" for at in range(len(inner)))
    return network([thing("v", 999), *inner, thing("c", 999)], ways, budget=budget, **said)


def test_an_answer_again_has_these_keys_and_is_json():
    said = ask_again(kept_of(channels(6, 4)))
    assert set(said) == KEYS
    assert json.loads(json.dumps(said, allow_nan=False)) == said
    assert "solve in full before anybody acts" in said["note"]


@pytest.mark.parametrize(
    ("budget", "plan", "after"),
    [(0, [], 15), (1, ["a0"], 9), (2, ["a0", "a1"], 4), (3, ["a0", "a1", "a2"], 0)],
)
def test_each_budget_gets_its_own_plan_from_one_kept_answer(budget, plan, after):
    said = ask_again(kept_of(channels(6, 5, 4, budget=3)), budget=float(budget))
    assert sorted(row["id"] for row in said["plan"]) == plan
    assert said["flow_after"] == pytest.approx(after)
    assert (said["budget"], said["cost"]) == (budget, len(plan))


def test_without_a_budget_the_one_that_was_solved_is_asked():
    kept = kept_of(channels(6, 4, budget=2))
    assert ask_again(kept) == ask_again(kept, budget=2.0)


def test_barred_targets_are_named_in_order_once_and_never_planned():
    said = ask_again(kept_of(channels(6, 5, 4, budget=2)), without=["a1", "a0", "a1"])
    assert said["without"] == ["a0", "a1"]
    assert [row["id"] for row in said["plan"]] == ["a2"]
    assert said["flow_after"] == pytest.approx(11)


@pytest.mark.parametrize("name", ["v", "c", "nobody", "", "A0"])
def test_only_a_candidate_can_be_barred(name):
    with pytest.raises(NotFoundError, match="is no target") as caught:
        ask_again(kept_of(channels(6, 4)), without=[name])
    assert caught.value.mend


@pytest.mark.parametrize("budget", [-1.0, -1e-9, float("nan"), float("inf"), float("-inf")])
def test_a_budget_that_is_no_finite_number_from_0_on_is_refused(budget):
    with pytest.raises(BadInputError) as caught:
        ask_again(kept_of(channels(6, 4)), budget=budget)
    assert caught.value.place == "budget"


def test_a_budget_that_lets_in_what_was_too_dear_is_sent_back_to_the_solver():
    tree = channels(6, 4, budget=1)
    tree["nodes"][2]["modes"][0]["cost"] = 5
    kept = kept_of(tree)
    assert ask_again(kept, budget=4.999)["plan"]
    with pytest.raises(BadInputError, match="too dear") as caught:
        ask_again(kept, budget=5.0)
    assert caught.value.mend == "solve the network again with this budget"


def test_where_nothing_was_too_dear_any_budget_may_be_asked():
    assert ask_again(kept_of(channels(6, 4)), budget=1e9)["flow_after"] == 0


def test_other_limits_than_the_budget_stay_as_they_were():
    tree = channels(6, 4, budget=1, collateral_limit=1)
    for node in tree["nodes"][1:3]:
        node["modes"][0]["collateral"] = 1
    said = ask_again(kept_of(tree), budget=2.0)
    assert len(said["plan"]) == 1


@settings(max_examples=15, deadline=None)
@given(tree=chain_trees(), budget=st.integers(0, 12))
def test_both_ends_lie_between_nothing_and_what_flowed(tree, budget):
    kept = kept_of(tree)
    if budget < kept.reach:
        said = ask_again(kept, budget=float(budget))
        assert 0 <= said["bound"] <= said["flow_after"] <= said["flow_before"] + 1e-9
        assert 0 <= said["gap"] <= 1


@settings(max_examples=15, deadline=None)
@given(tree=chain_trees(), budget=st.integers(0, 8))
def test_a_barred_target_never_lowers_the_bound(tree, budget):
    kept = kept_of(tree)
    if budget < kept.reach and kept.ids:
        free = ask_again(kept, budget=float(budget))
        barred = ask_again(kept, budget=float(budget), without=[kept.ids[0]])
        assert barred["bound"] >= free["bound"] - 1e-6 * max(kept.before, 1)


@settings(max_examples=15, deadline=None)
@given(tree=chain_trees())
def test_no_more_certificates_are_kept_than_are_of_use(tree):
    kept = kept_of(tree)
    assert kept.low.size <= MOST
    assert kept.high.size <= MOST
    assert kept.worth.shape == (kept.low.size, len(kept.ids))
    assert kept.gain.shape == (kept.high.size, len(kept.ids))


@settings(max_examples=15, deadline=None)
@given(tree=chain_trees())
def test_a_file_holds_all_of_an_answer(tree):
    kept = kept_of(tree)
    again = from_bytes(to_bytes(kept))
    assert (again.ids, again.modes, again.before, again.reach) == (
        kept.ids,
        kept.modes,
        kept.before,
        kept.reach,
    )
    for name in ("low", "worth", "high", "gain"):
        assert np.array_equal(getattr(again, name), getattr(kept, name)), name
    for name in ("candidates", "node", "use", "room"):
        assert np.array_equal(getattr(again.limits, name), getattr(kept.limits, name)), name


def changed(**arrays):
    """The file of an answer with some arrays exchanged, or left out where they are None."""
    with np.load(io.BytesIO(to_bytes(kept_of(channels(6, 4))))) as file:
        table = {name: file[name] for name in file.files}
    table.update(arrays)
    out = io.BytesIO()
    np.savez(out, **{name: array for name, array in table.items() if array is not None})
    return out.getvalue()


@pytest.mark.parametrize(
    "name", ["form", "ids", "modes", "candidates", "node", "use", "room", "before", "low", "gain"]
)
def test_a_file_without_one_of_its_parts_is_no_kept_answer(name):
    with pytest.raises(BadInputError) as caught:
        from_bytes(changed(**{name: None}))
    assert caught.value.mend


@pytest.mark.parametrize(
    "arrays",
    [
        {"ids": np.array(["a0"])},
        {"modes": np.array(["takedown"] * 3)},
        {"node": np.array([1], np.int32)},
        {"use": np.ones((2, 2))},
        {"room": np.ones(0)},
        {"low": np.ones(1), "worth": np.ones((2, 2))},
        {"gain": np.full((1, 2), np.nan), "high": np.ones(1)},
        {"use": np.full((1, 2), np.inf)},
        {"before": np.array("much")},
        {"form": np.array(99)},
    ],
    ids=[
        "one id",
        "three modes",
        "one node",
        "another row",
        "no room",
        "worths",
        "not a number",
        "infinite",
        "words",
        "form",
    ],
)
def test_parts_that_do_not_fit_together_are_refused(arrays):
    with pytest.raises(BadInputError):
        from_bytes(changed(**arrays))


@pytest.mark.parametrize("data", [b"", b"\0" * 100, b"PK\x03\x04", b"{}", b"\x93NUMPY"])
def test_other_files_are_named_as_such(data):
    with pytest.raises(BadInputError, match="no kept answer"):
        from_bytes(data)


def test_a_pickle_inside_is_never_opened():
    out = io.BytesIO()
    np.savez(out, form=np.array([{"a": 1}], dtype=object))
    with pytest.raises(BadInputError):
        from_bytes(out.getvalue())


def test_a_file_that_would_unfold_beyond_the_limit_is_refused_before_it_does(monkeypatch):
    data = to_bytes(kept_of(channels(6, 4)))
    monkeypatch.setattr(kept_module, "LARGEST", 100)
    with pytest.raises(BadInputError, match="more than 4 GB"):
        from_bytes(data)


def test_a_packed_bomb_is_weighed_by_what_it_unfolds_to(monkeypatch):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("form.npy", b"\0" * 1_000_000)
    monkeypatch.setattr(kept_module, "LARGEST", 10_000)
    assert len(out.getvalue()) < 10_000
    with pytest.raises(BadInputError, match="more than 4 GB"):
        from_bytes(out.getvalue())


def test_a_plan_kept_for_a_small_budget_starts_the_search_for_a_larger():
    read = read_network(channels(6, 5, 4, budget=1))
    first = make_plan(read)
    again = make_plan(read, budget=2.0, start=first.solution.plan)
    assert again.solution.after <= first.solution.after
    assert set(first.solution.plan) <= set(again.solution.plan)


def test_a_start_that_no_longer_fits_is_cut_down_to_what_does():
    read = read_network(channels(6, 5, 4, budget=3))
    whole = make_plan(read).solution.plan
    small = make_plan(replace(read, budget=1.0), start=whole)
    assert len(small.solution.plan) == 1
    assert small.solution.after == pytest.approx(9)


def test_a_start_of_modes_that_are_no_candidates_is_passed_over():
    read = read_network(straight(5, 3, 4, budget=1))
    assert make_plan(read, start=(99,)).document == make_plan(read).document
