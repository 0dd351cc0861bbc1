"""All content is hostile: whatever stands in a claim or finding is shown, made visible, and never obeyed."""

import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from package_sample import ATLAS, KEYED, WALLET, WHEN, facts, finding, picture, seal, summary

from chokepoint.model.claim import Interval
from chokepoint.model.identity import Entity
from chokepoint.model.marking import CLEAR, Marking, Tlp
from chokepoint.package.document import render
from chokepoint.package.findings import (
    CountryCount,
    Edge,
    Event,
    Lead,
    Line,
    Node,
    Picture,
    PlanRow,
    SourceLine,
    Summary,
)
from chokepoint.package.harmless import harmless
from chokepoint.package.parts import CastVote
from chokepoint.package.privacy import Discretion
from chokepoint.package.report import Report
from chokepoint.package.stix.bundle import Cover, bundle_bytes

CLAIM = seal(facts()).claims[3]
ALLOWED = {"http://www.w3.org/2000/svg"}


class Seen(HTMLParser):
    """What a browser makes of a page: elements with attributes, and the text."""

    def __init__(self, page):
        super().__init__(convert_charrefs=True)
        self.tags, self.attributes, self.text, self.style = set(), [], "", False
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes += attrs
        self.style = tag == "style"

    def handle_data(self, data):
        self.text += "" if self.style else data


def report(**changes):
    base = Report(
        title="t",
        created=WHEN,
        organisation="o",
        atlas=ATLAS,
        marking=CLEAR,
        finding=replace(finding(), plan=(), routes=(), curve=None),
        claims=(CLAIM,),
        discretion=Discretion(minimised=KEYED),
    )
    return replace(base, **changes)


def answer(**changes):
    return report(finding=replace(finding(), **changes))


def row(**changes):
    base = PlanRow(target=WALLET, mode="cooperation", by="somebody", why="because")
    return answer(plan=(replace(base, **changes),))


def hop(**changes):
    route = finding().routes[0]
    return answer(routes=(replace(route, hops=(replace(route.hops[0], **changes),)),))


def drawn(**changes):
    one = Node("a", "a", "malware", 0.0, 0.0)
    return report(picture=Picture(nodes=(one._replace(**changes), one._replace(id="z", x=1.0))))


def ran(**changes):
    return report(summary=replace(Summary(), **changes))


PLACES = {
    "title": lambda text: report(title=text),
    "organisation": lambda text: report(organisation=text),
    "atlas": lambda text: report(atlas=text),
    "audience": lambda text: report(marking=Marking(tlp=Tlp.RED, audience=frozenset({text}))),
    "finding-warning": lambda text: answer(warnings=(text,)),
    "explanation": lambda text: answer(explanation=("first", text)),
    "position": lambda text: answer(position=text),
    "parameter": lambda text: answer(parameters=(Line(text, text, text),)),
    "coverage": lambda text: answer(coverage=(Line(text, text, text),)),
    "sensitivity": lambda text: answer(sensitivity=(Line(text, text, text),)),
    "lead-whose": lambda text: answer(plan=(), leads=(Lead(text, "h", "r", 0.5, "2024", 0.5, 0.5),)),
    "lead-holder": lambda text: answer(plan=(), leads=(Lead("w", text, "r", 0.5, "2024", 0.5, 0.5),)),
    "lead-reach": lambda text: answer(plan=(), leads=(Lead("w", "h", text, 0.5, "2024", 0.5, 0.5),)),
    "plan-holder": lambda text: row(by=text),
    "plan-reason": lambda text: row(why=text),
    "plan-successor": lambda text: row(takes_over=text),
    "route-title": lambda text: answer(routes=(replace(finding().routes[0], title=text),)),
    "route-warning": lambda text: answer(routes=(replace(finding().routes[0], warnings=(text,)),)),
    "hop-origin": lambda text: hop(origin=text),
    "hop-source": lambda text: hop(source=text),
    "hop-place": lambda text: hop(place=text),
    "hop-warning": lambda text: hop(warning=text),
    "hop-end": lambda text: hop(end=Entity("malware", text)),
    "target": lambda text: row(target=Entity("malware", text)),
    "claim-object": lambda text: report(claims=(replace(CLAIM, object=text),)),
    "claim-subject": lambda text: report(claims=(replace(CLAIM, subject=Entity("persona", text)),)),
    "claim-origin": lambda text: report(claims=(replace(CLAIM, origin=text),)),
    "claim-place": lambda text: report(claims=(replace(CLAIM, place=text),)),
    "vote-organisation": lambda text: report(
        claims=(replace(CLAIM, votes=(CastVote(text, "confirm", "r", simulated=False),)),)
    ),
    "vote-reason": lambda text: report(
        claims=(replace(CLAIM, votes=(CastVote("o", "confirm", text, simulated=False),)),)
    ),
    "node-label": lambda text: drawn(label=text),
    "edge-warning": lambda text: report(
        picture=Picture(
            nodes=(Node("a", "a", "url", 0, 0), Node("b", "b", "url", 1, 1)),
            edges=(Edge("a", "b", "uses", 0.5, warning=text),),
        )
    ),
    "event-label": lambda text: report(picture=Picture(events=(Event("2020-01-01", "", text),))),
    "source": lambda text: ran(sources=(SourceLine(text, "csv", 1, 1),)),
    "refusal": lambda text: ran(rejected=(Line(text, "1", text),)),
    "skip-rule": lambda text: ran(skipped=((text, 3),)),
    "crossing": lambda text: ran(crossings=(Line(text, text, text),)),
    "dispute": lambda text: ran(disputes=(Line(text, text, text),)),
}
"""Everywhere that a text of somebody else's can stand in a report."""

ATTACKS = {
    "script": "<script>alert(1)</script>",
    "image": "<img src=x onerror=alert(1)>",
    "attribute": '" onmouseover="alert(1)" x="',
    "closing": "</td></table></main><iframe src=//evil.example>",
    "svg": "</text></svg><a href='javascript:alert(1)'>",
    "style": "</style><link rel=stylesheet href=//evil.example/a.css>",
    "template": "{{ 7*7 }}{% include 'x' %}",
    "entity": "&lt;script&gt;&#x3c;b",
    "comment": "<!-- --><b>",
}


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("place", PLACES)
def test_markup_is_shown_as_text_wherever_it_stands(place, attack):
    text = ATTACKS[attack]
    clean = Seen(render(PLACES[place]("harmless words")))
    seen = Seen(render(PLACES[place](text)))
    assert seen.tags == clean.tags
    assert not [name for name, _ in seen.attributes if name.startswith("on")]
    assert "49" not in seen.text or "49" in clean.text


HIDDEN = {
    "right-to-left override": ("invoice\u202efdp.exe", "<U+202E>"),
    "left-to-right mark": ("a\u200eb", "<U+200E>"),
    "isolate": ("a\u2066b", "<U+2066>"),
    "zero width space": ("pay\u200bpal", "<U+200B>"),
    "zero width joiner": ("pay\u200dpal", "<U+200D>"),
    "word joiner": ("pay\u2060pal", "<U+2060>"),
    "soft hyphen": ("pay\u00adpal", "<U+00AD>"),
    "byte order mark": ("\ufeffpaypal", "<U+FEFF>"),
    "nul": ("pay\x00pal", "<U+0000>"),
    "escape": ("\x1b[31mred", "<U+001B>"),
    "next line": ("a\x85b", "<U+0085>"),
    "tag letters": ("a\U000e0041b", "<U+E0041>"),
}


@pytest.mark.parametrize("name", HIDDEN)
@pytest.mark.parametrize("place", [place for place in PLACES if place != "atlas"])
def test_what_shows_nothing_is_spelt_out_wherever_it_stands(place, name):
    text, spelt = HIDDEN[name]
    hidden = next(char for char in text if not char.isalnum() and char not in ".[")
    page = render(PLACES[place](text))
    assert hidden not in page
    assert spelt in Seen(page).text or spelt.replace("<", "&lt;").replace(">", "&gt;") in page


LIVE = {
    "http": ("https://evil.example.com/login", "https://"),
    "upper case": ("HTTPS://EVIL.COM/", "HTTPS://"),
    "ftp": ("ftp://evil.com/x", "ftp://"),
    "bare host": ("go to evil-login.com now", "evil-login.com"),
    "mailbox": ("write to boss@evil-login.com", "@evil-login.com"),
    "host in a sentence": ("sold on evil-login.com.", "evil-login.com"),
    "onion": ("see expyuzz4wqqyqhjn.onion", "expyuzz4wqqyqhjn.onion"),
    "address": ("at 203.0.113.9 today", "203.0.113.9"),
}


@pytest.mark.parametrize("name", LIVE)
@pytest.mark.parametrize(
    "place",
    ["title", "explanation", "claim-object", "vote-reason", "route-title", "node-label", "event-label"],
)
def test_no_address_in_any_words_can_be_followed(place, name):
    text, live = LIVE[name]
    page = render(PLACES[place](text))
    bare = page
    for one in ALLOWED:
        bare = bare.replace(one, "")
    assert live not in bare


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", ""),
        ("nothing to see", "nothing to see"),
        ("samsa.csv, row 2", "samsa.csv, row 2"),
        ("version 0.1.0", "version 0.1.0"),
        ("1,234.50 THB", "1,234.50 THB"),
        ("evil[.]com", "evil[.]com"),
        ("hxxps://evil[.]com/a", "hxxps://evil[.]com/a"),
        ("https://evil.com/a.b/c", "hxxps://evil[.]com/a.b/c"),
        ("evil.com and evil.com", "evil[.]com and evil[.]com"),
        ("bob@evil.com", "bob@evil[.]com"),
        ("http://localhost/x", "hxxp://localhost/x"),
        ("FTP://a", "FxxP://a"),
        ("ไปที่ evil.com", "ไปที่ evil[.]com"),
    ],
)
def test_words_are_made_harmless_and_no_more(text, shown):
    assert harmless(text) == shown


@given(st.text(max_size=60))
def test_making_harmless_twice_changes_nothing_more(text):
    assert harmless(harmless(text)) == harmless(text)


@given(st.from_regex(r"https?://[a-z]{3,12}\.(com|net|org|ru|xyz)(/[a-z0-9]{0,8})?", fullmatch=True))
def test_no_web_address_survives(address):
    told = harmless(f"see {address} now")
    assert "http" not in told
    assert not re.search(r"[a-z]\.(com|net|org|ru|xyz)\b", told.partition("/")[0])


def test_look_alike_letters_are_named_where_a_name_is_shown():
    page = render(report(claims=(replace(CLAIM, subject=Entity("domain-name", "xn--pypal-4ve.com")),)))
    assert "Cyrillic" in page


def test_a_very_long_word_stays_one_value_and_can_break_in_the_page():
    word = "x" * 5000
    page = render(report(title=word, claims=(replace(CLAIM, object=word),)))
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)[1]
    assert "overflow-wrap:anywhere" in style.replace(" ", "")
    assert word in page


def test_dates_and_figures_come_from_us_and_not_from_the_text():
    odd = Interval("<b>2016</b>", "", "day")
    page = render(report(claims=(replace(CLAIM, observed=odd),)))
    assert "<b>" not in page


@pytest.mark.parametrize("country", ["<b", "zz", "", "\u202e", "USA"])
def test_an_unknown_country_code_is_text(country):
    page = render(report(picture=Picture(countries=(CountryCount(country, 3),))))
    assert "<b " not in page
    assert "\u202e" not in page


@settings(max_examples=30)
@given(st.text(min_size=1, max_size=30))
def test_a_page_holds_no_hidden_character_whatever_it_is_made_from(text):
    page = render(
        report(
            title=text,
            claims=(replace(CLAIM, object=text, origin=text, place=text),),
            finding=replace(finding(), plan=(), routes=(), explanation=(text,), warnings=(text,)),
        )
    )
    assert not set(page) & set("\u202e\u202d\u200b\u2066\u2067\x00\x1b\ufeff")


JANE = Entity("person", "jane doe")


@pytest.mark.parametrize("name", ["alias", "name", "description", "observation", "identifier", "reference"])
def test_words_about_a_person_who_may_not_be_named_are_withheld_everywhere(name):
    claim = replace(CLAIM, subject=JANE, property=name, object="Jane Q. Doe of Leeds", raw="Jane Doe")
    page = render(report(claims=(claim,), marking=Marking(tlp=Tlp.AMBER)))
    assert "Doe" not in page
    assert "withheld" in page
    cover = Cover(
        title="t",
        created=WHEN,
        organisation="o",
        marking=CLEAR,
        discretion=Discretion(minimised=KEYED),
        simulated=False,
    )
    stix = json.loads(bundle_bytes([claim], cover))
    assert not any("Doe" in str(one.get("content", "")) for one in stix["objects"])


@pytest.mark.parametrize("name", ["status", "category", "date", "amount", "price"])
def test_words_that_name_nobody_stay(name):
    claim = replace(CLAIM, subject=JANE, property=name, object="wanted")
    assert "wanted" in render(report(claims=(claim,)))


def test_words_about_a_person_whom_an_authority_named_stay():
    claim = replace(CLAIM, subject=JANE, property="alias", object="Jane Q. Doe")
    page = render(
        report(claims=(claim,), discretion=Discretion(public_persons=frozenset({JANE}), minimised=KEYED))
    )
    assert "Jane Q. Doe" in page


def test_words_about_anything_else_stay():
    assert "Doe Ltd" in render(report(claims=(replace(CLAIM, property="alias", object="Doe Ltd"),)))


def test_the_whole_sample_asks_no_third_party_for_anything():
    page = render(report(picture=picture(), finding=finding(), summary=summary()))
    seen = Seen(page)
    fetched = {"src", "srcset", "data", "action", "formaction", "poster", "background", "ping", "xlink:href"}
    assert not [name for name, _ in seen.attributes if name in fetched]
    assert all(value.startswith("#") for name, value in seen.attributes if name == "href")
    assert not re.search(r"url\((?!#)|@import|@font-face|image-set", page)
    assert '<meta name="referrer" content="no-referrer">' in page
