"""XML of strangers: what is yielded before a fault stays, and each fault says where and how to mend it."""

from __future__ import annotations

import pytest

from chokepoint.collect.tree import read_xml, xml_tree
from chokepoint.model.errors import BadInputError, TooLargeError


def read(data: bytes, deepest: int = 5) -> list[tuple[str, str]]:
    return [(event, name) for event, name, _ in read_xml(data, deepest=deepest, mend="fetch it again")]


def test_elements_begin_and_end_in_order_under_names_without_namespace():
    assert read(b'<a xmlns="urn:x"><b/></a>') == [("start", "a"), ("start", "b"), ("end", "b"), ("end", "a")]


def test_what_stands_before_a_fault_is_yielded_and_the_fault_names_its_place_and_the_callers_mend():
    elements = read_xml(b"<a>\n<b/>\n<c></a>", deepest=5, mend="fetch it again")
    assert [next(elements)[1] for _ in range(3)] == ["a", "b", "b"]
    with pytest.raises(BadInputError, match="no XML") as caught:
        list(elements)
    assert (caught.value.place, caught.value.mend) == ("line 3 column 5", "fetch it again")


@pytest.mark.parametrize("levels", [5, 6])
def test_as_many_levels_as_are_allowed_and_not_one_more(levels):
    data = b"<a>" * levels + b"</a>" * levels
    if levels == 5:
        assert len(read(data)) == 10
        return
    with pytest.raises(TooLargeError, match="deeper than 5 levels"):
        read(data)


@pytest.mark.parametrize(
    "data",
    [
        b'<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>',
        b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
    ],
    ids=["entity", "outside"],
)
def test_a_document_type_is_refused(data):
    with pytest.raises(BadInputError, match="document type or entities is refused"):
        read(data)


def test_one_byte_more_than_the_limit_is_refused_before_it_is_parsed(monkeypatch):
    monkeypatch.setattr(xml_tree, "LONGEST", 3)
    with pytest.raises(TooLargeError, match="4 bytes of XML"):
        read(b"<a/>")
