"""What one evaluation of the dual function (`bound`) answers, and the certificate that stays of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from chokepoint.choke.ceiling import Ceiling
    from chokepoint.choke.chain import Flags, Floats

    Prices = NDArray[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor:
    """What no plan goes below, whatever its budget: level - worth @ x.

    Attributes:
        level: flow of the priced networks.
        worth: float64 (C,), the summed prices.
    """

    level: float
    worth: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What D(p) was found to be.

    Attributes:
        prices: float32 (R, Q), p.
        value: D(p).
        sure: D at what the flows use of p, which is no less.
        bought: bool (R, Q), what each row bought.
        plan: float64 (C,), what the prices pay best.
        slope: how D changes when all prices grow together.
        ceiling: what the cuts of the rows certify of any plan.
        sums: float64 (G, K, 3), flow, pay and width of the cuts of each group of worlds and stage.
        gain, spent: float64 (G, K, own) and (G, K, Q), what the cuts lose, and the prices used.
    """

    prices: Prices
    value: float
    sure: float
    bought: Flags
    plan: Floats
    slope: float
    ceiling: Ceiling
    sums: Floats
    gain: Floats
    spent: Floats
