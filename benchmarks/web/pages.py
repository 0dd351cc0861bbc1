"""Every page of the web desk, for each role: milliseconds of CPU when first opened, again, and after a change.

    python benchmarks/web/pages.py ATLAS [--most 2] [--over 200] [--role overseer …]

ATLAS is written to: people are invited, looks logged, notes taken; give it a copy. It walks from the first page along
all links, at most so many addresses a route, then asks what no link leads to: searches, plans, past days, paths, the
canvas. Routes that nothing led to are named at the end. CPU time is that of all threads of this process but those
that make anew behind the readers what has changed: what a reader waits for on a quiet machine. *After a change* is
at once after another member has put one sentence on record. What is made behind is told at the end, in seconds.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import threading
import time
from collections import Counter, defaultdict
from pathlib import Path
from urllib.parse import urlsplit

from litestar.testing import TestClient

from chokepoint.desk.people.staff import appoint, invite, join
from chokepoint.desk.work.note import Draft, note
from chokepoint.model.marking import Viewer
from chokepoint.model.role import COALITION, Role
from chokepoint.settings import settings
from chokepoint.web.app import build
from chokepoint.web.guard.forgery import HEADER
from chokepoint.web.office import open_office
from chokepoint.web.serve import LATE
from chokepoint.web.signin.link import Links
from chokepoint.wiring import open_atlas

PEOPLE = {
    "officer": (Role.INVESTIGATOR,),
    "vetter": (Role.INVESTIGATOR, Role.VETTER),
    "administrator": (Role.ADMINISTRATOR, Role.INVESTIGATOR),
    "coordinator": (Role.INVESTIGATOR, Role.COORDINATOR),
    "overseer": (Role.INVESTIGATOR, Role.OVERSEER),
}
THING = "lazarus group"
DAY = "2026-11-20"
BESIDES = (
    "/search?q=lazarus",
    "/search?q=wallet",
    "/search?q=no such thing at all",
    f"/entity?of={THING}",
    f"/entity?of={THING}&as_of={DAY}",
    f"/entity?of={THING}&accepted=true",
    f"/entity?of={THING}&older=true",
    f"/entity/score?of={THING}",
    f"/path?start={THING}&goal=tornado cash",
    "/choke?budget=7&horizon=90",
    "/choke?budget=13&horizon=365",
    f"/map?of={THING}",
    f"/access?about={THING}",
    f"/access/subject?of={THING}",
    f"/api/v1/search?q={THING}",
    f"/api/v1/entity?of={THING}",
    f"/api/v1/path?start={THING}&goal=tornado cash",
    "/api/v1/map/countries",
    "/api/v1/map/views",
    "/taxii2",
    "/taxii2/atlas/collections",
    "/metrics",
)
CANVAS = (
    ("/api/v1/map/overview", {"way": []}),
    ("/api/v1/map/overview", {"way": [0]}),
    ("/api/v1/map/begin", {"of": THING}),
    ("/api/v1/check", {"text": "evil.example paid 0xd90e2f925da726b50c4ed8d0fb90ad053324f31b\n" * 40}),
)
ENDS = {"/sign-out", "/sign-out-everywhere", "/ledger/growth"}
_link = re.compile(r'href="(/[^"#]*)')
ORIGIN = "http://desk.test"


def _cpu() -> float:
    """Seconds of CPU of all threads that somebody waits for."""
    behind = {str(one.native_id) for one in threading.enumerate() if one.name in {"warmth", "kept"}}
    total = 0
    for one in Path("/proc/self/task").iterdir():
        if one.name not in behind:
            with contextlib.suppress(OSError):
                total += int((one / "schedstat").read_text().split()[0])
    return total / 1e9


class Desk:
    """A desk in this process, and its people."""

    def __init__(self, folder: Path) -> None:
        os.environ["CHOKEPOINT_ATLAS"] = str(folder)
        self.atlas = open_atlas(settings())
        self.office = open_office(self.atlas, (ORIGIN,), late=LATE)
        self.app = build(self.office, warmed=True)
        with self.atlas.reader.connect() as connection:
            known = self.atlas.reader.organisations(connection)
        self.members = [known[number] for number in sorted(known)]
        self.notes = 0

    def person(self, role: str) -> Viewer:
        """Somebody new of the second member who has the role: looks of a day are limited."""
        host = self.office.opened_by(Viewer(organisation=self.members[1]))
        founder = self.office.opened_by(Viewer(organisation=self.members[0]))
        viewer = Viewer(organisation=self.members[1], user=f"{role}-{os.getpid()}")
        own = [one for one in PEOPLE[role] if one not in COALITION]
        join(self.office.opened_by(viewer), invite(host, viewer.user, own))
        for one in COALITION & {*PEOPLE[role]}:
            appoint(founder, f"{viewer.organisation}/{viewer.user}", one)
        return viewer

    def change(self) -> None:
        """Another member says something that everybody may know."""
        self.notes += 1
        speaker = self.office.opened_by(Viewer(organisation=self.members[-1]))
        note(speaker, Draft(text=f"seen at bench-{time.time_ns()}-{self.notes}.example today"))

    def route(self, path: str) -> str:
        """The route that answers an address."""
        try:
            return str(self.app.asgi_router.handle_routing(path=path, method="GET")[2])
        except Exception:  # noqa: BLE001 - whatever it is, nothing answers there
            return ""


class Reader:
    """One person at the desk."""

    def __init__(self, desk: Desk, client: TestClient, viewer: Viewer) -> None:
        self.desk, self.client = desk, client
        client.cookies.clear()
        client.get(f"/enter/{Links(desk.office.register).make(viewer)}", follow_redirects=False)

    def ask(self, way: str, body=None):
        """The answer to one question and its milliseconds of CPU."""
        token = self.token if body else ""
        begin = _cpu()
        if body is None:
            answer = self.client.get(way, follow_redirects=False)
        else:
            answer = self.client.post(way, json=body, headers={HEADER: token, "origin": ORIGIN})
        return answer, 1000 * (_cpu() - begin)

    def costs(self, way: str, body=None):
        """The milliseconds while nothing has changed, and after a change."""
        self.ask(way, body)  # the change before this page is none of its costs
        again = self.ask(way, body)[1]
        self.desk.change()
        return again, self.ask(way, body)[1]

    @property
    def token(self) -> str:
        """Against forgery, as the shell of every page holds it."""
        return re.search(r'name="csrf" value="([^"]+)"', self.client.get("/work").text)[1]

    def walk(self, most: int):
        """All addresses that links lead to, at most so many a route, with what each cost at first."""
        waiting, seen, count = ["/", *BESIDES], set(), Counter()
        while waiting:
            way = waiting.pop(0)
            route = self.desk.route(urlsplit(way).path)
            if way in seen or not route or route in ENDS or (count[route] >= most and way not in BESIDES):
                continue
            seen.add(way)
            answer, cost = self.ask(way)
            count[route] += 1
            yield route, way, answer.status_code, cost
            if "html" in answer.headers.get("content-type", ""):
                waiting += [one.replace("&amp;", "&") for one in _link.findall(answer.text)]


def measured(desk: Desk, client: TestClient, role: str, most: int):
    """Rows of route, address, status and milliseconds: first, again, after a change."""
    reader = Reader(desk, client, desk.person(role))
    for route, way, status, first in list(reader.walk(most)):
        if route != "/static":
            yield route, way, status, (first, *reader.costs(way))
    for way, body in CANVAS:
        answer, first = reader.ask(way, body)
        yield way, f"{way} {str(body)[:40]}", answer.status_code, (first, *reader.costs(way, body))


def main():
    """Walk for each role, and print what is above the limit, and what every page costs at worst."""
    given = argparse.ArgumentParser()
    given.add_argument("atlas", type=Path)
    given.add_argument("--most", type=int, default=2)
    given.add_argument("--over", type=float, default=200)
    given.add_argument("--role", nargs="*", default=list(PEOPLE))
    asked = given.parse_args()
    desk, visited, worst = Desk(asked.atlas), set(), defaultdict(lambda: (0.0, 0.0, 0.0))
    with TestClient(desk.app, base_url=ORIGIN) as client:
        for role in asked.role:
            for route, way, status, costs in measured(desk, client, role, asked.most):
                visited.add(route)
                worst[route] = tuple(map(max, worst[route], costs))
                mark = " <<<" if max(costs[1:]) > asked.over else " <" if costs[0] > asked.over else ""
                figures = " ".join(f"{cost:8.1f}" for cost in costs)
                print(f"{role:14} {status} {figures}  {way[:90]}{mark}", flush=True)
    print("\nworst of all roles: first, again, after a change")
    for route, costs in sorted(worst.items(), key=lambda one: -max(one[1][1:])):
        print(f"{route:46}" + " ".join(f"{cost:8.1f}" for cost in costs))
    print(f"made behind the readers: {time.process_time() - _cpu():.1f} s of {time.process_time():.1f}")
    left = {one.path for one in desk.app.routes if "GET" in one.methods} - visited - ENDS
    print(
        "never asked: " + ", ".join(sorted(one for one in left if not one.startswith(("/schema", "/static"))))
    )


if __name__ == "__main__":
    main()
