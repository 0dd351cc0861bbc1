"""What the rows of a damage model may buy: each action on a node itself, and on each supplier of a node.

A dependant that has several suppliers is starved only when each of them is hit, so that its price is one
offer of each; no dependant has another's hit for nothing, which is what makes bounds with suppliers tight.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chokepoint.choke.chain import Dependency, Floats, Ints
    from chokepoint.choke.harm import Harm
    from chokepoint.choke.limits import Limits

    Rows = list[tuple[int, int, int]]

MANY = 32
"""Offers of one need beyond which its node counts as starved for nothing: looser, but never false."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offers:
    """Q offers, those on nodes themselves first, then those on suppliers by need and supplier.

    Attributes:
        column: int32 (Q,), the candidate (see `Limits`) that is bought.
        place: int32 (Q,), the core node that it weakens.
        unit: float64 (Q,), the capacity of that node.
        mode: int32 (Q,), the mode number of the candidate.
        own: how many act on the node itself.
        begins: int32 (needs + 1,), where the offers of each need begin.
        supplier: int32 (Q,), the node acted on.
        ground: float64 (R, n), the capacities that no offer changes.
        starves: whether these are less than before any action.
    """

    column: Ints
    place: Ints
    unit: Floats
    mode: Ints
    own: int
    begins: Ints
    supplier: Ints
    ground: Floats
    starves: bool

    @property
    def packed(self) -> tuple[Ints, Floats, Ints, int, Ints, Ints]:
        """As `kernels.priced` takes them."""
        return self.place, self.unit, self.mode, self.own, self.begins, self.supplier


def offers_of(harm: Harm, limits: Limits) -> Offers:
    """All offers of the candidates within the limits."""
    place = harm.place[limits.node]
    own = np.flatnonzero(place >= 0)
    rows: Rows = []
    begins = [own.size]
    starved: list[Dependency] = []
    by_node: dict[int, list[int]] = {}
    for at, node in enumerate(limits.node.tolist()):
        by_node.setdefault(node, []).append(at)
    for need in harm.network.dependencies:
        if harm.place[need.node] < 0:
            continue
        found = list(_of_need(harm, need, by_node))
        if not found or len(found) > MANY:
            starved.append(need)
        elif all(row[1] >= 0 for row in found):
            rows += found
            begins.append(own.size + len(rows))
    column = np.concatenate([own, [at for _, at, _ in rows]]).astype(np.int32)
    spots = np.concatenate([place[own], [spot for spot, _, _ in rows]]).astype(np.int32)
    return Offers(
        column=column, place=spots, unit=harm.network.capacity[harm.core[spots]], own=own.size,
        mode=limits.candidates[column].astype(np.int32), begins=np.array(begins, np.int32),
        supplier=limits.node[column].astype(np.int32), ground=_ground(harm, starved),
        starves=bool(starved),
    )  # fmt: skip


def _of_need(harm: Harm, need: Dependency, by_node: dict[int, list[int]]) -> Iterator[tuple[int, int, int]]:
    """(core place, candidate, supplier) by supplier; candidate -1 where one cannot be hit.

    Latent suppliers are left out: without them the node has less.
    """
    latent = set(harm.network.substitutes.node.tolist())
    for supplier in need.needs_any:
        if supplier not in latent:
            for at in by_node.get(supplier, [-1]):
                yield int(harm.place[need.node]), at, supplier


def _ground(harm: Harm, starved: list[Dependency]) -> Floats:
    """float64 (R, n): capacities without latent nodes, and needs of `starved` met as badly as can be."""
    rows = harm.row_weight.size
    if not starved:
        return np.broadcast_to(harm.base, (rows, harm.base.size))
    ground, modes = np.repeat(harm.base[None, :], rows, axis=0), harm.network.modes
    for need in starved:
        best = np.zeros(rows)
        for supplier in need.needs_any:
            taken = harm.strength[:, modes.node == supplier].max(axis=1, initial=0.0)
            best = np.maximum(best, 0.0 if harm.network.latent[supplier] else 1 - taken)
        ground[:, harm.place[need.node]] *= best
    return ground
