"""Reports as police, banks and researchers of many countries write them: expected claims by hand, in full."""

from __future__ import annotations

import gzip
import io
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from line_reading import claims, document, rejected, skipped, unaccounted

from chokepoint.collect.registry import collectors, recognise
from chokepoint.collect.walk import walk
from chokepoint.package.place import Region, holds

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from chokepoint.collect.base import Document, Item


@dataclass(frozen=True, kw_only=True)
class Case:
    """A document, and all that it must say.

    Attributes:
        path: of the file; its folder and name may tell what it is about.
        form: the collector that must take it.
        before: the day after that of publication, which bounds all that was observed; empty without one.
        text: as it was written.
        claims: a line a claim, `place: subject property object`, in order.
        skipped: lines left out, by rule.
    """

    path: str
    form: str
    before: str
    text: str
    claims: str
    skipped: dict[str, int]


CASES = {
    "English: an advisory in Markdown": Case(
        path="en.md",
        form="report",
        before="2023-05-04",
        text="""\
# Operation Lantern Fish: fake bank calls

Published: 3 May 2023

Callers from +44 20 7946 0958 send victims to hxxps://lantern-bank[.]com/login.
The site resolved to 185.220.101.5 and was registered with the mailbox admin@lantern-bank[.]com.

| Domain | Wallet |
|---|---|
| lantern-pay[.]com | 1BoatSLRHtKNngkdXEeobR76b53LETtpyT |

## Indicators of compromise

- 44d88612fea8a8f36de82e1278abb02f
- lanternfish7x2[.]net

Report to Action Fraud at https://www.actionfraud.police.uk or 0300 123 2040.
""",
        claims="""
first lines: campaign:operation lantern fish fake bank calls date 2023-05-03
line 5: phone-number:+442079460958 indicates campaign:operation lantern fish fake bank calls
line 5: url:https://lantern-bank.com/login indicates campaign:operation lantern fish fake bank calls
line 5: url:https://lantern-bank.com/login hosted-at domain-name:lantern-bank.com
line 5: phone-number:+442079460958 mentioned-with url:https://lantern-bank.com/login
line 6: ipv4-addr:185.220.101.5 indicates campaign:operation lantern fish fake bank calls
line 6: email-addr:admin@lantern-bank.com indicates campaign:operation lantern fish fake bank calls
line 6: email-addr:admin@lantern-bank.com hosted-at domain-name:lantern-bank.com
line 6: ipv4-addr:185.220.101.5 mentioned-with email-addr:admin@lantern-bank.com
line 10: domain-name:lantern-pay.com indicates campaign:operation lantern fish fake bank calls
line 10: crypto-address:1BoatSLRHtKNngkdXEeobR76b53LETtpyT indicates campaign:operation lantern fish fake bank calls
line 10: domain-name:lantern-pay.com mentioned-with crypto-address:1BoatSLRHtKNngkdXEeobR76b53LETtpyT
line 14: file:md5:44d88612fea8a8f36de82e1278abb02f indicates campaign:operation lantern fish fake bank calls
line 15: domain-name:lanternfish7x2.net indicates campaign:operation lantern fish fake bank calls
line 17: url:https://www.actionfraud.police.uk/ mentioned-in Operation Lantern Fish: fake bank calls (context: under a suffix of public bodies)
line 17: url:https://www.actionfraud.police.uk/ hosted-at domain-name:www.actionfraud.police.uk
line 17: domain-name:www.actionfraud.police.uk subdomain-of domain-name:actionfraud.police.uk
line 17: phone-number:+443001232040 mentioned-in Operation Lantern Fish: fake bank calls (context: the text says 'action fraud' beside it)
""",
        skipped={"text without an indicator": 5, "blank line": 7},
    ),
    "Thai: a police warning": Case(
        path="th.txt",
        form="report",
        before="2020-12-30",
        text="""\
เตือนภัย แก๊งคอลเซ็นเตอร์หลอกโอนเงิน
วันที่ 29 ธันวาคม 2563
มิจฉาชีพโทรจากเบอร์ 081-234-5678 ให้เข้าเว็บปลอม scam-th[.]com
หลอกให้แอดไลน์ไอดี: scamline99 แล้วโอนเงิน
แจ้งความออนไลน์ที่ https://www.thaipoliceonline.go.th หรือโทร 1441
""",
        claims="""
first lines: campaign:เตือนภัย แก๊งคอลเซ็นเตอร์หลอกโอนเงิน date 2020-12-29
line 3: phone-number:+66812345678 indicates campaign:เตือนภัย แก๊งคอลเซ็นเตอร์หลอกโอนเงิน
line 3: domain-name:scam-th.com indicates campaign:เตือนภัย แก๊งคอลเซ็นเตอร์หลอกโอนเงิน
line 3: phone-number:+66812345678 mentioned-with domain-name:scam-th.com
line 4: user-account:line:scamline99 indicates campaign:เตือนภัย แก๊งคอลเซ็นเตอร์หลอกโอนเงิน
line 5: url:https://www.thaipoliceonline.go.th/ mentioned-in เตือนภัย แก๊งคอลเซ็นเตอร์หลอกโอนเงิน (context: under a suffix of public bodies)
line 5: url:https://www.thaipoliceonline.go.th/ hosted-at domain-name:www.thaipoliceonline.go.th
line 5: domain-name:www.thaipoliceonline.go.th subdomain-of domain-name:thaipoliceonline.go.th
line 5: phone-number:th:1441 mentioned-in เตือนภัย แก๊งคอลเซ็นเตอร์หลอกโอนเงิน (context: a short code, which only institutions are given)
""",
        skipped={"text without an indicator": 2, "blank line": 1},
    ),
    "German: false police": Case(
        path="de.txt",
        form="report",
        before="2023-04-13",
        text="""\
Warnung vor falscher Polizei
Datum: 12.04.2023
Die Täter rufen von 0157 12345678 an und leiten auf die Seite falsche-polizei[.]de weiter.
Das Geld soll auf das Konto DE89370400440532013000 überwiesen werden.
Melden Sie sich bei der echten Polizei unter https://www.polizei.de.
""",
        claims="""
first lines: campaign:warnung vor falscher polizei date 2023-04-12
line 3: phone-number:+4915712345678 indicates campaign:warnung vor falscher polizei
line 3: domain-name:falsche-polizei.de indicates campaign:warnung vor falscher polizei
line 3: phone-number:+4915712345678 mentioned-with domain-name:falsche-polizei.de
line 4: bank-account:iban:DE89370400440532013000 indicates campaign:warnung vor falscher polizei
line 5: url:https://www.polizei.de/ mentioned-in Warnung vor falscher Polizei (context: under a suffix of public bodies)
line 5: url:https://www.polizei.de/ hosted-at domain-name:www.polizei.de
line 5: domain-name:www.polizei.de subdomain-of domain-name:polizei.de
""",
        skipped={"text without an indicator": 2, "blank line": 1},
    ),
    "French: false bank advisers": Case(
        path="fr.txt",
        form="report",
        before="2023-04-15",
        text="""\
Alerte : faux conseillers bancaires
Date : 14 avril 2023
Les escrocs appellent du 06 12 34 56 78 et renvoient vers le site frauduleux ma-banque-secure[.]fr.
Le virement est demandé vers FR7630006000011234567890189.
Signalez sur https://www.cybermalveillance.gouv.fr.
""",
        claims="""
first lines: campaign:alerte faux conseillers bancaires date 2023-04-14
line 3: phone-number:+33612345678 indicates campaign:alerte faux conseillers bancaires
line 3: domain-name:ma-banque-secure.fr indicates campaign:alerte faux conseillers bancaires
line 3: phone-number:+33612345678 mentioned-with domain-name:ma-banque-secure.fr
line 4: bank-account:iban:FR7630006000011234567890189 indicates campaign:alerte faux conseillers bancaires
line 5: url:https://www.cybermalveillance.gouv.fr/ mentioned-in Alerte : faux conseillers bancaires (context: under a suffix of public bodies)
line 5: url:https://www.cybermalveillance.gouv.fr/ hosted-at domain-name:www.cybermalveillance.gouv.fr
line 5: domain-name:www.cybermalveillance.gouv.fr subdomain-of domain-name:cybermalveillance.gouv.fr
""",
        skipped={"text without an indicator": 2, "blank line": 1},
    ),
    "Spanish: a false delivery message": Case(
        path="es.txt",
        form="report",
        before="2023-04-16",
        text="""\
Aviso: falso SMS de Correos
Fecha: 15/04/2023
Los estafadores envían un enlace a correos-paquete[.]com desde el número +34 612 345 678.
Piden el pago a la cuenta ES9121000418450200051332.
Denuncie en https://www.policia.es.
""",
        claims="""
first lines: campaign:aviso falso sms de correos date 2023-04-15
line 3: domain-name:correos-paquete.com indicates campaign:aviso falso sms de correos
line 3: phone-number:+34612345678 indicates campaign:aviso falso sms de correos
line 3: domain-name:correos-paquete.com mentioned-with phone-number:+34612345678
line 4: bank-account:iban:ES9121000418450200051332 indicates campaign:aviso falso sms de correos
line 5: url:https://www.policia.es/ mentioned-in Aviso: falso SMS de Correos (context: under a suffix of public bodies)
line 5: url:https://www.policia.es/ hosted-at domain-name:www.policia.es
line 5: domain-name:www.policia.es subdomain-of domain-name:policia.es
""",
        skipped={"text without an indicator": 2, "blank line": 1},
    ),
    "Japanese: a fake shop": Case(
        path="ja.txt",
        form="report",
        before="2023-04-17",
        text="""\
偽ショッピングサイトにご注意ください
発表日：2023年4月16日
犯人は偽サイト nise-shop[.]com に誘導し、電話番号 090-1234-5678 から連絡します。
詐欺メールの送信元は info@nise-shop[.]com です。
相談は警察庁 https://www.npa.go.jp まで。
""",
        claims="""
first lines: campaign:偽ショッピングサイトにご注意ください date 2023-04-16
line 3: domain-name:nise-shop.com indicates campaign:偽ショッピングサイトにご注意ください
line 3: phone-number:+819012345678 indicates campaign:偽ショッピングサイトにご注意ください
line 3: domain-name:nise-shop.com mentioned-with phone-number:+819012345678
line 4: email-addr:info@nise-shop.com indicates campaign:偽ショッピングサイトにご注意ください
line 4: email-addr:info@nise-shop.com hosted-at domain-name:nise-shop.com
line 5: url:https://www.npa.go.jp/ mentioned-in 偽ショッピングサイトにご注意ください (context: under a suffix of public bodies)
line 5: url:https://www.npa.go.jp/ hosted-at domain-name:www.npa.go.jp
line 5: domain-name:www.npa.go.jp subdomain-of domain-name:npa.go.jp
""",
        skipped={"text without an indicator": 2, "blank line": 1},
    ),
    "Turkish: a false courier": Case(
        path="tr.txt",
        form="report",
        before="2023-04-18",
        text="""\
Sahte kargo mesajlarına dikkat
Tarih: 17.04.2023
Dolandırıcılar 0532 123 45 67 numarasından arayıp sahte site kargo-odeme[.]com adresine yönlendiriyor.
Para TR330006100519786457841326 hesabına isteniyor.
Şikayet için https://www.egm.gov.tr adresine başvurun.
""",
        claims="""
first lines: campaign:sahte kargo mesajlarına dikkat date 2023-04-17
line 3: phone-number:+905321234567 indicates campaign:sahte kargo mesajlarına dikkat
line 3: domain-name:kargo-odeme.com indicates campaign:sahte kargo mesajlarına dikkat
line 3: phone-number:+905321234567 mentioned-with domain-name:kargo-odeme.com
line 4: bank-account:iban:TR330006100519786457841326 indicates campaign:sahte kargo mesajlarına dikkat
line 5: url:https://www.egm.gov.tr/ mentioned-in Sahte kargo mesajlarına dikkat (context: under a suffix of public bodies)
line 5: url:https://www.egm.gov.tr/ hosted-at domain-name:www.egm.gov.tr
line 5: domain-name:www.egm.gov.tr subdomain-of domain-name:egm.gov.tr
""",
        skipped={"text without an indicator": 2, "blank line": 1},
    ),
    "AsciiDoc: a table of indicators": Case(
        path="rep.adoc",
        form="report",
        before="2023-05-02",
        text="""\
= Lantern RAT delivered by mail
:date: 2023-05-01

== Indicators

|===
|Kind |Value

|Domain
|lantern-rat[.]com

|SHA-256
|7aa585e6fd0a895c295c4bea2ddb071eed1e5775f437602b577a54eef7f61044
|===

The malware talks to 203.0.113.9 over port 443.
""",
        claims="""
first lines: campaign:lantern rat delivered by mail date 2023-05-01
line 10: domain-name:lantern-rat.com indicates campaign:lantern rat delivered by mail
line 13: file:sha256:7aa585e6fd0a895c295c4bea2ddb071eed1e5775f437602b577a54eef7f61044 indicates campaign:lantern rat delivered by mail
line 16: ipv4-addr:203.0.113.9 indicates campaign:lantern rat delivered by mail
""",
        skipped={"text without an indicator": 8, "blank line": 6},
    ),
    "HTML: link, script and mailbox": Case(
        path="page.html",
        form="html",
        before="",
        text="""\
<!doctype html><html><head><title>Fake shop Lantern Market</title><script>var x="evil-script.com"</script></head>
<body><nav>home</nav><h1>Fake shop Lantern Market</h1>
<p>The fraudulent shop <a href="http://lantern-market.com/pay">pay here</a> asks for money.</p>
<!-- evil-comment.com -->
<p style="display:none">evil-hidden.com</p>
<p>Contact: fraud@lantern-market.com</p></body></html>
""",
        claims="""
line 3: url:http://lantern-market.com/pay indicates campaign:fake shop lantern market
line 3: url:http://lantern-market.com/pay hosted-at domain-name:lantern-market.com
line 5: domain-name:evil-hidden.com indicates campaign:fake shop lantern market
line 6: email-addr:fraud@lantern-market.com indicates campaign:fake shop lantern market
line 6: email-addr:fraud@lantern-market.com hosted-at domain-name:lantern-market.com
line 1: domain-name:evil-script.com indicates campaign:fake shop lantern market
""",
        skipped={"text without an indicator": 3},
    ),
    "English: a ransom note": Case(
        path="lanternlocker/note.txt",
        form="ransom-note",
        before="",
        text="""\
YOUR FILES ARE ENCRYPTED!
All your documents, photos and databases were encrypted by LanternLocker.
Do not rename the files. To decrypt them pay 0.5 BTC to
bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq
Write to lantern@onionmail.org or to our Telegram @lantern_help
Tor: http://lockbitapt6vx57t3eeqjofwgcglmutr3a35nygvokja5uuccip4ykyd.onion
""",
        claims="""
line 4: malware:lanternlocker requests-payment-to crypto-address:bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq
line 5: malware:lanternlocker contact email-addr:lantern@onionmail.org
line 5: malware:lanternlocker contact user-account:telegram:lantern_help
line 5: email-addr:lantern@onionmail.org mentioned-with user-account:telegram:lantern_help
line 6: malware:lanternlocker contact url:http://lockbitapt6vx57t3eeqjofwgcglmutr3a35nygvokja5uuccip4ykyd.onion/
line 6: url:http://lockbitapt6vx57t3eeqjofwgcglmutr3a35nygvokja5uuccip4ykyd.onion/ hosted-at onion-service:lockbitapt6vx57t3eeqjofwgcglmutr3a35nygvokja5uuccip4ykyd.onion
line 6: malware:lanternlocker contact onion-service:lockbitapt6vx57t3eeqjofwgcglmutr3a35nygvokja5uuccip4ykyd.onion
""",
        skipped={"text without an indicator": 3, "blank line": 1},
    ),
}
each = pytest.mark.parametrize("case", CASES.values(), ids=CASES)


def read(paper: Document) -> tuple[str, list[Item]]:
    reader = recognise(paper, collectors())
    return reader.name, list(reader.read(paper))


def lines(items: Iterable[Item]) -> list[str]:
    return [f"{one.place}: {one.subject} {one.property} {one.object}" for one in claims(items)]


@each
def test_a_report_says_all_of_this_and_nothing_else(case: Case):
    form, items = read(document(case.text, case.path))
    assert form == case.form
    assert lines(items) == case.claims.strip().split("\n")
    assert not rejected(items)


@each
def test_every_line_of_it_is_a_claim_or_a_named_skip(case: Case):
    _, items = read(document(case.text, case.path))
    assert skipped(items) == case.skipped
    if case.form != "html":  # a page is accounted by what a reader sees, not by lines of markup
        assert unaccounted(case.text, items) == 0


@each
def test_what_it_observed_was_before_it_was_published(case: Case):
    _, items = read(document(case.text, case.path))
    bounds = {one.observed.end for one in claims(items) if one.observed}
    assert bounds == ({case.before} if case.before else set())
    assert all(one.observed.start == "" for one in claims(items) if one.observed)


@each
def test_every_claim_names_this_capture_and_its_publisher(case: Case):
    paper = document(case.text, case.path, origin="Royal Police")
    _, items = read(paper)
    assert {one.provenance.capture for one in claims(items)} == {paper.sha256}
    assert {one.provenance.origin for one in claims(items)} == {"Royal Police"}


@each
def test_what_was_written_otherwise_is_kept_as_it_was_written(case: Case):
    _, items = read(document(case.text, case.path))
    for one in claims(items):
        assert not one.raw or one.raw in case.text.replace("\n", " ")


@each
def test_each_place_can_be_read_again_in_the_capture_and_holds_what_is_claimed(case: Case):
    paper = document(case.text, case.path)
    _, items = read(paper)
    region = Region(paper.data)
    for one in claims(items):
        text = region.at(one.place)
        if one.property == "subdomain-of" or one.subject.kind in {"campaign", "malware", "group"}:
            continue  # what follows from a value, or stands in the title and the folder
        assert holds(text, one.subject, one.raw), one


@each
@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda text: text.replace("\n", "\r\n").encode(), id="line ends of Windows"),
        pytest.param(lambda text: text.replace("\n", "\r").encode(), id="line ends of old Macs"),
        pytest.param(lambda text: text.encode("utf-8-sig"), id="a byte order mark"),
        pytest.param(lambda text: text.encode("utf-16"), id="UTF-16 with its mark"),
    ],
)
def test_how_the_text_was_saved_changes_nothing(case: Case, change):
    form, items = read(document(change(case.text), case.path))
    assert form == case.form
    assert lines(items) == case.claims.strip().split("\n")


@each
def test_live_addresses_say_what_defanged_ones_say(case: Case):
    _, items = read(document(case.text.replace("[.]", ".").replace("hxxp", "http"), case.path))
    assert lines(items) == case.claims.strip().split("\n")


@each
def test_hidden_marks_at_the_ends_of_words_change_no_identifier(case: Case):
    _, plain = read(document(case.text, case.path))
    hostile = "\n".join(
        f"\u202a{line}\u202c\u200b" if line[:1].isalpha() else line for line in case.text.split("\n")
    )
    _, items = read(document(hostile, case.path))

    def identifiers(found: Iterable[Item]) -> set[str]:
        kinds = {"malware", "campaign", "group"}
        return {str(one.subject) for one in claims(found) if one.subject.kind not in kinds}

    assert identifiers(items) == identifiers(plain)


def collected(path: Path) -> list[tuple[str, ...]]:
    """All that a walk gives, by document name, without the folders and archives around it."""
    found = []
    for paper in walk([path]):
        found += [(paper.name, line) for line in lines(read(paper)[1])]  # type: ignore[arg-type, union-attr]
    return sorted(found)


def test_an_archive_of_a_folder_says_what_the_folder_says(tmp_path: Path):
    folder = tmp_path / "iocs"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for case in CASES.values():
            place = folder / case.path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(case.text, "utf-8")
            archive.writestr(case.path, case.text)
    plain = collected(folder)
    (tmp_path / "iocs.zip").write_bytes(packed.getvalue())
    assert collected(tmp_path / "iocs.zip") == plain
    (tmp_path / "iocs.zip.gz").write_bytes(gzip.compress(packed.getvalue()))
    assert collected(tmp_path / "iocs.zip.gz") == plain
    assert len(plain) == sum(case.claims.strip().count("\n") + 1 for case in CASES.values())


@pytest.mark.parametrize(
    ("title", "subject"),
    [
        pytest.param("Alert: fake bank calls", "campaign:alert fake bank calls", id="an alert with a colon"),
        pytest.param(
            "Warnung: falsche Polizei ruft an", "campaign:warnung falsche polizei ruft an", id="German"
        ),
        pytest.param("# Zloader strikes again", "campaign:zloader strikes again", id="a heading in Markdown"),
        pytest.param("= Silverfish campaign\n", "campaign:silverfish campaign", id="a heading in AsciiDoc"),
        pytest.param(
            "Silverfish scam\n===============", "campaign:silverfish scam", id="an underlined heading"
        ),
    ],
)
def test_a_title_names_the_subject(title: str, subject: str):
    _, items = read(
        document(f"{title}\n\nThe gang runs the fraudulent site evil-title[.]com for this.\n", "12.txt")
    )
    assert {str(one.object) for one in claims(items) if one.property == "indicates"} == {subject}


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("Date: 3 May 2023", id="a field"),
        pytest.param("Source: https://example.org/report", id="another"),
        pytest.param("The criminals used a great many sites for it.", id="a sentence"),
    ],
)
def test_a_first_line_that_is_no_title_names_none(line: str):
    _, items = read(
        document(f"{line}\nThe gang runs the fraudulent site evil-title[.]com for this.\n", "12.txt")
    )
    assert not [one for one in claims(items) if one.property == "indicates"]


@pytest.mark.parametrize(
    ("line", "day"),
    [
        pytest.param("Published: 3 May 2023", "2023-05-03", id="English"),
        pytest.param("Datum: 12.04.2023", "2023-04-12", id="German, dots"),
        pytest.param("Date : 14 avril 2023", "2023-04-14", id="French"),
        pytest.param("Fecha: 15 de abril de 2023", "2023-04-15", id="Spanish"),
        pytest.param("Tarih: 17 Nisan 2023", "2023-04-17", id="Turkish"),
        pytest.param("発表日：2023年4月16日", "2023-04-16", id="Japanese"),
        pytest.param("วันที่ 29 ธันวาคม 2563", "2020-12-29", id="Thai"),
        pytest.param("Date: 3/4/2023", "", id="a day that nobody can be sure of"),
        pytest.param("Date: soon", "", id="no day"),
    ],
)
def test_the_day_of_publication_is_read_in_its_language(line: str, day: str):
    text = f"# Silverfish campaign\n{line}\nThe gang runs the fraudulent site evil-title[.]com for this.\n"
    _, items = read(document(text, "12.txt"))
    assert [one.object for one in claims(items) if one.property == "date"] == ([day] if day else [])
