"""Malware that the description of an actor names: exact names of the run, never ordinary words."""

from __future__ import annotations

import pytest
from structured_reading import made, read

from chokepoint.collect.base import Document, Sentences
from chokepoint.collect.galaxy_mentions import LONGEST_WORDS, MOST, SHORTEST, Mentions
from chokepoint.collect.misp_galaxy import MispGalaxy
from chokepoint.model.claim import Provenance
from chokepoint.model.identity import Entity

FOX = Entity("group", "winter fox")
DOCUMENT = Document(path="g.json", data=b"{}")
SAY = Sentences(Provenance(capture="0" * 64, origin="O"), "/values/0/description")


def found(text: str, *names: str, about: Entity = FOX, also: tuple[str, ...] = ()) -> list[str]:
    """Names as written that a description mentions; `also` are other descriptions of the run."""
    mentions = Mentions()
    for name in names:
        mentions.learn(Entity("malware", name.lower()), name, main=True)
    mentions.read(DOCUMENT, SAY, (about, text))
    for other in also:
        mentions.read(DOCUMENT, SAY, (Entity("malware", "other"), other))
    return [claim.raw for _, claim in mentions.found()]


@pytest.mark.parametrize(
    ("text", "names", "expected"),
    [
        pytest.param("Winter Fox uses FoxLock against banks.", ["FoxLock"], ["FoxLock"], id="one"),
        pytest.param(
            "It drops FoxLock, then WolfRat.", ["FoxLock", "WolfRat"], ["FoxLock", "WolfRat"], id="two"
        ),
        pytest.param("FoxLock and again FoxLock", ["FoxLock"], ["FoxLock"], id="twice-is-once"),
        pytest.param(
            "They use Fox Lock Two here",
            ["Fox Lock Two", "Fox Lock"],
            ["Fox Lock Two"],
            id="the-longest-first",
        ),
        pytest.param(
            "They use Fox Lock here", ["Fox Lock Two", "Fox Lock"], ["Fox Lock"], id="the-shorter-alone"
        ),
        pytest.param("They use FOXLOCK here", ["FoxLock"], [], id="other-letters-are-another-name"),
        pytest.param("They use FoxLocker here", ["FoxLock"], [], id="never-inside-a-word"),
        pytest.param("(FoxLock)", ["FoxLock"], ["FoxLock"], id="in-brackets"),
        pytest.param("FoxLock's operators", ["FoxLock"], ["FoxLock"], id="possessive"),
        pytest.param("ships win32.FoxLock now", ["win32.FoxLock"], ["win32.FoxLock"], id="dotted"),
        pytest.param("nothing here", ["FoxLock"], [], id="none"),
        pytest.param("", ["FoxLock"], [], id="empty"),
    ],
)
def test_a_description_names_what_stands_in_it_as_it_is_written(text, names, expected):
    assert found(text, *names) == expected


@pytest.mark.parametrize("name", ["Fox", "abc", "carbon", "play", "malware", "Trojan"])
def test_a_name_too_short_small_or_generic_is_never_looked_for(name):
    assert found(f"They use {name} here", name) == []


def test_the_shortest_name_that_is_looked_for_has_four_letters():
    name = "Ryuk"
    assert len(name) == SHORTEST
    assert found("They use Ryuk here", name) == ["Ryuk"]


def test_a_name_that_some_description_uses_as_an_ordinary_word_is_never_found():
    assert found("They use Carbon here", "Carbon") == ["Carbon"]
    assert found("They use Carbon here", "Carbon", also=("copies carbon paper",)) == []
    assert found("They use Carbon here. Others burn carbon.", "Carbon") == []


@pytest.mark.parametrize("kind", ["malware", "organisation", "campaign"])
def test_only_descriptions_of_groups_name_malware(kind):
    assert found("It resembles FoxLock", "FoxLock", about=Entity(kind, "x")) == []


def test_a_name_of_more_words_than_are_looked_at_is_not_found():
    words = " ".join(f"Lock{n}" for n in range(LONGEST_WORDS + 1))
    assert found(f"They use {words}", words) == []


def test_of_many_names_in_one_description_the_first_are_said():
    names = [f"Lock{n}x" for n in range(MOST + 5)]
    assert found(" ".join(names), *names) == names[:MOST]


def test_its_own_name_goes_before_the_alias_of_another():
    mentions = Mentions()
    own, other = Entity("malware", "foxlock"), Entity("malware", "wolfrat")
    for order in ((True, False), (False, True)):
        for main in order:
            mentions.learn(own if main else other, "FoxLock", main=main)
        assert mentions.names["FoxLock"] == own


def test_what_was_found_is_told_once():
    mentions = Mentions()
    mentions.learn(Entity("malware", "foxlock"), "FoxLock", main=True)
    mentions.read(DOCUMENT, SAY, (FOX, "uses FoxLock"))
    assert len(list(mentions.found())) == 1
    assert list(mentions.found()) == []


@pytest.mark.parametrize("first", [True, False])
def test_actors_and_malware_meet_across_files_in_any_order(first):
    actors = made({"type": "threat-actor", "name": "a", "uuid": "u", "values": [
        {"value": "Winter Fox", "uuid": "1", "description": "uses FoxLock and Frosty"}]}, path="a.json")  # fmt: skip
    malware = made({"type": "ransomware", "name": "r", "uuid": "v", "values": [
        {"value": "FoxLock", "uuid": "2", "meta": {"synonyms": ["Frosty"]}}]}, path="r.json")  # fmt: skip
    reading = read(MispGalaxy(), *((actors, malware) if first else (malware, actors)))
    [claim] = [claim for claim in reading.claims if claim.property == "mentioned-with"]
    assert (str(claim.subject), str(claim.object), claim.raw) == (
        "group:winter fox",
        "malware:foxlock",
        "FoxLock",
    )
    assert claim.place == "/values/0/description"
    assert claim.provenance.capture == actors.sha256
