"""Sign-ins on their way to a provider and back: for one browser, one provider, once, for ten minutes.

The state is random and kept as its hash. Verifier (RFC 7636), nonce and the seal of what is carried along are
made from it and a secret of the desk, so that neither the register nor the state alone gives them away.
"""

from __future__ import annotations

import base64
import hmac
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography.fernet import Fernet

from chokepoint.web.guard.register import hashed

if TYPE_CHECKING:
    from chokepoint.web.guard.register import Register

PATIENCE = 10 * 60
"""Seconds."""
MOST = 20_000
"""Sign-ins that are on their way at once; of more, those that began first are forgotten."""
SIGN_IN, LINK, JOIN = "sign-in", "link", "join"
"""What for: to be let in, to link the account of whoever is in, to accept an invitation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """One sign-in.

    Attributes:
        provider: name of the one that was asked.
        goal: what for.
        who: `ORG/USER` who links or was invited; empty to be let in.
        carried: where the person wanted to go, or the token of the invitation.
        state, verifier, nonce: as the specifications name them.
    """

    provider: str
    goal: str
    who: str
    carried: str
    state: str
    verifier: str
    nonce: str


class Journeys:
    """Those of one desk."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self._secret = register.secret("oidc")

    def begin(self, cookie: str, provider: str, goal: str, *, who: str = "", carried: str = "") -> Journey:
        """A sign-in of the browser that shows this cookie; the arguments are those of `Journey`."""
        state, now = secrets.token_urlsafe(32), self._register.now()
        with self._register.together():
            self._register.change("DELETE FROM journeys WHERE until <= :now", now=now)
            self._register.change(
                "INSERT INTO journeys (id, cookie, provider, goal, who, carried, until)"
                " VALUES (:id, :cookie, :provider, :goal, :who, :carried, :until)",
                id=hashed(state),
                cookie=hashed(cookie),
                provider=provider,
                goal=goal,
                who=who,
                carried=self._seal(state).encrypt(carried.encode("utf-8", "surrogatepass")),
                until=now + PATIENCE,
            )
            self._register.change(
                "DELETE FROM journeys WHERE id IN"
                " (SELECT id FROM journeys ORDER BY until DESC LIMIT -1 OFFSET :most)",
                most=MOST,
            )
        return self._journey(state, provider=provider, goal=goal, who=who, carried=carried)

    def end(self, cookie: str, provider: str, state: str) -> Journey | None:
        """The sign-in with this state, which it ends; None if it is over or another's."""
        where = {"id": hashed(state), "cookie": hashed(cookie), "provider": provider}
        with self._register.together():
            row = self._register.row(
                "SELECT * FROM journeys WHERE id = :id AND cookie = :cookie AND provider = :provider"
                " AND until > :now",
                now=self._register.now(),
                **where,
            )
            self._register.change(
                "DELETE FROM journeys WHERE id = :id AND cookie = :cookie AND provider = :provider", **where
            )
        if row is None or not cookie:
            return None
        carried = self._seal(state).decrypt(row["carried"]).decode("utf-8", "surrogatepass")
        return self._journey(state, provider=provider, goal=row["goal"], who=row["who"], carried=carried)

    def _journey(self, state: str, **given: str) -> Journey:
        verifier, nonce = self._made("verifier", state), self._made("nonce", state)
        return Journey(state=state, verifier=verifier, nonce=nonce, **given)

    def _made(self, what: str, state: str) -> str:
        mac = hmac.digest(self._secret, f"{what} {state}".encode("utf-8", "surrogatepass"), "sha256")
        return base64.urlsafe_b64encode(mac).decode().rstrip("=")

    def _seal(self, state: str) -> Fernet:
        return Fernet(self._made("seal", state) + "=")
