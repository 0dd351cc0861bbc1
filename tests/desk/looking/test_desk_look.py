"""`search` and `show`: dossiers made of what the viewer may see and of nothing else."""

from __future__ import annotations

import gc
import json
from typing import TYPE_CHECKING

import pytest
from desk_world import RED, World, entity

from chokepoint.desk.looking import check as check_module
from chokepoint.desk.looking import look
from chokepoint.desk.looking.check import tell
from chokepoint.desk.looking.dossier import interval_json
from chokepoint.desk.looking.look import gather_evidence, search, show
from chokepoint.desk.resolve import resolve
from chokepoint.desk.vetting.casting import Cast
from chokepoint.desk.vetting.review import simulate, vote
from chokepoint.desk.vetting.standing import standings
from chokepoint.model.claim import Interval, on_day
from chokepoint.model.identity import Entity
from chokepoint.model.judgement import Verdict, Vote
from chokepoint.model.marking import CLEAR
from chokepoint.store.reading import Reader
from chokepoint.vet.belief import belief

if TYPE_CHECKING:
    from chokepoint.store.base import StoredClaim

EVIL = entity("domain-name:evil.com")
GANG = entity("group:gang")
WALLET = Entity("crypto-address", "19CbDoaZDLTzkkT1uQrMPM42AUvfQN4Kds")
KEYS = {"id", "property", "subject", "object", "origin", "source", "interval", "belief", "verdict", "marking"}


def test_a_dossier_has_the_shape_that_programs_rely_on(world: World):
    world.say(
        "bank",
        (EVIL, "requests-payment-to", WALLET),
        observed=on_day("2023-05-06"),
        path="a/urls.yaml",
        place="line 7",
    )
    told = show(world.open("police"), "evil.com").to_json()
    assert told["entity"] == {"kind": "domain-name", "value": "evil.com", "id": EVIL.id}
    [claim] = told["claims"]
    assert claim.keys() >= KEYS
    assert claim["subject"] == told["entity"]
    assert claim["object"] == {"kind": "crypto-address", "value": WALLET.value, "id": WALLET.id}
    assert claim["source"]["path"] == "a/urls.yaml"
    assert claim["source"]["place"] == "line 7"
    assert claim["interval"] == {"start": "2023-05-06", "end": "2023-05-07", "precision": "day"}
    assert (claim["verdict"], claim["marking"], claim["contributor"]) == ("proposed", "TLP:CLEAR", None)
    assert told["origins"] == ["(a member)"]
    assert told["identity"] == []
    json.dumps(told)


def test_the_unknown_is_told_in_its_own_shape(world: World):
    assert show(world.open("police"), "evil.com").to_json() == {"entity": None, "query": "evil.com"}


def test_an_attribute_is_text(world: World):
    world.say("bank", (EVIL, "description", "a shop that never ships"))
    [claim] = show(world.open("bank"), "evil.com").to_json()["claims"]
    assert claim["object"] == "a shop that never ships"
    assert claim["interval"] is None


def test_claims_come_from_both_ends_newest_first(world: World):
    world.say("bank", (EVIL, "indicates", GANG))
    world.say("vendor", (GANG, "uses", EVIL))
    told = show(world.open("police"), "evil.com")
    assert [one.stored.claim.property for one in told.evidence] == ["uses", "indicates"]


@pytest.mark.parametrize("origins", [1, 2, 3])
def test_the_belief_is_that_of_the_independent_origins(world: World, origins: int):
    for number in range(origins):
        world.say(
            "bank", (EVIL, "indicates", GANG), origin=f"source {number}", grade="B2", path=f"{number}.txt"
        )
        world.say(
            "bank",
            (EVIL, "indicates", GANG),
            origin=f"source {number}",
            grade="B2",
            path=f"{number}-copy.txt",
        )
    told = show(world.open("police"), "evil.com")
    wanted = belief([("B2", f"source {number}") for number in range(origins)])
    assert {round(one.standing.belief, 4) for one in told.evidence} == {round(wanted, 4)}


def test_two_other_members_make_it_accepted(world: World):
    ids = world.ids("bank", world.say("bank", (EVIL, "indicates", GANG)))
    for member in ("police", "vendor"):
        vote(world.open(member), ids, Vote.CONFIRM, "seen in our own logs")
    [one] = show(world.open("police"), "evil.com").evidence
    assert one.standing.verdict is Verdict.ACCEPTED
    assert (one.standing.confirmations, one.standing.disputes) == (2, 0)
    assert not one.standing.simulated


def test_simulated_votes_stay_marked(world: World):
    ids = tuple(world.ids("bank", world.say("bank", (EVIL, "indicates", GANG))))
    casts = [
        Cast(organisation=name, vote=Vote.CONFIRM, reason="rule", claims=ids) for name in ("police", "vendor")
    ]
    simulate(world.open("bank"), casts)
    [one] = show(world.open("police"), "evil.com").evidence
    assert one.standing.verdict is Verdict.ACCEPTED
    assert one.standing.simulated
    assert one.to_json()["simulated"] is True


def test_a_dispute_is_shown(world: World):
    ids = world.ids("bank", world.say("bank", (EVIL, "indicates", GANG)))
    vote(world.open("police"), ids, Vote.DISPUTE, "it is our honeypot")
    for member in ("bank", "police"):
        [one] = show(world.open(member), "evil.com").evidence
        assert one.standing.verdict is Verdict.DISPUTED
    [one] = show(world.open("vendor"), "evil.com").evidence
    assert (one.standing.verdict, one.standing.blind) == (Verdict.PROPOSED, True)


def test_accepted_narrows_the_dossier(world: World):
    ids = world.ids("bank", world.say("bank", (EVIL, "indicates", GANG), (EVIL, "status", "live")))
    for member in ("police", "vendor"):
        vote(world.open(member), ids[:1], Vote.CONFIRM, "seen")
    told = show(world.open("police"), "evil.com", accepted=True)
    assert [one.stored.claim.property for one in told.evidence] == ["indicates"]


def test_further_bearers_of_a_name_are_named(world: World):
    world.say("bank", (EVIL, "indicates", GANG), (EVIL, "indicates", entity("malware:gang")))
    told = show(world.open("police"), "gang")
    assert told.entity == GANG
    assert told.to_json()["also"] == [{"kind": "malware", "value": "gang", "id": entity("malware:gang").id}]


def test_a_path_is_the_one_of_the_claims_own_contributor(world: World):
    """The same bytes taken in by two members under two names: each claim shows its own, never the other's."""
    world.say("bank", (EVIL, "indicates", GANG), path="secret operation/list.txt", marking=RED)
    world.say("vendor", (EVIL, "indicates", GANG), path="public/list.txt")
    told = json.dumps(show(world.open("vendor"), "evil.com").to_json())
    assert "public/list.txt" in told
    assert "secret" not in told


def test_a_dossier_warns_of_shared_infrastructure(world: World):
    address = entity("ipv4-addr:104.17.2.3")
    world.say("bank", (EVIL, "resolves-to", address))
    assert show(world.open("police"), "104.17.2.3").to_json()["warnings"] == []
    world.say("vendor", (entity("ipv4-addr:104.16.0.0/13"), "listed-on", entity("known-list:known cdn")))
    [warning] = show(world.open("police"), "104.17.2.3").to_json()["warnings"]
    assert "known cdn" in warning


def test_hidden_and_absent_read_the_same(world: World):
    before = show(world.open("police"), "evil.com").to_json()
    world.say("bank", (EVIL, "indicates", GANG), marking=RED)
    assert show(world.open("police"), "evil.com").to_json() == before


def test_a_hidden_claim_changes_nothing_of_a_dossier(world: World):
    world.say("vendor", (EVIL, "indicates", GANG))
    before = show(world.open("police"), "evil.com").to_json()
    world.say("bank", (EVIL, "indicates", GANG), (EVIL, "status", "live"), marking=RED, grade="A1")
    assert show(world.open("police"), "evil.com").to_json() == before
    assert show(world.open("bank"), "evil.com").to_json() != before


HELD = [
    (1, "bank", "one", "A2", CLEAR),
    (2, "vendor", "two", "C3", CLEAR),
    (3, "bank", "hearsay", "A1", RED),
    (4, "bank", "two", "B2", CLEAR),
]


def tell_hub(world: World) -> None:
    """One sentence of each sort about a gang by several origins, then newer sentences that bury it."""
    for number, who, origin, grade, marking in HELD:
        about = {"origin": origin, "grade": grade, "marking": marking}
        world.say(who, (EVIL, "indicates", GANG), (GANG, "alias", "The Gang"), (GANG, "uses", WALLET),
                  path=f"{number}", **about)  # fmt: skip
    for number in range(6):
        world.say("bank", (entity(f"domain-name:n{number}.com"), "indicates", GANG), path=f"new {number}")
    world.say("vendor", (EVIL, "indicates", GANG), (GANG, "alias", "The Gang"), (GANG, "uses", WALLET),
              origin="three", path="last")  # fmt: skip


@pytest.mark.parametrize("most", [3, 5, 9])
def test_of_a_hub_the_newest_claims_are_shown_with_the_belief_that_all_support(world: World, most: int):
    tell_hub(world)
    whole = {one.stored.id: one.standing for one in show(world.open("police"), "gang").evidence}
    cut = show(world.open("police"), "gang", most=most)
    assert cut.more == len(whole) - most
    assert len(cut.evidence) == most
    assert {one.stored.id: one.standing for one in cut.evidence} == dict(list(whole.items())[:most])
    wanted = belief([("A2", "one"), ("C3", "two"), ("B2", "two"), ("B2", "three")])
    assert {round(one.standing.belief, 4) for one in cut.evidence[:3]} == {round(wanted, 4)}


def test_votes_on_what_a_hub_no_longer_shows_still_count(world: World):
    tell_hub(world)
    reader = world.open("police").reader
    with reader.connect() as connection:
        [eid] = [one.eid for one in resolve(reader, connection, "evil.com")]
        oldest = reader.about(connection, eid)[-1]
    for member in ("police", "vendor"):
        vote(world.open(member), world.ids(member, [oldest]), Vote.DISPUTE, "it is ours")
    few = show(world.open("bank"), "gang", most=3).evidence
    told = {one.stored.claim.property: one.standing for one in few}
    assert told["indicates"].verdict is Verdict.DISPUTED
    assert told["alias"].verdict is Verdict.PROPOSED


def test_a_search_and_a_check_believe_what_all_claims_support(world: World, monkeypatch: pytest.MonkeyPatch):
    tell_hub(world)
    police = world.open("police")
    whole = search(police, "gang")[0].to_json(), tell(police, [GANG])[GANG].evidence
    monkeypatch.setattr(look, "SAMPLE", 3)
    monkeypatch.setattr(check_module, "CLAIMS_EACH", 3)
    assert search(police, "gang")[0].to_json() == whole[0]
    cut = tell(police, [GANG])[GANG].evidence
    assert len(cut) == 3
    assert {one.stored.id: one.standing for one in cut}.items() <= {
        one.stored.id: one.standing for one in whole[1]
    }.items()


def test_the_collector_of_garbage_rests_only_while_evidence_is_gathered():
    with look.no_collection():
        assert not gc.isenabled()
    assert gc.isenabled()
    gc.disable()
    try:
        with look.no_collection():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_an_interval_reads_as_it_was_observed():
    assert interval_json(None) is None
    assert interval_json(Interval("2020", "", "year")) == {"start": "2020", "end": "", "precision": "year"}


def test_nothing_has_no_standing(world: World):
    reader = world.open("bank").reader
    with reader.connect() as connection:
        assert standings(reader, connection, []) == {}
        assert gather_evidence(reader, connection, []) == []


def values(world: World, text: str, who: str = "police", **how: int) -> list[str]:
    return [hit.entity.value for hit in search(world.open(who), text, **how)]


@pytest.fixture
def many(world: World) -> World:
    names = ("evil.com", "evil.com.example.net", "more-evil.org", "good.org", "100%.example", "a_b.example")
    world.say("bank", *((entity(f"domain-name:{name}"), "indicates", GANG) for name in names))
    return world


def test_what_is_meant_comes_first_then_the_shortest(many: World):
    assert values(many, "evil.com") == ["evil.com", "evil.com.example.net"]
    assert values(many, "evil") == ["evil.com", "more-evil.org", "evil.com.example.net"]


@pytest.mark.parametrize("text", ["EVIL", "Evil", "evil"])
def test_case_does_not_matter(many: World, text: str):
    assert len(values(many, text)) == 3


def test_defanged_words_find_what_they_mean(many: World):
    assert values(many, "more-evil[.]org") == ["more-evil.org"]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("0%", ["100%.example"]), ("a_b", ["a_b.example"]), ("%", ["100%.example"]), ("_", ["a_b.example"])],
)
def test_wildcards_are_only_letters(many: World, text: str, wanted: list[str]):
    assert values(many, text) == wanted


@pytest.mark.parametrize("text", ["", " ", "zzz", "\\", "'", '"', "evil' OR '1'='1", "*"])
def test_what_matches_nothing_finds_nothing(many: World, text: str):
    assert values(many, text) == []


def test_two_letters_are_enough(many: World):
    assert values(many, "ev")[0] == "evil.com"


def test_the_limit_holds(many: World):
    assert len(values(many, "example", limit=2)) == 2


def test_thai_names_are_found_within(world: World):
    name = "กลุ่มเสื้อแดงออนไลน์"
    world.say("bank", (EVIL, "indicates", Entity("group", name)))
    assert values(world, "เสื้อแดง") == [name]


def test_a_hit_counts_visible_claims_alone(world: World):
    world.say("bank", (EVIL, "indicates", GANG))
    world.say("bank", (EVIL, "indicates", entity("group:other")), marking=RED)
    [hit] = search(world.open("police"), "evil.com")
    assert hit.claims == 1
    assert search(world.open("bank"), "evil.com")[0].claims == 2


def test_hidden_hits_crowd_nobody_out(world: World):
    """With more hidden matches than the limit, visible ones are still all found."""
    hidden = ((entity(f"domain-name:evil{number}.com"), "status", "live") for number in range(300))
    world.say("bank", *hidden, marking=RED)
    world.say("vendor", (entity("domain-name:the-evil-one.example"), "status", "live"))
    assert values(world, "evil", limit=5) == ["the-evil-one.example"]


def test_a_search_is_the_same_with_and_without_hidden_records(many: World):
    before = [hit.to_json() for hit in search(many.open("police"), "evil")]
    many.say("bank", (entity("domain-name:evil.co"), "status", "live"), (EVIL, "status", "live"), marking=RED)
    assert [hit.to_json() for hit in search(many.open("police"), "evil")] == before


def test_things_found_together_are_believed_as_each_found_alone(many: World):
    police = many.open("police")
    together = search(police, "evil")
    assert len(together) > 1
    for one in together:
        assert one in search(police, one.entity.value)
    assert len({one.claims for one in together} | {one.belief for one in together}) > 1


def test_accepted_narrows_the_search(many: World):
    assert search(many.open("police"), "evil", accepted=True) == []
    ids = many.ids("bank", many.say("bank", (EVIL, "status", "live")))
    for member in ("police", "vendor"):
        vote(many.open(member), ids, Vote.CONFIRM, "seen")
    [hit] = search(many.open("police"), "evil", accepted=True)
    assert (hit.entity, hit.verdict) == (EVIL, Verdict.ACCEPTED)
    assert hit.to_json()["verdict"] == "accepted"


def test_what_is_accepted_is_found_however_many_shorter_names_are_not(many: World):
    last = entity("domain-name:the-evilest-of-all-of-them.example")
    many.say(
        "bank", *((entity(f"domain-name:evil{number}.example"), "status", "live") for number in range(60))
    )
    ids = many.ids("bank", many.say("bank", (last, "status", "live"), path="last.txt"))
    for member in ("police", "vendor"):
        vote(many.open(member), ids, Vote.CONFIRM, "seen")
    police = many.open("police")
    assert last not in {hit.entity for hit in search(police, "evil")}
    assert [hit.entity for hit in search(police, "evil", accepted=True)] == [last]


def test_as_many_accepted_things_are_found_as_were_asked_for(many: World):
    things = [entity(f"domain-name:evil{number}.example") for number in range(4)]
    ids = many.ids("bank", many.say("bank", *((thing, "status", "live") for thing in things)))
    for member in ("police", "vendor"):
        vote(many.open(member), ids, Vote.CONFIRM, "seen")
    hits = search(many.open("police"), "evil", accepted=True, limit=3)
    assert [hit.entity for hit in hits] == things[:3]


def test_a_thing_of_which_nothing_can_be_read_is_not_found_and_stops_no_search(
    many: World, monkeypatch: pytest.MonkeyPatch
):
    police = many.open("police")
    before = {hit.entity for hit in search(police, "evil")}
    read = Reader.claims

    def without(self: Reader, connection: object, seqs: object) -> list[StoredClaim]:
        found = read(self, connection, seqs)  # type: ignore[arg-type]
        return [one for one in found if EVIL not in (one.claim.subject, one.claim.object)]

    monkeypatch.setattr(Reader, "claims", without)
    assert {hit.entity for hit in search(police, "evil")} == before - {EVIL} != before
