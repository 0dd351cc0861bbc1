"""The steps of the demonstration, each said as it goes, each figure computed then and there."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from chokepoint.desk.analyse import ChokeOptions, choke_view, load_snapshot
from chokepoint.desk.connect import connect
from chokepoint.desk.demo.corpus import AGGREGATORS, Corpus, choose
from chokepoint.desk.demo.finding import MEMBERS, Found, headline, lives, summarise
from chokepoint.desk.demo.handing import PACKAGE, disputes, publish
from chokepoint.desk.gather import GatherOptions, GatherReport, gather
from chokepoint.desk.gather.receipt import code
from chokepoint.desk.keeping.reread import reread
from chokepoint.desk.looking.tell import telling
from chokepoint.desk.vetting.review import simulate
from chokepoint.desk.vetting.simulate import Bench, casts, sample
from chokepoint.graph.crossing import crossings
from chokepoint.graph.traits import LISTED
from chokepoint.model.errors import BadInputError
from chokepoint.model.marking import Tlp, Viewer
from chokepoint.model.member import Member, Sector
from chokepoint.model.words import percent
from chokepoint.store.interning import Space
from chokepoint.store.judged import read_votes
from chokepoint.store.ledger import Speaker
from chokepoint.values.registry import show

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from chokepoint.desk.analyse import View
    from chokepoint.desk.atlas import Atlas
    from chokepoint.desk.connect import ConnectReport
    from chokepoint.package.outcome import Verification

Say = Callable[[str], None]

HOME = "Demonstration desk"
SECTORS = (Sector.BANK, Sector.EXCHANGE, Sector.NGO)
MARK = ".chokepoint-demo"
LOOKED_AT = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoReport:
    """What the demonstration did and where its results lie.

    Attributes:
        corpus: which data it used.
        gathered: the account of every file.
        found: what the analyses gave.
        package: folder of the package; None where nothing is accepted that could go into one.
        proof: the verification of the package, done anew from its files; None without one.
        report: the page to open.
        seconds: from start to end.
    """

    corpus: str
    gathered: GatherReport
    found: Found
    package: Path | None
    proof: Verification | None
    report: Path
    seconds: float

    def to_json(self) -> dict[str, Any]:
        """As a JSON document."""
        claims = self.proof.claims if self.proof else ()
        package = {
            "path": str(self.package),
            "claims": len(claims),
            "proved": sum(claim.proved for claim in claims),
        }
        return {
            "corpus": self.corpus,
            "collected": self.gathered.to_json()["totals"],
            "choke": self.found.answer.to_json(),
            "crossings": {"vetted": len(self.found.vetted), "all": len(self.found.all)},
            "package": package if self.package else None,
            "report": str(self.report),
            "seconds": round(self.seconds, 1),
        }


def run(out: Path, *, corpus: Path | None, make: Callable[[Path, str], Atlas], say: Say) -> DemoReport:
    """Run the main job.

    Args:
        out: folder for atlas, package and report; a demonstration of the same code there is gone on
            with, one of other code is made anew.
        corpus: folder of open sources, or None for what installed packages carry.
        make: makes or opens the atlas in a folder for an organisation.
        say: told what is done, line by line.

    Raises:
        NotFoundError: there is no data.
        BadInputError: nothing in it could be read as a claim.
    """
    began = time.monotonic()
    data = choose(corpus)
    _clear(out)
    atlas = make(out / "atlas", HOME)
    say(f"1. Collect: {data.told}, without aggregators ({', '.join(sorted(AGGREGATORS))}).")
    report = gather(atlas, data.paths, GatherOptions(skip=AGGREGATORS))
    _say_collected(report, say)
    _expect_claims(report, data)
    say("2. Connect: names, aliases, identifiers that changed hands.")
    _say_connected(connect(atlas), say)
    say("3. Vet: three simulated members vote by rules that do not look at the grading.")
    shown = atlas.shared_with((Viewer(organisation=name) for name in MEMBERS), Tlp.GREEN)
    _vet(shown, say)
    say("4. Analyse: the map, what no single source showed, where to strike.")
    found = _analyse(load_snapshot(shown), say)
    say("5. Publish: one package, proved from its own files.")
    page = out / "report.html"
    proof = publish(out, found, summarise(report, found, disputes(found)), say)
    seconds = time.monotonic() - began
    _say_summary(found, report, say)
    say(f"Open {page.resolve()} in a browser. ({seconds:.0f} seconds in all.)")
    return DemoReport(
        corpus=data.told,
        gathered=report,
        found=found,
        package=out / PACKAGE if proof else None,
        proof=proof,
        report=page,
        seconds=seconds,
    )


def _clear(out: Path) -> None:
    """Make room: what a demonstration of other code left is removed, nothing else ever is."""
    mark = out / MARK
    if mark.exists() and mark.read_text() != code():
        for name in ("atlas", "package"):
            shutil.rmtree(out / name, ignore_errors=True)
    out.mkdir(parents=True, exist_ok=True)
    mark.write_text(code())


def _say_collected(report: GatherReport, say: Say) -> None:
    for name, (files, claims) in report.by_format().items():
        if name:
            say(f"   {name:<18} {files:>6,} files {claims:>9,} claims")
    skipped = report.total("skipped")
    say(
        f"   {report.new:,} new claims, {report.known:,} known before; {report.rejected:,} parts refused "
        f"with their reason, {sum(skipped.values()):,} left out by {len(skipped)} named rules."
    )


def _say_connected(done: ConnectReport, say: Say) -> None:
    say(
        f"   {done.same:,} new pairs of names are one, {done.unsure:,} are ambiguous and join nothing, "
        f"{done.split:,} identifiers have lived twice; {done.known:,} proposals stood already."
    )


def _expect_claims(report: GatherReport, data: Corpus) -> None:
    if not report.new + report.known:
        first = next(
            (f"{file.path}: {file.rejected[0].reason}" for file in report.files if file.rejected), ""
        )
        raise BadInputError(
            "no claim could be read" + (f" ({first})" if first else ""),
            place=", ".join(map(str, data.paths)),
            mend="give a folder of sources: `chokepoint sources` lists them",
        )


def _vet(atlas: Atlas, say: Say) -> None:
    for name, sector in zip(MEMBERS, SECTORS, strict=True):
        atlas.ledger.join(Speaker(organisation=name, at=atlas.clock()), Member(name=name, sector=sector))
    reader = atlas.reader
    with reader.connect() as connection:
        if len(read_votes(reader, connection).claim):
            say("   the members have voted before; their votes stand.")
            return
        links = reader.links(connection)
        properties = reader.names(connection, Space.PROPERTY)
    view = load_snapshot(atlas)
    most = max(int(of.max(initial=0)) for of in (view.snapshot.eid, links.subject, links.object))
    known = np.zeros(most + 1, np.bool_)
    known[view.snapshot.eid[(view.snapshot.flags & LISTED) != 0]] = True
    chosen = sample(links, properties, known)

    def ids(seqs: Sequence[int]) -> tuple[str, ...]:
        with reader.connect() as connection:
            return tuple(stored.id for stored in reader.claims(connection, seqs))

    bench = Bench(members=MEMBERS, ids=ids, reread=lambda seqs: reread(atlas, seqs))
    made = casts(chosen, bench)
    simulate(atlas, made)
    for cast in made:
        say(f"   {cast.organisation}: {cast.vote.value} x {len(cast.claims):,} ({cast.reason})")


def _analyse(view: View, say: Say) -> Found:
    snapshot = view.snapshot
    pieces = len(np.unique(snapshot.strand))
    say(
        f"   {snapshot.size:,} entities, {len(snapshot.subject):,} statements, {pieces:,} separate pieces "
        "when shared infrastructure joins nothing."
    )
    vetted = telling(view, crossings(snapshot, limit=LOOKED_AT, accepted_only=True))
    everything = telling(view, crossings(snapshot, limit=LOOKED_AT))
    answer = choke_view(view, ChokeOptions())
    say(
        f"   {len(everything):,} links between named things need two sources or more, "
        f"{len(vetted):,} of them vetted."
    )
    return Found(view=view, answer=answer, vetted=tuple(vetted), all=tuple(everything))


def _say_summary(found: Found, report: GatherReport, say: Say) -> None:
    say("")
    say(
        "What came in: "
        f"{report.new + report.known:,} claims from {sum(bool(f.format) for f in report.files):,} files; "
        f"{report.rejected:,} parts were refused, each with file, place and reason."
    )
    twice = lives(found.view)
    if twice:
        say(
            f"What no single source showed: {len(twice)} domains changed hands and attribute nothing, "
            f"such as {', '.join(twice[:3])}."
        )
    for one in (found.vetted or found.all)[:3]:
        names = found.view.entities([one.left, one.right])
        shared = "one identifier" if len(one.bridges) == 1 else f"{len(one.bridges)} identifiers"
        say(
            f"   {show(names[one.left])} and {show(names[one.right])} share {shared}; "
            f"belief {percent(one.belief)}."
        )
    say("Where to strike: " + headline(found) + ".")
    for line in found.answer.explanation()[:4]:
        say("   " + line)
