"""A place leads to exactly the text that stands there, or to an error that says why not."""

import io
import json
import zipfile
from contextlib import suppress

import openpyxl
import pypdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from package_sample import DATA, RYUK_MAIL, TESLA, WALLET

from chokepoint.model.errors import BadInputError, ChokepointError, NotFoundError
from chokepoint.model.identity import Entity
from chokepoint.package import place as place_module
from chokepoint.package.place import LIMIT, Region, fold, holds, region
from chokepoint.values.mtgx import MtgxEntity, MtgxLink, write_mtgx
from chokepoint.values.office import Paragraph
from chokepoint.values.registry import show

TEXT = "first\nsecond\r\nthird\rfourth"


@pytest.mark.parametrize(
    ("place", "stands"),
    [
        ("line 1", "first"),
        ("line 2", "second"),
        ("line 3", "third"),
        ("line 4", "fourth"),
        ("lines 2-3", "second\nthird"),
        ("lines 1–4", "first\nsecond\nthird\nfourth"),
        ("line 2, column Wallet", "second"),
    ],
)
def test_lines_count_from_one_whatever_ends_them(place, stands):
    assert region(TEXT.encode(), place) == stands


@given(
    st.lists(st.text(st.characters(exclude_characters="\r\n", codec="utf-8")), min_size=1, max_size=30),
    st.data(),
)
def test_any_line_of_any_text_is_found(lines, data):
    number = data.draw(st.integers(1, len(lines)))
    found = region("\n".join(lines).encode(), f"line {number}")
    expected = lines[number - 1]
    assert found == (expected.removeprefix("\ufeff") if number == 1 else expected)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
def test_common_encodings_are_read(encoding):
    assert region("café\nnaïve".encode(encoding), "line 2") == "naïve"


@pytest.mark.parametrize(
    "place", ["line 0", "line 5", "lines 3-9", "lines 3-2", "row 9", "record 4", "/x", "page 1 line 1"]
)
def test_places_that_do_not_exist_are_told(place):
    with pytest.raises(ChokepointError):
        region(b'a\nb\n"c"', place)


@pytest.mark.parametrize(
    "place", ["", "somewhere", "line", "line -1", "line 1e9", "ligne 3", "line " + "9" * 40, "sheet row 2"]
)
def test_unknown_forms_of_place_are_refused(place):
    with pytest.raises(BadInputError, match="unknown form"):
        region(b"a", place)


@pytest.mark.parametrize(
    ("pointer", "stands"),
    [
        ("/a/0/b", "deep"),
        ("/a", "b: deep 7"),
        ("/x~1y", "slash"),
        ("/m~0n", "tilde"),
        ("/", "empty key"),
        ("/n", "None"),
    ],
)
def test_json_pointers_follow_rfc_6901(pointer, stands):
    document = {"a": [{"b": "deep"}, 7], "x/y": "slash", "m~n": "tilde", "": "empty key", "n": None}
    assert region(json.dumps(document).encode(), pointer) == stands


@given(
    st.recursive(
        st.text("ab~/01", max_size=4) | st.integers(0, 99),
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.text("ab~/01", max_size=3), inner, max_size=3)
        ),
        max_leaves=12,
    )
)
def test_a_pointer_to_every_leaf_of_any_document_leads_there(document):
    reader = Region(json.dumps(document).encode())
    for pointer, leaf in _leaves(document, ""):
        if pointer:
            assert reader.at(pointer) == str(leaf)


def _leaves(value, path):
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(inner, f"{path}/{key.replace('~', '~0').replace('/', '~1')}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _leaves(inner, f"{path}/{index}")
    else:
        yield path, value


@pytest.mark.parametrize("pointer", ["/a/01", "/a/-1", "/a/2", "/a/x", "/a/0/b/c", "/z"])
def test_pointers_that_lead_nowhere_are_told(pointer):
    with pytest.raises(NotFoundError):
        region(b'{"a":[{"b":1},2]}', pointer)


def test_pointers_lead_into_yaml_too():
    assert region((DATA / "ransomwhere.yaml").read_bytes(), "/tags/1/label") == "Ryuk"
    assert "13LP98C3QKthrCdz81qGWuCr9fpCvsdh5A" in region((DATA / "cryptoscamdb.yaml").read_bytes(), "/0")


def test_rows_are_those_of_a_spreadsheet_quoted_line_breaks_and_all():
    table = b'name,wallet\r\n"two\r\nlines",x1\r\nlast,x2\r\n'
    assert region(table, "row 1") == "name | wallet"
    assert region(table, "row 2") == "two\r\nlines | x1"
    assert region(table, "row 3") == "last | x2"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_recognised(delimiter):
    table = "\n".join(delimiter.join(row) for row in (("a", "b", "c"), ("1", "2", "3")))
    assert region(table.encode(), "row 2") == "1 | 2 | 3"


def test_sheets_of_a_workbook():
    book = openpyxl.Workbook()
    book.active.append(["kind", "value"])
    other = book.create_sheet("More codes")
    other.append([])
    other.append(["domain", "evil.example"])
    out = io.BytesIO()
    book.save(out)
    assert region(out.getvalue(), "row 1") == "kind | value"
    assert "evil.example" in region(out.getvalue(), "sheet More codes row 2")
    with pytest.raises(BadInputError):
        region(out.getvalue(), "sheet Nowhere row 1")


@pytest.mark.parametrize(
    "name",
    [
        "Sites",
        "My sites",
        "Bob's",
        'the "best"',
        "a, row 9",
        "a row 9, b",
        "row 2",
        "เว็บ",
        "x\\y",
        "'quoted'",
    ],
)
def test_a_sheet_is_found_as_collectors_and_as_people_write_its_name(name: str):
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.active.title = "Other"
    sheet = book.create_sheet()
    sheet._WorkbookChild__title = name  # openpyxl refuses some that Excel's own files hold
    sheet.append(["domain"])
    sheet.append(["evil.example"])
    book.save(out)
    assert region(out.getvalue(), f"sheet {name!r}, row 2") == "evil.example"
    assert region(out.getvalue(), f"sheet {name!r}, row 2, column 'domain'") == "evil.example"


def test_the_first_lines_of_a_report_are_where_its_day_stands():
    text = "".join(f"line {number}\n" for number in range(1, 40))
    found = region(text.encode(), "first lines").split("\n")
    assert found[0] == "line 1"
    assert found[-1] == "line 15"


@pytest.mark.parametrize("data", [b"PK\x03\x04 not a zip", b"\xd0\xcf\x11\xe0 not ole", b""])
def test_a_broken_workbook_is_told(data):
    with pytest.raises(ChokepointError):
        region(data, "sheet A row 1")


def test_records_of_lists_json_lines_and_tables():
    assert region(b'[{"v":"a"},{"v":"b"}]', "record 2") == "v: b"
    assert region(b'{"meta":[1],"rows":[{"v":"a"},{"v":"b"}]}', "record 2") == "v: b"
    assert region(b'{"v":"a"}\n\n{"v":"b"}\n', "record 2") == '{"v":"b"}'
    assert region(b"x,y\n1,2\n", "record 2") == "1 | 2"


def _pdf(*pages):
    """A minimal PDF of one text line a page, with a right cross-reference table."""
    objects = ["<</Type/Catalog/Pages 2 0 R>>", ""]
    kids = []
    for page in pages:
        stream = f"BT /F1 12 Tf 72 700 Td ({page}) Tj ET"
        objects.append(f"<</Length {len(stream)}>>stream\n{stream}\nendstream")
        font = "<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>"
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Resources{font}/Contents {len(objects)} 0 R>>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<</Type/Pages/Kids[{' '.join(kids)}]/Count {len(pages)}>>"
    out, offsets = "%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n"
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    return f"{out}trailer<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF".encode()


def test_pages_of_a_pdf():
    document = _pdf("first page", "wallet 19CbDoaZDLTzkkT1uQrMPM42AUvfQN4Kds")
    assert "first page" in region(document, "page 1")
    assert holds(region(document, "page 2"), WALLET)
    assert holds(region(document, "page 2 line 1"), WALLET)
    with pytest.raises(NotFoundError):
        region(document, "page 3")


@pytest.mark.parametrize("data", [b"", b"%PDF-1.4 broken", b"no pdf at all"])
def test_a_broken_pdf_is_told(data):
    with pytest.raises(BadInputError):
        region(data, "page 1")


def test_yaml_aliases_do_not_multiply():
    bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [{','.join([f'*{chr(97 + n)}'] * 9)}]\n" for n in range(9)
    )
    assert len(region(bomb.encode(), "/j")) <= LIMIT


@pytest.mark.parametrize(
    "data", [b"[" * 100_000, b"{" * 100_000, b"a: [", b"\x00\x01", b"!!python/object:os.system {}"]
)
def test_hostile_documents_are_told_not_thrown(data):
    with pytest.raises(ChokepointError):
        region(data, "/a/0")


def test_a_region_is_bounded():
    assert len(region(b"x" * 1_000_000, "line 1")) == LIMIT


@given(
    st.binary(max_size=300), st.sampled_from(["line 1", "row 2", "/a", "record 1", "page 1", "sheet A row 1"])
)
def test_no_bytes_make_the_reader_fail_otherwise(data, place):
    with suppress(ChokepointError):
        assert isinstance(region(data, place), str)


WRITTEN = [
    (Entity("domain-name", "evil.com"), "see evil[.]com for"),
    (Entity("domain-name", "evil.com"), "EVIL (dot) COM"),
    (Entity("domain-name", "evil.com"), "ev\u200bil.com"),
    (Entity("domain-name", "xn--mnchen-3ya.example"), "hxxps://münchen.example/login"),
    (Entity("url", "http://evil.com/"), "hxxp://evil[.]com"),
    (Entity("url", "http://evil.com/a?b=c"), "hxxp[:]//evil.com/a?b=c"),
    (Entity("email-addr", "bob@evil.com"), "write to Bob[at]evil[.]com"),
    (Entity("ipv4-addr", "198.51.100.7"), "198.51.100[.]7"),
    (Entity("phone-number", "+66812345678"), "tel. +66 (81) 234-5678"),
    (Entity("bank-account", "DE02120300000000202051"), "IBAN DE02 1203 0000 0000 2020 51"),
    (Entity("phone-number", "+66812345678"), "call 0066 81 234 5678"),
    (Entity("phone-number", "+66812345678"), "tel:+66(81)234-5678, or 5 of them"),
    (Entity("phone-number", "+66812345678"), "1,66812345678,2"),
    (Entity("user-account", "telegram:joe_doe"), "Telegram: @joe_doe"),
    (Entity("autonomous-system", "AS64500"), "as64500 Example"),
    (Entity("domain-name", "evil.com"), "เว็บไซต์evil.comของคนร้าย"),
    (Entity("domain-name", "evil.com"), "It was evil.com."),
    (Entity("domain-name", "evil.com"), "www.evil.com"),
    (Entity("organisation", "ธนาคารตัวอย่าง"), "บริษัทธนาคารตัวอย่างจำกัด"),
    (Entity("group", "lazarus group"), "Lazarus_Group (DPRK)"),
    (Entity("malware", "ryuk"), '  label: "Ryuk"'),
    (
        Entity("crypto-address", "0xf949a3938401562eed7ca76a1c8dde61e34fd6e7"),
        "0xF949A3938401562EED7CA76A1C8DDE61E34FD6E7",
    ),
]


@pytest.mark.parametrize(("entity", "text"), WRITTEN)
def test_identifiers_are_found_as_people_write_them(entity, text):
    assert holds(text, entity)


@pytest.mark.parametrize(
    ("entity", "text"),
    [
        (Entity("domain-name", "evil.com"), "good.com"),
        (Entity("domain-name", "evil.com"), "notevil.com"),
        (Entity("domain-name", "evil.com"), "evil.com.br"),
        (Entity("email-addr", "bob@evil.com"), "not.bob@evil.com"),
        (Entity("ipv4-addr", "8.8.8.8"), "118.8.8.8"),
        (Entity("ipv4-addr", "8.8.8.8"), "8.8.8.88"),
        (Entity("email-addr", "bob@evil.com"), "alice@evil.com"),
        (Entity("user-account", "telegram:joe_doe"), "Telegram: @jane"),
        (Entity("phone-number", "+66812345678"), "+66 81 234 5679"),
        (Entity("phone-number", "+66812345678"), "order 9966812345678"),
        (Entity("phone-number", "+66812345678"), "668123456789"),
        (Entity("phone-number", "+1234567"), "0x1234567a8"),
        (Entity("bank-account", "DE02120300000000202051"), "XDE02 1203 0000 0000 2020 51"),
        (Entity("bank-account", "DE02120300000000202051"), "DE02 1203 0000 0000 2020 519"),
        (Entity("malware", "ryuk"), "Ryukyu islands"),
        (Entity("url", "http://evil.com/a"), "http://evil.com/b"),
        (WALLET, "19CbDoaZDLTzkkT1uQrMPM42AUvfQN4Kdt"),
    ],
)
def test_what_does_not_stand_there_is_not_found(entity, text):
    assert not holds(text, entity)


@given(
    st.sampled_from(
        [TESLA, WALLET, RYUK_MAIL, Entity("url", "http://evil.com/a"), Entity("ipv4-addr", "198.51.100.7")]
    )
)
def test_what_the_report_shows_is_found_again(entity):
    assert holds(f"before {show(entity)} after", entity)


@given(st.text(max_size=50))
def test_folding_twice_changes_nothing_more(text):
    once = fold(text)
    assert fold(once) == once or "[" in text or "(" in text or "\\" in text or not text.isascii()


def test_the_raw_form_counts_as_the_subject():
    assert holds("the FooBar crew", Entity("group", "something else"), raw="foobar crew")


def test_attributes_are_compared_as_text():
    assert holds('description: "Trust trading  scam site"', "trust trading scam site")
    assert not holds("something else", "trust trading scam site")


def test_entities_and_links_of_a_graph_are_places():
    nodes = [
        MtgxEntity(
            id=name, type="maltego.Domain", properties=(("fqdn", f"{name}.com"),), notes=f"note on {name}"
        )
        for name in ("evil", "other")
    ]
    held = Region(
        write_mtgx(nodes, [MtgxLink(source="evil", target="other", properties=(("label", "sells to"),))])
    )
    assert held.at("entity 1").split("\n") == ["evil.com", "note on evil"]
    assert held.at("link 1, drawn by hand").split("\n")[:3] == ["sells to", "evil.com", "other.com"]
    for place in ("entity 3", "link 2", "entity 0"):
        with pytest.raises(NotFoundError):
            held.at(place)


def test_paragraphs_of_an_office_document_are_places():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", "<w><p><t>first</t></p><p/><p><t>evil.com</t></p></w>")
        archive.writestr("word/footnotes.xml", "<w><p><t>a note</t></p></w>")
    held = Region(out.getvalue())
    assert held.at("paragraph 3") == "evil.com"
    assert held.at("footnotes paragraph 1") == "a note"
    with pytest.raises(NotFoundError):
        held.at("paragraph 2")
    with pytest.raises(BadInputError):
        Region(b"no document").at("paragraph 1")


@pytest.mark.parametrize(
    ("codec", "text"),
    [
        pytest.param("cp1251", "сайт нова-инвест.рф просит деньги у людей\n", id="Windows-1251"),
        pytest.param("utf-16-le", "сайт нова-инвест.рф\n", id="UTF-16 without a mark"),
        pytest.param("utf-16", "сайт нова-инвест.рф\n", id="UTF-16"),
    ],
)
def test_a_name_in_another_encoding_is_found_where_the_collector_read_it(codec, text):
    """Else what is known from it could never be proved, and would stay out of every package."""
    written = ("a,b,c,d\n" + text).encode(codec)
    there = region(written, "line 2")
    assert holds(there, Entity("domain-name", "xn----7sbfcpq5aee1bl.xn--p1ai"), "нова-инвест.рф")


MAIL = (
    b"From: a@evil.com\nSubject: =?utf-8?q?Z=C3=A4hler?=\nDate: x\nContent-Type: text/plain; charset=koi8-r\n\n"
    + "Счёт\nsecond\n".encode("koi8-r")
)


@pytest.mark.parametrize(
    ("place", "stands"),
    [
        ("message 1 part 0 line 2", "Subject: Zähler"),
        ("message 1 part 1 line 1", "Счёт"),
        ("message 1 part 1 line 2, as written", "second"),
    ],
)
def test_a_place_in_a_message_is_what_it_says_and_not_how_it_was_sent(place, stands):
    assert region(MAIL, place) == stands


@pytest.mark.parametrize(
    "place",
    [
        "message 2 part 0 line 1",
        "message 0 part 0 line 1",
        "message 1 part 2 line 1",
        "message 1 part 1 line 9",
        "message 1 part 1 line 0",
    ],
)
def test_a_place_that_a_message_does_not_have_is_not_found(place):
    with pytest.raises(NotFoundError):
        region(MAIL, place)


ONCE = {
    "paragraphs": ("paragraphs", b"PK\x03\x04 broken", "paragraph 1"),
    "a workbook": ("workbook", b"PK\x03\x04 broken", "sheet One row 1"),
    "a graph": ("read_mtgx", b"PK\x03\x04 broken", "entity 1"),
    "YAML": ("parsed_yaml", b"{: [", "/a"),
}


@pytest.mark.parametrize("what", ONCE)
def test_a_file_that_cannot_be_read_is_tried_once_however_many_places_name_it(monkeypatch, what):
    name, data, place = ONCE[what]
    real, tried = getattr(place_module, name), []
    monkeypatch.setattr(place_module, name, lambda *args: tried.append(1) or real(*args))
    one = Region(data)
    for _ in range(3):
        with pytest.raises((BadInputError, NotFoundError)):
            one.at(place)
    assert tried == [1]


def test_what_stands_in_a_document_before_its_fault_is_found(monkeypatch):
    def broken(_data):
        yield Paragraph(place="paragraph 1", text="evil.com")
        raise BadInputError("cut off")

    monkeypatch.setattr(place_module, "paragraphs", broken)
    one = Region(b"PK")
    assert one.at("paragraph 1") == "evil.com"
    with pytest.raises(NotFoundError):
        one.at("paragraph 2")


def test_a_document_is_parsed_once_however_many_of_its_pages_are_asked_for(monkeypatch):
    real, opened = pypdf.PdfReader, []
    monkeypatch.setattr(pypdf, "PdfReader", lambda data: opened.append(1) or real(data))
    one = Region(_pdf("first", "second"))
    assert [one.at(f"page {number}") for number in (1, 2, 1)] == ["first", "second", "first"]
    with pytest.raises(NotFoundError):
        one.at("page 3")
    assert opened == [1]
