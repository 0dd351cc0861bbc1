"""Entities on a page: the value as people may see it, its kind in words, and the address of its dossier."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from markupsafe import Markup

from chokepoint.model.vocabulary import vocabulary
from chokepoint.values.names import country_names
from chokepoint.values.registry import show
from chokepoint.values.unseen import visible
from chokepoint.web.show.strange import SHORT, line, named, unlinked

if TYPE_CHECKING:
    from collections.abc import Callable

    from babel import Locale

    from chokepoint.model.identity import Entity


def value(entity: Entity, width: int = SHORT, *, locale: Locale) -> Markup:
    """The value defanged, with nothing hidden in it, at most so many characters; countries by their names."""
    shown = country(entity.value, locale) if entity.kind == "country" else unlinked(show(entity))
    if len(shown) > width:
        shown = shown[: width - 1] + "…"
    return Markup(f'<bdi class="value">{named(shown)}</bdi>')  # noqa: S704 - escaped by `named`


def kind(name: str) -> str:
    """The English label of a kind of entity."""
    known = vocabulary().kinds.get(name)
    return known.label if known else name


def title(given: str, width: int = SHORT, *, translate: Callable[[str], str]) -> Markup:
    """The title of a package; where it is the address of a thing, `kind:value`, its kind in words."""
    name, _, rest = given.partition(":")
    if not rest or name not in vocabulary().kinds:
        return line(given, width)
    return Markup('<span class="kind">{}</span> {}').format(translate(kind(name)), line(rest, width))


def address(entity: Entity) -> str:
    """Where the dossier of an entity is."""
    return f"/entity?of={quote(f'{entity.kind}:{entity.value}', safe=':', errors='replace')}"


def sentence(name: str, *, forward: bool = True) -> str:
    """The English label of a property, or that of its other direction."""
    known = vocabulary().properties.get(name)
    if known is None:
        return name
    return known.label if forward else known.reverse or f"is what {known.label}"


def country(code: str, locale: Locale) -> str:
    """The name of a country (ISO 3166-1 alpha-2, in either case) in a language, or else its code."""
    return locale.territories.get(code.upper()) or country_names().get(code.lower(), visible(code.upper()))
