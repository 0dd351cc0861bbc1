"""The first article of human rights in the old code pages of many languages: read whole, or not taken for another's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from line_reading import document

from chokepoint.collect.decoding import decode
from chokepoint.values.codepages import code_page

ARTICLES = {
    "German": (["cp1252", "latin-1"], "Alle Menschen sind frei und gleich an Würde und Rechten geboren. Sie sind mit Vernunft und Gewissen begabt und sollen einander im Geiste der Brüderlichkeit begegnen."),
    "French": (["cp1252", "latin-1"], "Tous les êtres humains naissent libres et égaux en dignité et en droits. Ils sont doués de raison et de conscience et doivent agir les uns envers les autres dans un esprit de fraternité."),
    "Spanish": (["cp1252", "latin-1"], "Todos los seres humanos nacen libres e iguales en dignidad y derechos y, dotados como están de razón y conciencia, deben comportarse fraternalmente los unos con los otros."),
    "Portuguese": (["cp1252", "latin-1"], "Todos os seres humanos nascem livres e iguais em dignidade e em direitos. Dotados de razão e de consciência, devem agir uns para com os outros em espírito de fraternidade."),
    "Italian": (["cp1252", "latin-1"], "Tutti gli esseri umani nascono liberi ed eguali in dignità e diritti. È così perché sono dotati di ragione e di coscienza."),
    "Swedish": (["cp1252", "latin-1"], "Alla människor är födda fria och lika i värde och rättigheter. De är utrustade med förnuft och samvete och bör handla gentemot varandra i en anda av broderskap."),
    "Danish": (["cp1252", "latin-1"], "Alle mennesker er født frie og lige i værdighed og rettigheder. De er udstyret med fornuft og samvittighed, og de bør handle mod hverandre i en broderskabets ånd."),
    "Finnish": (["cp1252", "latin-1"], "Kaikki ihmiset syntyvät vapaina ja tasavertaisina arvoltaan ja oikeuksiltaan. Heille on annettu järki ja omatunto."),
    "Turkish": (["cp1254", "iso8859-9"], "Bütün insanlar hür, haysiyet ve haklar bakımından eşit doğarlar. Akıl ve vicdana sahiptirler ve birbirlerine karşı kardeşlik zihniyeti ile hareket etmelidirler."),
    "Russian": (["cp1251"], "Все люди рождаются свободными и равными в своем достоинстве и правах. Они наделены разумом и совестью и должны поступать в отношении друг друга в духе братства."),
    "Ukrainian": (["cp1251"], "Всі люди народжуються вільними і рівними у своїй гідності та правах. Вони наділені розумом і совістю і повинні діяти у відношенні один до одного в дусі братерства."),
    "Bulgarian": (["cp1251"], "Всички хора се раждат свободни и равни по достойнство и права. Те са надарени с разум и съвест и следва да се отнасят помежду си в дух на братство."),
    "Serbian": (["cp1251"], "Сва људска бића рађају се слободна и једнака у достојанству и правима. Она су обдарена разумом и свешћу и треба једни према другима да поступају у духу братства."),
    "Thai": (["cp874", "tis-620"], "มนุษย์ทั้งหลายเกิดมามีอิสระและเสมอภาคกันในเกียรติศักดิ์และสิทธิ ต่างมีเหตุผลและมโนธรรม และควรปฏิบัติต่อกันด้วยเจตนารมณ์แห่งภราดรภาพ"),
    "Japanese": (["cp932", "shift_jis", "euc_jp"], "すべての人間は、生まれながらにして自由であり、かつ、尊厳と権利とについて平等である。人間は、理性と良心とを授けられており、互いに同胞の精神をもって行動しなければならない。"),
    "Korean": (["cp949", "euc_kr"], "모든 인간은 태어날 때부터 자유로우며 그 존엄과 권리에 있어 동등하다. 인간은 천부적으로 이성과 양심을 부여받았으며 서로 형제애의 정신으로 행동하여야 한다."),
    "Chinese": (["gb18030", "gbk", "gb2312"], "人人生而自由，在尊严和权利上一律平等。他们赋有理性和良心，并应以兄弟关系的精神相对待。"),
}  # fmt: skip
PAIRS = [
    pytest.param(codec, text, id=f"{language}, {codec}")
    for language, (codecs, text) in ARTICLES.items()
    for codec in codecs
]
every_page = pytest.mark.parametrize(("codec", "text"), PAIRS)


@every_page
def test_an_article_in_its_old_code_page_is_read_letter_for_letter_and_said_once(codec, text):
    read, broken = decode(document(text.encode(codec)))
    assert read == text
    assert [part.place for part in broken] == ["line 1"]


@every_page
def test_lines_of_addresses_between_it_do_not_hide_its_page(codec, text):
    lines = "\n".join(f"evil-{number}.com,91.243.44.{number}" for number in range(60))
    read, _ = decode(document(f"{lines}\n{text}\n{lines}\n".encode(codec)))
    assert read == f"{lines}\n{text}\n{lines}\n"


@every_page
def test_an_article_said_often_is_still_of_its_page(codec, text):
    assert (text * 50).encode(codec).decode(code_page((text * 50).encode(codec)).codec) == text * 50


@pytest.mark.parametrize(("language", "text"), [(name, text) for name, (_, text) in ARTICLES.items()])
def test_in_utf_8_nothing_is_guessed_in_any_language(language, text):
    assert decode(document(text)) == (text, []), language


@pytest.mark.parametrize("wide", ["utf-16", "utf-8-sig"])
@pytest.mark.parametrize("language", ["German", "Turkish", "Russian"])
def test_wide_letters_are_read_without_a_word(language, wide):
    text = f"domain,note\nevil.com,{ARTICLES[language][1]}\n"
    assert decode(document(text.encode(wide))) == (text, [])


@given(st.sampled_from(PAIRS), st.integers(0, 200))
def test_cutting_an_article_between_words_changes_its_page_for_no_language(pair, cut):
    codec, text = pair.values
    words = text.split(" ")
    part = " ".join(words[: max(len(words) * 3 // 4, cut % (len(words) + 1))])
    data = part.encode(codec)
    if len(words) > 8 and not part.isascii():
        assert data.decode(code_page(data).codec) == part
