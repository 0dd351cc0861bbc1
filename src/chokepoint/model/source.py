"""Where a claim comes from: capture, place, origin and grading.

Source of the scale: the Admiralty code (NATO AJP-2.1; UK JDP 2-00), two independent axes.
"""

from __future__ import annotations

from dataclasses import dataclass

from chokepoint.model.errors import NotValidError
from chokepoint.model.said import Said

RELIABILITY = "ABCDEF"
CREDIBILITY = "123456"


@dataclass(frozen=True, slots=True)
class Grading:
    """Admiralty grading of a source and of the information, with what the source itself said.

    Attributes:
        reliability: A (completely reliable) to E (unreliable); F cannot be judged.
        credibility: 1 (confirmed) to 5 (improbable); 6 cannot be judged.
        original: the source's own words (`tagpack:forensic`, `stix-confidence:85`), or empty.
    """

    reliability: str = "F"
    credibility: str = "6"
    original: str = ""

    def __post_init__(self) -> None:
        """Refuse what is not on the scale."""
        if self.reliability not in RELIABILITY or len(self.reliability) != 1:
            raise NotValidError(
                Said("unknown reliability {reliability!r}", reliability=self.reliability[:60]),
                mend="use A to F",
            )
        if self.credibility not in CREDIBILITY or len(self.credibility) != 1:
            raise NotValidError(
                Said("unknown credibility {credibility!r}", credibility=self.credibility[:60]),
                mend="use 1 to 6",
            )

    @property
    def code(self) -> str:
        """The two axes as written in reports, `B2`."""
        return self.reliability + self.credibility


UNGRADED = Grading()
CITED = "cited"
"""Method of a capture that claims of another atlas point into and whose bytes did not come with them."""


def parse_grading(text: str) -> Grading:
    """Read a grade as written on the command line, `B2`.

    Raises:
        NotValidError: not a letter A–F followed by a figure 1–6.
    """
    code = text.strip().upper()
    if len(code) != 2:
        raise NotValidError(
            Said("{text!r} is no Admiralty grade", text=text[:60]), mend="write a letter and a figure: B2"
        )
    return Grading(code[0], code[1])


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """The evidentiary bytes that claims point into.

    Attributes:
        sha256: hexadecimal SHA-256 of the bytes.
        media_type: what the bytes are, as recognised by content.
        path: the name under which they were taken in, archive members as `archive.zip!member`.
        size: in bytes.
        captured_at: when, UTC, ISO 8601.
        captured_by: the organisation.
        method: how they came (`file`, `paste`, `note`, `cited` where only their name did).
        container: SHA-256 of the archive or packed file they came in, or empty.
    """

    sha256: str
    media_type: str
    path: str
    size: int
    captured_at: str
    captured_by: str
    method: str = "file"
    container: str = ""
