"""The vetting desk at size: votes on 17,000 claims, the queue cold, warm and after one more vote, calibration.

An atlas of six members is made in a temporary folder; five vote on everything that a sixth contributed, a chain
from lures over wallets to exchanges. CPU seconds (user and system) of this process are printed.

    python benchmarks/vetting.py [claims]
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from pathlib import Path

from chokepoint.desk.analyse import load_snapshot
from chokepoint.desk.vetting.calibration import calibrate, publish
from chokepoint.desk.vetting.queue import queue
from chokepoint.desk.vetting.review import vote
from chokepoint.model.claim import Claim, Provenance
from chokepoint.model.identity import Entity
from chokepoint.model.judgement import Vote
from chokepoint.model.marking import CLEAR, Viewer
from chokepoint.model.source import Capture, parse_grading
from chokepoint.settings import Settings
from chokepoint.store.base import CLAIM, claim_row
from chokepoint.wiring import make_atlas, open_atlas

MEMBERS = ("bank", "police", "vendor", "ngo", "exchange", "telecom")


def timed(what, run):
    begin = time.process_time()
    answer = run()
    print(f"{what:58s} {time.process_time() - begin:8.3f} CPU s", flush=True)
    return answer


def claims(count, sha256):
    """A third each of: lures to wallets, wallets to wallets, lures accused; every tenth wallet at an exchange."""
    source = Provenance(capture=sha256, origin="Phish List", grading=parse_grading("C3"), marking=CLEAR)
    wallets = count // 4
    for number in range(count):
        site = Entity("domain-name", f"site{number % (count // 3)}.com")
        wallet = Entity("crypto-address", f"bc1qwallet{number % wallets}")
        further = Entity("crypto-address", f"bc1qwallet{number * 7 % (wallets // 20 + 1)}")
        at = Entity("organisation", f"exchange {number % 7}")
        said = (
            (site, "requests-payment-to", wallet), (wallet, "sent-to", further),
            (site, "indicates", Entity("campaign", f"campaign {number % 40}")), (further, "hosted-at", at),
        )[number % 4]  # fmt: skip
        yield Claim(*said, f"line {number + 1}", source)


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 17_000
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "atlas"
        for name in MEMBERS:
            make_atlas(Settings(atlas=place, viewer=Viewer(organisation=name)))

        def as_(name):
            return open_atlas(Settings(atlas=place, viewer=Viewer(organisation=name)))

        bank = as_("bank")
        [sha256] = bank.vault.put([b"list"])
        capture = Capture(
            sha256=sha256, media_type="text/plain", path="list.txt", size=4,
            captured_at="2026-02-03T04:05:06.000Z", captured_by="bank",
        )  # fmt: skip
        key = bank.fingerprint_key(CLAIM)
        rows = [claim_row(claim, key) for claim in claims(count, sha256)]
        seqs = timed(
            f"{len(rows):,} claims appended",
            lambda: bank.ledger.append_claims(bank.speaker(), [(capture, CLEAR)], rows).seqs,
        )
        with bank.reader.connect() as connection:
            ids = [one.id for one in bank.reader.claims(connection, list(seqs))]
        police = as_("police")
        queue(as_("vendor"), limit=1)  # imports and compiles
        shutil.rmtree(police.cache, ignore_errors=True)
        timed("queue of 40, cold", lambda: queue(police))
        timed("queue of 40, warm", lambda: queue(police))
        first = queue(police)[0].id
        vote(police, [first], Vote.CONFIRM, "seen")
        timed("queue of 40, after one vote", lambda: queue(police))

        def all_vote():
            for name in MEMBERS[1:]:
                for start in range(0, len(ids), 10_000):
                    vote(as_(name), ids[start : start + 10_000], Vote.CONFIRM, "seen")
            return load_snapshot(bank)

        timed(f"{5 * len(ids):,} votes cast, verdicts and beliefs up to date", all_vote)
        timed("calibration", lambda: calibrate(bank))
        timed("calibration published", lambda: publish(bank))
        load_snapshot(bank)

        def one_more():
            vote(police, ids[5:6], Vote.UNSURE, "looked again")
            return load_snapshot(bank)

        timed("one more vote, verdicts and beliefs up to date", one_more)
        timed("and again", one_more)


if __name__ == "__main__":
    main()
