"""`path`: how two things that a person names are connected, each hop with its evidence."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from chokepoint.desk.looking.dossier import entity_json
from chokepoint.desk.looking.look import then
from chokepoint.desk.personal.veil import all_unveiled, veil
from chokepoint.desk.resolve import resolve
from chokepoint.desk.vetting.standing import of_claims, veiled
from chokepoint.desk.watch.access import saw
from chokepoint.graph.columns import UNKNOWN
from chokepoint.graph.hop import SAME_AS
from chokepoint.graph.path import Limits
from chokepoint.graph.path import search as connect
from chokepoint.model.said import Said
from chokepoint.package.redact import WITHHELD
from chokepoint.store import lookup
from chokepoint.store.base import EPOCH_ORDINAL
from chokepoint.values.registry import show
from chokepoint.vet.policy import VERDICTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection

    from chokepoint.desk.atlas import Atlas
    from chokepoint.desk.personal.veil import Veil
    from chokepoint.graph.hop import Hop
    from chokepoint.graph.path import Path
    from chokepoint.graph.snapshot import Snapshot
    from chokepoint.model.identity import Entity
    from chokepoint.store.base import StoredClaim
    from chokepoint.store.reading import Reader

WITNESSES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """One claim behind a hop: its record id, publisher, and where it stands."""

    id: str
    origin: str
    path: str
    place: str

    def to_json(self) -> dict[str, Any]:
        """As programs read it."""
        return {"claim": self.id, "origin": self.origin, "source": {"path": self.path, "place": self.place}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One hop with its evidence.

    Attributes:
        source, target: entities in walking order.
        property: of the vocabulary, or `same-as` for an identity judgement.
        forward: whether the source is the sentence's subject.
        belief: that the sentence is true.
        verdict: of the statement, in a word; `proposed` for an identity.
        interval: half-open days (ISO 8601) over all its claims, empty where unknown.
        witnesses: claims for it, the best graded first, at most five.
        origins: all its root publishers.
    """

    source: Entity
    target: Entity
    property: str
    forward: bool
    belief: float
    verdict: str
    interval: tuple[str, str]
    witnesses: tuple[Witness, ...]
    origins: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """A hop of `path --json`."""
        best = self.witnesses[0] if self.witnesses else Witness(id="", origin="", path="", place="")
        start, end = self.interval
        return {
            "from": entity_json(self.source),
            "to": entity_json(self.target),
            "property": self.property,
            "forward": self.forward,
            **best.to_json(),
            "interval": {"start": start, "end": end} if start or end else None,
            "belief": round(self.belief, 4),
            "verdict": self.verdict,
            "origins": list(self.origins),
            "evidence": [witness.to_json() for witness in self.witnesses],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One connection.

    Attributes:
        steps: in walking order.
        belief: joint probability.
        single_source: whether one origin already held all of it.
        joins: whether it speaks for one operator; false through shared infrastructure.
        attribution: false where it crosses from one life of an identifier into another.
        warnings: (code, sentence) of what to beware of, the sentence naming what it is about.
    """

    steps: tuple[Step, ...]
    belief: float
    single_source: bool
    joins: bool
    attribution: bool
    warnings: tuple[tuple[str, str], ...]

    @property
    def origins(self) -> tuple[str, ...]:
        """Distinct root publishers over all hops."""
        return tuple(sorted({origin for step in self.steps for origin in step.origins}))

    def to_json(self) -> dict[str, Any]:
        """A path of `path --json`."""
        return {
            "belief": round(self.belief, 4),
            "single_source": self.single_source,
            "joins": self.joins,
            "attribution": self.attribution,
            "warnings": [sentence for _, sentence in self.warnings],
            "codes": [code for code, _ in self.warnings],
            "origins": list(self.origins),
            "hops": [step.to_json() for step in self.steps],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Routes:
    """The answer to `path A B`.

    Attributes:
        asked: A and B as written.
        unknown: those of them of which this viewer's map holds nothing.
        same: whether both name the same entity.
        routes: best first.
        complete: whether the search saw everything within its limits.
    """

    asked: tuple[str, str]
    unknown: tuple[str, ...] = ()
    same: bool = False
    routes: tuple[Route, ...] = ()
    complete: bool = True

    def to_json(self) -> dict[str, Any]:
        """The shape of `path --json`."""
        return {
            "from": self.asked[0],
            "to": self.asked[1],
            "paths": [route.to_json() for route in self.routes],
            "unknown": list(self.unknown),
            "same": self.same,
            "complete": self.complete,
        }


def path(atlas: Atlas, start: str, goal: str, *, limits: Limits | None = None, as_of: str = "") -> Routes:
    """Connections between two things that a person names, best first.

    Args:
        atlas: opened by the viewer.
        start: an entity as written; a name stands for whatever bears it.
        goal: the same.
        limits: how many, how long, and whether over accepted statements alone.
        as_of: a past moment or day, as in `load_snapshot`; empty for now.

    Raises:
        NotValidError: `as_of` is no moment.
    """
    from chokepoint.desk.analyse import load_snapshot  # noqa: PLC0415 - the graph is heavy, resolving may suffice

    reader = atlas.reader
    with reader.connect() as connection:
        known = [resolve(reader, connection, text) for text in all_unveiled(atlas, (start, goal))]
    saw(atlas, "path", f"{start} .. {goal}", [one.entity for found in known for one in found])
    ends = [[one.eid for one in found] for found in known]
    unknown = tuple(text for text, found in zip((start, goal), ends, strict=True) if not found)
    if unknown:
        return Routes(asked=(start, goal), unknown=unknown)
    if set(ends[0]) == set(ends[1]):
        return Routes(asked=(start, goal), same=True)
    view = load_snapshot(atlas, as_of=as_of)
    return between(atlas, view.snapshot, (start, goal), ends=ends, limits=limits, as_of=as_of)


def between(
    atlas: Atlas,
    snapshot: Snapshot,
    asked: tuple[str, str],
    *,
    ends: Sequence[Sequence[int]],
    limits: Limits | None,
    as_of: str = "",
) -> Routes:
    """Connections between two sets of entity numbers in a snapshot of the viewer, of then or now."""
    nodes = [snapshot.index(np.array(eids, np.int64)).tolist() for eids in ends]
    found = connect(snapshot, nodes[0], nodes[1], limits=limits)
    reader = atlas.reader
    with reader.connect() as connection:
        past = then(reader, connection, as_of) if as_of else reader
        telling = _Telling((reader, past), connection, snapshot)
        telling.read([hop for one in found.paths for hop in one.hops])
        routes = tuple(telling.route(one) for one in found.paths)
    steps = [step for route in routes for step in route.steps]
    cover = veil(atlas, [end for step in steps for end in (step.source, step.target)])
    return Routes(
        asked=asked, routes=tuple(_covered(route, cover) for route in routes), complete=found.complete
    )


def _covered(route: Route, cover: Veil) -> Route:
    """The route in which natural persons are shown no more than the viewer's case needs."""
    if not cover.names:
        return route
    steps = []
    for one in route.steps:
        source, target = cover.pair(one.source, one.target)
        kept_back = one.property == SAME_AS and (source, target) != (one.source, one.target)
        said = tuple(
            replace(
                each,
                origin=cover.told(each.origin),
                path=cover.told(each.path),
                place=WITHHELD if kept_back else cover.told(each.place),
            )
            for each in one.witnesses
        )
        origins = tuple(sorted(map(cover.told, one.origins)))
        steps.append(replace(one, source=source, target=target, witnesses=said, origins=origins))
    warnings = tuple((code, cover.text(words)) for code, words in route.warnings)
    return replace(route, steps=tuple(steps), warnings=warnings)


class _Telling:
    """Puts the evidence to the hops of paths.

    What had been said is read as of then; who may know the contributors is as it is now.
    """

    def __init__(self, readers: tuple[Reader, Reader], connection: Connection, snapshot: Snapshot) -> None:
        self._reader, self._past = readers
        self._connection = connection
        self._snapshot = snapshot
        self._entities: dict[int, Entity] = {}
        self._stored: dict[int, StoredClaim] = {}

    def read(self, hops: Iterable[Hop]) -> None:
        """All claims behind these hops, without their contributor where the viewer is still to vote."""
        seqs = {seq for hop in hops if hop.statement >= 0 for seq in self._seqs(hop)}
        self._stored = {one.seq: one for one in self._reader.claims(self._connection, sorted(seqs))}
        own = [one for one in self._stored.values() if one.claim.provenance.origin == one.contributor]
        standing = of_claims(self._reader, self._connection, own) if own else {}
        self._stored |= {one.seq: veiled(one, standing[one.seq]) for one in own}

    def _seqs(self, hop: Hop) -> list[int]:
        seqs: list[int] = self._snapshot.claim_seq[self._snapshot.claims(hop.statement)].tolist()
        return seqs

    def route(self, one: Path) -> Route:
        eids = [int(self._snapshot.eid[node]) for node in one.nodes]
        entities = self._reader.entities(self._connection, eids)
        self._entities = {node: entities[eid] for node, eid in zip(one.nodes, eids, strict=True)}
        return Route(
            steps=tuple(self._step(hop) for hop in one.hops),
            belief=one.belief,
            single_source=one.single_source,
            joins=one.joins,
            attribution=one.attribution,
            warnings=tuple(
                (warn.code, _warned(show(self._entities[warn.node]), warn.sentence)) for warn in one.warnings
            ),
        )

    def _step(self, hop: Hop) -> Step:
        said = hop.statement >= 0
        witnesses, origins = self._claims(hop) if said else self._judgements(hop)
        return Step(
            source=self._entities[hop.source],
            target=self._entities[hop.target],
            property=hop.property if said else SAME_AS,
            forward=hop.forward,
            belief=hop.belief,
            verdict=VERDICTS[int(self._snapshot.verdict[hop.statement])].value if said else "proposed",
            interval=(_iso(hop.first), _iso(hop.last)),
            witnesses=witnesses,
            origins=origins,
        )

    def _claims(self, hop: Hop) -> tuple[tuple[Witness, ...], tuple[str, ...]]:
        claims = sorted((self._stored[seq] for seq in self._seqs(hop)), key=_grade)
        first = _one_an_origin(claims)
        paths = lookup.paths_of(self._reader, self._connection, (claim.seq for claim in first))
        witnesses = tuple(
            Witness(
                id=one.id,
                origin=one.claim.provenance.origin,
                path=paths.get(one.seq, ""),
                place=one.claim.place,
            )
            for one in first
        )
        return witnesses, tuple(sorted({one.claim.provenance.origin for one in claims}))

    def _judgements(self, hop: Hop) -> tuple[tuple[Witness, ...], tuple[str, ...]]:
        """Identity judgements stand in the ledger itself: the judge is the source, the reason the place."""
        eid = int(self._snapshot.eid[hop.source])
        ends = {self._entities[hop.source], self._entities[hop.target]}
        found = [
            Witness(id=one.id, origin=one.organisation, path="identity judgement", place=hop.reason)
            for one in lookup.sames_of(self._past, self._connection, eid)
            if {one.left, one.right} == ends and one.sameness == "same"
        ]
        return tuple(found[:WITNESSES]), ()


def _grade(claim: StoredClaim) -> tuple[str, str, int]:
    grading = claim.claim.provenance.grading
    return (grading.reliability, grading.credibility, claim.seq)


def _one_an_origin(claims: Sequence[StoredClaim]) -> list[StoredClaim]:
    """The first claim of each origin, then the others, at most five."""
    first = {one.claim.provenance.origin: one for one in reversed(claims)}
    chosen = sorted(first.values(), key=_grade)
    return (chosen + [one for one in claims if one not in chosen])[:WITNESSES]


def _iso(day: int) -> str:
    return "" if day == UNKNOWN else date.fromordinal(day + EPOCH_ORDINAL).isoformat()


def _warned(thing: str, sentence: str) -> Said:
    about = sentence if isinstance(sentence, Said) else Said(sentence)
    return Said("{thing}: {warning}", thing=thing, warning=about)
