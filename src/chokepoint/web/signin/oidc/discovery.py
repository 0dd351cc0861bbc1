"""What a provider says of itself (OpenID Connect Discovery 1.0) and its keys (RFC 7517), kept for an hour."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey, RSAKey

from chokepoint.model.errors import RefusedError
from chokepoint.web.signin.oidc.fetch import allowed, is_local

if TYPE_CHECKING:
    from collections.abc import Callable

    from chokepoint.web.signin.oidc.fetch import Fetcher
    from chokepoint.web.signin.oidc.provider import Provider

    PublicKey = RSAKey | ECKey | OKPKey

KEPT, SELDOM = 60 * 60, 60
"""Seconds: for which an answer is kept, and within which nothing is asked again, whatever is unknown."""
MOST_KEYS, LEAST_BITS = 50, 2048
_TYPES: dict[str, tuple[type[PublicKey], tuple[str, ...]]] = {
    "RSA": (RSAKey, ("kty", "n", "e")),
    "EC": (ECKey, ("kty", "crv", "x", "y")),
    "OKP": (OKPKey, ("kty", "crv", "x")),
}
"""Keys of two halves, and what their public half is made of: whatever else is given is not looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What a provider says of itself, by the names of the specification."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    token_endpoint_auth_methods_supported: list[str] = field(default_factory=list)
    authorization_response_iss_parameter_supported: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class KeySet:
    """The document at `jwks_uri`."""

    keys: list[dict[str, Any]]


class Known:
    """What is known of one provider; shared by the threads of this process.

    Args:
        provider: whose.
        fetcher: by which it is asked.
        now: the present moment in Unix seconds.
    """

    def __init__(self, provider: Provider, fetcher: Fetcher, now: Callable[[], int]) -> None:
        self.provider = provider
        self._fetcher, self._now, self._lock = fetcher, now, Lock()
        self._metadata: Metadata | None = None
        self._keys: dict[tuple[str, str], PublicKey] = {}
        self._read = self._tried = self._keys_tried = -KEPT

    def metadata(self) -> Metadata:
        """What it says of itself.

        Raises:
            RefusedError: it cannot be asked, or what it says is not for the issuer that was written down, or
                leads where nobody is asked.
        """
        with self._lock:
            now = self._now()
            if self._metadata is None or now - self._read >= KEPT:
                if now - self._tried < SELDOM:
                    raise RefusedError("it was asked a moment ago and did not answer")
                self._tried = now
                address = self.provider.issuer.rstrip("/") + "/.well-known/openid-configuration"
                self._metadata = _fitting(self._fetcher.get(address, Metadata), self.provider.issuer)
                self._read, self._keys, self._keys_tried = now, {}, now - SELDOM
            return self._metadata

    def key(self, kid: str, algorithm: str) -> PublicKey:
        """Its public key of that id for that algorithm; it is asked anew for one that is not known.

        Raises:
            RefusedError: it has none, or cannot be asked.
        """
        address = self.metadata().jwks_uri
        with self._lock:
            now = self._now()
            if (kid, algorithm) not in self._keys and now - self._keys_tried >= SELDOM:
                self._keys_tried = now
                self._keys = public_keys(self._fetcher.get(address, KeySet).keys)
            found = self._keys.get((kid, algorithm))
        if found is None:
            raise RefusedError("it has no such key")
        return found


def _fitting(found: Metadata, issuer: str) -> Metadata:
    loopback = is_local(urlsplit(issuer).hostname or "")
    if found.issuer != issuer:
        raise RefusedError("it speaks for another issuer")
    for address in (found.authorization_endpoint, found.token_endpoint, found.jwks_uri):
        if not allowed(address, loopback=loopback):
            raise RefusedError("it leads to an address that is not https")
    return found


def public_keys(entries: list[dict[str, Any]]) -> dict[tuple[str, str], PublicKey]:
    """Keys by their id and the algorithm that each is for.

    Passed over is what has no id, is for encryption, is symmetric, too short or damaged. An id that stands
    for two keys of one algorithm stands for neither.
    """
    found: dict[tuple[str, str], PublicKey] = {}
    twice = set()
    for entry in entries[:MOST_KEYS]:
        kid, made = entry.get("kid"), _public(entry)
        if made is None or not isinstance(kid, str) or not kid or entry.get("use", "sig") != "sig":
            continue
        for name in _algorithms(made, entry.get("alg")):
            if (kid, name) in found:
                twice.add((kid, name))
            found[kid, name] = made
    return {one: key for one, key in found.items() if one not in twice}


def _public(entry: dict[str, Any]) -> PublicKey | None:
    kind = _TYPES.get(str(entry.get("kty")))
    if kind is None:
        return None
    try:
        made = kind[0].import_key({name: entry[name] for name in kind[1]})
        made.get_op_key("verify")
    except (JoseError, KeyError, TypeError, ValueError, AttributeError):
        return None
    return made


def _algorithms(key: PublicKey, named: object) -> list[str]:
    """Those of the allowed ones that a key is for, and that its owner does not exclude."""
    if isinstance(key, RSAKey):
        fitting = ["RS256"] if key.public_key.key_size >= LEAST_BITS else []
    elif isinstance(key, ECKey):
        fitting = ["ES256"] if key.curve_name == "P-256" else []
    else:
        fitting = ["EdDSA", "Ed25519"] if key.curve_name == "Ed25519" else []
    return [one for one in fitting if named is None or named == one]
