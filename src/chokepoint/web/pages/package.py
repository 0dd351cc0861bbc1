"""Packages: what was sent and got and how it stands now; make one; verify one from somebody else."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from litestar import Response
from litestar.datastructures import UploadFile

from chokepoint.desk.hand import Dispatch
from chokepoint.desk.hand import build as bind
from chokepoint.desk.handing.dissemination import Handed, handed, standing_of
from chokepoint.desk.handing.parcel import packed, unpacked
from chokepoint.desk.handing.publish import read as files_of
from chokepoint.model.errors import ChokepointError, NotFoundError, NotValidError
from chokepoint.model.marking import Tlp, parse_tlp
from chokepoint.package.outcome import ClaimProof, Verification
from chokepoint.package.verify import signed_manifest
from chokepoint.package.verify import verify as prove
from chokepoint.web.guard.headers import UNKEPT
from chokepoint.web.pages.member import others
from chokepoint.web.route import Form, FromPath, FromQuery, Upload, read, write
from chokepoint.web.viewer import Here, Seat

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chokepoint.package.manifest import ClaimEntry, Manifest

LARGEST = 64 * 1024 * 1024
SHOWN = 200
LONGEST = 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PackagesPage:
    """Packages and what is asked for a new one.

    Attributes:
        packages: that the viewer's organisation sent or got, newest first.
        target: what a new one is to be about, `kind:value`; empty for the best finding.
        members: of the coalition, to send it to.
    """

    packages: tuple[Handed, ...]
    target: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PackagePage:
    """One of them, with what of it does not stand any more."""

    package: Handed


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofPage:
    """What became of a package at hand.

    Attributes:
        found: step by step and claim by claim.
        proved: claims that are, to the bytes; `found.vouched` more rest on the sender's word.
        votes: that are proved by their signed records.
        withheld: which fields these rest on, in order of name.
        shown: claims with what they say: those that are not proved, those that are vouched for, the others.
        most: how many of them are listed.
        standing: how it stands today in the viewer's map; None where it is of another atlas.
    """

    found: Verification
    proved: int
    votes: int
    withheld: tuple[str, ...]
    shown: tuple[tuple[ClaimProof, ClaimEntry], ...]
    standing: Handed | None
    most: int = SHOWN


@dataclass(slots=True, kw_only=True)
class BuildForm:
    """What to bind, and for whom: members, with commas between."""

    target: str = ""
    recipients: str = ""


@dataclass(slots=True, kw_only=True)
class ProofForm:
    """A zipped package."""

    file: UploadFile | None = None
    csrf: str = ""


@read("/package")
def listing(seat: Here, target: FromQuery[str] = "") -> Response[str]:
    """All of them, and the forms to make and to verify one."""
    page = PackagesPage(packages=tuple(handed(seat.atlas)), target=target[:LONGEST], members=others(seat))
    return seat.page("packages.html", page, label=seat.label if page.packages else None)


@read("/package/{name:str}")
def one(seat: Here, name: FromPath[str]) -> Response[str]:
    """What of one no longer stands."""
    found = next((package for package in handed(seat.atlas) if package.id == name), None)
    if found is None:
        raise NotFoundError("no such package", place=name, mend="`chokepoint package list` shows yours")
    return seat.page("package.html", PackagePage(package=found), label=seat.label)


@write("/package/build", again=listing, status_code=200)
def building(seat: Here, data: Form[BuildForm]) -> Response[bytes]:
    """A signed package as a zip, or a zip of one for each recipient; whoever is to get it sees it listed."""
    recipients = frozenset(filter(None, map(str.strip, data.recipients.split(","))))
    with tempfile.TemporaryDirectory(prefix="package-") as folder:
        out = Path(folder) / "package"
        built = bind(seat.atlas, data.target.strip(), out, Dispatch(recipients=recipients))
        each = {f"{one.name}.zip": packed(files_of(one)) for one in built.copies.values()}
        content = packed(each or files_of(out))
    name = "packages.zip" if each else "package.zip"
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": UNKEPT}
    return Response(content, media_type="application/zip", headers=headers)


@write("/package/verify", again=listing, request_max_body_size=LARGEST, status_code=200)
def verifying(seat: Here, data: Upload[ProofForm]) -> Response[str]:
    """Prove each claim of a package back to the bytes of its capture, and say how it stands today."""
    files = unpacked(data.file.file.read() if data.file else b"")
    found, manifest = prove(files), _signed(files)
    standing = None
    if found.proved:
        try:
            standing = standing_of(seat.atlas, files)
        except NotFoundError:
            standing = None  # made from another atlas: whether it is genuine is known all the same
    page = ProofPage(
        found=found,
        proved=sum(claim.proved for claim in found.claims) - found.vouched,
        votes=sum(one.proved for one in found.votes),
        withheld=tuple(sorted({name for one in found.claims if one.vouched for name in one.withheld})),
        shown=_in_order(found.claims, manifest.claims if manifest else ()),
        standing=standing,
    )
    return seat.page("proof.html", page, label=_label(seat, manifest, page))


def _signed(files: Mapping[str, bytes]) -> Manifest | None:
    """What the maker of a package signed; None where nobody did."""
    try:
        return signed_manifest(files)
    except ChokepointError:
        return None


def _in_order(
    proofs: Sequence[ClaimProof], entries: Sequence[ClaimEntry]
) -> tuple[tuple[ClaimProof, ClaimEntry], ...]:
    told = zip(proofs, entries, strict=bool(proofs))
    return tuple(sorted(told, key=lambda one: (one[0].proved, not one[0].vouched)))


def _label(seat: Seat, manifest: Manifest | None, page: ProofPage) -> Tlp:
    """The package's own or that of the map in which it stands, the stricter; RED where its own is unknown."""
    try:
        own = parse_tlp(manifest.marking.tlp) if manifest else Tlp.RED
    except NotValidError:
        return Tlp.RED
    return max(own, seat.label) if page.standing else own


ROUTES = (listing, one, building, verifying)
