"""The rows of one world at given prices: what flows, what was bought, and where it was cut.

An offer is the chance to have an action taken away from one node at a price: an action on the node
itself, or on one of its suppliers. A node costs no more than its cheapest offer or, for a capability with
several suppliers, than one offer of each.
"""

# ruff: noqa: PLR0913, PLR0917 - numba has no keyword-only arguments, and arrays are passed, not objects
# mypy: disable-error-code="no-any-return"
# numba types these functions itself; numpy's stubs know only half of what it infers

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

from chokepoint.choke.kernels.flow import cut_into, fill, room_for

if TYPE_CHECKING:
    from chokepoint.choke.chain import Flags, Floats, Ints
    from chokepoint.choke.kernels.residual import Graph

    Offers = tuple[Ints, Floats, Ints, int, Ints, Ints]


@njit(cache=True, nogil=True)
def _price_of_share(offers: Offers, need: int, share: float, taken: Floats, prices: Any) -> float:
    """What one offer of each supplier costs that leaves it at most that share; infinite where none does."""
    _, _, mode, _, need_start, supplier = offers
    paid, q = 0.0, need_start[need]
    while q < need_start[need + 1]:
        mine, least = supplier[q], np.inf
        while q < need_start[need + 1] and supplier[q] == mine:
            if 1.0 - taken[mode[q]] <= share:
                least = min(least, prices[q])
            q += 1
        paid += least
    return paid


@njit(cache=True, nogil=True)
def _best_share(offers: Offers, need: int, taken: Floats, prices: Any) -> tuple[float, float]:
    """The share and the total (units of capacity) at which starving the node of a capability is cheapest."""
    _, unit, mode, _, need_start, _ = offers
    best, share = np.inf, 1.0
    for q in range(need_start[need], need_start[need + 1]):
        left = 1.0 - taken[mode[q]]
        total = unit[q] * left + _price_of_share(offers, need, left, taken, prices)
        if total < best:
            best, share = total, left
    return best, share


@njit(cache=True, nogil=True)
def _offered(offers: Offers, ground: Floats, taken: Floats, prices: Any) -> Floats:
    """float64 (n,): what each node costs at least, whatever is bought."""
    place, unit, mode, own, need_start, _ = offers
    capacity = ground.copy()
    for q in range(own):
        total = unit[q] * (1.0 - taken[mode[q]]) + prices[q]
        capacity[place[q]] = min(capacity[place[q]], total)
    for need in range(need_start.size - 1):
        v = place[need_start[need]]
        capacity[v] = min(capacity[v], _best_share(offers, need, taken, prices)[0])
    return capacity


@njit(cache=True, nogil=True)
def _mark_need(offers: Offers, need: int, share: float, taken: Floats, prices: Any, bought: Flags) -> float:
    """Take up the cheapest offer of each supplier that leaves it at most that share; what they cost."""
    _, _, mode, _, need_start, supplier = offers
    paid, q = 0.0, need_start[need]
    while q < need_start[need + 1]:
        mine, best = supplier[q], -1
        while q < need_start[need + 1] and supplier[q] == mine:
            if 1.0 - taken[mode[q]] <= share and (best < 0 or prices[q] < prices[best]):
                best = q
            q += 1
        bought[best] = True
        paid += prices[best]
    return paid


@njit(cache=True, nogil=True)
def _mark(
    offers: Offers, ground: Floats, taken: Floats, prices: Any, capacity: Floats, cut: Flags, bought: Flags
) -> float:  # fmt: skip
    """Which offers the cut takes up; what they cost."""
    place, unit, mode, own, need_start, _ = offers
    paid = 0.0
    for q in range(own):
        v = place[q]
        total = unit[q] * (1.0 - taken[mode[q]]) + prices[q]
        if cut[v] and total <= capacity[v] and total < ground[v]:
            bought[q] = True
            paid += prices[q]
    for need in range(need_start.size - 1):
        v = place[need_start[need]]
        if cut[v]:
            total, share = _best_share(offers, need, taken, prices)
            if total <= capacity[v] and total < ground[v]:
                paid += _mark_need(offers, need, share, taken, prices, bought)
    return paid


@njit(cache=True, nogil=True)
def priced(
    graph: Graph, ground: Floats, full: Floats, offers: Offers, taken: Floats, prices: Any, slack: float
) -> tuple[Floats, Floats, Flags, Floats, Flags]:  # fmt: skip
    """Flows of K rows of one world at prices.

    Args:
        graph: from `world_graph`.
        ground: float64 (K, n), capacities without any action.
        full: float64 (K, n), the most they can be after any.
        offers: (place int32 (Q,), unit float64 (Q,), mode int32 (Q,), number of those on the node itself,
            then where the offers of each need begin int32 (needs + 1,), and whose each is int32 (Q,)).
        taken: float64 (K, M), share that each mode takes away.
        prices: float (K, Q), >= 0.
        slack: flow that may be left unfound; what is returned stays a lower bound.

    Returns:
        (value (K,), paid (K,), bought bool (K, Q), width of the cut in full (K,), cut bool (K, n)).
    """
    rows, n = ground.shape
    flow, work = room_for(graph)
    value, paid, width = np.zeros(rows), np.zeros(rows), np.zeros(rows)
    bought, cut = np.zeros(prices.shape, np.bool_), np.zeros((rows, n), np.bool_)
    for k in range(rows):
        capacity = _offered(offers, ground[k], taken[k], prices[k])
        value[k] = fill(graph, flow, capacity, work, slack)[0]
        cut_into(graph, work, cut[k])
        width[k] = np.where(cut[k], full[k], 0.0).sum()
        paid[k] = _mark(offers, ground[k], taken[k], prices[k], capacity, cut[k], bought[k])
    return value, paid, bought, width, cut


@njit(cache=True, nogil=True)
def steepness(
    weight: Floats, offers: Offers, scale: Floats, taken: Floats, prices: Any, bought: Flags, plan: Floats
) -> float:  # fmt: skip
    """The squared length of the step of length 1 that `move` makes, in its own measure."""
    _, unit, mode, _, _, _ = offers
    total = 0.0
    for r in range(weight.size):
        row = 0.0
        for q in range(unit.size):
            slope = (1.0 if bought[r, q] else 0.0) - plan[q]
            most = unit[q] * taken[r, mode[q]]
            if (slope > 0.0 and prices[r, q] < most) or (slope < 0.0 and prices[r, q] > 0.0):
                row += most * scale[q] * slope * slope
        total += weight[r] * row
    return total


@njit(cache=True, nogil=True)
def move(
    length: float, offers: Offers, scale: Floats, taken: Floats, start: Any, bought: Flags, plan: Floats
) -> Any:  # fmt: skip
    """Prices (R, Q) a step on: dearer where more rows buy than the plan has, cheaper where fewer.

    Each step is in proportion to what there is to take (`unit` times `taken`) and to `scale`, (Q,); no price
    leaves the range from 0 to all there is to take.
    """
    _, unit, mode, _, _, _ = offers
    prices = np.empty_like(start)
    for r in range(prices.shape[0]):
        for q in range(unit.size):
            most = unit[q] * taken[r, mode[q]]
            slope = (1.0 if bought[r, q] else 0.0) - plan[q]
            prices[r, q] = min(max(start[r, q] + length * most * scale[q] * slope, 0.0), most)
    return prices
