"""A desk whose members have accepted some of the map, and programs that fetch and add by TAXII."""

from __future__ import annotations

import base64
import shutil
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from web_desk import Web
from web_world import EVIL, GANG, SHOP, WALLET, say

from chokepoint.desk.vetting.review import vote
from chokepoint.model.errors import RefusedError
from chokepoint.model.identity import Entity
from chokepoint.model.judgement import Vote
from chokepoint.model.marking import Marking, Tlp, Viewer
from chokepoint.settings import Settings
from chokepoint.web.signin.keys import Keys
from chokepoint.wiring import make_atlas, open_atlas

if TYPE_CHECKING:
    from collections.abc import Iterator

    from httpx import Response

    from chokepoint.desk.atlas import Atlas

MEDIA = "application/taxii+json;version=2.1"
ROOT = "/taxii2/atlas"
HIDDEN = Entity("domain-name", "only-for-three.example")
JANE = Entity("person", "jane roe")
NARROW = Marking(tlp=Tlp.AMBER, audience=frozenset({"bank", "vendor"}))
REDDISH = Marking(tlp=Tlp.RED, audience=frozenset({"bank", "vendor", "police"}))


@dataclass
class Program:
    """A client that shows a key; `get` and `post` take paths below the API root."""

    web: Web
    who: str = "bank"
    scopes: tuple[str, ...] = ("look", "add")

    def __post_init__(self) -> None:
        organisation, _, user = self.who.partition("/")
        viewer = Viewer(organisation=organisation, user=user)
        self.key = Keys(self.web.office.register).make(viewer, "a script", self.scopes, 1)
        self.headers = {"authorization": f"Bearer {self.key}", "accept": MEDIA}

    def get(self, path: str, **params: str) -> Response:
        """GET with the key."""
        asked = {
            name.replace("match_", "match[") + "]" * name.startswith("match_"): value
            for name, value in params.items()
        }
        return self.web.visitor().ask("GET", ROOT + path, headers=self.headers, params=asked)

    def post(self, objects: Any, **headers: str) -> Response:
        """POST an envelope of objects to the contributions."""
        return self.web.visitor().ask(
            "POST",
            f"{ROOT}/collections/contributions/objects/",
            json={"objects": objects} if isinstance(objects, list) else objects,
            headers=self.headers | {"content-type": MEDIA} | headers,
        )

    def objects(self, **params: str) -> list[dict[str, Any]]:
        """All objects of the accepted collection on one page."""
        answer = self.get("/collections/accepted/objects/", **params)
        assert answer.status_code == 200, answer.text
        return list(answer.json().get("objects", []))

    def told(self) -> str:
        """Every word of the accepted collection."""
        return self.get("/collections/accepted/objects/").text


def basic(name: str, password: str) -> dict[str, str]:
    """The header of HTTP Basic."""
    return {
        "authorization": "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode(),
        "accept": MEDIA,
    }


def accept(web: Web, *subjects: Entity, by: tuple[str, ...]) -> None:
    """Members confirm what another said of these."""
    for organisation in by:
        atlas = as_one(web, organisation)
        with atlas.reader.connect() as connection:
            seqs = [
                seq
                for one in subjects
                if (eid := atlas.reader.eid(connection, one)) is not None
                for seq in atlas.reader.about(connection, eid)
            ]
            claims = [one.id for one in atlas.reader.claims(connection, seqs)]
        for claim in claims:
            with suppress(RefusedError):  # nobody vets what they said themselves
                vote(atlas, [claim], Vote.CONFIRM, "seen")


def as_one(web: Web, organisation: str) -> Atlas:
    """The atlas as a member opens it."""
    return web.office.opened_by(Viewer(organisation=organisation))


def opened(written: Any, folder: Any) -> Iterator[Web]:
    """Copy the world, let a fourth member in, say and accept more."""
    copy = shutil.copytree(written, folder / "atlas")
    extra = make_atlas(Settings(atlas=copy, viewer=Viewer(organisation="mill")))
    extra.engine.dispose()
    extra.vault.engine.dispose()
    atlas = open_atlas(Settings(atlas=copy, viewer=Viewer(organisation="")))
    web = Web(atlas)
    say(as_one(web, "police"), "A dossier", NARROW, ((HIDDEN, "attributed-to", GANG), (JANE, "alias", "JR")))
    say(as_one(web, "police"), "A talk", REDDISH, ((WALLET, "controlled-by", GANG),))
    accept(web, EVIL, SHOP, by=("police", "vendor", "mill"))
    accept(web, HIDDEN, JANE, WALLET, by=("bank", "vendor"))
    yield web
    web.close()
    atlas.engine.dispose()
    atlas.vault.engine.dispose()
