"""All collectors in the order in which they are asked, the most particular first."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from chokepoint.model.errors import NotValidError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chokepoint.collect.base import Collector, Document
    from chokepoint.model.identity import Entity

ORDER: tuple[tuple[str, str], ...] = (
    ("mtgx", "Mtgx"),
    ("ftm", "Ftm"),
    ("ftm_entities", "FtmEntities"),
    ("opensanctions", "OpenSanctions"),
    ("atlas_csv", "AtlasCsv"),
    ("stix2", "Stix2"),
    ("stix1", "Stix1"),
    ("misp_event", "MispEvent"),
    ("misp_galaxy", "MispGalaxy"),
    ("misp_warninglist", "MispWarninglist"),
    ("otx", "Otx"),
    ("actorpack", "ActorPack"),
    ("tagpack", "TagPack"),
    ("cryptoscamdb", "CryptoScamDB"),
    ("ofac", "Ofac"),
    ("sanctions", "Sanctions"),
    ("meta_csv", "MetaJson"),
    ("meta_csv", "MetaCsv"),
    ("campaign_csv", "CampaignCsv"),
    ("operations_csv", "OperationsCsv"),
    ("maltrail", "Maltrail"),
    ("pdf", "Pdf"),
    ("office", "Office"),
    ("mail", "Mail"),
    ("chat", "Chat"),
    ("html", "Html"),
    ("note", "RansomNote"),
    ("rules", "Rules"),
    ("whois", "Whois"),
    ("rdap", "Rdap"),
    ("zone", "Zone"),
    ("statement", "Statement"),
    ("plain_list", "PlainList"),
    ("tabular", "Tabular"),
    ("report", "Report"),
    ("fallback", "Fallback"),
)


def collectors(mappings: Mapping[str, str] | None = None) -> tuple[Collector, ...]:
    """New collectors for one run, in the order of recognition; the last recognises everything.

    Args:
        mappings: saved mappings of table layouts, as JSON by fingerprint.
    """
    actors: dict[str, Entity] = {}
    given = {"ActorPack": (actors,), "TagPack": (actors,), "Tabular": (mappings,) if mappings else ()}
    return tuple(
        getattr(import_module(f"chokepoint.collect.{module}"), name)(*given.get(name, ()))
        for module, name in ORDER
    )


def named(chosen: tuple[Collector, ...], wanted: str) -> tuple[Collector, ...]:
    """The one collector of a name.

    Raises:
        NotValidError: there is none.
    """
    found = tuple(collector for collector in chosen if collector.name == wanted)
    if not found:
        names = ", ".join(collector.name for collector in chosen)
        raise NotValidError(f"unknown format {wanted!r}", place="--format", mend=f"use one of {names}")
    return found


def recognise(document: Document, chosen: tuple[Collector, ...]) -> Collector:
    """The first collector that recognises a document, or the last."""
    return next((collector for collector in chosen if collector.recognises(document)), chosen[-1])
