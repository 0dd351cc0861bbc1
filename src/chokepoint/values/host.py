"""Names of hosts: domain names and onion services."""

from __future__ import annotations

import base64
import hashlib
import re
import unicodedata

import idna

from chokepoint.model.errors import NotValidError
from chokepoint.model.said import Said
from chokepoint.values.defang import refang
from chokepoint.values.suffix import is_public_suffix, is_tld, public_suffix, registered_domain

LONGEST = 253

_plain = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.){1,20}([a-z]{2,24})").fullmatch
_label = re.compile(r"[a-z0-9_-]{1,63}").fullmatch
_onion = re.compile(r"(?:[a-z0-9_-]{1,63}\.){0,10}([a-z2-7]{16}|[a-z2-7]{56})\.onion").fullmatch
_dots = re.compile("[。．｡]")


def parse_domain(text: str) -> str:
    """A host name in lower case and A-labels, without the final dot.

    Underscores may stand in labels. The name must end in a public suffix and have a label before it.

    Raises:
        NotValidError: no such suffix, a bad label, or longer than 253 characters.
    """
    bare = text.replace("[.]", ".")
    found = _plain(bare) if len(bare) <= LONGEST else None
    if found and found[1] != "onion" and is_tld(found[1]) and not is_public_suffix(bare):
        return bare
    host = ascii_host(refang(text).strip().removesuffix("."))
    suffix = public_suffix(host)
    if suffix == "onion":
        raise NotValidError(Said("{host!r} is an onion service, not a domain", host=host))
    if not suffix:
        raise NotValidError(Said("{host!r} does not end in a public suffix", host=host))
    if suffix == host:
        raise NotValidError(Said("{host!r} is a registry's suffix, not a host", host=host))
    return host


def ascii_host(text: str) -> str:
    """Lower-case A-labels of any dotted host, its suffix unchecked.

    Raises:
        NotValidError: an empty or malformed label, or a name that is too long.
    """
    if len(text) > LONGEST * 4:
        raise _too_long(len(text))
    labels = [_ascii_label(label) for label in _dots.sub(".", text).lower().split(".")]
    host = ".".join(labels)
    if len(labels) < 2:
        raise NotValidError(Said("{text!r} has no dot, so it names no host on the internet", text=text))
    if len(host) > LONGEST:
        raise _too_long(len(host))
    return host


def _too_long(length: int) -> NotValidError:
    return NotValidError(
        Said(
            "a host name has at most {longest} characters, this has {length}", longest=LONGEST, length=length
        )
    )


def _no_label(label: str) -> NotValidError:
    if label:
        what = Said("{label!r} is no label of a host name", label=label[:80])
    else:
        what = Said("an empty label is no part of a host name")
    return NotValidError(what, mend="write it as name.tld, without spaces")


def _ascii_label(label: str) -> str:
    if label.isascii():
        if not _label(label) or (label[0] == "-" and label[-1] == "-"):
            raise _no_label(label)
        return label
    if len(label) > 63:
        raise NotValidError("a label of a host name has at most 63 characters")
    try:
        return idna.encode(label, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        return _emoji_label(label)


def _emoji_label(label: str) -> str:
    """Labels that IDNA 2008 forbids and some registries sell: letters, digits and pictures."""
    folded = unicodedata.normalize("NFKC", label).lower()
    if (
        not folded
        or unicodedata.category(folded[0])[0] == "M"
        or not all(
            c == "-" or unicodedata.category(c)[0] in "LNM" or unicodedata.category(c) == "So" for c in folded
        )
    ):
        raise _no_label(label)
    encoded = folded if folded.isascii() else "xn--" + folded.encode("punycode").decode("ascii")
    if not _label(encoded):
        raise _no_label(label)
    return encoded


def unicode_host(host: str) -> str:
    """The host as its owner writes it; labels that do not decode stay as they are."""
    if "xn--" not in host:
        return host
    return ".".join(_unicode_label(label) for label in host.split("."))


def _unicode_label(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode("ascii").decode("punycode")
    except (UnicodeError, ValueError, OverflowError):
        return label


def parent(host: str) -> str:
    """The registered domain above a host; empty where the host is it."""
    above = registered_domain(host)
    return "" if above == host else above


def parse_onion(text: str) -> str:
    """A Tor onion service, version 2 (16 letters) or 3 (56, checksum verified), without subdomains.

    Source: Tor rend-spec-v3, section "Encoding onion addresses".

    Raises:
        NotValidError: the shape is wrong or the checksum of version 3 does not hold.
    """
    host = refang(text).strip().lower()
    host = re.sub(r"^https?://", "", host).split("/")[0].rsplit(":", 1)[0].removesuffix(".")
    found = _onion(host)
    if not found:
        raise NotValidError(
            Said("{text!r} is no onion address: 16 or 56 characters of base32 and .onion", text=text[:80])
        )
    if len(found[1]) == 56 and not _onion_checksum_holds(found[1]):
        raise NotValidError(Said("the checksum of {found}.onion does not hold", found=found[1]))
    return found[1] + ".onion"


def _onion_checksum_holds(name: str) -> bool:
    raw = base64.b32decode(name.upper())
    key, checksum, version = raw[:32], raw[32:34], raw[34:]
    return (
        version == b"\x03" and hashlib.sha3_256(b".onion checksum" + key + version).digest()[:2] == checksum
    )
