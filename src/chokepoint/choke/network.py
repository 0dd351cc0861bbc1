"""From the parsed JSON of `choke --network` to a `ChokeNetwork`, all faults at once."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from chokepoint.choke.chain import (
    CASH_OUT,
    NO_ROLE,
    VICTIM,
    ChokeNetwork,
    Dependency,
    Floats,
    Ints,
    Modes,
    Substitutes,
)
from chokepoint.choke.fields import Faults, flag, number, rows, share, spelt, text, unlimited, words
from chokepoint.choke.reach import reached

__all__ = ["ChokeNetwork", "read_network"]

ROLES = {None: NO_ROLE, "": NO_ROLE, "victim": VICTIM, "cash-out": CASH_OUT}
MODE_NAMES = ("takedown", "seizure", "freeze", "arrest", "sanction", "notification", "cooperation")
GENTLE = ("notification", "cooperation")
MOST_WORLDS = 4096
MOST_STAGES = 64
MODE_COLUMNS = ("cost", "success", "collateral", "replacement_days", "lead_days")


def read_network(tree: Any) -> ChokeNetwork:
    """Read the JSON shape of `choke --network` (DESIGN §10), already parsed.

    Beyond the contract, nodes may carry `"shared": true` (legitimate infrastructure: cooperation
    only) and `"victim_asset": true` (notification and cooperation only); modes `"jurisdiction"` and
    `"lead_days"`; `capacity` null or infinite means unlimited, `replacement_days` null means never.
    `caps`: {jurisdiction: highest summed cost}. `substitutes`: [{"for": id, "id": latent id,
    "after_days": days}]. `dependencies`: [{"node": id, "needs_any": [id, …]}]. Parallel edges are
    merged by belief = 1 - prod(1 - b); self-loops are dropped, having no effect on a flow. Other fields are
    passed over, but for one that is a field's misspelling.

    Raises:
        BadInputError: anything is malformed; every fault is named with its JSON pointer and mend.
        RefusedError: a mode that the rules forbid on shared or victim-owned assets.
    """
    return _Reading(tree).network()


class _Reading:
    """One pass over the document, part by part; later parts know the node numbers of the first."""

    def __init__(self, tree: Any) -> None:
        self.faults = Faults()
        if not isinstance(tree, dict):
            self.faults.add("/", f"the document is {type(tree).__name__}", "write a JSON object")
            self.faults.stop()
        self.tree: dict[str, Any] = tree
        self.index: dict[str, int] = {}
        self.unknown = np.zeros(0, np.bool_)

    def network(self) -> ChokeNetwork:
        """The whole network.

        Raises:
            BadInputError: anything is malformed.
            RefusedError: a mode is forbidden on its node.
        """
        spelt(self.tree, "", "", self.faults)
        nodes = rows(self.tree, "nodes", "", self.faults)
        if not nodes:
            self.faults.add("/nodes", "there are no nodes", "name at least one node")
        self._number_nodes(nodes)
        capacity = self._capacities(nodes)
        src, dst, belief = self._edges()
        at_day, weight = self._stages()
        modes = self._modes(nodes)
        parts: dict[str, Any] = {
            "kinds": tuple(words(node, "kind", place, self.faults) for place, node in nodes),
            "role": np.array([self._role(*node) for node in nodes], dtype=np.int8),
            "substitutes": self._substitutes(),
            "dependencies": self._dependencies(),
            "caps": self._caps(),
            **self._limits(),
        }
        self.faults.stop()
        parts["loose"] = self._loose(parts["role"], src, dst)
        return ChokeNetwork(
            ids=tuple(self.index), capacity=capacity, src=src, dst=dst, belief=belief, modes=modes,
            at_day=at_day, weight=weight, **parts,
        )  # fmt: skip

    def _number_nodes(self, nodes: list[tuple[str, dict[str, Any]]]) -> None:
        for place, node in nodes:
            name = text(node, "id", place, self.faults)
            if name and name in self.index:
                self.faults.add(f"{place}/id", f"node {name!r} occurs twice", "give each node its own id")
            elif name:
                self.index[name] = len(self.index)

    def _capacities(self, nodes: list[tuple[str, dict[str, Any]]]) -> Floats:
        values = np.array(
            [unlimited(node, "capacity", place, self.faults) for place, node in nodes], np.float64
        )
        finite = sum(values[np.isfinite(values)].tolist())
        if not math.isfinite(finite):
            self.faults.add("/nodes", "the capacities sum to infinity", "use a larger unit of flow")
        self.unknown = ~np.isfinite(values)
        values[self.unknown] = finite or 1.0
        return values

    def _loose(self, role: Any, src: Ints, dst: Ints) -> bool:
        """Whether nodes of unknown capacity alone lead from a victim to a cash-out."""
        open_ways = self.unknown[src] & self.unknown[dst]
        ahead = reached(src[open_ways], dst[open_ways], self.unknown & (role == ROLES["victim"]))
        return bool(np.any(ahead & (role == ROLES["cash-out"])))

    def _role(self, place: str, node: dict[str, Any]) -> int:
        role = node.get("role")
        if not isinstance(role, str | None) or role not in ROLES:
            self.faults.add(
                f"{place}/role", f"unknown role {role!r:.40}", 'write "victim", "cash-out" or null'
            )
            return NO_ROLE
        return ROLES[role]

    def _end(self, row: dict[str, Any], key: str, place: str) -> int:
        name = text(row, key, place, self.faults)
        if name and name not in self.index:
            self.faults.add(f"{place}/{key}", f"unknown node {name!r}", "list it under nodes")
        return self.index.get(name, 0)

    def _edges(self) -> tuple[Ints, Ints, Floats]:
        table = [
            (
                self._end(edge, "from", place),
                self._end(edge, "to", place),
                share(edge, "belief", place, self.faults),
            )
            for place, edge in rows(self.tree, "edges", "", self.faults)
        ]
        ends = np.array([(a, b) for a, b, _ in table], dtype=np.int64).reshape(-1, 2)
        belief = np.array([b for _, _, b in table], dtype=np.float64)
        kept = (ends[:, 0] != ends[:, 1]) & (belief > 0)
        return merge_edges(ends[kept], belief[kept], max(len(self.index), 1))

    def _stages(self) -> tuple[Floats, Floats]:
        stages = rows(self.tree, "stages", "", self.faults)
        if not stages or len(stages) > MOST_STAGES:
            self.faults.add("/stages", f"there are {len(stages)} stages", f"name 1 to {MOST_STAGES}")
        days = [number(stage, "at_day", place, self.faults) for place, stage in stages]
        weights = [number(stage, "weight", place, self.faults, default=1.0) for place, stage in stages]
        return np.array(days, np.float64), np.array(weights, np.float64)

    def _modes(self, nodes: list[tuple[str, dict[str, Any]]]) -> Modes:
        at: list[int] = []
        names: list[str] = []
        laws: list[str] = []
        columns: dict[str, list[float]] = {name: [] for name in MODE_COLUMNS}
        for node_at, (node_place, node) in enumerate(nodes):
            shared = flag(node, "shared", node_place, self.faults)
            owned = flag(node, "victim_asset", node_place, self.faults)
            for place, mode in rows(node, "modes", node_place, self.faults):
                at.append(node_at)
                names.append(self._mode_name(mode, place, shared=shared, owned=owned))
                laws.append(words(mode, "jurisdiction", place, self.faults))
                columns["cost"].append(number(mode, "cost", place, self.faults))
                columns["success"].append(share(mode, "success", place, self.faults))
                columns["collateral"].append(number(mode, "collateral", place, self.faults, default=0.0))
                columns["replacement_days"].append(unlimited(mode, "replacement_days", place, self.faults))
                columns["lead_days"].append(number(mode, "lead_days", place, self.faults, default=0.0))
        return Modes(
            node=np.array(at, dtype=np.int32), name=tuple(names), jurisdiction=tuple(laws),
            **{name: np.array(values, np.float64) for name, values in columns.items()},
        )  # fmt: skip

    def _mode_name(self, mode: dict[str, Any], place: str, *, shared: bool, owned: bool) -> str:
        name = text(mode, "mode", place, self.faults)
        if name and name not in MODE_NAMES:
            self.faults.add(
                f"{place}/mode", f"unknown mode {name!r:.40}", f"use one of {', '.join(MODE_NAMES)}"
            )
        elif shared and name != "cooperation":
            self.faults.refuse(
                f"{place}/mode", f"{name} of shared legitimate infrastructure", "offer cooperation only"
            )
        elif owned and name not in GENTLE:
            self.faults.refuse(
                f"{place}/mode",
                f"{name} of an asset that belongs to a victim",
                "offer notification or cooperation",
            )
        return name

    def _substitutes(self) -> Substitutes:
        found = rows(self.tree, "substitutes", "", self.faults)
        for place, row in found:
            if row.get("for") == row.get("id"):
                self.faults.add(place, "a node cannot stand in for itself", "name another node")
        return Substitutes(
            hit=np.array([self._end(row, "for", place) for place, row in found], dtype=np.int32),
            node=np.array([self._end(row, "id", place) for place, row in found], dtype=np.int32),
            after_days=np.array(
                [number(row, "after_days", place, self.faults) for place, row in found], np.float64
            ),
        )

    def _dependencies(self) -> tuple[Dependency, ...]:
        found = []
        for place, row in rows(self.tree, "dependencies", "", self.faults):
            names = row.get("needs_any")
            if not isinstance(names, list) or not names:
                self.faults.add(f"{place}/needs_any", "no suppliers named", "write a list of node ids")
                continue
            needs = [
                self._end({str(at): name}, str(at), f"{place}/needs_any") for at, name in enumerate(names)
            ]
            found.append(Dependency(node=self._end(row, "node", place), needs_any=tuple(sorted(set(needs)))))
        return tuple(found)

    def _caps(self) -> dict[str, float]:
        caps = {} if self.tree.get("caps") is None else self.tree["caps"]
        if not isinstance(caps, dict):
            self.faults.add("/caps", f"caps is {type(caps).__name__}", "write an object {jurisdiction: cost}")
            return {}
        return {str(law): number(caps, law, "/caps", self.faults) for law in caps}

    def _limits(self) -> dict[str, Any]:
        worlds = self.tree.get("worlds", 16)
        if isinstance(worlds, bool) or not isinstance(worlds, int) or not 1 <= worlds <= MOST_WORLDS:
            self.faults.add(
                "/worlds", f"worlds is {worlds!r:.40}", f"write a whole number from 1 to {MOST_WORLDS}"
            )
        seed = self.tree.get("seed", 0)
        if isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed < 2**63:
            self.faults.add("/seed", f"seed is {seed!r:.40}", "write a whole number from 0 to 2^63 - 1")
        limit = math.inf
        if self.tree.get("collateral_limit") is not None:
            limit = unlimited(self.tree, "collateral_limit", "", self.faults)
        budget = number(self.tree, "budget", "", self.faults)
        return {"worlds": worlds, "seed": seed, "collateral_limit": limit, "budget": budget}


def merge_edges(ends: Any, belief: Floats, size: int) -> tuple[Ints, Ints, Floats]:
    """Parallel edges as one, by source then target.

    Args:
        ends: int64 (E, 2) node numbers below `size`.
        belief: float64 (E,), each the probability of an independent report.
        size: number of nodes.

    Returns:
        (src int32, dst int32, belief): belief = 1 - prod(1 - b) over the parallels.
    """
    key = ends[:, 0] * size + ends[:, 1]
    unique, where = np.unique(key, return_inverse=True)
    doubt = np.ones(unique.size)
    np.multiply.at(doubt, where, 1.0 - belief)
    return (unique // size).astype(np.int32), (unique % size).astype(np.int32), 1.0 - doubt
