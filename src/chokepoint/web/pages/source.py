"""One claim with its source opened at the very place, who contributed it and who voted."""

from __future__ import annotations

from dataclasses import dataclass

from litestar import Response

from chokepoint.desk.looking.source import Source
from chokepoint.desk.looking.source import source as open_source
from chokepoint.model.words import explain_grading
from chokepoint.web.route import FromQuery, read
from chokepoint.web.viewer import Here


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcePage:
    """One claim.

    Attributes:
        source: as the desk gave it.
        grading: how good its source and how likely its report is, in words.
    """

    source: Source
    grading: tuple[str, ...]


@read("/source")
def source(seat: Here, claim: FromQuery[str]) -> Response[str]:
    """The place from which a claim was read."""
    found = open_source(seat.atlas, claim[:64])
    code = found.stored.claim.provenance.grading.code
    page = SourcePage(source=found, grading=tuple(explain_grading(code).split(", ")))
    return seat.page("source.html", page, label=found.label)


ROUTES = (source,)
