"""Does the time of a verb tell of hidden records? CPU time with and without them, interleaved, in one process.

Two atlases are alike but for records that the viewer may not see: `--share` times as many claims again, under RED
for others, with votes on them. Each verb runs on both by turns. Printed: medians, their ratio, the chance that
a ratio so far from 1 comes of noise (a permutation test over the pairs), and whether the answers' bytes and
sizes are equal.

    python benchmarks/differential.py --claims 2000 --share 1 --rounds 15
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from pathlib import Path

import numpy as np
from click.testing import CliRunner

from chokepoint.cli.main import cli
from chokepoint.desk.review import vote
from chokepoint.model.claim import Claim, Provenance
from chokepoint.model.identity import Entity
from chokepoint.model.judgement import Vote
from chokepoint.model.marking import CLEAR, Marking, Tlp, Viewer
from chokepoint.model.source import Capture, parse_grading
from chokepoint.settings import Settings
from chokepoint.store.base import CLAIM, claim_row
from chokepoint.wiring import make_atlas, open_atlas

MEMBERS = ("bank", "police", "vendor")
SECRET = Marking(tlp=Tlp.RED, audience=frozenset({"bank", "police"}))
VERBS = (
    ("search", "site1"), ("show", "site1.com"), ("path", "site1.com", "bc1qwallet1"), ("review", "list"),
    ("review", "calibration"), ("choke",), ("identity", "list"), ("member", "list"), ("package", "list"),
)  # fmt: skip


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


def once(place, words):
    begin = time.process_time()
    answer = CliRunner().invoke(cli, ["--atlas", str(place), "--as", "vendor", *words, "--json"])
    return time.process_time() - begin, answer.stdout, answer.exit_code


def chance(pairs, rng, times=4_000):
    """Two-sided: the differences of pairs with signs drawn at random lie as far from 0."""
    differences = np.log(pairs[:, 0] / pairs[:, 1])
    signs = rng.choice([-1.0, 1.0], (times, len(differences)))
    return float((np.abs((signs * differences).mean(axis=1)) >= abs(differences.mean())).mean())


def compare(places, words, rounds, rng):
    taken, said = [], []
    for number in range(rounds + 2):
        order = (0, 1) if number % 2 else (1, 0)
        found = {at: once(places[at], words) for at in order}
        if number >= 2:
            taken.append((found[0][0], found[1][0]))
        said.append(found)
    pairs = np.array(taken)
    same = [one[0][1:] == one[1][1:] for one in said]
    sizes = {len(one[at][1]) for one in said for at in (0, 1)}
    return np.median(pairs, axis=0), chance(pairs, rng), all(same), sizes


def main():
    reader = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    for name, kind, default in (("claims", int, 2000), ("share", float, 1.0), ("rounds", int, 15)):
        reader.add_argument(f"--{name}", type=kind, default=default)
    given = reader.parse_args()
    rng = np.random.default_rng(1)
    with tempfile.TemporaryDirectory() as folder:
        plain, hiding = Path(folder) / "plain", Path(folder) / "hiding"
        for name in MEMBERS:
            make_atlas(Settings(atlas=plain, viewer=Viewer(organisation=name)))
        say(plain, given.claims, "site", CLEAR)
        shutil.copytree(plain, hiding)
        say(hiding, int(given.claims * given.share), "hidden", SECRET)
        print(f"{'verb':24s} {'without':>9s} {'with':>9s} {'ratio':>6s} {'chance':>7s}  answers")
        for words in VERBS:
            (without, with_), odds, same, sizes = compare((plain, hiding), words, given.rounds, rng)
            told = "equal" if same else f"DIFFER ({sorted(sizes)} bytes)"
            print(
                f"{' '.join(words):24s} {without * 1e3:6.1f} ms {with_ * 1e3:6.1f} ms"
                f" {with_ / without:6.2f} {odds:7.3f}  {told}",
                flush=True,
            )


if __name__ == "__main__":
    main()
