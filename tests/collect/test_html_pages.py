"""Web pages as a reader sees them, and what stands in their markup that no reader sees."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from line_reading import claims, document, rejected, skipped

from chokepoint.collect.html import Html, visible


def page(body: str, head: str = "<title>Silverfish shop</title>") -> str:
    return f"<!doctype html>\n<html>\n<head>{head}</head>\n<body>\n{body}\n</body>\n</html>\n"


def read(body: str, **more: str) -> list:
    return list(Html().read(document(page(body, **more), "silverfish.html")))


def found(body: str) -> set[str]:
    return {str(one.subject) for one in claims(read(body))} - {"campaign:silverfish shop"}


SEEN = {
    "a paragraph": ("<p>evil-one.com</p>", "domain-name:evil-one.com"),
    "a link's target": ('<a href="http://evil-one.com/pay">pay</a>', "url:http://evil-one.com/pay"),
    "a mail link": ('<a href="mailto:lock@evil-one.com?subject=x">write</a>', "email-addr:lock@evil-one.com"),
    "a phone link": ('<a href="tel:+66812345678">call</a>', "phone-number:+66812345678"),
    "a form's target": ('<form action="http://evil-one.com/steal"></form>', "url:http://evil-one.com/steal"),
    "a frame": ('<iframe src="http://evil-one.com/f"></iframe>', "url:http://evil-one.com/f"),
    "a script's string": ('<script>var a = "http://evil-one.com/s";</script>', "url:http://evil-one.com/s"),
    "a cell": ("<table><tr><td>x</td><td>evil-one.com</td></tr></table>", "domain-name:evil-one.com"),
    "a list item": ("<ul><li>evil-one.com</li></ul>", "domain-name:evil-one.com"),
    "an entity in the name": ("<p>evil&#45;one&period;com</p>", "domain-name:evil-one.com"),
    "markup inside the name": ("<p>evil-<b>one</b>.com</p>", "domain-name:evil-one.com"),
    "defanged": ("<p>evil-one[.]com</p>", "domain-name:evil-one.com"),
    "an upper case tag": ("<P>evil-one.com</P>", "domain-name:evil-one.com"),
    "a tag never closed": ("<p>evil-one.com<div><b>", "domain-name:evil-one.com"),
    "preformatted": ("<pre>a\n\nevil-one.com</pre>", "domain-name:evil-one.com"),
}


@pytest.mark.parametrize(("body", "entity"), SEEN.values(), ids=SEEN)
def test_it_is_found_in(body: str, entity: str):
    assert entity in found(body)


UNSEEN = {
    "a style": "<style>@import url(http://evil-one.com/x.css);</style>",
    "a link that runs a script": '<a href="javascript:location=evil()">x</a>',
    "a link within the page": '<a href="#evil-one.com">x</a>',
    "an embedded picture": '<img src="data:image/png;base64,ZXZpbC1vbmUuY29t">',
    "a class": '<p class="evil-one.com">x</p>',
}


@pytest.mark.parametrize("body", UNSEEN.values(), ids=UNSEEN)
def test_it_is_not_taken_from(body: str):
    assert found(body) == set()


def test_words_of_two_blocks_are_not_run_together():
    assert found("<p>evil-one</p><p>.com</p>") == set()
    assert "evil-one\n.com" in visible(page("<p>evil-one</p><p>.com</p>"))


def test_a_line_break_in_the_source_is_a_blank_to_a_reader():
    assert "pay at once" in visible(page("<p>pay\nat\nonce</p>"))


def test_cells_of_one_row_stay_apart_and_on_one_line():
    text = visible(page("<table><tr><td>evil-one.com</td><td>192.0.2.1</td></tr></table>"))
    assert "evil-one.com\t192.0.2.1" in text


@pytest.mark.parametrize(
    ("body", "line"),
    [
        pytest.param("<p>evil-one.com</p>", "line 5", id="the first line of the body"),
        pytest.param("<p>x</p>\n\n\n<p>evil-one.com</p>", "line 8", id="further down"),
        pytest.param("<p>evil-<b>one</b>.com</p>", "visible text", id="markup inside: as a reader sees it"),
        pytest.param('<script>\nvar a="http://evil-one.com/s"</script>', "line 6", id="in a script"),
    ],
)
def test_it_is_cited_at_the_line_of_the_source(body: str, line: str):
    [one] = [one for one in claims(read(body)) if one.property == "indicates"]
    assert one.place == line


def test_a_name_that_stands_twice_is_cited_twice_in_order():
    body = "<p>evil-one.com</p>\n<p>evil-two.com</p>\n<p>evil-one.com</p>"
    assert [(one.subject.value, one.place) for one in claims(read(body)) if one.property == "indicates"] == [
        ("evil-one.com", "line 5"),
        ("evil-two.com", "line 6"),
        ("evil-one.com", "line 7"),
    ]


@pytest.mark.parametrize(
    ("head", "body", "subject"),
    [
        pytest.param("<title>Lantern scam</title>", "", "campaign:lantern scam", id="the title"),
        pytest.param("", "<h1>Lantern scam</h1>", "campaign:lantern scam", id="the first heading"),
        pytest.param(
            "<title>Lantern scam</title>", "<h1>Other</h1>", "campaign:lantern scam", id="title first"
        ),
    ],
)
def test_a_page_is_about(head: str, body: str, subject: str):
    text = page(f"{body}<p>The fraudulent site evil-one[.]com asks for money.</p>", head)
    items = list(Html().read(document(text, "12.html")))
    assert {str(one.object) for one in claims(items) if one.property == "indicates"} == {subject}


def test_a_page_without_an_indicator_is_counted_and_not_silent():
    assert skipped(read("<p>nothing here</p>")) == {"text without an indicator": 2}


def test_a_page_in_windows_1252_is_read_and_told():
    data = page("<p>Société evil-one.com</p>\n<p>défense</p>").encode("cp1252")
    items = list(Html().read(document(data, "silverfish.html")))
    assert [part.place for part in rejected(items)] == ["line 1"]
    assert "domain-name:evil-one.com" in {str(one.subject) for one in claims(items)}


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("<div>" * 2_000 + "evil-one.com", id="deep"),
        pytest.param("<a " + "x=1 " * 5_000 + ">evil-one.com</a>", id="a tag of thousands of attributes"),
        pytest.param("<!-- " + "-" * 20_000 + ">evil-one.com", id="a comment that never closes"),
        pytest.param("<script>" + "var a='" * 5_000, id="strings that never close"),
        pytest.param("&amp;" * 20_000 + " evil-one.com", id="entities"),
        pytest.param("<p>\x00evil-one.com\x00</p>", id="NULs"),
        pytest.param("<p>" + "\u202e" * 1_000 + "evil-one.com</p>", id="marks of direction"),
    ],
)
def test_hostile_markup_ends_in_items(body: str):
    assert read(body)


@given(
    st.lists(
        st.sampled_from(
            ["<p>", "</p>", "<a href='http://e.com'>", "</a>", "evil.com", "&lt;", "<!--", "<td>"]
        )
    )
)
def test_any_order_of_tags_gives_a_text(parts: list[str]):
    assert isinstance(visible("".join(parts)), str)


@given(st.text(st.characters(codec="utf-8", exclude_characters="<>&\0"), max_size=80))
def test_plain_words_in_a_page_are_the_words_of_the_page(words: str):
    text = visible(page(f"<p>{words}</p>"))
    assert "".join(words.split()) in "".join(text.split())
