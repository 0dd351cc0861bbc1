"""The ID token: whose word, for whom, for which sign-in, until when (OpenID Connect Core, 3.1.3.7)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jws import JWSRegistry
from joserfc.jwt import JWTClaimsRegistry

from chokepoint.model.errors import RefusedError

if TYPE_CHECKING:
    from chokepoint.web.signin.oidc.discovery import Known

ALGORITHMS = ("RS256", "ES256", "EdDSA", "Ed25519")
"""Signatures of a key of two halves alone (RFC 8725): no `none`, and no secret that both sides know."""
_REGISTRY = JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
"""Headers that nobody has to understand are ignored, as RFC 7515 says."""
LEEWAY, OLDEST = 60, 15 * 60
"""Seconds by which clocks may differ, and that a token may be old when it arrives."""
LONGEST = 255
"""Characters of a subject, as the specification says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Somebody as a provider knows them: the pair by which accounts are linked, and nothing beside it."""

    issuer: str
    subject: str


def read_token(token: str, known: Known, nonce: str, now: int) -> Subject:
    """The subject of an ID token.

    Args:
        token: as the provider gave it.
        known: the provider that was asked, and no other.
        nonce: sent with this sign-in.
        now: Unix seconds.

    Raises:
        RefusedError: the signature, or any of iss, aud, azp, exp, iat, nbf, nonce and sub, does not fit.
    """

    def key(signed: Any) -> Any:
        header = signed.headers()
        return known.key(str(header.get("kid", "")), str(header.get("alg", "")))

    essential: Any = {"essential": True}
    wanted = JWTClaimsRegistry(
        now=now,
        leeway=LEEWAY,
        iss={"essential": True, "value": known.provider.issuer},
        aud=essential,
        exp=essential,
        iat=essential,
        sub=essential,
    )
    try:
        claims = jwt.decode(token, key, registry=_REGISTRY).claims
        wanted.validate(claims)
    except (JoseError, ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        raise RefusedError(f"the ID token does not hold ({type(error).__name__})") from error
    _ours(claims, known.provider.client, nonce)
    if claims["iat"] < now - OLDEST - LEEWAY:
        raise RefusedError("the ID token is old")
    return Subject(issuer=known.provider.issuer, subject=_subject(claims["sub"]))


def _ours(claims: dict[str, Any], client: str, nonce: str) -> None:
    """Refuse what was made for another client or for another sign-in."""
    audience = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
    authorised = claims.get("azp", client if len(audience) == 1 else None)
    if client not in audience or authorised != client:
        raise RefusedError("the ID token is for another client")
    if claims.get("nonce") != nonce:
        raise RefusedError("the ID token is of another sign-in")


def _subject(value: object) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST or not value.isprintable():
        raise RefusedError("the ID token names no subject")
    return value
