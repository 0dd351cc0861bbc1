"""Language and look, for anybody; nobody needs to be signed in to read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from litestar import Response

from chokepoint.web.front import LANGUAGE, THEME, THEMES, YEAR, Visitor
from chokepoint.web.route import Form, write
from chokepoint.web.show.languages import offered


@dataclass(slots=True, kw_only=True)
class LookForm:
    """What the menu of languages and looks sends; what is not given stays as it is."""

    language: str = ""
    theme: str = "-"
    next: str = "/"


@write("/look")
def look(front: Visitor, data: Form[LookForm]) -> Response[Any]:
    """Keep the language or the look in a cookie, and go back."""
    answer = front.go(data.next)
    if data.language in offered():
        answer.cookies.append(front.keep(LANGUAGE, data.language, seconds=YEAR))
    if data.theme in THEMES:
        answer.cookies.append(front.keep(THEME, data.theme, seconds=YEAR if data.theme else 0))
    return answer


ROUTES = (look,)
