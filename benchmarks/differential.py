"""Does the time of an answer tell of hidden records? CPU time with and without, interleaved, in one process.

Two atlases are alike but for records that the viewer may not see: `--share` times as many claims again, under RED
for others, with votes on them. Every read verb of the command line, and every page and JSON address of the web
desk that reads, runs on both by turns. Printed: medians, their ratio, the chance that a ratio so far from 1 comes
of noise (a permutation test over the pairs), whether the answers' bytes, sizes and codes (exit or HTTP) are equal,
and the code. A code that is not the one to be expected, or that differs, ends the run in failure: a refusal is
quick on both, and would measure nothing. With so many verbs some chance below 0.05 is to be expected; `*` marks
those that hold for all of them together (Holm-Bonferroni at 0.05). Fewer than 15 rounds are not steady.

    python benchmarks/differential.py --claims 2000 --share 1 --rounds 20 [--only show]
"""

from __future__ import annotations

import argparse
import re
import shutil
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

import numpy as np
from click.testing import CliRunner
from litestar.testing import TestClient

from chokepoint.cli.main import cli
from chokepoint.desk.vetting.review import vote
from chokepoint.model.claim import Claim, Provenance
from chokepoint.model.identity import Entity
from chokepoint.model.judgement import Vote
from chokepoint.model.marking import CLEAR, Marking, Tlp, Viewer
from chokepoint.model.source import Capture, parse_grading
from chokepoint.settings import Settings
from chokepoint.store.base import CLAIM, claim_row
from chokepoint.web.app import build
from chokepoint.web.office import open_office
from chokepoint.web.signin.link import Links
from chokepoint.wiring import make_atlas, open_atlas

MEMBERS = ("bank", "police", "vendor")
SECRET = Marking(tlp=Tlp.RED, audience=frozenset({"bank", "police"}))
VERBS = (
    ("search", "site1"), ("search", "hidden"), ("show", "site1.com"), ("show", "site1.com", "--all"),
    ("show", "hidden1.com"), ("path", "site1.com", "bc1qwallet1"), ("path", "site1.com", "hidden1.com"),
    ("check", "FILE"), ("extract", "FILE"), ("identity", "list"), ("hypothesis", "list"), ("review", "list"),
    ("review", "calibration"), ("choke",), ("outcome", "list"), ("case", "list"), ("operation", "list"),
    ("impact", "list"), ("group", "list"), ("people", "list"), ("personal", "due"),
    ("personal", "victims"), ("log",), ("log", "--corrected"), ("member", "list"), ("sources",),
    ("package", "list"), ("export", "csv", "site1.com", "--out", "OUT"), ("export", "stix", "--out", "OUT"),
    ("export", "ftm", "--out", "OUT"), ("export", "graphml", "--out", "OUT"), ("export", "misp", "--out", "OUT"),
)  # fmt: skip
PAGES = (
    "/", "/search?q=site1", "/search?q=hidden", "/entity?of=site1.com", "/entity?of=hidden1.com",
    "/path?start=site1.com&goal=bc1qwallet1", "/review", "/review/record", "/choke", "/case", "/operation",
    "/impact", "/package", "/map", "/access", "/member", "/member/people", "/member/groups", "/collect",
    "/api/v1/map/views", "/api/v1/map/countries", "/api/v1/search?q=site1", "/api/v1/search?q=hidden",
    "/api/v1/entity?of=site1.com", "/api/v1/entity?of=hidden1.com",
    "/api/v1/entity?of=site1.com&accepted=true", "/api/v1/path?start=site1.com&goal=bc1qwallet1",
    "/api/v1/path?start=site1.com&goal=hidden1.com",
)  # fmt: skip
REFUSED = {"/entity?of=hidden1.com": 404, "/api/v1/entity?of=hidden1.com": 404}
"""Answers to what the viewer does not see, and their codes; of all others 0 or 200."""
ORIGIN = "http://desk.test"


def sentences(count, letter):
    wallets = max(1, count // 4)
    for number in range(count):
        site = Entity("domain-name", f"{letter}{number % max(1, count // 3)}.com")
        wallet = Entity("crypto-address", f"bc1qwallet{number % wallets}")
        yield (
            (site, "requests-payment-to", wallet), (site, "indicates", Entity("campaign", f"c{number % 20}")),
            (wallet, "hosted-at", Entity("organisation", f"exchange {number % 5}")),
        )[number % 3]  # fmt: skip


def say(place, count, letter, marking):
    atlas = open_atlas(Settings(atlas=place, viewer=Viewer(organisation="bank")))
    [sha256] = atlas.vault.put([letter.encode()])
    capture = Capture(
        sha256=sha256, media_type="text/plain", path=letter, size=4,
        captured_at="2026-02-03T04:05:06.000Z", captured_by="bank",
    )  # fmt: skip
    source = Provenance(capture=sha256, origin="List", grading=parse_grading("C3"), marking=marking)
    key = atlas.fingerprint_key(CLAIM)
    rows = [
        claim_row(Claim(*said, f"line {n}", source), key) for n, said in enumerate(sentences(count, letter))
    ]
    seqs = atlas.ledger.append_claims(atlas.speaker(), [(capture, marking)], rows).seqs
    with atlas.reader.connect() as connection:
        ids = [one.id for one in atlas.reader.claims(connection, list(seqs))]
    vote(open_atlas(Settings(atlas=place, viewer=Viewer(organisation="police"))), ids, Vote.CONFIRM, "seen")


def typed(place, words):
    """One verb at the command line: CPU seconds, and what it answered."""
    given = {"FILE": str(place.parent / "pasted.txt"), "OUT": str(place.parent / "out")}
    called = [given.get(word, word) for word in words]
    begin = time.process_time()
    answer = CliRunner().invoke(cli, ["--atlas", str(place), "--as", "vendor", *called, "--json"])
    return time.process_time() - begin, _moment.sub("", answer.stdout), answer.exit_code


class Desk:
    """The web desk on an atlas, with somebody of the vendor's signed in."""

    def __init__(self, place):
        self.office = open_office(
            open_atlas(Settings(atlas=place, viewer=Viewer(organisation=""))), (ORIGIN,)
        )
        self.client = TestClient(build(self.office), base_url=ORIGIN)
        self.client.__enter__()
        token = Links(self.office.register).make(Viewer(organisation="vendor"))
        self.client.get(f"/enter/{token}", follow_redirects=False)

    def opened(self, path):
        """One page: CPU seconds of the whole process, and what it says without the tokens of its forms."""
        begin = time.process_time()
        answer = self.client.get(path)
        taken = time.process_time() - begin
        return taken, _moment.sub("", _token.sub("", answer.text)), answer.status_code


_token = re.compile(r'"[A-Za-z0-9_.=-]{30,}"')
_moment = re.compile(r"\d\d:\d\d(:\d\d)?(\.\d+)?")
"""Of when the log's looks were: both atlases are not asked in the same second."""


def chance(pairs, rng, times=4_000):
    """Two-sided: the differences of pairs with signs drawn at random lie as far from 0."""
    differences = np.log(pairs[:, 0] / pairs[:, 1])
    signs = rng.choice([-1.0, 1.0], (times, len(differences)))
    return float((np.abs((signs * differences).mean(axis=1)) >= abs(differences.mean())).mean())


def compare(ask, rounds, rng):
    """Both by turns; `ask(0)` is the plain one, `ask(1)` the one that hides."""
    taken, said = [], []
    for number in range(rounds + 2):
        order = (0, 1) if number % 2 else (1, 0)
        found = {at: ask(at) for at in order}
        if number >= 2:
            taken.append((found[0][0], found[1][0]))
        said.append(found)
    pairs = np.array(taken)
    same = [one[0][1:] == one[1][1:] for one in said]
    sizes = {len(one[at][1]) for one in said for at in (0, 1)}
    codes = {one[at][2] for one in said for at in (0, 1)}
    return np.median(pairs, axis=0), chance(pairs, rng), (all(same), sizes, codes)


def real(odds):
    """Which chances are below 0.05 for all together (Holm 1979)."""
    order = np.argsort(odds)
    kept = np.array(odds)[order] <= 0.05 / np.arange(len(odds), 0, -1)
    return set(order[: int(np.argmin(kept)) if not kept.all() else len(kept)].tolist())


def tell(asked, rounds, rng):
    """Compare and print each; at the end, which differ and are not noise. Returns what is not as it must be."""
    print(f"{'asked':44s} {'without':>9s} {'with':>9s} {'ratio':>6s} {'chance':>7s}  answers")
    rows, wrong = [], []
    for name, ask in asked:
        (without, with_), odds, (same, sizes, codes) = compare(ask, rounds, rng)
        rows.append((name, with_ / without, odds))
        told = f"{'equal' if same else f'DIFFER ({sorted(sizes)} bytes)'}, {sorted(codes)}"
        if not same or codes != {REFUSED.get(name, 200 if name.startswith("/") else 0)}:
            wrong.append(name)
        times = f"{without * 1e3:6.1f} ms {with_ * 1e3:6.1f} ms {with_ / without:6.2f}"
        print(f"{name:44s} {times} {odds:7.3f}  {told}", flush=True)
    found = [rows[at] for at in sorted(real([odds for _, _, odds in rows]))]
    ratios = np.array([ratio for _, ratio, _ in rows])
    print(f"{len(rows)} answers: median ratio {np.median(ratios):.3f}, largest {ratios.max():.2f}")
    print("\n".join(f"* {name}: {ratio:.2f}, chance {odds:.4f}" for name, ratio, odds in found) or "* none")
    return wrong


def main():
    reader = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    for name, kind, default in (("claims", int, 2000), ("share", float, 1.0), ("rounds", int, 20)):
        reader.add_argument(f"--{name}", type=kind, default=default)
    reader.add_argument("--only", default="")
    given = reader.parse_args()
    rng = np.random.default_rng(1)
    with tempfile.TemporaryDirectory() as folder:
        plain, hiding = Path(folder) / "plain" / "atlas", Path(folder) / "hiding" / "atlas"
        for name in MEMBERS:
            make_atlas(Settings(atlas=plain, viewer=Viewer(organisation=name)))
        say(plain, given.claims, "site", CLEAR)
        (plain.parent / "pasted.txt").write_text("site1.com hidden1.com other.example\n" * 20, "utf-8")
        shutil.copytree(plain.parent, hiding.parent)
        say(hiding, int(given.claims * given.share), "hidden", SECRET)
        places = (plain, hiding)
        desks = [Desk(place) for place in places]
        asked = [(" ".join(words), partial(_typed, places, words)) for words in VERBS]
        asked += [(path, partial(_opened, desks, path)) for path in PAGES]
        wrong = tell([one for one in asked if given.only in one[0]], given.rounds, rng)
    if wrong:
        sys.exit("answers or codes are not as they must be: " + "; ".join(wrong))


def _typed(places, words, at):
    return typed(places[at], words)


def _opened(desks, path, at):
    return desks[at].opened(path)


if __name__ == "__main__":
    main()
