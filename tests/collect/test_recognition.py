"""What a file is read as: told by what is in it, whatever it is called."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from line_reading import DATA, document

from books import column, pdf, sheet, workbook
from chokepoint.collect.base import Document
from chokepoint.collect.registry import ORDER, collectors, named, recognise
from chokepoint.model.errors import NotValidError

NOTE = "All your files are encrypted. Do not rename them. Write to lock@onionmail.org to decrypt, pay in bitcoin.\n"
REPORT = "# Silverfish campaign\n\nThe gang runs the fraudulent site evil-one[.]com and asks for money.\n"


def docx(text: str) -> bytes:
    out = io.BytesIO()
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    with zipfile.ZipFile(out, "w") as book:
        book.writestr("[Content_Types].xml", "<Types/>")
        book.writestr(
            "word/document.xml",
            f'<w:document xmlns:w="{space}"><w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>',
        )
    return out.getvalue()


SAMPLES: dict[str, tuple[str, bytes]] = {
    "one site": ("plain-list", b"evil-one.com\n"),
    "sites and a comment": ("plain-list", b"# seen in May\nevil-one.com\nevil-two.com  # live\n"),
    "hashes": ("plain-list", b"44d88612fea8a8f36de82e1278abb02f\n" * 3),
    "wallets": ("plain-list", b"1BoatSLRHtKNngkdXEeobR76b53LETtpyT\n"),
    "defanged": ("plain-list", b"hxxp://evil-one[.]com/a\nevil-two[.]com\n"),
    "a bulleted list": ("plain-list", b"- evil-one.com\n- evil-two.com\n- evil-three.com\n"),
    "comma separated": ("table", b"domain,first seen\nevil-one.com,2020-01-01\n"),
    "semicolon separated": ("table", b"domain;first seen\nevil-one.com;2020-01-01\n"),
    "tab separated, no header": ("table", b"evil-one.com\t192.0.2.1\nevil-two.com\t192.0.2.2\n"),
    "a table with a byte order mark": ("table", b"\xef\xbb\xbfdomain,note\nevil-one.com,x\n"),
    "a table in UTF-16": ("table", "domain,note\nevil-one.com,x\nevil-two.com,y\n".encode("utf-16")),
    "a workbook": ("table", workbook(("S", sheet([["domain", "note"], ["evil-one.com", "x"]])))),
    "a workbook of one column": ("table", column(["domain", "evil-one.com"])),
    "an old workbook": ("table", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
    "a PDF": ("pdf", pdf(["evil-one.com"])),
    "a PDF after junk": ("pdf", b"\n\n junk \n" + pdf(["evil-one.com"])),
    "a word processor's document": ("office", docx("evil-one.com is fake")),
    "a web page": ("html", b"<!doctype html><html><body>evil-one.com</body></html>"),
    "a piece of a web page": ("html", b"<div><p>evil-one.com is fake</p></div>"),
    "a web page after blanks": ("html", b"\n\n  <html><p>evil-one.com</p></html>"),
    "a ransom note": ("ransom-note", NOTE.encode()),
    "a ransom note in UTF-16": ("ransom-note", NOTE.encode("utf-16")),
    "a report in Markdown": ("report", REPORT.encode()),
    "a report in AsciiDoc": ("report", b"= Silverfish\n\n|===\n|evil-one.com |x\n|===\n"),
    "a report in sentences": ("report", b"The gang runs a fraudulent site, evil-one[.]com, since May.\n"),
    "JSON of nobody": ("text", b'{"odd": {"c2": "evil-one.com"}}'),
    "YAML of nobody": ("text", b"odd:\n  c2: evil-one.com\n"),
    "a script": ("text", b"#!/bin/sh\ncurl evil-one.com\n"),
    "a rule of YARA": ("detection-rules", b'rule x {\n strings: $a = "evil-one.com"\n condition: $a }\n'),
    "a program": ("text", b"MZ" + bytes(range(256)) * 8),
    "a picture": ("text", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8),
    "blanks": ("text", b" \n\n\t\n"),
    "STIX 2": ("stix2", json.dumps({"type": "bundle", "id": "bundle--5d0092c5-5f74-4287-9642-33f4c354e56d", "objects": []}).encode()),
    "STIX 1": ("stix1", b'<stix:STIX_Package xmlns:stix="http://stix.mitre.org/stix-1"/>'),
}  # fmt: skip
NAMES = (
    "x",
    "list.txt",
    "data.csv",
    "thing.json",
    "page.html",
    "report.pdf",
    "book.xlsx",
    "a.exe",
    "ไฟล์",
    "a b;c",
)


@pytest.mark.parametrize(("form", "data"), SAMPLES.values(), ids=SAMPLES)
def test_a_file_is_known_by_what_is_in_it(form: str, data: bytes):
    assert recognise(document(data, "12"), collectors()).name == form


# a report is one that is not called data: `.json` and `.yaml` promise a form that its own reader must refuse first
ANY_NAME = {name: sample for name, sample in SAMPLES.items() if sample[0] != "report"}


@pytest.mark.parametrize(("form", "data"), ANY_NAME.values(), ids=ANY_NAME)
def test_a_name_that_lies_changes_nothing(form: str, data: bytes):
    assert {recognise(document(data, name), collectors()).name for name in NAMES} == {form}


@pytest.mark.parametrize("name", ["report.json", "report.yaml", "report.yml"])
def test_a_report_that_is_called_data_is_read_as_text_and_said_to_be_none(name: str):
    paper = document(REPORT, name)
    reader = recognise(paper, collectors())
    assert reader.name == "text"
    assert any("evil-one.com" in str(item) for item in reader.read(paper))


@pytest.mark.parametrize(("form", "data"), SAMPLES.values(), ids=SAMPLES)
def test_only_one_reader_takes_it_and_that_is_the_first_who_knows_it(form: str, data: bytes):
    paper = document(data, "12")
    known = [reader.name for reader in collectors() if reader.recognises(paper)]
    assert known[0] == form
    assert known[-1] == "text"


def test_every_reader_has_a_name_of_its_own_but_for_two_layouts_of_one_publisher():
    names = [reader.name for reader in collectors()]
    assert len(names) == len(ORDER)
    assert sorted(set(names)) == sorted(dict.fromkeys(names))
    assert names[-1] == "text"


@pytest.mark.parametrize("reader", collectors(), ids=lambda reader: type(reader).__name__)
@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"\x00", id="one NUL"),
        pytest.param(b"\xff\xfe", id="a byte order mark alone"),
        pytest.param(b"\xef\xbb\xbf", id="another"),
        pytest.param(b"PK\x03\x04", id="the mark of a zip alone"),
        pytest.param(b"\xd0\xcf\x11\xe0", id="the mark of a compound file alone"),
        pytest.param(b"{", id="a brace"),
        pytest.param(b"[" * 70_000, id="only brackets"),
        pytest.param(b"<" * 70_000, id="only angles"),
        pytest.param(b'"' * 70_000, id="only quotes"),
        pytest.param(b"," * 70_000, id="only commas"),
        pytest.param(b"a" * 70_000, id="one endless word"),
        pytest.param(b"\n" * 70_000, id="only line ends"),
        pytest.param(b"\n" * 5_000 + b"evil-one.com", id="a site after thousands of blank lines"),
        pytest.param(b" \n" * 30_000, id="blank lines"),
        pytest.param(b"- " * 30_000, id="dashes"),
        pytest.param(b"a: " * 20_000, id="keys in one line"),
        pytest.param(b"#\n" * 30_000, id="empty comments"),
        pytest.param(b"|" * 70_000, id="only bars"),
        pytest.param(b"\t" * 70_000, id="only tabs"),
        pytest.param(b"=\n" * 30_000, id="empty headings"),
        pytest.param(b"<!--" * 15_000, id="comments never closed"),
        pytest.param(b"a.b." * 17_000, id="an endless host"),
        pytest.param(b"1" * 70_000, id="an endless number"),
        pytest.param(b"a@" * 30_000, id="only mailboxes without hosts"),
        pytest.param(b"http://" * 9_000, id="only schemes"),
        pytest.param(b"{{" * 30_000 + b"}}" * 30_000, id="braces in pairs"),
        pytest.param("\ud800".encode("utf-8", "surrogatepass"), id="half a surrogate pair"),
        pytest.param("\u202e\u200b\ufeff".encode(), id="only invisible marks"),
    ],
)
def test_no_reader_faults_on_looking(reader, data: bytes):
    assert reader.recognises(Document(path="x", data=data)) in {True, False}


@given(st.binary(min_size=1, max_size=200), st.sampled_from(sorted(SAMPLES)))
def test_no_beginning_of_a_file_faults_its_readers(tail: bytes, name: str):
    data = SAMPLES[name][1]
    for cut in (1, len(data) // 2):
        paper = Document(path="x", data=data[:cut] + tail)
        assert recognise(paper, collectors()).name


@pytest.mark.parametrize("form", sorted({reader.name for reader in collectors()}))
def test_a_format_that_a_person_names_is_taken_whatever_is_in_the_file(form: str):
    assert recognise(document("evil-one.com\n"), named(collectors(), form)).name == form


@pytest.mark.parametrize("form", ["nonsense", "Table", "csv", " table"])
def test_a_format_that_is_none_is_refused_with_those_that_are(form):
    with pytest.raises(NotValidError) as caught:
        named(collectors(), form)
    assert caught.value.place == "--format"
    for name in ("table", "plain-list", "report", "stix2", "text"):
        assert name in caught.value.mend


NEAR: list[tuple[str, str, str]] = [
    ("prose with commas is no table", "report", "First, we saw evil-one[.]com, then nothing.\nSecond, we slept, well.\n"),
    ("two words a line are no list", "report", "evil-one.com is a very bad site\nevil-two.com is quite a good one\n"),
    ("a report on ransomware is no note", "report", "# LockBit\n\nIts note says that files are encrypted and asks for bitcoin.\n\n## Indicators of compromise\n\nevil-one[.]com\n"),
    ("a notice about your data is no note", "report", "We process your data to write to you about our events at hotel.com.\n"),
    ("a table about nothing known is text", "text", "product,price\napple,1.2\npear,2.3\n"),
    ("numbers are no indicators", "text", "1,2,3\n4,5,6\n"),
    ("a log of bytes in brackets is no JSON", "report", "[+] What happened to evil-one.com? Nobody here knows.\n"),
    ("a page of code in a text is no page", "report", "The kit sends <b>bold</b> mail from evil-one[.]com to all its victims.\n"),
]  # fmt: skip


@pytest.mark.parametrize(("form", "text"), [case[1:] for case in NEAR], ids=[case[0] for case in NEAR])
def test_what_only_resembles_a_format_is_none(form: str, text: str):
    assert recognise(document(text, "12"), collectors()).name == form


@pytest.mark.parametrize(
    ("name", "path", "form"),
    [
        ("samsa_updated_iocs.csv", "unit42-iocs/text/samsa/updated_iocs.csv", "table"),
        ("stix2/zeppelin.json", "a/b.json", "stix2"),
        ("stix1/bangladesh.xml", "a/b.xml", "stix1"),
        ("misp/xdspy.json", "a/b.json", "misp-event"),
        ("galaxy/ransomware.json", "a/b.json", "misp-galaxy"),
        ("warninglists/parking.json", "a/b.json", "misp-warninglist"),
        ("graphsense/lazarus.yaml", "a/b.yaml", "tagpack"),
        ("graphsense/actorpack.yaml", "a/b.yaml", "actorpack"),
    ],
)
def test_excerpts_of_real_sources_are_known_by_content(name: str, path: str, form: str):
    assert recognise(document((DATA / name).read_bytes(), path), collectors()).name == form
