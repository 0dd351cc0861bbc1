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

from chokepoint.choke.kernels.flow import carried_into, cut_into, fill, room_for, withdraw

if TYPE_CHECKING:
    from chokepoint.choke.chain import Flags, Floats, Ints
    from chokepoint.choke.kernels.residual import Graph

    Offers = tuple[Ints, Floats, Ints, int, Ints, Ints]
    Told = tuple[Flags, Floats, Floats, Floats]
    Slope = tuple[tuple[Any, Any], Floats, Flags]

PASSES = 2
"""Looks at all vertices that taking back what got stuck is worth."""


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
def _use(offers: Offers, taken: Floats, prices: Any, carried: Floats, share: float, spent: Floats) -> None:
    """Add to `spent`, (Q,), that share of what of each price the flow through its node makes use of.

    With no more than that the node carries as much as it does; the rest of the price was for nothing.
    """
    place, unit, mode, own, need_start, _ = offers
    for q in range(own):
        free = unit[q] * (1.0 - taken[mode[q]])
        spent[q] += share * min(max(carried[place[q]] - free, 0.0), prices[q])
    for need in range(need_start.size - 1):
        part, flows = 0.0, carried[place[need_start[need]]]
        for q in range(need_start[need], need_start[need + 1]):
            left = 1.0 - taken[mode[q]]
            beyond = flows - unit[q] * left
            paid = _price_of_share(offers, need, left, taken, prices)
            if beyond > 0.0 and 0.0 < paid < np.inf:
                part = max(part, min(beyond / paid, 1.0))
        for q in range(need_start[need], need_start[need + 1]):
            spent[q] += share * part * prices[q]


@njit(cache=True, nogil=True)
def priced(
    graph: Graph, ground: Floats, full: Floats, offers: Offers, taken: Floats, prices: Any,
    weight: Floats, slack: float, due: Flags, told: Told,
) -> None:  # fmt: skip
    """Flows of the K rows of one world at prices, added up by row number.

    Args:
        graph: from `world_graph`.
        ground: float64 (K, n), capacities without any action.
        full: float64 (K, n), the most they can be after any.
        offers: (place int32 (Q,), unit float64 (Q,), mode int32 (Q,), number of those on the node itself,
            then where the offers of each need begin int32 (needs + 1,), and whose each is int32 (Q,)).
        taken: float64 (K, M), share that each mode takes away.
        prices: float (K, Q), >= 0.
        weight: float64 (K,), by which all but `bought` is multiplied.
        slack: flow that may be left unfound; what is told stays a lower bound.
        due: bool (K,), rows to look at.
        told: (bought bool (K, Q), which is written; and to which is added: (value, paid, width of the cut in
            full) float64 (K, 3), what offers on the node itself take off that width float64 (K, own), and
            what of each price is used float64 (K, Q)).
    """
    place, _, mode, own, _, _ = offers
    bought, sums, gain, spent = told
    flow, work = room_for(graph)
    cut, carried = np.zeros(ground.shape[1], np.bool_), np.zeros(ground.shape[1])
    for k in range(ground.shape[0]):
        if not due[k]:
            continue
        capacity = _offered(offers, ground[k], taken[k], prices[k])
        value = fill(graph, flow, capacity, work, slack)[0]
        cut_into(graph, work, cut)
        bought[k] = False
        paid = _mark(offers, ground[k], taken[k], prices[k], capacity, cut, bought[k])
        sums[k, 0] += weight[k] * value
        sums[k, 1] += weight[k] * paid
        sums[k, 2] += weight[k] * np.where(cut, full[k], 0.0).sum()
        for q in range(own):
            if cut[place[q]]:
                gain[k, q] += weight[k] * full[k, place[q]] * taken[k, mode[q]]
        withdraw(graph, flow, PASSES)
        carried_into(graph, flow, carried)
        _use(offers, taken[k], prices[k], carried, weight[k], spent[k])


@njit(cache=True, nogil=True)
def remember(often: Any, bought: Flags, due: Flags, blend: float) -> None:
    """Blend what the rows that were due bought into averages (R, Q)."""
    for r in range(often.shape[0]):
        if due[r]:
            for q in range(often.shape[1]):
                often[r, q] += blend * ((1.0 if bought[r, q] else 0.0) - often[r, q])


@njit(cache=True, nogil=True)
def steepness(
    weight: Floats, offers: Offers, scale: Floats, taken: Floats, prices: Any, slope: Slope
) -> float:  # fmt: skip
    """The squared length of the step of length 1 that `move` makes, in its own measure."""
    _, unit, mode, _, _, _ = offers
    (bought, often), plan, due = slope
    total = 0.0
    for r in range(weight.size):
        row = 0.0
        for q in range(unit.size if due[r] else 0):
            more = (bought[r, q] + often[r, q]) / 2.0 - plan[q]
            most = unit[q] * taken[r, mode[q]]
            if (more > 0.0 and prices[r, q] < most) or (more < 0.0 and prices[r, q] > 0.0):
                row += most * scale[q] * more * more
        total += weight[r] * row
    return total


@njit(cache=True, nogil=True)
def move(length: float, offers: Offers, scale: Floats, taken: Floats, start: Any, slope: Slope) -> Any:
    """Prices (R, Q) a step on: dearer where more rows buy than the plan has, cheaper where fewer.

    Each step is in proportion to what there is to take (`unit` times `taken`) and to `scale`, (Q,); no price
    leaves the range from 0 to all there is to take.

    Args:
        length: of the step.
        offers: as in `priced`.
        scale: float64 (Q,).
        taken: float64 (R, M), share that each mode takes away.
        start: float (R, Q), prices.
        slope: ((what was bought bool (R, Q), and how often before float (R, Q)), how much of it is planned
            float64 (Q,), and which rows move bool (R,)).
    """
    _, unit, mode, _, _, _ = offers
    (bought, often), plan, due = slope
    prices = start.copy()
    for r in range(prices.shape[0]):
        for q in range(unit.size if due[r] else 0):
            most = unit[q] * taken[r, mode[q]]
            step = length * most * scale[q] * ((bought[r, q] + often[r, q]) / 2.0 - plan[q])
            prices[r, q] = min(max(start[r, q] + step, 0.0), most)
    return prices
