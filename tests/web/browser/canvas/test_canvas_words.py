"""What the canvas writes: nothing hidden, nothing that a spreadsheet runs, cut as readers count letters."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest
from babel import Locale
from canvas_stage import line, piece, run, spot

from chokepoint.values import unseen
from chokepoint.web.show import figures

HOSTILE = {
    "right-to-left override": "evil\u202egpj.exe",
    "left-to-right mark": "a\u200eb",
    "isolate": "a\u2067b\u2069",
    "zero width space": "pay\u200bpal",
    "zero width joiner": "a\u200db",
    "soft hyphen": "pay\u00adpal",
    "byte order mark": "\ufeffbank",
    "nul": "a\u0000b",
    "escape": "a\u001b[31mb",
    "line break": "a\nb",
    "tag letters": "a\U000e0041b",
    "variation selector": "a\ufe0fb",
    "lone surrogate": "a\ud800b",
    "hangul filler": "a\u3164b",
    "word joiner": "a\u2060b",
    "line separator": "a\u2028b",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_hides_or_turns_is_spelt_out(stage, name):
    text = HOSTILE[name]
    hidden = [one for one in text if not one.isascii() or ord(one) < 32]
    shown = (
        run(stage, "words", "return m.visible(x)", text)
        if "surrogate" not in name
        else run(stage, "words", "return m.visible('a\\ud800b')")
    )
    for one in hidden:
        assert f"U+{ord(one):04X}" in shown
        assert one not in shown


SOMEWHERE_HIDDEN = (
    (0, 0x3200), (0xD7F0, 0xE010), (0xFB00, 0x10010), (0x13400, 0x13460), (0x1BC90, 0x1BCB0), (0x1D150, 0x1D190),
    (0x1FFF0, 0x20010), (0x10FFF0, 0x110000), (0xE0000, 0xE1010),
)  # fmt: skip
"""Ranges in which, and around which, characters are spelt out; every other plane ends as these do."""


def test_the_canvas_spells_out_just_what_the_server_does(stage):
    """More would tear names apart that a script needs joined; less would hide what the pages show."""
    every = [one for begin, end in SOMEWHERE_HIDDEN for one in range(begin, end)]
    spelt = [one for one in every if unseen.visible(f"a{chr(one)}b") != f"a{chr(one)}b"]
    look = "return x.filter((one) => m.visible(`a${String.fromCodePoint(one)}b`) !== `a${String.fromCodePoint(one)}b`)"
    assert run(stage, "words", look, every) == spelt


JOINED = {
    "Persian": "می\u200cخواهم",
    "Hindi": "क्\u200dष",
    "a family": "👩\u200d👩\u200d👧",
    "a heart on fire": "❤\ufe0f\u200d🔥",
    "a key": "1\ufe0f\u20e3",
    "a Japanese name": "葛\U000e0100",
    "joined Latin": "a\u200db",
    "a variant of a letter": "a\ufe0fb",
    "a joiner first": "\u200dx",
    "a Japanese variant of a letter": "ab\U000e0100",
}


@pytest.mark.parametrize("name", JOINED)
def test_what_a_script_needs_stays_where_the_server_leaves_it(stage, name):
    text = JOINED[name]
    assert (run(stage, "words", "return m.visible(x)", text) == text) is (unseen.visible(text) == text)


@pytest.mark.parametrize("text", ["Группа", "مجموعة", "กลุ่ม", "中文", "plain", "a b", "é", "👩"])
def test_letters_of_any_script_stay_as_they_are(stage, text):
    assert run(stage, "words", "return m.visible(x)", text) == text


@pytest.mark.parametrize(
    ("text", "most", "shown"),
    [
        pytest.param("abc", 5, "abc", id="fits"),
        pytest.param("abcde", 5, "abcde", id="just fits"),
        pytest.param("operation dream job", 10, "operation…", id="a name keeps its beginning"),
        pytest.param("1PfwHNxUnkpfkK9MKKCtq9u17", 10, "1Pfwhn"[:0] + "1PfwHN…u17", id="an identifier keeps both ends"),
        pytest.param("", 5, "", id="nothing"),
        pytest.param("กลุ่มกลุ่มกลุ่ม", 30, "กลุ่มกลุ่มกลุ่ม", id="marks belong to their letter"),
    ],
)  # fmt: skip
def test_a_long_label_is_cut(stage, text, most, shown):
    assert run(stage, "words", "return m.short(x.text, x.most)", {"text": text, "most": most}) == shown


@pytest.mark.parametrize("letter", ["x", "ก็", "\u202e", "👩‍👩‍👧"], ids=["x", "thai", "override", "family"])
def test_ten_thousand_letters_become_a_short_label(stage, letter):
    shown = run(stage, "words", "return m.short(x, 26)", letter * 10_000)
    assert len(shown) < 26 * len(letter) + 30


def test_a_word_that_is_missing_shows_its_name_and_not_nothing(stage):
    assert run(
        stage,
        "words",
        "m.learn({known: 'Known {count}'}, 'en'); return [m.say('known', {count: 3}), m.say('other')]",
    ) == ["Known 3", "other"]


def test_what_is_filled_in_is_not_filled_in_again(stage):
    assert run(stage, "words", "m.learn({a: '{x}'}, 'en'); return m.say('a', {x: '{x}$&'})") == "{x}$&"


@pytest.mark.parametrize(
    ("language", "number"),
    [("en", "1,234,567"), ("fr", "1\u202f234\u202f567"), ("pt", "1.234.567"), ("th", "1,234,567")],
)
def test_figures_are_written_as_the_language_does(stage, language, number):
    assert run(stage, "words", "m.learn({}, x); return m.number(1234567)", language) == number


@pytest.mark.parametrize(
    ("day", "iso"), [(0, "1970-01-01"), (20463, "2026-01-10"), (-1, "1969-12-31"), (None, "")]
)
def test_days_are_counted_from_1970_in_utc(stage, day, iso):
    assert run(stage, "words", "return m.iso(x)", day) == iso


@pytest.mark.parametrize(
    ("belief", "word"),
    [
        (0.0, 0),
        (0.049, 0),
        (0.05, 1),
        (0.2, 2),
        (0.45, 3),
        (0.549, 3),
        (0.55, 4),
        (0.8, 5),
        (0.95, 6),
        (1.0, 6),
    ],
)
def test_likelihood_has_the_words_of_icd_203(stage, belief, word):
    assert run(stage, "words", "m.learn({}, 'en'); return m.likely(x)", belief) == f"likely-{word}"


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        pytest.param("=HYPERLINK(1)", "'=HYPERLINK(1)", id="formula"),
        pytest.param("+1 555", "'+1 555", id="plus"),
        pytest.param("-2", "'-2", id="minus"),
        pytest.param("@handle", "'@handle", id="at"),
        pytest.param("a\tb", "a⟨U+0009⟩b", id="tab"),
        pytest.param("a\r\nb", "a⟨U+000D⟩⟨U+000A⟩b", id="line"),
        pytest.param("\u202eexe", "⟨U+202E⟩exe", id="override"),
        pytest.param(0.75, "0.75", id="figure"),
        pytest.param("plain", "plain", id="plain"),
    ],
)
def test_a_cell_breaks_no_row_and_runs_nothing(stage, cell, written):
    assert run(stage, "table", "return m.tsv([[x, 'next']])", cell) == f"{written}\tnext"


def test_the_copied_tables_have_a_row_for_each_thing_and_link(stage):
    told = piece(3, line(0, 1), line(1, 2, first=0, last=2))
    things, links = run(
        stage, "table",
        "const {Model} = await import('/static/canvas/model.js'); const model = new Model(); model.merge(x);"
        "const {spots, lines} = model.shown(); return [m.things(spots), m.links(lines)]", told,
    )  # fmt: skip
    assert [row.split("\t")[0] for row in things.split("\n")[1:]] == ["n0", "n1", "n2"]
    rows = [row.split("\t") for row in links.split("\n")[1:]]
    assert [(row[0], row[2]) for row in rows] == [("n0", "n1"), ("n1", "n2")]
    assert rows[1][5:7] == ["1970-01-01", "1970-01-02"], "the last day is the last on which it was seen"


@pytest.mark.parametrize(
    ("belief", "told"),
    [(0, "0%"), (0.004, "<1%"), (0.01, "1%"), (0.88, "88%"), (0.99, "99%"), (0.998, ">99%"), (1, "100%")],
)
def test_a_belief_is_never_rounded_to_a_certainty(stage, belief, told):
    shown = run(stage, "words", "m.learn({}, 'en'); return m.percent(x)", belief)
    assert shown.strip("\u2066\u2069") == told == figures.percent(belief, Locale("en"))


@pytest.mark.parametrize(
    ("origin", "told"),
    [("unknown", "nobody"), ("Unknown Press", "Unknown Press"), ("a\u202eb", "a⟨U+202E⟩b")],
)
def test_a_publisher_that_nobody_named_is_told_in_words(stage, origin, told):
    body = "m.learn({unnamed: 'nobody'}, 'en'); return m.publisher(x)"
    assert run(stage, "words", body, origin) == told


def test_markings_are_never_translated(stage):
    told = {"nodes": [spot("group:a", tlp="TLP:AMBER+STRICT")], "lines": [], "left_out": 0}
    things = run(
        stage, "table",
        "const words = await import('/static/canvas/words.js'); words.learn({'head-marking': 'العلامة'}, 'ar');"
        "const {Model} = await import('/static/canvas/model.js'); const model = new Model(); model.merge(x);"
        "return m.things(model.shown().spots)", told,
    )  # fmt: skip
    assert things.split("\n")[1].endswith("TLP:AMBER+STRICT")


PICTURE = (
    "const {Model} = await import('/static/canvas/model.js'); const {Selection} = await import('/static/canvas/select.js');"
    "const {View} = await import('/static/canvas/view.js'); const model = new Model(); model.merge(x);"
    "const view = new View(document.createElement('canvas'), model, new Selection(model));"
    "[...model.spots.values()].forEach((one, at) => Object.assign(one, {x: 90 * (at % 4), y: 90 * Math.floor(at / 4)}));"
    "return await m.svg(view).text()"
)


def picture(stage, told) -> str:
    """The map of a piece as SVG."""
    return str(run(stage, "export", PICTURE, told))


@pytest.mark.parametrize("label", ["</svg><script>alert(1)</script>", "a\"b'c&d<e", "\u202e<x>"])
def test_an_exported_picture_holds_text_and_no_markup(stage, label):
    told = {"nodes": [spot("group:a", label=label)], "lines": [], "left_out": 0}
    text = picture(stage, told)
    assert "<script" not in text
    assert (
        run(
            stage,
            "words",
            "return new DOMParser().parseFromString(x, 'image/svg+xml').querySelectorAll('parsererror, script').length",
            text,
        )
        == 0
    )


@pytest.mark.parametrize(
    ("language", "code", "name"),
    [
        pytest.param("en", "RU", "Russia", id="in English"),
        pytest.param("fr", "de", "Allemagne", id="in French, whatever the case"),
        pytest.param("ar", "KE", "كينيا", id="in Arabic"),
        pytest.param("th", "TH", "ไทย", id="in Thai"),
        pytest.param("en", "no country", "no country", id="what is no code"),
        pytest.param("en", "x\u202ey", "x⟨U+202E⟩y", id="what is no code and turns"),
    ],
)
def test_a_country_is_told_by_its_name(stage, language, code, name):
    given = {"language": language, "code": code}
    assert run(stage, "words", "m.learn({}, x.language); return m.country(x.code)", given) == name


@pytest.mark.parametrize(
    ("language", "told"),
    [("en", "20 Sept 2026"), ("", "20 Sept 2026"), ("fr", "20 sept. 2026"), ("th", "20 ก.ย. 2026")],
)
def test_a_day_is_written_with_the_day_before_the_month(stage, language, told):
    day = (dt.date(2026, 9, 20) - dt.date(1970, 1, 1)).days
    given = {"language": language, "day": day}
    assert run(stage, "words", "m.learn({}, x.language); return m.day(x.day)", given) == told


@pytest.mark.parametrize(
    ("spots", "lines", "said"),
    [
        pytest.param([{}, {}], 1, "2 things, 1 links", id="single things"),
        pytest.param(
            [{"count": 514_413}, {"count": 1}], 3, "514,414 things", id="bubbles count for what they hold"
        ),
        pytest.param([{"count": 900}, {}, {}], 2, "902 things", id="an opened bubble beside another"),
        pytest.param(
            [{} for _ in range(1_200)], 1_201, "1,200 things, 1,201 links", id="thousands are set apart"
        ),
        pytest.param([], 0, "0 things, 0 links", id="nothing"),
    ],
)
def test_what_is_on_the_map_is_counted_in_things(stage, spots, lines, said):
    words = {"on-map": "{things} things, {links} links", "things": "{count} things"}
    given = {"words": words, "spots": spots, "lines": lines}
    assert run(
        stage, "words",
        "m.learn(x.words, 'en'); return m.counted({spots: x.spots, lines: Array(x.lines).fill({})})", given,
    ) == said  # fmt: skip


class TestPictures:
    """What is exported as a picture is as legible as the map, and says how far it may go."""

    def test_names_stand_whole_within_it_and_none_on_another(self, stage):
        told = {"nodes": [spot(f"group:a rather long name {at}") for at in range(12)], "lines": []}
        boxes = run(
            stage,
            "words",
            "document.body.insertAdjacentHTML('beforeend', x); const made = document.body.lastElementChild;"
            "const frame = made.getBoundingClientRect();"
            "const boxes = [...made.querySelectorAll('text')].map((one) => one.getBoundingClientRect());"
            "made.remove();"
            "return boxes.map((one) => [one.left - frame.left, one.top - frame.top, frame.right - one.right,"
            " frame.bottom - one.bottom, one.left, one.top, one.right, one.bottom])",
            picture(stage, told),
        )
        assert len(boxes) > 6
        assert min(min(box[:4]) for box in boxes) >= -1
        for one, other in itertools.combinations([box[4:] for box in boxes], 2):
            beside = one[0] > other[2] - 8 or other[0] > one[2] - 8
            assert beside or one[1] > other[3] - 5 or other[1] > one[3] - 5

    @pytest.mark.parametrize(
        ("labels", "strictest"),
        [
            pytest.param([], "TLP:CLEAR", id="none"),
            pytest.param(["TLP:GREEN", "TLP:CLEAR"], "TLP:GREEN", id="two"),
            pytest.param(["TLP:AMBER+STRICT", "TLP:AMBER"], "TLP:AMBER+STRICT", id="amber and strict"),
            pytest.param(["TLP:RED", "TLP:AMBER+STRICT"], "TLP:RED", id="red"),
        ],
    )
    def test_it_bears_the_strictest_label_of_its_things_and_lines(self, stage, labels, strictest):
        told = piece(2, *(line(0, 1, property=f"p{at}", tlp=label) for at, label in enumerate(labels)))
        assert f">{strictest}</text>" in picture(stage, told)
        told = {"nodes": [spot(f"group:{at}", tlp=label) for at, label in enumerate(labels)], "lines": []}
        assert f">{strictest}</text>" in picture(stage, told)

    def test_a_thing_tied_to_itself_has_a_loop_above_it_that_one_can_point_at(self, stage):
        assert "C" in picture(stage, piece(1, line(0, 0)))
        high = run(
            stage,
            "geometry",
            "const a = {x: 0, y: 0, r: 10}, one = {a, b: a, bend: 0}; const top = m.onCurve(one, 0.5);"
            "return [top.x, top.y, m.distance(one, top), m.trim(one, 0).dy]",
        )
        assert high[0] == pytest.approx(0)
        assert high[1] < -20
        assert high[2] == pytest.approx(0, abs=0.5)
        assert high[3] > 0
