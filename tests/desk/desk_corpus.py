"""Small sources in real formats, written where a test wants them."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

SEEN = "2026-01-20T00:00:00.000Z"
SHARED = ("pay-now.cc", "pay-here.cc", "pay-soon.tv")


def stix(path: Path, actor: str, domains: Iterable[str], *, seen: str = SEEN, marking: str = "") -> Path:
    """A STIX 2.1 bundle by the publisher that its folder names: a malware family, and domains that indicate it.

    A marking (`red`) binds the first domain alone.
    """
    publisher = _object("identity", name=path.parent.name, identity_class="organization")
    by = {"created_by_ref": publisher["id"]}
    malware = _object("malware", name=actor, is_family=True, **by)
    objects = [publisher, malware]
    for domain in domains:
        indicator = _object(
            "indicator",
            pattern=f"[domain-name:value = '{domain}']",
            pattern_type="stix",
            valid_from=seen,
            name=f"{domain} of {actor}",
            **by,
        )
        tie = _object(
            "relationship",
            relationship_type="indicates",
            source_ref=indicator["id"],
            target_ref=malware["id"],
            **by,
        )
        objects += [indicator, tie]
    if marking:
        definition = _object("marking-definition", definition_type="tlp", definition={"tlp": marking})
        for one in objects[2:4]:
            one["object_marking_refs"] = [definition["id"]]
        objects.append(definition)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"type": "bundle", "id": _id("bundle", path.name), "objects": objects}))
    return path


def _object(kind: str, **said: object) -> dict[str, object]:
    name = _id(kind, json.dumps(said, sort_keys=True))
    return {"type": kind, "spec_version": "2.1", "id": name, "created": SEEN, "modified": SEEN, **said}


def _id(kind: str, said: str) -> str:
    return f"{kind}--{uuid.uuid5(uuid.NAMESPACE_URL, kind + said)}"


def warning_list(path: Path, name: str, domains: Sequence[str]) -> Path:
    """A MISP warning list of known-good domains."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        json.dumps(
            {
                "name": name,
                "description": "known good",
                "version": 1,
                "type": "hostname",
                "matching_attributes": ["domain"],
                "list": list(domains),
            }
        )
    )
    return path


def two_sources(folder: Path) -> Path:
    """Two publishers that accuse the same three domains under two names, each with more of its own."""
    stix(folder / "alpha-lab" / "dridex.json", "Dridex", [*SHARED, "only-alpha.cc"])
    stix(folder / "beta-cert" / "qakbot.json", "Qakbot", [*SHARED, "only-beta.com"])
    return folder
