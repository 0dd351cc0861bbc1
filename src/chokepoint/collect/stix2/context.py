"""What a run knows of STIX objects by id: what they stand for, who made them, how they may be shared."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import reduce
from typing import TYPE_CHECKING, Any

from chokepoint.collect.base import Skipped
from chokepoint.collect.gradings import stix_grading
from chokepoint.collect.origins import provenance
from chokepoint.collect.stix2.atlas import grading_of, told
from chokepoint.collect.stix2.markings import UNRESOLVED, fixed, read_marking
from chokepoint.collect.taking import span, text_of
from chokepoint.model.errors import NotValidError
from chokepoint.model.marking import Marking

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from chokepoint.collect.base import Document
    from chokepoint.model.claim import Interval, Provenance
    from chokepoint.model.identity import Entity
    from chokepoint.model.source import Grading

UNDEFINED = "marking in none of the files closes it to TLP:AMBER+STRICT (your organisation only)"


@dataclass(slots=True)
class Report:
    """A report or grouping as those see it that it names.

    Attributes:
        title: of the report.
        references: ids of what it names.
        context: ids of what it is about, as found when so many objects were known.
    """

    title: str
    references: tuple[str, ...]
    context: tuple[int, list[str]] = (-1, [])


@dataclass(slots=True)
class Knowledge:
    """Grows while files are read.

    Attributes:
        entities: STIX id → one actor or thing, or the identifiers of an indicator or observable.
        creators: identity id → name.
        markings: marking id → marking.
        refused: marking id → why nobody may see what it marks.
        marked: object id → the marking that it carries, of those that carry one.
        pending: ids of objects that wait for other files.
        tied: object id → ids of the actors and things that its relationships tie it to.
        reported: object id → title and references of each report that names it.
        left_out: ids of objects that were skipped, with the rule.
        validity: indicator id → when it holds, for relationships that give no time of their own.
    """

    entities: dict[str, list[Entity]] = field(default_factory=dict)
    creators: dict[str, str] = field(default_factory=dict)
    markings: dict[str, Marking] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    marked: dict[str, Marking] = field(default_factory=dict)
    pending: set[str] = field(default_factory=set)
    tied: dict[str, list[str]] = field(default_factory=dict)
    reported: dict[str, list[Report]] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)
    validity: dict[str, Interval] = field(default_factory=dict)
    provenances: dict[tuple[str, str, Marking | None, Grading | None], Provenance] = field(
        default_factory=dict
    )

    def learn_marking(self, thing: dict[str, Any]) -> None:
        """Remember a marking definition; a statement restricts nobody.

        Raises:
            NotValidError: an unknown label or kind of marking; what it marks is refused from now on.
        """
        name = text_of(thing.get("id"))
        try:
            self.markings[name] = read_marking(thing)
        except NotValidError as error:
            self.refused[name] = error.reason
            raise

    def marking(self, reference: str) -> Marking | None:
        """The marking of that id; None when no file so far defines it."""
        known, said = fixed(reference.partition("--")[2]), self.markings.get(reference)
        return known.join(said) if known and said else known or said

    def unresolved(self, reference: str) -> bool:
        """Whether no file so far says what a marking means."""
        return self.marking(reference) is None and reference not in self.refused

    def unknown(self, thing: dict[str, Any]) -> list[str]:
        """References to markings and creators that no file so far defines."""
        missing = [name for name in marking_refs(thing) if name and self.unresolved(name)]
        creator = text_of(thing.get("created_by_ref"))
        return [*missing, creator] if creator and creator not in self.creators else missing

    def learn_marked(self, thing: dict[str, Any]) -> None:
        """Remember the marking of an object, for those that speak of it; the strictest while none is known.

        Raises:
            NotValidError: it is marked by a definition that was refused.
        """
        marking = self._joined(thing, ())
        if marking is not None:
            self.marked[text_of(thing.get("id"))] = marking

    def _joined(self, thing: dict[str, Any], others: Iterable[str]) -> Marking | None:
        found = [self.marked[name] for name in others if name in self.marked]
        for reference in marking_refs(thing):
            if reference in self.refused:
                raise NotValidError(
                    f"it is marked by {reference[:80]}: {self.refused[reference]}",
                    mend="mark it with a label of TLP 2.0",
                )
            found.append(self.marking(reference) or UNRESOLVED)
        return reduce(Marking.join, found) if found else None

    def source(self, document: Document, thing: dict[str, Any], others: Iterable[str] = ()) -> Provenance:
        """The provenance of claims on an object: creator, confidence and markings as it gives them.

        A marking that no file so far defines is taken for the collector's own organisation alone.

        Args:
            document: that the object stands in.
            thing: the object.
            others: ids of objects that its claims name too, whose markings count as its own.

        Raises:
            NotValidError: it is marked by a definition that was refused.
        """
        marking = self._joined(thing, others)
        confidence = thing.get("confidence")
        stated = stix_grading(confidence) if type(confidence) is int else None
        grading = grading_of(thing) if told(thing) else stated
        reference = text_of(thing.get("created_by_ref"))
        creator = self.creators.get(reference) or (reference if reference in _FAMOUS else "")
        creator = text_of(told(thing).get("origin")) or creator
        key = (document.path, creator, marking, grading)
        if key not in self.provenances:
            self.provenances[key] = provenance(document, origin=creator, grading=grading, marking=marking)
        return self.provenances[key]


def marking_refs(thing: dict[str, Any]) -> list[str]:
    """Ids of the markings of an object as a whole and of its single fields: the strictest counts for all.

    An entry that cannot be read is empty: a marking that nobody knows.
    """
    written = thing.get("object_marking_refs")
    listed = written if isinstance(written, list) else [written] if written else []
    whole = [text_of(one) for one in listed]
    if "granular_markings" not in thing:
        return whole
    single = thing["granular_markings"]
    fields = single if isinstance(single, list) else [single] if single else []
    return [*whole, *(_granular(one) for one in fields if not _of_language(one))]


def unread_markings(known: Knowledge, thing: dict[str, Any]) -> Iterator[Skipped]:
    """What was not read as it is written of the markings of an object, each with what is done instead."""
    if "object_marking_refs" not in thing and "granular_markings" not in thing:
        return
    for reference in marking_refs(thing):
        if known.unresolved(reference):
            yield Skipped(UNDEFINED)
    if thing.get("granular_markings"):
        yield Skipped("marking of single fields (applied to the whole object)")


def _granular(one: Any) -> str:
    return text_of(one.get("marking_ref")) if isinstance(one, dict) else ""


def _of_language(one: Any) -> bool:
    """Whether a granular marking only says in which language a field is written."""
    return isinstance(one, dict) and bool(text_of(one.get("lang"))) and "marking_ref" not in one


_FAMOUS = frozenset({"identity--c78cb6e5-0c4b-4611-8297-d1b8b55e40b5"})
"""Creators whose identity object is published apart from what they create; named in `origins.toml`."""


def valid(thing: dict[str, Any], first: str, last: str) -> Interval | None:
    """The interval between two time fields of an object; None where it gives neither."""
    return span(text_of(thing.get(first)), text_of(thing.get(last)))
