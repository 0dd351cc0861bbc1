"""Words in which somebody minimised could be named: replaced, or kept back where something would still stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from desk_world import World, entity

from chokepoint.desk.personal.veil import OPEN, Veil
from chokepoint.desk.personal.words import cover_of, told
from chokepoint.model.identity import Entity
from chokepoint.package.redact import WITHHELD

if TYPE_CHECKING:
    from collections.abc import Callable

    from chokepoint.desk.atlas import Atlas

JANE = entity("person:jane van doe")
MAIL, PHONE = entity("email-addr:jane.doe@home.example"), entity("phone-number:+66812345678")
ACCOUNT, SHORT = entity("account:telegram:@jvd99"), entity("person:li wu")
COVER = Veil(
    {
        JANE: Entity("person", "Person aaaaaaaa (other)"),
        MAIL: Entity("email-addr", "E-mail address bbbbbbbb"),
        PHONE: Entity("phone-number", "Phone number cccccccc"),
        ACCOUNT: Entity("account", "Account dddddddd"),
        SHORT: Entity("person", "Person eeeeeeee (jane)"),
    }
)


@pytest.mark.parametrize(
    ("words", "as_shown"),
    [
        pytest.param("Jane van Doe wrote", "Person aaaaaaaa (other) wrote", id="as the map has it"),
        pytest.param("mail JANE.DOE@HOME.EXAMPLE", "mail E-mail address bbbbbbbb", id="in capitals"),
        pytest.param("mail jane.doe[@]home[.]example", "mail E-mail address bbbbbbbb", id="defanged"),
        pytest.param("call +66 81 234 5678 now", "call Phone number cccccccc now", id="a number with blanks"),
        pytest.param("nothing of anybody", "nothing of anybody", id="nobody"),
        pytest.param("", "", id="no words"),
        pytest.param(
            "Li Wu", "Person eeeeeeee (jane)", id="a pseudonym is no name though it holds a part of one"
        ),
        pytest.param(
            "a doer, a janet, the vanity of it", "a doer, a janet, the vanity of it", id="parts inside others"
        ),
        pytest.param("wu and li by themselves", "wu and li by themselves", id="parts as short as any word"),
    ],
)
def test_who_is_minimised_gives_way_and_all_else_stays(words: str, as_shown: str) -> None:
    assert told(words, COVER) == as_shown


@pytest.mark.parametrize(
    "words",
    [
        pytest.param("Doe, Jane", id="the surname first"),
        pytest.param("Mrs DOE", id="a part alone"),
        pytest.param("Jane\u00a0van\u00a0Doe", id="blanks that do not break"),
        pytest.param("ｊａｎｅ wrote", id="full width"),
        pytest.param("Jane-van-Doe", id="hyphens"),
        pytest.param("ring 0812345678", id="a number as it is dialled at home"),
        pytest.param("ring 81-234-56-78", id="a number in pairs"),
        pytest.param("write to jane doe at home dot example", id="an address spelt out"),
        pytest.param("janedoe@other.example", id="the same local part without its dot"),
        pytest.param("ask jvd99 (telegram)", id="a handle without its sign"),
    ],
)
def test_what_would_still_name_somebody_is_withheld_as_a_whole(words: str) -> None:
    assert told(f"she said: {words}, and more", COVER) == WITHHELD


def test_where_nobody_is_minimised_words_stand_as_they_are() -> None:
    assert told("Jane van Doe, jane.doe@home.example", OPEN) == "Jane van Doe, jane.doe@home.example"


@pytest.fixture(scope="module")
def atlas(worlds: Callable[[], World]) -> Atlas:
    """A map that knows Jane with her mail, and a gang of a name as persons bear it."""
    world = worlds()
    world.say("bank", (JANE, "account", MAIL), (entity("group:john smith"), "uses", entity("tool:hammer")))
    return world.open("vendor")


@pytest.mark.parametrize(
    ("text", "who"),
    [
        pytest.param("said Jane van Doe", {JANE}, id="a name"),
        pytest.param("said DOE, Jane (van)", {JANE}, id="its parts in any order"),
        pytest.param("jane.doe[@]home[.]example", {MAIL}, id="an identifier of hers"),
        pytest.param("said Jane Doe", set(), id="not all of a name"),
        pytest.param(
            "John Smith, stranger@else.example, +66899999999", set(), id="whom the map does not hold"
        ),
        pytest.param("   \n ", set(), id="blanks"),
    ],
)
def test_who_of_the_map_is_named_in_a_text_is_found(atlas: Atlas, text: str, who: set[Entity]) -> None:
    assert set(cover_of(atlas, (), ["", text]).names) == who


def test_whom_an_answer_shows_is_covered_whatever_its_texts_say(atlas: Atlas) -> None:
    assert set(cover_of(atlas, [JANE, entity("domain-name:evil.com")], ["no name"]).names) == {JANE}
