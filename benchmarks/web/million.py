"""The whole map of a real atlas of a million things: seconds of CPU and memory, from the ledger to the last zoom.

    python benchmarks/web/million.py FOLDER [--things 1100000]

Makes the atlas in FOLDER if none lies there: two members, claims in batches through the ledger; communities of
forty things, each with a hub, a fifth of the links to elsewhere. Every tenth community is the second member's
alone. Then each member opens the whole map and zooms into its largest bubble until it is shown thing by thing.
What the first member is shown is checked against the claims that it may see: not one thing more is counted.
"""

from __future__ import annotations

import argparse
import hashlib
import resource
import time
from pathlib import Path

import numpy as np

from chokepoint.desk.analyse import load_snapshot
from chokepoint.desk.canvas.overview import overview
from chokepoint.model.claim import Claim, Provenance
from chokepoint.model.identity import Entity
from chokepoint.model.marking import CLEAR, Marking, Tlp, Viewer
from chokepoint.model.source import Capture, parse_grading
from chokepoint.settings import Settings
from chokepoint.store.base import CLAIM, claim_row
from chokepoint.wiring import make_atlas, open_atlas

MEMBERS = ("bank", "police")
BATCH, COMMUNITY, HIDDEN = 20_000, 40, 10
KINDS = ("domain-name", "ipv4-addr", "group", "malware", "user-account")


def thing(number) -> Entity:
    """One of the things; each tenth of a community is its hub's kind of thing."""
    kind = "group" if number % COMMUNITY == 0 else KINDS[number % len(KINDS)]
    return Entity(kind, f"{kind} {number}")


def hidden(number) -> bool:
    """Whether the community of a thing is known to the second member alone."""
    return number // COMMUNITY % HIDDEN == HIDDEN - 1


def links(things, seed=7):
    """Pairs of things: everything to its hub, half as many more to a neighbour or to elsewhere in the open."""
    dice = np.random.default_rng(seed)
    every = np.arange(things)
    more = dice.integers(0, things, things // 2)
    near = np.minimum(more // COMMUNITY * COMMUNITY + dice.integers(0, COMMUNITY, len(more)), things - 1)
    other = np.where(dice.random(len(more)) < 0.6, near, dice.integers(0, things, len(more)))
    left, right = np.concatenate([every, more]), np.concatenate([every // COMMUNITY * COMMUNITY, other])
    return left[left != right].tolist(), right[left != right].tolist()


def build(folder, things):
    """An atlas of so many things."""
    for name in MEMBERS:
        make_atlas(Settings(atlas=folder, viewer=Viewer(organisation=name)))
    rows = {name: [] for name in MEMBERS}
    for left, right in zip(*links(things), strict=True):
        rows[MEMBERS[hidden(left) or hidden(right)]].append((left, right))
    for name, pairs in rows.items():
        atlas = open_atlas(Settings(atlas=folder, viewer=Viewer(organisation=name)))
        marking = CLEAR if name == MEMBERS[0] else Marking(tlp=Tlp.RED)
        data = f"what {name} says".encode()
        sha256 = hashlib.sha256(data).hexdigest()
        atlas.vault.put([data])
        capture = Capture(
            sha256=sha256, media_type="text/plain", path="said.txt", size=len(data),
            captured_at=atlas.clock(), captured_by=name,
        )  # fmt: skip
        source = Provenance(capture=sha256, origin=name, grading=parse_grading("B2"), marking=marking)
        key = atlas.fingerprint_key(CLAIM)
        for start in range(0, len(pairs), BATCH):
            claims = [
                Claim(thing(left), "related-to", thing(right), f"line {start + at}", source)
                for at, (left, right) in enumerate(pairs[start : start + BATCH])
            ]
            atlas.ledger.append_claims(
                atlas.speaker(), [(capture, marking)], [claim_row(one, key) for one in claims]
            )
            print(f"\r{name} {start + len(claims):,} of {len(pairs):,}", end="", flush=True)
        print()


def told(what, begin, wall):
    """One line of the table."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"{what:58}{time.process_time() - begin:8.2f} s CPU{time.monotonic() - wall:8.2f} s  peak {peak:6,} MB"
    )


def look(folder, name):
    """The map of a member, from nothing to the last bubble."""
    atlas = open_atlas(Settings(atlas=folder, viewer=Viewer(organisation=name)))
    for what in ("made from the ledger", "mapped from the shelf"):
        begin, wall = time.process_time(), time.monotonic()
        snapshot = load_snapshot(atlas).snapshot
        told(f"{name}: snapshot of {snapshot.size:,} things, {what}", begin, wall)
    way, found = (), None
    while found is None or found.piece is None:
        for what in ("", ", again") if not way else ("",):
            begin, wall = time.process_time(), time.monotonic()
            found = overview(atlas, way)
            shown = f"{len(found.bubbles)} bubbles" if found.bubbles else f"{len(found.piece.nodes)} things"
            told(
                f"{name}: {shown} of {found.total:,} at {'.'.join(map(str, way)) or 'the top'}{what}",
                begin,
                wall,
            )
        if found.bubbles and sum(one.count for one in found.bubbles) != found.total:
            raise SystemExit("the bubbles do not hold what they are made of")
        way = found.bubbles[0].way if found.bubbles else way
    return snapshot


def main():
    """Make the atlas where there is none, and look."""
    given = argparse.ArgumentParser()
    given.add_argument("folder", type=Path)
    given.add_argument("--things", type=int, default=1_100_000)
    asked = given.parse_args()
    if not (asked.folder / "ledger.sqlite").exists():
        begin, wall = time.process_time(), time.monotonic()
        build(asked.folder, asked.things)
        told("the atlas, appended", begin, wall)
    whole = look(asked.folder, MEMBERS[1])
    open_map = look(asked.folder, MEMBERS[0])
    left, right = map(np.array, links(asked.things))
    apart = np.vectorize(hidden)
    seen = ~(apart(left) | apart(right))
    known = len(np.union1d(left[seen], right[seen]))
    print(f"{MEMBERS[0]} is shown {open_map.size:,} things, may see {known:,}; all are {whole.size:,}")
    if open_map.size != known:
        raise SystemExit("the map of the first member does not hold what it may see")


if __name__ == "__main__":
    main()
