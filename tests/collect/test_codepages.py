"""Old code pages are told by the letters that a text then holds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from line_reading import claims, document, rejected

from chokepoint.collect.decoding import decode
from chokepoint.collect.registry import collectors, recognise
from chokepoint.values.codepages import Page, code_page

TEXTS = {
    "Thai": ("cp874", "Windows-874", "เตือนภัยเว็บหลอกลวง evil-th.com\nอย่าโอนเงินให้คนแปลกหน้า\n"),
    "Japanese, Shift-JIS": (
        "cp932",
        "Shift-JIS",
        "詐欺サイト evil-jp.com に注意してください\n振込先の口座\n",
    ),
    "Japanese, EUC": ("euc_jp", "EUC-JP", "詐欺サイト evil-jp.com に注意してください\n振込先の口座\n"),
    "Turkish": ("cp1254", "Windows-1254", "Sahte site evil-tr.com dolandırıcılık yapıyor\nŞüpheli kişi\n"),
    "Russian": ("cp1251", "Windows-1251", "Мошенники звонят с сайта evil-ru.com\nДеньги не переводить\n"),
    "Korean": ("cp949", "EUC-KR", "사기 사이트 evil-kr.com 주의하세요\n계좌번호를 확인\n"),
    "Chinese": ("gb18030", "GB 18030", "诈骗网站 evil-cn.com 请勿转账\n电话号码可疑\n"),
    "German": ("cp1252", "Windows-1252", "Betrüger nutzen evil-de.com für größere Beträge\nStraße\n"),
    "French": ("cp1252", "Windows-1252", "« Hameçonnage » détecté sur evil-fr.com\noù ça\n"),
    "Spanish": ("cp1252", "Windows-1252", "Estafa telefónica evil-es.com ¿qué?\nseñal niño\n"),
    "Swedish": ("cp1252", "Windows-1252", "Åtgärder för äldre på evil-se.com\nnätet\n"),
}
SHOUTED = {
    "French capitals": "ÉTÉ À ÇA\n",
    "German capitals": "ÄÖÜ GRÖSSE\n",
    "Spanish capitals": "¡ATENCIÓN! ESTAFA\n",
}


@pytest.mark.parametrize(("codec", "name", "text"), TEXTS.values(), ids=TEXTS)
def test_a_text_in_its_old_code_page_is_read_whole_and_said_once(codec: str, name: str, text: str):
    read, broken = decode(document(text.encode(codec)))
    assert read == text
    assert [(part.place, name in part.reason) for part in broken] == [("line 1", True)]
    assert "Mend: save the file as UTF-8" in broken[0].reason


@pytest.mark.parametrize(("codec", "_name", "text"), TEXTS.values(), ids=TEXTS)
def test_the_site_in_it_is_found_and_nothing_of_the_letters_around_it(codec: str, _name: str, text: str):
    paper = document(text.encode(codec), "desk/report.txt")
    items = list(recognise(paper, collectors()).read(paper))
    [site] = {claim.subject.value for claim in claims(items) if claim.subject.kind == "domain-name"}
    assert site.startswith("evil-")
    assert len(rejected(items)) == 1


@pytest.mark.parametrize(("codec", "_name", "text"), TEXTS.values(), ids=TEXTS)
def test_one_line_of_it_is_enough(codec: str, _name: str, text: str):
    line = text.split("\n", maxsplit=1)[0]
    assert line.encode(codec).decode(code_page(line.encode(codec)).codec) == line


@pytest.mark.parametrize("text", SHOUTED.values(), ids=SHOUTED)
def test_western_capitals_are_not_taken_for_another_alphabet(text: str):
    assert code_page(text.encode("cp1252")) == Page("cp1252", "Windows-1252")


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"caf\xe9", id="one high byte"),
        pytest.param(b"don\x92t \x93quote\x94 a\x96b", id="typographic marks of Windows"),
        pytest.param(b"25 \xb0C, \xa3100, \xa9 2020", id="signs"),
        pytest.param(b"", id="nothing"),
        pytest.param(b"plain", id="no high byte"),
    ],
)
def test_where_nothing_speaks_for_another_page_it_is_western(data: bytes):
    assert code_page(data).codec == "cp1252"


def test_a_sample_of_a_long_text_is_cut_between_lines_and_not_inside_a_letter():
    line = "詐欺サイトに注意してください。\n".encode("cp932")
    assert code_page(line * (1_200_000 // len(line))).codec == "cp932"


def test_a_text_that_is_mostly_utf_8_is_not_given_to_a_code_page():
    text, broken = decode(document("詐欺サイト\n注意\n".encode() * 3 + b"caf\xe9 evil.com\n"))
    assert "詐欺サイト" in text
    assert "caf\ufffd evil.com" in text
    assert broken[0].place == "line 7"


@given(st.binary(max_size=300))
def test_any_bytes_have_a_code_page_that_python_knows(data: bytes):
    data.decode(code_page(data).codec, "replace")


@given(st.text("abcdefghij .,\n", max_size=60), st.sampled_from(list(TEXTS)))
def test_plain_letters_around_a_text_do_not_change_its_page(around: str, language: str):
    codec, _, text = TEXTS[language]
    assert code_page((around + "\n" + text).encode(codec)).codec == codec
