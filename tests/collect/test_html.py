from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from line_reading import claims, document, triples

from chokepoint.collect.html import LONGEST, Html, visible
from chokepoint.model.errors import TooLargeError

PAGE = """<!DOCTYPE html>
<html><head><title>Blue Heron malware</title><style>a{b:url(http://style.example.net/x)}</style></head>
<body><p>The server <b>evil-one[.]com</b> is malicious.</p>
<a href="http://bad-two.org/login.php">here</a>
<script>var c2 = "http://third-bad.net/gate";</script>
</body></html>
"""


def read(text, path="pages/heron.html"):
    return list(Html().read(document(text, path)))


def test_visible_text_links_and_strings_of_scripts_are_scanned():
    subjects = {str(claim.subject) for claim in claims(read(PAGE))}
    assert "domain-name:evil-one.com" in subjects
    assert "url:http://bad-two.org/login.php" in subjects
    assert "url:http://third-bad.net/gate" in subjects


def test_styles_are_not_read():
    assert not any("style.example.net" in claim.subject.value for claim in claims(read(PAGE)))


def test_places_are_lines_of_the_source():
    places = {
        claim.subject.value: claim.place for claim in claims(read(PAGE)) if claim.property != "hosted-at"
    }
    assert places["evil-one.com"] == "line 3"
    assert places["http://bad-two.org/login.php"] == "line 4"


def test_a_note_in_html_is_read_as_a_note():
    text = "<html><body>All your files have been encrypted. Do not rename them.<br>Write us: <b>boss@evilmail.com</b></body></html>"
    assert ("malware:heron lock", "contact", "email-addr:boss@evilmail.com") in triples(
        read(text, "notes/heron_lock/readme.hta")
    )


@pytest.mark.parametrize(
    ("text", "known"),
    [
        (PAGE, True),
        ("<hta:application id=x>", True),
        ("  <div>hello</div>", True),
        ('<?xml version="1.0"?><stix:STIX_Package/>', False),
        ('alert tcp any (content:"<html>"; sid:1)', False),
        ("plain words", False),
    ],
)
def test_a_page_is_known_by_its_tags(text, known):
    assert Html().recognises(document(text, "renamed.bin")) is known


def test_a_page_beyond_the_limit_is_refused():
    with pytest.raises(TooLargeError):
        visible("<p>" + "x" * LONGEST)


def test_tags_nested_a_hundred_thousand_deep_are_survived():
    assert "evil-one.com" in visible("<div>" * 100_000 + "evil-one.com")


@given(st.text(alphabet="<>/ab\"'= &;!-", max_size=200))
def test_no_markup_raises(text):
    visible(text)
