"""What the ledger says of its members, whoever wrote it and in whichever version."""

from __future__ import annotations

import pytest
from store_world import seen_by

from chokepoint.model.errors import NotValidError
from chokepoint.model.marking import CLEAR
from chokepoint.model.member import Capability, Member, Mode, Sector, name_key
from chokepoint.store.base import RecordRow
from chokepoint.store.canonical import canonical
from chokepoint.store.membership import MEMBER, look_alike, members, profile_payload, read_profile
from chokepoint.store.verifying import verify_ledger

FULL = Member(
    name="x",
    sector=Sector.EXCHANGE,
    country="th",
    capabilities=frozenset({Capability(Mode.FREEZE, "crypto-address"), Capability(Mode.COOPERATION)}),
    parents=frozenset({"Acme"}),
    origins=frozenset({"acme.example"}),
    feeds=frozenset({"Feed A"}),
)


def told(atlas, author, name, **fields):
    """Append a word of `author` on member `name`."""
    payload = canonical({"name": name, **profile_payload(Member(name=name, **fields))})
    one = seen_by(atlas, author)
    one.ledger.append(one.speaker(), [RecordRow(MEMBER, payload, CLEAR)])


def known(atlas):
    reader = atlas.reader
    with reader.connect() as connection:
        return members(reader, connection)


def test_a_profile_is_read_back_as_it_is_written():
    assert read_profile({"name": "x", **profile_payload(FULL)}) == FULL


def test_words_of_another_time_are_left_out_of_a_profile():
    said = {"name": "x", **profile_payload(FULL), "sector": "circus", "capabilities": ["juggle", "freeze"]}
    read = read_profile(said)
    assert read.sector is None
    assert read.capabilities == {Capability(Mode.FREEZE)}


@pytest.mark.parametrize("without", ["name", "sector", "parents", "feeds"])
def test_a_profile_that_lacks_a_field_is_refused(without):
    said = {"name": "x", **profile_payload(FULL)}
    del said[without]
    with pytest.raises(NotValidError):
        read_profile(said)


def test_members_stand_in_the_order_in_which_they_joined(atlas):
    assert list(known(atlas("zeta", "alpha", "mu"))) == ["zeta", "alpha", "mu"]


def test_a_member_describes_itself_and_the_founder_describes_others(atlas):
    one = atlas("bank", "police")
    told(one, "police", "police", sector=Sector.LAW_ENFORCEMENT, parents=frozenset({"ministry"}))
    told(one, "bank", "police", sector=Sector.LAW_ENFORCEMENT, country="ch")
    police = known(one)["police"]
    assert (police.country, police.parents) == ("ch", {"ministry"})
    told(one, "police", "police")
    assert known(one)["police"] == Member(name="police", sector=Sector.LAW_ENFORCEMENT, country="ch")


def test_a_word_on_somebody_else_by_a_member_that_is_not_the_founder_counts_for_nothing(atlas):
    one = atlas("bank", "police", "vendor")
    told(one, "vendor", "police", parents=frozenset({"vendor"}))
    assert known(one)["police"] == Member(name="police")


def test_the_founder_cannot_lift_a_tie_of_its_own(atlas):
    one = atlas("bank", "police")
    told(one, "bank", "bank", parents=frozenset({"Acme"}))
    told(one, "bank", "bank")
    assert known(one)["bank"].parents == {"Acme"}


def test_a_word_on_nobody_is_passed_over(atlas):
    one = atlas("bank")
    told(one, "bank", "ghost", sector=Sector.NGO)
    assert list(known(one)) == ["bank"]


def test_a_ledger_with_words_on_members_verifies(atlas):
    one = atlas("bank", "police")
    told(one, "bank", "police", sector=Sector.NGO)
    assert verify_ledger(one.engine, one.id).records == 3


def test_a_look_alike_is_found_under_each_spelling_and_only_then(atlas):
    one = atlas("bank", "Société")
    with one.engine.connect() as connection:
        assert look_alike(connection, "SOCIETE") == "Société"
        assert look_alike(connection, "b.a.n.k") == "bank"
        assert look_alike(connection, "police") == ""
    assert name_key("bank") != name_key("police")
