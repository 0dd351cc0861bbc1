"""The plan problem written down a second time: from the JSON and the draws alone, in the plainest linear terms.

It shares nothing with `choke.exact` but the solver. Every row has its own potentials; each mode of a node
gives back the share that it takes (`e <= x`, `e <= drop`), a capability is an arc in series with its
node, a latent node counts where its call is forced.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

if TYPE_CHECKING:
    from chokepoint.choke.worlds import Worlds


@dataclass
class Program:
    cost: list[float] = field(default_factory=list)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    rows: list[tuple[dict[int, float], float]] = field(default_factory=list)

    def variable(self, cost: float = 0.0, low: float = 0.0, high: float = 1.0) -> int:
        self.cost.append(cost)
        self.low.append(low)
        self.high.append(high)
        return len(self.cost) - 1

    def at_least(self, terms: dict[int, float], right: float) -> None:
        self.rows.append((terms, right))


def least_flow(tree: dict[str, Any], worlds: Worlds) -> float:
    """F of the best plan on the draws; the edge order of `worlds.alive` is by (from, to) number."""
    program, whole = written(tree, worlds)
    answer = solved(program, whole, near=1e-7)
    assert answer.status == 0, answer.message
    return float(answer.fun)


def written(tree: dict[str, Any], worlds: Worlds) -> tuple[Program, int]:
    """The program, and how many of its first variables are the plan."""
    program = Program()
    number = {node["id"]: at for at, node in enumerate(tree["nodes"])}
    modes = [(at, mode) for at, node in enumerate(tree["nodes"]) for mode in node.get("modes", [])]
    plan = [program.variable() for _ in modes]
    _limits(program, tree, modes, plan)
    pairs = sorted({(number[e["from"]], number[e["to"]]) for e in tree["edges"]})
    pairs = [(a, b) for a, b in pairs if a != b]
    for world in range(worlds.count):
        real = [pair for pair, alive in zip(pairs, worlds.alive[world], strict=True) if alive]
        for stage in tree["stages"]:
            weight = stage["weight"] / worlds.count
            row = Row(program, tree, number, modes, plan, worlds.success[world], float(stage["at_day"]))
            row.write(real, weight)
    return program, len(plan)


def _limits(program: Program, tree: dict[str, Any], modes: list[Any], plan: list[int]) -> None:
    def at_most(terms: dict[int, float], right: float) -> None:
        program.at_least({x: -value for x, value in terms.items()}, -right)

    at_most({x: mode["cost"] for x, (_, mode) in zip(plan, modes, strict=True)}, tree["budget"])
    if tree.get("collateral_limit") is not None:
        harm = {x: mode.get("collateral", 0.0) for x, (_, mode) in zip(plan, modes, strict=True)}
        at_most(harm, tree["collateral_limit"])
    for law, cap in (tree.get("caps") or {}).items():
        under = {
            x: mode["cost"]
            for x, (_, mode) in zip(plan, modes, strict=True)
            if mode.get("jurisdiction", "") == law
        }
        at_most(under, cap)
    for node in {at for at, _ in modes}:
        at_most({x: 1.0 for x, (at, _) in zip(plan, modes, strict=True) if at == node}, 1.0)


@dataclass
class Row:
    """One (world, stage)."""

    program: Program
    tree: dict[str, Any]
    number: dict[str, int]
    modes: list[Any]
    plan: list[int]
    success: Any
    day: float

    def write(self, real: list[tuple[int, int]], weight: float) -> None:
        nodes, program = self.tree["nodes"], self.program
        ends = []
        for at, node in enumerate(nodes):
            role = node.get("role")
            enter = program.variable(low=1.0 if role == "victim" else 0.0)
            leave = program.variable(high=0.0 if role == "cash-out" else 1.0)
            unit = weight * float(node["capacity"])
            chain = [enter]
            needs = [d for d in self.tree.get("dependencies", []) if self.number[d["node"]] == at]
            for need in needs:
                chain.append(program.variable())
                self.arc(
                    chain[-2], chain[-1], unit, [self.number[supplier] for supplier in need["needs_any"]]
                )
            self.arc(chain[-1], leave, unit, [at])
            ends.append((enter, leave))
        for a, b in real:
            program.at_least({ends[b][0]: 1.0, ends[a][1]: -1.0}, 0.0)

    def arc(self, above: int, below: int, unit: float, suppliers: list[int]) -> None:
        """Costs unit · (above − below) · (best working share of the suppliers)."""
        paid = self.program.variable(cost=unit)
        for supplier in suppliers:
            drop = self.program.variable()
            self.program.at_least({drop: 1.0, above: -1.0, below: 1.0, **self.asleep(supplier)}, self.offset)
            terms = {paid: 1.0, drop: -1.0}
            for x, (at, mode) in enumerate(self.modes):
                taken = self.taken(x, mode)
                if at == supplier and taken > 0:
                    given = self.program.variable()
                    self.program.at_least({self.plan[x]: 1.0, given: -1.0}, 0.0)
                    self.program.at_least({drop: 1.0, given: -1.0}, 0.0)
                    terms[given] = taken
            self.program.at_least(terms, 0.0)

    offset = 0.0

    def asleep(self, node: int) -> dict[int, float]:
        """Terms that release the drop of a latent node that nothing calls; `offset` goes with them."""
        rows = [s for s in self.tree.get("substitutes", []) if self.number[s["id"]] == node]
        self.offset = 0.0
        if not rows:
            return {}
        called = self.program.variable()
        for row in rows:
            for x, (at, _) in enumerate(self.modes):
                if at == self.number[row["for"]] and self.success[x] and self.day >= row["after_days"]:
                    self.program.at_least({called: 1.0, self.plan[x]: -1.0}, 0.0)
        self.offset = -1.0
        return {called: -1.0}

    def taken(self, x: int, mode: dict[str, Any]) -> float:
        days = mode["replacement_days"]
        if not self.success[x] or days == 0:
            return 0.0
        return 1.0 if days is None else math.exp(-self.day / days)


def solved(program: Program, whole: int, **options: float) -> Any:
    """What HiGHS answers: with its own tolerance and no limit unless told `near` or `seconds`."""
    names = {"near": "mip_rel_gap", "seconds": "time_limit"}
    width = len(program.cost)
    at = [
        (row, column, value) for row, (terms, _) in enumerate(program.rows) for column, value in terms.items()
    ]
    rows, columns, values = zip(*at, strict=True)
    table = csr_array((values, (rows, columns)), shape=(len(program.rows), width))
    kinds = np.zeros(width)
    kinds[:whole] = 1
    return milp(
        np.array(program.cost), integrality=kinds, bounds=Bounds(program.low, program.high),
        constraints=LinearConstraint(table, [right for _, right in program.rows], np.inf),
        options={names[name]: value for name, value in options.items()},
    )  # fmt: skip
