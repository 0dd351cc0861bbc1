"""Names in two to four letters of Chinese, Japanese and Korean: whole, given, and where they stand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.values import short_names
from chokepoint.values.short_names import joined, standing

HAN = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=2, max_size=4)


@pytest.mark.parametrize(
    ("name", "whole", "alone"),
    [
        pytest.param("王芳", "王芳", "", id="a given name of one letter is none by itself"),
        pytest.param("王小明", "王小明", "小明", id="three letters"),
        pytest.param("欧阳明华", "欧阳明华", "明华", id="a family name of two"),
        pytest.param("山田花子", "山田花子", "花子", id="Japanese"),
        pytest.param("佐々木 健", "佐々木健", "", id="a family name of three and a blank"),
        pytest.param("김 민수", "김민수", "민수", id="Korean with a blank"),
        pytest.param("남궁 민수", "남궁민수", "민수", id="Korean with a family name of two"),
        pytest.param("マイ・リー", "マイリー", "リー", id="a middle dot parts"),
        pytest.param("王\u3000芳", "王芳", "", id="a wide blank"),
        pytest.param(
            "\u1100\u1175\u11b7 \u1106\u1175\u11ab\u1109\u116e",
            "김민수",
            "민수",
            id="Hangul letter by letter",
        ),
        pytest.param("王", "", "", id="one letter"),
        pytest.param("佐々木健太郎", "", "", id="more than four: a part like any other"),
        pytest.param("Li Wu", "", "", id="Latin"),
        pytest.param("王 Fang", "", "", id="mixed"),
        pytest.param("", "", "", id="nothing"),
        pytest.param("王1", "", "", id="a digit"),
    ],
)
def test_whole_and_given_name(name: str, whole: str, alone: str) -> None:
    assert (joined(name), short_names.given(name)) == (whole, alone)


@given(HAN)
def test_a_given_name_ends_the_whole_and_is_never_all_of_it(name: str) -> None:
    whole, alone = joined(name), short_names.given(name)
    assert whole.endswith(alone)
    assert alone != whole


@given(HAN, st.text(max_size=5), st.text(max_size=5))
def test_a_chinese_name_is_found_whatever_stands_around_it(name: str, before: str, behind: str) -> None:
    assert standing(joined(name) or name).search(before + (joined(name) or name) + behind)


@pytest.mark.parametrize(
    ("whole", "text", "found"),
    [
        pytest.param("王芳", "受害人王芳女士", True, id="in a run"),
        pytest.param("王芳", "王 芳 said", True, id="parted and alone"),
        pytest.param("王芳", "国王 芳草", False, id="where two words meet"),
        pytest.param("王芳", "王 芳草", False, id="two letters parted, a word behind"),
        pytest.param("王小明", "王 小明来了", True, id="three letters parted, words behind"),
        pytest.param("王小明", "小明来了", False, id="the given name alone"),
        pytest.param("이민", "이민은 말했다", True, id="a particle behind"),
        pytest.param("이민", "출이민자", False, id="in the middle of a Korean word"),
        pytest.param("이민", "이 민생 문제", False, id="two Korean words"),
        pytest.param("김민수", "김 민수가", True, id="parted with a particle"),
        pytest.param("김민수", "김\n\n\n민수", False, id="three lines apart"),
    ],
)
def test_where_a_name_stands(whole: str, text: str, found: bool) -> None:
    assert bool(standing(whole).search(text)) is found
