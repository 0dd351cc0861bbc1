"""What one thing of the map matters: what would stop if it vanished, by flow where claims carry any.

Without a value chain the measure is structural: how much of what is alive of an actor the lever reaches under
which an identifier stands. Each score says which of the two it is.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

from chokepoint.desk.analyse.choke import ChokeOptions, choke_view
from chokepoint.desk.analyse.view import load_snapshot
from chokepoint.desk.personal.veil import unveiled
from chokepoint.desk.resolve import resolve
from chokepoint.desk.watch.access import saw
from chokepoint.model.errors import NotFoundError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chokepoint.choke.holders import Concentration
    from chokepoint.desk.analyse.view import View
    from chokepoint.desk.atlas import Atlas

EVERY = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """Share of the flow from victims to cash-outs that is left without the thing; exactly, or at least."""

    left: float
    exact: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What one thing matters.

    Attributes:
        chained: whether the map holds a value chain at all.
        flow: where the thing is on it.
        lever: without a chain: the lever that reaches most of an actor, and under which the thing stands.
        vetted: whether that lever rests on accepted statements.
        unit: of flow, in words; empty without a chain.
    """

    chained: bool
    flow: Flow | None = None
    lever: Concentration | None = None
    vetted: bool = False
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """The scores of one viewer's whole map, by entity number."""

    chained: bool
    unit: str
    flows: Mapping[int, Flow]
    levers: Mapping[int, tuple[Concentration, bool]]

    def of(self, eid: int) -> Score:
        """The score of an entity."""
        lever, vetted = self.levers.get(eid, (None, False))
        return Score(
            chained=self.chained, flow=self.flows.get(eid), lever=lever, vetted=vetted, unit=self.unit
        )


def scores(atlas: Atlas) -> Scores:
    """The scores of a viewer's map. Seconds on a large one, so that whoever asks for one keeps all."""
    view = load_snapshot(atlas)
    answer = choke_view(view, ChokeOptions(top=EVERY))
    if answer.chain is None:
        answer = choke_view(view, ChokeOptions(budget=inf, top=EVERY))
    eids = view.snapshot.eid
    flows: dict[int, Flow] = {}
    if answer.chain:
        before = float(answer.chain.document["flow_before"])
        for row in answer.chain.what_if if before else ():
            flow = Flow(left=float(row["flow_without"]) / before, exact=bool(row["exact"]))
            flows.update((int(eids[node]), flow) for node in answer.chain.part_of.get(row["id"], ()))
    levers = _levers(view, answer.leads, vetted=False) | _levers(view, answer.plan, vetted=True)
    unit = answer.chain.unit if answer.chain else ""
    return Scores(chained=answer.chain is not None, unit=unit, flows=flows, levers=levers)


def _levers(
    view: View, found: tuple[Concentration, ...], *, vetted: bool
) -> dict[int, tuple[Concentration, bool]]:
    """The strongest lever of each thing in its statements: the identifier and the actor."""
    best: dict[int, list[Concentration]] = defaultdict(list)
    snapshot = view.snapshot
    for lever in found:
        for row in lever.handles:
            for node in (int(snapshot.subject[row]), int(snapshot.object[row])):
                best[int(snapshot.eid[node])].append(lever)
    return {eid: (max(ones, key=lambda one: one.lasting), vetted) for eid, ones in best.items()}


def numbered(atlas: Atlas, text: str) -> int:
    """The number of the entity that a text names, for a score that goes along with its dossier; logged.

    Raises:
        NotFoundError: this viewer's map holds nothing of it.
    """
    reader = atlas.reader
    with reader.connect() as connection:
        known = resolve(reader, connection, unveiled(atlas, text))[:1]
    saw(atlas, "score", text, [one.entity for one in known], aside=True)
    if not known:
        raise NotFoundError("nothing known", place=text[:80], mend="search finds how it is written")
    return known[0].eid
