"""A desk with two providers on a network where there is nobody else."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from local_provider import ANN, FILE, LocalProvider, address_in, network
from web_desk import Clock, Web

from chokepoint.model.marking import Viewer
from chokepoint.settings import Settings
from chokepoint.web.signin.oidc.fetch import Fetcher
from chokepoint.web.signin.oidc.party import RelyingParty
from chokepoint.web.signin.oidc.provider import read_providers
from chokepoint.web.signin.oidc.token import Subject
from chokepoint.wiring import open_atlas

if TYPE_CHECKING:
    from collections.abc import Iterator

    from httpx import Response
    from web_desk import Person


@dataclass
class Abroad:
    """The desk and its two providers."""

    web: Web
    work: LocalProvider
    club: LocalProvider

    def restarts(self, providers: str = FILE) -> None:
        """As if the process had begun anew with that file: nothing is known of the providers."""
        office, transport = self.web.office, self.web.transport
        (self.web.atlas.folder / "sign-in.toml").write_text(providers, "utf-8")
        known = read_providers(self.web.atlas.folder, {})
        party = RelyingParty(known, office.origins[0], register=office.register, fetcher=Fetcher(transport))
        object.__setattr__(office, "party", party)

    def subject(self, sub: str = "s-1", provider: LocalProvider | None = None) -> Subject:
        return Subject(issuer=(provider or self.work).issuer, subject=sub)

    def link(self, who: Viewer = ANN, sub: str = "s-1", provider: LocalProvider | None = None) -> None:
        """A link that was made before."""
        self.web.office.party.subjects.link(self.subject(sub, provider), who)

    def sets_out(self, person: Person, path: str = "/sign-in/with/work", **fields: str) -> str:
        """The address at the provider to which the desk sends a browser."""
        person.get("/sign-in")
        answer = person.post(path, **fields)
        assert answer.status_code == 200, answer.text
        return address_in(answer.text)

    def comes_back(self, person: Person, back: dict[str, str], name: str = "work") -> Response:
        """What the desk answers to what a browser brings back."""
        return person.ask("GET", f"/sign-in/with/{name}/back", params=back)

    def signs_in(self, person: Person, sub: str = "s-1", **more: Any) -> Response:
        """The whole way through the provider `work`."""
        return self.comes_back(person, self.work.authorise(self.sets_out(person), sub, **more))

    def who_is_in(self, person: Person) -> str:
        """Who the desk thinks sits there, or nothing."""
        session = self.web.office.sessions.find(person.cookies.get("chokepoint-session") or "")
        return (session.viewer.person or session.viewer.organisation) if session else ""


def made(written: Path, folder: Path) -> Iterator[Abroad]:
    clock = Clock()
    work = LocalProvider("https://login.work.test", clock)
    club = LocalProvider("https://club.test/realm", clock)
    copy = Path(shutil.copytree(written, folder / "atlas"))
    atlas = open_atlas(Settings(atlas=copy, viewer=Viewer(organisation="")))
    web = Web(atlas, clock=clock, providers=FILE, transport=network(work, club))
    web.hired("bank/ann")
    yield Abroad(web, work, club)
    web.close()
    atlas.engine.dispose()
    atlas.vault.engine.dispose()


@pytest.fixture(scope="module")
def kept(written: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Abroad]:
    yield from made(written, tmp_path_factory.mktemp("abroad"))


@pytest.fixture
def abroad(kept: Abroad) -> Abroad:
    """The desk of the whole file, whose register and providers begin anew; its people work here still."""
    for table in ("sessions", "failures", "journeys", "subjects"):
        kept.web.office.register.change(f"DELETE FROM {table}")
    kept.restarts()
    kept.work.reset()
    kept.club.reset()
    return kept


@pytest.fixture
def alone(written: Path, tmp_path: Path) -> Iterator[Abroad]:
    """A desk for one test that changes who works there."""
    yield from made(written, tmp_path)


@pytest.fixture
def ann(abroad: Abroad) -> Person:
    """Somebody who works here, whom the provider `work` knows as `s-1`, and who is not signed in."""
    abroad.link()
    return abroad.web.visitor()
