"""What a run knows of STIX objects by id: what they stand for, who made them, how they may be shared."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from chokepoint.collect.gradings import stix_grading
from chokepoint.collect.origins import provenance
from chokepoint.collect.taking import span, text_of, texts
from chokepoint.model.marking import Marking, Pap, Tlp, parse_tlp

if TYPE_CHECKING:
    from chokepoint.collect.base import Document
    from chokepoint.model.claim import Interval, Provenance
    from chokepoint.model.errors import NotValidError
    from chokepoint.model.identity import Entity
    from chokepoint.model.source import Grading

_PREDEFINED = {
    "613f2e26-407d-48c7-9eca-b8e91df99dc9": Tlp.CLEAR,
    "34098fce-860f-48ae-8e50-ebd3cc5e41da": Tlp.GREEN,
    "f88d31f6-486f-44da-b317-01333bde0b82": Tlp.AMBER,
    "5e57c739-391a-4eb3-b6be-7d15ca92d5ed": Tlp.RED,
    "94868c89-83c2-464b-929b-a1a8aa3c8487": Tlp.CLEAR,
    "bab4a63c-aed9-4cf5-a766-dfca5abac2bb": Tlp.GREEN,
    "55d920b0-5e8b-4f79-9ee9-91f868d9b421": Tlp.AMBER,
    "939a9414-2ddd-4d32-a0cd-375ea402b003": Tlp.AMBER_STRICT,
    "e828b379-4e03-4974-9ac4-e53a884c97c1": Tlp.RED,
}
"""UUIDs of the marking definitions that STIX 2.1 §7.2.1.4 and OASIS's TLP 2.0 extension fix."""

_label = re.compile(r"(TLP|PAP):\s*(.+)", re.IGNORECASE).fullmatch


@dataclass(slots=True)
class Knowledge:
    """Grows while files are read.

    Attributes:
        entities: STIX id → one actor or thing, or the identifiers of an indicator or observable.
        creators: identity id → name.
        markings: marking id → marking.
        left_out: ids of objects that were skipped, with the rule.
        validity: indicator id → when it holds, for relationships that give no time of their own.
    """

    entities: dict[str, list[Entity]] = field(default_factory=dict)
    creators: dict[str, str] = field(default_factory=dict)
    markings: dict[str, Marking] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)
    validity: dict[str, Interval] = field(default_factory=dict)
    provenances: dict[tuple[str, str, Marking | None, Grading | None], Provenance] = field(
        default_factory=dict
    )

    def learn_marking(self, thing: dict[str, Any]) -> None:
        """Remember a marking definition; a statement restricts nobody.

        Raises:
            NotValidError: an unknown TLP or PAP label.
        """
        name = text_of(thing.get("id"))
        definition = thing.get("definition")
        written = text_of(definition.get("tlp")) if isinstance(definition, dict) else ""
        labelled = _label(text_of(thing.get("name")))
        if written:
            self.markings[name] = Marking(tlp=parse_tlp(written))
        elif labelled and labelled[1].upper() == "TLP":
            self.markings[name] = Marking(tlp=parse_tlp(labelled[2]))
        elif labelled:
            self.markings[name] = Marking(pap=Pap.__members__.get(labelled[2].upper(), Pap.RED))
        else:
            self.markings[name] = Marking()

    def marking(self, reference: str) -> Marking | None:
        """The marking of that id; None when no file so far defines it."""
        predefined = _PREDEFINED.get(reference.partition("--")[2])
        return Marking(tlp=predefined) if predefined is not None else self.markings.get(reference)

    def unknown(self, thing: dict[str, Any]) -> list[str]:
        """References to markings and creators that no file so far defines."""
        missing = [name for name in texts(thing.get("object_marking_refs")) if self.marking(name) is None]
        creator = text_of(thing.get("created_by_ref"))
        return [*missing, creator] if creator and creator not in self.creators else missing

    def source(self, document: Document, thing: dict[str, Any]) -> Provenance:
        """The provenance of claims on an object: creator, confidence and markings as it gives them.

        Raises:
            NotValidError: a confidence or label off its scale.
        """
        marking: Marking | None = None
        for reference in texts(thing.get("object_marking_refs")):
            one = self.marking(reference)
            if one is not None:
                marking = marking.join(one) if marking else one
        confidence = thing.get("confidence")
        grading = (
            stix_grading(confidence)
            if isinstance(confidence, int) and not isinstance(confidence, bool)
            else None
        )
        reference = text_of(thing.get("created_by_ref"))
        creator = self.creators.get(reference) or (reference if reference in _FAMOUS else "")
        key = (document.path, creator, marking, grading)
        if key not in self.provenances:
            self.provenances[key] = provenance(document, origin=creator, grading=grading, marking=marking)
        return self.provenances[key]


_FAMOUS = frozenset({"identity--c78cb6e5-0c4b-4611-8297-d1b8b55e40b5"})
"""Creators whose identity object is published apart from what they create; named in `origins.toml`."""


def valid(thing: dict[str, Any], first: str, last: str) -> Interval | None:
    """The interval between two time fields of an object; None where it gives neither."""
    return span(text_of(thing.get(first)), text_of(thing.get(last)))


def broken(error: NotValidError) -> str:
    """The reason of a refused object as one sentence."""
    return f"{error.reason}. Mend: {error.mend}" if error.mend else error.reason
