"""What the demonstration hands over: a proved package, or a page that says why there is none."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import numpy as np

from chokepoint.desk.demo.finding import MEMBERS, Found, content, statements_of
from chokepoint.desk.handing.publish import MARK, Content, bind, material, read, write
from chokepoint.desk.looking.tell import standings
from chokepoint.desk.vetting.review import votes_on
from chokepoint.model.errors import RefusedError
from chokepoint.model.judgement import Verdict, Vote
from chokepoint.package.document import render
from chokepoint.package.findings import Line
from chokepoint.package.report import Report
from chokepoint.package.verify import verify
from chokepoint.values.registry import show
from chokepoint.vet.policy import VERDICTS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from chokepoint.desk.analyse import View
    from chokepoint.package.findings import Summary
    from chokepoint.package.outcome import Verification

PACKAGE = "package"
PAGE = "report.html"
DISPUTES = 6


def publish(out: Path, found: Found, summary: Summary, say: Callable[[str], None]) -> Verification | None:
    """Write `report.html` and, where anything accepted may go, the package; returns the package's proof."""
    told = content(found, summary, frozenset(MEMBERS))
    folder = out / PACKAGE
    rows = statements_of(found)
    reason = "nothing is accepted that is alive or that crosses sources"
    package = None
    if rows:
        try:
            package = bind(found.view.atlas, material(found.view.atlas, standings(found.view, rows)), told)
        except RefusedError as refused:
            reason = refused.reason
    if package is None:
        if (folder / MARK).exists():
            shutil.rmtree(folder)
        (out / PAGE).write_text(_page(found, told), "utf-8")
        say(f"   No package was made: {reason}.")
        say("   The page tells what came in and what was found; a package needs vetted statements.")
        return None
    write(package, folder)
    shutil.copyfile(folder / PAGE, out / PAGE)
    proof = verify(read(folder))
    proved = sum(claim.proved for claim in proof.claims)
    say(
        f"   {folder}: {proved:,} of {len(proof.claims):,} claims proved back to the bytes of their captures."
    )
    if proof.simulated:
        say("   It rests on simulated votes: watermarked, and it cannot be dispatched.")
    return proof


def _page(found: Found, told: Content) -> str:
    """The report without evidence."""
    atlas = found.view.atlas
    report = Report(
        title=told.title,
        created=atlas.clock(),
        organisation=atlas.viewer.organisation,
        atlas=atlas.id,
        marking=told.finding.marking,
        finding=told.finding,
        picture=told.picture,
        summary=told.summary,
        simulated=bool(told.summary and told.summary.simulated),
    )
    return render(report)


def disputes(found: Found) -> tuple[Line, ...]:
    """Some statements on which members disagree with the contributor, with the disputers' reasons."""
    view, snapshot = found.view, found.view.snapshot
    rows = np.flatnonzero(snapshot.verdict == VERDICTS.index(Verdict.DISPUTED))
    rows = rows[:: max(1, len(rows) // DISPUTES)][:DISPUTES]
    lines = []
    for row in rows.tolist():
        subject, thing = int(snapshot.subject[row]), int(snapshot.object[row])
        entities = view.entities([subject, thing])
        name = snapshot.property_names[snapshot.relation[row]]
        sentence = f"{show(entities[subject])} {name} {show(entities[thing])}"
        lines.append(Line(sentence, "disputed", _against(view, row)))
    return tuple(lines)


def _against(view: View, statement: int) -> str:
    """Why members dispute a statement."""
    seqs = view.snapshot.claim_seq[view.snapshot.claims(statement)].tolist()
    votes = votes_on(view.atlas, [stored.id for stored in view.claims_at(seqs).values()])
    said = {vote["reason"] for cast in votes.values() for vote in cast if vote["vote"] == Vote.DISPUTE.value}
    return "; ".join(sorted(said))
