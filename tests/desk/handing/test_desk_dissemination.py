"""Whoever got a package learns at once what of it no longer stands; whoever did not learns nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING

import pytest
from desk_corpus import SHARED, two_sources
from desk_world import World, entity

from chokepoint.desk.gather import gather
from chokepoint.desk.hand import Dispatch, build, export
from chokepoint.desk.handing.dissemination import GONE, Handed, handed, standing_of, withdraw
from chokepoint.desk.handing.publish import MARK, read
from chokepoint.desk.handing.remark import remark
from chokepoint.desk.keeping.erase import erase
from chokepoint.desk.people.staff import appoint, invite, join
from chokepoint.desk.vetting.review import Besides, recall, vote
from chokepoint.desk.watch.access import looks
from chokepoint.model.errors import LedgerError, NotFoundError, RefusedError
from chokepoint.model.judgement import Answer, Vote
from chokepoint.model.marking import CLEAR, Marking, Tlp
from chokepoint.model.role import Role
from chokepoint.store.base import RECALL, RecordRow
from chokepoint.store.canonical import canonical

if TYPE_CHECKING:
    from pathlib import Path

    from chokepoint.desk.atlas import Atlas

EVIL, WALLET, GANG = entity("domain-name:evil.com"), entity("domain-name:pay.com"), entity("malware:gang")
SAID = ((EVIL, "indicates", GANG), (WALLET, "indicates", GANG))
TO_POLICE = Dispatch(recipients=frozenset({"police"}))


@pytest.fixture
def vetted(world: World) -> list[str]:
    """Ids of two claims of the bank's that police and vendor have confirmed."""
    ids = world.ids("bank", world.say("bank", *SAID))
    for member in ("police", "vendor"):
        vote(world.open(member), ids, Vote.CONFIRM, f"{member} saw it too")
    return ids


def sent(world: World, tmp_path: Path, to: Dispatch = TO_POLICE, target: str = "gang") -> Path:
    return build(world.open("bank"), target, tmp_path / "out", to).folder


def only(atlas: Atlas) -> Handed:
    (one,) = handed(atlas)
    return one


def test_sender_and_recipient_see_a_package_that_stands(world, vetted, tmp_path):
    sent(world, tmp_path)
    for member in ("bank", "police"):
        one = only(world.open(member))
        assert (one.by, one.to, one.title, one.claims) == ("bank", ("police",), "gang", 2)
        assert one.stands
        assert one.changes == ()


def test_others_do_not_learn_that_there_is_a_package(world, vetted, tmp_path):
    before = standing_texts(world, "vendor")
    sent(world, tmp_path)
    assert handed(world.open("vendor")) == []
    assert standing_texts(world, "vendor") == before


def standing_texts(world: World, member: str) -> str:
    """What a member sees of packages and of its own looks, as it is printed."""
    atlas = world.open(member)
    return json.dumps([one.to_json() for one in handed(atlas)] + [one.to_json() for one in looks(atlas)])


def test_a_package_for_nobody_else_is_on_no_record(world, vetted, tmp_path):
    sent(world, tmp_path, Dispatch())
    assert handed(world.open("bank")) == []
    sent(world, tmp_path, Dispatch(recipients=frozenset({"bank"})))
    assert handed(world.open("bank")) == []


@pytest.mark.parametrize("place", ["kept.txt", ""])
def test_a_package_that_can_be_written_nowhere_is_told_to_nobody(world, vetted, tmp_path, place):
    (tmp_path / "kept.txt").write_text("mine")
    with pytest.raises(RefusedError, match="other things"):
        build(world.open("bank"), "gang", tmp_path / place, TO_POLICE)
    assert handed(world.open("police")) == handed(world.open("bank")) == []
    assert (tmp_path / "kept.txt").read_text() == "mine"


def test_an_export_for_anybody_is_no_package(world, vetted, tmp_path):
    export(world.open("bank"), "csv", tmp_path / "out.csv")
    assert handed(world.open("bank")) == []


def test_a_recall_shows_at_once_to_whoever_got_the_package_with_its_reason(world, vetted, tmp_path):
    sent(world, tmp_path)
    recall(world.open("bank"), vetted[:1], "the register was misread")
    for member in ("bank", "police"):
        one = only(world.open(member))
        (change,) = one.changes
        assert (change.record, change.now, change.reason) == (
            vetted[0],
            "recalled",
            "the register was misread",
        )
        assert not one.stands


def test_a_correction_names_what_is_said_instead(world, vetted, tmp_path):
    sent(world, tmp_path)
    other = entity("malware:another")
    recall(world.open("bank"), vetted[:1], "mistaken for its twin")
    instead = world.ids("bank", world.say("bank", (EVIL, "indicates", other), path="corrected.txt"))
    world.say("vendor", (EVIL, "indicates", entity("malware:third")), path="vendor.txt")
    world.say("bank", (WALLET, "indicates", other), path="unrelated.txt")
    (change,) = only(world.open("police")).changes
    assert change.instead == tuple(instead)


def test_what_was_said_before_the_recalled_claim_is_no_correction(world, tmp_path):
    world.say("bank", (EVIL, "indicates", entity("malware:older")), path="older.txt")
    ids = world.ids("bank", world.say("bank", *SAID))
    for member in ("police", "vendor"):
        vote(world.open(member), ids, Vote.CONFIRM, "seen")
    sent(world, tmp_path)
    recall(world.open("bank"), ids[:1], "wrong")
    assert only(world.open("police")).changes[0].instead == ()


def test_a_correction_that_a_recipient_may_not_see_is_not_named_to_it(world, vetted, tmp_path):
    sent(world, tmp_path)
    recall(world.open("bank"), vetted[:1], "wrong")
    secret = Marking(tlp=Tlp.RED)
    world.say("bank", (EVIL, "indicates", entity("malware:secret")), path="red.txt", marking=secret)
    assert only(world.open("police")).changes[0].instead == ()
    assert len(only(world.open("bank")).changes[0].instead) == 1


def test_a_dispute_after_the_package_shows(world, vetted, tmp_path):
    sent(world, tmp_path)
    world.join("ngo")
    vote(world.open("ngo"), vetted[1:], Vote.DISPUTE, "it is a shop")
    for member in ("bank", "police"):
        (change,) = only(world.open(member)).changes
        assert (change.record, change.now, change.reason) == (vetted[1], "disputed", "")


def test_a_word_by_somebody_else_recalls_nothing(world, vetted, tmp_path):
    sent(world, tmp_path)
    payload = canonical({"claims": vetted, "reason": "spite"})
    vendor = world.open("vendor")
    vendor.ledger.append(vendor.speaker(), [RecordRow(RECALL, payload, CLEAR)])
    assert only(world.open("police")).stands


def test_what_the_recipient_may_see_no_more_is_gone_for_it_alone(world, vetted, tmp_path):
    sent(world, tmp_path)
    remark(world.open("bank"), vetted[:1], Marking(tlp=Tlp.AMBER_STRICT), "names a source")
    assert [change.now for change in only(world.open("police")).changes] == [GONE]
    assert only(world.open("bank")).stands


def test_what_was_erased_is_gone_for_everybody(world, vetted, tmp_path):
    sent(world, tmp_path)
    erase(world.open("bank"), WALLET, reason="asked", basis="GDPR 17")
    for member in ("bank", "police"):
        assert [(one.record, one.now) for one in only(world.open(member)).changes] == [(vetted[1], GONE)]


def test_a_title_that_names_who_was_erased_goes_with_the_rest(world, vetted, tmp_path):
    sent(world, tmp_path, target="evil.com")
    erase(world.open("bank"), EVIL, reason="asked", basis="GDPR 17")
    assert "evil.com" not in json.dumps([one.to_json() for one in handed(world.open("police"))])


def test_the_newest_package_is_told_first(world, vetted, tmp_path):
    sent(world, tmp_path)
    sent(world, tmp_path, target="evil.com")
    assert [one.title for one in handed(world.open("police"))] == ["evil.com", "gang"]


def test_a_sender_takes_a_package_back_and_every_recipient_reads_why(world, vetted, tmp_path):
    sent(world, tmp_path, Dispatch(recipients=frozenset({"police", "vendor"})))
    for copy in handed(world.open("bank")):
        told = withdraw(world.open("bank"), copy.id[:12], "sent to the wrong desk")
        assert told.withdrawn == "sent to the wrong desk"
    for member in ("police", "vendor"):
        one = only(world.open(member))
        assert one.withdrawn == "sent to the wrong desk"
        assert not one.stands
        assert one.changes == ()


def test_a_recipient_cannot_take_a_package_back(world, vetted, tmp_path):
    sent(world, tmp_path)
    name = only(world.open("police")).id
    with pytest.raises(RefusedError, match="only its sender") as refused:
        withdraw(world.open("police"), name, "I do not like it")
    assert refused.value.mend == "ask bank"
    assert only(world.open("bank")).withdrawn == ""


def test_a_forged_withdrawal_is_found_by_nobody(world, vetted, tmp_path):
    sent(world, tmp_path)
    name = only(world.open("police")).id
    police = world.open("police")
    payload = canonical({"package": name, "reason": "forged"})
    marking = Marking(tlp=Tlp.RED, audience=frozenset({"bank", "police"}))
    police.ledger.append(police.speaker(), [RecordRow("withdrawal/1", payload, marking)])
    assert only(world.open("bank")).withdrawn == ""


@pytest.mark.parametrize("name", ["", "ab", "0" * 64, "zz" * 32, "%"])
def test_a_name_that_is_no_package_of_theirs_takes_nothing_back(world, vetted, tmp_path, name):
    sent(world, tmp_path)
    with pytest.raises(NotFoundError, match="no such package"):
        withdraw(world.open("bank"), name, "why not")
    assert only(world.open("bank")).withdrawn == ""


def test_a_package_of_others_cannot_be_told_from_none(world, vetted, tmp_path):
    sent(world, tmp_path)
    real = only(world.open("bank")).id
    errors = []
    for name in (real, "f" * 64):
        with pytest.raises(NotFoundError) as error:
            withdraw(world.open("vendor"), name, "guess")
        errors.append((error.value.reason, error.value.mend))
    assert errors[0] == errors[1]


def test_taking_back_needs_a_reason(world, vetted, tmp_path):
    sent(world, tmp_path)
    with pytest.raises(RefusedError, match="needs a reason"):
        withdraw(world.open("bank"), only(world.open("bank")).id, "  ")


def test_a_folder_is_asked_how_it_stands(world, vetted, tmp_path):
    folder = sent(world, tmp_path)
    for member in ("bank", "police", "vendor"):
        assert standing_of(world.open(member), read(folder)).stands
    recall(world.open("bank"), vetted[:1], "wrong")
    told = standing_of(world.open("police"), read(folder))
    assert [(one.record, one.reason) for one in told.changes] == [(vetted[0], "wrong")]
    assert told.to == ("police",)


def test_a_folder_whose_package_was_taken_back_says_so_to_those_who_got_it(world, vetted, tmp_path):
    folder = sent(world, tmp_path)
    withdraw(world.open("bank"), only(world.open("bank")).id, "too early")
    assert standing_of(world.open("police"), read(folder)).withdrawn == "too early"
    found = standing_of(world.open("vendor"), read(folder))
    assert (found.withdrawn, found.to, found.id) == ("", (), "")


def test_a_package_is_known_for_itself_though_time_passes_while_it_is_bound(world, vetted, tmp_path):
    moments = count()
    ticking = replace(world.open("bank"), clock=lambda: f"2026-02-03T04:{next(moments) / 1000:06.3f}Z")
    first = build(ticking, "gang", tmp_path / "first", TO_POLICE).folder
    second = build(ticking, "gang", tmp_path / "second", TO_POLICE).folder
    withdraw(world.open("bank"), handed(world.open("bank"))[-1].id, "the first was sent too early")
    assert standing_of(world.open("police"), read(first)).withdrawn == "the first was sent too early"
    assert standing_of(world.open("police"), read(second)).stands


def test_a_folder_of_another_atlas_is_refused(world, vetted, tmp_path):
    folder = sent(world, tmp_path)
    other = World(tmp_path / "other")
    other.join("bank")
    with pytest.raises(NotFoundError, match="another atlas"):
        standing_of(other.open("bank"), read(folder))
    other.close()


def test_a_folder_with_a_broken_manifest_says_which_part_is_broken(world, vetted, tmp_path):
    folder = sent(world, tmp_path)
    (folder / MARK).write_bytes(b"{")
    with pytest.raises(LedgerError, match="not a package manifest"):
        standing_of(world.open("bank"), read(folder))


def test_somebody_who_may_put_nothing_on_record_hands_nothing_on(world, vetted, tmp_path):
    join(world.open("bank", "ann"), invite(world.open("bank"), "ann", [Role.VETTER]))
    with pytest.raises(RefusedError):
        build(world.open("bank", "ann"), "gang", tmp_path / "out", TO_POLICE)
    assert not (tmp_path / "out").exists()
    assert handed(world.open("police")) == []


@pytest.mark.parametrize("word", [Vote.CONFIRM, Vote.UNSURE])
def test_what_one_vetter_says_must_not_be_disclosed_is_in_no_package(world, vetted, tmp_path, word):
    vote(world.open("police"), vetted[:1], word, "a victim", besides=Besides(disclose=Answer.NO))
    if word is Vote.UNSURE:
        world.join("ngo")
        vote(world.open("ngo"), vetted[:1], Vote.CONFIRM, "seen")
    built = build(world.open("bank"), "gang", tmp_path / "out", TO_POLICE)
    assert (built.claims, built.refused) == (1, 1)
    manifest = json.loads((tmp_path / "out" / MARK).read_bytes())
    assert [claim["record"] for claim in manifest["claims"]] == vetted[1:]


def test_what_must_not_be_disclosed_is_in_no_export_either(world, tmp_path):
    ids = world.ids("bank", world.say("bank", *SAID))
    vote(world.open("police"), ids[:1], Vote.UNSURE, "a victim", besides=Besides(disclose=Answer.NO))
    for member in ("bank", "vendor", "police"):
        done = export(world.open(member), "csv", tmp_path / "out.csv")
        assert (done.claims, done.left_out) == (1, 1)
        text = (tmp_path / "out.csv").read_text("utf-8")
        assert "pay" in text
        assert "evil" not in text


def test_a_word_against_disclosure_that_is_taken_back_binds_no_more(world, vetted, tmp_path):
    police = world.open("police")
    vote(police, vetted, Vote.CONFIRM, "a victim", besides=Besides(disclose=Answer.NO))
    with pytest.raises(RefusedError):
        sent(world, tmp_path)
    vote(police, vetted, Vote.CONFIRM, "no victim after all", besides=Besides(disclose=Answer.YES))
    assert build(world.open("bank"), "gang", tmp_path / "out", TO_POLICE).claims == 2


def test_one_organisation_cannot_overrule_another_that_says_no(world, vetted, tmp_path):
    vote(world.open("police"), vetted, Vote.CONFIRM, "a victim", besides=Besides(disclose=Answer.NO))
    vote(world.open("vendor"), vetted, Vote.CONFIRM, "fine", besides=Besides(disclose=Answer.YES))
    with pytest.raises(RefusedError):
        sent(world, tmp_path)


def test_an_overseer_reads_whole_disclosures_in_the_log_and_no_packages_of_others(world, vetted, tmp_path):
    appoint(world.open("bank"), "vendor/olga", Role.OVERSEER)
    sent(world, tmp_path)
    olga = world.open("vendor", "olga")
    assert [one.entry.to for one in looks(olga) if one.entry.verb == "package"] == [("police",)]
    assert handed(olga) == []


def test_real_files_become_a_package_that_reports_a_recall(world, tmp_path):
    gather(world.open("bank"), [two_sources(tmp_path / "in")])
    reader = world.open("bank").reader
    with reader.connect() as connection:
        seqs = reader.links(connection).seq.tolist()
        ids = [c.id for c in reader.claims(connection, seqs) if c.claim.subject.value in SHARED]
    for member in ("police", "vendor"):
        vote(world.open(member), ids, Vote.CONFIRM, "seen")
    built = build(world.open("bank"), "", tmp_path / "out", TO_POLICE)
    recall(world.open("bank"), ids[:2], "a list of the wrong year")
    one = only(world.open("police"))
    assert one.claims == built.claims
    assert {change.record for change in one.changes} <= set(ids[:2])
    assert replace(one, changes=()).stands


def test_a_package_as_json_has_every_field_by_name(world, vetted, tmp_path):
    sent(world, tmp_path)
    recall(world.open("bank"), vetted[:1], "wrong")
    told = only(world.open("police")).to_json()
    assert set(told) == {
        *("id", "title", "at", "by", "to", "claims", "changes", "withdrawn", "unvetted", "over", "stands"),
    }
    assert told["changes"] == ({"record": vetted[0], "now": "recalled", "reason": "wrong", "instead": ()},)
    assert json.loads(json.dumps(told))["stands"] is False
