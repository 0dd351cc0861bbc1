"""Short reports in seven languages, each with everything that a careful reader would note, and nothing else."""

from __future__ import annotations

import pytest

from chokepoint.values.text import scan

BAD, FINE = "indicator", "context"

REPORTS = {
    "english": (
        """Anti-fraud notice 14/2025: parcel smishing

Texts from +44 7911 123456 lead to a fake Royal Mail page, hxxps://royalmail-fee[.]top/pay?id=1, which
copies the bank's login and sends what is typed to 91.206.14.77:8443. Replies go to help@royalmail-fee.top
or to Telegram @rm_refund. Victims paid to bc1qxy2kgdygjrsqtzq2n0yrf2493p83kkfjhx0wlh.

The APK has SHA256 ab12cd34ab12cd34ab12cd34ab12cd34ab12cd34ab12cd34ab12cd34ab12cd34 and version 3.1.0.7.

Report it at https://www.actionfraud.police.uk/reporting or call the police on 0300 123 2040.
""",
        [
            ("phone-number", "+447911123456", BAD),
            ("url", "https://royalmail-fee.top/pay?id=1", BAD),
            ("ipv4-addr", "91.206.14.77", BAD),
            ("email-addr", "help@royalmail-fee.top", BAD),
            ("user-account", "telegram:rm_refund", BAD),
            ("crypto-address", "bc1qxy2kgdygjrsqtzq2n0yrf2493p83kkfjhx0wlh", BAD),
            ("file", "sha256:" + "ab12cd34" * 8, BAD),
            ("url", "https://www.actionfraud.police.uk/reporting", FINE),
            ("phone-number", "+443001232040", FINE),
        ],
    ),
    "thai": (
        """ตำรวจไซเบอร์เตือนภัย: คนร้ายแอบอ้างเป็นการไฟฟ้า

คนร้ายโทรจากเบอร์ 081-234-5678 แล้วให้แอดไลน์ @pea_help99 จากนั้นส่งลิงก์ปลอม http://pea-th.vip/app.apk
และให้โอนเงินเข้าที่อยู่ TBHTJqAy4DhHhmT3dNceJYNRz4SdLofLre เว็บปลอมอีกแห่งคือ pea-refund.com

เว็บไซต์จริงคือ www.pea.co.th เท่านั้น
หากมีข้อสงสัย ติดต่อสอบถามได้ที่ saraban@pea.go.th หรือสายด่วน 1129
""",
        [
            ("phone-number", "+66812345678", BAD),
            ("user-account", "line:pea_help99", BAD),
            ("url", "http://pea-th.vip/app.apk", BAD),
            ("crypto-address", "TBHTJqAy4DhHhmT3dNceJYNRz4SdLofLre", BAD),
            ("domain-name", "pea-refund.com", BAD),
            ("domain-name", "www.pea.co.th", FINE),
            ("email-addr", "saraban@pea.go.th", FINE),
            ("phone-number", "th:1129", FINE),
        ],
    ),
    "french": (
        """Alerte : faux conseiller bancaire

Les escrocs appellent depuis le 06 39 98 12 34 et envoient vers le faux site banque-securite[.]info.
L'argent part sur le compte FR14 2004 1010 0505 0001 3M02 606 ou en bitcoin :
1AfroW44dzHkjgbLEMLB3EvGDFegfkRewM. Le vendeur du kit utilise @kit_fr sur Telegram.

Le seul site officiel est www.banque-exemple.fr.
Pour toute question : contact@banque-exemple.fr. Signalez sur https://www.cybermalveillance.gouv.fr.
""",
        [
            ("phone-number", "+33639981234", BAD),
            ("domain-name", "banque-securite.info", BAD),
            ("bank-account", "iban:FR1420041010050500013M02606", BAD),
            ("crypto-address", "1AfroW44dzHkjgbLEMLB3EvGDFegfkRewM", BAD),
            ("user-account", "telegram:kit_fr", BAD),
            ("domain-name", "www.banque-exemple.fr", FINE),
            ("email-addr", "contact@banque-exemple.fr", FINE),
            ("url", "https://www.cybermalveillance.gouv.fr/", FINE),
        ],
    ),
    "german": (
        """Warnmeldung: Fakeshop für Brennholz

Der Fakeshop brennholz-profi24.shop und die gefälschte Seite www.holz-billig.com gehören zusammen.
Gezahlt wurde auf das Konto DE89 3704 0044 0532 0130 00. Die Täter nutzen die Rufnummer 0151 23456789
und die Adresse service@brennholz-profi24.shop. Der Server steht unter 194.36.191.8.

Hinweise bitte an die Polizei: www.polizei-beratung.de oder Tel. 030 4664-0.
Das Original ist www.holz-mueller.de.
""",
        [
            ("domain-name", "brennholz-profi24.shop", BAD),
            ("domain-name", "www.holz-billig.com", BAD),
            ("bank-account", "iban:DE89370400440532013000", BAD),
            ("phone-number", "+4915123456789", BAD),
            ("email-addr", "service@brennholz-profi24.shop", BAD),
            ("ipv4-addr", "194.36.191.8", BAD),
            ("domain-name", "www.polizei-beratung.de", FINE),
            ("phone-number", "+493046640", FINE),
            ("domain-name", "www.holz-mueller.de", FINE),
        ],
    ),
    "spanish": (
        """Aviso de seguridad: falsos préstamos

Los estafadores usan la página falsa prestamo-ya.app, el Instagram @prestamo_ya_oficial y el WhatsApp
+52 55 4182 7730. La aplicación maliciosa llama a hxxp://api[.]prestamo-ya[.]app/v1 y el rescate se paga en
0xd0cc2b24980cbcca47ef755da88b220a82291407.

Más información en https://www.gob.mx/condusef o en el teléfono 55 5340 0999.
""",
        [
            ("domain-name", "prestamo-ya.app", BAD),
            ("user-account", "instagram:prestamo_ya_oficial", BAD),
            ("phone-number", "+525541827730", BAD),
            ("user-account", "whatsapp:+525541827730", BAD),
            ("url", "http://api.prestamo-ya.app/v1", BAD),
            ("crypto-address", "0xd0cc2b24980cbcca47ef755da88b220a82291407", BAD),
            ("url", "https://www.gob.mx/condusef", FINE),
            ("phone-number", "+525553400999", FINE),
        ],
    ),
    "japanese": (
        """注意喚起：銀行をかたるフィッシング

偽サイトは sankaku-direct[.]com と http://sankaku-login.top/jp です。
攻撃者の連絡先はLINE ID：sankaku_help、電話番号は050-1234-5678でした。
通信先は45.76.209.150です。検体のMD5は ab12cd34ab12cd34ab12cd34ab12cd34 です。

お問い合わせは公式サイト www.sankakubank.co.jp または 0120-123-456 まで。
""",
        [
            ("domain-name", "sankaku-direct.com", BAD),
            ("url", "http://sankaku-login.top/jp", BAD),
            ("user-account", "line:sankaku_help", BAD),
            ("phone-number", "+815012345678", BAD),
            ("ipv4-addr", "45.76.209.150", BAD),
            ("file", "md5:" + "ab12cd34" * 4, BAD),
            ("domain-name", "www.sankakubank.co.jp", FINE),
            ("phone-number", "+81120123456", FINE),
        ],
    ),
    "turkish": (
        """Uyarı: sahte kargo mesajları

Dolandırıcılar 0532 111 22 33 numaralı hattan mesaj atıp ptt-kargo-odeme.com adresine yönlendiriyor.
Sahte hesap: Instagram @ptt_iade_tr. Para TR33 0006 1005 1978 6457 8413 26 numaralı IBAN'a isteniyor.
Zararlı dosya http://ptt-kargo-odeme.com/PTT.apk adresinden iniyor.

Resmi site www.ptt.gov.tr. İhbar için: ihbar@usom.gov.tr veya müşteri hizmetleri 0850 222 33 44.
""",
        [
            ("phone-number", "+905321112233", BAD),
            ("domain-name", "ptt-kargo-odeme.com", BAD),
            ("user-account", "instagram:ptt_iade_tr", BAD),
            ("bank-account", "iban:TR330006100519786457841326", BAD),
            ("url", "http://ptt-kargo-odeme.com/PTT.apk", BAD),
            ("domain-name", "www.ptt.gov.tr", FINE),
            ("email-addr", "ihbar@usom.gov.tr", FINE),
            ("phone-number", "+908502223344", FINE),
        ],
    ),
    "ransom-note": (
        """!!! ALL YOUR FILES ARE ENCRYPTED !!!

Your network was breached and your data is stolen. To recover your files contact us:
 mail: recover_help@onionmail.org
 Tox: 7367b422cd7498d5f2aaf33f58f67a332f8520cf0279a5fbb4611e0121ae421ae1d49aceabb2
 chat: http://avaddongun7rngel.onion/login (use Tor Browser from https://www.torproject.org)
Pay 2 BTC to 1AfroW44dzHkjgbLEMLB3EvGDFegfkRewM. Your personal ID: ab12cd34ab12cd34ab12cd34ab12cd34
""",
        [
            ("email-addr", "recover_help@onionmail.org", BAD),
            (
                "user-account",
                "tox:7367b422cd7498d5f2aaf33f58f67a332f8520cf0279a5fbb4611e0121ae421ae1d49aceabb2",
                BAD,
            ),
            ("url", "http://avaddongun7rngel.onion/login", BAD),
            ("onion-service", "avaddongun7rngel.onion", BAD),
            ("url", "https://www.torproject.org/", FINE),
            ("crypto-address", "1AfroW44dzHkjgbLEMLB3EvGDFegfkRewM", BAD),
        ],
    ),
    "table": (
        """kind;value;note
site;evil-shop.com;phishing
site;bank-house.com;the real site
mail;boss@evil-shop.com;scam
wallet;TBHTJqAy4DhHhmT3dNceJYNRz4SdLofLre;paid by victims
""",
        [
            ("domain-name", "evil-shop.com", BAD),
            ("domain-name", "bank-house.com", FINE),
            ("email-addr", "boss@evil-shop.com", BAD),
            ("crypto-address", "TBHTJqAy4DhHhmT3dNceJYNRz4SdLofLre", BAD),
        ],
    ),
    "chat": (
        """[09:03] Anna: Geschädigte zahlte 2.000 € an https://t.me/finanz_mentor
[09:05] Ben: die Wallet ist 0xd0cc2b24980cbcca47ef755da88b220a82291407
[09:06] Anna: Server 77.91.102.48, Zertifikat für *.alpha-trade24.io
[09:09] Ben: am 12.03.2024 gemeldet, Aktenzeichen 0815-4711-2024
""",
        [
            ("url", "https://t.me/finanz_mentor", BAD),
            ("user-account", "telegram:finanz_mentor", BAD),
            ("crypto-address", "0xd0cc2b24980cbcca47ef755da88b220a82291407", BAD),
            ("ipv4-addr", "77.91.102.48", BAD),
            ("domain-name", "alpha-trade24.io", BAD),
        ],
    ),
}
reports = pytest.mark.parametrize(("text", "expected"), REPORTS.values(), ids=REPORTS)


@reports
def test_everything_in_the_report_is_found_and_nothing_else(text, expected):
    assert {tuple(one.entity) for one in scan(text)} == {(kind, value) for kind, value, _ in expected}


@reports
def test_each_has_the_role_that_the_report_gives_it(text, expected):
    roles: dict[tuple[str, str], set[str]] = {}
    for one in scan(text):
        roles.setdefault(tuple(one.entity), set()).add(one.role)
    for kind, value, role in expected:
        assert roles[kind, value] == {role}, value


@reports
@pytest.mark.parametrize("break_", ["\r\n", "\u2028\n"], ids=["windows", "separator"])
def test_other_line_breaks_hide_nothing(text, expected, break_):
    wanted = {(kind, value) for kind, value, _ in expected}
    assert wanted <= {tuple(one.entity) for one in scan(text.replace("\n", break_))}


@reports
def test_a_report_quoted_in_a_mail_holds_the_same(text, expected):
    quoted = "".join(f"> {line}\n" for line in text.splitlines())
    assert {tuple(one.entity) for one in scan(quoted)} == {(kind, value) for kind, value, _ in expected}


@reports
def test_two_copies_of_a_report_hold_each_thing_twice(text, expected):
    once, twice = scan(text), scan(f"{text}\n\n\n{text}")
    assert len(twice) == 2 * len(once)
    assert {one.entity for one in twice} == {one.entity for one in once}


@reports
def test_every_reason_is_short_enough_to_be_read(text, expected):
    assert all(3 <= len(one.reason) <= 120 for one in scan(text))
