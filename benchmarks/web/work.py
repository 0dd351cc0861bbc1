"""People of two members who work at the desk at once: read, vote, record, drop files, grow the map; what they feel.

    python benchmarks/web/work.py ATLAS [--people 100] [--seconds 180] [--workers 2] [--kill 60] [--ingest FILE --at 90]

ATLAS is written to; give it a copy. Half of the people are of the atlas's first member, half of its second. Each signs
in by a link, thinks for 3 to 8 seconds, and does the next thing; what is put on record is for their own house alone.
Afterwards it looks whether all that was taken is there, and whether anybody was ever shown the other house's words.
With `--kill` one process is killed at that second; with `--ingest` the CLI reads a file into the atlas meanwhile.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict
from html import unescape
from pathlib import Path
from urllib.parse import quote, urlencode

from load import _stat, _tree, desk, dossiers, things

from chokepoint.desk.people.staff import invite, join
from chokepoint.model.marking import Viewer
from chokepoint.model.role import Role
from chokepoint.settings import settings
from chokepoint.web.office import open_office
from chokepoint.web.signin.link import Links
from chokepoint.wiring import open_atlas

ROLES = (Role.INVESTIGATOR, Role.VETTER)
READS = (
    "/",
    "/summary",
    "/search?q=lazarus",
    "/search?q=wallet",
    "/choke",
    "/impact",
    "/case",
    "/map",
    "/work",
)
EDGE = "--------chokepoint-work"


class Person:
    """Somebody at the desk, in a thread of their own."""

    def __init__(self, port: int, house: int, link: str, found: Found) -> None:
        self.port, self.house, self.found = port, house, found
        self.chance = random.Random(link)  # noqa: S311 - what somebody does next is no secret
        self.cookie, self.token, self.number = "", "", 0
        self.sign_in = link

    def ask(self, way: str, body: bytes | None = None, kind: str = "", name: str = "") -> tuple[int, str]:
        """One request over a connection of its own, as after a rest; noted by what it was."""
        name = name or way.partition("?")[0]
        headers = {"Cookie": self.cookie, "Origin": f"http://localhost:{self.port}"}
        headers |= {"Content-Type": kind, "X-CSRF-Token": self.token} if body is not None else {}
        began = time.monotonic()
        try:
            line = http.client.HTTPConnection("localhost", self.port, timeout=60)
            line.request("GET" if body is None else "POST", way, body, headers)
            answer = line.getresponse()
            status, text = answer.status, answer.read().decode("utf-8", "replace")
            self.cookie = (answer.headers.get("set-cookie") or self.cookie).partition(";")[0]
            line.close()
        except OSError as error:
            status, text = 0, repr(error)
        except http.client.HTTPException as error:
            status, text = 0, repr(error)
        self.found.note(self, name, status, took=1000 * (time.monotonic() - began), text=text)
        return status, text

    def form(self, way: str, **fields: str) -> tuple[int, str]:
        """Send a form."""
        body = urlencode({"csrf": self.token, **fields}).encode()
        return self.ask(way, body, "application/x-www-form-urlencoded", f"POST {way}")

    def parts(self, way: str, fields: dict[str, str], file: tuple[str, str] | None = None) -> tuple[int, str]:
        """Send a form with a file."""
        told = [
            f'--{EDGE}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n'
            for k, v in fields.items()
        ]
        if file:
            told.append(
                f'--{EDGE}\r\nContent-Disposition: form-data; name="file"; filename="{file[0]}"\r\n'
                f"Content-Type: text/plain\r\n\r\n{file[1]}\r\n"
            )
        body = "".join([*told, f"--{EDGE}--\r\n"]).encode()
        return self.ask(way, body, f"multipart/form-data; boundary={EDGE}", f"POST {way}")

    def new(self, sort: str) -> str:
        """A name that nobody said before, and that only their house may see."""
        self.number += 1
        return f"{sort}{self.number}-{abs(hash(self.sign_in)) % 10**8}.house{self.house}.example"

    def read(self) -> None:
        """Read a page, or a dossier."""
        ways = self.found.ways if self.chance.random() < 0.7 else READS
        self.ask(self.chance.choice(ways))

    def vote(self) -> None:
        """Vote on what the desk lays before them."""
        _, text = self.ask("/review")
        claim = re.search(r'name="claim" value="([^"]+)"', text)
        if claim:
            word = self.chance.choice(("confirm", "dispute", "unsure"))
            status, _ = self.form("/review", claim=claim[1], word=word, reason="looked at the source")
            self.found.votes += status == 303

    def check(self) -> None:
        """Paste a message, and put it on record."""
        name = self.new("seen")
        text = f"victim lost money at {name} and {self.new('paid')}\n" * 3
        self.parts("/check", {"csrf": self.token, "text": text})
        status, _ = self.parts(
            "/check/record",
            {"csrf": self.token, "text": text, "tlp": "TLP:AMBER+STRICT", "source": "a caller"},
        )
        if status == 303:
            self.found.taken.append((self, name))

    def drop(self) -> None:
        """Drop a file."""
        name = self.new("drop")
        lines = "".join(f"{self.new('line')}\n" for _ in range(20)) + f"{name}\n"
        fields = {"csrf": self.token, "tlp": "TLP:AMBER+STRICT", "origin": "a list of ours", "grade": "B2"}
        status, _ = self.parts("/collect", fields, ("list.txt", lines))
        if status == 303:
            self.found.taken.append((self, name))

    def grow(self) -> None:
        """Begin a map with a thing, and grow it."""
        of = unescape(self.chance.choice(self.found.names))
        status, text = self.json("begin", {"of": of})
        nodes = json.loads(text).get("nodes", []) if status == 200 else []
        if nodes:
            status, text = self.json("branches", {"name": nodes[0]["id"]})
            for one in json.loads(text)[:1] if status == 200 and text.startswith("[") else ():
                wish = {"name": nodes[0]["id"], "beside": [nodes[0]["id"]]}
                self.json("expand", wish | {"property": one["property"], "backward": one["backward"]})

    def json(self, what: str, body: dict[str, object]) -> tuple[int, str]:
        """Ask as the canvas does."""
        told = json.dumps(body).encode()
        return self.ask(f"/api/v1/map/{what}", told, "application/json", f"POST {what}")

    def begin(self) -> None:
        """Sign in."""
        self.ask(self.sign_in, name="sign in")
        self.ask("/work")

    def work(self, until: float) -> None:
        """Do one thing after another."""
        while time.monotonic() < until:
            time.sleep(self.chance.uniform(3, 8))
            doing = (self.read,) * 14 + (self.vote,) * 3 + (self.check, self.drop, self.grow, self.grow)
            self.chance.choice(doing)()


class Found:
    """What people met."""

    def __init__(self, ways: list[str], names: list[str]) -> None:
        self.ways, self.names = ways, names
        self.times: dict[str, list[float]] = defaultdict(list)
        self.bad: Counter[tuple[str, int, str]] = Counter()
        self.leaks: list[str] = []
        self.taken: list[tuple[Person, str]] = []
        self.votes = 0
        self.began = time.monotonic()
        self.by_second: dict[int, list[float]] = defaultdict(list)

    def note(self, who: Person, name: str, status: int, *, took: float, text: str) -> None:
        """Note an answer."""
        self.times[name].append(took)
        self.by_second[int(time.monotonic() - self.began) // 10].append(took)
        if not 200 <= status < 400:
            self.bad[name, status, text[:90] if not status else ""] += 1
        if f".house{1 - who.house}.example" in text:
            self.leaks.append(f"{name} of house {who.house}")
        token = re.search(r'name="csrf" value="([^"]+)"', text)
        if token:
            who.token = token[1]

    def tell(self) -> None:
        """Print it."""
        for name, times in sorted(self.times.items(), key=lambda one: -sum(one[1])):
            told = sorted(times)
            p50, p95 = told[len(told) // 2], told[int(0.95 * len(told))]
            print(f"{name[:40]:40} {len(told):6} p50 {p50:7.0f} p95 {p95:7.0f} worst {told[-1]:7.0f} ms")
        for at, times in sorted(self.by_second.items()):
            told = sorted(times)
            print(
                f"from {10 * at:4} s {len(told):5} answers p95 {told[int(0.95 * len(told))]:7.0f} ms",
                end="; ",
            )
        print(
            f"\nbad answers: {dict(self.bad) or 'none'}; the other house's words shown: {self.leaks[:3] or 'never'}"
        )


def signed_in(folder: Path, port: int, people: int, found: Found) -> list[Person]:
    """So many people of two members, each with a link."""
    os.environ["CHOKEPOINT_ATLAS"] = str(folder)
    office = open_office(open_atlas(settings()), (f"http://localhost:{port}",))
    with office.atlas.reader.connect() as connection:
        known = office.atlas.reader.organisations(connection)
    houses = [known[number] for number in sorted(known)][:2]
    made = []
    for number in range(people):
        viewer = Viewer(organisation=houses[number % 2], user=f"w{os.getpid()}-{number}")
        token = invite(office.opened_by(Viewer(organisation=viewer.organisation)), viewer.user, ROLES)
        join(office.opened_by(viewer), token)
        link = f"/enter/{Links(office.register).make(viewer)}"
        made.append(Person(port, number % 2, link, found))
    office.register.close()
    return made


def watched(pid: int, over: threading.Event, told: list[str]) -> None:
    """Note memory (RSS, MB) and open files of each process every 30 seconds."""
    while True:
        rows = []
        for one in _tree(pid)[1:]:
            try:
                status = Path(f"/proc/{one}/status").read_text()
                size = int(re.search(r"RssAnon:\s+(\d+)", status)[1]) // 1024
                files = len(list(Path(f"/proc/{one}/fd").iterdir()))
                rows.append(f"{one}: {size} MB {files} files {_stat(one):.0f} s")
            except (OSError, TypeError):
                continue
        told.append("; ".join(rows))
        if over.wait(30):
            return


def main() -> None:
    """Let them work, and tell."""
    given = argparse.ArgumentParser()
    given.add_argument("atlas", type=Path)
    given.add_argument("--people", type=int, default=100)
    given.add_argument("--seconds", type=float, default=180)
    given.add_argument("--workers", type=int, default=2)
    given.add_argument("--kill", type=float, default=0)
    given.add_argument("--ingest", default="")
    given.add_argument("--at", type=float, default=30)
    asked = given.parse_args()
    of = things(asked.atlas / "ledger.sqlite", 200, least=1)
    found = Found(dossiers(of), [f"{kind}:{value}" for _, kind, value in of])
    with desk(asked.atlas, 1, asked.workers) as server:
        people = signed_in(asked.atlas, server.port, asked.people, found)
        for one in people:
            one.begin()
        found.began = time.monotonic()
        until, over, memory = found.began + asked.seconds, threading.Event(), list[str]()
        watch = threading.Thread(target=watched, args=(server.process.pid, over, memory))
        threads = [threading.Thread(target=one.work, args=(until,)) for one in people]
        for thread in [watch, *threads]:
            thread.start()
        beside = []
        if asked.kill:
            beside.append(threading.Timer(asked.kill, killed, (server.process.pid,)))
        if asked.ingest:
            beside.append(threading.Timer(asked.at, ingested, (asked.atlas, asked.ingest, found)))
        for timer in beside:
            timer.start()
        for thread in [*threads, *beside]:
            thread.join()
        over.set()
        watch.join()
        found.tell()
        print("\n".join(memory))
        time.sleep(3)
        missing = lost(found)
        print(
            f"{found.votes} votes, {len(found.taken)} things put on record, {len(missing)} of them lost",
            missing[:3],
        )


def killed(pid: int) -> None:
    """Kill one process that answers."""
    found = [one for one in _tree(pid)[1:] if "spawn_main" in Path(f"/proc/{one}/cmdline").read_text()]
    os.kill(found[0], signal.SIGKILL)
    print(f"killed {found[0]} of {found}", flush=True)


def ingested(folder: Path, file: str, found: Found) -> None:
    """Read a file into the atlas by the CLI."""
    began = time.monotonic()
    command = [sys.executable, "-m", "chokepoint.cli.main", "--atlas", str(folder), "collect", file, "--yes"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    print(
        f"the CLI read it from second {began - found.began:.0f} to {time.monotonic() - found.began:.0f}: "
        f"{done.returncode} {done.stdout[-300:]} {done.stderr[-300:]}",
        flush=True,
    )


def lost(found: Found) -> list[str]:
    """What was taken and is not there for its own house; files are read behind, so it is asked again."""
    missing = [name for _, name in found.taken]
    asker = {name: who for who, name in found.taken}
    for _ in range(30):
        missing = [
            name
            for name in missing
            if asker[name].ask(f"/entity?of={quote('domain-name:' + name)}", name="afterwards")[0] != 200
        ]
        if not missing:
            break
        time.sleep(2)
    return missing


if __name__ == "__main__":
    main()
