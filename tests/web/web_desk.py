"""A web desk on a small atlas of a test's own, and people who come to it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from httpx import Cookies
from litestar.testing import TestClient
from selectolax.lexbor import LexborHTMLParser

from chokepoint.desk.people.staff import invite
from chokepoint.model.marking import Viewer
from chokepoint.model.role import Role
from chokepoint.web.app import build
from chokepoint.web.office import Office, open_office
from chokepoint.web.signin.link import Links
from chokepoint.web.signin.password import Passwords

if TYPE_CHECKING:
    from httpx import Response

    from chokepoint.desk.atlas import Atlas

ORIGIN = "http://desk.test"
PASSWORD = "four quiet words here"
_token = re.compile(r'name="csrf" value="([^"]+)"')


@dataclass
class Clock:
    """Unix seconds that pass when they are told to."""

    at: float = 1_770_000_000.0

    def __call__(self) -> float:
        return self.at

    def passes(self, seconds: float) -> None:
        self.at += seconds


@dataclass
class Web:
    """One desk and whoever sits at it."""

    atlas: Atlas
    clock: Clock = field(default_factory=Clock)
    origins: tuple[str, ...] = (ORIGIN,)
    providers: str = ""
    transport: Any = None
    late: float = 0.0

    def __post_init__(self) -> None:
        if self.providers:
            path = self.atlas.folder / "sign-in.toml"
            path.touch(0o600)
            path.write_text(self.providers, "utf-8")
        self.office: Office = open_office(
            self.atlas, self.origins, self.clock, transport=self.transport, late=self.late
        )
        self.app = build(self.office)
        self.client = TestClient(self.app, base_url=self.origins[0], raise_server_exceptions=False)
        self.client.__enter__()

    def visitor(self) -> Person:
        """Somebody who is not signed in."""
        return Person(self.client)

    def signed_in(self, who: str = "bank") -> Person:
        """Somebody who came by a link."""
        organisation, _, user = who.partition("/")
        person = self.visitor()
        token = Links(self.office.register).make(Viewer(organisation=organisation, user=user))
        assert person.get(f"/enter/{token}").status_code == 303
        return person

    def invited(self, who: str, *roles: Role) -> str:
        """The token of an invitation."""
        organisation, _, user = who.partition("/")
        host = self.office.opened_by(Viewer(organisation=organisation))
        return invite(host, user, roles or (Role.INVESTIGATOR, Role.VETTER))

    def hired(self, who: str, *roles: Role) -> Person:
        """Somebody who was invited and has joined with `PASSWORD`."""
        token, person = self.invited(who, *roles), self.visitor()
        person.get(f"/join/{who}/{token}")
        answer = person.post("/join", who=who, token=token, password=PASSWORD)
        assert answer.status_code == 303, answer.text
        return person

    def password(self, who: str, password: str = PASSWORD) -> None:
        """Give somebody a password without an invitation."""
        organisation, _, user = who.partition("/")
        Passwords(self.office.register).set(Viewer(organisation=organisation, user=user), password)

    def close(self) -> None:
        self.client.__exit__(None, None, None)
        self.office.register.close()


@dataclass
class Person:
    """A browser, as far as it keeps cookies and fills in forms; all share one connection to the desk."""

    client: TestClient[Any]
    page: str = ""
    cookies: Cookies = field(default_factory=Cookies)

    def ask(self, method: str, path: str, **given: Any) -> Response:
        """One request with this browser's cookies; redirections are answers."""
        self.client.cookies = self.cookies
        answer = self.client.request(method, path, follow_redirects=False, **given)
        self.cookies = self.client.cookies
        return answer

    def get(self, path: str, **headers: str) -> Response:
        """Open a page."""
        answer = self.ask("GET", path, headers=_named(headers))
        if answer.status_code != 303:
            self.page = answer.text
        return answer

    def post(self, path: str, *, headers: dict[str, str] | None = None, **fields: str) -> Response:
        """Send a form of the page that was opened last, with its token unless another is given."""
        return self.ask("POST", path, data={"csrf": self.token()} | fields, headers=headers or {})

    def upload(self, path: str, name: str, data: bytes, **fields: str) -> Response:
        """Send a form with a file."""
        sent = {"csrf": self.token()} | fields
        return self.ask("POST", path, data=sent, files={"file": (name, data)})

    def token(self) -> str:
        """That of the page that was opened last."""
        found = (
            _token.search(self.page)
            or _token.search(self.get("/").text)
            or _token.search(self.get("/sign-in").text)
        )
        assert found
        return found[1]


def _named(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


def shown(html: str) -> str:
    """The text of a page as a reader sees it, on one line."""

    body = LexborHTMLParser(html).body
    return " ".join(body.text(separator=" ").split()).replace(" ,", ",") if body else ""
