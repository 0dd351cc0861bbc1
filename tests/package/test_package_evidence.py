"""What leaves as evidence names nobody who may not be named, and proves all the same what was sent."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from package_sample import WALLET, captures, finding, key, request, said, seal
from tampering import restated

from chokepoint.model.identity import Entity
from chokepoint.model.marking import Marking, Tlp
from chokepoint.package.build import build
from chokepoint.package.choose import Audience
from chokepoint.package.evidence import EXCERPTED, SUFFIX
from chokepoint.package.manifest import CAPTURES, MANIFEST, RECORDS
from chokepoint.package.parts import CastVote, PackageCapture, Selection
from chokepoint.package.privacy import Minimised
from chokepoint.package.verify import verify

JANE = Entity("person", "jane doe")
MAIL = Entity("email-addr", "jane.doe@home.example")
TABLE = b"who,mail,wallet\nJane Doe,jane.doe@home.example,19CbDoaZDLTzkkT1uQrMPM42AUvfQN4Kds\nJohn Roe,,\n"
TABLE_HASH = sha256(TABLE).hexdigest()
NAMES = re.compile(rb"jane|\bdoe\b|home\.example", re.IGNORECASE)
GREEN = Marking(tlp=Tlp.GREEN)
MEMBERS = frozenset({"Example Police", "Example Bank"})


def capture(data=TABLE, path="victims.csv", **about):
    digest = sha256(data).hexdigest()
    return PackageCapture(sha256=digest, media_type="text/csv", path=path, data=data, **about)


def claims_of(*sentences, capture=TABLE_HASH):
    made = []
    for subject, name, thing, place, *rest in sentences:
        fact = said(subject, name, thing, ("samsa.csv", place), marking=GREEN, **(rest[0] if rest else {}))
        made.append(replace(fact, provenance=replace(fact.provenance, capture=capture)))
    return made


PAYS = (JANE, "pays", WALLET, "row 2", {"raw": "Jane Doe"})


def made(*sentences, minimised=None, held=None, change=lambda claim: claim, whom=MEMBERS):
    """A package for members about sentences drawn from the table of victims."""
    one = held or capture(people=frozenset({JANE, MAIL}))
    sealed = seal(claims_of(*sentences, capture=one.sha256))
    asked = request()
    hidden = Minimised(hidden=frozenset({JANE, MAIL}), names={JANE: "Person 1 (victim)"})
    return build(
        replace(
            asked,
            claims=tuple(change(claim) for claim in sealed.claims),
            records=sealed.records,
            captures={one.sha256: one},
            title="Whom a wallet robbed",
            audience=Audience(organisations=whom, minimised=minimised or hidden),
            finding=replace(finding(), plan=(), routes=()),
        ),
        key("Example Police").sign,
    )


def manifest(package):
    return json.loads(package.files[MANIFEST])


def names_in(package):
    return sorted(name for name, data in package.files.items() if NAMES.search(data))


# --- nothing that goes out holds the name ---


def test_no_file_of_a_package_holds_the_name_of_a_victim():
    package = made(PAYS, (MAIL, "contact", WALLET, "row 2"), (WALLET, "category", "scam", "row 2"))
    assert names_in(package) == []
    assert len(package.claims) == 3


def test_what_is_proved_of_it_holds_and_says_what_is_withheld():
    outcome = verify(made(PAYS, (WALLET, "category", "scam", "row 2")).files)
    assert outcome.proved
    assert outcome.failures == ()
    assert outcome.claims[0].withheld == ("subject", "raw", "quote", "capture")
    assert outcome.claims[1].withheld == ("quote", "capture")
    assert outcome.vouched == 2
    assert outcome.claims[0].sentence == "person:Person 1 (victim) pays crypto-address:" + WALLET.value


def test_a_record_that_names_her_leaves_its_id_and_its_proof_alone():
    package = made(PAYS, (WALLET, "category", "scam", "row 2"))
    lines = {one["id"]: one for one in map(json.loads, package.files[RECORDS].splitlines())}
    closed, open_ = (lines[claim.record] for claim in package.claims)
    assert (closed["salt"], closed["body"], closed.get("key", "")) == ("", "", "")
    assert closed["atlas"] == "0f" * 16
    assert len(closed["proof"]) == 1
    assert open_["body"]


def test_the_record_that_is_shown_later_hashes_to_the_id_that_went_out():
    """On a legal basis the sender hands salt and body over; whoever holds the package checks them by it."""
    package, sealed = made(PAYS), seal(claims_of(PAYS))
    (record,) = sealed.records.values()
    line = json.loads(package.files[RECORDS])
    shown = dict(line, salt=record.salt, body=record.body.decode())
    del shown["atlas"]
    files = dict(package.files) | {RECORDS: json.dumps(shown).encode() + b"\n"}
    reasons = [one.reason for one in verify(files).failures]
    assert reasons == ["this file was altered"]  # the id itself holds


def test_a_capture_that_speaks_of_her_leaves_as_an_excerpt_beside_the_hash_of_the_original():
    package = made(PAYS)
    (entry,) = manifest(package)["captures"]
    assert entry["sha256"] == TABLE_HASH
    assert entry["size"] == len(TABLE)
    assert entry["withheld"] == EXCERPTED
    assert entry["file"] == CAPTURES + entry["sha256"] + SUFFIX
    excerpt = json.loads(package.files[entry["file"]])
    assert excerpt == {
        "sha256": entry["sha256"],
        "places": {"row 2": f"Person 1 (victim) | j•••e@h•••e | {WALLET.value}"},
    }


def test_a_bystander_in_a_row_that_no_claim_names_does_not_travel():
    assert [name for name, data in made(PAYS).files.items() if b"roe" in data.lower()] == []


def test_a_capture_in_which_nobody_is_hidden_travels_whole():
    package = made((WALLET, "category", "who", "row 1"), held=capture(people=frozenset()))
    assert package.files[CAPTURES + TABLE_HASH] == TABLE
    assert verify(package.files).vouched == 0


def test_a_claim_of_which_only_the_reason_of_a_vote_is_withheld_is_proved_to_its_bytes():
    told = (CastVote("Bank", "confirm", "Jane Doe called us", simulated=False),)
    package = made(
        (WALLET, "category", "who", "row 1"),
        held=capture(people=frozenset()),
        change=lambda one: replace(one, votes=told, simulated=False),
    )
    outcome = verify(package.files)
    assert outcome.claims[0].withheld == ("votes",)
    assert "sender's word" not in outcome.claims[0].reason
    assert (outcome.proved, outcome.vouched) == (True, 0)
    assert package.files[CAPTURES + TABLE_HASH] == TABLE


def test_a_capture_that_holds_what_is_not_for_every_recipient_is_an_excerpt():
    package = made((WALLET, "category", "who", "row 1"), held=capture(reserved=True))
    assert CAPTURES + TABLE_HASH not in package.files
    outcome = verify(package.files)
    assert outcome.proved
    assert outcome.claims[0].withheld == ("capture",)


WAYS = {
    "an attribute of something else": ((WALLET, "description", "jane doe was robbed", "row 2"), None),
    "the origin": ((WALLET, "category", "scam", "row 2", {"origin": "Jane Doe's blog"}), None),
    "the form as written": ((WALLET, "category", "scam", "row 2", {"raw": "doe, jane"}), None),
    "a reason of a vote": (
        (WALLET, "category", "scam", "row 2"),
        lambda one: replace(one, votes=(CastVote("Bank", "confirm", "Mrs Doe called us", simulated=False),)),
    ),
    "the grading in the source's words": (
        (WALLET, "category", "scam", "row 2"),
        lambda one: replace(one, graded="reliable, says Jane Doe"),
    ),
    "the other end": ((WALLET, "related-to", JANE, "row 2"), None),
}


@pytest.mark.parametrize("way", WAYS)
def test_there_is_no_way_by_which_the_name_leaves(way):
    sentence, change = WAYS[way]
    package = made(PAYS, sentence, change=change or (lambda one: one))
    assert names_in(package) == []
    assert verify(package.files).proved


def test_the_name_of_the_file_that_was_collected_names_nobody():
    held = capture(path="statement of Jane Doe.csv", people=frozenset({JANE, MAIL}))
    package = made(PAYS, held=held)
    assert manifest(package)["captures"][0]["path"] == "statement of Person 1 (victim).csv"
    assert names_in(package) == []


def test_a_place_that_holds_the_name_is_numbered_and_still_found():
    data = json.dumps({"jane doe": {"wallet": WALLET.value}, "x": WALLET.value}).encode()
    package = made(
        (WALLET, "category", "scam", "/jane doe/wallet"), (JANE, "pays", WALLET, "/x"), held=capture(data)
    )
    assert [one["place"] for one in manifest(package)["claims"]] == ["withheld place 1", "/x"]
    assert names_in(package) == []
    assert verify(package.files).proved


def test_who_may_be_named_is_named_in_the_evidence_too():
    nobody = Minimised(judged=frozenset({JANE, MAIL, WALLET}))
    listed = (JANE, "sanctioned-by", Entity("organisation", "ofac"), "row 2")
    package = made(PAYS, listed, minimised=nobody, change=lambda one: replace(one, simulated=False, votes=()))
    assert verify(package.files).vouched == 0
    assert package.files[CAPTURES + TABLE_HASH] == TABLE


# --- withholding is no way around the proof ---


def claim_entry(**about):
    def change(fields):
        fields["claims"][0].update(about)
        fields["claims"][0] = {name: value for name, value in fields["claims"][0].items() if value != []}

    return change


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        pytest.param(claim_entry(withheld=[]), "nothing says that it was withheld", id="not said"),
        pytest.param(claim_entry(withheld=["quote"]), "nothing says that it was withheld", id="the quote alone"),
        pytest.param(claim_entry(contributor="Example Bank"), "not who signed its record", id="by another"),
        pytest.param(claim_entry(quote="somebody else"), "does not say what is quoted", id="another quote"),
        pytest.param(claim_entry(place="row 9"), "the excerpt holds nothing of row 9", id="another place"),
    ],
)  # fmt: skip
def test_a_withheld_claim_is_still_held_to_what_was_sent(change, reason):
    outcome = verify(restated(change)(made(PAYS).files))
    assert not outcome.proved
    assert reason in outcome.claims[0].reason


def test_a_claim_whose_record_was_dropped_without_a_word_is_not_proved():
    """Whoever alters a claim and empties its record cannot pass it off as withheld."""
    package = made((WALLET, "category", "who", "row 1"), held=capture(people=frozenset()))
    lines = [json.loads(line) for line in package.files[RECORDS].splitlines()]
    for line in lines:
        line.update(salt="", body="", atlas="0f" * 16)
    files = dict(package.files) | {RECORDS: b"\n".join(json.dumps(line).encode() for line in lines) + b"\n"}
    outcome = verify(files)
    assert not outcome.proved
    assert "nothing says that it was withheld" in outcome.claims[0].reason


@pytest.mark.parametrize("field", ["id", "atlas"])
def test_a_withheld_record_that_its_contributor_did_not_sign_does_not_hold(field):
    package = made(PAYS)
    line = json.loads(package.files[RECORDS])
    line[field] = "1" * len(line[field])
    files = dict(package.files) | {RECORDS: json.dumps(line).encode() + b"\n"}
    assert [one.step for one in verify(files).failures] == [2, 4]


def test_an_excerpt_of_another_capture_proves_nothing():
    package = made(PAYS)
    name = CAPTURES + TABLE_HASH + SUFFIX
    excerpt = dict(json.loads(package.files[name]), sha256="0" * 64)
    outcome = verify(dict(package.files) | {name: json.dumps(excerpt).encode()})
    assert "the excerpt is of another capture" in outcome.claims[0].reason


@pytest.mark.parametrize("data", [b"", b"[]", b"\xff", b'{"sha256":1}', b'{"places":{},"sha256":"","x":1}'])
def test_a_malformed_excerpt_is_told_and_not_raised(data):
    package = made(PAYS)
    name = CAPTURES + TABLE_HASH + SUFFIX
    outcome = verify(dict(package.files) | {name: data})
    assert not outcome.proved
    assert "not an excerpt" in outcome.claims[0].reason


def test_a_package_without_persons_is_what_it_was(package):
    assert all("withheld" not in one for one in manifest(package)["claims"])
    assert [one["withheld"] for one in manifest(package)["captures"]] == [""] * len(captures())


# --- law ---

words = st.sampled_from(
    ["jane", "doe", "Jane Doe", "scam", "paid", WALLET.value, "jane.doe@home.example", "x"]
)
texts = st.lists(words, min_size=1, max_size=6).map(" ".join)


@settings(max_examples=60)
@given(st.lists(texts, min_size=1, max_size=4))
def test_whatever_a_capture_says_no_name_leaves_and_the_package_holds(lines):
    data = "\n".join([f"{WALLET.value} jane doe", *lines]).encode()
    sentences = [(WALLET, "description", text, f"line {at}") for at, text in enumerate(lines, 2)]
    package = made(*sentences, held=capture(data, "a.txt", people=frozenset({JANE, MAIL})))
    assert names_in(package) == []
    assert verify(package.files).proved


# --- what was asked ---

ASKED = Selection("two wallets", ("accepted",), 0, (("not accepted", 22), ("restricted", 0)))


def test_what_was_asked_is_signed_and_the_claims_in_it_are_counted_by_whoever_binds_it():
    package = build(replace(request(), selection=ASKED), key("Example Police").sign)
    outcome = verify(package.files)
    assert outcome.proved
    assert outcome.selection == ASKED._replace(included=len(package.claims))


@pytest.mark.parametrize("count", [-1, 0, 9, 11, 10**6])
def test_a_number_of_claims_that_is_not_theirs_does_not_hold(count):
    package = build(replace(request(), selection=ASKED), key("Example Police").sign)
    outcome = verify(restated(lambda fields: fields["selection"].__setitem__(2, count))(package.files))
    assert not outcome.proved
    assert (
        outcome.failures[0].reason == f"it says that it holds {count} claims and holds {len(package.claims)}"
    )


def test_a_package_of_older_make_says_nothing_of_what_was_asked(package):
    assert verify(package.files).selection is None
