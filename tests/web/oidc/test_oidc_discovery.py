"""What a provider says of itself and its keys: what counts, for how long, and how rarely it is asked."""

from __future__ import annotations

import httpx
import pytest
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey
from local_provider import EC, ED, RSA, STRANGER, LocalProvider, network
from web_desk import Clock

from chokepoint.model.errors import RefusedError
from chokepoint.web.signin.oidc.discovery import KEPT, MOST_KEYS, SELDOM, Known, public_keys
from chokepoint.web.signin.oidc.fetch import Fetcher
from chokepoint.web.signin.oidc.provider import Provider

CONFIGURATION, KEYS = "/.well-known/openid-configuration", "/jwks"


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def work(clock):
    return LocalProvider("https://login.work.test", clock)


def known(provider, clock, issuer=None):
    given = Provider(name="work", label="Work", issuer=issuer or provider.issuer, client="desk")
    return Known(given, Fetcher(network(provider)), lambda: int(clock()))


def public(key, **other):
    return key.as_dict(private=False) | other


def test_what_it_says_is_kept_for_an_hour(work, clock):
    one = known(work, clock)
    assert one.metadata().token_endpoint == "https://login.work.test/token"
    clock.passes(KEPT - 1)
    one.metadata()
    assert work.asked == [CONFIGURATION]
    clock.passes(1)
    one.metadata()
    assert work.asked == [CONFIGURATION] * 2


def test_it_is_asked_below_its_issuers_path(clock):
    provider = LocalProvider("https://club.test/realm/", clock)
    with pytest.raises(RefusedError):
        known(provider, clock, "https://club.test/realm").metadata()
    assert known(provider, clock).metadata().issuer == "https://club.test/realm/"
    assert provider.asked == ["/realm" + CONFIGURATION] * 2


@pytest.mark.parametrize(
    "issuer",
    [
        "https://login.work.test/",
        "https://LOGIN.work.test",
        "https://evil.test",
        "http://login.work.test",
        "",
    ],
)
def test_what_speaks_for_another_issuer_is_refused(work, clock, issuer):
    work.metadata = {"issuer": issuer}
    with pytest.raises(RefusedError, match="another issuer"):
        known(work, clock).metadata()


@pytest.mark.parametrize("name", ["authorization_endpoint", "token_endpoint", "jwks_uri"])
@pytest.mark.parametrize(
    "address",
    [
        "http://login.work.test/x",
        "http://127.0.0.1/x",
        "https://localhost/x",
        "https://[::1]/x",
        "javascript:alert(1)",
        "/relative",
        "",
        "https://a.test/\u202e",
    ],
)
def test_a_provider_elsewhere_leads_neither_to_this_machine_nor_off_https(work, clock, name, address):
    work.metadata = {name: address}
    with pytest.raises(RefusedError, match="not https"):
        known(work, clock).metadata()


def test_a_provider_on_this_machine_may_speak_plainly(clock):
    local = LocalProvider("http://127.0.0.1:9000", clock)
    assert known(local, clock).metadata().jwks_uri == "http://127.0.0.1:9000/jwks"


@pytest.mark.parametrize("name", ["issuer", "authorization_endpoint", "token_endpoint", "jwks_uri"])
@pytest.mark.parametrize("value", [None, 1, ["https://login.work.test"], {}])
def test_a_document_that_is_none_is_refused(work, clock, name, value):
    work.metadata = {name: value}
    with pytest.raises(RefusedError, match="another shape"):
        known(work, clock).metadata()


def test_whoever_did_not_answer_is_left_in_peace_for_a_minute(work, clock):
    work.serve = lambda _: httpx.Response(500)
    one = known(work, clock)
    with pytest.raises(RefusedError, match="500"):
        one.metadata()
    clock.passes(SELDOM - 1)
    with pytest.raises(RefusedError, match="a moment ago"):
        one.metadata()
    assert work.asked == [CONFIGURATION]
    work.serve = lambda _: None
    clock.passes(1)
    assert one.metadata().issuer == work.issuer


def test_keys_are_read_once_and_found_by_their_id_and_algorithm(work, clock):
    one = known(work, clock)
    for kid, algorithm in (("rsa", "RS256"), ("ec", "ES256"), ("ed", "EdDSA"), ("ed", "Ed25519")):
        assert one.key(kid, algorithm).as_dict(private=False)["kty"] in {"RSA", "EC", "OKP"}
    assert work.asked == [CONFIGURATION, KEYS]


@pytest.mark.parametrize(
    ("kid", "algorithm"),
    [("rsa", "ES256"), ("ec", "RS256"), ("rsa", "HS256"), ("rsa", "none"), ("", "RS256"), ("RSA", "RS256")],
)
def test_a_key_is_for_its_own_algorithm_and_has_its_own_id(work, clock, kid, algorithm):
    with pytest.raises(RefusedError, match="no such key"):
        known(work, clock).key(kid, algorithm)


def test_a_new_key_is_found_when_it_is_first_met_and_an_old_one_is_gone(work, clock):
    one = known(work, clock)
    one.key("rsa", "RS256")
    work.keys = [public(RSA, kid="new")]
    clock.passes(SELDOM)
    assert one.key("new", "RS256").as_dict(private=False)["n"] == public(RSA)["n"]
    with pytest.raises(RefusedError):
        one.key("rsa", "RS256")


def test_however_many_unknown_keys_are_named_it_is_asked_once_a_minute(work, clock):
    one = known(work, clock)
    for number in range(20):
        with pytest.raises(RefusedError):
            one.key(f"made up {number}", "RS256")
    assert work.asked == [CONFIGURATION, KEYS]
    assert one.key("rsa", "RS256")
    clock.passes(SELDOM)
    with pytest.raises(RefusedError):
        one.key("made up", "RS256")
    assert work.asked == [CONFIGURATION, KEYS, KEYS]


def test_keys_are_read_anew_with_the_document_after_an_hour(work, clock):
    one = known(work, clock)
    one.key("rsa", "RS256")
    work.keys = [public(STRANGER)]
    clock.passes(KEPT)
    assert one.key("rsa", "RS256").as_dict(private=False)["n"] == public(STRANGER)["n"]


@pytest.mark.parametrize(
    "entry",
    [
        pytest.param({}, id="empty"),
        pytest.param({"kty": "RSA", "kid": "x"}, id="no numbers"),
        pytest.param(public(RSA, kid=""), id="an empty id"),
        pytest.param({**public(RSA), "kid": None}, id="no id"),
        pytest.param(public(RSA, kid=1), id="an id that is a number"),
        pytest.param(public(RSA, use="enc"), id="for encryption"),
        pytest.param(public(RSA, alg="RS512"), id="for another algorithm"),
        pytest.param(public(RSA, alg="HS256"), id="said to be a secret"),
        pytest.param(public(RSA, alg=["RS256"]), id="an algorithm in a list"),
        pytest.param(public(RSA, n="!"), id="a number that is none"),
        pytest.param(public(RSA, n=1), id="a number as a number"),
        pytest.param(public(RSA, kty="oct"), id="of another type"),
        pytest.param(public(RSA, kty=["RSA"]), id="a type in a list"),
        pytest.param(OctKey.generate_key(256, {"kid": "s"}).as_dict(), id="a secret"),
        pytest.param(public(ECKey.generate_key("P-384", {"kid": "p"})), id="another curve"),
        pytest.param(public(EC, x="AAAA"), id="a point on no curve"),
        pytest.param(public(EC, crv="P-257"), id="a curve that is none"),
        pytest.param(public(OKPKey.generate_key("X25519", {"kid": "k"})), id="for exchanging keys"),
        pytest.param(public(OKPKey.generate_key("Ed448", {"kid": "k"})), id="another Edwards curve"),
        pytest.param(public(ED, x="AAAA"), id="a short key"),
    ],
)
def test_a_key_that_counts_for_nothing_is_passed_over_and_others_count(entry):
    assert set(public_keys([entry, public(EC, kid="other")])) == {("other", "ES256")}


@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
def test_a_short_key_counts_for_nothing():
    short = RSAKey.generate_key(1024, {"kid": "short"})
    assert public_keys([public(short)]) == {}


def test_the_private_half_of_a_key_that_somebody_publishes_is_not_taken():
    found = public_keys([RSA.as_dict(private=True)])
    assert not found["rsa", "RS256"].is_private


def test_an_id_that_stands_for_two_keys_stands_for_neither():
    both = [public(RSA), public(STRANGER), public(EC)]
    assert set(public_keys(both)) == {("ec", "ES256")}


def test_one_id_may_stand_for_keys_of_two_algorithms():
    assert set(public_keys([public(RSA, kid="k"), public(EC, kid="k")])) == {("k", "RS256"), ("k", "ES256")}


def test_of_very_many_keys_the_first_count():
    many = [public(EC, kid=str(number)) for number in range(MOST_KEYS + 1)]
    assert {kid for kid, _ in public_keys(many)} == {str(number) for number in range(MOST_KEYS)}
