"""Many rows of node capacities on one graph: flows, cuts and what nodes carry. A row is a (world, stage).

Rows of a world stand side by side, and each starts from the flow of the one before.
"""

# ruff: noqa: PLR0913, PLR0917 - numba has no keyword-only arguments, and arrays are passed, not objects
# mypy: disable-error-code="no-any-return"
# numba types these functions itself; numpy's stubs know only half of what it infers

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

from chokepoint.choke.kernels.flow import HOME, fill, no_flow, room_for, settle, world_graph

if TYPE_CHECKING:
    from chokepoint.choke.chain import Flags, Floats, Ints


@njit(cache=True, nogil=True)
def flows(
    role: Any, src: Ints, dst: Ints, capacity: Floats, alive: Flags, world: Ints
) -> Floats:  # fmt: skip
    """Maximum flow of every row.

    Args:
        role: int8 (n,), NO_ROLE, VICTIM or CASH_OUT.
        src: int32 (E,), where edges begin.
        dst: int32 (E,), where they end.
        capacity: float64 (R, n), node capacities.
        alive: bool (W, E), which edges exist in which world.
        world: int32 (R,), the world of each row; rows of a world stand side by side.

    Returns:
        float64 (R,).
    """
    rows, n = capacity.shape
    work = room_for(n)
    out = np.zeros(rows)
    for r in range(rows):
        if r == 0 or world[r] != world[r - 1]:
            graph = world_graph(role, src, dst, alive[world[r]])
            flow = no_flow(graph)
        out[r] = fill(graph, flow, capacity[r], work, 0.0)
    return out


@njit(cache=True, nogil=True)
def cuts(
    role: Any, src: Ints, dst: Ints, capacity: Floats, alive: Flags, world: Ints, carry: bool
) -> tuple[Floats, Flags, Floats]:  # fmt: skip
    """Maximum flow of every row with a minimum cut and, where asked, what each node carries.

    The cut is the one nearest the cash-outs: node v is in it when room is left from its out-side to
    a cash-out but not from its in-side.

    The arguments are those of `flows`; with `carry`, excess is brought home, so that the flow is one.

    Returns:
        (flow float64 (R,), cut bool (R, n), carried float64 (R, n) or (0, n)).
    """
    rows, n = capacity.shape
    work = room_for(n)
    out = np.zeros(rows)
    cut = np.zeros((rows, n), np.bool_)
    carried = np.zeros((rows if carry else 0, n))
    for r in range(rows):
        if r == 0 or world[r] != world[r - 1]:
            graph = world_graph(role, src, dst, alive[world[r]])
            flow = no_flow(graph)
        elif carry and (flow[0] > capacity[r]).any():
            flow = no_flow(graph)
        out[r] = fill(graph, flow, capacity[r], work, 0.0)
        label = work[0]
        cut[r] = (label[:n] == 2 * n) & (label[n:] < 2 * n)
        if carry:
            settle(graph, flow, capacity[r], work, 0.0, HOME)
            carried[r] = flow[0]
    return out, cut, carried
