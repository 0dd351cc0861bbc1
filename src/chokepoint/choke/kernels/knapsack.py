"""Plans within linear limits, at most one candidate a node: by prices (Everett 1963) and by filling up."""

# ruff: noqa: PLR0917 - numba has no keyword-only arguments, and arrays are passed, not objects
# mypy: disable-error-code="no-any-return"
# numba types these functions itself; numpy's stubs know only half of what it infers

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from chokepoint.choke.chain import Flags, Floats

    Longs = NDArray[np.int64]

ROUNDS = 3
HALVINGS = 30


@njit(cache=True, nogil=True)
def multipliers(worth: Floats, use: Floats, room: Floats, group: Longs) -> tuple[Floats, bool, Flags, Flags]:
    """Prices of the limits by bisection in turn, with a plan just over and one just within the last.

    Args:
        worth: float64 (C,), of each candidate.
        use: float64 (L, C), non-negative.
        room: float64 (L,), of each limit.
        group: int64 (G,), where each node's candidates begin; a plan has at most one of a node.

    Returns:
        (price float64 (L,), whether the last limit binds, over bool (C,), under bool (C,)); `over` says
        something only where it binds.
    """
    price, left = np.zeros(room.size), np.empty(worth.size)
    over, under = np.zeros(worth.size, np.bool_), np.zeros(worth.size, np.bool_)
    binds = False
    _pick(worth, price, use, group, left, under)
    for turn in range(room.size * (ROUNDS if room.size > 1 else 1)):
        at = turn % room.size
        price[at] = 0.0
        _pick(worth, price, use, group, left, under)
        binds = _used(use[at], under) > room[at]
        if not binds:
            continue
        low, high, halvings = 0.0, 1.01 * _highest(worth, use[at]), HALVINGS
        over[:] = under
        price[at] = high
        _pick(worth, price, use, group, left, under)
        plan = under.copy()
        while halvings > 0:
            halvings -= 1
            price[at] = (low + high) / 2
            _pick(worth, price, use, group, left, plan)
            if _used(use[at], plan) > room[at]:
                low = price[at]
                over[:] = plan
            else:
                high = price[at]
                under[:] = plan
        price[at] = high
    return price, binds, over, under


@njit(cache=True, nogil=True)
def _pick(worth: Floats, price: Floats, use: Floats, group: Longs, left: Floats, plan: Flags) -> None:
    """Fill `plan` with the best mode of each node at the prices, where it pays; of equals the first."""
    left[:] = worth
    for limit in range(price.size):
        if price[limit] > 0:
            for c in range(worth.size):
                left[c] -= price[limit] * use[limit, c]
    plan[:] = False
    for g in range(group.size):
        best = group[g]
        for c in range(best + 1, group[g + 1] if g + 1 < group.size else worth.size):
            if left[c] > left[best]:
                best = c
        plan[best] = left[best] > 0


@njit(cache=True, nogil=True)
def _used(use: Floats, plan: Flags) -> float:
    """What a plan uses of a limit."""
    total = 0.0
    for c in range(use.size):
        if plan[c]:
            total += use[c]
    return total


@njit(cache=True, nogil=True)
def _highest(worth: Floats, use: Floats) -> float:
    """The least price at which nothing that uses the limit pays."""
    highest = 0.0
    for c in range(worth.size):
        if use[c] > 0:
            highest = max(highest, worth[c] / use[c])
    return highest


@njit(cache=True, nogil=True)
def fill(order: Longs, use: Floats, room: Floats, group_of: Longs, plan: Flags) -> None:
    """Add to `plan` what fits beside it, in this order, at most one of a group.

    Args:
        order: int64, candidates, the most wanted first.
        use: float64 (L, C), non-negative.
        room: float64 (L,), with what rounding may take too much.
        group_of: int64 (C,), whose each candidate is.
        plan: bool (C,), what is in it already.
    """
    left, taken = room.copy(), np.zeros(group_of.size, np.bool_)
    for c in range(plan.size):
        if plan[c]:
            taken[group_of[c]] = True
            for limit in range(left.size):
                left[limit] -= use[limit, c]
    for c in order:
        fits = not taken[group_of[c]]
        for limit in range(left.size):
            fits = fits and use[limit, c] <= left[limit]
        if fits:
            plan[c], taken[group_of[c]] = True, True
            for limit in range(left.size):
                left[limit] -= use[limit, c]
