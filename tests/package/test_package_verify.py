"""A package proves itself, and whatever is altered in it is found."""

import hmac
import json
import os
from dataclasses import replace
from hashlib import sha256

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from package_sample import ATLAS, DATA, facts, finding, key, public, request, seal, vetted
from tampering import MALLORY, POLICE, resealed
from tampering import told as reasons

from chokepoint.model.errors import LedgerError, RefusedError
from chokepoint.model.marking import Marking, Tlp
from chokepoint.package.build import build
from chokepoint.package.choose import Audience
from chokepoint.package.manifest import ENVELOPE, MANIFEST, RECORDS, Manifest, encode
from chokepoint.package.sign import canonical_json
from chokepoint.package.verify import verify
from chokepoint.store.canonical import canonical


def test_a_package_proves_every_claim_back_to_its_source(package):
    outcome = verify(package.files)
    assert outcome.proved
    assert outcome.failures == ()
    assert len(outcome.claims) == len(facts())
    assert all(one.holds for one in outcome.claims)
    outcome.require()


def test_the_same_request_gives_the_same_bytes(package):
    assert build(request(), key(POLICE).sign).files == package.files


def test_a_missing_file_is_named(package):
    for name in package.files:
        files = {other: data for other, data in package.files.items() if other != name}
        outcome = verify(files)
        assert not outcome.proved
        assert any(name in one.about or name in one.reason for one in outcome.failures)


def test_a_file_that_nobody_listed_is_named(package):
    outcome = verify({**package.files, "captures/extra": b"x"})
    assert [(one.step, one.about) for one in outcome.failures] == [(2, "captures/extra")]


def test_two_files_cannot_change_places(package):
    captures = [name for name in package.files if name.startswith("captures/")]
    first, second = captures[:2]
    swapped = {**package.files, first: package.files[second], second: package.files[first]}
    assert not verify(swapped).proved


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("subject", ["domain-name", "victim.example"], "subject"),
        ("property", "contact", "property"),
        ("object", "something else", "object"),
        ("place", "row 1", "place"),
        ("origin", "Somebody Else", "origin"),
        ("grading", "A1", "grading"),
        ("observed", ["2016-01-01", "2016-02-01", "day"], "interval"),
        ("observed", None, "interval"),
        ("nature", "assessment", "nature"),
        ("raw", "other", "raw"),
        ("contributor", "CERT Example", "contributor"),
        ("marking", ["TLP:RED", "PAP:CLEAR", [], []], "marking"),
    ],
)
def test_even_the_sender_cannot_state_other_than_the_record(package, field, value, said):
    def change(manifest, _):
        manifest["claims"][0][field] = value

    outcome = verify(resealed(dict(package.files), change))
    assert not outcome.claims[0].proved
    assert said in outcome.claims[0].reason
    assert all(one.proved for one in outcome.claims[1:])


def test_a_false_quote_is_found(package):
    def change(manifest, _):
        manifest["claims"][3]["quote"] = "the money went elsewhere"

    outcome = verify(resealed(dict(package.files), change))
    assert "quoted" in outcome.claims[3].reason


def test_a_record_with_another_body_is_found(package):
    def change(_, files):
        lines = [json.loads(line) for line in files[RECORDS].splitlines()]
        body = json.loads(lines[0]["body"])
        body["payload"]["origin"] = "Somebody Else"
        lines[0]["body"] = canonical(body).decode()
        files[RECORDS] = b"".join(canonical_json(line) + b"\n" for line in lines)

    outcome = verify(resealed(dict(package.files), change))
    assert any(one.step == 3 for one in outcome.failures)


def test_a_record_with_a_recomputed_id_is_not_in_its_batch(package):
    def change(manifest, files):
        lines = [json.loads(line) for line in files[RECORDS].splitlines()]
        body = json.loads(lines[0]["body"])
        body["payload"]["origin"] = "Somebody Else"
        lines[0]["body"] = canonical(body).decode()
        old = lines[0]["id"]
        lines[0]["id"] = hmac.digest(
            bytes.fromhex(lines[0]["salt"]), lines[0]["body"].encode(), "sha256"
        ).hex()
        for claim in manifest["claims"]:
            if claim["record"] == old:
                claim["record"], claim["origin"] = lines[0]["id"], "Somebody Else"
        files[RECORDS] = b"".join(canonical_json(line) + b"\n" for line in lines)

    outcome = verify(resealed(dict(package.files), change))
    assert any(one.step == 4 and "not in the batch" in one.reason for one in outcome.failures)
    assert sum(not one.proved for one in outcome.claims) == 1


def test_a_batch_signed_by_somebody_else_in_another_name_is_found(package):
    def change(_, files):
        lines = [json.loads(line) for line in files[RECORDS].splitlines()]
        for line in lines:
            line["batch"]["organisation"] = MALLORY
        files[RECORDS] = b"".join(canonical_json(line) + b"\n" for line in lines)

    outcome = verify(resealed(dict(package.files), change))
    assert not any(one.proved for one in outcome.claims)


def test_a_forged_package_holds_in_itself_but_not_against_trusted_keys():
    forged = seal(facts(), MALLORY)
    files = build(
        request(
            claims=forged.claims,
            records=forged.records,
            organisation=MALLORY,
            public_key=public(MALLORY),
            audience=Audience(organisations=frozenset({MALLORY})),
        ),
        key(MALLORY).sign,
    ).files
    assert verify(files).proved
    outcome = verify(files, {POLICE: public(POLICE).hex(), MALLORY: public(POLICE).hex()})
    assert not outcome.proved
    assert outcome.trusted is False


def test_trusted_keys_are_compared_for_everyone_who_speaks(package):
    assert verify(package.files, {POLICE: public(POLICE).hex()}).trusted is True
    outcome = verify(package.files, {})
    assert outcome.trusted is False
    assert any("not the one you trust" in reason for reason in reasons(outcome))


def test_without_trusted_keys_nothing_is_said_of_trust(package):
    outcome = verify(package.files)
    assert outcome.trusted is None
    assert outcome.key == sha256(public(POLICE)).hexdigest()


def test_a_manifest_signed_with_another_key_is_refused(package):
    files = resealed(dict(package.files), lambda *_: None, signer=MALLORY)
    outcome = verify(files)
    assert [one.step for one in outcome.failures] == [1]
    assert outcome.title == ""


def test_the_watermark_cannot_be_taken_off(package):
    def change(manifest, _):
        manifest["simulated"], manifest["dispatchable"] = False, True

    outcome = verify(resealed(dict(package.files), change))
    assert any("simulated" in reason for reason in reasons(outcome))


def test_a_package_that_rests_on_simulated_votes_is_watermarked(package):
    assert package.manifest["simulated"] is True
    assert package.manifest["dispatchable"] is False
    assert verify(package.files).simulated


def test_one_simulated_vote_is_enough_for_the_watermark():
    sealed = seal(facts())
    claims = vetted(sealed.claims)
    tainted = (replace(claims[0], votes=(claims[0].votes[0]._replace(simulated=True),)), *claims[1:])
    made = build(request(claims=tainted, summary=None), key(POLICE).sign)
    assert made.manifest["simulated"] is True


def test_a_package_vetted_by_people_may_be_dispatched():
    answer = replace(finding(), routes=())
    made = build(request(claims=vetted(seal(facts()).claims), finding=answer, summary=None), key(POLICE).sign)
    assert made.manifest["simulated"] is False
    assert made.manifest["dispatchable"] is True
    assert b"SIMULATED" not in made.files["report.html"]
    assert b"SIMULATED" not in made.files["stix.json"]


def test_a_simulated_step_of_a_path_is_enough_for_the_watermark():
    made = build(request(claims=vetted(seal(facts()).claims), summary=None), key(POLICE).sign)
    assert any(hop.simulated for route in finding().routes for hop in route.hops)
    assert made.manifest["dispatchable"] is False
    assert b"SIMULATED" in made.files["stix.json"]


def test_a_withheld_capture_leaves_its_claims_unproved_and_says_why():
    captures = request().captures
    held = {
        name: replace(one, data=b"", withheld="licence allows no copies") if one.path == "ryuk.txt" else one
        for name, one in captures.items()
    }
    outcome = verify(build(request(captures=held), key(POLICE).sign).files)
    assert not outcome.proved
    assert outcome.failures == ()
    unproved = [one for one in outcome.claims if not one.proved]
    assert len(unproved) == 2
    assert all("licence allows no copies" in one.reason for one in unproved)
    with pytest.raises(LedgerError, match="withheld"):
        outcome.require()


def test_claims_whose_evidence_cannot_travel_are_left_out():
    sealed = seal(facts())
    records = dict(list(sealed.records.items())[:-1])
    made = build(request(records=records), key(POLICE).sign)
    assert len(made.claims) == len(facts()) - 1
    assert [one.rule for one in made.refusals] == ["evidence"]
    assert verify(made.files).proved


def test_an_empty_package_is_refused_with_a_way_out():
    with pytest.raises(RefusedError) as told:
        build(
            request(claims=[replace(one, verdict="proposed") for one in seal(facts()).claims]),
            key(POLICE).sign,
        )
    assert told.value.mend


def test_a_plan_never_leaves_under_a_clear_label():
    made = build(request(audience=Audience()), key(POLICE).sign)
    assert made.manifest["marking"][0] == "TLP:CLEAR"
    assert b"Where to strike, and who can act" not in made.files["report.html"]
    assert b"wayneevenson" not in made.files["report.html"].lower()
    assert b"wayneevenson" not in made.files["stix.json"].lower()
    assert verify(made.files).proved


def test_the_strictest_label_inside_is_the_label_of_the_package():
    strict = Marking(tlp=Tlp.AMBER, audience=frozenset({"Bank of Examples"}))
    marked = [replace(one, provenance=replace(one.provenance, marking=strict)) for one in facts()[:1]]
    sealed = seal([*marked, *facts()[1:]])
    made = build(request(claims=sealed.claims, records=sealed.records), key(POLICE).sign)
    assert made.manifest["marking"][0] == "TLP:AMBER"
    assert verify(made.files).proved


def test_nothing_hidden_from_a_recipient_shows_in_any_file():
    secret = Marking(tlp=Tlp.RED, audience=frozenset({"Somebody"}))
    marked = [replace(one, provenance=replace(one.provenance, marking=secret)) for one in facts()[:1]]
    both = seal([*marked, *facts()[1:]])
    made = build(request(claims=both.claims, records=both.records), key(POLICE).sign)
    without = replace_claims(both, made)
    assert made.files == without.files
    assert len(made.refusals) == 1


def replace_claims(both, made):
    """The package made by somebody who never knew of the hidden claim."""
    return build(request(claims=made.claims, records=both.records), key(POLICE).sign)


@pytest.mark.parametrize(
    "files",
    [
        {},
        {MANIFEST: b""},
        {MANIFEST: b"{}", ENVELOPE: b"{}"},
        {MANIFEST: b"\xff\x00", ENVELOPE: b"\xff"},
        {MANIFEST: b"[" * 50_000, ENVELOPE: b""},
    ],
)
def test_malformed_packages_are_told_not_thrown(files):
    outcome = verify(files)
    assert not outcome.proved
    assert outcome.failures
    with pytest.raises(LedgerError):
        outcome.require()


@given(st.dictionaries(st.sampled_from([MANIFEST, ENVELOPE, RECORDS, "x"]), st.binary(max_size=60)))
def test_no_files_make_verification_fail_otherwise(files):
    assert not verify(files).proved


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("salt", "zz"),
        ("id", "zz"),
        ("proof", ["zz"]),
        ("proof", ["00"]),
        ("index", -1),
        ("index", 2**60),
        ("body", "{}"),
        ("body", "no json"),
        ("salt", ""),
    ],
)
def test_malformed_records_are_told_not_thrown(package, field, value):
    def change(_, files):
        lines = [json.loads(line) for line in files[RECORDS].splitlines()]
        lines[0][field] = value
        files[RECORDS] = b"".join(canonical_json(line) + b"\n" for line in lines)

    outcome = verify(resealed(dict(package.files), change))
    assert not outcome.proved
    assert sum(not one.proved for one in outcome.claims) == 1


def test_an_unknown_field_or_version_of_the_manifest_is_refused(package):
    def unknown(manifest, _):
        manifest["surprise"] = 1

    def newer(manifest, _):
        manifest["v"] = 2

    for change, word in ((unknown, "surprise"), (newer, "version 2")):
        outcome = verify(resealed(dict(package.files), change))
        assert word in outcome.failures[0].reason


def test_the_manifest_is_canonical_json(package):
    assert canonical_json(json.loads(package.files[MANIFEST])) == package.files[MANIFEST]


def test_the_manifest_says_what_the_issue_asks(package):
    manifest = msgspec.json.decode(package.files[MANIFEST], type=Manifest)
    assert encode(manifest) == package.files[MANIFEST]
    assert (manifest.v, manifest.atlas, manifest.as_of) == (1, ATLAS, "2024-05-01")
    assert manifest.public_key == public(POLICE).hex()
    assert all(one.quote for one in manifest.claims)
    assert {one.file for one in manifest.captures} == {
        name for name in package.files if name.startswith("captures/")
    }


def test_every_capture_in_a_package_is_named_by_its_hash(package):
    for name, data in package.files.items():
        if name.startswith("captures/"):
            assert name == f"captures/{sha256(data).hexdigest()}"


@pytest.mark.parametrize("name", [MANIFEST, ENVELOPE, RECORDS, "stix.json"])
def test_golden_files(package, name):
    golden = DATA / "golden" / name
    if os.environ.get("CHOKEPOINT_GOLDEN") == "write":
        golden.parent.mkdir(exist_ok=True)
        golden.write_bytes(package.files[name])
    if name in (MANIFEST, ENVELOPE):
        ours, theirs = _without_report(package.files[name]), _without_report(golden.read_bytes())
        assert ours == theirs
    else:
        assert package.files[name] == golden.read_bytes()


def _without_report(data):
    """A manifest without the hash of the report, whose look may change."""
    fields = json.loads(data)
    if "payload" in fields:
        return {"payloadType": fields["payloadType"], "keyid": fields["signatures"][0]["keyid"]}
    fields["files"] = [one for one in fields["files"] if one["name"] != "report.html"]
    return fields
