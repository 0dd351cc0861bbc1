"""`review calibration` and the order of `review list`, over an atlas."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from desk_world import World, entity

from chokepoint.desk.looking.look import show
from chokepoint.desk.vetting.calibration import calibrate, publish
from chokepoint.desk.vetting.queue import queue
from chokepoint.desk.vetting.review import recall, vote
from chokepoint.desk.vetting.rules import calibration
from chokepoint.model.errors import NotFoundError, RefusedError
from chokepoint.model.judgement import Verdict, Vote
from chokepoint.model.marking import Marking, Tlp

if TYPE_CHECKING:
    from collections.abc import Iterator

GANG = entity("malware:gang")
VETTERS = ("police", "vendor", "ngo", "exchange")


@pytest.fixture
def wide(world: World) -> Iterator[World]:
    """Members bank, police, vendor, ngo, exchange."""
    for name in VETTERS[2:]:
        world.join(name)
    return world


def voted(world: World, *, red: bool = False) -> list[str]:
    """Thirty statements of the bank; all see them rightly but the exchange, which confirms everything."""
    marking = Marking(tlp=Tlp.AMBER, audience=frozenset({"bank", *VETTERS})) if red else Marking()
    sentences = [(entity(f"domain-name:{'r' * red}n{n}.com"), "indicates", GANG) for n in range(30)]
    ids = world.ids("bank", world.say("bank", *sentences, marking=marking, grade="F6", path=f"list{red}"))
    for name in VETTERS:
        vote(world.open(name), ids[:20], Vote.CONFIRM, "seen")
        word = Vote.CONFIRM if name == "exchange" else Vote.DISPUTE
        vote(world.open(name), ids[20:], word, "looked")
    return ids


def test_members_are_measured_on_what_is_known_by_now(wide: World) -> None:
    voted(wide)
    found = calibrate(wide.open("bank"))
    assert set(found.members) == set(VETTERS)
    assert found.members["police"].caught == pytest.approx(10, abs=0.1)
    assert found.members["exchange"].passed == pytest.approx(10, abs=0.1)
    assert found.gradings.count == 30
    told = json.loads(json.dumps(found.to_json()))["members"]
    assert {name: one["counts"] for name, one in told.items()} == {n: n != "exchange" for n in VETTERS}


def test_claims_that_not_all_may_see_teach_nothing(wide: World) -> None:
    voted(wide, red=True)
    found = calibrate(wide.open("bank"))
    assert found.members == {}
    assert found.gradings.count == 0


def test_hidden_claims_change_nothing_in_what_is_measured(wide: World) -> None:
    voted(wide)
    before = calibrate(wide.open("bank")).to_json()
    voted(wide, red=True)
    assert calibrate(wide.open("bank")).to_json() == before


def test_beliefs_follow_the_published_record_and_nothing_else(wide: World) -> None:
    voted(wide)
    ids = wide.ids("bank", wide.say("bank", (entity("domain-name:new.com"), "indicates", GANG), path="new"))
    vote(wide.open("exchange"), ids, Vote.CONFIRM, "as ever")
    bank = wide.open("bank")

    def belief() -> float:
        return show(bank, "new.com").evidence[0].standing.belief

    before = belief()
    calibrate(bank)
    assert belief() == before
    publish(bank)
    assert belief() < before
    with bank.reader.connect() as connection:
        assert calibration(bank.reader, connection).records["exchange"].passed == 10


def test_only_the_founder_publishes(wide: World) -> None:
    with pytest.raises(RefusedError, match="founder"):
        publish(wide.open("police"))


def test_withdrawn_claims_count_as_errors(wide: World) -> None:
    ids = voted(wide)
    bank = wide.open("bank")
    before = calibrate(bank).errors
    recall(bank, ids[:2], "a mistake")
    after = calibrate(bank).errors
    assert (before.hits, after.hits) == (0, 2)
    assert after.low <= after.mean <= after.high


def test_a_vetter_who_is_still_to_vote_learns_nothing_of_open_votes_from_the_figures(wide: World) -> None:
    empty = calibrate(wide.open("exchange")).to_json()
    ids = wide.ids(
        "bank", wide.say("bank", *[(entity(f"domain-name:n{n}.com"), "indicates", GANG) for n in range(9)])
    )
    for name, word in (("police", Vote.CONFIRM), ("vendor", Vote.CONFIRM), ("ngo", Vote.DISPUTE)):
        vote(wide.open(name), ids, word, "looked")
    assert calibrate(wide.open("exchange")).to_json() == empty


def test_an_empty_atlas_is_measured_without_complaint(wide: World) -> None:
    found = calibrate(wide.open("bank"))
    assert (found.errors.size, found.gradings.count) == (0, 0)


def test_what_more_rests_on_waits_first(wide: World) -> None:
    hub = entity("ipv4-addr:203.0.113.9")
    wide.say("bank", (entity("domain-name:lone.com"), "attributed-to", entity("group:lone")), path="a")
    wide.say("bank", (entity("domain-name:a.com"), "resolves-to", hub), path="b")
    wide.say("bank", *[(entity(f"domain-name:n{n}.com"), "resolves-to", hub) for n in range(6)], path="c")
    wide.say(
        "bank",
        *[(entity("domain-name:a.com"), "indicates", entity(f"malware:m{n}")) for n in range(6)],
        path="d",
    )
    first = queue(wide.open("police"))[0].claim
    assert (first.subject.value, first.property) == ("a.com", "resolves-to")


def test_what_is_decided_leaves_the_queue_but_for_a_sample(wide: World) -> None:
    sentences = [(entity(f"domain-name:n{n}.com"), "indicates", GANG) for n in range(40)]
    ids = wide.ids("bank", wide.say("bank", *sentences))
    assert len(queue(wide.open("exchange"))) == 40
    for name in ("police", "vendor"):
        vote(wide.open(name), ids, Vote.CONFIRM, "seen")
    assert show(wide.open("bank"), "n0.com").evidence[0].standing.verdict is Verdict.ACCEPTED
    assert len(queue(wide.open("exchange"))) < 15


def test_the_limit_holds_and_the_queue_is_the_same_twice(wide: World) -> None:
    wide.say("bank", *[(entity(f"domain-name:n{n}.com"), "indicates", GANG) for n in range(12)])
    police = wide.open("police")
    assert [one.id for one in queue(police, limit=5)] == [one.id for one in queue(police)][:5]


# --- rings ---


@pytest.fixture
def bent(wide: World) -> World:
    """Police and vendor pass what is false of each other; bank, ngo and exchange see it rightly."""
    for contributor, mate in (("police", "vendor"), ("vendor", "police")):
        sentences = [(entity(f"domain-name:{contributor}{n}.com"), "indicates", GANG) for n in range(16)]
        seqs = wide.say(contributor, *sentences, grade="F6", path=contributor)
        vote(wide.open(mate), wide.ids(mate, seqs), Vote.CONFIRM, "as agreed")
        for name in ("bank", "ngo", "exchange"):
            vote(wide.open(name), wide.ids(name, seqs)[:8], Vote.CONFIRM, "seen")
            vote(wide.open(name), wide.ids(name, seqs)[8:], Vote.DISPUTE, "looked")
    return wide


def confirmations(world: World, name: str) -> int:
    return show(world.open("bank"), name).evidence[0].standing.confirmations


def test_a_ring_is_one_voice_once_published_and_not_before(bent: World) -> None:
    found = calibrate(bent.open("bank"))
    assert [ring.members for ring in found.rings] == [("police", "vendor")]
    assert confirmations(bent, "police0.com") == 4
    publish(bent.open("bank"))
    assert confirmations(bent, "police0.com") == 3


def test_a_ring_is_told_with_counts_and_no_word_of_guilt(bent: World) -> None:
    [ring] = calibrate(bent.open("bank")).rings
    assert "of 16 false claims of each other they confirmed 16" in ring.reason


def test_only_overseers_and_the_founder_are_shown_who_counts_as_one(bent: World) -> None:
    assert calibrate(bent.open("bank")).to_json()["rings"][0]["members"] == ["police", "vendor"]
    for name in ("police", "ngo"):
        told = calibrate(bent.open(name)).to_json()
        assert not {"rings", "close", "apart"} & set(told)


def test_a_human_may_hold_members_apart_and_take_it_back(bent: World) -> None:
    bank = bent.open("bank")
    assert not publish(bank, apart={"police": "one desk serves both; looked into"}).rings
    assert confirmations(bent, "police0.com") == 3, "no ring, but who confirms everything says nothing"
    assert publish(bank).apart == {"police": "one desk serves both; looked into"}
    assert publish(bank, rejoin=["police"]).rings


def test_a_published_ring_is_measured_anew_on_all_its_votes(bent: World) -> None:
    first = publish(bent.open("bank"))
    assert publish(bent.open("bank")).rings == first.rings


def test_holding_apart_needs_a_reason_and_a_member(bent: World) -> None:
    with pytest.raises(RefusedError, match="reason"):
        publish(bent.open("bank"), apart={"police": " "})
    with pytest.raises(NotFoundError, match="ghost"):
        publish(bent.open("bank"), apart={"ghost": "x"})
    with pytest.raises(NotFoundError, match="ghost"):
        publish(bent.open("bank"), rejoin=["ghost"])


def test_what_nobody_voted_on_changes_no_measure(wide: World) -> None:
    """So that it need not be read: only its second claim joins what was voted on."""
    voted(wide)
    before = calibrate(wide.open("bank")).to_json()
    fresh = [(entity(f"domain-name:later{n}.com"), "indicates", GANG) for n in range(9)]
    wide.say("police", *fresh, path="later.txt")
    assert calibrate(wide.open("bank")).to_json() == before


def test_a_second_source_of_what_was_voted_on_is_heard(wide: World) -> None:
    voted(wide)
    before = calibrate(wide.open("bank")).gradings
    again = [(entity(f"domain-name:n{n}.com"), "indicates", GANG) for n in range(5)]
    wide.say("bank", *again, path="second.txt", origin="another", grade="A1")
    assert calibrate(wide.open("bank")).gradings.brier < before.brier


def test_what_was_withdrawn_unvoted_counts_as_an_error_still(wide: World) -> None:
    ids = wide.ids("bank", wide.say("bank", (entity("domain-name:w.com"), "indicates", GANG)))
    recall(wide.open("bank"), ids, "wrong")
    assert calibrate(wide.open("bank")).errors.hits == 1


@pytest.mark.parametrize("named", ["bank", "police"])
@pytest.mark.parametrize("told", [False, True], ids=["measured", "published"])
def test_the_founder_cannot_hold_its_own_ring_apart(wide: World, named: str, told: bool) -> None:
    """Whoever is one with somebody would vet their own by clearing themselves."""
    for contributor, mate in (("bank", "police"), ("police", "bank")):
        sentences = [(entity(f"domain-name:{contributor}{n}.com"), "indicates", GANG) for n in range(16)]
        seqs = wide.say(contributor, *sentences, grade="F6", path=contributor)
        vote(wide.open(mate), wide.ids(mate, seqs), Vote.CONFIRM, "as agreed")
        for name in ("vendor", "ngo", "exchange"):
            vote(wide.open(name), wide.ids(name, seqs)[:8], Vote.CONFIRM, "seen")
            vote(wide.open(name), wide.ids(name, seqs)[8:], Vote.DISPUTE, "looked")
    bank = wide.open("bank")
    if told:
        assert [ring.members for ring in publish(bank).rings] == [("bank", "police")]
    with pytest.raises(RefusedError, match="themselves") as refused:
        publish(bank, apart={named: "we looked into it"})
    assert refused.value.place == named
    assert publish(bank, apart={"vendor": "others may be"}).apart.keys() == {"vendor"}


def test_what_is_usual_and_the_bar_are_told_and_published_as_measured(wide: World) -> None:
    voted(wide)
    measured = publish(wide.open("bank"))
    reader = wide.open("ngo").reader
    with reader.connect() as connection:
        found = calibration(reader, connection)
    assert found.usual == pytest.approx(measured.usual, abs=5e-4)
    assert found.bar == measured.bar == 0.0  # thirty statements are too few to tell
    told = measured.to_json()
    assert told["usual"]["true_confirmed"] > told["usual"]["false_disputed"] > 0.5
    assert told["bar"] == 0.0
