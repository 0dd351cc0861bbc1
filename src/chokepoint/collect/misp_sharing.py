"""MISP's `distribution` of an event, object, attribute or report → a marking that joins its TLP tags.

Source: MISP core format, "distribution": 0 your organisation only, 1 this community, 2 connected
communities, 3 all communities, 4 a sharing group, 5 as what it stands in. A sharing group of another
instance is known to nobody here, so that what is shared with one is the collector's organisation's alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chokepoint.collect.taking import text_of
from chokepoint.model.errors import NotValidError
from chokepoint.model.marking import CLEAR, Marking, Tlp

if TYPE_CHECKING:
    from collections import Counter

_OWN, _COMMUNITY = Marking(tlp=Tlp.AMBER_STRICT), Marking(tlp=Tlp.GREEN)
_LEVELS = {
    "0": (_OWN, "your organisation only"),
    "1": (_COMMUNITY, "this community"),
    "2": (_COMMUNITY, "connected communities"),
    "3": (CLEAR, "all communities"),
    "4": (_OWN, "a sharing group"),
}
_INHERITED = frozenset({"", "5"})


def distributed(thing: dict[str, Any]) -> Marking | None:
    """The marking that a part's own distribution asks for; None where it has none or inherits it.

    An event stands in nothing from which it could inherit: `info` tells it, and 5 is refused there.

    Raises:
        NotValidError: a distribution that MISP does not define, under which nothing may be shown to anybody.
    """
    written = thing.get("distribution")
    level = text_of(written)
    if level in _LEVELS:
        return _LEVELS[level][0]
    if written is None or (isinstance(written, str | int) and written is not False and level in _INHERITED):
        if level and "info" in thing:
            raise NotValidError("an event's distribution is inherited from nothing", mend="write 0 to 4")
        return None
    raise NotValidError(f"unknown distribution {level[:20]!r}", mend="write 0 to 5 as MISP does")


def opened(content: dict[str, Any], public: str) -> dict[str, Any]:
    """An event without the distribution 0 that its creator's open publication of it belies, in any part.

    MISP gives 0 to what nobody decided on, and who exports own events to the open web leaves it there.
    Sharing groups (4) are decisions and stay, and so does an event that somebody else created.

    Args:
        content: the event.
        public: the organisation that published the file openly itself; empty where none is known to.
    """
    creator = content.get("Orgc")
    if not public or not isinstance(creator, dict) or text_of(creator.get("name")) != public:
        return content
    return _without_default(content)


def _without_default(part: dict[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in part.items() if key != "distribution" or text_of(value) != "0"}
    for name in ("Attribute", "Object", "EventReport"):
        inner = kept.get(name)
        if isinstance(inner, list):
            kept[name] = [_without_default(one) if isinstance(one, dict) else one for one in inner]
    return kept


def narrowed(before: Marking, thing: dict[str, Any], tally: Counter[str]) -> Marking:
    """The marking of what stands around a part, joined by the part's distribution; told where that closes it.

    Raises:
        NotValidError: as `distributed`.
    """
    own = distributed(thing)
    if own is None or (joined := before.join(own)) == before:
        return before
    level = text_of(thing.get("distribution"))
    tally[f"distribution {level} closes it to {joined.tlp.label} ({_LEVELS[level][1]})"] += 1
    return joined
