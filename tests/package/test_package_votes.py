"""Votes that travel as their signed records: what a reader proves by them, and every way to bend them."""

from __future__ import annotations

import json
from dataclasses import replace
from hashlib import sha256

import pytest
from package_sample import ATLAS, KEYED, facts, key, public, request, seal, vetted
from tampering import POLICE, records_changed, resealed, restated

from chokepoint.model.identity import Entity
from chokepoint.model.marking import CLEAR
from chokepoint.package.build import build
from chokepoint.package.manifest import MANIFEST, RECORDS
from chokepoint.package.parts import Batch, CastVote, PackageRecord
from chokepoint.package.verify import verify
from chokepoint.package.votes import BEHIND, NO_KEY, NO_RECORD, SIGNED
from chokepoint.proof import merkle
from chokepoint.proof.signature import batch_message
from chokepoint.store.canonical import canonical, frame, record_id
from chokepoint.store.ledger import GENESIS

CERT, BANK = "CERT Example", "Bank of Examples"
WHY = "seen on our own sensors"


def ballot(organisation, claims, *, kind="vote/2", signer="", author="ann", **said):
    """One vote as its signed record, and as a package tells it."""
    word = {"vote": "confirm", "reason": WHY} | said
    envelope = {
        "atlas": ATLAS,
        "author": author,
        "kind": kind,
        "marking": CLEAR.to_form(),
        "organisation": organisation,
        "recorded_at": "2024-04-30T09:00:00.000Z",
    }
    before, after = frame(envelope)
    body = before + canonical({"claims": claims, "crime": "", "disclose": "", "until": ""} | word) + after
    salt = sha256(body).digest()
    name, other = record_id(salt, body), bytes(32)
    root, signer = merkle.root([name, other]), signer or organisation
    batch = Batch(
        organisation=organisation,
        size=2,
        root=root.hex(),
        previous=GENESIS.hex(),
        signature=key(signer).sign(batch_message(ATLAS, organisation, (root, GENESIS))).hex(),
        public_key=public(signer).hex(),
    )
    proof = tuple(part.hex() for part in merkle.Tree([name, other]).proof(0))
    made = PackageRecord(id=name.hex(), salt=salt.hex(), body=body, batch=batch, index=0, proof=proof)
    told = CastVote(organisation, word["vote"], word["reason"], bool(word.get("simulated")), name.hex())
    return made, told


def bound(*ballots, **changes):
    """A package of the sample's claims, the first of which has these votes and the others none."""
    sealed = seal(facts())
    claims = [replace(one, votes=()) for one in vetted(sealed.claims)]
    claims[0] = replace(claims[0], votes=tuple(told for _, told in ballots))
    records = sealed.records | {made.id: made for made, _ in ballots}
    return build(request(claims=tuple(claims), records=records, **changes), key(POLICE).sign)


FIRST = seal(facts()).claims[0].record
SECOND = seal(facts()).claims[1].record


@pytest.fixture(scope="module")
def voted():
    return bound(ballot(CERT, [FIRST]), ballot(BANK, [FIRST, SECOND])).files


def fates(files, trusted=None):
    return [(one.organisation, one.proved, one.reason) for one in verify(files, trusted).votes]


def wrongs(files, trusted=None):
    return [(one.step, one.reason) for one in verify(files, trusted).failures]


def test_a_vote_is_proved_by_its_record_that_its_organisation_signed(voted):
    outcome = verify(voted)
    assert outcome.proved
    assert [(one.claim, one.organisation, one.vote) for one in outcome.votes] == [
        (FIRST, CERT, "confirm"),
        (FIRST, BANK, "confirm"),
    ]
    assert fates(voted) == [(CERT, True, SIGNED), (BANK, True, SIGNED)]


@pytest.mark.parametrize("kind", ["vote/1", "vote/2"])
def test_votes_of_every_version_are_proved(kind):
    assert fates(bound(ballot(CERT, [FIRST], kind=kind)).files) == [(CERT, True, SIGNED)]


def test_a_vote_without_a_record_is_the_senders_word_and_the_package_holds(package):
    outcome = verify(package.files)
    assert outcome.proved
    assert {(one.proved, one.reason) for one in outcome.votes} == {(False, NO_RECORD)}
    assert len(outcome.votes) == sum(len(claim.votes) for claim in package.claims)


def test_the_keys_of_voters_are_told_with_those_of_contributors(voted):
    assert {name for name, _ in verify(voted).keys} == {POLICE, CERT, BANK}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        pytest.param(lambda v: v.__setitem__(1, "dispute"), "is not what its record says", id="word"),
        pytest.param(
            lambda v: v.__setitem__(2, "another reason"), "is not what its record says", id="reason"
        ),
        pytest.param(lambda v: v.__setitem__(0, "Mallory"), "is not signed by it", id="organisation"),
    ],
)
def test_a_sender_who_changes_what_a_vote_says_is_found(voted, change, reason):
    bent = restated(lambda manifest: change(manifest["claims"][0]["votes"][0]))(voted)
    [(step, told)] = wrongs(bent)
    assert step == 8
    assert reason in told
    assert not verify(bent).proved


def test_a_vote_passed_off_as_no_simulated_one_is_found():
    files = bound(ballot(CERT, [FIRST], simulated=True)).files
    assert fates(files) == [(CERT, True, SIGNED)]

    def real(manifest):
        manifest.update(simulated=False, dispatchable=True)
        manifest["claims"][0]["simulated"] = False
        manifest["claims"][0]["votes"][0][3] = False

    assert [step for step, _ in wrongs(restated(real)(files))] == [8]


def test_a_vote_on_another_claim_proves_nothing_of_this_one():
    files = bound(ballot(CERT, [SECOND])).files
    assert [step for step, _ in wrongs(files)] == [8]
    assert not verify(files).votes[0].proved


def test_a_claim_is_no_vote():
    """A record of another kind by the same organisation, however it was named, is none."""
    made, told = ballot(CERT, [FIRST], kind="release/1")
    assert [step for step, _ in wrongs(bound((made, told)).files)] == [8]


def test_one_record_cannot_be_told_as_two_votes(voted):
    def doubled(manifest):
        claim = manifest["claims"][0]
        claim["votes"][1], claim["cast"][1] = claim["votes"][0], claim["cast"][0]

    assert (8, "one record is told as two votes on it") in wrongs(restated(doubled)(voted))


@pytest.mark.parametrize("names", [["x"], ["", "", ""]], ids=["one short", "one too many"])
def test_records_of_votes_are_as_many_as_votes(voted, names):
    bent = restated(lambda manifest: manifest["claims"][0].update(cast=names))(voted)
    assert (8, "its votes and their records are not as many") in wrongs(bent)


def test_a_vote_whose_record_was_taken_out_is_found(voted):
    gone = json.loads(voted[MANIFEST])["claims"][0]["cast"][0]
    bent = resealed(dict(voted), records_changed(lambda rows: [row for row in rows if row["id"] != gone]))
    assert [step for step, _ in wrongs(bent)] == [8]


def test_a_record_forged_under_anothers_name_shows_two_keys():
    """Its sender can make up a key for the CERT; held to the CERT's own, the package does not hold."""
    files = bound(ballot(CERT, [FIRST], signer="Mallory")).files
    trusted = {POLICE: public(POLICE).hex(), CERT: public(CERT).hex()}
    assert wrongs(files, trusted) == [(4, f"the key of {CERT} is not the one you trust")]


def test_votes_under_keys_that_were_not_given_are_not_proved_and_harm_nothing(voted):
    trusted = {POLICE: public(POLICE).hex(), CERT: public(CERT).hex()}
    outcome = verify(voted, trusted)
    assert outcome.proved
    assert outcome.trusted
    assert fates(voted, trusted) == [(CERT, True, SIGNED), (BANK, False, NO_KEY)]


def test_the_key_of_a_contributor_is_asked_for_though_votes_are_not(voted):
    assert wrongs(voted, {CERT: public(CERT).hex()}) == [(4, f"the key of {POLICE} is not the one you trust")]


def lines(files):
    return {row["id"]: row for row in map(json.loads, files[RECORDS].splitlines())}


def test_of_a_reserved_vote_its_id_and_its_proof_go_alone():
    made, told = ballot(CERT, [FIRST, "0" * 64])
    files = bound((replace(made, reserved=True), told)).files
    left = lines(files)[made.id]
    assert "body" not in left or not left["body"]
    assert not left.get("salt")
    assert ("0" * 64).encode() not in files[RECORDS].replace(GENESIS.hex().encode(), b"")
    assert verify(files).proved
    assert fates(files) == [(CERT, False, BEHIND)]


def test_a_reserved_vote_is_still_held_to_who_signed_it():
    made, told = ballot(CERT, [FIRST])
    files = bound((replace(made, reserved=True), told)).files
    bent = restated(lambda manifest: manifest["claims"][0]["votes"][0].__setitem__(0, BANK))(files)
    assert wrongs(bent) == [(8, f"the vote of {BANK} is not signed by it")]


@pytest.mark.parametrize(
    "named",
    [
        pytest.param({"reason": "Jane Unnamed Doe told us so"}, id="in its reason"),
        pytest.param({"author": "jane unnamed doe"}, id="as who cast it"),
    ],
)
def test_a_vote_that_names_who_may_not_be_named_stays_behind(named):
    """The reason is told with a pseudonym; the record, which has the name, does not leave."""
    jane = Entity("person", "jane unnamed doe")
    told = request().audience
    audience = replace(told, minimised=replace(KEYED, hidden=frozenset({jane}), judged=frozenset({jane})))
    made, vote = ballot(CERT, [FIRST], **named)
    files = bound((made, vote), audience=audience).files
    assert all(b"unnamed" not in data.lower() for data in files.values())
    assert fates(files) == [(CERT, False, BEHIND)]


def test_no_vote_record_goes_that_no_claim_in_the_package_names():
    made, _ = ballot(CERT, [FIRST])
    files = build(request(records=seal(facts()).records | {made.id: made}), key(POLICE).sign).files
    assert made.id not in lines(files)
