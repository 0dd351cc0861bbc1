"""Links in PDF documents: where they lead is read with the page, whatever is printed there."""

from __future__ import annotations

import io
from typing import Any

import pytest
from line_reading import claims, document
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import Link
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject, TextStringObject
from test_pdf import pdf

from chokepoint.collect.pdf import Pdf, pdf_text
from chokepoint.package.place import Region, holds
from chokepoint.values.pdf import LONGEST_LINK, MOST_LINKS


def with_links(*targets: Any, text: str = "Click here", page: int = 0) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf(text, "second page"))))
    for target in targets:
        if isinstance(target, str):
            writer.add_annotation(page, Link(rect=(0, 0, 9, 9), url=target))
        else:
            annotations = writer.pages[page].setdefault(NameObject("/Annots"), ArrayObject())
            annotations.append(target)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_where_a_link_leads_is_an_indicator_of_its_page() -> None:
    data = with_links("https://login-evil.com/pay", page=1)
    found = [
        one for one in claims(Pdf().read(document(data, "x/blue_heron.pdf"))) if one.subject.kind == "url"
    ]
    assert [(one.subject.value, one.place) for one in found if one.property == "indicates"] == [
        ("https://login-evil.com/pay", "page 2")
    ]
    assert holds(Region(data).at("page 2"), found[0].subject)


def test_a_printed_target_is_not_said_twice() -> None:
    data = with_links("https://login-evil.com/pay", text="see https://login-evil.com/pay")
    assert next(pdf_text(data))[1].count("login-evil.com") == 1


def test_a_link_whose_printed_address_is_another_tells_both() -> None:
    text = next(pdf_text(with_links("https://login-evil.com/", text="https://bank.example/")))[1]
    assert text.split("\n") == ["https://bank.example/", "https://login-evil.com/"]


@pytest.mark.parametrize(
    ("target", "told"),
    [
        ("mailto:boss@evil-a.com", "boss@evil-a.com"),
        ("tel:+447911123456", "+447911123456"),
        ("https://evil-\na.com/", "https://evil-a.com/"),
    ],
)
def test_mailboxes_numbers_and_broken_addresses_are_told_bare(target: str, told: str) -> None:
    assert next(pdf_text(with_links(target)))[1] == f"Click here\n{told}"


def odd(**entries: Any) -> DictionaryObject:
    return DictionaryObject({NameObject(f"/{key}"): value for key, value in entries.items()})


@pytest.mark.parametrize(
    "annotation",
    [
        pytest.param(odd(Subtype=NameObject("/Text")), id="a note"),
        pytest.param(odd(Subtype=NameObject("/Link")), id="without action"),
        pytest.param(odd(Subtype=NameObject("/Link"), A=NumberObject(7)), id="an action that is a number"),
        pytest.param(
            odd(Subtype=NameObject("/Link"), A=odd(S=NameObject("/GoTo"))), id="within the document"
        ),
        pytest.param(odd(Subtype=NameObject("/Link"), A=odd(S=NameObject("/URI"))), id="to nowhere"),
        pytest.param(NumberObject(3), id="a number"),
    ],
)
def test_an_annotation_that_opens_no_address_costs_nothing(annotation: Any) -> None:
    assert (
        next(pdf_text(with_links(annotation, "https://evil-a.com/")))[1] == "Click here\nhttps://evil-a.com/"
    )


def test_links_are_read_to_a_limit_of_number_and_length() -> None:
    uri = odd(
        Subtype=NameObject("/Link"),
        A=odd(S=NameObject("/URI"), URI=TextStringObject("https://evil-a.com/" + "x" * LONGEST_LINK)),
    )
    assert next(pdf_text(with_links(uri)))[1] == "Click here"
    many = [odd(Subtype=NameObject("/Text"))] * MOST_LINKS
    assert next(pdf_text(with_links(*many, "https://evil-a.com/")))[1] == "Click here"
