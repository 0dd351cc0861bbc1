"""`impact`: what operations achieved, as sources have it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from chokepoint.collect.operations_csv import REPORT, event_of
from chokepoint.desk.looking.look import gather_evidence
from chokepoint.desk.personal.cover import covered, ends
from chokepoint.desk.personal.words import cover_of, told
from chokepoint.desk.watch.access import saw
from chokepoint.desk.work.note import Draft, note
from chokepoint.desk.work.operation import operations
from chokepoint.impact.few import K, held_back, is_of_victims
from chokepoint.impact.measures import Cell, LeftOut, Saying, Span, Total, cells_of, overfull, totals
from chokepoint.model.errors import NotFoundError, NotValidError, RefusedError
from chokepoint.model.figure import FIGURE, read_figure
from chokepoint.model.identity import Entity
from chokepoint.model.judgement import Verdict
from chokepoint.model.marking import CLEAR, Marking
from chokepoint.model.said import Said
from chokepoint.store import lookup

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import Connection

    from chokepoint.desk.atlas import Atlas
    from chokepoint.desk.looking.dossier import Evidence
    from chokepoint.desk.personal.veil import Veil
    from chokepoint.desk.work.act import Operation
    from chokepoint.desk.work.note import Noted
    from chokepoint.model.figure import Figure
    from chokepoint.store.reading import Reader

MOST = 20_000
BESIDE = ("reference", "observation", "category", "part-of")
_FALLEN = frozenset({Verdict.REJECTED, Verdict.RECALLED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a figure comes from, and how it stands.

    Attributes:
        evidence: the claim that says it.
        address: of the publication, or empty.
        notes: what the source or whoever took it in noted beside it.
    """

    evidence: Evidence
    address: str
    notes: tuple[str, ...]

    @property
    def texts(self) -> tuple[str, ...]:
        """Words in which somebody may be named."""
        return (*self.notes, self.evidence.stored.claim.raw, self.evidence.path)

    def covered(self, cover: Veil) -> Source:
        """The source in whose words natural persons are named no more than they may be."""
        notes = tuple(told(note, cover) for note in self.notes)
        return replace(self, evidence=covered(self.evidence, cover), notes=notes)

    def to_json(self) -> dict[str, Any]:
        """The shape of a source in `impact --json`."""
        told = self.evidence.to_json()
        kept = (
            "id",
            "origin",
            "source",
            "interval",
            "belief",
            "verdict",
            "marking",
            "grading",
            "contributor",
        )
        return {**{name: told[name] for name in kept}, "address": self.address, "notes": list(self.notes)}


@dataclass(frozen=True, kw_only=True)
class Impact:
    """Figures of the operations that the viewer may see.

    Attributes:
        names: how each operation is called, by event.
        spans: days, countries and wholes, by event.
        cells: what may be shown.
        totals: sums that count nothing twice.
        sources: by record id of the claim.
        held: cells of victims that are not shown, so that no count below eleven can be worked out.
        overfull: wholes that are smaller than the sum of their countries, with that sum.
        fallen: how many figures were rejected or recalled and are left out.
        events: of which figures are on record, whatever was asked.
    """

    names: Mapping[str, str]
    spans: Mapping[str, Span]
    cells: tuple[Cell, ...]
    totals: tuple[Total, ...]
    sources: Mapping[str, Source]
    held: tuple[Cell, ...] = ()
    overfull: tuple[tuple[Cell, str], ...] = ()
    fallen: int = 0
    events: tuple[Entity, ...] = ()

    def of(self, event: str) -> tuple[Cell, ...]:
        """The cells of one operation: of all of it first, then by country."""
        return tuple(
            sorted((c for c in self.cells if c.operation == event), key=lambda c: (c.where, c.measure))
        )

    def why(self, left: LeftOut) -> str:
        """Why something is not in a sum, in words."""
        if not left.against:
            return Said(left.reason)
        return Said(
            "may be counted in {operation} already: {reason}",
            operation=self.names[left.against],
            reason=Said(left.reason),
        )

    def to_json(self) -> dict[str, Any]:
        """The shape of `impact list --json`."""
        return {
            "operations": [
                {
                    "event": str(Entity("event", event)),
                    "name": name,
                    "start": self.spans[event].start or None,
                    "end": self.spans[event].end or None,
                    "report": self.spans[event].report,
                    "part_of": sorted(self.spans[event].whole),
                    "figures": [self._cell(cell) for cell in self.of(event)],
                }
                for event, name in self.names.items()
            ],
            "totals": [self._total(total) for total in self.totals],
            "held_back": [
                {
                    "event": str(Entity("event", cell.operation)),
                    "measure": cell.measure,
                    "where": list(cell.where),
                }
                for cell in self.held
            ],
            "left_out": self.fallen,
        }

    def _cell(self, cell: Cell) -> dict[str, Any]:
        return {
            "measure": cell.measure,
            "unit": cell.unit,
            "where": list(cell.where),
            "conflict": cell.conflict,
            "said": [
                {"amount": one.figure.amount, "low": f"{one.figure.low:f}", "high": f"{one.figure.high:f}"}
                | {"bound": one.figure.bound, **self.sources[one.record].to_json()}
                for one in cell.said
            ],
        }

    def _total(self, total: Total) -> dict[str, Any]:
        return {
            "measure": total.measure,
            "unit": total.unit,
            "where": list(total.where),
            "at_least": f"{total.least:f}",
            "about": total.vague,
            "added": [self.names[cell.operation] for cell in total.added],
            "not_added": [
                {"operation": self.names[left.cell.operation], "reason": self.why(left)}
                for left in total.left_out
            ],
        }


def impact(atlas: Atlas, operation: str = "", *, accepted: bool = False) -> Impact:
    """What is known of all operations, or of one.

    Args:
        atlas: opened by the viewer.
        operation: a name, or empty for all.
        accepted: leave out figures that are not accepted.

    Raises:
        NotFoundError: no figure and no operation of that name that this viewer sees.
    """
    found = impact_unlogged(atlas, operation, accepted=accepted)
    saw(atlas, "impact", operation, found.events)
    if operation and not found.names:
        raise NotFoundError("no such operation", place=operation, mend="`chokepoint impact list` shows them")
    return found


def impact_unlogged(atlas: Atlas, operation: str = "", *, accepted: bool = False) -> Impact:
    """As `impact`, and nothing where nothing is known; whoever shows it logs that its `events` were seen."""
    desk = {one.event.value: one for one in operations(atlas)}
    reader = atlas.reader
    with reader.connect() as connection:
        found = _figures(reader, connection)
        events = lookup.known(reader, connection, {one.stored.claim.subject for one in found})
        seqs = reader.said_of(connection, events.values(), BESIDE)
        beside = [one for one in gather_evidence(reader, connection, seqs) if _stands(one)]
    wanted = event_of(operation).value if operation else ""
    standing = [one for one in found if _stands(one)]
    said, sources = _said(standing, _Beside(beside), accepted=accepted)
    names = sorted({one.operation for one in said} | desk.keys())
    cover = cover_of(atlas, ends([*found, *beside]), (text for one in sources.values() for text in one.texts))
    sources = {name: one.covered(cover) for name, one in sources.items()}
    spans = {event: _span(event, standing, beside, desk.get(event)) for event in names}
    cells = tuple(cell for cell in cells_of(said) if wanted in {"", cell.operation})
    held = held_back(cells)
    shown = tuple(cell for cell in cells if cell not in held)
    return Impact(
        names={one: told(_name(one, found, desk.get(one)), cover) for one in names if wanted in {"", one}},
        spans=spans,
        cells=shown,
        totals=totals(shown, spans),
        sources=sources,
        held=tuple(cell for cell in cells if cell in held),
        overfull=tuple((cell, Said("{total:,f}", total=total)) for cell, total in overfull(shown)),
        fallen=len(found) - len(standing),
        events=tuple(sorted(events)),
    )


def _figures(reader: Reader, connection: Connection) -> list[Evidence]:
    seqs = reader.with_property(connection, [FIGURE], texts=True)[:MOST]
    events = [one.seq for one in reader.claims(connection, seqs) if one.claim.subject.kind == "event"]
    return gather_evidence(reader, connection, events)


def _stands(one: Evidence) -> bool:
    return one.standing.verdict not in _FALLEN


class _Beside:
    """What stands beside a figure at its place, or in a note that says but one."""

    def __init__(self, claims: Iterable[Evidence]) -> None:
        self._at: dict[tuple[str, str], list[Evidence]] = {}
        self._in: dict[str, list[Evidence]] = {}
        for one in claims:
            source = one.stored.claim.provenance.capture
            self._at.setdefault((source, one.stored.claim.place), []).append(one)
            self._in.setdefault(source, []).append(one)

    def texts(self, one: Evidence, name: str) -> list[str]:
        """Texts of a property beside a figure, each once."""
        capture, place = one.stored.claim.provenance.capture, one.stored.claim.place
        near = (
            self._in.get(capture, [])
            if one.path.startswith("note of ")
            else self._at.get((capture, place), [])
        )
        claims = [other.stored.claim for other in near if other.stored.claim.property == name]
        said = [claim.object for claim in claims if claim.subject == one.stored.claim.subject]
        return list(dict.fromkeys(map(str, said)))


def _said(
    found: Sequence[Evidence], beside: _Beside, *, accepted: bool
) -> tuple[list[Saying], dict[str, Source]]:
    """Each source's figures once, though several have taken its publication in."""
    said: dict[tuple[str, str, str], Saying] = {}
    sources = {}
    for one in found:
        claim = one.stored.claim
        try:
            figure = read_figure(str(claim.object))
        except NotValidError:
            continue  # a note may give the property any text
        if accepted and one.standing.verdict is not Verdict.ACCEPTED:
            continue
        key = (claim.subject.value, figure.text, claim.provenance.origin)
        said[key] = Saying(
            operation=claim.subject.value, figure=figure, origin=claim.provenance.origin, record=one.stored.id
        )
        sources[one.stored.id] = Source(
            evidence=one,
            address=next(iter(beside.texts(one, "reference")), ""),
            notes=tuple(beside.texts(one, "observation")),
        )
    return list(said.values()), sources


def _span(event: str, found: Sequence[Evidence], beside: Sequence[Evidence], desk: Operation | None) -> Span:
    days = [one.stored.claim.observed for one in found if one.stored.claim.subject.value == event]
    dated = [interval for interval in days if interval is not None]
    starts = [interval.start for interval in dated]
    ends = [interval.end for interval in dated]
    mine = [one.stored.claim for one in beside if one.stored.claim.subject.value == event]
    wholes = {
        claim.object[1] for claim in mine if claim.property == "part-of" and not isinstance(claim.object, str)
    }
    return Span(
        start=min(starts) if starts and all(starts) else "",
        end=max(ends) if ends and all(ends) else "",
        countries=desk.countries if desk and desk.countries else None,
        whole=frozenset(wholes),
        report=any(claim.property == "category" and claim.object == REPORT for claim in mine),
    )


def _name(event: str, found: Sequence[Evidence], desk: Operation | None) -> str:
    """As it is written most plainly: by whoever leads it, else in the source, else its normal form."""
    written = [one.stored.claim.raw for one in found if one.stored.claim.subject.value == event]
    return desk.name if desk else next(filter(None, written), event.removeprefix("operation "))


class Published(NamedTuple):
    """Where and when a figure that is put on record by hand was published, and who may see it."""

    source: str
    address: str
    place: str
    on: str
    marking: Marking = CLEAR


def add(atlas: Atlas, operation: str, figure: Figure, published: Published) -> Noted:
    """Put a figure of an operation on record, as a note with its source.

    Raises:
        RefusedError: no source or day, or a count of one to ten victims.
        NotValidError: no day, or a name that names no event.
    """
    if not published.source.strip() or not published.on.strip():
        raise RefusedError("a figure needs who says so and the day", mend="--source NAME --on DAY")
    if is_of_victims(figure.measure) and any(0 < value < K for value in (figure.low, figure.high)):
        raise RefusedError(
            Said("a count of fewer than {k} victims could point to one of them", k=K),
            mend=Said("write that it is < {k}, or leave it", k=K),
        )
    event = event_of(operation)
    said = filter(None, (f"Said by {published.source}", published.place, published.address))
    links = [(str(event), FIGURE, figure.text)]
    links += [(str(event), "reference", published.address)] if published.address else []
    return note(
        atlas,
        Draft(
            text=", ".join(said), about=(str(event),), links=tuple(links),
            source=published.source, marking=published.marking, when=published.on,
        ),
    )  # fmt: skip
