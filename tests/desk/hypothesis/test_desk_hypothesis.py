"""Inquiries: hypotheses and evidence by many members, rated blind, each as closed as what it rests on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from desk_world import World, entity

from chokepoint.desk.hypothesis import (
    MOST_HYPOTHESES,
    add_evidence,
    add_hypotheses,
    find_inquiry,
    inquiries,
    matrix,
    open_inquiry,
    rate,
)
from chokepoint.desk.keeping.erase import erase
from chokepoint.desk.member import update
from chokepoint.desk.people.staff import invite, join
from chokepoint.desk.vetting.review import recall, vote
from chokepoint.model.errors import NotFoundError, NotValidError, RefusedError
from chokepoint.model.judgement import Vote
from chokepoint.model.marking import Marking, Tlp
from chokepoint.model.role import Role
from chokepoint.vet.hypotheses import Rating

if TYPE_CHECKING:
    from collections.abc import Callable

    from chokepoint.desk.hypothesis import Matrix

GREEN = Marking(tlp=Tlp.GREEN)
SECRET = Marking(tlp=Tlp.RED, audience=frozenset({"bank"}))
SITE, BAD, GOOD = entity("domain-name:evil.com"), entity("group:bad gang"), entity("group:good gang")
HIDDEN, JANE = entity("group:hidden gang"), entity("person:jane doe")
HOST = entity("ipv4-addr:1.2.3.4")
A, B = str(BAD), str(GOOD)


class Court:
    """An inquiry in a world: who is behind evil.com, with two answers and two items of evidence."""

    def __init__(self, world: World) -> None:
        self.world = world
        said = [
            (SITE, "resolves-to", HOST),
            (SITE, "contact", JANE),
            (BAD, "uses", HOST),
            (GOOD, "uses", HOST),
        ]
        self.claims = world.ids("vendor", world.say("vendor", *said, grade="B2", marking=GREEN))[:2]
        world.say("bank", (HIDDEN, "uses", HOST), marking=SECRET)
        self.id = open_inquiry(world.open("vendor"), "Who is behind evil.com?", GREEN).id
        add_hypotheses(world.open("vendor"), self.id, (A, B))
        add_evidence(world.open("vendor"), self.id, self.claims)

    def rate(self, who: str, item: int, hypothesis: str, word: str) -> None:
        rate(
            self.world.open(who),
            self.id,
            (self.claims[item], hypothesis),
            Rating(word),
            reason="read the log",
        )

    def seen(self, who: str, **about: bool) -> Matrix:
        return matrix(self.world.open(who), self.id, **about)

    def weights(self, who: str, **about: bool) -> dict[str, float]:
        return {name: round(float(weight), 3) for name, weight in self.seen(who, **about).analysis.ranking}


@pytest.fixture
def court(world: World) -> Court:
    return Court(world)


@pytest.fixture(scope="module")
def read_only(worlds: Callable[[], World]) -> Court:
    """Rated by bank and police; the vendor has rated one cell only."""
    made = Court(worlds())
    for who in ("bank", "police"):
        made.rate(who, 0, A, "II")
        made.rate(who, 0, B, "CC")
        made.rate(who, 1, A, "N")
        made.rate(who, 1, B, "N")
    made.rate("vendor", 0, A, "C")
    return made


# --- what is shown ---


def test_the_least_inconsistent_comes_first(read_only: Court) -> None:
    found = read_only.seen("bank")
    assert found.analysis.ranking[0][0] == B
    assert found.analysis.first == {B}


def test_an_item_weighs_by_the_belief_in_its_claim(read_only: Court) -> None:
    found = read_only.seen("bank")
    belief = found.rows[0].standing.belief
    assert 0.5 < belief < 1
    mean = (2 + 2) / 2  # the vendor, whose item it is, has no voice beside them
    assert read_only.weights("bank")[A] == pytest.approx(round(belief * 1000) / 1000 * mean, abs=1e-3)


def test_what_turns_the_ranking_and_what_decides_nothing_is_said(read_only: Court) -> None:
    first, second = read_only.claims
    found = read_only.seen("bank").to_json()
    assert [(one["id"], one["turning"], one["undiagnostic"]) for one in found["evidence"]] == [
        (first, True, False),
        (second, False, True),
    ]
    assert found["fewest"] == [first]


def test_a_private_person_in_the_evidence_is_a_pseudonym(read_only: Court) -> None:
    said = read_only.seen("bank").to_json()["evidence"][1]["object"]
    assert said["value"].endswith("(other)")


# --- blind ---


def test_others_ratings_of_a_cell_are_kept_back_until_ones_own(read_only: Court) -> None:
    first, second = read_only.seen("vendor").rows
    assert set(first.ratings) == {BAD}
    assert set(first.ratings[BAD]) == {"bank", "police", "vendor"}
    assert second.ratings == {}


def test_the_ranking_of_who_has_rated_nothing_rests_on_nothing(court: Court) -> None:
    court.rate("police", 0, A, "II")
    assert court.weights("bank") == {A: 0.0, B: 0.0}
    court.rate("bank", 0, A, "N")
    assert court.weights("bank")[A] > 0


def test_how_many_cells_are_left_to_rate_is_said(read_only: Court) -> None:
    assert [read_only.seen(who).to_rate for who in ("bank", "vendor")] == [0, 3]


def test_the_public_sees_no_inquiry_of_the_community(read_only: Court) -> None:
    with pytest.raises(NotFoundError):
        read_only.seen("nobody")


def test_the_newest_word_of_an_organisation_counts(court: Court) -> None:
    court.rate("bank", 0, A, "II")
    court.rate("bank", 0, A, "N")
    assert court.weights("bank")[A] == 0


def test_without_blinding_all_ratings_count(read_only: Court) -> None:
    assert read_only.weights("vendor", blinded=False) == read_only.weights("bank")


# --- as closed as what it rests on ---


def test_a_hidden_hypothesis_is_shown_to_nobody_else(court: Court) -> None:
    before = court.seen("police").to_json()
    add_hypotheses(court.world.open("bank"), court.id, (str(HIDDEN),))
    court.rate("bank", 0, str(HIDDEN), "II")
    assert HIDDEN in court.seen("bank").hypotheses
    assert court.seen("police").to_json() == before


def test_hidden_evidence_is_shown_to_nobody_else(court: Court) -> None:
    before = court.seen("police").to_json()
    [claim] = court.world.ids(
        "bank", court.world.say("bank", (SITE, "indicates", BAD), marking=SECRET, path="s.txt")
    )
    add_evidence(court.world.open("bank"), court.id, [claim])
    rate(court.world.open("bank"), court.id, (claim, A), Rating.VERY_CONSISTENT, reason="an informant")
    assert len(court.seen("bank").rows) == 3
    assert court.seen("police").to_json() == before


def test_an_inquiry_under_a_marking_does_not_exist_for_others(world: World) -> None:
    one = open_inquiry(world.open("bank"), "Who?", SECRET)
    assert inquiries(world.open("police")) == []
    with pytest.raises(NotFoundError):
        find_inquiry(world.open("police"), one.id)


@pytest.mark.parametrize("name", ["", "inquiry-", "inquiry-zz", "nothing"])
def test_what_names_no_inquiry_is_refused(court: Court, name: str) -> None:
    with pytest.raises(NotFoundError):
        find_inquiry(court.world.open("bank"), name)


def test_a_claim_that_one_does_not_see_is_no_evidence(court: Court) -> None:
    [claim] = court.world.ids(
        "bank", court.world.say("bank", (SITE, "indicates", BAD), marking=SECRET, path="s.txt")
    )
    with pytest.raises(NotFoundError):
        add_evidence(court.world.open("police"), court.id, [claim])


def test_an_entity_that_one_does_not_see_is_no_hypothesis(court: Court) -> None:
    """It is refused in the words in which one that does not exist is."""
    told = []
    for name in (str(HIDDEN), "group:never heard"):
        with pytest.raises(RefusedError) as refused:
            add_hypotheses(court.world.open("police"), court.id, (name,))
        told.append(refused.value.reason)
    assert told[0] == told[1]


# --- what is refused ---


def test_only_what_is_part_of_the_inquiry_is_rated(court: Court) -> None:
    other = court.world.ids(
        "vendor", court.world.say("vendor", (SITE, "status", "live"), marking=GREEN, path="o")
    )
    with pytest.raises(NotFoundError, match="not part"):
        rate(court.world.open("bank"), court.id, (other[0], A), Rating.NEUTRAL, reason="x")
    with pytest.raises(NotFoundError, match="not part"):
        rate(court.world.open("bank"), court.id, (court.claims[0], "evil.com"), Rating.NEUTRAL, reason="x")


@pytest.mark.parametrize("reason", ["", "  ", "x" * 2_001], ids=["none", "blank", "too long"])
def test_a_rating_needs_a_reason(court: Court, reason: str) -> None:
    with pytest.raises(RefusedError, match="reason"):
        rate(court.world.open("bank"), court.id, (court.claims[0], A), Rating.NEUTRAL, reason=reason)


@pytest.mark.parametrize("question", ["", " ", "x" * 2_001], ids=["none", "blank", "too long"])
def test_an_inquiry_needs_a_question(world: World, question: str) -> None:
    with pytest.raises(RefusedError, match="question"):
        open_inquiry(world.open("bank"), question, GREEN)


def test_what_names_nothing_is_no_hypothesis(court: Court) -> None:
    with pytest.raises(NotValidError):
        add_hypotheses(court.world.open("bank"), court.id, ("",))


def test_more_hypotheses_than_people_compare_are_refused(court: Court) -> None:
    hosts = [entity(f"domain-name:d{number}.example") for number in range(MOST_HYPOTHESES - 1)]
    court.world.say("vendor", *((one, "resolves-to", HOST) for one in hosts), marking=GREEN, path="many")
    names = [str(one) for one in hosts]
    assert len(add_hypotheses(court.world.open("bank"), court.id, names[:-1]).hypotheses) == MOST_HYPOTHESES
    with pytest.raises(RefusedError, match="at most 50"):
        add_hypotheses(court.world.open("bank"), court.id, names[-1:])


def test_the_same_hypothesis_and_evidence_twice_are_there_once(court: Court) -> None:
    add_hypotheses(court.world.open("bank"), court.id, (A, A, B))
    found = add_evidence(court.world.open("bank"), court.id, court.claims)
    assert found.hypotheses == (BAD, GOOD)
    assert list(found.evidence) == court.claims


@pytest.mark.parametrize(("role", "may"), [(Role.VETTER, True), (Role.INVESTIGATOR, False)])
def test_who_may_vote_may_rate(court: Court, role: Role, may: bool) -> None:
    join(court.world.open("bank", "ann"), invite(court.world.open("bank"), "ann", [role]))
    ann = court.world.open("bank", "ann")
    if may:
        rate(ann, court.id, (court.claims[0], A), Rating.NEUTRAL, reason="x")
    else:
        with pytest.raises(RefusedError, match="may not vote"):
            rate(ann, court.id, (court.claims[0], A), Rating.NEUTRAL, reason="x")


# --- as time goes by ---


def test_a_recalled_claim_weighs_nothing_any_more(court: Court) -> None:
    court.rate("bank", 0, A, "II")
    assert court.weights("bank")[A] > 0
    recall(court.world.open("vendor"), [court.claims[0]], "a mix-up")
    assert court.weights("bank")[A] == 0


def test_a_vetted_claim_weighs_more(court: Court) -> None:
    court.rate("bank", 0, A, "II")
    before = court.weights("bank")[A]
    for who in ("bank", "police"):
        vote(court.world.open(who), [court.claims[0]], Vote.CONFIRM, "seen")
    assert court.weights("bank")[A] > before


def test_an_erased_person_is_no_hypothesis_any_more(court: Court) -> None:
    add_hypotheses(court.world.open("vendor"), court.id, (str(JANE),))
    court.rate("police", 0, str(JANE), "I")
    assert len(court.seen("bank").hypotheses) == 3
    court.world.join("keeper")
    erase(court.world.open("bank"), JANE, reason="asked", basis="GDPR Art. 17")
    assert court.seen("bank").hypotheses == (BAD, GOOD)
    assert len(court.seen("bank").rows) == 1


# --- whose rating is a voice of its own ---


def tie(court: Court, name: str, **ties: str) -> None:
    given = {field: frozenset({value}) for field, value in ties.items()}
    update(court.world.open("bank"), name, lambda known: replace(known, **given))  # type: ignore[arg-type]


@pytest.mark.parametrize("ties", [{"parents": "bank"}, {"feeds": "wire"}], ids=["a subsidiary", "one feed"])
def test_tied_organisations_share_one_voice(court: Court, ties: dict[str, str]) -> None:
    court.world.join("ngo")
    for who, word in (("bank", "II"), ("police", "II"), ("ngo", "N")):
        court.rate(who, 0, A, word)
    belief = round(court.seen("bank").rows[0].standing.belief * 1000) / 1000
    assert court.weights("bank")[A] == pytest.approx(belief * 4 / 3, abs=1e-3)
    tie(court, "police", **ties)
    tie(court, "bank", **(ties if "feeds" in ties else {}))
    assert court.weights("bank")[A] == pytest.approx(belief * 2 / 2, abs=1e-3)


def test_who_contributed_an_item_is_heard_on_it_only_until_somebody_else_is(court: Court) -> None:
    court.rate("vendor", 0, A, "II")
    belief = round(court.seen("vendor").rows[0].standing.belief * 1000) / 1000
    assert court.weights("vendor")[A] == pytest.approx(2 * belief, abs=1e-3)
    court.rate("police", 0, A, "N")
    assert court.weights("vendor")[A] == 0
    assert court.seen("vendor").rows[0].ratings[BAD].keys() == {"vendor", "police"}, "it is shown still"


@pytest.mark.parametrize("ties", [{"parents": "vendor"}, {"origins": "vendor"}], ids=["parent", "origin"])
def test_nor_is_who_is_tied_to_the_contributor_or_owns_its_origin(court: Court, ties: dict[str, str]) -> None:
    tie(court, "police", **ties)
    court.rate("police", 0, A, "II")
    court.rate("bank", 0, A, "N")
    assert court.weights("police")[A] == 0


def test_who_may_not_vet_one_item_is_heard_on_others(court: Court) -> None:
    world = court.world
    own = world.ids("bank", world.say("bank", (SITE, "contact", HOST), path="own.txt", marking=GREEN))
    add_evidence(world.open("bank"), court.id, own)
    court.claims += own
    for item in (0, 2):
        court.rate("bank", item, A, "II")
        court.rate("police", item, A, "N")
    heard = [row.heard.shares(row.id, ["bank", "police"]) for row in court.seen("police").rows]
    assert [list(map(float, one)) for one in heard] == [[1, 1], [1, 1], [0, 1]]
