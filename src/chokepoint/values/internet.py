"""What lives on hosts: web addresses, e-mail addresses, certificates and tracking identifiers."""

from __future__ import annotations

import re
from typing import NamedTuple

from chokepoint.model.errors import NotValidError
from chokepoint.model.identity import Entity
from chokepoint.model.said import Said
from chokepoint.values.address import parse_ipv4, parse_ipv6
from chokepoint.values.defang import refang
from chokepoint.values.host import parse_domain, parse_onion

LONGEST_URL = 8192
LONGEST_PORT = 16
"""Digits of a port, leading zeros among them: Python reads no number of thousands."""

_PORTS = {"http": "80", "https": "443", "ftp": "21"}
_scheme = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]{0,30}):/{1,3}").match
_other_scheme = re.compile(r"(?:javascript|data|mailto|tel|urn|magnet|about|blob|file):", re.IGNORECASE).match
_authority = re.compile(r"(?:([^/?#@]*)@)?(\[[0-9a-fA-F:.]+\]|[^/?#:@]*)(?::([0-9]*):?)?(?=[/?#]|$)").match
_numeric = re.compile(r"[0-9.]+").fullmatch
_local = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~\w-]+(?:\.+[a-z0-9!#$%&'*+/=?^_`{|}~\w-]+)*\.?").fullmatch
_hex = re.compile(r"[0-9a-f]+").fullmatch


class Url(NamedTuple):
    """The parts of a normalised web address; `host` is an entity of its own."""

    scheme: str
    userinfo: str
    host: Entity
    port: str
    rest: str


def parse_host(text: str) -> Entity:
    """The domain, address or onion service that a host text names.

    Raises:
        NotValidError: it is none of these.
    """
    if text.startswith("["):
        return Entity("ipv6-addr", parse_ipv6(text))
    if _numeric(text):
        return Entity("ipv4-addr", parse_ipv4(text))
    if text.lower().endswith(".onion"):
        return Entity("onion-service", parse_onion(text))
    return Entity("domain-name", parse_domain(text))


def split_url(text: str) -> Url:
    """The normalised parts of a web address, defanged or not; `http` where no scheme is written.

    Raises:
        NotValidError: another scheme than http, https and ftp, or a host that is none.
    """
    cleaned = refang(text).strip().strip("<>\"'")
    if len(cleaned) > LONGEST_URL:
        raise NotValidError(
            Said("a web address longer than {longest_url} characters", longest_url=LONGEST_URL)
        )
    scheme, rest = _split_scheme(cleaned)
    rest = _slashed(rest)
    found = _authority(rest)
    if not found or not found[2]:
        raise NotValidError(Said("{text!r} names no host", text=text[:80]))
    port = found[3] or ""
    if len(port) > LONGEST_PORT or int(port or 0) > 65_535:
        raise NotValidError(Said("port {port} does not exist", port=port[:10]))
    shown_host = _written_host(found[2])
    return Url(
        scheme=scheme,
        userinfo=found[1] or "",
        host=parse_host(shown_host),
        port="" if not port or str(int(port)) == _PORTS[scheme] else str(int(port)),
        rest=_path(rest[found.end() :]),
    )


def _slashed(text: str) -> str:
    """Backslashes before the query as the slashes that browsers take them for."""
    end = next((at for at, c in enumerate(text) if c in "?#"), len(text))
    return text[:end].replace("\\", "/") + text[end:]


def _written_host(text: str) -> str:
    return text.removesuffix(".") if len(text) > 1 else text


def _split_scheme(text: str) -> tuple[str, str]:
    found = _scheme(text)
    if found:
        scheme = found[1].lower()
        if scheme not in _PORTS:
            raise NotValidError(Said("scheme {scheme!r} is none of http, https and ftp", scheme=scheme))
        return scheme, text[found.end() :]
    if other := _other_scheme(text):
        raise NotValidError(Said("scheme {scheme!r} is none of http, https and ftp", scheme=other[0].lower()))
    return "http", text.removeprefix("//")


def _path(text: str) -> str:
    """Path and query, what no URI may hold percent-encoded (RFC 3986).

    A fragment is dropped, unless it is the path of a page that is drawn in the browser (`#/login`).
    """
    kept, _, fragment = text.partition("#")
    if fragment.startswith(("/", "!/")):
        kept = f"{kept}#{fragment}"
    if not kept.startswith("/"):
        kept = "/" + kept
    return "".join(c if "!" <= c <= "~" and c not in '"<>`' else _percent(c) for c in kept)


def _percent(character: str) -> str:
    return "".join(f"%{byte:02X}" for byte in character.encode("utf-8", "replace"))


def parse_url(text: str) -> str:
    """A web address with scheme and host in lower case and A-labels, no default port, no anchor.

    Raises:
        NotValidError: as `split_url`.
    """
    parts = split_url(text)
    host = _host_text(text, parts)
    user = f"{parts.userinfo}@" if parts.userinfo else ""
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{user}{host}{port}{parts.rest}"


def _host_text(text: str, parts: Url) -> str:
    """The host in a URL: an onion service keeps its subdomain there, an IPv6 address its brackets."""
    kind, value = parts.host
    if kind == "ipv6-addr":
        return f"[{value}]"
    if kind == "onion-service":
        found = re.search(rf"((?:[a-z0-9_-]+\.)*){re.escape(value)}", refang(text).lower())
        return found[0] if found else value
    return value


def parse_email(text: str) -> str:
    """An e-mail address in lower case, its domain in A-labels; at an onion service where it says so.

    Raises:
        NotValidError: no `@`, a bad local part, or a domain that is none.
    """
    cleaned = (
        refang(text).strip().strip("<>\"'").removeprefix("mailto:").removeprefix("MAILTO:").partition("?")[0]
    )
    local, mark, domain = cleaned.rpartition("@")
    if not mark or not local or not domain:
        raise NotValidError(Said("{text!r} is no e-mail address", text=text[:80]))
    local = local.lower()
    if len(local) > 64 or not _local(local):
        raise NotValidError(Said("{local!r} is no name before the @ of an e-mail address", local=local[:80]))
    host = parse_host(domain.removesuffix("."))
    if host.kind.endswith("addr"):
        raise NotValidError("an e-mail address needs a domain after the @")
    return f"{local}@{host.value}"


def parse_certificate(text: str) -> str:
    """`sha256:`, `sha1:` or `md5:` and the fingerprint, or `serial:` and the serial number, in hexadecimal.

    Raises:
        NotValidError: not hexadecimal, or a named digest of another length.
    """
    name, mark, body = text.strip().lower().partition(":")
    names = {"sha256": 64, "sha1": 40, "md5": 32, "serial": 0, "sha-256": 64, "sha-1": 40}
    if not mark or name not in names:
        name, body = "", text.strip().lower()
    digits = re.sub(r"[\s:]", "", body).removeprefix("0x")
    if not _hex(digits) or len(digits) > 128:
        raise NotValidError(
            Said("{text!r} is no fingerprint or serial number of a certificate", text=text[:80])
        )
    name = name.replace("-", "") or {64: "sha256", 40: "sha1", 32: "md5"}.get(len(digits), "serial")
    if names[name] and len(digits) != names[name]:
        raise NotValidError(
            Said(
                "{name} has {names} hexadecimal digits, not {digits}",
                name=name,
                names=names[name],
                digits=len(digits),
            )
        )
    return f"{name}:{digits.lstrip('0') or '0'}" if name == "serial" else f"{name}:{digits}"


_TRACKERS = (
    ("google-analytics", re.compile(r"UA-[0-9]{4,10}-[0-9]{1,4}|G-[A-Z0-9]{8,12}")),
    ("google-tag-manager", re.compile(r"GTM-[A-Z0-9]{4,9}")),
    ("google-ads", re.compile(r"AW-[0-9]{8,12}|DC-[0-9]{6,10}")),
    ("google-adsense", re.compile(r"(?:CA-)?PUB-[0-9]{14,18}")),
)
_tracker = re.compile(r"([a-z][a-z0-9-]{1,30}):([A-Za-z0-9_.-]{3,64})").fullmatch


def parse_tracking_id(text: str) -> str:
    """`service:identifier`; the service is read from the form where the form tells it (`UA-…`, `GTM-…`).

    Raises:
        NotValidError: the form tells no service and none is written.
    """
    cleaned = text.strip()
    body = cleaned.rpartition(":")[2].upper()
    for service, shape in _TRACKERS:
        if shape.fullmatch(body):
            return f"{service}:{body.removeprefix('CA-')}"
    found = _tracker(cleaned)
    if not found:
        raise NotValidError(
            Said("{text!r} tells no tracking service", text=text[:80]), mend="write service:identifier"
        )
    return f"{found[1]}:{found[2]}"
