"""Pages of the web desk under load, by wrk: milliseconds, pages a second and a core, errors, memory; and a peer's.

    python benchmarks/web/load.py ATLAS [--users 100] [--seconds 20] [--workers 2] [--peer datasette]

Needs `wrk` (Debian's package) and, for the peer, the program `datasette` (from PyPI), which shows the same claims of
the same things from the same file by one SQL statement: no belief, nobody's view, no log of who looked.

It starts `chokepoint serve` on the atlas, which it needs for itself: every look is logged there. Readers are sessions
of their own. Three readings: one page after the other by one reader; so many people who each read a page for 5 to
10 seconds before they ask for the next; so many who read nothing and ask on at once, which no people do. Compare
figures on a quiet machine; CPU time is the servers' own (user and system), whatever else runs.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import json
import os
import random
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlencode

from chokepoint.settings import settings
from chokepoint.web.serve import Listening, prepare
from chokepoint.wiring import open_atlas

PAGES = (
    "/",
    "/check",
    "/search?q=lazarus",
    "/search?q=wallet",
    "/path",
    "/map",
    "/review",
    "/choke",
    "/collect",
    "/case",
    "/package",
    "/operation",
    "/impact",
    "/member",
    "/access",
    "/ledger",
    "/account",
)
TICK = os.sysconf("SC_CLK_TCK")
SCRIPT = """
local pages, cookies, thinks = {pages}, {cookies}, {thinks}
local asked = math.random(1, #pages)
local who = 0
function request()
  asked, who = asked % #pages + 1, who % #cookies + 1
  return wrk.format("GET", pages[asked], {{ Host = "{host}", Cookie = cookies[who] }})
end
if thinks then
  function delay() return math.random(5000, 10000) end
end
function done(summary, latency)
  local errors = summary.errors
  io.write(string.format("FIGURES %d %d %.1f %.1f %.1f %d\\n", summary.requests, summary.duration,
    latency:percentile(50) / 1000, latency:percentile(95) / 1000, latency.max / 1000,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
"""


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What one reading gave: milliseconds, and CPU seconds of the server."""

    pages: int
    seconds: float
    p50: float
    p95: float
    worst: float
    errors: int
    cpu: float

    def __str__(self) -> str:
        each = 1000 * self.cpu / max(1, self.pages)
        return (
            f"{self.pages:6} pages {self.pages / self.seconds:7.1f}/s  p50 {self.p50:7.1f} ms  p95 {self.p95:7.1f} ms"
            f"  worst {self.worst:7.0f} ms  {each:6.2f} ms CPU a page = {1000 / max(each, 0.001):5.0f} pages/s a core"
            f"  {self.errors} errors"
        )


@dataclass(frozen=True, kw_only=True)
class Server:
    """A server that runs, and the cookies of its readers."""

    process: subprocess.Popen
    port: int
    cookies: list[str]

    def read(self, pages, *, users=1, seconds=5.0, thinks=False) -> Figures:
        """Let so many readers read for so long."""
        script = SCRIPT.format(
            pages=_lua(pages),
            cookies=_lua(self.cookies[:users] or [""]),
            thinks=str(thinks).lower(),
            host=f"localhost:{self.port}",
        )
        with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
            file.write(script)
            file.flush()
            command = ["wrk", "-t1", f"-c{users}", f"-d{int(seconds)}s", "--timeout", "30s", "-s", file.name]
            before = self.cpu()
            told = subprocess.run(
                [*command, f"http://localhost:{self.port}"], capture_output=True, text=True, check=True
            ).stdout
            spent = self.cpu() - before
        line = next(line for line in told.splitlines() if line.startswith("FIGURES"))
        pages_read, micro, p50, p95, worst, errors = line.split()[1:]
        return Figures(
            pages=int(pages_read),
            seconds=int(micro) / 1e6,
            p50=float(p50),
            p95=float(p95),
            worst=float(worst),
            errors=int(errors),
            cpu=spent,
        )

    def cpu(self) -> float:
        """Seconds of all its processes so far."""
        return sum(_stat(pid) for pid in _tree(self.process.pid))

    def memory(self) -> int:
        """Resident MB of all its processes; of what several share, each has its part."""
        total = 0
        for pid in _tree(self.process.pid):
            with contextlib.suppress(OSError):
                parts = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
                total += int(next(line for line in parts if line.startswith("Pss:")).split()[1])
        return total // 1024


def _lua(words) -> str:
    return "{" + ",".join(json.dumps(word) for word in words) + "}"


def _tree(pid):
    children = Path(f"/proc/{pid}/task/{pid}/children")
    told = children.read_text().split() if children.exists() else []
    return [pid, *(one for child in told for one in _tree(int(child)))]


def _stat(pid) -> float:
    try:
        told = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(told[11]) + int(told[12])) / TICK


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def _get(port, path, cookie=""):
    ask = http.client.HTTPConnection("localhost", port, timeout=60)
    ask.request("GET", path, headers={"Cookie": cookie} if cookie else {})
    answer = ask.getresponse()
    answer.read()
    return answer


def _until_up(port, path="/"):
    for _ in range(300):
        with contextlib.suppress(OSError):
            return _get(port, path)
        time.sleep(0.1)
    raise SystemExit("the server did not come up")


@contextlib.contextmanager
def desk(folder, users, workers):
    """The desk of an atlas, with so many sessions of whoever it opens as."""
    port = _free_port()
    os.environ["CHOKEPOINT_ATLAS"] = str(folder)
    atlas, listening = open_atlas(settings()), Listening(host="127.0.0.1", port=port, origin="", workers=1)
    links = [prepare(atlas, listening).link.partition(str(port))[2] for _ in range(users)]
    command = [sys.executable, "-m", "chokepoint.cli.main", "--atlas", str(folder), "serve", "--json"]
    began = time.monotonic()
    with subprocess.Popen(
        [*command, "--port", str(port), "--workers", str(workers)], stdout=subprocess.PIPE
    ) as process:
        try:
            _until_up(port, "/healthz")
            print(f"up after {time.monotonic() - began:.1f} s")
            while b"warm" not in _ready(port):
                time.sleep(0.2)
            print(f"warm after {time.monotonic() - began:.1f} s")
            cookies = [_get(port, link).headers["set-cookie"].partition(";")[0] for link in links]
            yield Server(process=process, port=port, cookies=cookies)
        finally:
            process.terminate()


def _ready(port):
    ask = http.client.HTTPConnection("localhost", port, timeout=60)
    ask.request("GET", "/readyz")
    return ask.getresponse().read().replace(b"warming", b"")


@contextlib.contextmanager
def peer(program, ledger):
    """The peer on the same file."""
    port = _free_port()
    command = [program, "serve", str(ledger), "--port", str(port), "--setting", "sql_time_limit_ms", "10000"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            _until_up(port)
            yield Server(process=process, port=port, cookies=[])
        finally:
            process.terminate()


CLAIMS = """
SELECT r.seq, ks.name AS kind, s.value AS subject, p.name AS property, ko.name AS kind_of_object, o.value AS object,
 origin.name AS origin, capture.path FROM claims c JOIN records r ON r.seq = c.seq
JOIN provenances v ON v.number = c.provenance JOIN names p ON p.number = c.property
JOIN names origin ON origin.number = v.origin JOIN entities s ON s.eid = c.subject JOIN names ks ON ks.number = s.kind
LEFT JOIN entities o ON o.eid = c.object LEFT JOIN names ko ON ko.number = o.kind
LEFT JOIN captures capture ON capture.seq = v.capture
WHERE c.subject = :eid OR c.object = :eid ORDER BY c.seq DESC LIMIT 1000
"""


def things(ledger, count, *, least):
    """Numbers, kinds and values of random things that at least so many claims name; the same each time."""
    chance = random.Random(5)  # noqa: S311 - which page is no secret
    with contextlib.closing(sqlite3.connect(f"file:{ledger}?mode=ro", uri=True)) as file:
        kinds = dict(file.execute("SELECT number, name FROM names WHERE space = 1"))
        last, found = file.execute("SELECT max(eid) FROM entities").fetchone()[0], []
        for eid in (chance.randint(1, last) for _ in range(400 * count)):
            row = file.execute("SELECT kind, value FROM entities WHERE eid = ?", (eid,)).fetchone()
            claims = "SELECT (SELECT count(*) FROM claims WHERE subject = ?) + (SELECT count(*) FROM claims WHERE object = ?)"
            if row and file.execute(claims, (eid, eid)).fetchone()[0] >= least:
                found.append((eid, kinds[row[0]], row[1]))
            if len(found) == count:
                break
        return found


def dossiers(found):
    """Addresses of their pages here."""
    return ["/entity?" + urlencode({"of": f"{kind}:{value}"}, quote_via=quote) for _, kind, value in found]


def main():
    """Start the desk, measure, and print what came of it; then the peer."""
    words = argparse.ArgumentParser()
    words.add_argument("atlas", type=Path)
    words.add_argument("--users", type=int, default=100)
    words.add_argument("--seconds", type=float, default=20)
    words.add_argument("--workers", type=int, default=2)
    words.add_argument("--peer", default=shutil.which("datasette") or "")
    asked = words.parse_args()
    ledger = asked.atlas / "ledger.sqlite"
    any_of, known = things(ledger, 300, least=1), things(ledger, 100, least=10)
    lists = {"any thing": dossiers(any_of), "much is said of": dossiers(known)}
    lists["pages of all sorts"] = [*PAGES[:4], *lists["any thing"][:6], *lists["much is said of"][:6]]
    with desk(asked.atlas, asked.users, asked.workers) as server:
        for page in PAGES:
            server.read([page], seconds=1)
            print(f"one reader     {page:22} {server.read([page], seconds=3)}")
        for name, pages in lists.items():
            print(f"one reader     {name:22} {server.read(pages, seconds=5)}")
        for name, pages in lists.items():
            thinking = server.read(pages, users=asked.users, seconds=2 * asked.seconds, thinks=True)
            print(f"{asked.users} people     {name:22} {thinking}")
        for name, pages in lists.items():
            print(
                f"{asked.users} unresting  {name:22} {server.read(pages, users=asked.users, seconds=asked.seconds)}"
            )
        print(
            f"{server.memory()} MB in {asked.workers} processes; load of the machine {os.getloadavg()[0]:.1f}"
        )
    if asked.peer:
        with peer(asked.peer, ledger) as server:
            for name, found in (("any thing", any_of), ("much is said of", known)):
                pages = ["/ledger?" + urlencode({"sql": CLAIMS, "eid": eid}) for eid, _, _ in found]
                print(f"peer, one      {name:22} {server.read(pages, seconds=5)}")
                print(
                    f"peer, 100      {name:22} {server.read(pages, users=asked.users, seconds=asked.seconds)}"
                )
            print(f"{server.memory()} MB")


if __name__ == "__main__":
    main()
