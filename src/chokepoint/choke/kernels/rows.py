"""Many rows of node capacities on one graph: flows, cuts and what nodes carry. A row is a (world, stage).

Rows of a world stand side by side; a row like the one before it is answered by it.
"""

# ruff: noqa: PLR0913, PLR0917 - numba has no keyword-only arguments, and arrays are passed, not objects
# mypy: disable-error-code="no-any-return"
# numba types these functions itself; numpy's stubs know only half of what it infers

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

from chokepoint.choke.kernels.flow import (
    HOME,
    carried_into,
    cut_into,
    fill,
    room_for,
    settle,
)
from chokepoint.choke.kernels.residual import world_graph

if TYPE_CHECKING:
    from chokepoint.choke.chain import Flags, Floats, Ints


@njit(cache=True, nogil=True)
def flows(
    role: Any, src: Ints, dst: Ints, capacity: Floats, alive: Flags, world: Ints, slack: float = 0.0
) -> Floats:  # fmt: skip
    """Maximum flow of every row.

    Args:
        role: int8 (n,), NO_ROLE, VICTIM or CASH_OUT.
        src: int32 (E,), where edges begin.
        dst: int32 (E,), where they end.
        capacity: float64 (R, n), node capacities.
        alive: bool (W, E), which edges exist in which world.
        world: int32 (R,), the world of each row; rows of a world stand side by side.
        slack: so much may be told too much, never too little.

    Returns:
        float64 (R,).
    """
    rows = world.size
    out = np.zeros(rows)
    for r in range(rows):
        if r == 0 or world[r] != world[r - 1]:
            graph = world_graph(role, src, dst, alive[world[r]])
            flow, work = room_for(graph)
        elif _alike(capacity[r], capacity[r - 1]):
            out[r] = out[r - 1]
            continue
        out[r] = fill(graph, flow, capacity[r], work, slack)[1]
    return out


@njit(cache=True, nogil=True)
def cuts(
    role: Any, src: Ints, dst: Ints, capacity: Floats, alive: Flags, world: Ints, carry: bool,
    slack: float = 0.0,
) -> tuple[Floats, Flags, Floats]:  # fmt: skip
    """Maximum flow of every row with a minimum cut and, where asked, what each node carries.

    The cut is as wide as the flow that is told, and the one nearest the cash-outs: node v is in it when
    room is left from its out-side to a cash-out but not from its in-side.

    The arguments are those of `flows`; with `carry`, excess is brought home, so that the flow is one.

    Returns:
        (flow float64 (R,), cut bool (R, n), carried float64 (R, n) or (0, n)).
    """
    rows, n = capacity.shape
    out = np.zeros(rows)
    cut = np.zeros((rows, n), np.bool_)
    carried = np.zeros((rows if carry else 0, n))
    for r in range(rows):
        if r == 0 or world[r] != world[r - 1]:
            graph = world_graph(role, src, dst, alive[world[r]])
            flow, work = room_for(graph)
        elif _alike(capacity[r], capacity[r - 1]):
            out[r], cut[r] = out[r - 1], cut[r - 1]
            if carry:
                carried[r] = carried[r - 1]
            continue
        out[r] = fill(graph, flow, capacity[r], work, slack)[1]
        cut_into(graph, work, cut[r])
        if carry:
            settle(graph, flow, work, 0.0, HOME)
            carried_into(graph, flow, carried[r])
    return out, cut, carried


@njit(cache=True, nogil=True)
def _alike(one: Floats, other: Floats) -> bool:
    for v in range(one.size):  # noqa: SIM110 - numba loops faster than it generates
        if one[v] != other[v]:
            return False
    return True
