"""`note`: one human observation becomes a capture and claims."""

from __future__ import annotations

import pytest
from desk_world import World, entity

from chokepoint.desk.hand import build
from chokepoint.desk.handing.publish import read
from chokepoint.desk.looking.look import show
from chokepoint.desk.vetting.review import vote
from chokepoint.desk.work.note import Draft, day_or_days, note
from chokepoint.model.claim import Interval, Nature
from chokepoint.model.errors import NotValidError, RefusedError
from chokepoint.model.identity import Entity
from chokepoint.model.judgement import Vote
from chokepoint.model.marking import Marking, Tlp
from chokepoint.model.source import Grading
from chokepoint.package.place import region
from chokepoint.package.verify import verify

WALLET = "19CbDoaZDLTzkkT1uQrMPM42AUvfQN4Kds"
TEXT = f"The victim paid 2 BTC to {WALLET}\nafter a call from hxxps://evil[.]com/pay"


def test_the_words_become_the_capture(world: World):
    atlas = world.open("bank", "ann")
    noted = note(atlas, Draft(text=TEXT))
    assert atlas.vault.get(noted.capture) == TEXT.encode()
    [claim] = [one for one in show(atlas, WALLET).evidence if one.stored.claim.property == "observation"]
    assert claim.stored.claim.provenance.capture == noted.capture
    assert claim.path == "note of 2026-02-03"


def test_what_the_text_names_is_what_it_is_about(world: World):
    noted = note(world.open("bank"), Draft(text=TEXT))
    about = {claim.subject for claim in noted.claims if claim.property == "observation"}
    assert about == {Entity("crypto-address", WALLET), Entity("url", "https://evil.com/pay")}


def test_each_claim_stands_at_the_line_of_its_subject(world: World):
    noted = note(world.open("bank"), Draft(text=TEXT))
    places = {claim.subject.kind: claim.place for claim in noted.claims if claim.property == "observation"}
    assert places == {"crypto-address": "line 1", "url": "line 2"}


def test_line_breaks_in_what_is_named_forge_no_line(world: World):
    atlas = world.open("bank")
    noted = note(atlas, Draft(text="seen", links=(("evil.com", "name", "a\nb\r\nevil.org owns all"),)))
    kept = atlas.vault.get(noted.capture).decode().split("\n")
    assert kept == ["seen", "domain-name:evil.com name a b evil.org owns all"]


@pytest.mark.parametrize("text", ["seen", "evil.com again", f"paid to {WALLET}\nand evil.com"])
def test_a_reader_of_a_package_proves_every_claim_of_a_note(world: World, tmp_path, text):
    links = (("evil.com", "requests-payment-to", WALLET), ("evil.com", "indicates", "malware:gang"))
    note(world.open("bank"), Draft(text=text, links=links))
    reader = world.open("police").reader
    with reader.connect() as connection:
        ids = [one.id for one in reader.claims(connection, reader.links(connection).seq.tolist())]
    for member in ("police", "vendor"):
        vote(world.open(member), ids, Vote.CONFIRM, "seen")
    built = build(world.open("bank"), "evil.com", tmp_path / "out")
    outcome = verify(read(built.folder))
    assert [one.reason for one in outcome.claims if not one.proved] == []
    assert outcome.proved


def test_a_sentence_of_a_note_ties_what_it_names(world: World):
    text = f"Seen today.\nThe site evil-pay.com asks victims to pay to {WALLET} now"
    noted = note(world.open("bank"), Draft(text=text))
    [claim] = [one for one in noted.claims if one.property == "mentioned-with"]
    assert (str(claim.subject), claim.object) == (
        "domain-name:evil-pay.com",
        entity(f"crypto-address:{WALLET}"),
    )
    assert claim.place == "line 2"


def test_a_note_about_a_named_thing_ties_nothing_else(world: World):
    text = f"The site evil-pay.com asks victims to pay to {WALLET} now"
    noted = note(world.open("bank"), Draft(text=text, about=("evil-pay.com",)))
    assert not [one for one in noted.claims if one.property == "mentioned-with"]


def test_what_follows_from_a_value_is_said_too_without_a_date(world: World):
    noted = note(world.open("bank"), Draft(text=TEXT, when="2026-01-01"))
    [host] = [claim for claim in noted.claims if claim.property == "hosted-at"]
    assert host.object == entity("domain-name:evil.com")
    assert host.observed is None


def test_the_same_note_twice_adds_nothing(world: World):
    atlas = world.open("bank")
    first = note(atlas, Draft(text=TEXT))
    again = note(atlas, Draft(text=TEXT))
    assert first.new == len(first.claims) > 0
    assert again.new == 0
    assert again.to_json()["claims"] == {"new": 0, "known": len(first.claims)}


def test_the_same_words_on_another_day_are_another_observation(world: World):
    atlas = world.open("bank")
    note(atlas, Draft(text="seen at evil.com", when="2026-01-01"))
    assert note(atlas, Draft(text="seen at evil.com", when="2026-01-02")).new > 0


def test_another_member_says_it_for_itself(world: World):
    note(world.open("bank"), Draft(text=TEXT))
    assert note(world.open("police"), Draft(text=TEXT)).new > 0


def test_a_named_subject_needs_not_stand_in_the_text(world: World):
    noted = note(world.open("bank"), Draft(text="He calls himself the baker.", about=("persona:The Baker",)))
    [claim] = noted.claims
    assert claim.subject == entity("persona:the baker")
    assert claim.object == "He calls himself the baker."


def test_links_say_what_they_say(world: World):
    link = ("evil.com", "requests-payment-to", WALLET)
    noted = note(world.open("bank"), Draft(text="seen on the page", links=(link,)))
    said = {(claim.subject.value, claim.property, str(claim.object)) for claim in noted.claims}
    assert ("evil.com", "requests-payment-to", f"crypto-address:{WALLET}") in said
    assert ("evil.com", "observation", "seen on the page") in said


def test_an_attribute_may_be_stated(world: World):
    noted = note(world.open("bank"), Draft(text="it is down", links=(("evil.com", "status", "offline"),)))
    assert ("status", "offline") in {(claim.property, claim.object) for claim in noted.claims}


@pytest.mark.parametrize(
    "link", [("evil.com", "eats", WALLET), ("evil.com", "status", " "), ("", "status", "x")]
)
def test_a_link_must_make_sense(world: World, link: tuple[str, str, str]):
    with pytest.raises(NotValidError):
        note(world.open("bank"), Draft(text="x", links=(link,)))


def test_source_grade_marking_and_nature_are_kept(world: World):
    draft = Draft(
        text="evil.com is run by the same people",
        source="informant 7",
        grading=Grading("C", "3"),
        marking=Marking(tlp=Tlp.AMBER, audience=frozenset({"police"})),
        assessment=True,
    )
    noted = note(world.open("bank"), draft)
    claim = noted.claims[0]
    assert claim.provenance.origin == "informant 7"
    assert claim.provenance.grading.code == "C3"
    assert claim.nature is Nature.ASSESSMENT
    assert show(world.open("police"), "evil.com").entity is not None
    assert show(world.open("vendor"), "evil.com").entity is None


def test_without_a_source_the_organisation_is_the_origin(world: World):
    [claim] = note(world.open("bank"), Draft(text="evil.com is live")).claims
    assert claim.provenance.origin == "bank"


@pytest.mark.parametrize("text", ["", "  \n", "nothing that has a form", "x" * 100_001])
def test_a_note_about_nothing_is_refused(world: World, text: str):
    with pytest.raises(RefusedError):
        note(world.open("bank"), Draft(text=text))


def test_a_refused_note_leaves_no_capture(world: World):
    atlas = world.open("bank")
    with pytest.raises(NotValidError):
        note(atlas, Draft(text="evil.com", when="yesterday"))
    with atlas.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM captures").scalar_one() == 0


def test_a_long_note_is_cut_in_the_claim_and_whole_in_the_capture(world: World):
    atlas = world.open("bank")
    text = "evil.com " + "again and " * 1_000
    noted = note(atlas, Draft(text=text))
    assert len(str(noted.claims[0].object)) == 2_000
    assert atlas.vault.get(noted.capture).decode() == text


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", None),
        ("2026-01-31", Interval("2026-01-31", "2026-02-01")),
        ("2026-01-01..2026-01-31", Interval("2026-01-01", "2026-02-01")),
        ("2026-01-01..2026-01-01", Interval("2026-01-01", "2026-01-02")),
    ],
)
def test_days_are_read(text: str, wanted: Interval | None):
    assert day_or_days(text) == wanted


@pytest.mark.parametrize("text", ["soon", "2026-13-01", "2026-02-01..2026-01-01", "..", "01/02/2026"])
def test_what_is_no_day_is_refused(text: str):
    with pytest.raises(NotValidError):
        day_or_days(text)


def test_what_is_stated_beside_the_words_stands_in_the_capture_a_line_each(world: World):
    """So that a package proves it: the reader of the package finds the sentence where the claim says."""
    atlas = world.open("bank")
    noted = note(
        atlas,
        Draft(
            text="told by\nan informant",
            about=("evil.com",),
            links=(("evil.com", "indicates", "group:bad gang"), ("evil.com", "alias", "Evil\nCo")),
        ),
    )
    assert atlas.vault.get(noted.capture).decode().split("\n") == [
        "told by",
        "an informant",
        "domain-name:evil.com indicates group:bad gang",
        "domain-name:evil.com alias Evil Co",
    ]
    places = {claim.property: claim.place for claim in noted.claims}
    assert places == {"observation": "line 3", "indicates": "line 3", "alias": "line 4"}


def test_an_entity_that_the_words_do_not_hold_stands_after_them(world: World):
    atlas = world.open("bank")
    noted = note(atlas, Draft(text="called me twice", about=("group:bad gang",)))
    assert atlas.vault.get(noted.capture) == b"called me twice\ngroup:bad gang"
    assert [claim.place for claim in noted.claims] == ["line 2"]


def test_the_same_words_with_another_sentence_beside_are_another_capture(world: World):
    atlas = world.open("bank")
    drafts = [Draft(text="told", links=(("evil.com", "indicates", f"group:{name}"),)) for name in ("a", "b")]
    assert len({note(atlas, draft).capture for draft in drafts}) == 2


def test_two_that_one_line_names_together_stand_at_that_line(world: World):
    noted = note(
        world.open("bank"),
        Draft(text=f"evil.com was first\n\nthe shop evil.com takes money at {WALLET} since May"),
    )
    together = [(one.place, one.subject.kind) for one in noted.claims if one.property == "mentioned-with"]
    assert together == [("line 3", "domain-name")]


def test_a_host_does_not_stand_where_a_longer_one_does(world: World):
    noted = note(world.open("bank"), Draft(text="notevil.com is fine\nevil.com is not"))
    assert {one.place for one in noted.claims if one.subject.value == "evil.com"} == {"line 2"}


@pytest.mark.parametrize("longer", ["notevil.com", "evil.com.br", "www.evil.com", "evil.com-pay.net"])
def test_what_the_words_hold_as_a_part_of_another_is_written_below_them(world: World, longer):
    atlas = world.open("bank")
    noted = note(atlas, Draft(text=f"{longer} was seen", about=("evil.com",)))
    assert atlas.vault.get(noted.capture).decode() == f"{longer} was seen\ndomain-name:evil.com"
    assert {one.place for one in noted.claims} == {"line 2"}


def test_what_a_stated_sentence_holds_as_a_part_of_another_is_written_too(world: World):
    atlas = world.open("bank")
    link = ("evil.com.br", "resolves-to", "203.0.113.7")
    noted = note(atlas, Draft(text="seen", about=("domain-name:evil.com",), links=(link,)))
    assert "domain-name:evil.com" in atlas.vault.get(noted.capture).decode().split("\n")


@pytest.mark.parametrize("when", ["2026-01-01..", "..2026-01-01", ".."])
def test_days_without_a_first_or_a_last_are_refused_not_taken_for_one_day(when):
    with pytest.raises(NotValidError):
        day_or_days(when)


def test_a_lone_carriage_return_ends_a_line_for_whoever_reads_the_place(world: World):
    atlas = world.open("bank")
    noted = note(atlas, Draft(text="first\rsecond\r\nhere is evil.com\rlast"))
    [place] = {one.place for one in noted.claims}
    assert region(atlas.vault.get(noted.capture), place) == "here is evil.com"


def test_of_two_that_begin_alike_each_stands_at_its_own_line(world: World):
    atlas = world.open("bank")
    links = (("evil.com", "resolves-to", "192.0.2.70"), ("evil.com", "resolves-to", "192.0.2.7"))
    about = ("ipv4-addr:192.0.2.40", "ipv4-addr:192.0.2.4")
    noted = note(atlas, Draft(text="seen", about=about, links=links))
    kept = atlas.vault.get(noted.capture).decode().split("\n")
    for claim in noted.claims:
        said = kept[int(claim.place.removeprefix("line ")) - 1].split()
        assert str(claim.subject) in said
        assert claim.property == "observation" or str(claim.object) in said
