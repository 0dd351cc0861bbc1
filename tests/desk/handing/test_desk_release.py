"""One named person answers for a name that no authority published, and for claims that nobody vetted."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from desk_world import World, entity

from chokepoint.desk.hand import Dispatch, build, export
from chokepoint.desk.handing.dissemination import handed
from chokepoint.desk.handing.publish import MARK, read
from chokepoint.desk.handing.release import release, released
from chokepoint.desk.keeping.erase import erase
from chokepoint.desk.member import update
from chokepoint.desk.people.staff import appoint, invite, join, let_go
from chokepoint.desk.vetting.review import Besides, vote
from chokepoint.desk.watch.access import looks
from chokepoint.desk.watch.oversight import flag_safety, veto
from chokepoint.model.errors import RefusedError
from chokepoint.model.judgement import Answer, Vote
from chokepoint.model.marking import Marking, Tlp
from chokepoint.model.role import Role
from chokepoint.package.verify import verify
from chokepoint.store.base import RELEASE, RecordRow
from chokepoint.store.canonical import canonical

if TYPE_CHECKING:
    from pathlib import Path

JANE, EVIL, GANG = entity("person:jane doe"), entity("domain-name:evil.com"), entity("malware:gang")
OTHER = entity("domain-name:other.com")
POLICE = frozenset({"police"})
HOURS = Dispatch(recipients=POLICE, provisional="children at risk")
THEIRS = Dispatch(recipients=frozenset({"vendor"}), provisional="children at risk")
BASIS = "Code of Criminal Procedure, section 131"


@pytest.fixture
def ids(world: World) -> list[str]:
    """Ids of two proposed claims of the vendor's: on a domain, and on a person behind it."""
    return world.ids("vendor", world.say("vendor", (EVIL, "indicates", GANG), (EVIL, "controlled-by", JANE)))


def confirm(world: World, ids: list[str], *members: str) -> None:
    for name in members or ("police", "bank"):
        vote(world.open(name), ids, Vote.CONFIRM, "seen")


def manifest(tmp_path: Path) -> dict[str, object]:
    made: dict[str, object] = json.loads((tmp_path / "out" / MARK).read_bytes())
    return made


def page(tmp_path: Path) -> str:
    return (tmp_path / "out" / "report.html").read_text("utf-8").casefold()


def works(world: World, organisation: str, user: str, *roles: Role) -> None:
    join(world.open(organisation, user), invite(world.open(organisation), user, roles))


def test_what_nobody_vetted_leaves_under_one_name_for_three_days(world, ids, tmp_path):
    built = build(world.open("bank", "ann"), "evil.com", tmp_path / "out", HOURS)
    assert built.claims == 2
    assert manifest(tmp_path)["provisional"] == ["bank/ann", "children at risk", "2026-02-06T04:05:06.000Z"]
    outcome = verify(read(tmp_path / "out"))
    assert outcome.failures == ()
    assert outcome.provisional is not None
    assert "unvetted" in page(tmp_path)
    assert "0 accepted and 2 proposed statements about evil[.]com" in page(tmp_path)
    drawn = page(tmp_path).split("the same in words", 1)[1].split("</table>", 1)[0]
    assert "proposed" in drawn


def test_without_saying_so_nothing_unvetted_leaves(world, ids, tmp_path):
    with pytest.raises(RefusedError, match="is accepted"):
        build(world.open("bank", "ann"), "evil.com", tmp_path / "out", Dispatch(recipients=POLICE))


def test_vetted_and_unvetted_leave_together_and_each_says_which_it_is(world, ids, tmp_path):
    confirm(world, ids[:1])
    build(world.open("bank", "ann"), "evil.com", tmp_path / "out", HOURS)
    assert [one["verdict"] for one in manifest(tmp_path)["claims"]] == ["accepted", "proposed"]


def test_what_is_disputed_does_not_leave_for_anybodys_word(world, ids, tmp_path):
    vote(world.open("police"), ids[:1], Vote.DISPUTE, "a shop")
    vote(world.open("police"), ids[:1], Vote.DISPUTE, "a shop indeed")
    built = build(world.open("bank", "ann"), "evil.com", tmp_path / "out", HOURS)
    assert [one["record"] for one in manifest(tmp_path)["claims"]] == ids[1:]
    assert built.claims == 1


def test_what_must_not_be_disclosed_does_not_leave_for_anybodys_word(world, ids, tmp_path):
    vote(world.open("police"), ids, Vote.UNSURE, "a victim", besides=Besides(disclose=Answer.NO))
    with pytest.raises(RefusedError):
        build(world.open("bank", "ann"), "evil.com", tmp_path / "out", HOURS)


@pytest.mark.parametrize("keeps", ["veto", "safety"])
def test_what_is_withheld_does_not_leave_for_anybodys_word(world, ids, tmp_path, keeps):
    if keeps == "veto":
        appoint(world.open("bank"), "vendor/olga", Role.OVERSEER)
        veto(world.open("vendor", "olga"), JANE, "a journalist")
    else:
        flag_safety(world.open("vendor"), JANE, "at risk")
    with pytest.raises(RefusedError, match="withheld"):
        build(world.open("bank", "ann"), "evil.com", tmp_path / "out", HOURS)


def test_what_a_recipient_may_not_see_does_not_leave_for_anybodys_word(world, ids, tmp_path):
    world.say("bank", (EVIL, "indicates", entity("malware:secret")), marking=Marking(tlp=Tlp.RED), path="r")
    build(world.open("bank", "ann"), "evil.com", tmp_path / "out", HOURS)
    assert "secret" not in json.dumps(manifest(tmp_path))
    assert "secret" not in page(tmp_path)


def test_an_organisation_as_a_whole_answers_for_nothing(world, ids, tmp_path):
    with pytest.raises(RefusedError, match="one named person") as refused:
        build(world.open("bank"), "evil.com", tmp_path / "out", HOURS)
    assert "--as ORG/USER" in refused.value.mend
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("role", [Role.INVESTIGATOR, Role.VETTER, Role.ADMINISTRATOR])
def test_where_there_is_a_register_only_a_coordinator_answers(world, ids, tmp_path, role):
    works(world, "bank", "ann", role, Role.INVESTIGATOR)
    with pytest.raises(RefusedError, match="may not hand on"):
        build(world.open("bank", "ann"), "evil.com", tmp_path / "out", HOURS)
    with pytest.raises(RefusedError, match="may not hand on"):
        release(world.open("bank", "ann"), JANE, basis=BASIS)
    appoint(world.open("bank"), "bank/ann", Role.COORDINATOR)
    assert build(world.open("bank", "ann"), "evil.com", tmp_path / "out", HOURS).claims == 2


def test_whoever_left_answers_for_nothing(world, ids, tmp_path):
    works(world, "bank", "ann", Role.INVESTIGATOR)
    let_go(world.open("bank"), "ann")
    with pytest.raises(RefusedError):
        build(world.open("bank", "ann"), "evil.com", tmp_path / "out", HOURS)


def test_a_reason_of_blanks_is_none(world, ids, tmp_path):
    with pytest.raises(RefusedError, match="needs a reason"):
        build(
            world.open("bank", "ann"),
            "evil.com",
            tmp_path / "out",
            Dispatch(recipients=POLICE, provisional="  "),
        )


def test_it_is_logged_and_its_recipient_sees_until_when(world, ids, tmp_path):
    build(world.open("bank", "ann"), "evil.com", tmp_path / "out", HOURS)
    (entry,) = [one.entry for one in looks(world.open("bank", "ann")) if one.entry.to]
    assert set(entry.claims) == set(ids)
    (one,) = handed(world.open("police"))
    assert (
        one.unvetted == "UNVETTED: approved by bank/ann until 2026-02-06 04:05 UTC, because children at risk"
    )


def test_what_was_vetted_since_is_no_change_and_what_was_disputed_since_is_one(world, ids, tmp_path):
    build(world.open("bank", "ann"), "evil.com", tmp_path / "out", HOURS)
    assert handed(world.open("police"))[0].changes == ()
    confirm(world, ids[:1])
    assert handed(world.open("police"))[0].changes == ()
    for name in ("police", "bank"):
        vote(world.open(name), ids[1:], Vote.DISPUTE, "a namesake")
    (change,) = handed(world.open("police"))[0].changes
    assert change.record == ids[1]


def test_a_name_is_a_pseudonym_until_a_person_releases_it(world, ids, tmp_path):
    confirm(world, ids)
    to = Dispatch(recipients=POLICE)
    build(world.open("bank"), "evil.com", tmp_path / "out", to)
    assert "jane doe" not in page(tmp_path)
    assert re.search(r"person [a-z2-7]{8}\b", page(tmp_path))
    release(world.open("bank", "ann"), JANE, basis=BASIS)
    build(world.open("bank"), "evil.com", tmp_path / "out", to)
    assert "jane doe" in page(tmp_path)


def test_a_package_says_who_released_a_name_and_on_which_basis(world, ids, tmp_path):
    confirm(world, ids)
    release(world.open("bank", "ann"), JANE, basis=BASIS)
    build(world.open("bank"), "evil.com", tmp_path / "out", Dispatch(recipients=POLICE))
    assert "bank/ann" in page(tmp_path)
    assert BASIS.casefold() in page(tmp_path)


def test_a_release_of_somebody_who_is_not_in_the_package_is_not_told_in_it(world, ids, tmp_path):
    confirm(world, ids)
    release(world.open("bank", "ann"), entity("person:john roe"), basis=BASIS)
    build(world.open("bank"), "evil.com", tmp_path / "out", Dispatch(recipients=POLICE))
    assert "john roe" not in page(tmp_path)
    assert BASIS.casefold() not in page(tmp_path)


def test_a_release_is_for_ones_own_packages_and_not_for_another_members(world, ids, tmp_path):
    confirm(world, ids)
    release(world.open("vendor", "vic"), JANE, basis=BASIS)
    build(world.open("bank"), "evil.com", tmp_path / "out", Dispatch(recipients=POLICE))
    assert "jane doe" not in page(tmp_path)
    assert set(released(world.open("vendor"))) == {JANE}
    assert released(world.open("bank")) == {}


def test_no_open_edition_names_a_released_person(world, ids, tmp_path):
    confirm(world, ids)
    release(world.open("bank", "ann"), JANE, basis=BASIS)
    for form in ("csv", "stix", "misp", "graphml"):
        export(world.open("bank"), form, tmp_path / f"out.{form}")
        assert "jane doe" not in (tmp_path / f"out.{form}").read_text("utf-8").casefold()


def test_a_release_is_taken_back(world, ids):
    ann = world.open("bank", "ann")
    release(ann, JANE, basis=BASIS)
    assert released(ann)[JANE].by == "bank/ann"
    release(ann, JANE, basis="acquitted", revoke=True)
    assert released(world.open("bank")) == {}


def test_the_newest_release_says_by_whom(world):
    release(world.open("bank", "ann"), JANE, basis=BASIS)
    release(world.open("bank", "ben"), JANE, basis="a court order")
    (one,) = released(world.open("bank")).values()
    assert (one.by, one.basis) == ("bank/ben", "a court order")


def test_a_release_that_no_person_signed_releases_nobody(world):
    bank = world.open("bank")
    payload = canonical({"basis": BASIS, "entity": list(JANE), "released": True})
    bank.ledger.append(bank.speaker(), [RecordRow(RELEASE, payload, Marking(tlp=Tlp.AMBER_STRICT))])
    assert released(bank) == {}


@pytest.mark.parametrize("basis", ["", "   ", "x" * 2_001])
def test_a_release_needs_a_legal_basis(world, basis):
    with pytest.raises(RefusedError, match="legal basis"):
        release(world.open("bank", "ann"), JANE, basis=basis)


def test_only_natural_persons_need_a_release(world):
    with pytest.raises(RefusedError, match="natural person"):
        release(world.open("bank", "ann"), EVIL, basis=BASIS)


def test_other_members_do_not_see_a_release(world, ids):
    before = sorted(map(str, looks(world.open("vendor"))))
    release(world.open("bank", "ann"), JANE, basis=BASIS)
    assert sorted(map(str, looks(world.open("vendor")))) == before
    reader = world.open("vendor").reader
    with reader.connect() as connection:
        assert list(reader.records(connection, RELEASE)) == []


def test_an_erased_person_is_released_no_more(world, ids):
    release(world.open("bank", "ann"), JANE, basis=BASIS)
    erase(world.open("bank"), JANE, reason="asked", basis="GDPR 17")
    assert released(world.open("bank")) == {}


@pytest.mark.parametrize("tie", ["own", "parent", "owner", "feed", "second source", "hidden source"])
def test_nobody_approves_provisionally_what_they_may_not_vet(world, ids, tmp_path, tie):
    """The approver is as independent as vetters are: a second pair of eyes, not the contributor's own."""
    who = world.open("bank")
    if tie == "own":
        world.say("bank", (OTHER, "indicates", GANG), path="own.txt")
    elif tie in ("parent", "owner", "feed"):
        world.say("vendor", (OTHER, "indicates", GANG), path="theirs.txt", origin="paper")
    else:
        world.say("vendor", (OTHER, "indicates", GANG), path="theirs.txt")
        closed = Marking(tlp=Tlp.RED) if tie == "hidden source" else Marking()
        world.say("bank", (OTHER, "indicates", GANG), path="second.txt", marking=closed)
    field, value = {
        "parent": ("parents", "vendor"),
        "owner": ("origins", "paper"),
        "feed": ("feeds", "paper"),
    }.get(tie, ("parents", ""))
    if value:
        update(who, "bank", lambda known: replace(known, **{field: frozenset({value})}))
    with pytest.raises(RefusedError, match="may not approve"):
        build(world.open("bank", "ann"), "other.com", tmp_path / "out", HOURS)
    assert build(world.open("police", "pim"), "other.com", tmp_path / "out", THEIRS).claims >= 1


def test_what_the_approver_may_vet_leaves_without_what_it_may_not(world, ids, tmp_path):
    world.say("bank", (EVIL, "uses", GANG), path="own.txt")
    built = build(world.open("bank", "ann"), "evil.com", tmp_path / "out", HOURS)
    assert (built.claims, built.refused) == (2, 1)


def test_what_is_accepted_needs_no_approval_whoever_said_it(world, ids, tmp_path):
    own = world.ids("bank", world.say("bank", (EVIL, "uses", GANG), path="own.txt"))
    confirm(world, own, "police", "vendor")
    assert build(world.open("bank", "ann"), "evil.com", tmp_path / "out", HOURS).claims == 3


def test_what_is_disputed_does_not_leave_though_the_approver_is_still_to_vote(world, ids, tmp_path):
    """A dispute is not shown to it before its own word; it bars the way all the same."""
    vote(world.open("police"), ids[:1], Vote.DISPUTE, "a shop")
    built = build(world.open("bank", "ann"), "evil.com", tmp_path / "out", HOURS)
    assert [one["record"] for one in manifest(tmp_path)["claims"]] == ids[1:]
    assert built.refused == 1
    vote(world.open("police"), ids, Vote.DISPUTE, "a shop, a namesake")
    with pytest.raises(RefusedError, match="may not approve") as refused:
        build(world.open("bank", "ann"), "evil.com", tmp_path / "out", HOURS)
    world.say("bank", (OTHER, "indicates", GANG), path="own.txt")
    with pytest.raises(RefusedError) as own:
        build(world.open("bank", "ann"), "other.com", tmp_path / "out", HOURS)
    assert str(refused.value).replace("evil", "other") == str(own.value), "why is not told"
