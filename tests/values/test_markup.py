"""XML from strangers: what is wanted comes whole, all else is let go, and every limit holds."""

from __future__ import annotations

from xml.etree.ElementTree import ParseError, fromstring

import pytest
from defusedxml.common import DefusedXmlException
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.model.errors import TooLargeError
from chokepoint.values import markup
from chokepoint.values.markup import events, local

names = st.sampled_from(["a", "b", "node", "edge"])
texts = st.text(alphabet="xyz ü<&", max_size=6)


def escaped(text):
    return text.replace("&", "&amp;").replace("<", "&lt;")


trees = st.recursive(
    st.builds(lambda name, text: f"<{name}>{escaped(text)}</{name}>", names, texts),
    lambda inner: st.builds(
        lambda name, parts: f"<{name}>{''.join(parts)}</{name}>", names, st.lists(inner, max_size=4)
    ),
    max_leaves=12,
)


@given(trees)
def test_starts_and_ends_come_in_the_order_of_the_document(xml):
    def walk(element):
        yield ("start", element.tag)
        for child in element:
            yield from walk(child)
        yield ("end", element.tag)

    got = [(event, local(element)) for event, element in events(xml.encode(), frozenset())]
    assert got == list(walk(fromstring(xml)))  # noqa: S314 - made here


@given(trees)
def test_the_innermost_wanted_element_is_whole_when_it_ends(xml):
    whole = [node for node in fromstring(xml).iter("node") if node.find(".//node") is None]  # noqa: S314 - made here
    found = [
        "".join(element.itertext())
        for event, element in events(f"<r>{xml}</r>".encode(), frozenset({"node"}))
        if event == "end" and local(element) == "node"
    ]
    for node in whole:
        assert "".join(node.itertext()) in found


def test_what_is_not_wanted_is_let_go():
    xml = b"<r>" + b"<a>x</a>" * (3 * markup.BULK) + b"</r>"
    kept = 0
    for event, element in events(xml, frozenset()):
        if event == "end" and local(element) == "r":
            kept = len(element)
    assert kept < markup.BULK


def test_a_namespace_is_no_part_of_a_name():
    xml = b'<r xmlns="urn:x" xmlns:y="urn:y"><y:node/></r>'
    assert [local(element) for event, element in events(xml, frozenset()) if event == "start"] == [
        "r",
        "node",
    ]


@pytest.mark.parametrize(
    "xml",
    [
        b'<!DOCTYPE r [<!ENTITY a "x">]><r>&a;</r>',
        b'<!DOCTYPE r SYSTEM "file:///etc/passwd"><r/>',
        b'<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]><r>&a;</r>',
        b'<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><r>&b;</r>',
        b"<!DOCTYPE r><r/>",
    ],
    ids=["entity", "external", "external-entity", "laughs", "bare"],
)
def test_a_document_type_is_refused_whatever_it_holds(xml):
    with pytest.raises(DefusedXmlException):
        list(events(xml, frozenset()))


@pytest.mark.parametrize(
    "xml",
    [
        b"",
        b"<a>",
        b"<a></b>",
        b"text",
        b"<a/><b/>",
        b"<a b></a>",
        b"\xff\xfe<a/>",
        b"<a>\x00</a>",
        b"<a>&nbsp;</a>",
    ],
)
def test_malformed_documents_are_refused(xml):
    with pytest.raises((ParseError, DefusedXmlException)):
        list(events(xml, frozenset()))


def test_as_many_elements_as_the_limit_are_read_and_one_more_is_not(monkeypatch):
    monkeypatch.setattr(markup, "MAX_ELEMENTS", 5)
    assert len(list(events(b"<r>" + b"<a/>" * 4 + b"</r>", frozenset()))) == 10
    with pytest.raises(TooLargeError, match="more than 5 XML elements"):
        list(events(b"<r>" + b"<a/>" * 5 + b"</r>", frozenset()))


def test_as_deep_as_the_limit_is_read_and_one_deeper_is_not():
    depth = markup.MAX_DEPTH
    assert list(events(b"<a>" * depth + b"</a>" * depth, frozenset()))
    with pytest.raises(TooLargeError, match="nested more than 200") as refusal:
        list(events(b"<a>" * (depth + 1) + b"</a>" * (depth + 1), frozenset()))
    assert refusal.value.mend == "split the file"
