"""`package` and `export`: claims leave with their records, votes and captures, by marking."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from chokepoint.desk.handing.attested import attested, record_of, still_to_vote
from chokepoint.desk.personal.index import persons_in
from chokepoint.desk.vetting.review import cast_on
from chokepoint.desk.vetting.standing import restrained, sentence, veiled
from chokepoint.desk.watch.flagged import kept_back
from chokepoint.model.errors import LedgerError, RefusedError
from chokepoint.model.marking import Tlp
from chokepoint.model.said import Said
from chokepoint.package.build import Request, build
from chokepoint.package.manifest import ENVELOPE, MANIFEST, NAMES
from chokepoint.package.parts import CastVote, PackageCapture, PackageClaim, PackageRecord
from chokepoint.package.text import text_of
from chokepoint.store import persons
from chokepoint.store.proving import prove
from chokepoint.store.subjects import personal_kinds

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from pathlib import Path

    from chokepoint.desk.atlas import Atlas
    from chokepoint.desk.vetting.standing import Sentence, Standing
    from chokepoint.package.choose import Audience
    from chokepoint.package.findings import Finding, Picture, Summary
    from chokepoint.package.parts import Package, Provisional, Selection
    from chokepoint.store.base import StoredClaim

MOST = 2_000
MARK = MANIFEST


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """Claims with the records and captures that prove them."""

    claims: tuple[PackageClaim, ...]
    records: dict[str, PackageRecord]
    captures: dict[str, PackageCapture]


def material(
    atlas: Atlas,
    standings: Mapping[int, Standing],
    *,
    kept: Collection[Sentence] | None = None,
    evidence: bool = True,
) -> Material:
    """Everything that a package or an export of these claims needs, of what all readers may see.

    Of what one of them is still to vote on nothing is told that could move them: see `still_to_vote`.

    Args:
        atlas: as the viewer.
        standings: by ledger position.
        kept: what an organisation says must not be disclosed, where that was read already.
        evidence: whether records and captures are wanted too.

    Raises:
        RefusedError: more claims than one package may hold.
    """
    if evidence and len(standings) > MOST:
        raise RefusedError(
            Said("{standings} claims are too many for one package", standings=len(standings)),
            mend=Said("choose at most {most}: name fewer targets", most=MOST),
        )
    reader = atlas.reader
    with reader.connect() as connection:
        stored = list(reader.claims(connection, standings))
        hashes = {claim.claim.provenance.capture for claim in stored} if evidence else set()
        paths = reader.captures(connection, hashes)
        if kept is None:
            kept = {sentence(one) for one in restrained(reader, connection)}
    waiting = still_to_vote(atlas, stored)
    proven = _proven(atlas, [one.seq for one in stored if one.seq not in waiting]) if evidence else {}
    votes, signed = _votes(atlas, stored, {one.id for one in stored if one.seq in waiting}, evidence=evidence)
    seen = {**standings, **waiting}
    told = ((one, _claim(one, seen[one.seq], votes.get(one.id, []))) for one in stored)
    claims = tuple(replace(claim, restrained=sentence(one) in kept) for one, claim in told)
    held = {sha256: path for sha256, path in paths.items() if atlas.vault.has(sha256)}
    return Material(
        claims=claims,
        records=proven | signed,
        captures=_captures(atlas, held),
    )


def _proven(atlas: Atlas, seqs: Sequence[int]) -> dict[str, PackageRecord]:
    """The records at some positions with their proofs, by id."""
    if not seqs:
        return {}
    with atlas.engine.connect() as whole:  # a proof needs the ids beside, which tell nothing
        return {item.id.hex(): record_of(item) for item in prove(whole, seqs)}


def _votes(
    atlas: Atlas, stored: Sequence[StoredClaim], waiting: Collection[str], *, evidence: bool
) -> tuple[dict[str, list[CastVote]], dict[str, PackageRecord]]:
    """The votes on claims by the claims' id and, where evidence is wanted, the votes' records by their own.

    No vote goes on a claim on which a reader is still to vote; those cast by a rule do, and mark it.
    """
    cast = cast_on(atlas, [one.id for one in stored])
    for name in cast.keys() & waiting:
        cast[name] = [(at, said) for at, said in cast[name] if said["simulated"]]
    if not evidence:
        return {name: [_vote(said, "") for _, said in votes] for name, votes in cast.items()}, {}
    signed = attested(atlas, {at for votes in cast.values() for at, _ in votes})
    told = {name: [_vote(said, signed[at].id) for at, said in votes] for name, votes in cast.items()}
    return told, {record.id: record for record in signed.values()}


def _vote(said: Mapping[str, object], record: str) -> CastVote:
    return CastVote(
        str(said["organisation"]), str(said["vote"]), str(said["reason"]), bool(said["simulated"]), record
    )


def _claim(whole: StoredClaim, standing: Standing, votes: Iterable[CastVote]) -> PackageClaim:
    stored = veiled(whole, standing)
    claim = stored.claim
    return PackageClaim(
        record=stored.id,
        subject=claim.subject,
        property=claim.property,
        object=claim.object,
        place=claim.place,
        capture=claim.provenance.capture,
        origin=claim.provenance.origin,
        grading=claim.provenance.grading.code,
        graded=claim.provenance.grading.original,
        observed=claim.observed,
        nature=claim.nature,
        marking=claim.provenance.marking,
        contributor=stored.contributor,
        belief=standing.belief,
        verdict=standing.verdict.value,
        simulated=standing.simulated,
        votes=tuple(votes),
        raw=claim.raw,
        owner=whole.contributor,
    )


def _captures(atlas: Atlas, paths: Mapping[str, str]) -> dict[str, PackageCapture]:
    """The captures with whom they speak of, by what the sender knows, and whether they are for everybody."""
    own = replace(atlas, beside=(), at_most=Tlp.RED)
    reader = own.reader
    with reader.connect() as connection:
        drawn = persons.in_captures(reader, connection, paths, personal_kinds())
        kept = persons.reserved(reader, atlas.reader, connection, paths)
    kept |= {one.claim.provenance.capture for one in kept_back(own)}
    found = {}
    for sha256, path in paths.items():
        data = atlas.vault.get(sha256)
        plain, text = b"\x00" not in data[:512], text_of(data)
        found[sha256] = PackageCapture(
            sha256=sha256,
            media_type="text/plain" if plain else "application/octet-stream",
            path=path,
            data=data,
            people=frozenset({*drawn.get(sha256, ()), *persons_in(own, f"{path}\n{text or ''}")}),
            reserved=sha256 in kept or text is None,
        )
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a package says beside its claims; `copy` is the name of the recipients' copy, or empty."""

    title: str
    finding: Finding
    picture: Picture
    audience: Audience
    summary: Summary | None = None
    provisional: Provisional | None = None
    selection: Selection | None = None
    copy: str = ""


def bind(atlas: Atlas, matter: Material, content: Content) -> Package:
    """A signed package of this material.

    Raises:
        RefusedError: nothing may go.
    """
    organisation = atlas.viewer.organisation
    request = Request(
        atlas=atlas.id,
        title=content.title,
        created=atlas.clock(),
        organisation=organisation,
        public_key=atlas.keys.public(organisation),
        claims=matter.claims,
        records=matter.records,
        captures=matter.captures,
        finding=content.finding,
        picture=content.picture,
        summary=content.summary,
        audience=content.audience,
        provisional=content.provisional,
        selection=content.selection,
        copy=content.copy,
    )
    return build(request, lambda message: atlas.keys.sign(organisation, message))


def takes_a_package(folder: Path) -> None:
    """Make sure that a package can be written there, before anybody is told of it.

    Raises:
        RefusedError: it is a file, or a folder that holds something that is no package.
    """
    if folder.exists() and not (folder.is_dir() and _is_free(folder)):
        raise RefusedError(
            "the folder holds other things", place=str(folder), mend="name a new or empty folder"
        )


def _is_free(folder: Path) -> bool:
    """Whether nothing lies there but an older package: other folders have a `manifest.json` too."""
    there = {path.name for path in folder.iterdir()}
    return not there or {MARK, ENVELOPE} <= there <= NAMES


def write(package: Package, folder: Path) -> Path:
    """Write the package's files; an older package there is replaced, anything else is left alone.

    What makes a folder a package is written last: one that is cut off is none.

    Raises:
        RefusedError: the folder holds something that is no package.
    """
    takes_a_package(folder)
    if (folder / MARK).is_file():
        shutil.rmtree(folder)
    for name, data in sorted(package.files.items(), key=lambda file: file[0] == MARK):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def read(folder: Path) -> dict[str, bytes]:
    """The files of a package by relative name.

    Raises:
        LedgerError: there is no package.
    """
    if not (folder / MARK).is_file():
        raise LedgerError(
            "no package here", place=str(folder), mend=Said("name the folder that holds {mark}", mark=MARK)
        )
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink()
    }
