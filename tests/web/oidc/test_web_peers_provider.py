"""Published leaks of peers replayed on signing in with a provider: whom a token names, and whose it is."""

from __future__ import annotations

import base64
import json

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from local_provider import RSA, STRANGER, LocalProvider, honest, network
from peer_rows import peer

from chokepoint.model.errors import RefusedError
from chokepoint.web.signin.oidc.discovery import Known
from chokepoint.web.signin.oidc.fetch import Fetcher
from chokepoint.web.signin.oidc.provider import Provider
from chokepoint.web.signin.oidc.token import read_token

NOW, NONCE, ISSUER = 1_770_000_000, "n" * 43, "https://login.work.test"
WORK = LocalProvider(ISSUER, lambda: NOW)
MAIL = {"email": "ann@bank.test", "email_verified": True, "preferred_username": "bank/ann", "name": "ann"}


def read(token):
    given = Provider(name="work", label="Work", issuer=ISSUER, client="desk", secret="s")
    return read_token(token, Known(given, Fetcher(network(WORK)), lambda: NOW), NONCE, NOW)


@peer("CVE-2026-9084")
@pytest.mark.parametrize("verified", [True, False, None, "true"])
def test_a_mail_verified_or_not_links_and_signs_in_nobody(abroad, ann, verified):
    """Ann is linked by (issuer, subject) at one provider; her mail at the same or at another is nobody."""
    told = MAIL | {"email_verified": verified}
    assert abroad.signs_in(ann, **told).status_code == 303
    other = abroad.web.visitor()
    abroad.signs_in(other, "s-2", **told)
    assert abroad.who_is_in(other) == ""
    third = abroad.web.visitor()
    back = abroad.club.authorise(abroad.sets_out(third, "/sign-in/with/club"), "s-1", **told)
    abroad.comes_back(third, back, "club")
    assert abroad.who_is_in(third) == ""


@peer("CVE-2023-39069")
@pytest.mark.parametrize("subject", [None, "", " ", "\x00", 0, False, [], ["s-1"], {"sub": "s-1"}])
def test_a_token_without_a_subject_is_nobody(subject):
    with pytest.raises(RefusedError):
        read(honest(WORK.claims("s-1", NONCE) | {"sub": subject}))


@peer("CVE-2023-39069")
@pytest.mark.parametrize("token", ["", " ", ".", "..", "...", "null", "a.b.c", "e30.e30."])
def test_an_empty_assertion_is_nobody(token):
    with pytest.raises(RefusedError):
        read(token)


def signed(header, key):
    """A token whose header says whatever it says, under a signature that holds: no library would make it."""
    parts = [{"alg": "RS256", **header}, WORK.claims("s-1", NONCE)]
    text = b".".join(_base64(json.dumps(part).encode()) for part in parts)
    signature = key.private_key.sign(text, PKCS1v15(), SHA256())
    return b".".join([text, _base64(signature)]).decode()


def _base64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def test_the_tool_makes_tokens_that_are_read_where_nothing_is_wrong():
    assert read(signed({"kid": "rsa"}, RSA)).subject == "s-1"


@peer("CVE-2025-59420")
@pytest.mark.parametrize(
    "crit", [["unheard"], ["exp"], ["b64"], [], "unheard", [""], None, ["alg"], ["kid", "unheard"]], ids=repr
)
def test_a_header_that_must_be_understood_and_is_not_is_refused(crit):
    with pytest.raises(RefusedError):
        read(signed({"kid": "rsa", "crit": crit, "unheard": True, "b64": False}, RSA))


@peer("CVE-2026-27962")
@pytest.mark.parametrize("kid", [None, "", "rsa", "unknown", "../rsa", 7])
@pytest.mark.parametrize("brought", ["jwk", "jku", "x5u", "x5c"])
def test_a_key_that_a_token_brings_along_signs_nothing(kid, brought):
    public = STRANGER.as_dict(private=False)
    header = {
        "jwk": {"jwk": public},
        "jku": {"jku": "https://evil.example/keys"},
        "x5u": {"x5u": "https://evil.example/cert"},
        "x5c": {"x5c": ["MIIB"]},
    }[brought] | ({} if kid is None else {"kid": kid})
    with pytest.raises(RefusedError):
        read(signed(header, STRANGER))


@peer("CVE-2026-27962")
def test_no_key_at_all_is_no_key():
    """A provider that publishes nothing: there is no key that could be taken from elsewhere."""
    silent = LocalProvider(ISSUER, lambda: NOW)
    silent.keys = []
    given = Provider(name="work", label="Work", issuer=ISSUER, client="desk", secret="s")
    known = Known(given, Fetcher(network(silent)), lambda: NOW)
    with pytest.raises(RefusedError):
        read_token(honest(WORK.claims("s-1", NONCE)), known, NONCE, NOW)
