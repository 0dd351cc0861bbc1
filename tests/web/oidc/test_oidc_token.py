"""The ID token: what every claim must say, whose signature counts, and that nothing else does."""

from __future__ import annotations

import base64
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jws
from local_provider import (
    BY_KEY,
    STRANGER,
    LocalProvider,
    by_stranger,
    honest,
    network,
    unsigned,
    with_public_key_as_secret,
)

from chokepoint.model.errors import RefusedError
from chokepoint.web.signin.oidc.discovery import Known
from chokepoint.web.signin.oidc.fetch import Fetcher
from chokepoint.web.signin.oidc.provider import Provider
from chokepoint.web.signin.oidc.token import LEEWAY, LONGEST, OLDEST, Subject, read_token

NOW, NONCE, ISSUER = 1_770_000_000, "n" * 43, "https://login.work.test"
WORK = LocalProvider(ISSUER, lambda: NOW)


def known(provider=WORK):
    """What the desk knows of a provider, which it has still to ask."""
    given = Provider(name="work", label="Work", issuer=ISSUER, client="desk", secret="s")
    return Known(given, Fetcher(network(provider)), lambda: NOW)


KNOWN = known()


def read(token):
    return read_token(token, KNOWN, NONCE, NOW)


def claims(**other):
    return WORK.claims("s-1", NONCE) | other


def without(name):
    return {key: value for key, value in claims().items() if key != name}


@pytest.mark.parametrize("alg", list(BY_KEY))
def test_an_honest_token_names_its_subject(alg):
    assert read(honest(claims(), alg)) == Subject(issuer=ISSUER, subject="s-1")


@pytest.mark.filterwarnings("ignore:EdDSA is deprecated")
def test_ed25519_is_read_by_its_older_name_too():
    key = BY_KEY["Ed25519"]
    header = {"alg": "EdDSA", "kid": "ed"}
    token = jws.serialize_compact(header, json.dumps(claims()), key, algorithms=["EdDSA"])
    assert read(token).subject == "s-1"


WRONG = {
    "nonce of another sign-in": claims(nonce="x" * 43),
    "no nonce": without("nonce"),
    "nonce in a list": claims(nonce=[NONCE]),
    "other issuer": claims(iss="https://club.test/realm"),
    "issuer with a slash more": claims(iss=ISSUER + "/"),
    "issuer in other case": claims(iss=ISSUER.upper()),
    "issuer in a list": claims(iss=[ISSUER]),
    "no issuer": without("iss"),
    "other audience": claims(aud="shop"),
    "no audience": without("aud"),
    "empty audience": claims(aud=[]),
    "audience of many and no azp": claims(aud=["desk", "shop"]),
    "audience of many for the other": claims(aud=["desk", "shop"], azp="shop"),
    "azp of another": claims(azp="shop"),
    "audience like ours": claims(aud="desk "),
    "audience that is a number": claims(aud=1),
    "expired": claims(exp=NOW - LEEWAY),
    "no exp": without("exp"),
    "exp that is a text": claims(exp="9999999999"),
    "exp that is true": claims(exp=True),
    "exp that is not a number": claims(exp=float("nan")),
    "no iat": without("iat"),
    "iat ahead": claims(iat=NOW + LEEWAY + 1),
    "iat long ago": claims(iat=NOW - OLDEST - LEEWAY - 1),
    "not valid yet": claims(nbf=NOW + LEEWAY + 1),
    "no sub": without("sub"),
    "empty sub": claims(sub=""),
    "sub in a list": claims(sub=["s-1"]),
    "sub with a NUL": claims(sub="s-1\0"),
    "sub too long": claims(sub="s" * 256),
    "sub that is half a character": claims(sub="\ud800"),
}


def by_hand(header, payload):
    """A token signed with the provider's key that no library would make."""
    head = {"alg": "Ed25519", "kid": "ed"} | header if isinstance(header, dict) else header
    parts = (
        json.dumps(head).encode(),
        payload if isinstance(payload, bytes) else json.dumps(payload).encode(),
    )
    text = b".".join(base64.urlsafe_b64encode(part).rstrip(b"=") for part in parts)
    signature = BY_KEY["Ed25519"].raw_value.sign(text)
    return (text + b"." + base64.urlsafe_b64encode(signature).rstrip(b"=")).decode()


def test_a_header_that_need_not_be_understood_is_ignored():
    assert read(by_hand({"colour": "red", "typ": "JWT"}, claims())).subject == "s-1"


def test_keys_that_a_token_brings_along_are_not_looked_at():
    own = STRANGER.as_dict(private=False)
    for header in ({"jwk": own}, {"jku": "https://evil.test/jwks"}, {"x5u": "https://evil.test/x"}):
        with pytest.raises(RefusedError):
            read(by_stranger(claims(), **header))


@pytest.mark.parametrize("wrong", list(WRONG.values()), ids=list(WRONG))
def test_a_token_that_says_something_else_is_refused(wrong):
    with pytest.raises(RefusedError):
        read(honest(wrong))


FORGED = {
    "alg none": unsigned,
    "HS256 with the public key": with_public_key_as_secret,
    "another key of the same name": by_stranger,
    "unknown kid": lambda claims: honest(claims, kid="new"),
    "no kid": lambda claims: honest(claims, kid=""),
    "kid of another key": lambda claims: honest(claims, kid="ec"),
    "a header that must be understood": lambda claims: by_hand({"crit": ["colour"], "colour": "red"}, claims),
    "a critical header that is a number": lambda claims: by_hand({"crit": 1}, claims),
    "no algorithm": lambda claims: by_hand({"alg": None}, claims),
    "an algorithm in a list": lambda claims: by_hand({"alg": ["EdDSA"]}, claims),
    "a kid that is a table": lambda claims: by_hand({"kid": {"a": "ed"}}, claims),
    "header that is a list": lambda claims: by_hand(["Ed25519"], claims),
    "claims that are a list": lambda claims: by_hand({}, [claims]),
    "claims that are no JSON": lambda _: by_hand({}, b"{"),
    "claims that are deep": lambda _: by_hand({}, b'{"a":' + b"[" * 90_000),
    "signature cut": lambda claims: honest(claims)[:-8],
    "signature away": lambda claims: honest(claims).rpartition(".")[0] + ".",
    "payload changed": lambda claims: re.sub(r"\.[^.]+\.", ".e30.", honest(claims)),
    "no token at all": lambda _: "",
    "nothing but dots": lambda _: "..",
    "five parts": lambda _: "a.b.c.d.e",
    "not base64": lambda _: "ä.ö.ü",
    "huge": lambda _: "x" * 200_000,
}


@pytest.mark.parametrize("sign", list(FORGED.values()), ids=list(FORGED))
def test_a_token_that_the_provider_did_not_sign_is_refused(sign):
    with pytest.raises(RefusedError):
        read(sign(claims()))


@pytest.mark.parametrize(
    "fitting",
    [
        pytest.param(claims(aud=["desk"]), id="one audience in a list"),
        pytest.param(claims(aud=["desk"], azp="desk"), id="and azp"),
        pytest.param(claims(aud=["shop", "desk"], azp="desk"), id="two audiences, made for us"),
        pytest.param(claims(exp=NOW - LEEWAY + 1), id="expired within the leeway"),
        pytest.param(claims(iat=NOW + LEEWAY), id="made within the leeway ahead"),
        pytest.param(claims(nbf=NOW + LEEWAY), id="valid within the leeway ahead"),
        pytest.param(claims(iat=NOW - OLDEST - LEEWAY), id="as old as may be"),
        pytest.param(claims(exp=NOW + 0.5, iat=NOW - 0.5), id="parts of seconds"),
        pytest.param(claims(email="eve@bank.test", groups=["a"] * 500), id="more than is asked for"),
    ],
)
def test_what_the_specification_allows_is_read(fitting):
    assert read(honest(fitting)).subject == "s-1"


@pytest.mark.parametrize("subject", ["x", "s" * LONGEST, "00u1-abc|DEF", "S-1", "s-1 ", "กข"])
def test_a_subject_is_kept_to_the_letter(subject):
    assert read(honest(claims(sub=subject))) == Subject(issuer=ISSUER, subject=subject)


@given(
    st.dictionaries(
        st.sampled_from(["iss", "aud", "azp", "exp", "iat", "nbf", "nonce", "sub"]),
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats()
        | st.text(max_size=5)
        | st.lists(st.text(), max_size=2),
    )
)
def test_whatever_a_provider_signs_is_a_subject_or_refused(other):
    try:
        found = read(honest(claims(**other), "Ed25519"))
    except RefusedError:
        return
    assert found == Subject(issuer=ISSUER, subject=other.get("sub", "s-1"))
    assert other.get("nonce", NONCE) == NONCE
    assert other.get("iss", ISSUER) == ISSUER


@given(st.text(max_size=60) | st.binary(max_size=60).map(lambda data: data.decode("latin-1")))
def test_text_that_nobody_signed_is_refused(text):
    with pytest.raises(RefusedError):
        read(text)


@given(st.integers(0, 10_000), st.integers(1, 255))
def test_a_token_of_which_one_character_changed_is_refused(place, by):
    token = honest(claims(), "Ed25519")
    place %= len(token) - 1  # the last one holds bits that nothing reads
    other = chr((ord(token[place]) + by) % 256)
    if other != token[place]:
        with pytest.raises(RefusedError):
            read(token[:place] + other + token[place + 1 :])
