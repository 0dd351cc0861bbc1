"""`package` and `export`."""
# ruff: noqa: PLC0415 - a verb imports what it needs when it runs, so that `--help` is quick

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Any

import click

from chokepoint.cli.branch import Branch
from chokepoint.cli.face import Face, calm, with_face

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chokepoint.package.outcome import Verification

SHOWN = 20
OVER = "THIS TIME IS OVER: ask for the vetted one."
SHORT = 12
DIGITS = 64


@click.group(cls=Branch)
def package() -> None:
    """Vetted claims bound with their evidence: make one, or verify one from somebody else."""


@package.command()
@click.argument("target", nargs=-1)
@click.option("--out", required=True, metavar="FOLDER", help="A new folder; an older package is replaced.")
@click.option("--to", multiple=True, metavar="ORG", help="A recipient; of several each gets FOLDER/ORG.")
@click.option("--judicial", is_flag=True, help="For a court: what H1 keeps from courts stays out.")
@click.option("--acknowledge", is_flag=True, help="You have read and accept what H3 asks of you.")
@click.option(
    "--provisional", default=None, metavar="REASON", help="Take in what is not vetted yet, for 72 hours."
)
@click.option("--hypothesis", default="", metavar="INQUIRY", help="Tell what its matrix comes to, too.")
@with_face
def build(face: Face, /, *, target: tuple[str, ...], out: str, to: tuple[str, ...], **given: Any) -> None:
    """Bind what is accepted about TARGET, or the best choke point, with its captures and votes.

    Where hours count, a coordinator may hand on what is not vetted yet under their own name:
    --as ORG/USER, with --provisional REASON. It says so on every page and is good for 72 hours. What
    their organisation said itself, or may not vet for another reason, stays out.
    """
    from chokepoint.desk.hand import Dispatch
    from chokepoint.desk.hand import build as bind

    whom = Dispatch(
        recipients=frozenset(to),
        judicial=given["judicial"],
        acknowledged=given["acknowledge"],
        provisional=given["provisional"],
        inquiry=given["hypothesis"],
    )
    with face.progress("binding"):
        built = bind(face.atlas(), " ".join(target), Path(out), whom)
    if face.json:
        face.emit(built.to_json())
        return
    face.say(f"Package {out} is ready. Prove it anywhere, without this atlas:")
    for name, folder in built.copies.items() or [("", out)]:
        whose = f"     (for {calm(name)} alone: a leaked copy names whose it was)" if name else ""
        face.say(f"  chokepoint package verify {quote(str(folder))}{whose}")


@package.command()
@click.argument("folder")
@click.option(
    "--key",
    "keys",
    multiple=True,
    metavar="ORG=KEY",
    help="The key of ORG as it told you itself; repeatable. With any, no other key is trusted.",
)
@with_face
def verify(face: Face, folder: str, *, keys: tuple[str, ...]) -> None:
    """Prove each claim of the package in FOLDER back to the bytes of its capture; needs no atlas.

    The package itself cannot show that a key belongs to whom it names: ask each organisation for its key by
    another way, and give it with --key.
    """
    from chokepoint.desk.handing.publish import read
    from chokepoint.package.verify import verify as prove

    trusted = trusted_keys(keys) if keys else None
    found = prove(read(Path(folder)), trusted)
    if face.json:
        face.emit(_told(found))
    else:
        _draw(face, found)
    if not found.proved:
        click.get_current_context().exit(1)


def _told(found: Verification) -> dict[str, Any]:
    """The outcome as a JSON document."""
    return {
        "holds": found.proved,
        "title": found.title,
        "organisation": found.organisation,
        "key": found.key,
        "keys": dict(found.keys),
        "trusted": found.trusted,
        "simulated": found.simulated,
        "provisional": found.provisional._asdict() if found.provisional else None,
        "over": _is_over(found),
        "claims": [
            {
                "id": one.record,
                "sentence": one.sentence,
                "proved": one.proved,
                "reason": one.reason,
                "withheld": list(one.withheld),
            }
            for one in found.claims
        ],
        "vouched": found.vouched,
        "votes": [
            {
                "claim": one.claim,
                "organisation": one.organisation,
                "vote": one.vote,
                "proved": one.proved,
                "reason": one.reason,
            }
            for one in found.votes
        ],
        "selection": found.selection._asdict() if found.selection else None,
        "failures": [{"step": one.step, "about": one.about, "reason": one.reason} for one in found.failures],
    }


def trusted_keys(given: Iterable[str]) -> dict[str, str]:
    """Organisations and their keys from `ORG=KEY`, KEY being a public key or its fingerprint.

    Raises:
        NotValidError: one is written otherwise, or an organisation is given two keys.
    """
    from chokepoint.model.errors import NotValidError

    found: dict[str, str] = {}
    for text in given:
        name, _, key = text.rpartition("=")
        name, key = name.strip(), key.strip().lower()
        if not name or len(key) != DIGITS or set(key) - set("0123456789abcdef"):
            raise NotValidError(
                "no organisation with its key",
                place=f"--key {text}",
                mend="write ORG=KEY: 64 hexadecimal digits, as `chokepoint member list --keys` shows them",
            )
        if found.setdefault(name, key) != key:
            raise NotValidError(f"{name} is given two keys", place="--key", mend="give the right one alone")
    return found


def _is_over(found: Verification) -> bool:
    """Whether what is not vetted in a package that holds may be used no more, by this machine's clock."""
    from chokepoint.desk.atlas import utc_now

    return found.proved and found.provisional is not None and found.provisional.over(utc_now())


def _draw(face: Face, found: Verification) -> None:
    from chokepoint.model.words import plural

    if found.title:
        face.say(f"{calm(found.title)}, signed by {calm(found.organisation)} with key {found.key}")
    if found.simulated:
        face.say("It rests on SIMULATED votes: for demonstration only.")
    if found.provisional:
        face.say(f"{calm(found.provisional.label)}. {OVER * _is_over(found)}".rstrip())
    proved = sum(claim.proved for claim in found.claims)
    total = plural(len(found.claims), "claim")
    face.say(f"{proved - found.vouched:,} of {total} proved back to the bytes of their capture.")
    if found.vouched:
        kept = sorted({name for claim in found.claims for name in claim.withheld})
        face.say(
            f"{found.vouched:,} of {total} by the sender's signed word: withheld from recipients are "
            f"{', '.join(kept)}."
        )
        face.say("  Ask the sender for an original, on a legal basis; it must hash to what stands here.")
    _tell_votes(face, found)
    for line in found.selection.limits() if found.selection and found.proved else ():
        face.say(calm(line))
    broken = [claim for claim in found.claims if not claim.proved]
    for claim in broken[:SHOWN]:
        face.say(f"  not proved: {calm(claim.sentence)}: {calm(claim.reason)}")
    for failure in found.failures[:SHOWN]:
        face.say(f"  step {failure.step}, {calm(failure.about)}: {calm(failure.reason)}")
    rest = max(0, len(broken) - SHOWN) + max(0, len(found.failures) - SHOWN)
    if rest:
        face.say(f"  … and {rest:,} more: --json lists all")
    if found.proved:
        _tell_keys(face, found)
    face.say(
        "The package holds." if found.proved else "The package does NOT hold. Ask the sender for it anew."
    )


def _tell_votes(face: Face, found: Verification) -> None:
    """How many votes are proved, and why the others are not."""
    from chokepoint.model.words import plural

    if not found.votes:
        return
    proved = sum(one.proved for one in found.votes)
    total = plural(len(found.votes), "vote")
    face.say(f"{proved:,} of {total} proved: signed by the organisations that cast them.")
    others = Counter(one.reason for one in found.votes if not one.proved)
    for reason, count in sorted(others.items()):
        face.say(f"  {count:,} not: {calm(reason)}")


def _tell_keys(face: Face, found: Verification) -> None:
    """Whose word stands behind it, and what a package cannot show of itself."""
    face.say("Verdicts and beliefs, and that nobody voted otherwise since, are the sender's signed word.")
    if found.trusted:
        face.say("Every key in it is the one that you gave.")
        return
    face.say("Whether each key belongs to whom it names, nothing here can show. Ask them, then give --key:")
    for organisation, key in found.keys:
        face.say(f"  --key {quote(f'{calm(organisation)}={key}')}")


@package.command()
@click.argument("person", nargs=-1, required=True)
@click.option("--basis", required=True, metavar="TEXT", help="The legal basis, as a court may read it.")
@click.option("--revoke", is_flag=True, help="Take an earlier release back; --basis says why.")
@with_face
def release(face: Face, person: tuple[str, ...], basis: str, *, revoke: bool) -> None:
    """Let PERSON's name stand in your organisation's packages, under your own name; never in open ones."""
    from chokepoint.desk.handing.release import release as put
    from chokepoint.desk.keeping.erase import named_by

    atlas = face.atlas()
    entity = named_by(atlas, " ".join(person))
    put(atlas, entity, basis=basis, revoke=revoke)
    if face.json:
        face.emit({"entity": {"kind": entity.kind, "value": entity.value}, "released": not revoke})
    else:
        what = "a pseudonym again" if revoke else "named in packages for named recipients"
        face.say(f"{calm(entity.value)} is {what}; {calm(atlas.viewer.person)} answers for it.")


@package.command("list")
@with_face
def list_(face: Face) -> None:
    """Packages that your organisation sent or got, and what of each does not stand any more."""
    from chokepoint.desk.handing.dissemination import handed

    found = handed(face.atlas())
    if face.json:
        face.emit({"packages": [one.to_json() for one in found]})
        return
    if not found:
        face.say("Your organisation has sent no package to another member and got none.")
    for one in found:
        _tell(face, one)


@package.command()
@click.argument("folder")
@with_face
def standing(face: Face, folder: str) -> None:
    """What of the package in FOLDER was recalled, disputed or corrected since; exits 1 if anything was."""
    from chokepoint.desk.handing.dissemination import standing_of
    from chokepoint.desk.handing.publish import read

    found = standing_of(face.atlas(), read(Path(folder)))
    if face.json:
        face.emit(found.to_json())
    else:
        _tell(face, found)
    if not found.stands:
        click.get_current_context().exit(1)


@package.command()
@click.argument("name", metavar="PACKAGE")
@click.option("--reason", required=True, metavar="TEXT", help="Why; all who got it will read it.")
@with_face
def recall(face: Face, name: str, reason: str) -> None:
    """Take back a package that your organisation sent, by its id or the beginning of one."""
    from chokepoint.desk.handing.dissemination import withdraw

    found = withdraw(face.atlas(), name, reason)
    if face.json:
        face.emit(found.to_json())
    else:
        _tell(face, found)


def _tell(face: Face, one: object) -> None:
    from chokepoint.desk.handing.dissemination import Handed

    assert isinstance(one, Handed)  # noqa: S101 - for the type checker: annotations must not import it
    to = f" to {', '.join(map(calm, one.to))}" * bool(one.to)
    face.say(f"{one.id[:SHORT] or '-'}  {calm(one.title)}: {calm(one.by)}{to}, {one.at[:10]}")
    if one.unvetted:
        face.say(f"  {calm(one.unvetted)}" + f". {OVER}" * one.over)
    if one.withdrawn:
        face.say(f"  TAKEN BACK by {calm(one.by)}: {calm(one.withdrawn)}")
    if not one.changes:
        face.say(f"  All {one.claims:,} claims stand." if one.claims > 1 else "  Its claim stands.")
        return
    face.say(f"  {len(one.changes):,} of {one.claims:,} claims no longer stand:")
    for change in one.changes[:SHOWN]:
        why = f": {calm(change.reason)}" * bool(change.reason)
        now = "; now said instead: " + ", ".join(name[:SHORT] for name in change.instead)
        word = "not yours to see any more, or erased" if change.now == "gone" else change.now
        face.say(f"    {change.record[:SHORT]} {word}{why}{now * bool(change.instead)}")
    if len(one.changes) > SHOWN:
        face.say(f"    … and {len(one.changes) - SHOWN:,} more: --json lists all")


@click.command()
@click.argument("form", type=click.Choice(("stix", "misp", "ftm", "maltego", "graphml", "csv")))
@click.argument("target", nargs=-1)
@click.option("--out", default="-", metavar="FILE", help="Where it goes; - is stdout (not for maltego).")
@with_face
def export(face: Face, form: str, target: tuple[str, ...], out: str) -> None:
    """What you may hand on to anybody, in a form that other tools read.

    stix (2.1 bundle), misp (event), ftm (FollowTheMoney, JSON lines, for Aleph and yente), maltego (.mtgx),
    graphml, or csv.

    About TARGET, or the whole map. Only TLP:CLEAR claims leave; how many stay is told.
    """
    if out == "-" and (form == "maltego" or face.json):
        raise click.UsageError("Name a file for it: --out FILE.")
    from chokepoint.desk.hand import export as write
    from chokepoint.model.words import plural

    with face.progress("exporting"):
        done = write(
            face.atlas(), form, sys.stdout.buffer if out == "-" else Path(out), target=" ".join(target)
        )
    if face.json:
        face.emit(done.to_json())
    elif out != "-":
        face.say(f"{out} is written: {plural(done.claims, 'claim')}.")
    if done.left_out and not face.json:
        face.note(f"{done.left_out:,} claims stay here: they are not TLP:CLEAR, or nothing that may leave")
