"""Workbooks and PDFs as small as readers accept them, written by hand so that a test says what is in them."""

from __future__ import annotations

import io
import zipfile


def sheet(rows, merged=()) -> str:
    """The XML of a sheet: texts, `(formula, value)` pairs, empty cells; rows that begin `hidden` are hidden."""

    def cell(column, row, value):
        at = f"{chr(65 + column)}{row + 1}"
        if isinstance(value, tuple):
            return f'<c r="{at}" t="str"><f>{value[0]}</f><v>{value[1]}</v></c>'
        return f'<c r="{at}" t="inlineStr"><is><t>{value}</t></is></c>' if value != "" else f'<c r="{at}"/>'

    body = "".join(
        f'<row r="{r + 1}"{" hidden=" + chr(34) + "1" + chr(34) if row and row[0] == "hidden" else ""}>'
        + "".join(cell(c, r, value) for c, value in enumerate(row[1:] if row and row[0] == "hidden" else row))
        + "</row>"
        for r, row in enumerate(rows)
    )
    merges = (
        f"<mergeCells>{''.join(f'<mergeCell ref={chr(34)}{m}{chr(34)}/>' for m in merged)}</mergeCells>"
        if merged
        else ""
    )
    return f'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{body}</sheetData>{merges}</worksheet>'


def workbook(*sheets: tuple[str, str]) -> bytes:
    """An `.xlsx` of named sheets."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr(
            "[Content_Types].xml",
            '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/></Types>',
        )
        book.writestr(
            "_rels/.rels",
            f'<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="{rel}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        names = "".join(
            f'<sheet name="{name}" sheetId="{at}" r:id="r{at}"/>' for at, (name, _) in enumerate(sheets, 1)
        )
        book.writestr(
            "xl/workbook.xml",
            f'<?xml version="1.0"?><workbook xmlns="{main}" xmlns:r="{rel}"><sheets>{names}</sheets></workbook>',
        )
        links = "".join(
            f'<Relationship Id="r{at}" Type="{rel}/worksheet" Target="worksheets/sheet{at}.xml"/>'
            for at in range(1, len(sheets) + 1)
        )
        book.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{links}</Relationships>',
        )
        for at, (_, body) in enumerate(sheets, 1):
            book.writestr(f"xl/worksheets/sheet{at}.xml", body)
    return out.getvalue()


def column(cells: list[str]) -> bytes:
    """An `.xlsx` whose one sheet, `Sheet1`, holds one column."""
    return workbook(("Sheet1", sheet([[cell] for cell in cells])))


def spread(*cells: tuple[str, str]) -> str:
    """The XML of a sheet with each text at its place, such as `("XFD1048576", "far")`."""
    body = "".join(
        f'<row r="{at.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")}"><c r="{at}" t="inlineStr"><is><t>{text}</t></is></c></row>'
        for at, text in cells
    )
    return sheet([]).replace("<sheetData>", f"<sheetData>{body}")


def pdf(*pages: list[str]) -> bytes:
    """A PDF of lines in Helvetica, a list a page; a page without lines is a drawing, as a scan is."""
    kids = []
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for lines in pages:
        shown = "".join(f"({line}) Tj T*\n" for line in lines)
        stream = f"BT /F1 12 Tf 50 780 Td 14 TL\n{shown}ET" if lines else "0 0 100 100 re f"
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {len(objects)} 0 R"
            " /Resources << /Font << /F1 3 0 R >> >> >>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Count {len(kids)} /Kids [{' '.join(kids)}] >>"
    out, offsets = "%PDF-1.4\n", []
    for number, text in enumerate(objects, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{text}\nendobj\n"
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    size = len(objects) + 1
    tail = f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer << /Size {size} /Root 1 0 R >>\n"
    return f"{out}{tail}startxref\n{len(out)}\n%%EOF".encode("latin-1")
