"""The relying party: sends a browser to a provider, and reads who came back (RFC 6749, 7636, 9207, 9700)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from authlib.oauth2.auth import ClientAuth
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri, prepare_token_request
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from chokepoint.model.errors import NotFoundError, RefusedError
from chokepoint.web.signin.oidc.discovery import Known
from chokepoint.web.signin.oidc.journey import Journeys
from chokepoint.web.signin.oidc.subjects import Subjects
from chokepoint.web.signin.oidc.token import read_token

if TYPE_CHECKING:
    from chokepoint.web.guard.register import Register
    from chokepoint.web.signin.oidc.discovery import Metadata
    from chokepoint.web.signin.oidc.fetch import Fetcher
    from chokepoint.web.signin.oidc.journey import Journey
    from chokepoint.web.signin.oidc.provider import Provider
    from chokepoint.web.signin.oidc.token import Subject


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """What a browser brings back from a provider, as the specifications name it; empty is absent."""

    code: str = ""
    state: str = ""
    iss: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tokens:
    id_token: str


class RelyingParty:
    """One desk towards its providers.

    Args:
        providers: as the operator wrote them down.
        origin: of the desk; people come back to `ORIGIN/sign-in/with/NAME/back`, an address for each
            provider, so that no answer of one is taken for that of another.
        register: of the desk.
        fetcher: by which providers are asked.
    """

    def __init__(
        self, providers: tuple[Provider, ...], origin: str, *, register: Register, fetcher: Fetcher
    ) -> None:
        self.providers = providers
        self.journeys, self.subjects = Journeys(register), Subjects(register)
        self._origin, self._register, self._fetcher = origin, register, fetcher
        self._known = {one.name: Known(one, fetcher, register.now) for one in providers}

    def named(self, name: str) -> Provider:
        """The provider of that name.

        Raises:
            NotFoundError: there is none.
        """
        if name not in self._known:
            raise NotFoundError("there is no such provider")
        return self._known[name].provider

    def label(self, issuer: str) -> str:
        """How people know an issuer; the issuer itself where its provider is not asked any more."""
        return next((one.label for one in self.providers if one.issuer == issuer), issuer)

    def way(self, journey: Journey) -> str:
        """The address at the provider to which the browser goes.

        Raises:
            RefusedError: the provider cannot be asked, or says what it must not.
        """
        known = self._known[journey.provider]
        address: str = prepare_grant_uri(
            known.metadata().authorization_endpoint,
            known.provider.client,
            "code",
            redirect_uri=self._back(journey.provider),
            scope="openid",
            state=journey.state,
            nonce=journey.nonce,
            code_challenge=create_s256_code_challenge(journey.verifier),
            code_challenge_method="S256",
        )
        return address

    def arrival(self, cookie: str, name: str, returned: Returned) -> tuple[Journey, Subject]:
        """What a browser set out for, which ends here, and who came back.

        Args:
            cookie: of the browser.
            name: of the provider at whose address it came back.
            returned: what it brought.

        Raises:
            RefusedError: that browser was not on its way to that provider with that state, the provider did
                not let it through, or what the provider says does not hold.
        """
        journey = self.journeys.end(cookie, name, returned.state)
        if journey is None:
            raise RefusedError("nobody was on the way with that state in that browser")
        known = self._known[name]
        metadata, provider = known.metadata(), known.provider
        named = metadata.authorization_response_iss_parameter_supported
        if (named or returned.iss) and returned.iss != provider.issuer:
            raise RefusedError("the answer is another provider's")
        if returned.error or not returned.code:
            raise RefusedError("the provider let nobody through")
        token = self._redeem(metadata, journey, returned.code)
        return journey, read_token(token, known, journey.nonce, self._register.now())

    def _redeem(self, metadata: Metadata, journey: Journey, code: str) -> str:
        provider = self._known[journey.provider].provider
        body = prepare_token_request(
            "authorization_code",
            redirect_uri=self._back(provider.name),
            code=code,
            code_verifier=journey.verifier,
        )
        auth = ClientAuth(provider.client, provider.secret, _method(provider, metadata))
        address, headers, body = auth.prepare("POST", metadata.token_endpoint, {}, body)
        return self._fetcher.post(address, body, headers, _Tokens).id_token

    def _back(self, name: str) -> str:
        return f"{self._origin}/sign-in/with/{name}/back"


def _method(provider: Provider, metadata: Metadata) -> str:
    """How the desk proves itself: as the provider wishes, the header where it does not say (RFC 8414)."""
    if not provider.secret:
        return "none"
    offered = metadata.token_endpoint_auth_methods_supported
    post = "client_secret_post" in offered and "client_secret_basic" not in offered
    return "client_secret_post" if post else "client_secret_basic"
