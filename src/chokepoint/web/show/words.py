"""Words of the desk that no template holds: verdicts, statuses, likelihood, marked for the catalogues here.

Labels of the vocabulary are messages too, so that a new kind shows in English until somebody translates it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chokepoint.choke.holders import HOWS, OTHER_RECORDS, PRESERVE
from chokepoint.collect.mapping.value import ANY, SHOWN
from chokepoint.desk.analyse.answer import kinds
from chokepoint.desk.analyse.barred import BARRED
from chokepoint.desk.analyse.chain.amounts import SIGHTINGS
from chokepoint.desk.analyse.chain.answer import VERBS
from chokepoint.desk.analyse.chain.telling import BESIDE, BLIND, NOTHING, ON_ACCOUNT, OTHERWISE
from chokepoint.desk.analyse.hub import REASONS
from chokepoint.desk.hand.selected import UNDISCLOSED, UNVETTED
from chokepoint.desk.people.asking import DECLINED, TAKEN, WAITING
from chokepoint.desk.work.act import STATES as OPERATION_STATES
from chokepoint.impact.measures import MAYBE, PART, REPORT, SAME, UNDATED
from chokepoint.link.known import CATEGORIES
from chokepoint.model.claim import Nature
from chokepoint.model.figure import BOUNDED
from chokepoint.model.judgement import Sameness, Verdict, Vote
from chokepoint.model.member import Mode, Sector
from chokepoint.model.role import Right, Role
from chokepoint.model.said import LINKS
from chokepoint.model.vocabulary import vocabulary
from chokepoint.model.words import CREDIBILITY, LIKELIHOOD, RELIABILITY
from chokepoint.package.drawing.chain import COLUMNS
from chokepoint.store.people import ACTIVE, GONE, INVITED
from chokepoint.web.places import PLACES
from chokepoint.web.show.places import NOUNS
from chokepoint.web.show.ways import ON_THE_DESK, SPLIT
from chokepoint.web.signin.keys import SCOPES

if TYPE_CHECKING:
    from collections.abc import Iterator

COUNTED: dict[str, tuple[str, str]] = {
    status: (f"{{count:,}} {status}",) * 2 for status in ("conflicting", "known", "new", "shared", "parked")
}
"""How many things of a text that is checked have a status, in the order in which a reader wants them."""

WAYS = ("password", "link", "invitation", "passkey", "provider", "key")
"""By what people prove who they are."""


SENDING = ("waiting", "reading", "done", "refused", "failed")
"""How far a sending is read."""

PROFILE = ("sector", "country", "capabilities", "parents", "origins", "feeds")
"""Fields of a member in which its own word may not be followed."""


MEASURES = (
    "accounts frozen", "arrests", "cash seized", "computers seized", "convictions", "devices seized",
    "domains taken down", "funds frozen", "ips taken down", "losses", "malicious infrastructure dismantled",
    "phones seized", "recovered", "servers taken offline", "stolen", "suspects", "victims",
    "victims identified",
)  # fmt: skip
"""Common measures of operations; others show as they were written."""

LOOKS = (
    "check", "choke", "collect", "corrections", "export", "held", "hypothesis", "identity", "impact", "map",
    "meeting", "package", "path", "review", "score", "search", "show", "source", "summary", "taxii", "unfold",
    "victims", "pasted text", "the whole map",
)  # fmt: skip
"""By what verbs people look, and at what, where it is no thing on the map."""


RULES = (
    "blank line", "comment", "comment line", "header row", "line before the header row",
    "row of a table about nothing known", "row shorter than the header", "text without an indicator",
    "an empty file", "compare it with the source", "fetch the file again, or leave it out",
)  # fmt: skip
"""By what most parts of files are left out, and what is to be done about many that were refused."""


def messages() -> Iterator[str | tuple[str, str]]:
    """Every message that is made from data and not written in a template."""
    yield from (place.label for place in PLACES)
    yield from COUNTED.values()
    yield from (*COUNTED, *MEASURES, *LOOKS, *NOUNS, *RULES)
    yield from OPERATION_STATES
    yield from (ACTIVE, INVITED, GONE, *PROFILE, *SENDING)
    for words in (Verdict, Vote, Nature, Sameness, Mode, Sector, Role, Right):
        yield from (one.value for one in words)
    yield from (*BOUNDED.values(), REPORT, PART, SAME, UNDATED, MAYBE, *REASONS.values(), *BARRED)
    yield from (one.warning for one in CATEGORIES)
    yield from ("host", "subject", "object")
    yield from (kind.label.lower() for kind in vocabulary().kinds.values() if kind.reassigned)
    yield from (*COLUMNS, NOTHING, BLIND, *BESIDE, *OTHERWISE, SIGHTINGS, *LINKS, *VERBS.values())
    yield from (*PRESERVE.values(), OTHER_RECORDS, *HOWS.values(), *map(kinds, HOWS))
    yield from (one for both in ON_ACCOUNT.values() for one in both)
    yield from (*RELIABILITY.values(), *CREDIBILITY.values())
    yield from sorted({kind.phase for kind in vocabulary().kinds.values() if kind.phase})
    yield from (term for _, term in LIKELIHOOD)
    yield from SCOPES
    yield from (WAITING, TAKEN, DECLINED, UNVETTED, UNDISCLOSED)
    yield from (ANY, *SHOWN.values())
    yield from (*WAYS, SPLIT, *ON_THE_DESK.values())
    for kind in vocabulary().kinds.values():
        yield kind.label
    for said in vocabulary().properties.values():
        yield said.label
        if said.reverse:
            yield said.reverse
