"""Reports as police, banks and researchers of many countries write them, and all that each must say, by hand."""

from __future__ import annotations

from dataclasses import dataclass


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
