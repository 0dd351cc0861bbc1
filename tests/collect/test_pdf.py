from __future__ import annotations

import io

import pytest
from line_reading import claims, document, rejected
from pypdf import PdfReader, PdfWriter

from chokepoint.collect.pdf import LONGEST, Pdf, pdf_text
from chokepoint.model.errors import BadInputError, TooLargeError


def pdf(*pages: str) -> bytes:
    """A small PDF written by hand: one font, one text a page."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", ""]
    kids = []
    for text in pages:
        lines = " T* ".join(f"({line.replace('(', '').replace(')', '')}) Tj" for line in text.split("\n"))
        stream = f"BT /F1 12 Tf 14 TL 72 720 Td {lines} ET"
        kids.append(len(objects) + 1)
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {len(objects) + 2} 0 R /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>"
        )
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(f'{kid} 0 R' for kid in kids)}] /Count {len(kids)} >>"
    out, places = io.BytesIO(), []
    out.write(b"%PDF-1.4\n")
    for number, body in enumerate(objects, 1):
        places.append(out.tell())
        out.write(f"{number} 0 obj\n{body}\nendobj\n".encode())
    start = out.tell()
    out.write(f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode())
    out.writelines(f"{place:010} 00000 n \n".encode() for place in places)
    out.write(f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode())
    return out.getvalue()


def test_each_page_gives_its_text():
    assert [(number, text.strip()) for number, text in pdf_text(pdf("one", "two"))] == [
        (1, "one"),
        (2, "two"),
    ]


def test_indicators_stand_at_their_page():
    data = pdf("Blue Heron malware report", "The malicious server evil-one[.]com was seen")
    items = list(Pdf().read(document(data, "reports/blue_heron.pdf")))
    (claim,) = [claim for claim in claims(items) if claim.subject.value == "evil-one.com"]
    assert (claim.property, claim.place) == ("indicates", "page 2")


def test_a_page_without_text_is_reported():
    items = list(Pdf().read(document(pdf("words", ""), "x.pdf")))
    assert [part.place for part in rejected(items)] == ["page 2"]


def test_a_password_is_named_as_the_reason():
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf("secret"))))
    writer.encrypt("word", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    with pytest.raises(BadInputError, match="password"):
        list(pdf_text(out.getvalue()))


@pytest.mark.parametrize(
    "data",
    [b"%PDF-1.4\n", b"%PDF-1.4\n" + b"rubbish" * 50, pdf("x")[:200]],
    ids=["a head", "rubbish", "its beginning"],
)
def test_what_is_no_whole_pdf_says_so_or_gives_nothing(data):
    try:
        found = [text for _, text in pdf_text(data)]
    except BadInputError as error:
        found = [error.mend]
    assert all(found)


def test_a_pdf_beyond_the_limit_is_refused():
    with pytest.raises(TooLargeError):
        list(pdf_text(b"%PDF-" + b" " * LONGEST))


def test_a_pdf_is_known_by_its_mark():
    assert Pdf().recognises(document(pdf("x"), "renamed.txt"))
    assert not Pdf().recognises(document("words", "x.pdf"))
