"""`hypothesis`: competing answers to who is behind it."""
# ruff: noqa: PLC0415 - a verb imports what it needs when it runs, so that `--help` is quick

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from chokepoint.cli.branch import Branch
from chokepoint.cli.face import Face, calm, cut, marked, marking_of, named, with_face

if TYPE_CHECKING:
    from chokepoint.desk.hypothesis import Inquiry, Matrix, Row

WORDS = ("CC", "C", "N", "I", "II")
WIDE = 70


@click.group(cls=Branch)
def hypothesis() -> None:
    """Who is behind it: evidence rated against competing hypotheses (Heuer's ACH)."""


@hypothesis.command("open")
@click.argument("question", nargs=-1, required=True)
@marked
@with_face
def open_(face: Face, /, *, question: tuple[str, ...], **given: str) -> None:
    """Open an inquiry into QUESTION (TLP:AMBER unless --tlp says otherwise)."""
    from chokepoint.desk.hypothesis import open_inquiry

    _told(face, open_inquiry(face.atlas(), " ".join(question), marking_of(given, default="amber")))


@hypothesis.command("list")
@with_face
def list_(face: Face) -> None:
    """The inquiries that you may see."""
    from chokepoint.desk.hypothesis import inquiries

    found = inquiries(face.atlas())
    if face.json:
        face.emit({"inquiries": [_json(one) for one in found]})
    elif not found:
        face.say("No inquiry. `chokepoint hypothesis open QUESTION` opens one.")
    else:
        rows = [(one.id, cut(calm(one.question), WIDE), str(len(one.hypotheses))) for one in found]
        face.table(("inquiry", "question", "#hypotheses"), rows)


@hypothesis.command()
@click.argument("inquiry")
@click.option("--who", multiple=True, metavar="ENTITY", help="A competing answer; may be given again.")
@click.option("--evidence", multiple=True, metavar="CLAIM", help="A claim's id; may be given again.")
@with_face
def add(face: Face, inquiry: str, who: tuple[str, ...], evidence: tuple[str, ...]) -> None:
    """Add hypotheses and items of evidence to INQUIRY."""
    if not who and not evidence:
        raise click.UsageError("Say what: --who ENTITY or --evidence CLAIM.")
    from chokepoint.desk.hypothesis import add_evidence, add_hypotheses, find_inquiry

    atlas = face.atlas()
    found = find_inquiry(atlas, inquiry)
    found = add_hypotheses(atlas, found.id, who) if who else found
    _told(face, add_evidence(atlas, found.id, evidence) if evidence else found)


@hypothesis.command()
@click.argument("inquiry")
@click.argument("claim")
@click.argument("who")
@click.argument("rating", type=click.Choice(WORDS), metavar="RATING")
@click.option("--reason", required=True, metavar="TEXT", help="Why.")
@with_face
def rate(face: Face, /, *, inquiry: str, claim: str, who: str, rating: str, reason: str) -> None:
    """Say how CLAIM of INQUIRY goes with WHO being behind it.

    RATING is CC (very consistent), C, N (neutral), I or II (very inconsistent).
    """
    from chokepoint.desk.hypothesis import rate as put
    from chokepoint.vet.hypotheses import Rating

    _told(face, put(face.atlas(), inquiry, (claim, who), Rating(rating), reason=reason))


@hypothesis.command()
@click.argument("inquiry")
@with_face
def show(face: Face, inquiry: str) -> None:
    """The matrix of INQUIRY: least inconsistent first, and on which items that hangs."""
    from chokepoint.desk.hypothesis import matrix

    found = matrix(face.atlas(), inquiry)
    if face.json:
        face.emit(found.to_json())
    else:
        _draw(face, found)


def _draw(face: Face, found: Matrix) -> None:
    by_name = {str(one): one for one in found.hypotheses}
    face.say(calm(found.question))
    for name, weight in found.analysis.ranking:
        face.say(f"  {float(weight):.2f} against {named(by_name[name])}")
    if not found.rows:
        face.say(f"No evidence yet: chokepoint hypothesis add {found.inquiry} --evidence CLAIM")
        return
    face.say()
    columns = (
        "item",
        "evidence",
        "how likely",
        *(cut(named(one), 30) for one in found.hypotheses),
        "what it does",
    )
    face.table(columns, [_cells(found, row) for row in found.rows])
    for line in _hangs_on(found):
        face.say(line)


def _cells(found: Matrix, row: Row) -> tuple[str, ...]:
    from chokepoint.cli.look import sentence_of
    from chokepoint.model.words import likelihood

    ratings = [
        ", ".join(f"{calm(who)} {word.value}" for who, word in sorted(row.ratings.get(one, {}).items()))
        for one in found.hypotheses
    ]
    does = [
        word
        for names, word in (
            (found.analysis.undiagnostic, "decides nothing"),
            (found.analysis.turning, "changes who is first if wrong"),
            (found.analysis.stirring, "changes the order if wrong"),
        )
        if row.id in names
    ]
    about = f"{named(row.claim.subject)} {sentence_of(row.claim)}"
    return (row.id[:8], cut(about, WIDE), likelihood(row.standing.belief), *ratings, "; ".join(does))


def _hangs_on(found: Matrix) -> list[str]:
    lines = []
    if found.analysis.fewest:
        items = ", ".join(name[:8] for name in found.analysis.fewest)
        lines.append(f"Another would catch up with the first if these were wrong: {items}.")
    if found.to_rate:
        lines.append(
            f"Your organisation has {found.to_rate} cells to rate: what others say of these is kept back."
        )
    return lines


def _told(face: Face, one: Inquiry) -> None:
    if face.json:
        face.emit(_json(one))
        return
    face.say(f"{one.id}  {calm(one.question)}  [{one.marking.tlp.label}]")
    face.say(f"{len(one.hypotheses)} hypotheses, {len(one.evidence)} items of evidence")


def _json(one: Inquiry) -> dict[str, object]:
    return {
        "inquiry": one.id,
        "question": one.question,
        "organisation": one.organisation,
        "marking": one.marking.tlp.label,
        "hypotheses": len(one.hypotheses),
        "evidence": list(one.evidence),
    }
