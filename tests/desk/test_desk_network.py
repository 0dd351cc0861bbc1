"""`choke --network` and `dismantle` on files: every form, every fault named with its file, and no atlas."""

from __future__ import annotations

import gzip
import io
import json
import stat
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from chokepoint.desk.network import ask_kept, dismantle_file, plan_for
from chokepoint.model.errors import BadInputError, ChokepointError, NotFoundError, TooLargeError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

STAR = [("hub", name) for name in ("a", "b", "c", "d")]
KEYS = {"plan", "cost", "flow_before", "flow_after", "bound", "gap", "flow_after_heldout", "band"}


def lines(edges: list[tuple[object, object]], between: str = " ") -> str:
    return "".join(f"{one}{between}{other}\n" for one, other in edges)


def star_as(form: str, folder: Path) -> Path:
    """The same star in each form that the verb reads."""
    path = folder / f"edges.{form}"
    if form == "npz":
        ends = np.array([[0, 0, 0, 0], [1, 2, 3, 4]], np.int32)
        np.savez(path, n=5, u=ends[0], v=ends[1])
    elif form.endswith("gz"):
        path.write_bytes(gzip.compress(lines(STAR).encode()))
    else:
        path.write_text(
            {"txt": lines(STAR), "tsv": lines(STAR, "\t"), "csv": "source,target\n" + lines(STAR, ",")}[form]
        )
    return path


@pytest.mark.parametrize("form", ["txt", "tsv", "csv", "txt.gz"])
def test_a_star_falls_with_its_hub_in_every_form_of_text(tmp_path: Path, form: str) -> None:
    done = dismantle_file(star_as(form, tmp_path))
    assert done.order[0] == "hub"
    assert (done.result.nodes, done.result.edges) == (5, 4)
    assert done.broken == ()


def test_arrays_keep_their_numbers(tmp_path: Path) -> None:
    done = dismantle_file(star_as("npz", tmp_path))
    assert done.order[0] == 0
    assert all(isinstance(node, int) for node in done.order)


@pytest.mark.parametrize(
    ("names", "kept"),
    [
        (("10", "2", "3"), int),
        (("010", "2", "3"), str),
        (("10", "x", "3"), str),
        (("-1", "2", "3"), str),
        (("9" * 4_301, "2", "3"), str),
    ],
    ids=["whole numbers", "a leading nought", "one word", "a sign", "too many digits"],
)
def test_nodes_come_back_as_the_file_names_them(tmp_path: Path, names: tuple[str, ...], kept: type) -> None:
    path = tmp_path / "edges.txt"
    path.write_text(lines([(names[0], names[1]), (names[0], names[2])]))
    order = dismantle_file(path).order
    assert order[0] == kept(names[0])
    assert all(type(node) is kept for node in order)


def test_the_json_has_the_keys_of_the_contract(tmp_path: Path) -> None:
    told = dismantle_file(star_as("txt", tmp_path)).to_json()
    assert set(told) == {
        "order", "auc", "method", "cpu_s", "nodes", "edges", "tried", "broken", "broken_count",
    }  # fmt: skip
    assert told["order"][0] == "hub"
    assert 0 < told["auc"] <= 1
    json.dumps(told)


def test_lines_that_hold_no_edge_are_told_with_their_number_and_the_rest_is_read(tmp_path: Path) -> None:
    path = tmp_path / "edges.txt"
    path.write_text("# a comment\nhub a\nalone\nhub b\n\nhub c\n")
    done = dismantle_file(path)
    assert [one.line for one in done.broken] == [3]
    assert done.broken[0].reason
    assert done.result.edges == 3


@pytest.mark.parametrize("form", ["csv", "txt.gz"])
def test_the_size_of_a_block_changes_no_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    path = star_as(form, tmp_path)
    whole = dismantle_file(path)
    monkeypatch.setattr("chokepoint.desk.network.BLOCK", 5)
    assert dismantle_file(path).order == whole.order


def test_costs_change_what_is_struck_first(tmp_path: Path) -> None:
    edges, costs = tmp_path / "edges.txt", tmp_path / "costs.txt"
    edges.write_text(lines([("x", name) for name in "abc"] + [("y", name) for name in "def"] + [("x", "y")]))
    costs.write_text("x 100\n")
    cheap = dismantle_file(edges, costs)
    assert cheap.order[0] == "y"
    assert {"x", "y"} <= set(dismantle_file(edges).order[:2])


def test_a_cost_that_is_none_is_told_and_counts_as_one(tmp_path: Path) -> None:
    edges, costs = tmp_path / "edges.txt", tmp_path / "costs.txt"
    edges.write_text(lines(STAR))
    costs.write_text("hub dear\nnobody 3\n")
    done = dismantle_file(edges, costs)
    told = done.to_json()
    assert done.order[0] == "hub"
    assert (told["broken"], told["broken_count"]) == ([], 0)
    assert [one["line"] for one in told["cost_broken"]] == [1]
    assert (told["cost_broken_count"], told["cost_strange"]) == (1, 1)


def test_costs_for_arrays_name_nodes_by_number(tmp_path: Path) -> None:
    costs = tmp_path / "costs.txt"
    costs.write_text("0 100\n")
    done = dismantle_file(star_as("npz", tmp_path), costs)
    assert done.broken == ()
    assert all(isinstance(node, int) for node in done.order)


def packed(**arrays: Any) -> bytes:
    out = io.BytesIO()
    np.savez(out, **arrays)
    return out.getvalue()


FAULTS: dict[str, tuple[str, bytes]] = {
    "an archive without arrays": ("a.npz", b"PK\x03\x04 torn"),
    "arrays of other names": ("b.npz", packed(x=1)),
    "arrays without their size": ("c.npz", packed(u=np.zeros(1, np.int32), v=np.zeros(1, np.int32))),
    "a size without end": ("inf.npz", packed(n=np.inf, u=np.zeros(1, np.int32), v=np.zeros(1, np.int32))),
    "a size that is a word": (
        "d.npz",
        packed(n=np.array("five"), u=np.zeros(1, np.int32), v=np.zeros(1, np.int32)),
    ),
    "a size that is no whole number": ("g.npz", packed(n=2.5, u=np.zeros(1, int), v=np.ones(1, int))),
    "a size below nothing": ("h.npz", packed(n=-1, u=np.zeros(0, int), v=np.zeros(0, int))),
    "an end that is no node": ("i.npz", packed(n=2, u=np.zeros(1, int), v=np.full(1, 2))),
    "an end that is no number": ("j.npz", packed(n=2, u=np.zeros(1), v=np.full(1, np.nan))),
    "more ends than other ends": ("k.npz", packed(n=3, u=np.zeros(2, int), v=np.ones(1, int))),
    "text of two bytes a character": ("l.txt", "a b\nb c\n".encode("utf-16-le")),
    "one column": ("m.txt", b"a\nb\n"),
    "packed lines cut short": ("e.gz", gzip.compress(lines(STAR).encode() * 100)[:-12]),
    "packed lines with a wrong check": ("f.gz", gzip.compress(b"a b\n")[:-8] + b"\0" * 8),
}


@pytest.mark.parametrize("over", [0, 1])
def test_a_few_bytes_cannot_claim_any_number_of_nodes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, over: int
) -> None:
    """Two ends may be two nodes, beside those that stand alone."""
    monkeypatch.setattr("chokepoint.desk.network.MOST_ALONE", 20)
    path = tmp_path / "claim.npz"
    path.write_bytes(packed(n=22 + over, u=np.zeros(1, int), v=np.ones(1, int)))
    if not over:
        assert dismantle_file(path).result.nodes == 22
        return
    with pytest.raises(TooLargeError) as caught:
        dismantle_file(path)
    assert caught.value.place == str(path)
    assert caught.value.mend


@pytest.mark.parametrize("fault", list(FAULTS))
def test_a_fault_names_its_file_and_what_to_do(tmp_path: Path, fault: str) -> None:
    name, data = FAULTS[fault]
    (tmp_path / name).write_bytes(data)
    with pytest.raises(BadInputError) as caught:
        dismantle_file(tmp_path / name)
    assert name in caught.value.place
    assert caught.value.mend


def test_arrays_that_unfold_to_too_much_are_refused_unopened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chokepoint.desk.network.LARGEST_ARRAYS", 100)
    with pytest.raises(TooLargeError, match="unfold to more than"):
        dismantle_file(star_as("npz", tmp_path))


@pytest.mark.parametrize("which", ["edges", "costs"])
def test_a_file_that_is_not_there_is_named(tmp_path: Path, which: str) -> None:
    edges = star_as("txt", tmp_path)
    with pytest.raises(NotFoundError) as caught:
        dismantle_file(*((tmp_path / "no",) if which == "edges" else (edges, tmp_path / "no")))
    assert caught.value.place == str(tmp_path / "no")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="no such file"):
        dismantle_file(tmp_path)


# --- value chains ---


def chain(**more: Any) -> dict[str, Any]:
    """A victim, two sites side by side, a wallet, a cash-out."""
    mode = {"mode": "takedown", "cost": 1.0, "success": 1.0, "collateral": 0.0, "replacement_days": 90.0}
    nodes = [
        {"id": "victims", "kind": "group", "capacity": 100.0, "role": "victim", "modes": []},
        {"id": "site", "kind": "domain-name", "capacity": 60.0, "role": None, "modes": [mode]},
        {"id": "other", "kind": "domain-name", "capacity": 40.0, "role": None, "modes": [mode]},
        {
            "id": "wallet",
            "kind": "crypto-address",
            "capacity": 100.0,
            "role": None,
            "modes": [mode | {"cost": 1.5}],
        },
        {"id": "cash", "kind": "service", "capacity": 100.0, "role": "cash-out", "modes": []},
    ]
    ends = [
        ("victims", "site"),
        ("victims", "other"),
        ("site", "wallet"),
        ("other", "wallet"),
        ("wallet", "cash"),
    ]
    edges = [{"from": one, "to": two, "belief": 1.0} for one, two in ends]
    stages = [{"at_day": 1, "weight": 1.0}]
    return {"nodes": nodes, "edges": edges, "stages": stages, "budget": 1.5, "worlds": 8, "seed": 1} | more


def on_disk(folder: Path, network: object) -> Path:
    path = folder / "net.json"
    path.write_text(json.dumps(network))
    return path


def test_the_one_wallet_behind_both_sites_is_struck(tmp_path: Path) -> None:
    answer = plan_for(on_disk(tmp_path, chain())).document
    assert set(answer) >= KEYS
    assert answer["plan"] == [{"id": "wallet", "mode": "takedown"}]
    assert answer["cost"] == pytest.approx(1.5)
    assert answer["flow_before"] == pytest.approx(100.0)
    assert answer["flow_after"] < 5.0
    assert answer["bound"] <= answer["flow_after"] + 1e-9


@pytest.mark.parametrize(("budget", "targets"), [(0.5, set()), (1.0, {"site"}), (2.0, {"wallet"})])
def test_another_budget_than_the_files_is_asked_for(tmp_path: Path, budget: float, targets: set[str]) -> None:
    answer = plan_for(on_disk(tmp_path, chain()), budget=budget).document
    assert {one["id"] for one in answer["plan"]} == targets
    assert answer["cost"] <= budget


def test_the_same_file_gives_the_same_answer(tmp_path: Path) -> None:
    path = on_disk(tmp_path, chain())
    assert plan_for(path).document == plan_for(path).document


BROKEN: dict[str, Callable[[], object]] = {
    "a list": list,
    "a number": lambda: 7,
    "no nodes": lambda: {key: value for key, value in chain().items() if key != "nodes"},
    "a role that is none": lambda: chain(nodes=[{**chain()["nodes"][0], "role": "boss"}]),
    "an edge to nowhere": lambda: chain(edges=[{"from": "site", "to": "nowhere", "belief": 1.0}]),
    "a belief beyond one": lambda: chain(edges=[{"from": "site", "to": "wallet", "belief": 1.5}]),
    "a node twice": lambda: chain(nodes=[*chain()["nodes"], chain()["nodes"][0]]),
    "a negative budget": lambda: chain(budget=-1),
    "no worlds": lambda: chain(worlds=0),
    "a capacity in words": lambda: chain(nodes=[{**chain()["nodes"][0], "capacity": "much"}]),
}


@pytest.mark.parametrize("fault", list(BROKEN))
def test_a_network_of_another_shape_is_refused_with_its_file(tmp_path: Path, fault: str) -> None:
    with pytest.raises(ChokepointError) as caught:
        plan_for(on_disk(tmp_path, BROKEN[fault]()))
    assert "net.json" in caught.value.place


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"\xff\xfe", b'{"a": 1} x', b"[" * 100_000],
    ids=["empty", "cut", "no text", "more", "deep"],
)
def test_what_is_no_json_is_refused_with_its_file(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "net.json").write_bytes(data)
    with pytest.raises(BadInputError, match="no JSON") as caught:
        plan_for(tmp_path / "net.json")
    assert caught.value.place == str(tmp_path / "net.json")
    assert caught.value.mend == "write one object"


def test_too_much_json_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chokepoint.desk.network.LARGEST_JSON", 10)
    with pytest.raises(TooLargeError, match="512 MB"):
        plan_for(on_disk(tmp_path, chain()))


def test_what_is_kept_is_for_its_owner_alone_and_replaces_an_older_one(tmp_path: Path) -> None:
    """Also where somebody put a file that all may read in its place before."""
    kept = tmp_path / "kept"
    kept.write_text("an older one that everybody may read")
    kept.chmod(0o666)
    plan_for(on_disk(tmp_path, chain()), keep=kept)
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert ask_kept(kept)["plan"]


def test_a_link_put_in_the_place_of_what_is_kept_is_not_followed(tmp_path: Path) -> None:
    victim, kept = tmp_path / "victim", tmp_path / "kept"
    victim.write_text("mine")
    kept.symlink_to(victim)
    plan_for(on_disk(tmp_path, chain()), keep=kept)
    assert victim.read_text() == "mine"
    assert not kept.is_symlink()


@pytest.mark.parametrize("data", [b"", b"nonsense", b"PK\x03\x04"])
def test_what_is_no_kept_answer_is_refused_with_its_file(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "kept").write_bytes(data)
    with pytest.raises(BadInputError) as caught:
        ask_kept(tmp_path / "kept")
    assert "kept" in caught.value.place
