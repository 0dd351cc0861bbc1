"""Mappings: how a table of unknown layout is read; proposed, shown to a person, saved for the next file."""

from chokepoint.collect.mapping.links import IDENTIFIERS, PAYMENTS, link_between
from chokepoint.collect.mapping.propose import ACTORS, entity_of, propose
from chokepoint.collect.mapping.value import DATES, ENTITIES, Column, Mapping, explain, fingerprint, from_json
from chokepoint.collect.mapping.words import hint, is_blank

__all__ = [
    "ACTORS",
    "DATES",
    "ENTITIES",
    "IDENTIFIERS",
    "PAYMENTS",
    "Column",
    "Mapping",
    "entity_of",
    "explain",
    "fingerprint",
    "from_json",
    "hint",
    "is_blank",
    "link_between",
    "propose",
]
