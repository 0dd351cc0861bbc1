"""What the map asks for: parts of the viewer's map, how they grow, paths, kept views, exports."""

from __future__ import annotations

import io
from typing import Any

import msgspec
from litestar import Response
from litestar.params import JSONBody

from chokepoint.desk import canvas
from chokepoint.desk.canvas.parts import Spot, property_label
from chokepoint.desk.hand import export as hand_on
from chokepoint.desk.looking.route import path as connect
from chokepoint.graph.hop import SAME_AS
from chokepoint.model.errors import NotValidError
from chokepoint.model.identity import Entity
from chokepoint.model.marking import Marking, Tlp
from chokepoint.model.said import Said
from chokepoint.package.drawing.countries import NUMERIC_TO_ALPHA
from chokepoint.values.registry import show
from chokepoint.web.route import FromPath, read, write
from chokepoint.web.show import languages, places
from chokepoint.web.show.languages import locale
from chokepoint.web.show.strange import unlinked
from chokepoint.web.show.told import Teller
from chokepoint.web.show.values import country, kind
from chokepoint.web.viewer import Here, Seat

ROOT = "/api/v1/map"
LONGEST = 4_000
FORMS = {"graphml": "application/graphml+xml", "stix": "application/json"}
NO_STORE = {"cache-control": "no-store"}


class Ask(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A thing as a person writes it."""

    of: str


class Names(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Things on the canvas, `kind:value`."""

    names: list[str]


class Name(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """One thing, `kind:value`."""

    name: str


class Growth(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """What to expand by what, beside what is there."""

    name: str
    property: str
    backward: bool
    beside: list[str]
    most: int = 40


class Ends(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The two things between which a path is looked for."""

    start: str
    goal: str


class Way(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A part of the whole map."""

    way: list[int]


class Keep(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """A view to be kept."""

    title: str
    things: list[canvas.Placed]
    layout: str = "force"
    tlp: str = "TLP:GREEN"


class Wish(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Things to export, in which form, and the strictest label that may go along."""

    form: str
    names: list[str]
    tlp: str = "TLP:CLEAR"


def _told(found: Any, status: int = 200, *, tell: Teller | None = None) -> Response[bytes]:
    return Response(
        msgspec.json.encode(found, enc_hook=tell),
        status_code=status,
        media_type="application/json",
        headers=NO_STORE,
    )


def named(node: Spot, language: str) -> str:
    """What a thing on the map is called; countries by their names in the reader's language."""
    code = node.id.partition(":")[2]
    return country(code, locale(language)) if node.kind == "country" else unlinked(node.label)


def piece_in_words(seat: Seat, piece: canvas.Piece) -> dict[str, Any]:
    """A part of the map with its words in the reader's language."""
    said = languages.translations(seat.front.language).ugettext
    nodes = [
        msgspec.to_builtins(one) | {"name": said(one.name), "label": named(one, seat.front.language)}
        for one in piece.nodes
    ]
    lines = [
        msgspec.to_builtins(one) | {"label": said(one.label), "word": said(one.word)} for one in piece.lines
    ]
    return {"nodes": nodes, "lines": lines, "left_out": piece.left_out}


@write(f"{ROOT}/begin", status_code=200)
def begin(seat: Here, data: JSONBody[Ask]) -> Response[bytes]:
    """The surroundings of what a text names."""
    return _told(piece_in_words(seat, canvas.begin(seat.atlas, data.of[:LONGEST])))


@write(f"{ROOT}/piece", status_code=200)
def piece(seat: Here, data: JSONBody[Names]) -> Response[bytes]:
    """These things and the lines between them."""
    return _told(piece_in_words(seat, canvas.piece(seat.atlas, data.names)))


@write(f"{ROOT}/branches", status_code=200)
def branches(seat: Here, data: JSONBody[Name]) -> Response[bytes]:
    """What a thing can be expanded by, with counts."""
    said = languages.translations(seat.front.language).ugettext
    found = canvas.branches(seat.atlas, data.name)
    told = [
        msgspec.structs.replace(
            one, label=said(one.label), kinds={said(kind(name)): count for name, count in one.kinds.items()}
        )
        for one in found
    ]
    return _told(told)


@write(f"{ROOT}/expand", status_code=200)
def expand(seat: Here, data: JSONBody[Growth]) -> Response[bytes]:
    """Further neighbours of a thing by one property."""
    branch = (data.property, data.backward)
    found = canvas.expand(seat.atlas, data.name, branch, beside=data.beside, most=data.most)
    return _told(piece_in_words(seat, found))


@write(f"{ROOT}/path", status_code=200)
def path(seat: Here, data: JSONBody[Ends]) -> Response[bytes]:
    """The best connections between two things, each hop with its evidence."""
    said = languages.translations(seat.front.language).ugettext
    told = connect(seat.atlas, data.start[:LONGEST], data.goal[:LONGEST]).to_json()
    for hop in (hop for route in told["paths"] for hop in route["hops"]):
        reverse = hop["property"] != SAME_AS and not hop["forward"]
        hop["label"] = said(property_label(hop["property"], reverse=reverse))
        for one in hop["evidence"]:
            one["source"]["place"] = places.said(one["source"]["place"], said)
        for end in (hop["from"], hop["to"]):
            end["shown"] = show(Entity(end["kind"], end["value"]))
    return _told(told, tell=Teller(seat.front.language, flat=True))


@write(f"{ROOT}/overview", status_code=200)
def overview(seat: Here, data: JSONBody[Way]) -> Response[bytes]:
    """The whole map, or a part of it, as bubbles or node by node."""
    said = languages.translations(seat.front.language).ugettext
    found = canvas.overview(seat.atlas, data.way)
    told = msgspec.to_builtins(found) | {"piece": piece_in_words(seat, found.piece) if found.piece else None}
    for bubble in told["bubbles"]:
        bubble["kinds"] = {said(name): count for name, count in bubble["kinds"].items()}
    return _told(told)


@read(f"{ROOT}/views")
def views(seat: Here) -> Response[bytes]:
    """The kept views that the viewer may see, newest first."""
    return _told(canvas.views(seat.atlas))


@write(f"{ROOT}/views")
def keep(seat: Here, data: JSONBody[Keep]) -> Response[bytes]:
    """Keep a view."""
    marking = Marking(tlp=_label(data.tlp))
    kept = canvas.save_view(seat.atlas, data.title, data.things, layout=data.layout, marking=marking)
    return _told({"id": kept}, 201)


def _label(text: str) -> Tlp:
    labels = {label.label: label for label in Tlp}
    if text not in labels:
        raise NotValidError(
            Said("no such label {tlp!r}", tlp=text[:20]), mend=Said("one of {names}", names=", ".join(labels))
        )
    return labels[text]


@read(f"{ROOT}/views/{{name:str}}")
def view(seat: Here, name: FromPath[str]) -> Response[bytes]:
    """A kept view: about it, its part of the map, and where things lie."""
    about, shown, places = canvas.open_view(seat.atlas, name)
    return _told({"about": about, "piece": piece_in_words(seat, shown), "places": places})


@write(f"{ROOT}/export", status_code=200)
def export(seat: Here, data: JSONBody[Wish]) -> Response[bytes]:
    """What is on the canvas and may go as far as is asked, as a file that says its label."""
    if data.form not in FORMS:
        raise NotValidError(
            Said("no such form {form!r}", form=data.form[:20]),
            mend=Said("one of {names}", names=", ".join(FORMS)),
        )
    if not data.names:
        raise NotValidError("nothing to export", mend="put things on the canvas first")
    out = io.BytesIO()
    done = hand_on(seat.atlas, data.form, out, names=data.names, at_most=_label(data.tlp))
    headers = NO_STORE | {"x-left-out": str(done.left_out), "content-disposition": "attachment"}
    return Response(out.getvalue(), media_type=FORMS[data.form], headers=headers)


@read(f"{ROOT}/countries")
def countries(seat: Here) -> Response[bytes]:  # noqa: ARG001 - only whoever is signed in is answered
    """Alpha-2 codes to the numbers of the shapes on the map of the world."""
    return _told({alpha: number for number, alpha in NUMERIC_TO_ALPHA.items()})


ROUTES = (begin, piece, branches, expand, path, overview, views, keep, view, export, countries)
