"""What every page is handed of the request, signed in or not: language, theme, token, and how to answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from litestar import MediaType, Response
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.params import SkipValidation

from chokepoint.web.guard.forgery import token_for
from chokepoint.web.guard.headers import UNKEPT
from chokepoint.web.places import open_to
from chokepoint.web.show import languages
from chokepoint.web.show.templates import environment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from litestar import Request

    from chokepoint.model.errors import ChokepointError
    from chokepoint.web.office import Office

LANGUAGE, THEME, SESSION, VISIT = "language", "theme", "session", "visit"
THEMES = ("", "light", "dark")
YEAR = 365 * 24 * 60 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A form that the desk refused, so that its page can say why and hold what was typed.

    Attributes:
        error: why.
        status: of HTTP.
        typed: what its fields held, several where boxes were ticked; as `form`, where it was sent.
    """

    error: ChokepointError
    status: int
    typed: Mapping[str, str | list[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Front:
    """One request as far as it needs nobody signed in.

    Attributes:
        office: the desk that answers.
        language: of the answer.
        theme: light, dark, or empty for what the reader's system prefers.
        path: what was asked for, with its query.
        part: whether htmx asks for a part of a page.
        session: token of the session that the browser shows, which may be over.
        visit: what a browser without one shows instead.
        address: from where the request came.
        refusal: of the form that the request sent, on the page that shows it again.
    """

    office: Office
    language: str
    theme: str
    path: str
    part: bool
    session: str
    visit: str
    address: str
    refusal: Refusal | None = None

    @property
    def cookie(self) -> str:
        """To which tokens against forgery belong."""
        return self.session or self.visit

    @property
    def token(self) -> str:
        """For a form of this page."""
        return token_for(self.office.secret, self.cookie)

    @property
    def turned(self) -> bool:
        """Whether the language is written from right to left."""
        return languages.locale(self.language).text_direction == "rtl"

    @property
    def offered(self) -> dict[str, str]:
        """Languages to choose from, each in its own words."""
        return {code: languages.LANGUAGES[code] for code in languages.offered()}

    def typed(self, name: str, default: str | list[str] = "", **same: str) -> str | list[str]:
        """What a field holds: what was typed if its form was refused, else what it begins with.

        Args:
            name: of the field.
            default: what it begins with.
            same: fields of the form by which it differs from other forms of the page, with their values.
        """
        held = self.refusal.typed if self.refusal else {}
        return held.get(name, default) if all(held.get(key) == same[key] for key in same) else default

    def render(self, template: str, **context: Any) -> str:
        """The text of a template."""
        seat = context.get("seat")
        told = {"seat": None, "label": None, "places": open_to(seat.rights) if seat else ()} | context
        return environment(self.language).get_template(template).render(front=self, **told)

    def page(self, template: str, page: object = None, *, status: int = 200, **context: Any) -> Response[str]:
        """An answer with a page.

        Args:
            template: its file.
            page: what it shows: a frozen dataclass that documents each thing.
            status: of HTTP, unless the page shows a refusal, which has its own.
            context: what the shell needs besides.
        """
        return Response(
            self.render(template, page=page, **context),
            media_type=MediaType.HTML,
            status_code=self.refusal.status if self.refusal else status,
            headers={"cache-control": UNKEPT, "vary": "cookie, hx-request"},
        )

    def go(self, where: str) -> Response[None]:
        """An answer that sends the browser on after a form was taken."""
        return Response(None, status_code=303, headers={"location": inside(where), "cache-control": UNKEPT})

    def keep(self, name: str, value: str, *, seconds: int | None) -> Cookie:
        """A cookie that no script reads and no other site sends along.

        Args:
            name: without the prefix that binds it to this host where people come by https.
            value: its content.
            seconds: how long it is kept; None until the browser closes, 0 to take it away.
        """
        return Cookie(
            key=cookie_name(name, secure=self.office.secure),
            value=value,
            max_age=seconds,
            path="/",
            secure=self.office.secure,
            httponly=True,
            samesite="lax",
        )


Visitor = SkipValidation[NamedDependency[Front]]
"""How a page that is open to anybody asks for its front."""


def front_of(request: Request[Any, Any, Any]) -> Front:
    """The front of a request; whatever its cookies hold that does not fit is ignored."""
    office: Office = request.app.state.office
    theme = read_cookie(request, THEME)
    query = request.scope["query_string"].decode("latin-1")
    return Front(
        office=office,
        language=languages.wanted(read_cookie(request, LANGUAGE), request.headers.get("accept-language", "")),
        theme=theme if theme in THEMES else "",
        path=request.scope["path"] + (f"?{query}" if query else ""),
        part=request.headers.get("hx-request") == "true",
        session=read_cookie(request, SESSION),
        visit=read_cookie(request, VISIT),
        address=request.client.host if request.client else "",
    )


def cookie_name(name: str, *, secure: bool) -> str:
    """The name as browsers know it: with https bound to this very host, which no neighbour can set."""
    return f"__Host-chokepoint-{name}" if secure else f"chokepoint-{name}"


def read_cookie(request: Request[Any, Any, Any], name: str) -> str:
    """The value of one of our cookies, or nothing."""
    office: Office = request.app.state.office
    return request.cookies.get(cookie_name(name, secure=office.secure), "")[:200]


def inside(where: str) -> str:
    """The address if it is one of this desk, else that of its first page: nobody is sent elsewhere."""
    if (
        not where.startswith("/")
        or where[1:2] in {"/", "\\"}
        or any(ord(c) < 33 or ord(c) > 126 for c in where)
    ):
        return "/"
    return where[:2000]
