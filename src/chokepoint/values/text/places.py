"""What the address of a candidate alone tells of its role: public bodies, and sites that reports refer to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chokepoint.values import platforms
from chokepoint.values.internet import split_url
from chokepoint.values.mailboxes import anybodys
from chokepoint.values.suffix import registered_domain
from chokepoint.values.text.words import words

if TYPE_CHECKING:
    from chokepoint.values.text.candidate import Candidate

PUBLIC = "under a suffix of public bodies"


def is_reference(candidate: Candidate, host: str) -> bool:
    """Whether a candidate lies at a site that reports point readers to, and is no one's profile there."""
    kind, value = candidate.entity
    if (kind == "email-addr" and anybodys(host)) or registered_domain(host) not in words(
        "role", "reference_hosts"
    ):
        return False
    parts = split_url(value) if kind == "url" else None
    return parts is None or platforms.profile(parts.host.value, parts.rest) is None


def host_of(candidate: Candidate) -> str:
    """The domain in an address, web address or mailbox; empty where it has none."""
    kind, value = candidate.entity
    if kind == "domain-name":
        return value
    if kind == "email-addr":
        return value.rpartition("@")[2]
    if kind == "url":
        host = split_url(value).host
        return host.value if host.kind == "domain-name" else ""
    return ""


def public(host: str) -> str:
    """`PUBLIC` for a host under a suffix that only public bodies and schools are given, else empty."""
    labels = host.split(".")
    suffixes = words("role", "public_suffixes")
    known = any(host.endswith("." + suffix) or host == suffix for suffix in suffixes)
    if known or (len(labels) > 2 and labels[-2] in words("role", "public_labels") and len(labels[-1]) == 2):
        return PUBLIC
    return ""
