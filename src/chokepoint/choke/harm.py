"""Long-term damage: what still flows from victims to cash-outs at each stage after a plan, in each world.

F(x) = mean over worlds w, sum over stages k, of weight_k · maxflow(capacities in w at k), DESIGN §7.
A mode that succeeded leaves 1 - exp(-at_day / replacement_days) of the node at a stage.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from chokepoint.choke.chain import CASH_OUT, NO_ROLE, VICTIM, ChokeNetwork
from chokepoint.choke.reach import reached
from chokepoint.choke.sweep import side_by_side
from chokepoint.choke.ties import Ties, ties_of
from chokepoint.choke.worlds import Worlds, sample_worlds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from numpy.typing import NDArray

    from chokepoint.choke.chain import Flags, Floats, Ints

Plan = tuple[int, ...]
LARGE = 1_000_000
"""Rows times nodes of networks whose flows need not be found to the last unit."""
SLACK = 3e-5
"""Share of all capacity that may stay unfound in a row of these: bounds err below, flows of plans above."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Harm:
    """The damage model compiled for one set of worlds. R rows are (world, stage) pairs, world-major.

    n core nodes are those on some walk from a victim to a cash-out; nothing else can carry flow.

    Attributes:
        network: where it comes from.
        worlds: the draws.
        core: int32 (n,), node numbers of the core, ascending.
        place: int32 (N,), position in the core or -1.
        ends: (src, dst) of core edges in core positions, int32 (e,) each.
        alive: bool (W, e).
        row_world, row_stage: int32 (R,).
        row_weight: float64 (R,), weight_k / W.
        strength: float64 (R, M), share of the node that a mode takes away in a row.
        base: float64 (n,), capacities before any action, 0 for latent nodes.
        role: int8 (n,), of core nodes.
        ties: who needs or calls in whom.
        known: flows (R,) by plan, as far as they were asked for.
    """

    network: ChokeNetwork
    worlds: Worlds
    core: Ints
    place: Ints
    ends: tuple[Ints, Ints]
    alive: Flags
    row_world: Ints
    row_stage: Ints
    row_weight: Floats
    strength: Floats
    base: Floats
    role: NDArray[np.int8]
    ties: Ties
    known: dict[frozenset[int], Floats] = field(default_factory=dict, repr=False, compare=False)

    def capacities(self, plan: Iterable[int]) -> Floats:
        """float64 (R, n): core capacities after the modes of the plan (at most one a node)."""
        hit = {int(self.network.modes.node[m]): int(m) for m in plan}
        rows = np.repeat(self.base[None, :], self.row_weight.size, axis=0)
        touched = set(hit)
        for node in hit:
            touched.update(self.ties.called_by.get(node, ()))
        touched |= {d for node in touched for d in self.ties.dependants.get(node, ())} | self.ties.idle
        for node in touched:
            if self.place[node] >= 0:
                rows[:, self.place[node]] = self.network.capacity[node] * self._working(node, hit)
        return rows

    @property
    def slack(self) -> float:
        """Flow that may be left unfound in a row; 0 but for large networks."""
        cells = self.row_weight.size * self.core.size
        return SLACK * float(self.base.sum()) if cells > LARGE else 0.0

    def flows(self, plan: Iterable[int]) -> Floats:
        """float64 (R,): maximum flow of each row after the plan; with one, at most `slack` too much."""
        key = frozenset(int(mode) for mode in plan)
        if key not in self.known:
            self.known[key] = self.run(self.capacities(key), slack=self.slack if key else 0.0)
        return self.known[key]

    def run(self, capacity: Floats, *, slack: float = 0.0) -> Floats:
        """float64 (R,): maximum flow for given core capacities, float64 (R, n)."""
        from chokepoint.choke.kernels import rows  # noqa: PLC0415 - numba loads when it computes

        def work(part: slice) -> Floats:
            found: Floats = rows.flows(
                self.role, *self.ends, capacity[part], self.alive, self.row_world[part], slack
            )
            return found

        return np.concatenate(list(self.in_parts(work)))

    def cut(self, capacity: Floats) -> tuple[Floats, Flags, Floats]:
        """Flow (R,), a minimum cut bool (R, n) and the flow through each core node float64 (R, n)."""
        parts = self.in_parts(lambda part: self.cut_rows(capacity[part], part))
        flows, cuts, carried = (np.concatenate(part) for part in zip(*parts, strict=True))
        return flows, cuts, carried

    def outermost_cuts(self, capacity: Floats) -> tuple[Flags, Flags]:
        """Bool (R, n) each: the minimum cuts nearest the cash-outs and nearest the victims.

        What lies in both lies in every minimum cut.
        """
        from chokepoint.choke.kernels import rows  # noqa: PLC0415 - numba loads when it computes

        turned = np.choose(self.role, (NO_ROLE, CASH_OUT, VICTIM)).astype(self.role.dtype)

        def nearest(role: NDArray[np.int8], ends: tuple[Ints, Ints], part: slice) -> Flags:
            world = self.row_world[part]
            found: Flags = rows.cuts(role, *ends, capacity[part], self.alive, world, False, 0.0)[1]  # noqa: FBT003 - numba takes no names
            return found

        def work(part: slice) -> tuple[Flags, Flags]:
            return nearest(self.role, self.ends, part), nearest(turned, self.ends[::-1], part)

        late, early = zip(*self.in_parts(work), strict=True)
        return np.concatenate(late), np.concatenate(early)

    def in_parts(self, work: Callable[[slice], T]) -> Iterator[T]:
        """`work` on consecutive parts of the rows, whole worlds each, side by side on large networks."""
        stages = self.network.at_day.size
        return side_by_side(work, self.row_weight.size, self.core.size, together=stages)

    def cut_rows(
        self, capacity: Floats, part: slice, *, carry: bool = True
    ) -> tuple[Floats, Flags, Floats]:  # fmt: skip
        """As `cut`, for some rows only and their capacities; for one thread; nothing carried if not asked."""
        from chokepoint.choke.kernels import rows  # noqa: PLC0415 - numba loads when it computes

        found: tuple[Floats, Flags, Floats] = rows.cuts(
            self.role, *self.ends, capacity, self.alive, self.row_world[part], carry,
            0.0 if carry else self.slack,
        )  # fmt: skip
        return found

    def value(self, plan: Iterable[int]) -> float:
        """F of the plan: weighted expected flow."""
        return float(self.row_weight @ self.flows(plan))

    def by_world(self, flows: Floats) -> Floats:
        """float64 (W,): weighted flow of each world."""
        table = flows.reshape(self.worlds.count, -1)
        return np.asarray(table @ self.network.weight)

    def by_stage(self, flows: Floats) -> Floats:
        """float64 (K,): expected flow at each stage, unweighted."""
        return np.asarray(flows.reshape(self.worlds.count, -1).mean(axis=0))

    def _working(self, node: int, hit: dict[int, int]) -> Floats:
        """float64 (R,): share of a node's capacity that works."""
        best = self._own(node, hit)
        for need in self.ties.needs.get(node, ()):
            supply = np.max([self._own(supplier, hit) for supplier in need.needs_any], axis=0)
            best = np.minimum(best, supply)
        return best

    def _own(self, node: int, hit: dict[int, int]) -> Floats:
        """float64 (R,): what a node's own hit leaves; latent ones only where they were called in."""
        left = np.ones(self.row_weight.size)
        if node in hit:
            left -= self.strength[:, hit[node]]
        waiting = self.ties.waiting.get(node)
        if waiting:
            left *= np.any([self.called(pair, hit) for pair in waiting], axis=0)
        return left

    def called(self, pair: int, hit: dict[int, int]) -> Flags:
        """Bool (R,): where the substitute row `pair` is in force, given the mode taken on each hit node."""
        pairs = self.network.substitutes
        trigger = int(pairs.hit[pair])
        if trigger not in hit:
            return np.zeros(self.row_weight.size, np.bool_)
        late = self.network.at_day[self.row_stage] >= pairs.after_days[pair]
        return np.asarray(late & self.worlds.success[self.row_world, hit[trigger]])


def prepare(network: ChokeNetwork, count: int, purpose: int) -> Harm:
    """Compile the damage model for `count` sampled worlds of a purpose (see `sample_worlds`)."""
    worlds = sample_worlds(network, count, purpose)
    core = np.flatnonzero(_on_the_way(network)).astype(np.int32)
    place = np.full(network.size, -1, dtype=np.int32)
    place[core] = np.arange(core.size, dtype=np.int32)
    kept = (place[network.src] >= 0) & (place[network.dst] >= 0)
    ends = (place[network.src[kept]], place[network.dst[kept]])
    stages = network.at_day.size
    row_world = np.repeat(np.arange(worlds.count, dtype=np.int32), stages)
    row_stage = np.tile(np.arange(stages, dtype=np.int32), worlds.count)
    base = np.where(network.latent, 0.0, network.capacity)[core]
    return Harm(
        network=network, worlds=worlds, core=core, place=place, ends=ends, alive=worlds.alive[:, kept],
        row_world=row_world, row_stage=row_stage, row_weight=network.weight[row_stage] / worlds.count,
        strength=_strength(kept_down(network), worlds), base=base, role=network.role[core],
        ties=ties_of(network),
    )  # fmt: skip


def _strength(kept: Floats, worlds: Worlds) -> Floats:
    """float64 (R, M): what each mode takes away in each row, given (M, K); row by row to spare memory."""
    stages = kept.shape[1]
    strength = np.empty((worlds.count * stages, kept.shape[0]))
    for row, out in enumerate(strength):
        np.multiply(worlds.success[row // stages], kept[:, row % stages], out=out)
    return strength


def kept_down(network: ChokeNetwork) -> Floats:
    """float64 (M, K): share of a successful hit's effect that is left at each stage.

    exp(-at_day / replacement_days): nothing regrown on day 0, nothing left of it at replacement 0.
    """
    days = network.modes.replacement_days[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        left = np.exp(-network.at_day[None, :] / days)
    return np.where(days > 0, np.where(np.isinf(days), 1.0, left), 0.0)


def kept_down_lognormal(network: ChokeNetwork, spread: float) -> Floats:
    """float64 (M, K): as `kept_down`, were replacement times log-normal with the same medians.

    The median of the exponential time is replacement_days · ln 2; what is left at day t is
    1 - Phi(ln(t / median) / spread), Phi the normal distribution. Half is back at the median either way; with
    a spread of 1 less is back at once and more stays away for long, beyond 2.3 medians.

    Args:
        network: what is struck.
        spread: standard deviation of the logarithm, > 0.
    """
    from scipy.special import ndtr  # noqa: PLC0415 - scipy loads when it computes

    days = network.modes.replacement_days[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        late = np.log(network.at_day[None, :]) - np.log(days * np.log(2))
    left = 1.0 - ndtr(late / spread)
    return np.where(days > 0, np.where(np.isinf(days) | (network.at_day <= 0), 1.0, left), 0.0)


def with_replacement_times(harm: Harm, factor: float) -> Harm:
    """The same model and worlds with all replacement times multiplied; for sensitivity."""
    modes = harm.network.modes
    network = replace(harm.network, modes=replace(modes, replacement_days=modes.replacement_days * factor))
    return replace(harm, network=network, strength=_strength(kept_down(network), harm.worlds), known={})


def with_lognormal_times(harm: Harm, spread: float) -> Harm:
    """The same model and worlds with log-normal replacement times of the same medians; for sensitivity."""
    kept = kept_down_lognormal(harm.network, spread)
    return replace(harm, strength=_strength(kept, harm.worlds), known={})


def thinned(harm: Harm, worlds: int) -> Harm:
    """The damage model on the first worlds alone, each weighing more."""
    rows = worlds * harm.network.at_day.size
    kept = Worlds(alive=harm.worlds.alive[:worlds], success=harm.worlds.success[:worlds])
    return replace(
        harm, worlds=kept, known={plan: flows[:rows] for plan, flows in harm.known.items()},
        alive=harm.alive[:worlds], row_world=harm.row_world[:rows], row_stage=harm.row_stage[:rows],
        strength=harm.strength[:rows], row_weight=harm.row_weight[:rows] * (harm.worlds.count / worlds),
    )  # fmt: skip


def _on_the_way(network: ChokeNetwork) -> Flags:
    """Bool (N,): nodes with capacity that lie on a walk from a victim to a cash-out."""
    open_nodes = network.capacity > 0
    ahead = _reached(network, network.role == VICTIM, open_nodes, backwards=False)
    return ahead & _reached(network, network.role == CASH_OUT, open_nodes, backwards=True)


def _reached(network: ChokeNetwork, seeds: Flags, allowed: Flags, *, backwards: bool) -> Flags:
    """Bool (N,): breadth-first closure of the seeds over allowed nodes."""
    tail, head = (network.dst, network.src) if backwards else (network.src, network.dst)
    kept = allowed[tail] & allowed[head]
    return reached(tail[kept], head[kept], seeds & allowed)
