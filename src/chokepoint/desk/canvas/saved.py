"""Views of the map that people keep and share: which claims anchor it, and where each thing lies.

A record of a view names claims, never entities: whoever may not see a claim does not get what it anchors, and
no personal value stands where erasure would not reach it.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from chokepoint.desk.analyse import load_snapshot
from chokepoint.desk.canvas.grow import nodes_of
from chokepoint.desk.canvas.parts import Piece, part
from chokepoint.desk.people.circle import allowed
from chokepoint.desk.personal.veil import all_unveiled
from chokepoint.desk.personal.words import cover_of, told
from chokepoint.desk.sight import steps
from chokepoint.desk.watch.access import saw
from chokepoint.graph.community import usable
from chokepoint.model.errors import NotFoundError, RefusedError
from chokepoint.model.identity import Entity
from chokepoint.model.marking import CLEAR, Marking, Tlp, kept_by
from chokepoint.model.said import Said
from chokepoint.store.base import VIEW, RecordRow
from chokepoint.store.canonical import canonical
from chokepoint.store.records import read_marked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chokepoint.desk.analyse import View
    from chokepoint.desk.atlas import Atlas

MOST_ANCHORS = 2_000
LONGEST = 120
FARTHEST = 10_000_000
LAYOUTS = frozenset({"force", "layered", "world"})


class Placed(msgspec.Struct, frozen=True, kw_only=True):
    """A thing on a canvas: its name, its place in tenths of a pixel, whether it is pinned."""

    id: str
    x: int
    y: int
    pinned: bool = False


class _Anchor(msgspec.Struct, frozen=True, array_like=True):
    claim: str
    object: bool
    x: int
    y: int
    pinned: bool = False


class _Payload(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    title: str
    layout: str
    anchors: tuple[_Anchor, ...]


class SavedView(msgspec.Struct, frozen=True, kw_only=True):
    """A kept view.

    Attributes:
        id: `view-` and sixteen hexadecimal digits.
        title: what people call it.
        organisation: whose it is.
        recorded_at: when it was kept, UTC.
        tlp: label of the record.
        layout: force, layered or world.
        claims: ids of the claims that anchor it.
    """

    id: str
    title: str
    organisation: str
    recorded_at: str
    tlp: str
    layout: str
    claims: int


def save_view(
    atlas: Atlas, title: str, things: Sequence[Placed], *, layout: str = "force", marking: Marking = CLEAR
) -> str:
    """Keep a view and return its id. What has no link in the viewer's map is not kept.

    Args:
        atlas: opened by whoever keeps it.
        title: 1 to 120 characters.
        things: what is on the canvas, at most `MOST_ANCHORS`.
        layout: force, layered or world.
        marking: who may see it; made as closed as the claims that anchor it.

    Raises:
        RefusedError: no title, no or too many things, an unknown layout, a place beyond all canvas.
        NotFoundError: an unknown circle.
    """
    _check(title, things, layout)
    allowed(atlas, marking)
    view = load_snapshot(atlas)
    anchors = _anchors(view, things)
    if not anchors:
        raise RefusedError("nothing on it is linked", mend="put things on the canvas first")
    said = _Payload(
        id=f"view-{secrets.token_hex(8)}", title=title.strip(), layout=layout, anchors=tuple(anchors)
    )
    joined = marking.join(_seen_under(atlas, {one.claim for one in anchors}))
    kept = kept_by(joined, atlas.viewer.organisation)
    atlas.ledger.append(
        atlas.speaker(), [RecordRow(VIEW, canonical(msgspec.to_builtins(said, order="sorted")), kept)]
    )
    return said.id


def _check(title: str, things: Sequence[Placed], layout: str) -> None:
    if not 0 < len(title.strip()) <= LONGEST:
        raise RefusedError(
            Said("a title has 1 to {longest} characters", longest=LONGEST),
            place="title",
            mend="shorten the title",
        )
    if not 0 < len(things) <= MOST_ANCHORS:
        raise RefusedError(
            Said(
                "a kept view has 1 to {most_anchors:,} things, not {things:,}",
                most_anchors=MOST_ANCHORS,
                things=len(things),
            ),
            mend="hide some things",
        )
    if layout not in LAYOUTS:
        raise RefusedError(
            Said("no layout {layout!r}", layout=layout[:20]),
            mend=Said("one of {names}", names=", ".join(sorted(LAYOUTS))),
        )
    if any(max(abs(one.x), abs(one.y)) > FARTHEST for one in things):
        raise RefusedError("a thing lies beyond all canvas", mend="lay the map out again")


def _anchors(view: View, things: Sequence[Placed]) -> list[_Anchor]:
    """One claim a thing: the first of the most believed statement that it is an end of."""
    at = dict(zip(all_unveiled(view.atlas, [one.id for one in things]), things, strict=True))
    nodes = {node: at[str(entity)] for node, entity in view.entities(nodes_of(view, list(at))).items()}
    chosen = _statements(view, list(nodes))
    snapshot = view.snapshot
    seqs = {node: int(snapshot.claim_seq[snapshot.claims(row)][0]) for node, row in chosen.items()}
    claims = view.claims_at(sorted(set(seqs.values())))
    return [
        _Anchor(
            claim=claims[seqs[node]].id, object=int(snapshot.subject[chosen[node]]) != node,
            x=place.x, y=place.y, pinned=place.pinned,
        )
        for node, place in nodes.items()
        if node in seqs
    ]  # fmt: skip


def _statements(view: View, nodes: Sequence[int]) -> dict[int, int]:
    snapshot = view.snapshot
    said = len(snapshot.subject)
    drawn, found = usable(snapshot), {}
    for node in nodes:
        row = snapshot.edge[snapshot.pointer[node] : snapshot.pointer[node + 1]]
        row = row[(row < said) & drawn[row]]
        if len(row):
            found[node] = int(row[np.argmax(snapshot.belief[row])])
    return found


def _seen_under(atlas: Atlas, claims: set[str]) -> Marking:
    """The marking of the most open look that shows all these claims."""
    for step in steps(atlas.viewer, atlas.engine):
        with step.reader.connect() as connection:
            if {one.id for one in step.reader.claims_by_id(connection, claims)} == claims:
                return step.marking
    return Marking(tlp=Tlp.RED)


def _kept(atlas: Atlas) -> dict[str, tuple[SavedView, _Payload]]:
    reader = atlas.reader
    found: dict[str, tuple[SavedView, _Payload]] = {}
    with reader.connect() as connection:
        for record, marking in read_marked(reader, connection, VIEW):
            said = msgspec.convert(record.said, _Payload)
            about = SavedView(
                id=said.id, title=said.title, organisation=record.organisation, layout=said.layout,
                recorded_at=record.at, tlp=marking.tlp.label,
                claims=len({one.claim for one in said.anchors}),
            )  # fmt: skip
            found.setdefault(said.id, (about, said))
    cover = cover_of(atlas, (), (about.title for about, _ in found.values()))
    return {
        name: (msgspec.structs.replace(about, title=told(about.title, cover)), said)
        for name, (about, said) in found.items()
    }


def views(atlas: Atlas) -> list[SavedView]:
    """The kept views that the viewer may see, newest first."""
    return [about for about, _ in reversed(list(_kept(atlas).values()))]


def find_view(atlas: Atlas, name: str) -> SavedView:
    """The kept view of that id.

    Raises:
        NotFoundError: none that this viewer may see.
    """
    return _find(atlas, name)[0]


def _find(atlas: Atlas, name: str) -> tuple[SavedView, _Payload]:
    found = _kept(atlas).get(name)
    if found is None:
        raise NotFoundError("no such view", place=name[:80], mend="the list shows yours")
    return found


def open_view(atlas: Atlas, name: str) -> tuple[SavedView, Piece, tuple[Placed, ...]]:
    """A kept view: about it, the part of the map that it shows this viewer, and where things lie.

    Raises:
        NotFoundError: none that this viewer may see.
    """
    about, said = _find(atlas, name)
    reader = atlas.reader
    with reader.connect() as connection:
        claims = {one.id: one for one in reader.claims_by_id(connection, {a.claim for a in said.anchors})}
    places: dict[str, Placed] = {}
    for one in said.anchors:
        stored = claims.get(one.claim)
        end = stored and (stored.claim.object if one.object else stored.claim.subject)
        if isinstance(end, Entity):
            places[str(end)] = Placed(id=str(end), x=one.x, y=one.y, pinned=one.pinned)
    view = load_snapshot(atlas)
    nodes = nodes_of(view, list(places))
    saw(atlas, "map", about.title, view.entities(nodes).values())
    shown = part(view, nodes)
    known = view.entities(nodes)
    held = {str(known[node]): spot.id for node, spot in zip(dict.fromkeys(nodes), shown.nodes, strict=False)}
    lie = (msgspec.structs.replace(place, id=held[name]) for name, place in places.items() if name in held)
    return about, shown, tuple(lie)
