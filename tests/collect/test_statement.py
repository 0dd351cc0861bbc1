"""Bank statements accuse nobody: the customer's account and those of whom it paid are context."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from line_reading import claims, document, read_as, rejected, skipped

from chokepoint.collect.registry import collectors, recognise
from chokepoint.collect.statement import FIELDS, NAMES, OTHER, OWN
from chokepoint.desk.looking.taken import taken
from chokepoint.model.errors import BadInputError

MINE, THEIRS = "NL91ABNA0417164300", "DE89370400440532013000"
CAMT = f"""<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02">
 <BkToCstmrStmt>
  <GrpHdr><MsgId>576435.20210709</MsgId><CreDtTm>2021-07-09T06:39:09</CreDtTm></GrpHdr>
  <Stmt>
   <Id>31263246082</Id>
   <Acct><Id><IBAN>{MINE}</IBAN></Id><Ownr><Nm>Jane Customer</Nm></Ownr></Acct>
   <Ntry>
    <Amt Ccy="EUR">1250.50</Amt><CdtDbtInd>DBIT</CdtDbtInd>
    <NtryDtls><TxDtls>
     <RltdPties>
      <Dbtr><Nm>Jane Customer</Nm></Dbtr><DbtrAcct><Id><IBAN>{MINE}</IBAN></Id></DbtrAcct>
      <Cdtr><Nm>Bakery Weber</Nm></Cdtr>
      <CdtrAcct><Id><IBAN>{THEIRS}</IBAN></Id></CdtrAcct>
     </RltdPties>
     <RmtInf><Ustrd>Invoice 17, fraud department, see www.bakery-weber.de</Ustrd></RmtInf>
    </TxDtls></NtryDtls>
   </Ntry>
  </Stmt>
 </BkToCstmrStmt>
</Document>
"""
MT940 = f""":20:STMT26061
:25:{MINE}
:28C:00123/001
:60F:C260601EUR10000,00
:61:2606030603D1250,50NTRFNONREF
:86:166?00SEPA?20EREF+17 www.bakery-weber.de?31{THEIRS}?32Bakery Weber
:86:/CNTP/{THEIRS}/COBADEFF/Bakery Weber///
:62F:C260603EUR8749,50
-
"""


def read(text: str, path: str) -> list[Any]:
    return read_as("bank-statement", document(text, path))


def mentioned(items: list[Any]) -> set[tuple[str, str, str]]:
    return {
        (one.place, one.subject.value, str(one.object).partition("context: ")[2].rstrip(")"))
        for one in claims(items)
        if one.property == "mentioned-in"
    }


def test_both_sides_of_a_statement_in_xml_are_context_at_their_lines() -> None:
    assert mentioned(read(CAMT, "june.xml")) == {
        ("line 7", f"iban:{MINE}", OWN),
        ("line 12", f"iban:{MINE}", OTHER),
        ("line 14", f"iban:{THEIRS}", OTHER),
        ("line 16", "www.bakery-weber.de", OTHER),
    }


def test_both_sides_of_an_mt940_are_context_at_their_lines() -> None:
    assert mentioned(read(MT940, "june.sta")) == {
        ("line 2", f"iban:{MINE}", OWN),
        ("line 6", "www.bakery-weber.de", OTHER),
        ("line 6", f"iban:{THEIRS}", OTHER),
        ("line 7", f"iban:{THEIRS}", OTHER),
    }


@pytest.mark.parametrize(("text", "path"), [(CAMT, "june.xml"), (MT940, "june.sta")], ids=["camt", "mt940"])
def test_nothing_of_a_statement_is_an_accusation(text: str, path: str) -> None:
    items = read(text, path)
    assert all(
        one.property == "mentioned-in" and "(context: " in str(one.object)
        for one in claims(items)
        if one.subject.kind == "bank-account"
    )
    roles = {
        one.role for line in taken(document(text, path), {}, [], Counter()) for one in line.found.values()
    }
    assert roles == {"context"}


def test_names_of_the_parties_are_left_out_by_name() -> None:
    items = read(CAMT, "june.xml")
    assert skipped(items)[NAMES] == 3
    assert not any("Weber" in str(one) for one in claims(items) if "." not in one.subject.value)


def test_every_line_of_an_mt940_is_told_or_skipped() -> None:
    items = read(MT940, "june.sta")
    assert len({one.place for one in claims(items)}) + skipped(items)[FIELDS] == MT940.count("\n")


@pytest.mark.parametrize("message", ["camt.052.001.08", "camt.054.001.04"])
def test_reports_and_notices_are_read_as_statements_are(message: str) -> None:
    text = CAMT.replace("camt.053.001.02", message).replace("<Stmt>", "<Rpt>").replace("</Stmt>", "</Rpt>")
    assert ("line 7", f"iban:{MINE}", OWN) in mentioned(read(text, "june.xml"))


def test_a_number_that_is_no_iban_is_refused_at_its_line() -> None:
    [one] = rejected(read(CAMT.replace(THEIRS, "DE00370400440532013000"), "june.xml"))
    assert one.place == "line 14"


def test_what_stands_before_a_break_in_the_xml_is_taken() -> None:
    items: list[Any] = []
    given = document(CAMT[: CAMT.index("<Cdtr>")], "june.xml")
    with pytest.raises(BadInputError, match="no XML"):
        items.extend(iter_into(items, recognise(given, collectors()).read(given)))
    assert ("line 7", f"iban:{MINE}", OWN) in mentioned(items)


def iter_into(kept: list[Any], items: Any) -> list[Any]:
    for one in items:
        kept += [one]
    return []


@pytest.mark.parametrize(
    "text",
    ["At 10:20: the site evil.com\n:25: was down", ":20:A\n:25:B\n", "<a>camt.053</a>"],
    ids=["clock", "no balance", "name"],
)
def test_what_only_looks_a_little_like_one_is_none(text: str) -> None:
    assert recognise(document(text, "a.txt"), collectors()).name != "bank-statement"
