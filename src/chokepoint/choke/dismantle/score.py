"""What a removal order is worth.

Area under the curve (AUC): with f_i = (largest piece after the i-th removal) / n, Simpson's rule with
dx = 1 over f_1 … f_t, where t is the first removal with f_t < 0.1 (Artime et al. 2024); lower is better.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from chokepoint.choke.chain import Floats

FALLEN = 0.1


def removal_auc(f: Floats) -> tuple[float, int]:
    """AUC of a curve and the number of removals that it covers.

    A single value has no area. A curve that never falls below a tenth is taken whole.
    """
    from scipy.integrate import simpson  # noqa: PLC0415 - scipy loads when it computes

    below = np.flatnonzero(f < FALLEN)
    length = int(below[0]) + 1 if below.size else int(f.size)
    area = float(simpson(f[:length], dx=1)) if length > 1 else 0.0
    return area, length


def priced_area(f: Floats, price: Floats) -> float:
    """Area under the largest piece over the cost spent, by trapezoids, from the whole network on.

    Args:
        f: float64 (t,), share of the nodes in the largest piece after each removal.
        price: float64 (t,), of each removal.
    """
    before = np.concatenate([[1.0], f[:-1]])
    return float(price @ (before + f)) / 2


def largest_fallen(n: int) -> int:
    """The largest piece, in nodes, that is less than a tenth of n."""
    return max(int(np.ceil(FALLEN * n)) - 1, 0)
