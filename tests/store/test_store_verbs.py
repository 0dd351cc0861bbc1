"""One contract for every engine: what people do with an atlas comes out the same in a file and in PostgreSQL."""

from __future__ import annotations

import shutil
from dataclasses import replace

import pytest
from store_world import RED, capture, ids_of, link, record, rows_of, said_to, say, seen_by, source

from chokepoint.desk.analyse.choke import choke
from chokepoint.desk.analyse.view import load_snapshot
from chokepoint.desk.connect import connect
from chokepoint.desk.hand import Dispatch, build, export
from chokepoint.desk.handing.remark import remark
from chokepoint.desk.keeping.backup import backup, restore
from chokepoint.desk.keeping.care import verify
from chokepoint.desk.keeping.erase import erase, hold, named_by, preview
from chokepoint.desk.people.circle import change_group, find_group, groups, leave_group, make_group
from chokepoint.desk.people.staff import appoint, invite, join, let_go, may, staff
from chokepoint.desk.vetting.review import recall, vote, votes_on
from chokepoint.desk.watch.access import log, record_looks, saw
from chokepoint.desk.watch.oversight import flag_safety, held_on, veto
from chokepoint.model.claim import Claim
from chokepoint.model.errors import LedgerError, NotFoundError, NotValidError, RefusedError
from chokepoint.model.identity import Entity
from chokepoint.model.judgement import Vote
from chokepoint.model.marking import CLEAR, Marking, Tlp, Viewer
from chokepoint.model.role import Right, Role
from chokepoint.settings import Settings
from chokepoint.store.people import withheld
from chokepoint.wiring import open_atlas

EVIL = Entity("domain-name", "evil.com")
GANG = Entity("group", "Sand Worm")
TEXT = b"evil.com is run by Sand Worm, who is J\xc3\xbcrgen M\xc3\xbcller"


def accuse(atlas, *claims):
    """Say claims out of a capture that is in the vault, under an open marking; their ids."""
    kept = replace(capture("report.txt"), sha256=atlas.vault.put([TEXT])[0], size=len(TEXT))
    where = replace(source("report.txt"), capture=kept.sha256)
    said = [replace(claim, provenance=where) for claim in claims]
    before = set(ids_of(atlas))
    atlas.ledger.append_claims(atlas.speaker(), [(kept, CLEAR)], rows_of(atlas, said))
    return [name for name in ids_of(atlas) if name not in before]


def indicates(subject: Entity, thing: Entity) -> Claim:
    return Claim(subject, "indicates", thing, "line 1", source())


def alias(subject: Entity, text: str) -> Claim:
    return Claim(subject, "alias", text, "line 1", source())


def accepted(atlas, *claims):
    """Claims by the bank that police and vendor have confirmed."""
    ids = accuse(atlas, *claims)
    for name in ("police", "vendor"):
        assert vote(seen_by(atlas, name), ids, Vote.CONFIRM, "seen in our own logs") == len(ids)
    return ids


def opening(folder, organisation):
    """As `restore` opens what it has copied."""
    return open_atlas(Settings(atlas=folder, viewer=Viewer(organisation=organisation)))


def test_names_of_one_thing_are_proposed_as_one_and_once(anywhere):
    atlas = anywhere()
    bear = Entity("group", "Voodoo Bear")
    accuse(
        atlas,
        alias(GANG, "Voodoo Bear"),
        indicates(EVIL, GANG),
        indicates(EVIL, bear),
        alias(bear, "Sand Worm"),
    )
    first = connect(atlas)
    assert (first.same, first.unsure, first.split, first.known) == (1, 0, 0, 0)
    again = connect(atlas)
    assert (again.same, again.known) == (0, 1)


def test_a_snapshot_grows_by_a_vote_and_tells_its_verdict(anywhere):
    atlas = anywhere()
    ids = accuse(atlas, indicates(EVIL, GANG))
    police = seen_by(atlas, "police")
    beliefs = []
    for name in ("police", "vendor"):
        vote(seen_by(atlas, name), ids, Vote.CONFIRM, "seen")
        beliefs.append(float(load_snapshot(police).snapshot.belief[0]))
    assert beliefs == sorted(beliefs)
    assert beliefs[0] < beliefs[1]
    assert [one["vote"] for one in votes_on(police, ids)[ids[0]]] == ["confirm", "confirm"]


def test_choke_answers_with_what_is_accepted(anywhere):
    atlas = anywhere()
    accepted(atlas, indicates(EVIL, GANG))
    answer = choke(atlas)
    assert answer.accepted == 1
    assert not answer.plan


def test_a_package_holds_what_its_recipients_may_see_and_its_look_is_logged(anywhere, tmp_path):
    atlas = anywhere()
    accepted(atlas, indicates(EVIL, GANG))
    built = build(atlas, "evil.com", tmp_path / "package", Dispatch(recipients=frozenset({"police"})))
    assert (built.claims, built.refused, built.simulated) == (1, 0, False)
    [look] = [one for one in log(atlas) if one.entry.verb == "package"]
    assert look.entry.to == ("police",)
    assert EVIL in {Entity(*one) for one in look.entry.entities}


def test_a_package_for_a_group_asks_in_which_groups_its_recipients_are_now(anywhere, tmp_path):
    atlas = anywhere()
    group = make_group(atlas, "task force", ["bank", "police"])
    ids = accepted(atlas, indicates(EVIL, GANG))
    for name in ids:
        remark(atlas, [name], Marking(tlp=Tlp.AMBER, audience=frozenset({group.scope})), "for the task force")
    to_police = Dispatch(recipients=frozenset({"police"}))
    assert build(atlas, "evil.com", tmp_path / "in", to_police).claims == 1
    with pytest.raises((RefusedError, NotFoundError)):
        build(atlas, "evil.com", tmp_path / "out", Dispatch(recipients=frozenset({"vendor"})))


def test_what_is_withheld_is_in_no_package_and_no_export_until_an_overseer_lifts_it(anywhere, tmp_path):
    atlas = anywhere()
    accepted(atlas, indicates(EVIL, GANG))
    flag_safety(seen_by(atlas, "vendor"), EVIL, "she is in danger")
    with pytest.raises(RefusedError):
        build(atlas, "evil.com", tmp_path / "package")
    assert export(atlas, "csv", tmp_path / "out.csv").claims == 0
    ann = seen_by(atlas, "bank", "ann")
    join(ann, invite(atlas, "ann", [Role.INVESTIGATOR]))
    appoint(atlas, "bank/ann", Role.OVERSEER)
    assert held_on(ann, EVIL).is_withheld
    veto(ann, EVIL, "she is safe now", lift=True)
    with atlas.engine.connect() as connection:
        assert withheld(connection, atlas.secret) == frozenset()
    assert build(atlas, "evil.com", tmp_path / "again").claims == 1


def test_people_are_invited_join_and_lose_their_rights_when_they_go(anywhere):
    atlas = anywhere()
    ann = seen_by(atlas, "bank", "ann")
    token = invite(atlas, "ann", [Role.ADMINISTRATOR, Role.VETTER])
    with pytest.raises(RefusedError, match="no such invitation"):
        join(ann, token + "x")
    assert join(ann, token).state == "active"
    assert Right.VET in may(ann)
    assert [one.user for one in staff(ann)] == ["ann"]
    join(seen_by(atlas, "bank", "bob"), invite(ann, "bob", [Role.ADMINISTRATOR]))
    let_go(seen_by(atlas, "bank", "bob"), "ann")
    assert may(ann) == frozenset()
    with pytest.raises(RefusedError, match="left"):
        say(ann, [link("a.example", "10.0.0.1")])


def test_looks_are_kept_and_each_organisation_sees_its_own(anywhere):
    atlas = anywhere()
    police = seen_by(atlas, "police")
    saw(atlas, "show", "evil.com", [EVIL])
    saw(police, "search", "worm")
    record_looks(atlas)
    assert [(one.organisation, one.entry.verb) for one in log(atlas)] == [("bank", "show")]
    assert [(one.organisation, one.entry.asked) for one in log(police)] == [("police", "worm")]
    assert log(seen_by(atlas, "vendor")) == []


def test_a_group_is_known_to_its_members_and_to_nobody_else(anywhere):
    atlas = anywhere()
    group = make_group(atlas, "task force", ["bank", "police"])
    assert find_group(seen_by(atlas, "police"), "task force").scope == group.scope
    assert groups(seen_by(atlas, "vendor")) == []
    change_group(atlas, "task force", add=["vendor"])
    assert len(groups(seen_by(atlas, "vendor"))) == 1
    leave_group(seen_by(atlas, "police"), "task force")
    assert groups(seen_by(atlas, "police")) == []


def test_a_recalled_claim_and_a_closed_one_leave_the_map(anywhere):
    atlas = anywhere()
    ids = accuse(atlas, indicates(EVIL, GANG), indicates(Entity("domain-name", "also.com"), GANG))
    recall(atlas, ids[:1], "our own mistake")
    police = seen_by(atlas, "police")
    assert load_snapshot(police).snapshot.size == 3
    remark(atlas, ids[1:], RED, "not for others")
    assert load_snapshot(police).snapshot.size == 2
    assert load_snapshot(atlas).snapshot.size == 3


def test_a_backup_made_while_others_write_opens_verifies_and_holds_all_of_it(anywhere, tmp_path):
    atlas = anywhere()
    atlas.vault.put([b"s.txt", b"list.txt"])
    accuse(atlas, indicates(EVIL, GANG), alias(GANG, "อีวิล หนอน"))
    say(atlas, [link("secret.com", "9.9.9.9", source("s.txt", RED))], ["s.txt"])
    made = backup(atlas, tmp_path / "copy")
    say(atlas, [link("later.com", "9.9.9.9")])
    back = restore(tmp_path / "copy", tmp_path / "new", opening, may_bring_back=True)
    assert back.proven.records == made.records
    again = opening(tmp_path / "new", "bank")
    assert said_to(again) == said_to(atlas)[:-1]
    assert again.vault.get(said_to(again)[0].provenance.capture) == TEXT
    assert said_to(seen_by(again, "police")) == said_to(seen_by(atlas, "police"))[:-1]
    assert say(again, [link("later.com", "9.9.9.9")]).fresh == (True,)
    assert say(again, [link("later.com", "9.9.9.9")]).fresh == (False,)
    verify(again)
    again.engine.dispose()
    again.vault.engine.dispose()


def test_a_backup_goes_to_no_folder_that_holds_something(anywhere, tmp_path):
    atlas = anywhere()
    (tmp_path / "mine").write_text("keep")
    with pytest.raises(RefusedError, match="not empty"):
        backup(atlas, tmp_path)


def test_an_erased_person_is_in_no_record_no_capture_and_no_table(anywhere):
    atlas = anywhere()
    person = Entity("person", "Jürgen Müller")
    accuse(atlas, alias(person, "the boss"), indicates(EVIL, GANG))
    atlas.ledger.append(atlas.speaker(), [record("note/1", {"text": "we asked JÜRGEN MÜLLER about it"})])
    atlas.vault.put([b"list.txt"])
    say(atlas, [Claim(GANG, "alias", "gang of jürgen müller", "line 3", source())])
    before = preview(atlas, person)
    assert (before.records, before.redacted, before.removed) == (3, 1, 1)
    done = erase(atlas, person, reason="asked for it", basis="GDPR art. 17")
    assert (done.records, done.redacted, done.removed) == (3, 1, 1)  # list.txt, in which it stands nowhere
    assert verify(atlas).erased == 3
    assert b"rgen" not in everything(atlas).lower()
    with pytest.raises(NotFoundError):
        preview(atlas, person)
    assert [claim.property for claim in said_to(atlas)] == ["indicates"]


def everything(atlas) -> bytes:
    """All that the tables of an atlas say, captures too."""
    found = []
    for engine in (atlas.engine, atlas.vault.engine):
        with engine.connect() as connection:
            for table in tables(connection):
                found += connection.exec_driver_sql(f'SELECT * FROM "{table}"').all()
    kept = [atlas.vault.get(name) for name in atlas.vault._names()]
    return repr(found).encode() + b"".join(kept)


def tables(connection):
    if connection.dialect.name == "sqlite":
        sql = "SELECT name FROM sqlite_master WHERE type = 'table'"
    else:
        sql = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
    return [row[0] for row in connection.exec_driver_sql(sql) if not row[0].startswith("search_")]


def test_a_legal_hold_suspends_an_erasure(anywhere):
    atlas = anywhere()
    person = Entity("person", "Jürgen Müller")
    accuse(atlas, alias(person, "the boss"))
    hold(atlas, person, reason="court order 7")
    with pytest.raises(RefusedError, match="court order 7"):
        erase(atlas, person, reason="asked", basis="GDPR art. 17")
    hold(atlas, person, reason="lifted by the court", holds_it=False)
    assert erase(atlas, person, reason="asked", basis="GDPR art. 17").records == 1


def test_only_who_keeps_the_log_erases(anywhere):
    atlas = anywhere()
    accuse(atlas, indicates(EVIL, GANG))
    with pytest.raises(RefusedError, match="only bank"):
        erase(seen_by(atlas, "police"), named_by(atlas, "evil.com"), reason="r", basis="b")
    assert len(said_to(atlas)) == 1


def test_the_oldest_backup_brings_nothing_erased_back(anywhere, tmp_path):
    atlas = anywhere()
    person = Entity("person", "Jürgen Müller")
    accuse(atlas, alias(person, "the boss"), indicates(EVIL, GANG))
    backup(atlas, tmp_path / "old")
    erase(atlas, person, reason="asked", basis="GDPR art. 17")
    backup(atlas, tmp_path / "later")
    back = restore(tmp_path / "old", tmp_path / "new", opening, [tmp_path / "later"])
    assert back.replayed == 1
    again = opening(tmp_path / "new", "bank")
    assert b"rgen" not in everything(again).lower()
    again.engine.dispose()
    again.vault.engine.dispose()
    shutil.rmtree(tmp_path / "new")


@pytest.mark.parametrize(
    "claim",
    [
        pytest.param(link("nul\0.example", "10.0.0.1"), id="subject"),
        pytest.param(link("a.example", "10.0.0\0.1"), id="object"),
        pytest.param(link("a.example", "10.0.0.1", source(origin="a\0b")), id="origin"),
    ],
)
def test_a_name_with_nul_is_refused_in_words_and_nothing_of_it_is_kept(anywhere, claim):
    atlas = anywhere()
    with pytest.raises(NotValidError, match="NUL") as caught:
        say(atlas, [claim])
    assert "take it out" in caught.value.mend
    assert say(atlas, [link("a.example", "10.0.0.1")]).fresh == (True,)
    verify(atlas, captures=False)


def test_a_text_that_is_only_kept_in_a_record_may_hold_nul(anywhere):
    atlas = anywhere()
    accuse(atlas, alias(GANG, "half\0half"))
    assert [claim.object for claim in said_to(atlas)] == ["half\0half"]


def test_what_is_only_in_a_table_of_postgres_is_refused_in_words_too(in_postgres):
    atlas = in_postgres()
    path = "folder/\0.txt"
    with pytest.raises(NotValidError, match="NUL"):
        say(atlas, [link("a.example", "10.0.0.1", source(path))], [path])
    assert said_to(atlas) == []
    verify(atlas, captures=False)


def test_a_vault_gives_back_what_it_was_given_or_says_that_it_was_altered(anywhere):
    vault = anywhere().vault
    [name] = vault.put([b"evidence"])
    with vault.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE captures SET packed = ?", (b"other",))
    with pytest.raises(LedgerError, match="altered"):
        vault.get(name)
    assert vault.drop([name]) == 1
    with pytest.raises(LedgerError, match="not in the vault"):
        vault.get(name)


def test_a_claim_for_members_reaches_members_and_nobody_else(anywhere):
    atlas = anywhere()
    say(atlas, [link("members.example", "10.0.0.1", source("m.txt", Marking(tlp=Tlp.GREEN)))], ["m.txt"])
    assert len(said_to(seen_by(atlas, "police"))) == 1
    assert said_to(seen_by(atlas, "stranger")) == []
