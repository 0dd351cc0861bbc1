"""Binding a package: chosen claims, their records and captures, the report, the bundle, all signed."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING

import msgspec

from chokepoint.model.errors import RefusedError
from chokepoint.model.said import Said
from chokepoint.package.choose import Audience, choose, fit_for, strictest
from chokepoint.package.document import render
from chokepoint.package.evidence import evidence
from chokepoint.package.findings import Picture
from chokepoint.package.manifest import (
    BUNDLE,
    ENVELOPE,
    MANIFEST,
    RECORDS,
    REPORT,
    VERSION,
    FileEntry,
    Manifest,
    encode,
    marking_form,
)
from chokepoint.package.parts import Package, Refusal
from chokepoint.package.report import Report
from chokepoint.package.sign import seal
from chokepoint.package.stix.bundle import Cover, bundle_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from chokepoint.model.marking import Marking
    from chokepoint.package.evidence import Sent
    from chokepoint.package.findings import Finding, Summary
    from chokepoint.package.parts import PackageCapture, PackageClaim, PackageRecord, Provisional, Selection
    from chokepoint.package.sign import Signer


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Everything that a package is made from.

    Attributes:
        atlas: id of the atlas that makes it.
        title: of the package.
        created: UTC, ISO 8601 with `Z`; an argument, because this room has no clock.
        organisation: who makes and signs it.
        public_key: of that organisation, 32 bytes.
        claims: candidates; what may not go is left out.
        records: of the claims, by id.
        captures: by SHA-256.
        finding: the answer that the package carries.
        picture: for its drawings.
        summary: of the run that led to it, or None.
        audience: for whom.
        provisional: who answers for what in it is not vetted yet, or None.
        selection: what was asked and left out; how many are included is counted here; or None.
        copy: the name of the recipients' copy, which tells where it came from if it leaks; or empty.
    """

    atlas: str
    title: str
    created: str
    organisation: str
    public_key: bytes
    claims: Sequence[PackageClaim]
    records: Mapping[str, PackageRecord] = field(repr=False)
    captures: Mapping[str, PackageCapture] = field(repr=False)
    finding: Finding
    picture: Picture = field(default_factory=Picture)
    summary: Summary | None = None
    audience: Audience = field(default_factory=Audience)
    provisional: Provisional | None = None
    selection: Selection | None = None
    copy: str = ""


def build(request: Request, sign: Signer) -> Package:
    """The package for an audience: manifest, signature, records, captures, report and STIX bundle.

    A package that rests on a simulated vote is watermarked and not dispatchable.

    Raises:
        RefusedError: no claim may go, or the package's label would be stricter than allowed.
    """
    chosen, refused = choose(request.claims, request.audience)
    bound, unbound = _bound(chosen, request)
    if not bound:
        raise RefusedError(
            Said("none of {claims} claims may go into this package", claims=len(request.claims)),
            mend="let members vote on them, or name recipients who may see them",
        )
    finding = fit_for(request.finding, request.audience)
    marking = _marking(bound, finding, request.audience)
    sent, files = _files(request, bound, finding, marking)
    manifest = _manifest(request, sent, files, marking)
    payload = encode(manifest)
    files = {**files, MANIFEST: payload, ENVELOPE: seal(payload, request.public_key, sign)}
    return Package(
        manifest=msgspec.to_builtins(manifest),
        files=dict(sorted(files.items())),
        claims=bound,
        refusals=(*refused, *unbound),
    )


def _bound(
    claims: Iterable[PackageClaim], request: Request
) -> tuple[tuple[PackageClaim, ...], tuple[Refusal, ...]]:
    """Claims whose record and capture are at hand, and a refusal for each of the others.

    The record of one whose contributor is not told stays behind: its signature would name them.
    """
    bound, refused = [], []
    for claim in claims:
        missing = [
            name
            for name, there in (
                ("record", not claim.contributor or claim.record in request.records),
                ("capture", claim.capture in request.captures),
            )
            if not there
        ]
        if missing:
            reason = f"its {' and '.join(missing)} cannot travel along"
            refused.append(Refusal(what=claim.record, rule="evidence", reason=reason))
        else:
            bound.append(claim)
    return tuple(bound), tuple(refused)


def _marking(claims: Iterable[PackageClaim], finding: Finding, audience: Audience) -> Marking:
    marking = strictest([finding.marking, *(claim.marking for claim in claims)])
    if marking.tlp > audience.at_most:
        raise RefusedError(
            Said(
                "the package would be {marking}, above {most}",
                marking=marking.tlp.label,
                most=audience.at_most.label,
            ),
            mend="leave the plan out, or allow the stricter label",
        )
    return marking


def _simulated(claims: Iterable[PackageClaim], finding: Finding, summary: Summary | None) -> bool:
    """Whether a simulated vote stands behind anything in the package."""
    hops = (hop for route in finding.routes for hop in route.hops)
    return (
        any(claim.watermarked for claim in claims)
        or any(hop.simulated for hop in hops)
        or bool(summary and summary.simulated)
    )


def _files(
    request: Request, claims: tuple[PackageClaim, ...], finding: Finding, marking: Marking
) -> tuple[Sent, dict[str, bytes]]:
    """The evidence as it leaves, and all files but the manifest and its signature."""
    discreet = request.audience.discreet(claims)
    simulated = _simulated(claims, finding, request.summary)
    shown = tuple(map(discreet.shown, claims))
    report = Report(
        title=request.title,
        created=request.created,
        organisation=request.organisation,
        atlas=request.atlas,
        marking=marking,
        finding=finding,
        picture=request.picture,
        summary=request.summary,
        claims=shown,
        captures=request.captures,
        discretion=discreet,
        simulated=simulated,
        provisional=request.provisional,
    )
    cover = Cover(
        title=request.title,
        created=request.created,
        organisation=request.organisation,
        marking=marking,
        discretion=discreet,
        simulated=simulated,
        provisional=request.provisional,
        copy=request.copy,
    )
    sent = evidence(claims, request.records, request.captures, discreet)
    files = {
        RECORDS: b"".join(encode(line) + b"\n" for line in sent.records),
        REPORT: render(report).encode(),
        BUNDLE: bundle_bytes(shown, cover),
    }
    return sent, files | sent.files


def _manifest(request: Request, sent: Sent, files: Mapping[str, bytes], marking: Marking) -> Manifest:
    rests = any(claim.simulated for claim in sent.claims)
    simulated = rests or _simulated((), request.finding, request.summary)
    return Manifest(
        v=VERSION,
        atlas=request.atlas,
        title=request.title,
        created=request.created,
        as_of=request.finding.as_of,
        marking=marking_form(marking),
        organisation=request.organisation,
        public_key=request.public_key.hex(),
        simulated=simulated,
        dispatchable=not simulated,
        claims=sent.claims,
        captures=sent.captures,
        files=tuple(
            FileEntry(name=name, sha256=sha256(data).hexdigest(), size=len(data))
            for name, data in sorted(files.items())
        ),
        provisional=request.provisional,
        selection=request.selection and request.selection._replace(included=len(sent.claims)),
        copy=request.copy,
    )
