"""Markings as STIX objects: TLP 2.0 and PAP with the ids that OASIS published, and statements of ours.

Source: oasis-open/cti-stix-common-objects, extension definitions 60a3c5c5 (TLP 2.0) and f8d78575 (PAP).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chokepoint.model.handling import meaning
from chokepoint.model.marking import Pap, Tlp
from chokepoint.package.stix.ids import object_id

if TYPE_CHECKING:
    from chokepoint.model.marking import Marking

TLP_EXTENSION = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d"
PAP_EXTENSION = "extension-definition--f8d78575-edfd-406e-8e84-6162a8450f5b"
TLP_IDS = {
    Tlp.CLEAR: "94868c89-83c2-464b-929b-a1a8aa3c8487",
    Tlp.GREEN: "bab4a63c-aed9-4cf5-a766-dfca5abac2bb",
    Tlp.AMBER: "55d920b0-5e8b-4f79-9ee9-91f868d9b421",
    Tlp.AMBER_STRICT: "939a9414-2ddd-4d32-a0cd-375ea402b003",
    Tlp.RED: "e828b379-4e03-4974-9ac4-e53a884c97c1",
}
PAP_IDS = {
    Pap.CLEAR: ("ad15a0cd-55b6-4588-a14c-a66105329b92", "2022-10-01"),
    Pap.GREEN: ("c43594d1-4b11-4c59-93ab-1c9b14d53ce9", "2022-10-09"),
    Pap.AMBER: ("60f8932b-e51e-4458-b265-a2e8be9a80ab", "2022-10-02"),
    Pap.RED: ("740d36e5-7714-4c30-961a-3ae632ceee0e", "2022-10-06"),
}
SIMULATED = (
    "SIMULATED: rests on votes cast by a demonstration rule, not by people. "
    "Not vetted; not for dispatch or action."
)


def marking_objects(marking: Marking, *, simulated: bool, unvetted: str = "") -> list[dict[str, Any]]:
    """The marking-definition objects of a marking: TLP always, the others where they say something."""
    objects = [_tlp(marking.tlp)]
    if marking.pap is not Pap.CLEAR:
        objects.append(_pap(marking.pap))
    if marking.audience:
        objects.append(statement(f"Recipients: {', '.join(sorted(marking.audience))}"))
    if marking.cases:
        objects.append(statement(f"Need-to-know: {', '.join(sorted(marking.cases))}"))
    if marking.handling:
        objects.append(statement(f"Handling: {'; '.join(map(meaning, sorted(marking.handling)))}"))
    if simulated:
        objects.append(statement(SIMULATED))
    if unvetted:
        objects.append(statement(unvetted))
    return objects


def _tlp(label: Tlp) -> dict[str, Any]:
    return {
        "type": "marking-definition",
        "spec_version": "2.1",
        "id": f"marking-definition--{TLP_IDS[label]}",
        "created": "2022-10-01T00:00:00.000Z",
        "name": label.label,
        "extensions": {
            TLP_EXTENSION: {
                "extension_type": "property-extension",
                "tlp_2_0": label.label.removeprefix("TLP:").lower(),
            }
        },
    }


def _pap(label: Pap) -> dict[str, Any]:
    name, day = PAP_IDS[label]
    return {
        "type": "marking-definition",
        "spec_version": "2.1",
        "id": f"marking-definition--{name}",
        "created": f"{day}T00:00:00.000Z",
        "name": f"PAP:{label.name}",
        "extensions": {PAP_EXTENSION: {"extension_type": "property-extension", "pap": label.name.lower()}},
    }


def statement(text: str) -> dict[str, Any]:
    """A marking in words; the same words are one object in every bundle."""
    return {
        "type": "marking-definition",
        "spec_version": "2.1",
        "id": object_id("marking-definition", text),
        "created": "2024-01-01T00:00:00.000Z",
        "definition_type": "statement",
        "definition": {"statement": text},
    }
