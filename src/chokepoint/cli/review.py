"""`review`: list, vote, policy."""
# ruff: noqa: PLC0415 - a verb imports what it needs when it runs, so that `--help` is quick

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from chokepoint.cli.face import Face, calm, cut, named, with_face

if TYPE_CHECKING:
    from chokepoint.store.base import StoredClaim

SHORT = 12


@click.group()
def review() -> None:
    """The vetting desk: what waits for your organisation's word, voting, and the policy."""


@review.command("list")
@click.option(
    "--limit", type=click.IntRange(1, 10_000), default=40, show_default=True, help="At most so many."
)
@with_face
def list_(face: Face, limit: int) -> None:
    """Claims of other members on which your organisation has not voted, newest first."""
    from chokepoint.desk.review import queue

    found = queue(face.atlas(), limit=limit)
    if face.json:
        face.emit({"claims": [_json(one) for one in found]})
        return
    if not found:
        face.say("Nothing waits for your word.")
        return
    face.table(("claim", "says", "origin", "grade", "by", "marking"), [_row(one) for one in found])
    face.say()
    face.say("chokepoint review vote CLAIM --confirm --reason TEXT     (or --dispute, --unsure)")


def _json(one: StoredClaim) -> dict[str, object]:
    claim = one.claim
    return {
        "id": one.id,
        "subject": {"kind": claim.subject.kind, "value": claim.subject.value},
        "property": claim.property,
        "object": claim.object
        if isinstance(claim.object, str)
        else {"kind": claim.object.kind, "value": claim.object.value},
        "origin": claim.provenance.origin,
        "grading": claim.provenance.grading.code,
        "contributor": one.contributor,
        "marking": claim.provenance.marking.tlp.label,
    }


def _row(one: StoredClaim) -> tuple[str, ...]:
    from chokepoint.model.vocabulary import vocabulary

    claim = one.claim
    known = vocabulary().properties.get(claim.property)
    thing = calm(claim.object) if isinstance(claim.object, str) else named(claim.object)
    return (
        one.id[:SHORT],
        f"{named(claim.subject)} {known.label if known else claim.property} {cut(thing)}",
        cut(calm(claim.provenance.origin), 30),
        claim.provenance.grading.code,
        calm(one.contributor),
        claim.provenance.marking.tlp.label,
    )


@review.command()
@click.argument("claims", nargs=-1, required=True, metavar="CLAIM...")
@click.option("--confirm", "word", flag_value="confirm", help="It is true as far as you checked.")
@click.option("--dispute", "word", flag_value="dispute", help="It is wrong; blocks it until it is resolved.")
@click.option("--unsure", "word", flag_value="unsure", help="Checked, and nothing found for or against.")
@click.option("--reason", required=True, metavar="TEXT", help="What you checked and what you found.")
@with_face
def vote(face: Face, claims: tuple[str, ...], word: str | None, reason: str) -> None:
    """Your organisation's word on claims, by id or the beginning of one (at least 6 digits)."""
    if word is None:
        raise click.UsageError("Say which: --confirm, --dispute or --unsure.")
    from chokepoint.desk.resolve import claim_ids
    from chokepoint.desk.review import vote as cast
    from chokepoint.model.judgement import Vote

    atlas = face.atlas()
    ids = claim_ids(atlas, claims)
    count = cast(atlas, ids, Vote(word), reason)
    if face.json:
        face.emit({"votes": count, "vote": word, "claims": ids})
    else:
        face.say(f"{atlas.viewer.organisation}: {word}, {count} {'claim' if count == 1 else 'claims'}.")


@review.command()
@with_face
def policy(face: Face) -> None:
    """When a statement is accepted."""
    from chokepoint.vet.policy import DEFAULT

    if face.json:
        face.emit({"policy": str(DEFAULT)})
        return
    face.say(f"Accepted: {DEFAULT}.")
    face.say("Nobody vets their own claim; dissent is kept and shown; simulated votes stay marked.")
