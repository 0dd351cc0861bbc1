"""A sender who signs what they changed is held to their records, their captures and their own words."""

import json

import pytest
from package_sample import facts, finding, key, public, request, seal, vetted
from tampering import MALLORY, POLICE, records_changed, resealed, restated, signed, told

from chokepoint.package.build import build
from chokepoint.package.manifest import ENVELOPE, MANIFEST, RECORDS
from chokepoint.package.sign import canonical_json
from chokepoint.package.verify import verify


@pytest.fixture(scope="module")
def people():
    """A package on which only people voted, free to be dispatched."""
    from dataclasses import replace  # noqa: PLC0415 - the only test that needs it

    asked = request(claims=vetted(seal(facts()).claims), finding=replace(finding(), routes=()), summary=None)
    return build(asked, key(POLICE).sign)


def claim(number, **fields):
    return lambda manifest: manifest["claims"][number].update(fields)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("subject", ["malware", "ryuk"]),
        ("subject", ["file", ""]),
        ("property", "uses"),
        ("property", ""),
        ("object", ["crypto-address", "14hVKm7Ft2rxDBFTNkkRC3kGstMGp2A4hk"]),
        ("object", "19CbDoaZDLTzkkT1uQrMPM42AUvfQN4Kds"),
        ("place", "row 3"),
        ("place", "/"),
        ("place", ""),
        ("origin", ""),
        ("origin", "Unit  42"),
        ("grading", "B1"),
        ("grading", ""),
        ("observed", None),
        ("observed", ["2016-01-01", "2016-01-02", "month"]),
        ("observed", ["2015-12-31", "2016-01-02", "day"]),
        ("nature", "assessment"),
        ("nature", ""),
        ("raw", "x"),
        ("contributor", "Bank of Examples"),
        ("marking", ["TLP:GREEN", "PAP:CLEAR", [], []]),
        ("marking", ["TLP:CLEAR", "PAP:RED", [], []]),
        ("marking", ["TLP:CLEAR", "PAP:CLEAR", ["Everybody"], []]),
        ("marking", ["TLP:CLEAR", "PAP:CLEAR", [], ["H2"]]),
        ("capture", "0" * 64),
        ("quote", "something else"),
    ],
)
def test_no_field_of_a_claim_may_say_other_than_its_record_and_capture(package, field, value):
    outcome = verify(restated(claim(0, **{field: value}))(package.files))
    assert not outcome.claims[0].proved
    assert all(one.proved for one in outcome.claims[1:])


def test_a_claim_under_another_claims_record_is_found(package):
    def swap(manifest):
        first, second = manifest["claims"][:2]
        first["record"], second["record"] = second["record"], first["record"]

    outcome = verify(restated(swap)(package.files))
    assert [one.proved for one in outcome.claims[:3]] == [False, False, True]


@pytest.mark.parametrize("record", ["", "0" * 64, "zz", "../records"])
def test_a_claim_whose_record_is_not_there_is_not_proved(package, record):
    outcome = verify(restated(claim(0, record=record))(package.files))
    assert outcome.claims[0].reason == "its record is missing or does not hold (steps 3, 4)"


def test_a_shorter_quote_still_stands_there_and_a_longer_one_does_not(package):
    entry = json.loads(package.files[MANIFEST])["claims"][0]
    assert verify(restated(claim(0, quote=entry["quote"][:5]))(package.files)).proved
    assert not verify(restated(claim(0, quote=entry["quote"] + "x"))(package.files)).proved


def test_a_claim_may_be_left_out_and_nobody_is_told(package):
    """A package proves what it says, never that it says everything."""
    outcome = verify(restated(lambda manifest: manifest["claims"].pop())(package.files))
    assert outcome.proved
    assert len(outcome.claims) == len(facts()) - 1


def test_a_package_that_says_nothing_is_not_proved(package):
    outcome = verify(restated(lambda manifest: manifest.update(claims=[]))(package.files))
    assert not outcome.proved
    assert outcome.failures == ()


CAPTURES = {
    "not listed": (lambda manifest: manifest.update(captures=[]), "not listed"),
    "another name": (
        lambda manifest: [one.update(sha256="0" * 64) for one in manifest["captures"]],
        "not listed",
    ),
    "another file": (
        lambda manifest: [one.update(file="report.html") for one in manifest["captures"]],
        "missing or was altered",
    ),
    "no file": (lambda manifest: [one.update(file="") for one in manifest["captures"]], "missing"),
    "withheld": (
        lambda manifest: [one.update(withheld="no licence") for one in manifest["captures"]],
        "withheld by the sender: no licence",
    ),
}


@pytest.mark.parametrize("name", CAPTURES)
def test_a_capture_is_the_bytes_that_its_name_says_or_nothing(package, name):
    change, reason = CAPTURES[name]
    outcome = verify(restated(change)(package.files))
    assert not any(one.proved for one in outcome.claims)
    assert all(reason in one.reason for one in outcome.claims)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda manifest: manifest["files"].pop(), "does not list this file"),
        (lambda manifest: manifest["files"][0].update(size=0), "was altered"),
        (lambda manifest: manifest["files"][0].update(sha256="0" * 64), "was altered"),
        (lambda manifest: manifest["files"][0].update(name="gone"), "is missing"),
        (lambda manifest: manifest["files"].append(dict(manifest["files"][0])), "lists a file twice"),
        (
            lambda manifest: manifest["files"].insert(0, {**manifest["files"][0], "sha256": "0" * 64}),
            "lists a file twice",
        ),
    ],
    ids=["left out", "size", "hash", "name", "twice", "twice with another hash"],
)
def test_the_list_of_files_is_what_lies_there(package, change, reason):
    assert any(reason in one for one in told(verify(restated(change)(package.files))))


MALFORMED = {
    "no version": lambda manifest: manifest.pop("v"),
    "version 0": lambda manifest: manifest.update(v=0),
    "version 2": lambda manifest: manifest.update(v=2),
    "version as text": lambda manifest: manifest.update(v="1"),
    "another field": lambda manifest: manifest.update(more=1),
    "no claims": lambda manifest: manifest.pop("claims"),
    "claims as a text": lambda manifest: manifest.update(claims="none"),
    "a claim too short": lambda manifest: manifest["claims"][0].pop("nature"),
    "a claim too long": lambda manifest: manifest["claims"][0].update(score=1),
    "a subject of one part": lambda manifest: manifest["claims"][0].update(subject=["url"]),
    "a belief as a number": lambda manifest: manifest["claims"][0].update(belief=1),
    "votes of three parts": lambda manifest: manifest["claims"][0].update(votes=[["a", "b", "c"]]),
    "a marking of three parts": lambda manifest: manifest.update(marking=["TLP:RED", "PAP:RED", []]),
    "simulated as a text": lambda manifest: manifest.update(simulated="no"),
    "a file without a hash": lambda manifest: manifest["files"][0].pop("sha256"),
    "a title of null": lambda manifest: manifest.update(title=None),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_a_manifest_of_another_shape_is_refused_whole(package, name):
    outcome = verify(restated(MALFORMED[name])(package.files))
    assert [(one.step, one.about) for one in outcome.failures] == [(1, MANIFEST)]
    assert outcome.claims == ()
    assert outcome.title == ""


@pytest.mark.parametrize("public_key", ["", "zz", "00", "0" * 62, "0" * 66])
def test_a_key_that_is_none_signs_nothing(package, public_key):
    manifest = json.loads(package.files[MANIFEST]) | {"public_key": public_key}
    files = {**package.files, MANIFEST: canonical_json(manifest)}
    assert [one.step for one in verify(files).failures] == [1]


@pytest.mark.parametrize(
    "spell",
    [
        lambda text: text.replace(b'{"as_of"', b'{"title":"another","as_of"', 1),
        lambda text: text.replace(b'","', b'", "', 1),
        lambda text: text[:-1] + b" }",
        lambda text: text.replace(b'"v":1}', b'"v":1.0}'),
        lambda text: text.replace(b"SamSam and Ryuk", b"Sam\\u0053am and Ryuk", 1),
    ],
    ids=["a key twice", "a space", "a space at the end", "a float", "an escape"],
)
def test_a_manifest_that_other_programs_could_read_otherwise_is_refused(package, spell):
    payload = spell(package.files[MANIFEST])
    assert payload != package.files[MANIFEST]
    outcome = verify(signed(dict(package.files), payload))
    assert [one.step for one in outcome.failures] == [1]


def test_another_key_in_the_name_of_the_organisation_shows_in_its_records(package):
    change = restated(lambda manifest: manifest.update(public_key=public(MALLORY).hex()), MALLORY)
    outcome = verify(change(package.files))
    assert [(one.step, one.about) for one in outcome.failures] == [(4, "key")]
    assert outcome.failures[0].reason == "Example Police appears with 2 different keys"


RECORD = {
    "salt": (lambda one: one.update(salt="00" * 32), 3),
    "salt of another length": (lambda one: one.update(salt=one["salt"][:-2]), 3),
    "salt that is no hexadecimal": (lambda one: one.update(salt="x" * 64), 3),
    "id": (lambda one: one.update(id="0" * 64), 3),
    "body": (lambda one: one.update(body=one["body"].replace("Example", "Other")), 3),
    "index": (lambda one: one.update(index=one["index"] + 1), 4),
    "negative index": (lambda one: one.update(index=-1), 4),
    "huge index": (lambda one: one.update(index=2**62), 4),
    "no proof": (lambda one: one.update(proof=[]), 4),
    "a longer proof": (lambda one: one["proof"].append("0" * 64), 4),
    "a shorter proof": (lambda one: one["proof"].pop(), 4),
    "a short hash": (lambda one: one["proof"].__setitem__(0, "00"), 4),
    "another root": (lambda one: one["batch"].update(root="0" * 64), 4),
    "another size": (lambda one: one["batch"].update(size=1), 4),
    "size zero": (lambda one: one["batch"].update(size=0), 4),
    "another predecessor": (lambda one: one["batch"].update(previous="f" * 64), 4),
    "another signature": (lambda one: one["batch"].update(signature="0" * 128), 4),
    "a short signature": (lambda one: one["batch"].update(signature="00"), 4),
    "another speaker": (lambda one: one["batch"].update(organisation="Bank"), 4),
    "another key": (lambda one: one["batch"].update(public_key="0" * 64), 4),
    "a short key": (lambda one: one["batch"].update(public_key="00"), 4),
}


@pytest.mark.parametrize("name", RECORD)
def test_every_part_of_a_record_and_its_proof_is_checked(package, name):
    change, step = RECORD[name]

    def first(lines):
        change(lines[0])
        return lines

    outcome = verify(resealed(dict(package.files), records_changed(first)))
    assert {(one.step, one.about) for one in outcome.failures} == {(step, f"{RECORDS}, line 1")}
    assert sum(not one.proved for one in outcome.claims) == 1


def test_the_number_of_a_batch_in_older_packages_proves_nothing(package):
    def renumbered(lines):
        for line in lines:
            line["batch"]["sequence"] = 99
        return lines

    assert verify(resealed(dict(package.files), records_changed(renumbered))).proved


def test_a_record_that_stands_twice_is_told(package):
    outcome = verify(resealed(dict(package.files), records_changed(lambda lines: [*lines, lines[0]])))
    assert [one.reason for one in outcome.failures] == ["the record stands twice"]


def test_records_in_another_order_are_the_same_records(package):
    assert verify(resealed(dict(package.files), records_changed(lambda lines: lines[::-1]))).proved


@pytest.mark.parametrize("line", [b"null", b"[]", b"{", b"\xff", b"{}", b"1e999", b"[" * 5000])
def test_a_line_that_is_no_record_is_named_and_the_rest_holds(package, line):
    def change(_, files):
        files[RECORDS] += line + b"\n"

    outcome = verify(resealed(dict(package.files), change))
    assert [(one.step, one.about) for one in outcome.failures] == [(3, f"{RECORDS}, line {len(facts()) + 1}")]
    assert all(one.proved for one in outcome.claims)


def test_what_was_simulated_cannot_be_dispatched(package):
    change = restated(lambda manifest: manifest.update(dispatchable=True))
    assert told(verify(change(package.files))) == [
        "it rests on simulated votes and says that it may be dispatched"
    ]


def test_what_was_simulated_cannot_be_called_real(package):
    change = restated(lambda manifest: manifest.update(simulated=False, dispatchable=True))
    assert told(verify(change(package.files))) == ["it rests on simulated votes and does not say so"]


@pytest.mark.parametrize("where", ["claim", "vote"])
def test_one_simulated_claim_or_vote_is_enough(people, where):
    def mark(manifest):
        first = manifest["claims"][0]
        if where == "claim":
            first["simulated"] = True
        else:
            first["votes"][0][3] = True

    assert verify(people.files).proved
    assert told(verify(restated(mark)(people.files))) == ["it rests on simulated votes and does not say so"]


def test_a_simulated_path_in_the_report_keeps_the_package_from_being_dispatched(people):
    change = restated(lambda manifest: manifest.update(simulated=True))
    assert told(verify(change(people.files))) == [
        "it rests on simulated votes and says that it may be dispatched"
    ]


def test_a_real_package_may_be_dispatched(people):
    assert people.manifest["dispatchable"] is True
    assert verify(people.files).simulated is False


def test_a_signature_is_not_moved_from_one_manifest_to_another(package, people):
    files = {**package.files, MANIFEST: people.files[MANIFEST]}
    assert [one.reason for one in verify(files).failures] == ["the manifest is not the one that was signed"]
    files = {**package.files, ENVELOPE: people.files[ENVELOPE]}
    assert [one.step for one in verify(files).failures] == [1]
