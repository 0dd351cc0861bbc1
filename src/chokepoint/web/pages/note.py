"""Putting a checked text on record: one click makes it a note with its source, marked for one's own only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from litestar import Response

from chokepoint.desk.note import Draft
from chokepoint.desk.note import note as put
from chokepoint.model.marking import Marking, parse_tlp
from chokepoint.web.route import Form, write
from chokepoint.web.show.values import address
from chokepoint.web.viewer import Here


@dataclass(slots=True, kw_only=True)
class NoteForm:
    """A text to put on record.

    Attributes:
        text: the observation.
        source: who saw or said it first; empty for one's own organisation.
        tlp: who may see it; AMBER is for one's own organisation alone.
    """

    text: str = ""
    source: str = ""
    tlp: str = "amber"


@write("/note")
def note(seat: Here, data: Form[NoteForm]) -> Response[Any]:
    """Put a text on record, and show what it is about.

    Raises:
        RefusedError: it is empty, too long or about nothing, or the viewer may not speak.
        NotValidError: the label is none.
    """
    draft = Draft(text=data.text, source=data.source.strip()[:200], marking=Marking(tlp=parse_tlp(data.tlp)))
    noted = put(seat.atlas, draft)
    return seat.go(address(noted.claims[0].subject) if noted.claims else "/")


ROUTES = (note,)
