"""What stands around the value of a MISP attribute: whose account it is, and who saw it when.

Source: MISP core format, "Sighting"; templates of the misp-objects project.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chokepoint.collect.base import Item, Rejected, Sentences
from chokepoint.collect.misp_context import tag_names
from chokepoint.collect.shapes import entries
from chokepoint.collect.taking import records, span, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chokepoint.model.identity import Entity

PLATFORMS = {
    "telegram-account": "telegram",
    "telegram-bot": "telegram",
    "twitter-account": "twitter",
    "facebook-account": "facebook",
    "instagram-account": "instagram",
    "github-user": "github",
    "gitlab-user": "gitlab",
    "reddit-account": "reddit",
    "parler-account": "parler",
}
_LOGINS = frozenset({"username", "account-name", "name", "user-name", "screen-name"})
_SEEN = {"0": "sighted", "1": "called a false positive", "2": "expired"}
_OWN_WORDS = ("tlp:", "pap:", "misp-galaxy:")


def is_deleted(thing: dict[str, Any]) -> bool:
    """Whether an attribute, object or report was taken back; instances write true, 1 and "1"."""
    return text_of(thing.get("deleted")).lower() in {"true", "1"}


def with_accounts(thing: dict[str, Any]) -> Any:
    """The attributes of an object, those that name an account typed `PLATFORM-username`."""
    inside = thing.get("Attribute")
    platform = PLATFORMS.get(text_of(thing.get("name")), "")
    if text_of(thing.get("name")) == "user-account":
        sorts = (one for one in records(inside) if one.get("object_relation") == "account-type")
        platform = next((text_of(one.get("value")).lower() for one in sorts), "")
    if not platform or not isinstance(inside, list):
        return inside
    return [
        {**one, "type": f"{platform}-username"}
        if isinstance(one, dict) and text_of(one.get("object_relation")) in _LOGINS
        else one
        for one in inside
    ]


def labels(thing: dict[str, Any]) -> list[str]:
    """Tags that say what sort of thing it is: all but those of sharing and of galaxies."""
    return [name for name in tag_names(thing) if name and not name.lower().startswith(_OWN_WORDS)]


def sightings(say: Sentences, entity: Entity, value: Any) -> Iterator[Item]:
    """Who saw an identifier, called it a false positive or no longer in use, and on which day.

    Args:
        say: with the provenance of the attribute.
        entity: that its value names.
        value: the list of sightings as parsed.
    """
    pointer = say.place.removesuffix("/value")
    for found in entries(value, f"{pointer}/Sighting"):
        if isinstance(found, Rejected):
            yield found
            continue
        place, sighting = found
        yield seen(Sentences(say.provenance, place), entity, sighting)


def seen(say: Sentences, entity: Entity, sighting: dict[str, Any]) -> Item:
    """One sighting as an observation on its day."""
    time = text_of(sighting.get("date_sighting"))
    observed = span(time, time)
    word = _SEEN.get(text_of(sighting.get("type")) or "0")
    if observed is None or word is None:
        return Rejected(
            say.place,
            "a sighting without a time, or of an unknown type. Mend: write date_sighting and type 0 to 2",
        )
    whose = sighting.get("Organisation")
    by = text_of(whose.get("name")) if isinstance(whose, dict) else ""
    who = ", ".join(filter(None, (by, text_of(sighting.get("source")))))
    timed = Sentences(say.provenance, say.place, observed)
    return timed.say(entity, "observation", word + (f" by {who}" if who else ""))
