"""`review`: list, vote, policy."""
# ruff: noqa: PLC0415 - a verb imports what it needs when it runs, so that `--help` is quick

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from chokepoint.cli.branch import Branch
from chokepoint.cli.face import Face, calm, cut, named, with_face

if TYPE_CHECKING:
    from chokepoint.desk.vetting.calibration import Calibration
    from chokepoint.store.base import StoredClaim

SHORT = 12


@click.group(cls=Branch)
def review() -> None:
    """The vetting desk: what waits for your organisation's word, voting, and the policy."""


@review.command("list")
@click.option(
    "--limit", type=click.IntRange(1, 10_000), default=40, show_default=True, help="At most so many."
)
@click.option("--again", is_flag=True, help="What you judged and is to be looked at again.")
@with_face
def list_(face: Face, limit: int, *, again: bool) -> None:
    """Claims of other members that wait for your word, that first of which a vote changes most."""
    from chokepoint.desk.vetting.again import again as twice
    from chokepoint.desk.vetting.queue import queue

    found = (twice if again else queue)(face.atlas(), limit=limit)
    if face.json:
        face.emit({"claims": [_json(one) for one in found]})
        return
    if not found:
        face.say("Nothing waits for your word.")
        return
    face.table(("claim", "says", "origin", "grade", "by", "marking"), [_row(one) for one in found])
    face.say()
    if again:
        face.say(
            "chokepoint review votes CLAIM     (read what each found, then vote anew; --despite if you stand)"
        )
        return
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
        "contributor": one.contributor or None,
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
        calm(one.contributor) or "-",
        claim.provenance.marking.tlp.label,
    )


ANSWER = click.Choice(["yes", "no", "unsure"])


@review.command()
@click.argument("claims", nargs=-1, metavar="CLAIM...")
@click.option("--capture", default="", metavar="SHA256", help="All claims of one capture, by its hash.")
@click.option("--confirm", "word", flag_value="confirm", help="It is true as far as you checked.")
@click.option("--dispute", "word", flag_value="dispute", help="It is wrong; blocks it until it is resolved.")
@click.option("--unsure", "word", flag_value="unsure", help="Checked, and nothing found for or against.")
@click.option("--crime", type=ANSWER, default=None, help="Is it about crime? `no` blocks acceptance.")
@click.option("--disclose", type=ANSWER, default=None, help="May it be disclosed? `no` keeps it in.")
@click.option("--until", default="", metavar="DAY", help="The day from which the vote is due again.")
@click.option("--despite", is_flag=True, help="Confirms, having read the dissent; three answer it.")
@click.option("--reason", required=True, metavar="TEXT", help="What you checked and what you found.")
@with_face
def vote(
    face: Face,
    /,
    *,
    claims: tuple[str, ...],
    word: str | None,
    reason: str,
    **given: str | None,
) -> None:
    """Your organisation's word on claims, by id or the beginning of one (at least 6 digits).

    Three questions apart: is it true (--confirm, --dispute, --unsure), is it about crime, and may it be
    disclosed. Until you have voted you see neither others' votes nor who contributed the claim.
    """
    if word is None:
        raise click.UsageError("Say which: --confirm, --dispute or --unsure.")
    if bool(claims) == bool(given["capture"]):
        raise click.UsageError("Name claims, or one capture with --capture.")
    from chokepoint.desk.resolve import claim_ids
    from chokepoint.desk.vetting.review import Besides, in_capture
    from chokepoint.desk.vetting.review import vote as cast
    from chokepoint.model.judgement import Answer, Vote

    atlas = face.atlas()
    ids = claim_ids(atlas, claims) if claims else in_capture(atlas, str(given["capture"]))
    besides = Besides(
        crime=Answer(given["crime"] or ""),
        disclose=Answer(given["disclose"] or ""),
        until=given["until"] or "",
        despite=bool(given["despite"]),
    )
    count = cast(atlas, ids, Vote(word), reason, besides=besides)
    if face.json:
        face.emit({"votes": count, "vote": word, "claims": ids})
    else:
        face.say(f"{atlas.viewer.organisation}: {word}, {count} {'claim' if count == 1 else 'claims'}.")


@review.command()
@click.argument("claims", nargs=-1, required=True, metavar="CLAIM...")
@click.option("--reason", required=True, metavar="TEXT", help="Why they are withdrawn.")
@with_face
def recall(face: Face, claims: tuple[str, ...], reason: str) -> None:
    """Withdraw claims of your own organisation; what rests on them changes at once for all who saw them."""
    from chokepoint.desk.resolve import claim_ids
    from chokepoint.desk.vetting.review import recall as withdraw

    atlas = face.atlas()
    ids = claim_ids(atlas, claims)
    count = withdraw(atlas, ids, reason)
    if face.json:
        face.emit({"recalled": count, "claims": ids})
    else:
        face.say(f"{atlas.viewer.organisation} has withdrawn {count} {'claim' if count == 1 else 'claims'}.")


@review.command()
@click.argument("claim")
@with_face
def votes(face: Face, claim: str) -> None:
    """The votes on CLAIM with their reasons, dissent included; none before you have voted on an open one.

    The last column says whether a vote counts towards the quorum, and else why not.
    """
    from chokepoint.desk.resolve import claim_ids
    from chokepoint.desk.vetting.review import look_at_votes

    atlas = face.atlas()
    [name] = claim_ids(atlas, [claim])
    found = look_at_votes(atlas, name)
    if face.json:
        face.emit({"claim": name, "votes": found})
        return
    if not found:
        face.say("No vote that you may see; on an open claim you see others' after your own.")
        return
    rows = [
        (
            calm(one["organisation"]) + (" (simulated)" if one["simulated"] else ""),
            one["vote"],
            one["crime"] or "-",
            one["disclose"] or "-",
            one["until"] or "-",
            cut(calm(one["reason"]), 80),
            "yes" if one["counts"] else f"no: {one['why']}",
        )
        for one in found
    ]
    face.table(("member", "true?", "crime?", "disclose?", "until", "because", "counts"), rows)


@review.command()
@click.option("--choose", default="", metavar="NAME", help="From now on; only the atlas's founder can.")
@click.option("--file", "path", default="", metavar="TOML", help="Choose the rules of this file instead.")
@with_face
def policy(face: Face, choose: str, path: str) -> None:
    """When a statement is accepted, and which policies there are to choose from."""
    from pathlib import Path

    from chokepoint.desk.vetting.review import choose_policy, choose_rule
    from chokepoint.desk.vetting.rule_file import read_rule_file
    from chokepoint.desk.vetting.rules import policy_now
    from chokepoint.model.errors import NotFoundError
    from chokepoint.vet.policy import NAMED
    from chokepoint.vet.tree import form_of

    if choose and path:
        raise click.UsageError("Choose by --choose or by --file.")
    name, rule = "default", NAMED["default"]
    try:
        atlas = face.atlas()
    except NotFoundError:
        if choose or path:
            raise
    else:
        if choose:
            choose_policy(atlas, choose)
        elif path:
            choose_rule(atlas, *read_rule_file(Path(path)))
        reader = atlas.reader
        with reader.connect() as connection:
            name, rule = policy_now(reader, connection)
    if face.json:
        others = {one: str(known) for one, known in NAMED.items()}
        face.emit({"policy": str(rule), "name": name, "rule": form_of(rule), "policies": others})
        return
    face.say(f"Accepted ({calm(name)}): {calm(str(rule))}.")
    face.say("Nobody vets their own claim, nor does a sibling, a parent or the owner of its origin; members")
    face.say("that rely on one feed count as one; dissent is kept and shown; simulated votes stay marked.")
    face.say()
    face.table(("policy", "accepts"), [(one, str(rule)) for one, rule in NAMED.items()])


@review.command()
@click.option("--publish", is_flag=True, help="Let all beliefs use it from now on; only the founder can.")
@click.option("--apart", multiple=True, metavar="ORG", help="Held to be independent whatever is measured.")
@click.option("--rejoin", multiple=True, metavar="ORG", help="No longer held apart.")
@click.option("--reason", default="", metavar="TEXT", help="Why they are held apart.")
@with_face
def calibration(
    face: Face, /, *, publish: bool, apart: tuple[str, ...], rejoin: tuple[str, ...], reason: str
) -> None:
    """How often votes and gradings turned out right: Brier score, reliability table, error rate.

    Members who agree beyond what their records explain count as one voice once it is published; overseers and
    the founder are shown who and why. It is no accusation, and --apart undoes it. Whose confirmations tell
    nothing, because what is false gets them nearly as often as what is true, counts towards no quorum.
    """
    if (apart or rejoin) and not publish:
        raise click.UsageError("--apart and --rejoin go with --publish.")
    from chokepoint.desk.vetting.calibration import calibrate
    from chokepoint.desk.vetting.calibration import publish as put
    from chokepoint.model.words import plural

    atlas = face.atlas()
    found = put(atlas, apart=dict.fromkeys(apart, reason), rejoin=rejoin) if publish else calibrate(atlas)
    if face.json:
        face.emit(found.to_json())
        return
    told = found.gradings
    face.say(f"Gradings against what voters found: {plural(told.count, 'statement')} known by now.")
    if told.count:
        interval = f"95 %: {told.low:.3f} to {told.high:.3f}"
        face.say(f"Brier score {told.brier:.3f} ({interval}; 0 is best, a coin has 0.25)")
        used = [one for one in told.bins if one.size]
        bins = [(f"{one.mean:.2f}", str(one.size), f"{one.true / one.size:.2f}") for one in used]
        face.table(("#said", "#statements", "#came true"), bins)
    errors = found.errors
    face.say(
        f"Accepted and since rejected or withdrawn: {errors.hits} of {errors.size:,}"
        f" ({errors.mean:.1%}; 95 %: {errors.low:.1%} to {errors.high:.1%})"
    )
    if found.bar:
        face.say(
            f"Accepted from a belief of {found.bar:.3f}: of what two confirm, 1 in 100 at most is then false."
        )
    _members(face, found)
    if found.watched:
        _oversight(face, found)


def _members(face: Face, found: Calibration) -> None:
    """How right each member was, and whether its confirmations count towards a quorum."""
    from chokepoint.desk.vetting.calibration import shares
    from chokepoint.vet.belief import telling

    rows = [
        [
            calm(name),
            *(f"{s.mean:.2f} of {s.size} ({s.low:.2f}-{s.high:.2f})" for s in shares(record)),
            "yes" if telling(record) else "no",
        ]
        for name, record in found.members.items()
    ]
    if rows:
        face.table(("member", "of true: confirmed", "of false: disputed", "counts"), rows)
        true, false = found.usual
        face.say(
            f"On the whole they confirm {true:.0%} of what is true and dispute {false:.0%} of what is false."
        )


@review.command()
@click.option(
    "--share",
    type=click.FloatRange(0, 1, min_open=True),
    default=0.05,
    show_default=True,
    help="Share of the new claims.",
)
@click.option("--check", is_flag=True, help="Check what you were told of draws against the log.")
@with_face
def draw(face: Face, *, share: float, check: bool) -> None:
    """Draw a secret share of claims to be looked at once more; only the founder can.

    The head of the log is the seed, so that nobody can steer it and everybody can check it. Drawn claims wait
    in the lists of the members drawn for them, like any other; the votes measure who is right how often.
    """
    from chokepoint.desk.vetting.draw import check as checked
    from chokepoint.desk.vetting.draw import draw as put
    from chokepoint.model.words import plural

    atlas = face.atlas()
    if check:
        count = checked(atlas)
        said, told = {"checked": count}, f"As the head of the log drew them: {plural(count, 'claim')}."
    else:
        made = put(atlas, share=share)
        said = {"claims": made.claims, "of": made.of, "jurors": made.jurors}
        told = f"Drawn: {made.claims} of {made.of:,} new claims, told to {plural(made.jurors, 'member')}."
    if face.json:
        face.emit(said)
    else:
        face.say(told)


def _oversight(face: Face, found: Calibration) -> None:
    for ring in found.rings:
        face.say(f"One voice: {', '.join(map(calm, ring.members))} ({ring.reason}).")
    if found.rings:
        face.say(
            "No accusation: look into it; review calibration --publish --apart ORG --reason TEXT undoes it."
        )
    for voter, contributor in found.close:
        face.say(f"{calm(voter)} votes on {calm(contributor)} beyond lottery; one voice till others look.")
    for name, reason in found.apart.items():
        face.say(f"Held apart: {calm(name)} ({calm(reason)}).")
