"""Word processor documents are reports or ransom notes like any other text."""

from __future__ import annotations

import io
import zipfile
from xml.sax.saxutils import escape

import pytest
from line_reading import claims, document, rejected, skipped, triples

from chokepoint.collect.office import Office
from chokepoint.collect.registry import collectors, recognise
from chokepoint.model.errors import BadInputError
from chokepoint.package.place import Region, holds

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def docx(*texts: str) -> bytes:
    body = "".join(f"<w:p><w:r><w:t>{escape(text)}</w:t></w:r></w:p>" for text in texts)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
        archive.writestr(
            "word/document.xml", f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'
        )
    return out.getvalue()


REPORT = docx(
    "Operation Blue Heron: a phishing campaign",
    "",
    "The malicious site evil-login.com was served from 192.0.2.1.",
    "Victims wrote to help@evil-login.com.",
)
NOTE = docx(
    "All your files have been encrypted!",
    "To recover your data, write to decrypt@evil.com and pay 0.5 bitcoin.",
    "Do not rename encrypted files.",
)


def read(data: bytes, path: str = "desk/report.docx"):
    return list(Office().read(document(data, path)))


def test_indicators_of_a_report_point_at_what_it_is_about():
    items = read(REPORT, "cases/blue_heron.docx")
    assert ("domain-name:evil-login.com", "indicates", "campaign:blue heron") in triples(items)
    assert skipped(items)["text without an indicator"] >= 1


def test_claims_stand_at_paragraphs_that_can_be_read_again():
    region = Region(REPORT)
    said = [claim for claim in claims(read(REPORT)) if claim.subject.value == "evil-login.com"]
    assert {claim.place for claim in said} == {"paragraph 3"}
    for claim in said:
        assert holds(region.at(claim.place), claim.subject, claim.raw)


def test_a_note_to_a_victim_is_read_as_one():
    items = read(NOTE, "lockfoo/README.docx")
    assert ("malware:lockfoo", "contact", "email-addr:decrypt@evil.com") in triples(items)


def test_a_document_is_recognised_by_content():
    assert recognise(document(REPORT, "renamed.bin"), collectors()).name == "office"


def test_a_document_without_text_says_so():
    (problem,) = rejected(read(docx("", " ")))
    assert "without text" in problem.reason


def test_what_stands_before_the_damage_is_taken_and_the_damage_told():
    with zipfile.ZipFile(io.BytesIO(REPORT)) as archive:
        xml = archive.read("word/document.xml")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", xml[:-30])
    items = read(out.getvalue())
    assert any(claim.subject.value == "evil-login.com" for claim in claims(items))
    assert any("cannot be read" in problem.reason for problem in rejected(items))


@pytest.mark.parametrize("data", [REPORT[:100], REPORT[:-80]], ids=["its beginning", "all but its end"])
def test_a_cut_off_document_is_refused(data):
    with pytest.raises(BadInputError, match="cannot be read"):
        read(data)
