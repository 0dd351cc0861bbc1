"""What a solved network leaves behind, so that another budget or a barred target is answered at once.

Floors (`bound.Floor`) and ceilings (`ceiling.Ceiling`) hold for every plan, whatever the budget: a new
question is a knapsack on each, without any flow. Both ends stay certified; the gap grows with the
distance from the question that was solved, and says so.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from chokepoint.choke.ceiling import Ceiling, best_on
from chokepoint.choke.limits import Limits
from chokepoint.model.errors import BadInputError, NotFoundError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chokepoint.choke.asked import Floor
    from chokepoint.choke.chain import ChokeNetwork, Floats

MOST = 24
"""Floors and ceilings that are kept, each."""
LENT, LENT_WIDTH = 6, 500_000
"""Floors that lend their prices to the others: so many, or candidates that they may add up to."""
FORM = 1
LARGEST = 4 * 1024**3


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Certificates of a solved network, and the names to speak of them.

    Attributes:
        ids, modes: node and mode of each candidate, (C,) each.
        limits: candidates and limits as they were asked; room[0] is the budget.
        before: flow without any action, on the selection worlds.
        low, worth: float64 (I,) and (I, C): no plan x leaves less than low - worth @ x.
        reach: below this budget the candidates are all there are.
        high, gain: float64 (J,) and (J, C): every plan x leaves at most high - gain @ x.
    """

    ids: tuple[str, ...]
    modes: tuple[str, ...]
    limits: Limits
    before: float
    low: Floats
    worth: Floats
    high: Floats
    gain: Floats
    reach: float


def keep(
    network: ChokeNetwork,
    limits: Limits,
    before: float,
    *,
    floors: Iterable[Floor],
    ceilings: Iterable[Ceiling],
) -> Kept:
    """The certificates of a solve, the newest `MOST` of each."""
    low, high = list(floors)[-MOST:], list(ceilings)[-MOST:]
    width = limits.candidates.size
    dear = network.modes.cost[network.modes.cost > limits.room[0]]
    return Kept(
        ids=tuple(network.ids[node] for node in limits.node),
        modes=tuple(network.modes.name[mode] for mode in limits.candidates), limits=limits, before=before,
        low=np.array([one.level for one in low]),
        worth=np.array([one.worth for one in low]).reshape(len(low), width),
        high=np.array([one.level for one in high]),
        gain=np.array([one.gain for one in high]).reshape(len(high), width),
        reach=float(dear.min(initial=np.inf)),
    )  # fmt: skip


def ask_again(kept: Kept, *, budget: float | None = None, without: Iterable[str] = ()) -> dict[str, Any]:
    """Another budget, or targets barred, from the certificates alone.

    Returns:
        `plan`, `cost`, `flow_before`, `flow_after` (at most that much is left), `bound` and `gap` as in
        the full answer, on the selection worlds; `note` says what was not computed anew.

    Raises:
        BadInputError: the budget is negative or no number.
        NotFoundError: a barred target was no candidate.
    """
    budget = float(kept.limits.room[0]) if budget is None else budget
    barred = set(without)
    _must_fit(kept, budget, barred)
    out = np.array([name in barred for name in kept.ids], np.bool_)
    limits = replace(kept.limits, room=np.array([budget, *kept.limits.room[1:]]))
    unfit = out | (limits.use > limits.room[:, None]).any(axis=0)
    worth, gain = np.where(unfit, 0.0, kept.worth), np.where(unfit, 0.0, kept.gain)
    ceilings = [Ceiling(level=float(a), gain=b) for a, b in zip(kept.high, gain, strict=True)]
    plans = [(one.after(plan), sorted(plan)) for one in ceilings for plan in [best_on(limits, one)]]
    after, chosen = min([*plans, (kept.before, [])])
    bound = max(min(_highest(limits, kept.low, worth), after), 0.0)
    possible = kept.before - bound
    return {
        "plan": [{"id": kept.ids[at], "mode": kept.modes[at]} for at in chosen],
        "cost": float(kept.limits.use[0, chosen].sum()),
        "flow_before": kept.before,
        "flow_after": after,
        "bound": bound,
        "gap": (after - bound) / possible if after - bound > 1e-6 * kept.before and possible > 0 else 0.0,
        "budget": budget,
        "without": sorted(barred),
        "method": "kept floors and ceilings, knapsacks on them",
        "note": "flow_after is certified from above by kept cuts; worlds held out and alternatives were not "
        "computed anew: solve in full before anybody acts.",
    }


def _highest(limits: Limits, low: Floats, worth: Floats) -> float:
    """The best of the bounds low - worth @ x over the plans x, (I,) and (I, C).

    All are looked at with the prices that suit one of them, and their half and double, which suit other
    budgets; the one that looks best lends its own next.
    """
    bounds, asked = np.full(low.size, -np.inf), np.zeros(low.size, np.bool_)
    for _ in range(min(max(LENT, LENT_WIDTH // max(worth.shape[1], 1)), low.size)):
        at = int(np.argmax(np.where(asked, -np.inf, bounds)))
        asked[at] = True
        price = limits.prices(worth[at])
        for some in (price, price / 2, price * 2):
            each = [float(a) - limits.income(b, some) for a, b in zip(low, worth, strict=True)]
            bounds = np.maximum(bounds, each)
    return float(bounds.max(initial=0.0))


def _must_fit(kept: Kept, budget: float, barred: set[str]) -> None:
    """Raise where the certificates do not answer the question."""
    if not np.isfinite(budget) or budget < 0:
        raise BadInputError(f"the budget is {budget}", place="budget", mend="write a finite number >= 0")
    if budget >= kept.reach:
        raise BadInputError(
            f"a budget of {budget:g} lets in actions that were too dear when the answer was kept",
            place="budget",
            mend="solve the network again with this budget",
        )
    if barred - set(kept.ids):
        name = min(barred - set(kept.ids))
        raise NotFoundError(f"{name!r} is no target of this network", mend="name targets of the kept answer")


def to_bytes(kept: Kept) -> bytes:
    """As an uncompressed `.npz` without pickles."""
    file = io.BytesIO()
    np.savez(
        file, form=np.array(FORM), ids=np.array(kept.ids, np.str_), modes=np.array(kept.modes, np.str_),
        candidates=kept.limits.candidates, node=kept.limits.node, use=kept.limits.use, room=kept.limits.room,
        before=np.array(kept.before), reach=np.array(kept.reach), low=kept.low,
        worth=kept.worth, high=kept.high, gain=kept.gain,
    )  # fmt: skip
    return file.getvalue()


def from_bytes(data: bytes) -> Kept:
    """Read what `to_bytes` wrote.

    Raises:
        BadInputError: it is something else, damaged or of another form.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(member.file_size for member in archive.infolist()) > LARGEST:
                raise BadInputError("unfolds to more than 4 GB", mend="keep a smaller network's answer")
        with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
            table = {name: arrays[name] for name in arrays.files}
        if int(table["form"]) != FORM:
            raise BadInputError(f"form {int(table['form'])} is unknown", mend="solve again with --keep")
        limits = Limits(**{name: table[name] for name in ("candidates", "node", "use", "room")})
        return _checked(
            Kept(
                ids=tuple(table["ids"].tolist()), modes=tuple(table["modes"].tolist()), limits=limits,
                before=float(table["before"]), reach=float(table["reach"]),
                **{name: table[name] for name in ("low", "worth", "high", "gain")},
            )
        )  # fmt: skip
    except (KeyError, ValueError, TypeError, OSError, zipfile.BadZipFile) as error:
        raise BadInputError("no kept answer", mend="write one with --keep FILE") from error


def _checked(kept: Kept) -> Kept:
    """The same; a ValueError where the shapes or numbers cannot be of one answer."""
    width = kept.limits.candidates.size
    shapes = [kept.limits.node.shape == (width,), len(kept.ids) == len(kept.modes) == width]
    shapes += [kept.limits.use.shape == (kept.limits.room.size, width), kept.limits.room.size > 0]
    shapes += [kept.worth.shape == (kept.low.size, width), kept.gain.shape == (kept.high.size, width)]
    numbers = (kept.low, kept.worth, kept.high, kept.gain, kept.limits.use, kept.limits.room)
    if not all(shapes) or not all(np.isfinite(part).all() for part in numbers):
        raise ValueError("shapes or numbers do not fit together")
    return kept
