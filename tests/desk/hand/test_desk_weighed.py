"""A matrix travels with a package only when all in it may be disclosed, and says what it comes to, not who rated."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from desk_world import World, entity

from chokepoint.desk.hand import Dispatch, build
from chokepoint.desk.hypothesis import add_evidence, add_hypotheses, open_inquiry, rate
from chokepoint.desk.vetting.review import recall, vote
from chokepoint.desk.watch.oversight import flag_safety
from chokepoint.model.errors import NotFoundError, RefusedError
from chokepoint.model.judgement import Vote
from chokepoint.model.marking import Marking, Tlp
from chokepoint.vet.hypotheses import Rating

if TYPE_CHECKING:
    from pathlib import Path

GREEN, OWN = Marking(tlp=Tlp.GREEN), Marking(tlp=Tlp.AMBER_STRICT)
SITE, BAD, GOOD = entity("domain-name:evil.com"), entity("group:bad gang"), entity("group:good gang")
JANE = entity("person:jane doe")
WORDS = {BAD: "II", GOOD: "C"}


class Court:
    """An accepted claim, rated against two gangs by bank and police."""

    def __init__(self, world: World, marking: Marking = GREEN) -> None:
        self.world = world
        self.claims = world.ids(
            "bank", world.say("bank", (SITE, "resolves-to", entity("ipv4-addr:1.2.3.4")), marking=GREEN)
        )
        world.say("vendor", *((one, "uses", SITE) for one in (BAD, GOOD, JANE)), marking=GREEN, path="v.txt")
        for who in ("police", "vendor"):
            vote(world.open(who), self.claims, Vote.CONFIRM, "seen")
        self.id = open_inquiry(world.open("bank"), "Who?", marking).id
        add_hypotheses(world.open("bank"), self.id, [str(BAD), str(GOOD)])
        add_evidence(world.open("bank"), self.id, self.claims)

    def rate(self, who: str, *hypotheses) -> None:
        for one in hypotheses or (BAD, GOOD):
            cell = (self.claims[0], str(one))
            rate(self.world.open(who), self.id, cell, Rating(WORDS.get(one, "N")), reason="read it")

    def page(self, folder: Path) -> str:
        to = Dispatch(recipients=frozenset({"police"}), inquiry=self.id)
        build(self.world.open("bank"), "evil.com", folder / "p", to)
        return (folder / "p" / "report.html").read_text("utf-8")


@pytest.fixture
def court(world: World) -> Court:
    return Court(world)


def test_the_report_tells_the_hypotheses_least_inconsistent_first(court: Court, tmp_path: Path) -> None:
    court.rate("bank")
    page = court.page(tmp_path)
    good, bad = (page.index(f"{name}: weighted inconsistency") for name in ("good gang", "bad gang"))
    assert good < bad
    assert "each changes who is first if it is wrong" in page


def test_who_rated_is_not_told(court: Court, tmp_path: Path) -> None:
    """The police's word makes a difference to the figure and stands nowhere."""
    court.rate("bank")
    alone = court.page(tmp_path / "one")
    rate(court.world.open("police"), court.id, (court.claims[0], str(BAD)), Rating.NEUTRAL, reason="not so")
    together = court.page(tmp_path / "two")
    assert alone != together
    assert "not so" not in together


def test_without_the_senders_own_ratings_nothing_is_built(court: Court, tmp_path: Path) -> None:
    """Else a package to oneself would show what blinding keeps back."""
    court.rate("police")
    court.rate("bank", BAD)
    with pytest.raises(RefusedError, match="1 cells of it to rate"):
        court.page(tmp_path)
    assert not (tmp_path / "p").exists()


def test_an_inquiry_that_a_recipient_may_not_see_is_refused(world: World, tmp_path: Path) -> None:
    court = Court(world, OWN)
    court.rate("bank")
    with pytest.raises(NotFoundError):
        court.page(tmp_path)


def test_a_withdrawn_item_keeps_the_matrix_back(court: Court, tmp_path: Path) -> None:
    court.world.say("vendor", (SITE, "resolves-to", entity("ipv4-addr:5.6.7.8")), marking=GREEN, path="w.txt")
    court.rate("bank")
    recall(court.world.open("bank"), court.claims, "a mix-up")
    with pytest.raises(RefusedError):
        court.page(tmp_path)


def test_an_item_that_nobody_vetted_keeps_the_matrix_back(court: Court, tmp_path: Path) -> None:
    ids = court.world.ids(
        "vendor", court.world.say("vendor", (SITE, "status", "live"), marking=GREEN, path="s")
    )
    add_evidence(court.world.open("bank"), court.id, ids)
    court.rate("bank")
    for one in (BAD, GOOD):
        rate(court.world.open("bank"), court.id, (ids[0], str(one)), Rating.NEUTRAL, reason="read it")
    with pytest.raises(RefusedError, match="may not be disclosed"):
        court.page(tmp_path)


def test_a_hypothesis_under_a_safety_flag_keeps_the_matrix_back(court: Court, tmp_path: Path) -> None:
    court.rate("bank")
    flag_safety(court.world.open("vendor"), GOOD, "an informant among them")
    with pytest.raises(RefusedError):
        court.page(tmp_path)


def test_a_private_person_is_a_hypothesis_without_a_name(court: Court, tmp_path: Path) -> None:
    add_hypotheses(court.world.open("bank"), court.id, [str(JANE)])
    court.rate("bank", BAD, GOOD, JANE)
    page = court.page(tmp_path)
    assert "hypothesis 3, not named here" in page
    assert "jane doe" not in page.casefold()


def test_without_an_inquiry_a_package_is_as_before(court: Court, tmp_path: Path) -> None:
    build(court.world.open("bank"), "evil.com", tmp_path / "p", Dispatch(recipients=frozenset({"police"})))
    assert "weighted inconsistency" not in (tmp_path / "p" / "report.html").read_text("utf-8")
