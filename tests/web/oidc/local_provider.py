"""An OpenID provider of a test's own: discovery, keys, authorisation and tokens, and every way to be wrong."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlsplit

import httpx
from joserfc import jws
from joserfc.jwk import ECKey, OKPKey, RSAKey
from selectolax.lexbor import LexborHTMLParser

from chokepoint.model.marking import Viewer

if TYPE_CHECKING:
    from collections.abc import Callable

FILE = """
[provider.work]
label = "Work & <Co>"
issuer = "https://login.work.test"
client_id = "desk"
secret = "quiet secret"

[provider.club]
issuer = "https://club.test/realm"
client_id = "desk"
secret = "quiet secret"
"""
ANN = Viewer(organisation="bank", user="ann")
RSA = RSAKey.generate_key(2048, {"kid": "rsa"})
EC = ECKey.generate_key("P-256", {"kid": "ec"})
ED = OKPKey.generate_key("Ed25519", {"kid": "ed"})
STRANGER = RSAKey.generate_key(2048, {"kid": "rsa"})
BY_KEY = {"RS256": RSA, "ES256": EC, "Ed25519": ED}


@dataclass
class LocalProvider:
    """One provider; `now` is the desk's clock.

    Attributes:
        issuer: its identifier and address.
        clients: secrets by client id; empty for a public client.
        change: what it does to the claims of a token before it signs them.
        sign: how it signs claims instead of honestly.
        metadata: what its discovery document says instead.
        serve: answers a request instead of it where it returns something.
        asked: paths of the requests that it got, in order.
    """

    issuer: str
    now: Callable[[], float]
    clients: dict[str, str] = field(default_factory=lambda: {"desk": "quiet secret"})
    change: Callable[[dict[str, Any]], dict[str, Any]] = lambda claims: claims
    sign: Callable[[dict[str, Any]], str] | None = None
    alg: str = "RS256"
    metadata: dict[str, Any] = field(default_factory=dict)
    keys: list[dict[str, Any]] = field(
        default_factory=lambda: [one.as_dict(private=False) for one in (RSA, EC, ED)]
    )
    serve: Callable[[httpx.Request], httpx.Response | None] = lambda _: None
    asked: list[str] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def reset(self) -> None:
        """Honest again, and asked nothing yet."""
        self.__init__(self.issuer, self.now)  # type: ignore[misc]

    def authorise(self, address: str, subject: str, **more: Any) -> dict[str, str]:
        """What the browser brings back after somebody has signed in at the address; `more` goes in the token."""
        where, _, query = address.partition("?")
        assert where == f"{self.issuer}/authorize"
        asked = {name: values[0] for name, values in parse_qs(query, strict_parsing=True).items()}
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        assert "openid" in asked["scope"].split()
        assert asked["client_id"] in self.clients
        code = secrets.token_urlsafe(12)
        self.codes[code] = asked | {"sub": subject, "more": json.dumps(more)}
        return {"code": code, "state": asked["state"]}

    def answer(self, request: httpx.Request) -> httpx.Response:
        """To a request of the desk."""
        path = request.url.path
        self.asked.append(path)
        instead = self.serve(request)
        if instead is not None:
            return instead
        if path.endswith("/.well-known/openid-configuration"):
            return httpx.Response(200, json=self.document())
        if path.endswith("/jwks"):
            return httpx.Response(200, json={"keys": self.keys})
        return self._token(request) if path.endswith("/token") else httpx.Response(404)

    def document(self) -> dict[str, Any]:
        """The discovery document."""
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
            **self.metadata,
        }

    def _token(self, request: httpx.Request) -> httpx.Response:
        form = {name: values[0] for name, values in parse_qs(request.content.decode()).items()}
        grant = self.codes.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        challenge = _base64(digest)
        client = self._client(request, form)
        if (
            grant is None
            or form["grant_type"] != "authorization_code"
            or client != grant["client_id"]
            or form["redirect_uri"] != grant["redirect_uri"]
            or challenge != grant["code_challenge"]
        ):
            return httpx.Response(400, json={"error": "invalid_grant"})
        claims = self.claims(grant["sub"], grant["nonce"], client) | json.loads(grant["more"])
        return httpx.Response(200, json={"access_token": "x", "id_token": self.signed(self.change(claims))})

    def _client(self, request: httpx.Request, form: dict[str, str]) -> str:
        header = request.headers.get("authorization", "")
        if header:
            client, _, secret = base64.b64decode(header.removeprefix("Basic ")).decode().partition(":")
        else:
            client, secret = form.get("client_id", ""), form.get("client_secret", "")
        return client if self.clients.get(unquote(client)) == unquote(secret) else ""

    def claims(self, subject: str, nonce: str, client: str = "desk") -> dict[str, Any]:
        """Those of an honest token."""
        now = int(self.now())
        made = {"iss": self.issuer, "sub": subject, "aud": client, "nonce": nonce}
        return made | {"iat": now, "exp": now + 300}

    def signed(self, claims: dict[str, Any]) -> str:
        """A token, as `sign` or else `alg` says."""
        if self.sign is not None:
            return self.sign(claims)
        return honest(claims, self.alg)


def honest(claims: dict[str, Any], alg: str = "RS256", **header: Any) -> str:
    """A token signed with the provider's own key for an algorithm."""
    key = BY_KEY[alg]
    return jws.serialize_compact(
        {"alg": alg, "kid": key.kid} | header, json.dumps(claims), key, algorithms=[alg]
    )


def unsigned(claims: dict[str, Any]) -> str:
    """A token with `alg: none`."""
    return _written("none", claims) + "."


def with_public_key_as_secret(claims: dict[str, Any]) -> str:
    """A token whose HMAC is made with what everybody knows."""
    text = _written("HS256", claims)
    return f"{text}.{_base64(hmac.digest(RSA.as_pem(private=False), text.encode(), 'sha256'))}"


def _written(alg: str, claims: dict[str, Any]) -> str:
    return ".".join(_base64(json.dumps(part).encode()) for part in ({"alg": alg, "kid": "rsa"}, claims))


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def by_stranger(claims: dict[str, Any], **header: Any) -> str:
    """A token signed by another key that bears the name of the provider's."""
    return jws.serialize_compact({"alg": "RS256", "kid": "rsa"} | header, json.dumps(claims), STRANGER)


def network(*providers: LocalProvider) -> httpx.MockTransport:
    """A network on which there is nobody else."""

    def answer(request: httpx.Request) -> httpx.Response:
        host = urlsplit(str(request.url)).netloc
        found = next((one for one in providers if urlsplit(one.issuer).netloc == host), None)
        if found is None:
            raise httpx.ConnectError("nobody is there", request=request)
        made = found.answer(request)
        if not made.is_closed:
            return made
        return httpx.Response(made.status_code, headers=made.headers, content=iter([made.content]))

    return httpx.MockTransport(answer)


def address_in(page: str) -> str:
    """Where a page sends its reader on."""
    link = LexborHTMLParser(page).css_first("a.button.main")
    assert link is not None
    return link.attributes["href"] or ""
