"""How much a thing passes on: amounts where claims carry them, else sightings with a stated prior."""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from chokepoint.model.vocabulary import vocabulary
from chokepoint.values.wallet.address import assets

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chokepoint.model.identity import Entity

SIGHTINGS = "sightings"
LARGEST = 1e15
LONGEST = 80
_number = re.compile(
    r"(?:(?<![\w.,'’])|(?<=\b[A-Z]{3}))(-?\d{1,3}(?:,\d\d)*(?:[,.'’\s]\d{3})+(?:[.,]\d+)?|-?\d+(?:[.,]\d+)?)(?!\d|[eE]\d)"
).search
_thousand = re.compile(r"-?[1-9]\d{0,2},\d{3}").fullmatch
_code = re.compile(r"\b([A-Z]{3,5}\b|[A-Z]{3}(?=\d))").findall
_SIGNS = {"$": "USD", "€": "EUR", "£": "GBP", "฿": "THB", "₿": "BTC", "¥": "JPY", "₽": "RUB"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Capacities:
    """What things pass on in full order.

    Attributes:
        unit: a currency code, or `sightings`.
        of: by node.
        claimed: nodes whose capacity is an amount that claims carry; the others' is their sightings.
        rate: units a sighting stands for.
        other: amounts that were left out, being in another unit; unlike things are never added.
    """

    unit: str
    of: dict[int, float]
    claimed: frozenset[int]
    rate: float
    other: int

    def in_words(self) -> str:
        """Where the capacities come from, for people."""
        prior = vocabulary().chain.prior
        if self.unit == SIGHTINGS:
            return (
                f"No claim carries an amount: a thing counts as much as it was sighted, plus {prior:g}. "
                "A sighting is one source on one day."
            )
        known = (
            f"{len(self.claimed)} of {len(self.of)} things have an amount in {self.unit}, "
            "as claimed and not vetted"
        )
        left = f"; {self.other} amounts in other units are left out" if self.other else ""
        return (
            f"{known}; for the others a sighting (one source on one day, plus {prior:g}) stands for "
            f"{self.rate:.4g} {self.unit}, the median of those that have one{left}."
        )


def read_amount(text: str, entity: Entity) -> tuple[float, str] | None:
    """Amount and currency code of what a claim says; None where it is no positive finite amount.

    Without a code or sign an amount of a crypto address is in the asset that its form belongs to.

    >>> read_amount("US$ 1,200.50", Entity("payment-handle", "x:y"))
    (1200.5, 'USD')
    """
    found = _number(text[:LONGEST])
    if not found:
        return None
    value = _value(re.sub(r"['’\s]", "", found.group(1)))
    if not 0 < value < LARGEST:
        return None
    unit = _unit(text[:LONGEST], entity)
    return (value, unit) if unit else None


def _value(digits: str) -> float:
    """A number whose last sign of two kinds is its decimal one; a lone `1.234` has decimals, `1,234` none."""
    if "." in digits and "," in digits:
        digits = digits.replace("." if digits.rindex(".") < digits.rindex(",") else ",", "")
    elif digits.count(".") > 1 or digits.count(",") > 1 or _thousand(digits):
        digits = digits.replace(".", "").replace(",", "")
    try:
        return float(digits.replace(",", "."))
    except ValueError:
        return math.nan


def _unit(text: str, entity: Entity) -> str:
    codes = _code(text)
    if codes:
        return str(codes[0])
    signs = [code for sign, code in _SIGNS.items() if sign in text]
    if signs:
        return signs[0]
    return (assets(entity.value) or ("",))[0] if entity.kind == "crypto-address" else ""


def capacities(said: Mapping[int, Mapping[str, float]], sightings: Mapping[int, int]) -> Capacities:
    """The capacities of nodes.

    Args:
        said: amounts by unit of nodes.
        sightings: by node; all nodes that need a capacity.
    """
    prior = vocabulary().chain.prior
    units = Counter(unit for of_node in said.values() for unit in of_node)
    counted = {node: count + prior for node, count in sightings.items()}
    if not units:
        return Capacities(unit=SIGHTINGS, of=counted, claimed=frozenset(), rate=1.0, other=0)
    unit = min(units, key=lambda one: (-units[one], one))
    known = {node: of_node[unit] for node, of_node in said.items() if unit in of_node and node in counted}
    rate = median(value / counted[node] for node, value in known.items()) if known else 1.0
    return Capacities(
        unit=unit if known else SIGHTINGS,
        of={node: known.get(node, count * rate) for node, count in counted.items()},
        claimed=frozenset(known),
        rate=rate,
        other=sum(count for name, count in units.items() if name != unit),
    )
