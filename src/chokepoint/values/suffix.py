"""The Public Suffix List: where a registered domain ends and its registry begins.

Source: https://publicsuffix.org/list/, in the snapshot that the `tldextract` distribution carries;
read from disk once, never fetched.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import util
from pathlib import Path

from chokepoint.model.errors import NotValidError

_SNAPSHOT = ".tld_set_snapshot"
_PRIVATE = "===BEGIN PRIVATE DOMAINS==="
_SITE_HOSTS = frozenset(
    {
        "wordpress.com",
        "blogspot.com",
        "tumblr.com",
        "livejournal.com",
        "tripod.com",
        "narod.ru",
        "ucoz.ru",
        "jimdo.com",
    }
    | {"webnode.com", "000webhostapp.com", "substack.com", "wixsite.com", "weebly.com", "altervista.org"}
)
"""Services at which anybody opens a site below the service's own domain, and which never joined the list."""


_RESERVED = frozenset({"example"})
"""Names under which nothing ever lives, and which writings use all the same (RFC 2606)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The list, split by its two sections; every rule in A-labels, `*` and `!` kept as written.

    Attributes:
        icann: rules of registries.
        private: rules of hosting services (`wordpress.com`, `github.io`).
        tlds: top-level domains.
        plain: those of them that are registries themselves, without a wildcard below.
    """

    icann: frozenset[str]
    private: frozenset[str]
    tlds: frozenset[str]
    plain: frozenset[str]


@cache
def rules() -> Rules:
    """The rules of the snapshot.

    Raises:
        NotValidError: the snapshot is missing from the installation.
    """
    sections: tuple[set[str], set[str]] = (set(), set())
    section = 0
    for line in _snapshot().splitlines():
        if _PRIVATE in line:
            section = 1
        rule = line.strip()
        if rule and not rule.startswith("//"):
            sections[section].add(_ascii_rule(rule))
    icann = frozenset(sections[0] | _RESERVED)
    return Rules(
        icann=icann,
        private=frozenset(sections[1] | _SITE_HOSTS),
        tlds=frozenset(rule.rpartition(".")[2] for rule in icann),
        plain=frozenset(rule for rule in icann if "." not in rule and f"*.{rule}" not in icann),
    )


def _snapshot() -> str:
    spec = util.find_spec("tldextract")
    if spec is None or not spec.submodule_search_locations:
        raise NotValidError("the public suffix list is not installed", mend="pip install tldextract")
    return Path(spec.submodule_search_locations[0], _SNAPSHOT).read_text("utf-8")


def _ascii_rule(rule: str) -> str:
    if rule.isascii():
        return rule
    return ".".join(
        label if label.isascii() else "xn--" + label.encode("punycode").decode("ascii")
        for label in rule.split(".")
    )


def is_tld(label: str) -> bool:
    """Whether the label (lower case, A-label) is a top-level domain."""
    return label in rules().tlds


def is_public_suffix(host: str) -> bool:
    """Whether a registry registers directly below the host; quicker than asking which suffix it has."""
    icann = rules().icann
    if host in icann:
        return True
    return f"*.{host.partition('.')[2]}" in icann and f"!{host}" not in icann


@lru_cache(maxsize=65_536)
def _suffix_labels(tail: str, private: bool) -> int:
    """How many of the last labels form the public suffix; 0 where the top level is unknown."""
    table = rules()
    labels = tail.split(".")
    if labels[-1] not in table.tlds:
        return 0
    for start in range(len(labels)):
        name = ".".join(labels[start:])
        wild = ".".join(["*", *labels[start + 1 :]])
        for section in (table.icann, table.private) if private else (table.icann,):
            if "!" + name in section:
                return len(labels) - start - 1
            if name in section or wild in section:
                return len(labels) - start
    return 1


def public_suffix(host: str, *, private: bool = False) -> str:
    """The longest public suffix of a normalised host; empty where there is none.

    Args:
        host: lower case, A-labels, no trailing dot.
        private: whether hosting services count as registries.

    >>> public_suffix("shop.evil.co.th")
    'co.th'
    """
    labels = host.split(".")
    count = _suffix_labels(".".join(labels[-6:]), private)
    return ".".join(labels[-count:]) if count else ""


def registered_domain(host: str) -> str:
    """The domain that somebody registered, or the site that they opened at a hosting service.

    Empty where the host is a public suffix itself or has none.

    >>> registered_domain("a.b.evil.co.th"), registered_domain("pay.union83939k.wordpress.com")
    ('evil.co.th', 'union83939k.wordpress.com')
    """
    table = rules()
    left, _, right = host.partition(".")
    if left and right in table.plain and host not in table.icann and host not in table.private:
        return host
    suffix = public_suffix(host, private=True)
    if suffix == host and suffix in table.private:
        suffix = public_suffix(host)
    if not suffix or suffix == host:
        return ""
    return host[: -len(suffix) - 1].rpartition(".")[2] + "." + suffix
