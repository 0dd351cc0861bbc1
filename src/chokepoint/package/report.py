"""What a package's report is made from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chokepoint.package.findings import Picture
from chokepoint.package.privacy import Discretion

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chokepoint.model.marking import Marking
    from chokepoint.package.findings import Finding, Summary
    from chokepoint.package.parts import PackageCapture, PackageClaim, Provisional


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a report is made from; all of it fit for its readers already.

    Attributes:
        title: of the package.
        created: UTC, ISO 8601.
        organisation: who publishes it.
        atlas: id of the atlas.
        marking: of the whole.
        finding: the answer.
        picture: for the drawings.
        summary: of the run that led to it, or None.
        claims: the evidence, in order.
        captures: by SHA-256, for their paths.
        discretion: who may be named.
        simulated: whether the watermark is shown.
        provisional: who answers for what in it is not vetted yet, or None.
    """

    title: str
    created: str
    organisation: str
    atlas: str
    marking: Marking
    finding: Finding
    picture: Picture = field(default_factory=Picture)
    summary: Summary | None = None
    claims: Sequence[PackageClaim] = ()
    captures: Mapping[str, PackageCapture] = field(default_factory=dict)
    discretion: Discretion = field(default_factory=Discretion)
    simulated: bool = False
    provisional: Provisional | None = None
