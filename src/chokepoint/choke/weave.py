"""From a crime script with levers and amounts to the document that `choke --network` plans against.

Three things stand in the document beside the script's own: one node for all victims; for each way into
shared or custodial infrastructure an *account* node, on which its holder can be asked to cooperate, since
the infrastructure itself is no target; and latent accounts and providers, to which a thing moves a while
after its own was hit: the holder of a latent account can be warned of it before it is opened.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from chokepoint.choke.script import FED
from chokepoint.model.vocabulary import vocabulary

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chokepoint.choke.script import Script

VICTIMS = "victims"
HEIRS = 2
"""Other holders that an account moves to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One way in which named holders can act on a thing.

    Attributes:
        mode: takedown, seizure, freeze, notification or cooperation.
        who: the holders of the lever by name, the first to be asked first.
        jurisdiction: of the first holder (ISO 3166-1 alpha-2), or empty.
        cost, collateral: in units of one registrar takedown.
        success: probability that it works.
        lead_days: from the request to its effect.
    """

    mode: str
    who: tuple[str, ...]
    jurisdiction: str
    cost: float
    collateral: float
    success: float
    lead_days: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """A node of the script in words.

    Attributes:
        id: `kind:value`.
        kind: as in the vocabulary.
        capacity: what it passes on in full order; None for what bounds nothing.
        days: median and spread of the days until it is replaced.
        actions: what can be done to it itself.
        holds: whether ways into it are accounts with somebody.
        asked: what its holder can be asked to do about one way into it; empty where that is no lever.
        shared: whether it is shared or legitimate, so that only ways into it can be acted on.
        victims: whether it belongs to a victim.
        leaving: whether ways out of it may be acted on.
    """

    id: str
    kind: str
    capacity: float | None = None
    days: tuple[float, float] = (30.0, 1.0)
    actions: tuple[Action, ...] = ()
    holds: bool = False
    asked: tuple[Action, ...] = ()
    shared: bool = False
    victims: bool = False
    leaving: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What bounds a plan.

    Attributes:
        budget, collateral: limits on the sums; a None sets no limit.
        caps: limit on the summed cost by jurisdiction.
        stages: (day, weight).
        worlds, seed: of the sampling.
    """

    budget: float
    collateral: float | None
    caps: Mapping[str, float]
    stages: Sequence[tuple[float, float]]
    worlds: int = 32
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Woven:
    """A document with what its ids stand for.

    Attributes:
        tree: the document.
        actions: by (id, mode).
        part_of: nodes of the script behind an id: (tail, head) for an account or provider.
        latent: ids that carry nothing until another is hit.
    """

    tree: dict[str, Any]
    actions: dict[tuple[str, str], Action]
    part_of: dict[str, tuple[int, ...]]
    latent: frozenset[str]


def weave(script: Script, things: Mapping[int, Thing], belief: Mapping[int, float], terms: Terms) -> Woven:
    """The document.

    Args:
        script: what flows and what is needed.
        things: by node of the script, suppliers included; a supplier that is missing supplies for sure.
        belief: by statement.
        terms: limits, stages, sampling.
    """
    loom = _Loom(script, things, belief)
    loom.put_things()
    loom.put_flow()
    loom.put_needs()
    tree = {
        "nodes": list(loom.nodes.values()),
        "edges": loom.edges,
        "stages": [{"at_day": day, "weight": weight} for day, weight in terms.stages],
        "budget": terms.budget,
        "worlds": terms.worlds,
        "seed": terms.seed,
        "collateral_limit": terms.collateral,
        "caps": dict(terms.caps),
        "substitutes": loom.substitutes,
        "dependencies": loom.dependencies,
    }
    latent = frozenset(row["id"] for row in loom.substitutes)
    return Woven(tree=tree, actions=loom.actions, part_of=loom.part_of, latent=latent)


@dataclass
class _Loom:
    script: Script
    things: Mapping[int, Thing]
    belief: Mapping[int, float]
    nodes: dict[str, dict[str, Any]] = field(default_factory=dict)
    edges: list[dict[str, Any]] = field(default_factory=list)
    substitutes: list[dict[str, Any]] = field(default_factory=list)
    dependencies: list[dict[str, Any]] = field(default_factory=list)
    actions: dict[tuple[str, str], Action] = field(default_factory=dict)
    part_of: dict[str, tuple[int, ...]] = field(default_factory=dict)

    def put_things(self) -> None:
        """Victims and the script's own nodes."""
        ends = set(self.script.cash_outs.tolist())
        self.nodes[VICTIMS] = {
            "id": VICTIMS,
            "kind": VICTIMS,
            "capacity": None,
            "role": "victim",
            "modes": [],
        }
        for node in self.script.nodes.tolist():
            self._own(node, role="cash-out" if node in ends else None)
        for node in self.script.entries.tolist():
            self._edge(VICTIMS, self.things[node].id, 1.0)

    def put_flow(self) -> None:
        """What passes on; ways into shared things by way of accounts, with other accounts in reserve."""
        paying = self._paying()
        into: dict[int, set[int]] = defaultdict(set)
        split: list[tuple[int, int, float]] = []
        flow = self.script.flow
        for tail, head, row in zip(flow.tail.tolist(), flow.head.tolist(), flow.row.tolist(), strict=True):
            thing = self.things[head]
            watched = self.things[tail].shared and tail in paying
            if thing.holds and not watched and (self._pays(tail) or not self._pays(head)):
                split.append((tail, head, self.belief[row]))
                into[head].add(tail)
            else:
                self._edge(self.things[tail].id, thing.id, self.belief[row])
        for tail, head, sure in split:
            name = self._account(tail, head)
            self._edge(self.things[tail].id, name, sure)
            self._edge(name, self.things[head].id, 1.0)
        self._reserve(into)

    def put_needs(self) -> None:
        """Capabilities whose every supplier can be hit, with one provider in reserve for each."""
        groups: dict[tuple[int, str], set[int]] = defaultdict(set)
        needs = self.script.needs
        for tail, head in zip(needs.tail.tolist(), needs.head.tolist(), strict=True):
            groups[tail, self.things[head].kind if head in self.things else ""].add(head)
        used = Counter(head for heads in groups.values() for head in heads)
        for (tail, kind), heads in sorted(groups.items()):
            if all(head in self.things and self.things[head].actions for head in heads):
                self._need(tail, sorted(heads), self._other_provider(kind, heads, used))

    def _need(self, tail: int, heads: list[int], other: int | None) -> None:
        for head in heads:
            self._own(head, role=None)
        names = [self.things[head].id for head in heads]
        if other is not None:
            latent = f"{self.things[tail].id} on {self.things[other].id}"
            self._latent(latent, self.things[other], (tail, other))
            self.substitutes += [
                {"for": name, "id": latent, "after_days": self.things[other].days[0]} for name in names
            ]
            names = [*names, latent]
        self.dependencies.append({"node": self.things[tail].id, "needs_any": names})

    def _other_provider(self, kind: str, heads: set[int], used: Counter[int]) -> int | None:
        others = [head for head in used if head not in heads and self._known(head) == kind]
        return min(others, key=lambda head: (-used[head], self.things[head].id), default=None)

    def _known(self, node: int) -> str:
        return self.things[node].kind if node in self.things else ""

    def _paying(self) -> set[int]:
        """Wallets of many customers into which wallets pay: of those the ways in are watched."""
        flow = self.script.flow
        pairs = zip(flow.tail.tolist(), flow.head.tolist(), strict=True)
        return {head for tail, head in pairs if self.things[head].holds and self._pays(tail)}

    def _pays(self, node: int) -> bool:
        return vocabulary().kind(self.things[node].kind).phase in FED

    def _reserve(self, into: Mapping[int, set[int]]) -> None:
        """Where an account moves when it was hit: to the holders with the most accounts on the map."""
        ends = set(self.script.cash_outs.tolist())
        holders = sorted(ends & set(into), key=lambda node: (-len(into[node]), self.things[node].id))
        for head in holders:
            others = [one for one in holders if one != head][:HEIRS]
            for tail in sorted(into[head]):
                for other in (one for one in others if tail not in into[one]):
                    self._move(tail, head, other)

    def _move(self, tail: int, head: int, other: int) -> None:
        latent = f"{self.things[tail].id} at {self.things[other].id}"
        if latent not in self.nodes:
            self._with_holder(latent, tail, other)
            self._edge(self.things[tail].id, latent, 1.0)
            self._edge(latent, self.things[other].id, 1.0)
        name = f"{self.things[tail].id} at {self.things[head].id}"
        self.substitutes.append({"for": name, "id": latent, "after_days": self.things[other].days[0]})

    def _latent(self, name: str, of: Thing, part: tuple[int, ...]) -> None:
        self.part_of[name] = part
        self.nodes[name] = {"id": name, "kind": of.kind, "capacity": 1.0, "role": None, "modes": []}

    def _account(self, tail: int, head: int) -> str:
        """The node of a way into a shared thing; only cooperation is asked of its holder."""
        name = f"{self.things[tail].id} at {self.things[head].id}"
        if name not in self.nodes:
            self._with_holder(name, tail, head)
        return name

    def _with_holder(self, name: str, tail: int, holder: int) -> None:
        """An account: open, so that its holder is asked to block it, or in reserve, to be warned of it."""
        of = self.things[holder]
        asked = of.asked if self.things[tail].leaving else ()
        self._put(name, of, asked, {"shared": True, "capacity": self.things[tail].capacity})
        self.part_of[name] = (tail, holder)

    def _own(self, node: int, *, role: str | None) -> None:
        thing = self.things[node]
        if thing.id not in self.nodes:
            marks = {"shared": thing.shared, "victim_asset": thing.victims}
            self._put(thing.id, thing, thing.actions, {**marks, "role": role})
            self.part_of[thing.id] = (node,)

    def _put(self, name: str, of: Thing, actions: Sequence[Action], marks: dict[str, Any]) -> None:
        self.actions.update({(name, action.mode): action for action in actions})
        modes = [_mode(action, of.days[0]) for action in actions]
        plain = {"id": name, "kind": of.kind, "capacity": of.capacity, "role": None}
        self.nodes[name] = {**plain, **marks, "modes": modes}

    def _edge(self, tail: str, head: str, belief: float) -> None:
        self.edges.append({"from": tail, "to": head, "belief": belief})


def _mode(action: Action, median: float) -> dict[str, Any]:
    """A mode with the mean of the exponential whose median is the kind's."""
    return {
        "mode": action.mode, "cost": action.cost, "success": action.success, "collateral": action.collateral,
        "replacement_days": median / math.log(2), "jurisdiction": action.jurisdiction,
        "lead_days": action.lead_days,
    }  # fmt: skip
