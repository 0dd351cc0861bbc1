"""Files by their digests."""

from __future__ import annotations

import re

from chokepoint.model.errors import NotValidError
from chokepoint.model.said import Said

_LENGTHS = {
    "md5": 32,
    "sha1": 40,
    "sha224": 56,
    "sha256": 64,
    "sha384": 96,
    "sha512": 128,
    "imphash": 32,
    "authentihash": 64,
}
_BY_LENGTH = {32: "md5", 40: "sha1", 56: "sha224", 64: "sha256", 96: "sha384", 128: "sha512"}
_hex = re.compile(r"[0-9a-f]{32,128}").fullmatch
_named = re.compile(
    r"(md-?5|sha-?(?:1|224|256|384|512)|imphash|authentihash|ssdeep|telfhash|tlsh|vhash|pehash):(.+)",
    re.IGNORECASE,
).fullmatch
_ssdeep = re.compile(r"[0-9]{1,10}:[A-Za-z0-9+/]{3,100}:[A-Za-z0-9+/]{2,100}").fullmatch
_word = re.compile(r"[A-Za-z0-9+/:._=-]{8,200}").fullmatch


def parse_file(text: str) -> str:
    """`algorithm:digest` in lower case; a bare digest is named by its length.

    `imphash`, `authentihash`, `ssdeep`, `telfhash` and `tlsh` must be written: their forms tell nothing.

    Raises:
        NotValidError: not hexadecimal, or a length that the algorithm does not have.
    """
    cleaned = text.strip().strip("\"'`")
    lowered = cleaned.lower()
    if _hex(lowered):
        if len(lowered) in _BY_LENGTH:
            return f"{_BY_LENGTH[len(lowered)]}:{lowered}"
        raise NotValidError(Said("no digest has {lowered} hexadecimal digits", lowered=len(lowered)))
    found = _named(cleaned)
    if not found:
        raise NotValidError(
            Said("{text!r} is no digest of a file", text=text[:80]), mend="write algorithm:digest"
        )
    return _checked(found[1].lower().replace("-", ""), found[2].strip())


def _checked(name: str, digest: str) -> str:
    if name in _LENGTHS:
        lowered = digest.lower()
        if not _hex(lowered) or len(lowered) != _LENGTHS[name]:
            raise NotValidError(
                Said(
                    "{name} has {lengths} hexadecimal digits, {digest!r} has not",
                    name=name,
                    lengths=_LENGTHS[name],
                    digest=digest[:80],
                )
            )
        return f"{name}:{lowered}"
    shape = _ssdeep if name == "ssdeep" else _word
    if not shape(digest):
        raise NotValidError(Said("{digest!r} is no {name}", digest=digest[:80], name=name))
    return f"{name}:{digest}"
