"""`search` and `show`."""
# ruff: noqa: PLC0415 - a verb imports what it needs when it runs, so that `--help` is quick

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from chokepoint.cli.face import Face, calm, cut, named, with_face

if TYPE_CHECKING:
    from collections.abc import Iterator
    from io import TextIOWrapper

    from chokepoint.desk.looking.dossier import Dossier, Evidence, Hit, Said
    from chokepoint.model.claim import Claim, Interval
    from chokepoint.model.identity import Entity

SHOWN = 40
TEXT, VALUE = 90, 160
READING = 10.0
"""Seconds for which a search reads texts that came since the last one."""


@click.command()
@click.argument("text", nargs=-1, required=True)
@click.option("--limit", type=click.IntRange(1, 1000), default=50, show_default=True, help="At most so many.")
@click.option("--accepted", is_flag=True, help="Only entities with an accepted statement.")
@with_face
def search(face: Face, text: tuple[str, ...], limit: int, accepted: bool) -> None:
    """Find entities whose value or name holds TEXT (defanged or not), then those of which a text holds it."""
    from chokepoint.desk.looking.freetext import read_texts
    from chokepoint.desk.looking.look import search as find

    words, atlas = " ".join(text), face.atlas()
    with face.progress("reading texts of claims") as step:
        step("")
        whole = read_texts(atlas, seconds=READING)
    hits = find(atlas, words, limit=limit, accepted=accepted)
    if face.json:
        face.emit({"query": words, "hits": [hit.to_json() for hit in hits], "unread": not whole})
        return
    if not hits:
        face.say(f"Nothing that you may see holds {calm(words)!r}.")
    by_value = [hit for hit in hits if not hit.said]
    if by_value:
        face.table(("found", "#claims", "#belief", "verdict"), [_found(hit) for hit in by_value])
    by_text = [(*_found(hit), _passage(hit.said)) for hit in hits if hit.said]
    if by_text:
        face.say(
            "\nTexts that hold all of these words:" if by_value else "Texts that hold all of these words:"
        )
        face.table(("found", "#claims", "#belief", "verdict", "text"), by_text)
    if len(hits) == limit or 2 * len(by_text) >= limit:
        face.note(f"the first {limit}, half of them by their texts at most; --limit shows more")
    if not whole:
        face.note("not all texts of claims are read yet, and what they say is not found; search again")


def _found(hit: Hit) -> tuple[str, ...]:
    return named(hit.entity), f"{hit.claims:,}", f"{hit.belief:.2f}", hit.verdict.value


def _passage(said: Said) -> str:
    return f"{said.property}: {calm(said.passage)}"


@click.command()
@click.argument("entity", nargs=-1)
@click.option(
    "--from",
    "source",
    type=click.File("r", "utf-8"),
    metavar="FILE",
    help="An entity a line; JSON lines out.",
)
@click.option("--accepted", is_flag=True, help="Only accepted statements.")
@click.option("--all", "everything", is_flag=True, help=f"All claims, not {SHOWN} statements of the newest.")
@with_face
def show(
    face: Face, /, *, entity: tuple[str, ...], source: TextIOWrapper | None, accepted: bool, everything: bool
) -> None:
    """All that is known of ENTITY, with the evidence for each statement.

    Write it as it is (evil.com, bc1q..., @handle, a name, the beginning of a hash) or as kind:value.
    """
    if bool(entity) == (source is not None):
        raise click.UsageError("Name one entity, or give a list with --from FILE.")
    from chokepoint.desk.looking.look import EVERYTHING, MOST_CLAIMS
    from chokepoint.desk.looking.look import show as look_up

    most = EVERYTHING if everything else MOST_CLAIMS
    if source is not None:
        for line in source:
            if line.strip():
                face.emit(look_up(face.atlas(), line.strip(), accepted=accepted, most=most).to_json())
        return
    dossier = look_up(face.atlas(), " ".join(entity), accepted=accepted, most=most)
    if face.json:
        face.emit(dossier.to_json())
    elif dossier.entity is None:
        face.say(f"Nothing that you may see is known of {calm(dossier.query)!r}.")
        face.say("`chokepoint search` looks for parts of names.")
    else:
        _draw(face, dossier, None if everything else SHOWN)


def _draw(face: Face, dossier: Dossier, most: int | None) -> None:
    from chokepoint.desk.looking.spelling import called
    from chokepoint.model.words import plural

    assert dossier.entity is not None  # noqa: S101 - the caller asked
    face.say(named(dossier.entity, cut(calm(called(dossier.entity, dossier.evidence)), VALUE)))
    origins = ", ".join(map(calm, dossier.origins)) or "nobody"
    face.say(f"{dossier.entity.id}, {plural(len(dossier.evidence), 'claim')} by {origins}")
    for word in dossier.shared:
        face.say(f"! It {calm(word.sentence())}")
    for note in dossier.notes:
        face.say(f"! {calm(note)}")
    groups = _statements(dossier)
    face.say()
    rows = [_row(dossier, evidence) for evidence in groups[:most]]
    face.table(("statement", "#belief", "verdict", "when", "evidence"), rows)
    if most is not None and len(groups) > most:
        face.say(f"… and {len(groups) - most:,} more statements: --all shows them")
    for sameness in dossier.identity:
        other = sameness.right if sameness.left == dossier.entity else sameness.left
        face.say(
            f"{sameness.organisation} says {sameness.sameness}: {named(other)} ({_reason(sameness.said)})"
        )
    for entity in dossier.also:
        face.say(f"The same words also name {named(entity)}: chokepoint show '{entity.kind}:…'")
    if dossier.more:
        how = ": --all shows them" if most else ""
        face.say(f"These are its newest claims; there are {dossier.more:,} older ones{how}")


def _reason(said: dict[str, object]) -> str:
    return calm(str(said.get("reason") or said.get("reasons") or "no reason given"))


def _statements(dossier: Dossier) -> list[list[Evidence]]:
    """Claims that say the same, together; the most believed first."""
    groups: dict[tuple[object, str, object], list[Evidence]] = {}
    for evidence in dossier.evidence:
        claim = evidence.stored.claim
        groups.setdefault((claim.subject, claim.property, claim.object), []).append(evidence)
    return sorted(groups.values(), key=lambda group: -group[0].standing.belief)


def _row(dossier: Dossier, group: list[Evidence]) -> tuple[str, ...]:
    claim, standing = group[0].stored.claim, group[0].standing
    verdict = standing.verdict.value + (" (simulated)" if standing.simulated else "")
    return (
        sentence(dossier.entity, group[0]),
        f"{standing.belief:.2f}",
        verdict,
        "; ".join(dict.fromkeys(when(one.stored.claim.observed) for one in group[:3])),
        "; ".join(_sources(group)) + _marks(claim.provenance.marking.tlp.label),
    )


def _marks(label: str) -> str:
    return "" if label == "TLP:CLEAR" else f" [{label}]"


def _sources(group: list[Evidence]) -> Iterator[str]:
    claims = ((one.stored.claim, calm(_short(one.path))) for one in group)
    found = (f"{cut(calm(one.provenance.origin), 30)} {path} {one.place}" for one, path in claims)
    told = list(dict.fromkeys(found))
    yield from told[:2]
    if len(told) > 2:
        yield f"{len(told) - 2} more"


def _short(path: str) -> str:
    return path if len(path) <= 40 else "…" + path[-39:]


def sentence(entity: Entity | None, evidence: Evidence) -> str:
    """A claim as a sentence about one of its ends, without naming that end."""
    from chokepoint.model.vocabulary import vocabulary

    claim = evidence.stored.claim
    if isinstance(claim.object, str) or claim.subject == entity:
        return sentence_of(claim)
    said = vocabulary().properties.get(claim.property)
    label = said.label if said else claim.property
    reverse = said.reverse if said and said.reverse else f"is what {label}"
    return f"{reverse} {cut(named(claim.subject), VALUE)}"


def sentence_of(claim: Claim) -> str:
    """A claim as a sentence about its subject, without naming that."""
    from chokepoint.model.vocabulary import vocabulary

    said = vocabulary().properties.get(claim.property)
    label = said.label if said else claim.property
    if isinstance(claim.object, str):
        return f"{label}: {cut(calm(claim.object), TEXT)}"
    return f"{label} {cut(named(claim.object), VALUE)}"


def when(observed: Interval | None) -> str:
    """An interval for people: its days, the last one included, as exactly as the source knew it."""
    if observed is None:
        return ""
    start, end = observed.days
    if start == end:
        return start
    return f"{'from ' + start if start else ''} {'to ' + end if end else ''}".strip()
