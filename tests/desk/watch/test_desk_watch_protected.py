"""Whoever reports, defends, heals or judges comes on no map without an overseer learning of it at once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from desk_world import World, entity
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.desk.gather import gather
from chokepoint.desk.keeping.erase import erase
from chokepoint.desk.people.staff import appoint
from chokepoint.desk.watch.oversight import alarms, veto
from chokepoint.desk.watch.protected import professions
from chokepoint.desk.work.note import Draft, note
from chokepoint.model.marking import Marking, Tlp
from chokepoint.model.role import Role

if TYPE_CHECKING:
    from pathlib import Path

JANE = entity("person:jane doe")
DAY = "2026-02-03"


@pytest.fixture
def watched(world: World) -> World:
    """An atlas with an overseer at the vendor."""
    appoint(world.open("bank"), "vendor/olga", Role.OVERSEER)
    return world


def told(world: World) -> list[dict[str, object]]:
    return alarms(world.open("vendor", "olga"))


def about(person: str, text: str, **more: object) -> Draft:
    return Draft(text=text, about=(f"person:{person}",), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("She is a journalist at the Post", ["journalist"], id="English"),
        pytest.param("two Journalists, one reporter", ["journalist"], id="plural, once"),
        pytest.param("arbeitet als Journalistin und Rechtsanwältin", ["journalist", "lawyer"], id="German"),
        pytest.param("l’avocate du groupe, journaliste", ["journalist", "lawyer"], id="French"),
        pytest.param("una abogada y periodista", ["journalist", "lawyer"], id="Spanish"),
        pytest.param("Ankara'da bir gazeteci ve avukat", ["journalist", "lawyer"], id="Turkish"),
        pytest.param("เธอเป็นนักข่าวของหนังสือพิมพ์", ["journalist"], id="Thai, within a run"),
        pytest.param("彼は新聞記者で弁護士です", ["journalist", "lawyer"], id="Japanese, within a run"),
        pytest.param("a human rights defender in exile", ["human-rights-defender"], id="defender"),
        pytest.param("the parish priest; an imam", ["clergy"], id="clergy"),
        pytest.param("Dr. med., doctor at the clinic", ["health"], id="health"),
        pytest.param("Member of Parliament for Leeds", ["parliament"], id="parliament"),
        pytest.param("the judge of the case", ["judge"], id="judge"),
        pytest.param("ein Gewerkschafter aus Essen", ["trade-union"], id="trade union"),
        pytest.param("the BARRISTER's chambers", ["lawyer"], id="before an apostrophe"),
    ],
)
def test_a_profession_is_known_in_the_languages_of_reports(text, found):
    assert list(professions(text)) == found


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a money mule of the gang",
        "doctored invoices",
        "the reporting desk",
        "judgement of the court",
        "an imaginary person",
        "monkey business",
        "nursery school",
        "press the button",
        "richtere Werte",
        "doktored",
    ],
)
def test_a_word_that_only_looks_like_one_is_none(text):
    assert professions(text) == ()


@given(st.text(max_size=200), st.text(max_size=200))
def test_a_profession_that_stands_alone_is_found_whatever_stands_around_it(before, after):
    assert "lawyer" in professions(f"{before}\n弁護士\n{after}")
    assert "journalist" in professions(f"{before} \n journalist \n {after}")


def test_a_very_long_text_is_read_to_a_limit():
    assert professions("x " * 9_000 + "journalist") == ("journalist",)
    assert professions("x " * 11_000 + "journalist") == ()


def test_a_note_on_a_journalist_alarms_the_overseer(watched):
    note(watched.open("bank", "ann"), about("jane doe", "Journalist who asked about the gang"))
    assert told(watched) == [{"day": DAY, "entity": ["person", "jane doe"], "profession": "journalist"}]


def test_the_overseer_learns_of_it_whatever_the_marking(watched):
    note(watched.open("bank"), about("jane doe", "a lawyer", marking=Marking(tlp=Tlp.RED)))
    assert [one["profession"] for one in told(watched)] == ["lawyer"]


def test_each_person_and_profession_is_one_alarm(watched):
    note(watched.open("bank"), about("jane doe", "a lawyer, a journalist, once more a lawyer"))
    note(watched.open("bank"), about("john roe", "a lawyer"))
    assert sorted((one["entity"][1], one["profession"]) for one in told(watched)) == [
        ("jane doe", "journalist"),
        ("jane doe", "lawyer"),
        ("john roe", "lawyer"),
    ]


def test_the_same_note_again_alarms_nobody_again(watched):
    for _ in range(2):
        note(watched.open("bank"), about("jane doe", "a lawyer"))
    assert len(told(watched)) == 1


def test_another_member_that_says_so_too_is_another_alarm(watched):
    note(watched.open("bank"), about("jane doe", "a lawyer"))
    note(watched.open("police"), about("jane doe", "a lawyer"))
    assert len(told(watched)) == 2


def test_what_is_no_person_is_no_alarm(watched):
    note(watched.open("bank"), Draft(text="posing as a journalist", about=("evil.com",)))
    note(watched.open("bank"), about("jane doe", "seen near the office"))
    assert told(watched) == []


def test_a_persona_counts_as_a_person(watched):
    note(watched.open("bank"), Draft(text="says she is a nurse", about=("persona:jane_d",)))
    assert [one["profession"] for one in told(watched)] == ["health"]


def test_files_alarm_as_notes_do(watched, tmp_path: Path):
    file = tmp_path / "event.json"
    attributes = [
        {
            "type": "full-name",
            "value": "Jane Doe",
            "category": "Person",
            "comment": "journalist",
            "uuid": "5a1b2c3d-0000-4000-8000-000000000001",
        }
    ]
    event = {
        "Event": {
            "info": "x",
            "date": "2026-01-01",
            "uuid": "5a1b2c3d-0000-4000-8000-000000000000",
            "Attribute": attributes,
            "Orgc": {"name": "o"},
        }
    }
    file.write_text(json.dumps(event), "utf-8")
    gather(watched.open("bank"), [file])
    first = told(watched)
    gather(watched.open("bank"), [file])
    assert told(watched) == first
    assert all(one["entity"][0] in {"person", "persona"} for one in first)


def test_claims_and_their_alarm_are_signed_as_one_so_that_no_crash_parts_them(watched):
    atlas = watched.open("bank")
    batches = signed(watched)
    note(atlas, about("jane doe", "a lawyer"))
    assert signed(watched) == batches + 1
    assert len(told(watched)) == 1


def test_where_the_alarm_cannot_be_recorded_its_claims_are_not_either(watched, monkeypatch):
    atlas = watched.open("bank")

    def dies(*_: object) -> None:
        raise OSError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr("chokepoint.desk.watch.protected.canonical", dies)
        with pytest.raises(OSError, match="full"):
            note(atlas, about("jane doe", "a lawyer"))
    assert note(atlas, about("jane doe", "a lawyer")).new > 0
    assert len(told(watched)) == 1


def signed(world: World) -> int:
    with world.open("bank").engine.connect() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM batches").scalar_one())


def test_nobody_but_an_overseer_learns_of_it(watched):
    before = len(list(visible(watched, "police")))
    note(watched.open("bank"), about("jane doe", "a lawyer", marking=Marking(tlp=Tlp.RED)))
    assert len(list(visible(watched, "police"))) == before


def visible(world: World, member: str) -> list[object]:
    reader = world.open(member).reader
    with reader.connect() as connection:
        return list(reader.records(connection, "alarm/1"))


def test_an_alarm_does_not_outlive_whom_it_names(watched):
    note(watched.open("bank"), about("jane doe", "a lawyer"))
    veto(watched.open("vendor", "olga"), JANE, "a defence counsel")
    erase(watched.open("bank"), JANE, reason="asked", basis="GDPR 17")
    assert "jane doe" not in json.dumps(told(watched))
