"""Names in two to four letters of Chinese, Japanese and Korean are kept out of words, and no more than they."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.model.identity import Entity
from chokepoint.package.redact import WITHHELD, Redactor

SHOWN = "Person abcdefgh"


def keeps_out(*names: str) -> Redactor:
    return Redactor({Entity("person", name): SHOWN for name in names})


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        pytest.param("王芳", "受害人王芳女士说", "受害人#女士说", id="two Chinese letters in a sentence"),
        pytest.param("王芳", "芳草地", "芳草地", id="one letter of it"),
        pytest.param("王小明", "王小明报案,小明说", "#报案,#说", id="whole and then given"),
        pytest.param("王小明", "小明报案", "小明报案", id="the given name where the whole stands nowhere"),
        pytest.param("김 민수", "피해자 김민수, 민수가", "피해자 #, #가", id="Korean, the blank left out"),
        pytest.param("김민수", "피해자 김 민수가", "피해자 #가", id="Korean, a blank put in"),
        pytest.param(
            "이 민", "이민 정책과 출이민자", "# 정책과 출이민자", id="as a word, not within another"
        ),
        pytest.param("山田 花子", "山田花子さんと花子さん", "#さんと#さん", id="Japanese"),
        pytest.param("王芳", "Wang Fang", "Wang Fang", id="another script is another name"),
    ],
)
def test_a_short_name_gives_way_as_a_whole(name: str, text: str, told: str) -> None:
    assert keeps_out(name).replaced(text) == told.replace("#", SHOWN)
    assert keeps_out(name).told(text) == told.replace("#", SHOWN)


def test_the_longer_of_two_names_gives_way_first() -> None:
    redactor = Redactor({Entity("person", "王芳"): "Person one", Entity("person", "王芳华"): "Person two"})
    assert redactor.replaced("王芳华与王芳") == "Person two与Person one"


def test_a_short_name_in_letters_taken_apart_withholds_the_words() -> None:
    assert keeps_out("이민").told("\u110b\u1175\u1106\u1175\u11ab said") == WITHHELD


def test_a_group_with_such_a_name_is_no_person() -> None:
    assert Redactor({Entity("group", "王芳"): SHOWN}).replaced("受害人王芳女士说") == "受害人王芳女士说"


@given(st.text("王芳小明 ,x・", max_size=30))
def test_no_whole_name_is_left_whatever_the_words(words: str) -> None:
    told = keeps_out("王芳", "王小明").replaced(words)
    assert "王芳" not in told
    assert "王小明" not in told


@given(st.text("芳小明 ,x", max_size=30))
def test_where_nobody_is_named_whole_nothing_changes(words: str) -> None:
    assert keeps_out("王芳", "王小明").replaced(words) == words
