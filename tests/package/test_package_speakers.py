"""A package cannot vouch for its own keys: who reads it compares them with what each organisation told."""

from hashlib import sha256

import pytest
from package_sample import public
from tampering import MALLORY, POLICE, told

from chokepoint.package.speakers import check_keys, fingerprints
from chokepoint.package.verify import verify

KEY = "0123456789abcdef" * 4
OTHER = "fedcba9876543210" * 4


def mark(name):
    return sha256(public(name)).hexdigest()


def test_every_organisation_that_speaks_is_told_with_its_fingerprint(package):
    assert dict(verify(package.files).keys)[POLICE] == mark(POLICE)


def test_a_package_that_cannot_be_read_tells_no_key():
    assert verify({}).keys == ()


@pytest.mark.parametrize("given", [mark, lambda name: public(name).hex()], ids=["fingerprint", "key"])
def test_a_key_is_trusted_by_itself_and_by_its_fingerprint(package, given):
    outcome = verify(package.files, {POLICE: given(POLICE)})
    assert outcome.trusted is True
    assert outcome.proved


@pytest.mark.parametrize("given", [mark(MALLORY), "", KEY[:-1]], ids=["another's", "none", "too short"])
def test_any_other_key_is_not_trusted_and_nothing_is_proved(package, given):
    outcome = verify(package.files, {POLICE: given})
    assert outcome.trusted is False
    assert not outcome.proved
    assert any(f"the key of {POLICE} is not the one you trust" in one for one in told(outcome))


def test_a_key_for_somebody_who_does_not_speak_changes_nothing(package):
    assert verify(package.files, {POLICE: mark(POLICE), "Nobody": KEY}).trusted is True


def test_one_organisation_with_two_keys_is_refused_whether_or_not_keys_are_given():
    for trusted in (None, {"A": KEY}):
        reasons = [str(one.reason) for one in check_keys({"A": {KEY, OTHER}}, trusted)]
        assert "A appears with 2 different keys" in reasons


def test_of_two_keys_under_one_name_both_must_be_the_trusted_one():
    """Else a forger signs his part with a key of his own and the rest is the true organisation's."""
    reasons = [str(one.reason) for one in check_keys({"A": {KEY, OTHER}}, {"A": KEY})]
    assert "the key of A is not the one you trust" in reasons


def test_fingerprints_are_of_the_key_and_not_of_its_digits():
    assert fingerprints({"A": {KEY}}) == (("A", sha256(bytes.fromhex(KEY)).hexdigest()),)
