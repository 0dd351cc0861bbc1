"""Attempts to vet one's own by a detour, at the desk and at the command line: none of them counts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from desk_world import World, entity

from chokepoint.desk.identity import decide
from chokepoint.desk.looking.look import show
from chokepoint.desk.member import update
from chokepoint.desk.people.staff import depart, invite, join, let_go
from chokepoint.desk.vetting.review import recall, vote
from chokepoint.desk.work.note import Draft, note
from chokepoint.model.errors import ChokepointError
from chokepoint.model.judgement import Sameness, Verdict, Vote
from chokepoint.model.marking import CLEAR
from chokepoint.model.role import Role
from cli_desk import Desk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

EVIL, TWIN, GANG = entity("domain-name:evil.com"), entity("domain-name:evil.org"), entity("malware:gang")
SAID = (EVIL, "indicates", GANG)


def at_the_desk(world: World, ids: list[str], who: str) -> bool:
    name, _, user = who.partition("/")
    try:
        vote(world.open(name, user), ids, Vote.CONFIRM, "looked")
    except ChokepointError:
        return False
    return True


def at_the_command_line(world: World, ids: list[str], who: str) -> bool:
    done = Desk(world.folder).run("review", "vote", *ids, "--confirm", "--reason", "looked", who=who)
    assert done.exit_code in (0, 1), done.output
    return done.exit_code == 0


@pytest.fixture(params=[at_the_desk, at_the_command_line], ids=["desk", "command line"])
def confirm(request: pytest.FixtureRequest) -> Callable[[World, list[str], str], bool]:
    """Confirms claims as somebody; whether it was taken."""
    return request.param  # type: ignore[no-any-return]


@pytest.fixture
def wide(world: World) -> Iterator[World]:
    """Members bank (founder), police, vendor, ngo, exchange."""
    for name in ("ngo", "exchange"):
        world.join(name)
    return world


def said(world: World, who: str = "vendor", **about: object) -> list[str]:
    return world.ids(who, world.say(who, SAID, **about))


def support(world: World, text: str = "evil.com") -> tuple[int, Verdict]:
    """How the statement stands for somebody who has looked and cannot tell, and so sees the votes."""
    atlas = world.open("exchange")
    vote(atlas, [one.stored.id for one in show(atlas, text).evidence], Vote.UNSURE, "cannot tell")
    [standing] = {one.standing for one in show(atlas, text).evidence}
    return standing.confirmations, standing.verdict


def by_ann(world: World) -> list[str]:
    """What ann records for the vendor."""
    with pytest.MonkeyPatch.context() as patch:
        opened = world.open
        patch.setattr(world, "open", lambda name: opened(name, "ann"))
        seqs = world.say("vendor", SAID)
    return world.ids("vendor", seqs)


def tie(world: World, name: str, by: str = "bank", **ties: str) -> None:
    given = {field: frozenset({value} - {""}) for field, value in ties.items()}
    update(world.open(by), name, lambda known: replace(known, **given))  # type: ignore[arg-type]


def test_a_batch_with_one_claim_of_ones_own_is_refused_whole(wide: World, confirm) -> None:
    ids = [*said(wide, "police"), *wide.ids("vendor", wide.say("vendor", (TWIN, "indicates", GANG)))]
    assert not confirm(wide, ids, "vendor")
    assert support(wide) == (0, Verdict.PROPOSED)


def test_all_of_a_capture_leaves_ones_own_claims_out(wide: World) -> None:
    """The vendor and the police read the same bytes; each votes on the other's claims of them alone."""
    ids = said(wide)
    found = Desk(wide.folder).json("show", "evil.com", who="police")
    capture = found["claims"][0]["source"].get("capture") or found["claims"][0]["capture"]
    words = ("review", "vote", "--capture", capture[:16], "--confirm", "--reason", "looked")
    Desk(wide.folder).run(*words, who="vendor")
    assert support(wide)[0] == 0
    Desk(wide.folder).ok(*words, who="police")
    assert (support(wide)[0], len(ids)) == (1, 1)


def test_a_member_that_left_and_came_back_under_another_name_is_still_itself(wide: World, confirm) -> None:
    ids = said(wide)
    depart(wide.open("vendor"), "vendor", "merged")
    wide.join("Phoenix")
    tie(wide, "Phoenix", parents="vendor")
    for who in ("Phoenix", "police"):
        confirm(wide, ids, who)
    assert support(wide) == (1, Verdict.PROPOSED)


def test_it_is_itself_too_where_only_it_says_whom_it_was(wide: World, confirm) -> None:
    ids = said(wide)
    depart(wide.open("vendor"), "vendor", "merged")
    wide.join("Phoenix")
    tie(wide, "Phoenix", by="Phoenix", parents="Vendor GmbH")
    tie(wide, "Phoenix", by="Phoenix", parents="")
    confirm(wide, ids, "Phoenix")
    assert support(wide)[0] == 0


def test_who_left_an_organisation_vets_nothing_that_they_wrote_there(wide: World, confirm) -> None:
    token = invite(wide.open("vendor"), "ann", [Role.INVESTIGATOR])
    join(wide.open("vendor", "ann"), token)
    boss = invite(wide.open("vendor"), "boss", [Role.ADMINISTRATOR])
    join(wide.open("vendor", "boss"), boss)
    ids = by_ann(wide)
    let_go(wide.open("vendor", "boss"), "ann")
    assert not confirm(wide, ids, "police/ann")
    assert confirm(wide, ids, "police/bob")
    assert support(wide)[0] == 1


def test_a_namesake_at_another_organisation_may_vote(wide: World, confirm) -> None:
    """Only who has left is taken for the same person: names are each organisation's own."""
    ids = by_ann(wide)
    assert confirm(wide, ids, "police/ann")


def test_another_who_collects_what_one_published_does_not_free_ones_own_vote(wide: World, confirm) -> None:
    said(wide, "police", origin="police")
    again = said(wide, "ngo", origin="police", path="copy.txt")
    assert not confirm(wide, again, "police")
    assert support(wide)[0] == 0


def test_what_one_recalled_and_another_says_again_is_still_not_ones_own_to_confirm(
    wide: World, confirm
) -> None:
    ids = said(wide, "police")
    recall(wide.open("police"), ids, "to be said by others")
    again = said(wide, "ngo", path="copy.txt")
    assert not confirm(wide, again, "police")


def test_saying_it_after_ones_confirmation_takes_that_back(wide: World, confirm) -> None:
    ids = said(wide)
    for who in ("police", "ngo"):
        assert confirm(wide, ids, who)
    assert support(wide) == (2, Verdict.ACCEPTED)
    said(wide, "police", path="own.txt")
    assert support(wide)[0] == 1


def test_judging_two_things_the_same_carries_no_vote_over(wide: World, confirm) -> None:
    said(wide)
    other = wide.ids("police", wide.say("police", (TWIN, "indicates", GANG)))
    for who in ("vendor", "ngo"):
        confirm(wide, other, who)
    for who in ("bank", "police"):
        decide(wide.open(who), ("evil.com", "evil.org"), Sameness.SAME, reason="one operator")
    standings = {
        one.stored.claim.subject.value: one.standing for one in show(wide.open("bank"), "evil.com").evidence
    }
    assert standings["evil.com"].confirmations == 0


@pytest.mark.parametrize("lifted", ["before", "after"])
def test_the_founder_cannot_lift_its_subsidiarys_tie_to_itself(wide: World, confirm, lifted: str) -> None:
    tie(wide, "vendor", parents="Bank")
    ids = said(wide, "bank")
    if lifted == "before":
        tie(wide, "vendor", parents="")
    for who in ("vendor", "police"):
        confirm(wide, ids, who)
    if lifted == "after":
        tie(wide, "vendor", parents="")
    assert support(wide) == (1, Verdict.PROPOSED)


def test_a_tie_between_others_ends_once_the_founder_and_its_member_have_lifted_it(
    wide: World, confirm
) -> None:
    tie(wide, "police", parents="vendor")
    ids = said(wide)
    confirm(wide, ids, "police")
    assert support(wide)[0] == 0
    tie(wide, "police", parents="")
    assert support(wide)[0] == 0
    tie(wide, "police", by="police", parents="")
    assert support(wide)[0] == 1


def test_a_tie_that_its_member_lifts_before_voting_still_binds(wide: World, confirm) -> None:
    tie(wide, "police", by="police", parents="vendor")
    tie(wide, "police", by="police", parents="")
    ids = said(wide)
    confirm(wide, ids, "police")
    assert support(wide)[0] == 0


def test_what_ones_parent_withdrew_and_another_says_again_is_not_ones_to_confirm(
    wide: World, confirm
) -> None:
    """Withdrawing it does not free the family's vote."""
    ids = said(wide, "vendor")
    again = said(wide, "ngo", path="copy.txt")
    tie(wide, "police", parents="vendor")
    recall(wide.open("vendor"), ids, "to be said by others")
    confirm(wide, again, "police")
    assert support(wide)[0] == 0
    confirm(wide, again, "bank")
    assert support(wide)[0] == 1


def test_the_owner_of_an_origin_that_withdrew_it_is_not_freed_by_a_copy(wide: World, confirm) -> None:
    ids = said(wide, "vendor", origin="the paper")
    again = said(wide, "ngo", path="copy.txt")
    tie(wide, "police", origins="the paper")
    recall(wide.open("vendor"), ids, "wrong place")
    confirm(wide, again, "police")
    assert support(wide)[0] == 0


def test_who_left_vets_no_copy_of_what_they_wrote_either(wide: World, confirm) -> None:
    """It is the statement that they wrote, not the record of it alone."""
    for name, role in (("ann", Role.INVESTIGATOR), ("boss", Role.ADMINISTRATOR)):
        join(wide.open("vendor", name), invite(wide.open("vendor"), name, [role]))
    by_ann(wide)
    again = said(wide, "ngo", path="copy.txt")
    let_go(wide.open("vendor", "boss"), "ann")
    assert not confirm(wide, again, "police/ann")
    assert confirm(wide, again, "police/bob")


def test_who_left_may_vet_what_colleagues_wrote_there(wide: World, confirm) -> None:
    for name, role in (("ann", Role.INVESTIGATOR), ("boss", Role.ADMINISTRATOR)):
        join(wide.open("vendor", name), invite(wide.open("vendor"), name, [role]))
    ids = said(wide, "vendor")
    let_go(wide.open("vendor", "boss"), "ann")
    assert confirm(wide, ids, "police/ann")


def test_a_readmitted_person_is_the_one_they_were(wide: World, confirm) -> None:
    """Back at the vendor under her old name, she is a contributor as before."""
    for name, role in (("ann", Role.INVESTIGATOR), ("boss", Role.ADMINISTRATOR)):
        join(wide.open("vendor", name), invite(wide.open("vendor"), name, [role]))
    ids = by_ann(wide)
    let_go(wide.open("vendor", "boss"), "ann")
    join(wide.open("vendor", "ann"), invite(wide.open("vendor", "boss"), "ann", [Role.VETTER]))
    assert not confirm(wide, ids, "vendor/ann")


@pytest.mark.parametrize("spelt", ["ann", "Ann", "АNN", "a.n.n"])
def test_another_spelling_of_ones_name_is_no_other_person(wide: World, confirm, spelt: str) -> None:
    for name, role in (("ann", Role.INVESTIGATOR), ("boss", Role.ADMINISTRATOR)):
        join(wide.open("vendor", name), invite(wide.open("vendor"), name, [role]))
    ids = by_ann(wide)
    let_go(wide.open("vendor", "boss"), "ann")
    assert not confirm(wide, ids, f"police/{spelt}")


@pytest.mark.parametrize("spelt", ["ann", "Ann"])
def test_who_works_there_still_is_a_namesake_however_they_spell_it(wide: World, confirm, spelt: str) -> None:
    for name, role in (("ann", Role.INVESTIGATOR), ("boss", Role.ADMINISTRATOR)):
        join(wide.open("vendor", name), invite(wide.open("vendor"), name, [role]))
    ids = by_ann(wide)
    assert confirm(wide, ids, f"police/{spelt}")


def test_of_texts_it_is_the_very_words_that_are_ones_own(wide: World, confirm) -> None:
    said_ = [(EVIL, "alias", "one"), (EVIL, "alias", "two")]
    ids = wide.ids("vendor", wide.say("vendor", *said_))
    wide.say("police", (EVIL, "alias", "two"), path="own.txt")
    assert confirm(wide, ids[:1], "police")
    assert not confirm(wide, ids[1:], "police")


@pytest.mark.parametrize(
    "written",
    [
        "daily.example",
        "DAILY.example",
        "www.daily.example",
        "news.daily.example",
        "https://daily.example/list.txt?page=2",
        "http://daily[.]example/x",
        "daily.example:443",
        "Delta-Daily",
        "Delta Daily Ltd.",
        "The Delta Daily",
        "\u200bDelta Daily",
    ],
)
def test_however_its_publisher_is_written_its_owner_does_not_vet_it(
    wide: World, confirm, written: str
) -> None:
    """Every page of a site, and every part of its domain, is of whoever owns the site."""
    update(
        wide.open("police"),
        "police",
        lambda one: replace(one, origins=frozenset({"daily.example", "Delta Daily"})),
    )
    note(wide.open("vendor"), Draft(text="seen", links=(("evil.com", "indicates", "malware:gang"),), source=written,
                                    marking=CLEAR))  # fmt: skip
    ids = [one.stored.id for one in show(wide.open("vendor"), "evil.com").evidence]
    for who in ("police", "bank"):
        confirm(wide, ids, who)
    assert support(wide)[0] == 1


@pytest.mark.parametrize("written", ["daily.example.org", "notdaily.example", "a reader of the Delta Daily"])
def test_the_owner_of_a_site_may_vet_what_another_publishes(wide: World, confirm, written: str) -> None:
    update(
        wide.open("police"),
        "police",
        lambda one: replace(one, origins=frozenset({"daily.example", "Delta Daily"})),
    )
    ids = said(wide, origin=written)
    for who in ("police", "bank"):
        assert confirm(wide, ids, who)
    assert support(wide)[0] == 2


def test_pages_of_one_site_are_one_origin_in_notes_as_in_files(wide: World) -> None:
    for page in ("https://news.example/1", "https://www.news.example/2"):
        note(wide.open("vendor"), Draft(text=f"seen {page[-1]}", links=(("evil.com", "indicates", "malware:gang"),),
                                        source=page, marking=CLEAR))  # fmt: skip
    found = show(wide.open("vendor"), "evil.com").evidence
    assert {one.stored.claim.provenance.origin for one in found} == {"news.example"}


def test_the_page_that_a_note_names_stays_to_be_read(wide: World) -> None:
    note(wide.open("vendor"), Draft(text="seen", links=(("evil.com", "indicates", "malware:gang"),),
                                    source="https://news.example/1", marking=CLEAR))  # fmt: skip
    vendor = wide.open("vendor")
    one, *_ = show(vendor, "evil.com").evidence
    assert b"https://news.example/1" in vendor.vault.get(one.stored.claim.provenance.capture)
