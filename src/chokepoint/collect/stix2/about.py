"""Whom an object is about: through its relationships, or through the reports that name it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chokepoint.collect.campaign_names import campaign_title
from chokepoint.collect.stix2.objects import CONTEXT
from chokepoint.collect.taking import named, texts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chokepoint.collect.stix2.context import Knowledge, Report
    from chokepoint.model.identity import Entity

MOST_CONTEXTS = 6
_REFERRING = (
    "object_refs",
    "resolves_to_refs",
    "belongs_to_refs",
    "belongs_to_ref",
    "src_ref",
    "dst_ref",
    "sample_refs",
    "sighting_of_ref",
    "observed_data_refs",
    "where_sighted_refs",
)


def references(said: dict[str, Any]) -> list[str]:
    """Ids of the objects whose values the claims on an object name beside its own."""
    return [name for key in _REFERRING if key in said for name in texts(said[key])]


def everything(known: Knowledge, names: Iterable[str]) -> list[Entity]:
    """All that the objects of those ids stand for, each once."""
    return list(dict.fromkeys(one for name in names for one in known.entities.get(name, ())))


def context_of(known: Knowledge, report: Report) -> list[str]:
    """Ids of what a report is about: campaigns, else malware, else groups; or none."""
    size, found = report.context
    if size != len(known.entities):
        found = _context(known, report.references)
        report.context = (len(known.entities), found)
    return found


def _context(known: Knowledge, names: tuple[str, ...]) -> list[str]:
    by_sort: dict[str, list[str]] = {}
    for name in names:
        sort = name.partition("--")[0]
        if sort in CONTEXT and known.entities.get(name):
            by_sort.setdefault(sort, []).append(name)
    for sort in CONTEXT:
        if 0 < len(by_sort.get(sort, [])) <= MOST_CONTEXTS:
            return by_sort[sort]
    return []


def subjects_of(known: Knowledge, report: Report) -> list[Entity]:
    """What a report is about; where it names nothing of the kind, a campaign of its title."""
    found = everything(known, context_of(known, report))
    if found or not report.title:
        return found
    campaign = named("campaign", campaign_title(report.title))
    return [campaign] if campaign else []
