"""The report needs nothing but itself, hides nothing, runs nothing, and can be read by everyone."""

import base64
import re
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from package_sample import KEY, KEYED, facts, finding, key, picture, request, seal, summary, vetted

from chokepoint.model.claim import Interval
from chokepoint.model.identity import Entity
from chokepoint.model.marking import CLEAR, Marking, Pap, Tlp
from chokepoint.package.build import build
from chokepoint.package.choose import Audience
from chokepoint.package.document import render
from chokepoint.package.findings import FindingKind, Node, Picture
from chokepoint.package.privacy import Discretion, discretion, pseudonym
from chokepoint.package.report import Report
from chokepoint.package.view import MOST_ROWS, make_page, when

CLAIMS = seal(facts()).claims
VOID = frozenset({"meta", "br", "link", "img", "input", "hr", "base"})


class Outline(HTMLParser):
    """Elements in order, text, and whether tags are balanced."""

    def __init__(self, page):
        super().__init__(convert_charrefs=True)
        self.open, self.elements, self.text = [], [], []
        self.feed(page)
        self.close()
        assert not self.open, self.open

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open, tag
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)

    def all(self, *tags):
        return [attrs for tag, attrs in self.elements if tag in tags]

    def words(self):
        return " ".join(" ".join(self.text).split())


def report(**changes):
    asked = request()
    base = Report(
        title=asked.title,
        created=asked.created,
        organisation=asked.organisation,
        atlas=asked.atlas,
        marking=Marking(tlp=Tlp.GREEN),
        finding=finding(),
        picture=picture(),
        summary=summary(),
        claims=CLAIMS,
        captures=asked.captures,
        discretion=Discretion(minimised=KEYED),
        simulated=True,
    )
    return replace(base, **changes)


@pytest.fixture(scope="module")
def page():
    return render(report())


@pytest.fixture(scope="module")
def outline(page):
    return Outline(page)


def test_nothing_is_fetched_and_nothing_runs(outline):
    assert not outline.all(
        "script", "link", "img", "iframe", "object", "embed", "form", "base", "video", "audio"
    )
    for _, attrs in outline.elements:
        assert not any(name.startswith("on") for name in attrs)
        assert "style" not in attrs
        assert "src" not in attrs
        assert attrs.get("href", "#").startswith("#")


def test_no_address_in_it_is_live(page):
    bare = page.replace("http://www.w3.org/2000/svg", "")
    assert "http://" not in bare
    assert "https://" not in bare
    assert "teslagive.net" not in bare
    assert "teslagive[.]net" in bare


def test_the_style_sheet_fetches_nothing(page):
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)[1]
    assert "url(" not in style
    assert "@import" not in style


def test_the_security_policy_allows_this_style_sheet_and_nothing_else(page, outline):
    policy = next(attrs["content"] for attrs in outline.all("meta") if "http-equiv" in attrs)
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)[1]
    digest = base64.b64encode(sha256(style.encode()).digest()).decode()
    assert policy.split("; ") == [
        "default-src 'none'",
        f"style-src 'sha256-{digest}'",
        "base-uri 'none'",
        "form-action 'none'",
    ]


def test_the_same_report_gives_the_same_page(page):
    assert render(report()) == page


def test_tags_are_balanced_and_the_language_is_given(outline):
    assert outline.all("html")[0]["lang"] == "en"


def test_a_keyboard_reaches_the_answer_first(outline):
    first = outline.all("a")[0]
    assert first["class"] == "skip"
    ids = {attrs["id"] for _, attrs in outline.elements if "id" in attrs}
    for attrs in outline.all("a"):
        assert attrs["href"][1:] in ids


def test_headings_go_down_one_step_at_a_time(outline):
    levels = [int(tag[1]) for tag, _ in outline.elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))


def test_every_table_has_a_caption_and_headed_columns(page):
    for table in re.findall(r"<table.*?</table>", page, re.DOTALL):
        assert "<caption>" in table
        assert "<th scope=" in table


def test_every_section_is_named_by_its_heading(outline):
    ids = {attrs["id"] for _, attrs in outline.elements if "id" in attrs}
    sections = outline.all("section")
    assert len(sections) >= 7
    assert all(section["aria-labelledby"] in ids for section in sections)


def test_every_drawing_has_a_name_or_is_hidden(outline):
    for attrs in outline.all("svg"):
        assert attrs.get("aria-hidden") == "true" or (attrs["role"] == "img" and attrs["aria-label"])


def test_no_id_stands_twice(outline):
    ids = [attrs["id"] for _, attrs in outline.elements if "id" in attrs]
    assert len(ids) == len(set(ids))


def test_the_answer_comes_before_everything_else(outline):
    words = outline.words()
    order = [
        "Where to strike",
        "What hangs together",
        "Where it is placed",
        "When it was seen",
        "What no single source",
    ]
    spots = [words.index(phrase) for phrase in order]
    assert spots == sorted(spots)
    for needed in (
        "registrar or registry",
        "What takes over:",
        "Last sign of life",
        "chokepoint package verify",
    ):
        assert needed in words


def test_the_watermark_is_there_exactly_when_votes_were_simulated():
    assert 'class="watermark"' in render(report())
    people = report(
        claims=vetted(CLAIMS), simulated=False, summary=None, finding=replace(finding(), routes=())
    )
    assert "SIMULATED" not in render(people)


def test_every_hop_shows_source_place_belief_and_warning(outline):
    words = outline.words()
    for phrase in (
        "samsa.csv, row 2",
        "Very likely (93\xa0%)".replace("\xa0", " "),
        "joins nothing by itself",
        "No single source",
    ):
        assert phrase in words


def test_evidence_explains_its_grades(outline):
    words = outline.words()
    assert "usually reliable source, probably true" in words
    assert "fairly reliable source, possibly true" in words


HOSTILE = "<script>alert(1)</script>\u202ecod.exe\u200b\"'&{{7*7}}{% raw %}"


def test_hostile_text_is_shown_and_never_obeyed():
    evil = replace(CLAIMS[3], object=HOSTILE, origin=HOSTILE, place=HOSTILE, contributor=HOSTILE)
    answer = replace(finding(), title=HOSTILE, explanation=(HOSTILE,), warnings=(HOSTILE,), position=HOSTILE)
    made = render(
        report(
            title=HOSTILE, organisation=HOSTILE, claims=(evil,), finding=answer, captures={}, atlas=HOSTILE
        )
    )
    found = Outline(made)
    assert not found.all("script")
    assert "\u202e" not in made
    assert "\u200b" not in made
    assert "U+202E" in made
    assert "{{7*7}}" in made


@settings(max_examples=25)
@given(st.text(max_size=40))
def test_any_text_anywhere_leaves_the_page_whole(value):
    evil = replace(CLAIMS[3], object=value, origin=value, place=value)
    node = Node(value, value, "url", 0, 0, (value,), value)
    made = render(report(title=value, claims=(evil,), picture=Picture(nodes=(node,)), summary=None))
    assert not Outline(made).all("script", "img")


def test_a_person_bears_a_pseudonym_in_every_part_of_the_page():
    jane = Entity("person", "jane doe")
    claim = replace(CLAIMS[0], subject=jane)
    node = Node(str(jane), "Jane Doe", "person", 0, 0)
    plan = replace(finding().plan[0], target=jane, mode="referral")
    route = finding().routes[0]
    hop = replace(route.hops[0], start=jane)
    answer = replace(finding(), plan=(plan,), routes=(replace(route, hops=(hop,)),))
    made = render(report(claims=(claim,), picture=Picture(nodes=(node,)), finding=answer, summary=None))
    assert "jane" not in made.lower()
    assert made.count(pseudonym(jane, KEY)) >= 4


def test_contacts_are_masked_in_an_open_edition_only():
    assert "wayneevenson" in render(report())
    rules = discretion(CLAIMS, open_edition=True, minimised=KEYED)
    made = render(report(discretion=rules, marking=CLEAR))
    assert "wayneevenson" not in made
    assert "•••" in made


def test_a_structural_answer_says_that_it_is_one():
    answer = replace(finding(), kind=FindingKind.STRUCTURAL, plan=(), curve=None)
    assert "Structural only" in render(report(finding=answer))


def test_no_live_target_is_said_plainly():
    answer = replace(finding(), plan=(), curve=None)
    assert "No live target with a lever was found" in render(report(finding=answer))


def test_a_target_without_a_sign_of_life_says_so():
    row = replace(finding().plan[0], last_seen="")
    assert "none known" in render(report(finding=replace(finding(), plan=(row,))))


@pytest.mark.parametrize("label", list(Tlp))
def test_the_label_stands_at_both_ends_of_the_page(label):
    words = Outline(render(report(marking=Marking(tlp=label, pap=Pap.AMBER)))).words()
    assert words.count(f"{label.label} · PAP:AMBER") >= 3


def test_an_almost_empty_report_is_whole_too():
    bare = Report(
        title="Nothing found",
        created="2024-05-01T00:00:00Z",
        organisation="Example Police",
        atlas="x",
        marking=CLEAR,
        finding=replace(
            finding(),
            plan=(),
            routes=(),
            explanation=(),
            warnings=(),
            coverage=(),
            sensitivity=(),
            parameters=(),
            curve=None,
        ),
        discretion=Discretion(open_edition=True, minimised=KEYED),
    )
    words = Outline(render(bare)).words()
    assert "carries no claims" in words
    assert "No organisation has voted" in words


def test_a_very_long_list_of_claims_is_cut_and_says_so():
    many = CLAIMS * 50
    made = make_page(report(claims=many))
    assert len(made.evidence) == MOST_ROWS
    assert made.more == len(many) - MOST_ROWS
    assert "100 more claims in the manifest" in render(report(claims=many))


def test_votes_are_counted_by_organisation():
    voters = {row.organisation: row for row in make_page(report()).voters}
    assert set(voters) == {"Bank of Examples", "CERT Example"}
    assert voters["CERT Example"].confirmed == len(CLAIMS)
    assert all(row.simulated for row in voters.values())


def test_the_package_carries_this_page():
    made = build(
        request(audience=Audience(organisations=frozenset({"Example Police"}), minimised=KEYED)),
        key("Example Police").sign,
    )
    assert made.files["report.html"].startswith(b"<!doctype html>")


@pytest.mark.parametrize(
    ("interval", "shown"),
    [
        (None, ""),
        (Interval("", ""), ""),
        (Interval("2016-01-01", "2016-01-02"), "2016-01-01"),
        (Interval("2016-01-01", "2016-02-01", "month"), "2016-01"),
        (Interval("2020-01-01", "2021-01-01", "year"), "2020"),
        (Interval("2017-08-02", "2018-01-01"), "2017-08-02 to 2017-12-31"),
        (Interval("2017-08-02", ""), "since 2017-08-02"),
        (Interval("", "2018-01-01"), "until 2017-12-31"),
        (Interval("2016-01-01", "some day"), "since 2016-01-01"),
    ],
)
def test_people_are_told_the_last_day_not_the_first_after_it(interval, shown):
    assert when(interval) == shown


def _luminance(colour):
    value = colour.lstrip("#")
    value = "".join(c * 2 for c in value) if len(value) == 3 else value
    parts = [int(value[k : k + 2], 16) / 255 for k in (0, 2, 4)]
    r, g, b = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def _contrast(one, other):
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


PAIRS = [
    *((text, ground) for text in ("ink", "soft", "accent", "strike", "sim") for ground in ("paper", "card")),
    ("ink", "wash"),
    ("ink", "warnwash"),
    ("card", "strike"),
    ("warn", "card"),
    ("warn", "paper"),
    ("host", "paper"),
]


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_has_the_contrast_that_wcag_aa_asks(page, theme, text, ground):
    themes = re.findall(r":root\{(--paper.*?)\}", page)
    colours = dict(re.findall(r"--([a-z0-9]+):(#[0-9a-f]+)", themes[theme]))
    assert _contrast(colours[text], colours[ground]) >= 4.5, (text, ground, colours[text], colours[ground])


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("mark", ["web", "host", "contact", "money", "actor", "other", "strike", "warn"])
def test_symbols_stand_out_from_their_ground(page, theme, mark):
    themes = re.findall(r":root\{(--paper.*?)\}", page)
    colours = dict(re.findall(r"--([a-z0-9]+):(#[0-9a-f]+)", themes[theme]))
    assert _contrast(colours[mark], colours["card"]) >= 3


@pytest.mark.parametrize("label", list(Tlp))
def test_every_sheet_of_paper_bears_the_label_in_head_and_foot_and_its_number(label):
    style = paper(render(report(marking=Marking(tlp=label))))
    for corner in ("@top-right", "@bottom-right"):
        assert f'{corner}{{content:"{label.label}";font:bold 12pt' in style
    assert '@bottom-center{content:counter(page) " / " counter(pages)' in style


def test_a_stricter_permission_stands_on_paper_too():
    assert re.search(
        r'@top-right\{content:"TLP:GREEN[^"]*PAP:AMBER"',
        paper(render(report(marking=Marking(tlp=Tlp.GREEN, pap=Pap.AMBER)))),
    )


def test_sheets_warn_of_simulated_votes_and_of_nothing_else():
    warning = "SIMULATED VOTES: DO NOT ACT"
    assert f'@top-left{{content:"{warning}"' in paper(render(report()))
    people = report(
        claims=vetted(CLAIMS), simulated=False, summary=None, finding=replace(finding(), routes=())
    )
    assert '@top-left{content:""' in paper(render(people))


def test_dark_colours_stay_on_the_screen_and_no_band_lies_over_what_is_printed(page):
    style = page[page.index("<style>") : page.index("</style>")]
    assert "@media screen and (prefers-color-scheme:dark)" in style
    assert "@media (prefers-color-scheme:dark)" not in style
    assert "position:fixed" not in style[style.index("@media print") :]


def paper(page: str) -> str:
    """What the style sheet says of printing."""
    style = page[page.index("<style>") : page.index("</style>")]
    return style[style.index("@media print") :]
