"""Whoever alters a package on its way is found, and the place is named."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from package_sample import facts, key, public, request, seal
from tampering import MALLORY, POLICE, told

from chokepoint.model.errors import LedgerError
from chokepoint.package.build import build
from chokepoint.package.choose import Audience
from chokepoint.package.manifest import ENVELOPE, MANIFEST, RECORDS
from chokepoint.package.verify import verify

KINDS = ("captures/", ENVELOPE, MANIFEST, RECORDS, "report.html", "stix.json")


@pytest.fixture(scope="module")
def forged():
    """The same claims in a package that somebody else signed, every part of it in their own name."""
    sealed = seal(facts(), MALLORY)
    asked = request(
        claims=sealed.claims,
        records=sealed.records,
        organisation=MALLORY,
        public_key=public(MALLORY),
        audience=Audience(organisations=frozenset({MALLORY})),
    )
    return build(asked, key(MALLORY).sign).files


def named(files, kind):
    return sorted(name for name in files if name.startswith(kind))


def altered(files, name, position, mask):
    data = bytearray(files[name])
    data[position] ^= mask
    return {**files, name: bytes(data)}


def places(outcome):
    return {one.about for one in outcome.failures}


@pytest.mark.parametrize("kind", KINDS)
def test_every_stretch_of_every_file_is_watched(package, kind):
    """Bytes spread over each file, first and last included, each with its lowest bit turned."""
    found = named(package.files, kind)
    for name in found:
        size = len(package.files[name])
        for position in sorted({*range(0, size, max(1, size * len(found) // 40)), size - 1}):
            outcome = verify(altered(package.files, name, position, 1))
            assert not outcome.proved, (name, position)
            where = {MANIFEST} if name in (MANIFEST, ENVELOPE) else {name}
            assert where <= places(outcome), (name, position)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=25)
@given(st.data())
def test_any_byte_turned_into_any_other_is_found_in_its_file(package, kind, data):
    name = data.draw(st.sampled_from(named(package.files, kind)))
    position = data.draw(st.integers(0, len(package.files[name]) - 1))
    outcome = verify(altered(package.files, name, position, data.draw(st.integers(1, 255))))
    assert (MANIFEST if name in (MANIFEST, ENVELOPE) else name) in places(outcome)


def test_every_byte_of_the_envelope_matters(package):
    """DSSE would let hints and spaces change; ours is canonical, so that nothing can."""
    size = len(package.files[ENVELOPE])
    tail = [*range(60), *range(size - 400, size)]
    for position in tail:
        assert not verify(altered(package.files, ENVELOPE, position, 0x01)).proved, position


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "change",
    [
        lambda data: data[:0],
        lambda data: data[:-1],
        lambda data: data[1:],
        lambda data: data + b"\n",
        lambda data: data + b"\x00",
        lambda data: b" " + data,
        lambda data: data * 2,
        lambda data: data[::-1],
        lambda data: data.replace(b"\n", b"\r\n", 1) if b"\n" in data else data + b"\r\n",
    ],
    ids=["emptied", "cut", "beheaded", "newline", "nul", "blank", "doubled", "reversed", "line-ends"],
)
def test_no_file_may_be_longer_shorter_or_otherwise(package, kind, change):
    for name in named(package.files, kind):
        outcome = verify({**package.files, name: change(package.files[name])})
        assert (MANIFEST if name in (MANIFEST, ENVELOPE) else name) in places(outcome)


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_that_is_gone_is_missed_by_name(package, kind):
    for name in named(package.files, kind):
        outcome = verify({other: data for other, data in package.files.items() if other != name})
        assert any(name in (one.about + one.reason) for one in outcome.failures)
        assert not outcome.proved


@pytest.mark.parametrize(
    "name",
    [
        "extra",
        "captures/extra",
        "captures/" + "0" * 64,
        "manifest.json.bak",
        "Manifest.json",
        "report.html ",
        "./report.html",
        "captures//x",
        "../outside",
        "report\u200b.html",
        "",
    ],
)
def test_a_file_that_nobody_listed_is_named_as_it_is(package, name):
    outcome = verify({**package.files, name: b"x"})
    assert [(one.step, one.about, one.reason) for one in outcome.failures] == [
        (2, name, "the manifest does not list this file")
    ]
    assert not outcome.proved


@pytest.mark.parametrize("kind", ["captures/", RECORDS, "report.html", "stix.json"])
def test_a_file_under_another_name_is_both_missing_and_unlisted(package, kind):
    name = named(package.files, kind)[0]
    files = {other: data for other, data in package.files.items() if other != name}
    outcome = verify({**files, name + ".old": package.files[name]})
    assert {(one.about, one.reason) for one in outcome.failures if one.step == 2} == {
        (name, "this file is missing"),
        (name + ".old", "the manifest does not list this file"),
    }


def test_any_two_files_that_change_places_are_both_named(package):
    listed = sorted(set(package.files) - {MANIFEST, ENVELOPE})
    for one, other in pairwise(listed):
        outcome = verify({**package.files, one: package.files[other], other: package.files[one]})
        assert {one, other} <= places(outcome)


def test_an_altered_capture_leaves_the_claims_of_other_captures_proved(package):
    name = named(package.files, "captures/")[0]
    outcome = verify(altered(package.files, name, 0, 1))
    touched = [one for one in outcome.claims if not one.proved]
    assert touched
    assert len(touched) < len(outcome.claims)
    assert {one.reason for one in touched} == {"its capture is missing or was altered (step 6)"}


def test_an_altered_record_is_named_by_its_line(package):
    lines = package.files[RECORDS].splitlines()
    broken = lines[2].replace(b'"salt":"', b'"salt":"00', 1)
    outcome = verify({**package.files, RECORDS: b"\n".join([*lines[:2], broken, *lines[3:], b""])})
    assert {(one.step, one.about) for one in outcome.failures} == {(2, RECORDS), (3, f"{RECORDS}, line 3")}
    assert sum(not one.proved for one in outcome.claims) == 1


def test_what_does_not_hold_is_told_all_at_once(package):
    first, second = named(package.files, "captures/")[:2]
    files = altered(altered(package.files, first, 0, 1), second, 0, 1)
    assert {first, second, "x"} <= places(verify({**files, "x": b""}))


@pytest.mark.parametrize("taken", [(MANIFEST,), (ENVELOPE,), (RECORDS,), ("report.html",), ("stix.json",)])
def test_parts_of_another_package_do_not_fit(package, forged, taken):
    mixed = {**package.files, **{name: forged[name] for name in taken}}
    assert not verify(mixed).proved


def test_another_packages_manifest_with_its_seal_claims_other_files(package, forged):
    mixed = {**package.files, MANIFEST: forged[MANIFEST], ENVELOPE: forged[ENVELOPE]}
    outcome = verify(mixed)
    assert RECORDS in places(outcome)
    assert not any(one.proved for one in outcome.claims)


def test_a_whole_package_in_another_name_holds_only_in_itself(forged):
    assert verify(forged).proved
    assert verify(forged).organisation == MALLORY
    outcome = verify(forged, {POLICE: public(POLICE).hex()})
    assert outcome.trusted is False
    assert "the key of Mallory is not the one you trust" in told(outcome)


@pytest.mark.parametrize(
    ("trusted", "holds"),
    [
        ({POLICE: public(POLICE).hex()}, True),
        ({POLICE: public(POLICE).hex(), MALLORY: public(MALLORY).hex()}, True),
        ({POLICE: public(MALLORY).hex()}, False),
        ({POLICE: public(POLICE).hex().upper()}, False),
        ({POLICE: ""}, False),
        ({MALLORY: public(MALLORY).hex()}, False),
        ({}, False),
    ],
    ids=["its key", "more keys", "another key", "another spelling", "no key", "somebody else", "nobody"],
)
def test_trust_is_one_organisation_one_key(package, trusted, holds):
    outcome = verify(package.files, trusted)
    assert outcome.trusted is holds
    assert outcome.proved is holds


def test_what_was_proved_is_told_claim_by_claim(package):
    outcome = verify(package.files)
    first = outcome.claims[0]
    assert first.sentence == (
        "file:sha256:7aa585e6fd0a895c295c4bea2ddb071eed1e5775f437602b577a54eef7f61044 "
        "requests-payment-to crypto-address:19CbDoaZDLTzkkT1uQrMPM42AUvfQN4Kds"
    )
    assert first.reason == "subject and object found at row 2"
    assert first.holds == ("subject", "object")
    assert (outcome.title, outcome.organisation) == ("Two wallets behind SamSam and Ryuk", POLICE)


def test_the_first_failure_is_what_is_raised(package):
    name = named(package.files, "captures/")[0]
    with pytest.raises(LedgerError) as raised:
        verify(altered(package.files, name, 0, 1)).require()
    assert raised.value.reason == "this file was altered"
    assert raised.value.place == f"step 2, {name}"


def test_verifying_reads_nothing_else_and_changes_nothing(package):
    before = dict(package.files)
    assert verify(package.files) == verify(before)
    assert package.files == before


def test_the_order_of_files_does_not_matter(package):
    assert verify(dict(reversed(package.files.items()))) == verify(package.files)
