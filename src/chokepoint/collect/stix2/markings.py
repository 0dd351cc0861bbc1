"""Marking definitions → markings: TLP 1 and 2, PAP, statements; any other kind is refused, never ignored.

Source: STIX 2.1 §7.2.1 (data markings); OASIS extension definition for TLP 2.0.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from chokepoint.collect.labels import asked_for
from chokepoint.collect.taking import text_of
from chokepoint.model.errors import NotValidError
from chokepoint.model.marking import Marking, Pap, Tlp

if TYPE_CHECKING:
    from collections.abc import Iterator

PREDEFINED = {
    "613f2e26-407d-48c7-9eca-b8e91df99dc9": Tlp.CLEAR,
    "34098fce-860f-48ae-8e50-ebd3cc5e41da": Tlp.GREEN,
    "f88d31f6-486f-44da-b317-01333bde0b82": Tlp.AMBER,
    "5e57c739-391a-4eb3-b6be-7d15ca92d5ed": Tlp.RED,
    "94868c89-83c2-464b-929b-a1a8aa3c8487": Tlp.CLEAR,
    "bab4a63c-aed9-4cf5-a766-dfca5abac2bb": Tlp.GREEN,
    "55d920b0-5e8b-4f79-9ee9-91f868d9b421": Tlp.AMBER,
    "939a9414-2ddd-4d32-a0cd-375ea402b003": Tlp.AMBER_STRICT,
    "e828b379-4e03-4974-9ac4-e53a884c97c1": Tlp.RED,
    "826578e1-40ad-459f-bc73-ede076f81f37": Tlp.AMBER_STRICT,
}
"""UUIDs of the marking definitions that STIX 2.1 §7.2.1.4 and OASIS's TLP 2.0 extension fix.

The last is OpenCTI's own, which stands in its exports without the definition.
"""
PERMISSIBLE = {
    "ad15a0cd-55b6-4588-a14c-a66105329b92": Pap.CLEAR,
    "c43594d1-4b11-4c59-93ab-1c9b14d53ce9": Pap.GREEN,
    "60f8932b-e51e-4458-b265-a2e8be9a80ab": Pap.AMBER,
    "740d36e5-7714-4c30-961a-3ae632ceee0e": Pap.RED,
}
"""The same of OASIS's PAP extension."""

STATEMENTS = frozenset({"fa42a846-8d90-4e51-bc29-71d5b4802168"})
"""Statements that restrict nobody, whose definition rarely comes along: the copyright of MITRE ATT&CK."""
UNRESOLVED = Marking(tlp=Tlp.AMBER_STRICT)
"""Of what carries a marking that no file defines: for the collector's own organisation alone."""


def fixed(uuid: str) -> Marking | None:
    """The marking of a definition whose UUID a standard or a known statement fixes; None of any other."""
    if uuid in PERMISSIBLE:
        return Marking(pap=PERMISSIBLE[uuid])
    if uuid in STATEMENTS:
        return Marking()
    return Marking(tlp=PREDEFINED[uuid]) if uuid in PREDEFINED else None


_label = re.compile(r"(TLP|PAP):\s*([A-Za-z+_ -]{2,20})", re.IGNORECASE).fullmatch
_MEND = "use a label of TLP 2.0 or PAP, or a statement"


def read_marking(thing: dict[str, Any]) -> Marking:
    """What a marking definition asks for; of several labels the strictest.

    >>> read_marking({"definition_type": "tlp", "definition": {"tlp": "amber"}}).tlp.label
    'TLP:AMBER'

    Raises:
        NotValidError: an unknown label, or a kind of marking whose meaning is not known.
    """
    marking = asked_for(_labels(thing))
    if marking is not None:
        return marking
    sort = text_of(thing.get("definition_type")).lower()
    extended = thing.get("extensions")
    if sort == "statement" or not (sort or extended):
        return Marking()
    raise NotValidError(
        f"a marking of the kind {(sort or 'extension')[:40]!r} without a label that we know", mend=_MEND
    )


def _labels(thing: dict[str, Any]) -> Iterator[tuple[str, str]]:
    definition = thing.get("definition")
    written = definition if isinstance(definition, dict) else {}
    if "tlp" in written:
        yield "tlp", text_of(written["tlp"])
    extensions = thing.get("extensions")
    for extension in extensions.values() if isinstance(extensions, dict) else ():
        if isinstance(extension, dict) and "tlp_2_0" in extension:
            yield "tlp", text_of(extension["tlp_2_0"])
    for text in (thing.get("name"), thing.get("x_opencti_definition"), *written.values()):
        if found := _label(text_of(text)):
            yield found[1], found[2]
