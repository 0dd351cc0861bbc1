"""Word processor documents: their paragraphs in reading order, and hostile ones refused with a reason."""

from __future__ import annotations

import io
import zipfile
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.model.errors import BadInputError, TooLargeError
from chokepoint.values import markup, office
from chokepoint.values.office import is_office_text, paragraphs

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
ODT = "application/vnd.oasis.opendocument.text"


def zipped(members: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def part(body: str, root: str = "document") -> str:
    return f'<?xml version="1.0"?><w:{root} xmlns:w="{W}">{body}</w:{root}>'


def docx(body: str, **more: str) -> bytes:
    members = {"[Content_Types].xml": "<x/>", "word/document.xml": part(f"<w:body>{body}</w:body>")}
    return zipped({**members, **{name.replace("__", "/"): text for name, text in more.items()}})


def odt(body: str) -> bytes:
    names = (
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:xlink="http://www.w3.org/1999/xlink" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    )
    text = f"<office:document-content {names}><office:body><office:text>{body}</office:text></office:body></office:document-content>"
    return zipped({"mimetype": ODT, "content.xml": text})


def p(text: str) -> str:
    return f"<w:p><w:r><w:t>{escape(text)}</w:t></w:r></w:p>"


def read(data: bytes) -> list[tuple[str, str]]:
    return [tuple(one) for one in paragraphs(data)]


def test_paragraphs_are_numbered_as_they_stand_and_empty_ones_count():
    assert read(docx(p("one") + "<w:p/>" + p("three"))) == [("paragraph 1", "one"), ("paragraph 3", "three")]


def test_runs_tabs_and_breaks_make_one_line():
    body = "<w:p><w:r><w:t>ev</w:t></w:r><w:r><w:t>il.com</w:t><w:tab/><w:t>and</w:t><w:br/><w:t>more</w:t></w:r></w:p>"
    assert read(docx(body)) == [("paragraph 1", "evil.com and more")]


def test_struck_text_and_field_codes_are_not_read():
    body = "<w:p><w:del><w:r><w:delText>gone.com</w:delText></w:r></w:del><w:r><w:instrText>PAGE</w:instrText><w:t>here</w:t></w:r></w:p>"
    assert read(docx(body)) == [("paragraph 1", "here")]


def test_the_row_of_a_table_is_one_paragraph():
    row = f"<w:tr><w:tc>{p('evil.com')}</w:tc><w:tc>{p('192.0.2.1')}{p('192.0.2.2')}</w:tc></w:tr>"
    assert read(docx(p("a") + f"<w:tbl>{row}{row}</w:tbl>" + p("z"))) == [
        ("paragraph 1", "a"),
        ("paragraph 2", "| evil.com | 192.0.2.1 192.0.2.2 |"),
        ("paragraph 3", "| evil.com | 192.0.2.1 192.0.2.2 |"),
        ("paragraph 4", "z"),
    ]


def test_footnotes_headers_and_targets_of_links_come_after_the_body():
    links = (
        '<Relationships><Relationship Target="https://evil.com/x" TargetMode="External"/>'
        '<Relationship Target="styles.xml"/></Relationships>'
    )
    data = docx(
        p("body"),
        **{
            "word__footnotes.xml": part(p("note"), "footnotes"),
            "word__header1.xml": part(p("head"), "hdr"),
            "word___rels__document.xml.rels".replace("word___rels", "word/_rels"): links,
        },
    )
    assert read(data) == [
        ("paragraph 1", "body"),
        ("footnotes paragraph 1", "note"),
        ("header1 paragraph 1", "head"),
        ("links paragraph 1", "https://evil.com/x"),
    ]


def test_a_text_box_within_a_paragraph_is_read_once():
    body = f"<w:p><w:r><w:t>outer</w:t></w:r><w:r><w:txbxContent>{p('inner')}</w:txbxContent></w:r></w:p>"
    assert [text for _, text in read(docx(body))] == ["inner", "outer"]


def test_opendocument_is_read_with_its_spaces_links_and_tables():
    body = (
        '<text:h>Title</text:h><text:p>to<text:s/>the <text:a xlink:href="https://evil.com/">page</text:a> now</text:p>'
        "<table:table><table:table-row><table:table-cell><text:p>a</text:p></table:table-cell>"
        "<table:table-cell><text:p>b</text:p></table:table-cell></table:table-row></table:table>"
    )
    assert read(odt(body)) == [
        ("paragraph 1", "Title"),
        ("paragraph 2", "to the page https://evil.com/ now"),
        ("paragraph 3", "| a | b |"),
    ]


@given(
    st.lists(
        st.text(
            st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"),
            max_size=40,
        ),
        max_size=8,
    )
)
def test_every_text_of_every_paragraph_comes_out_once_and_in_order(texts):
    expected = [
        (f"paragraph {at}", " ".join(text.split())) for at, text in enumerate(texts, 1) if text.split()
    ]
    assert read(docx("".join(map(p, texts)))) == expected
    assert read(odt("".join(f"<text:p>{escape(text)}</text:p>" for text in texts))) == expected


def test_documents_are_told_from_other_packages():
    assert is_office_text(docx(p("x")))
    assert is_office_text(odt("<text:p>x</text:p>"))
    assert not is_office_text(zipped({"[Content_Types].xml": "<x/>", "xl/workbook.xml": "<x/>"}))
    assert not is_office_text(zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}))
    assert not is_office_text(b"PK\x03\x04")
    assert not is_office_text(b"word/document.xml")


@pytest.mark.parametrize(
    "xml",
    [
        "",
        "<w:p>",
        '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>',
        '<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>',
    ],
)
def test_hostile_xml_is_refused(xml):
    with pytest.raises(BadInputError, match="cannot be read"):
        read(zipped({"word/document.xml": xml}))


def test_what_came_before_the_damage_is_given():
    found = []
    with pytest.raises(BadInputError):
        found.extend(paragraphs(zipped({"word/document.xml": part(p("first") + p("second"))[:-20]})))
    assert [one.text for one in found][:1] == ["first"]


@pytest.mark.parametrize(
    ("limit", "value", "body"),
    [
        ("MAX_XML", 500, p("x" * 1000)),
        ("MAX_TEXT", 500, p("x" * 300) * 2),
        ("MAX_ELEMENTS", 50, p("x") * 100),
        ("MAX_DEPTH", 50, "<w:r>" * 60 + "</w:r>" * 60),
        ("MAX_MEMBERS", 1, p("x")),
    ],
)
def test_a_document_beyond_a_limit_is_refused(monkeypatch, limit, value, body):
    monkeypatch.setattr(markup if hasattr(markup, limit) else office, limit, value)
    with pytest.raises(TooLargeError):
        read(docx(body))


@given(st.binary(max_size=200))
def test_no_bytes_make_the_reader_fail_otherwise(data):
    for content in (data, b"PK\x03\x04" + data, zipped({"word/document.xml": data})):
        is_office_text(content)
        try:
            read(content)
        except BadInputError:
            continue
