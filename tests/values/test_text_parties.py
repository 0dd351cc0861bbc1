"""Whose an identifier is: the criminals', a victim's, an imitated brand's, a desk's that takes reports."""

from __future__ import annotations

import pytest

from chokepoint.values.text import scan


def roles(text):
    return {one.entity.value: one.role for one in scan(text)}


def reason(text, value):
    return next(one.reason for one in scan(text) if one.entity.value == value)


@pytest.mark.parametrize(
    ("text", "brand"),
    [
        pytest.param("evil-mall.top imitates Lazada (lazada.com) and takes deposits", "lazada.com", id="english-brackets"),
        pytest.param("evil-mall.top imitates lazada.com", "lazada.com", id="english-plain"),
        pytest.param("Phishing pages spoofs `bank.com` for logins", "bank.com", id="english-code"),
        pytest.param("La page evil.top imite chronopost.fr.", "chronopost.fr", id="french"),
        pytest.param("Le site evil.top usurpe La Poste (laposte.fr) depuis mai.", "laposte.fr", id="french-brackets"),
        pytest.param("Der Shop evil.top imitiert Otto (otto.de).", "otto.de", id="german"),
        pytest.param("Los correos suplantan al banco (bancosol.es) y roban claves", "bancosol.es", id="spanish"),
        pytest.param("เว็บ evil.top ซึ่งเลียนแบบ Shopee (shopee.co.th)", "shopee.co.th", id="thai"),
        pytest.param("松井証券(matsui.co.jp)を装うサイト evil.top があります。", "matsui.co.jp", id="japanese"),
        pytest.param("Dolandırıcılar bankayı (garanti.com.tr) taklit eden evil.top sitesini kurdu", "garanti.com.tr", id="turkish"),
    ],
)  # fmt: skip
def test_the_brand_that_is_imitated_is_not_the_criminals(text, brand):
    assert roles(text)[brand] == "context"
    assert reason(text, brand).startswith("what is imitated")


@pytest.mark.parametrize(
    "text",
    [
        "They impersonate the bank at evil.com",
        "They impersonate the bank on evil.com and sell fake cards",
        "Los estafadores suplantan al banco en evil.com",
        "Die Täter imitieren die Bank unter evil.com",
        "Les escrocs imitent la banque sur evil.com",
        "มิจฉาชีพเลียนแบบธนาคารที่ evil.com",
    ],
    ids=["at", "on", "en", "unter", "sur", "thai"],
)
def test_where_the_imitation_stands_is_the_criminals(text):
    assert roles(text)["evil.com"] == "indicator"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("Fraud report. The victim's mailbox anna@mail-house.com was read.", "anna@mail-house.com", id="english"),
        pytest.param("Scam! The money left my own wallet 0xd0cc2b24980cbcca47ef755da88b220a82291407.", "0xd0cc2b24980cbcca47ef755da88b220a82291407", id="own-wallet"),
        pytest.param("Betrug: abgebucht von meinem Girokonto DE89 3704 0044 0532 0130 00.", "iban:DE89370400440532013000", id="german"),
        pytest.param("Arnaque. Une victime, la mairie (`mairie-aubrin.fr`), a été touchée.", "mairie-aubrin.fr", id="french"),
        pytest.param("Fraude: la víctima (ana.lopez81@casa-lopez.es) denunció ayer.", "ana.lopez81@casa-lopez.es", id="spanish"),
        pytest.param("詐欺事件。被害者の番号は03-3992-7148です。", "+81339927148", id="japanese"),
        pytest.param("หลอกลวง เบอร์ผู้เสียหาย 086-614-2290 (ห้ามเผยแพร่)", "+66866142290", id="thai"),
        pytest.param("dolandırıcılık: mağdurun numarası 0505 714 28 63, ifadesi yarın", "+905057142863", id="turkish"),
    ],
)  # fmt: skip
def test_what_is_said_to_be_a_victims_is_not_the_criminals(text, value):
    assert roles(text)[value] == "context"
    assert reason(text, value).startswith("said to be a victim's")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("The victim paid to 1AfroW44dzHkjgbLEMLB3EvGDFegfkRewM.", "1AfroW44dzHkjgbLEMLB3EvGDFegfkRewM", id="paid-to"),
        pytest.param("A victim was called from +44 7911 123456.", "+447911123456", id="called-from"),
        pytest.param("The victim was told to visit evil.com.", "evil.com", id="told-to-visit"),
        pytest.param("Das Opfer überwies an DE89 3704 0044 0532 0130 00.", "iban:DE89370400440532013000", id="german"),
        pytest.param("La víctima recibió llamadas desde +34 611 223 344.", "+34611223344", id="spanish"),
        pytest.param("La victime a versé sur le site evil.com.", "evil.com", id="french"),
        pytest.param("ผู้เสียหายโอนเงินผ่าน evil.com", "evil.com", id="thai"),
        pytest.param("被害者は evil.com に誘導された。攻撃者の evil2.com も", "evil2.com", id="japanese"),
        pytest.param("A victim complained. The site is evil.com.", "evil.com", id="next-sentence"),
    ],
)  # fmt: skip
def test_where_a_victim_was_led_is_the_criminals(text, value):
    assert roles(text)[value] == "indicator"


HEAD = """Received: from smtp.evil-relay.top (unknown [91.206.14.77])
 by mx1.school-trust.org ([185.53.176.204]) with ESMTPS
Return-Path: <bounce@evil-pay.top>
From: "Bank" <support@evil-pay.top>
Reply-To: collect@evil-pay.top
To: finance@school-trust.org
Subject: fake invoice
"""


def test_a_mail_head_tells_sender_from_receiver():
    found = roles(HEAD)
    assert found["finance@school-trust.org"] == "context"
    assert found["mx1.school-trust.org"] == "context"
    for sender in (
        "smtp.evil-relay.top",
        "91.206.14.77",
        "bounce@evil-pay.top",
        "support@evil-pay.top",
        "collect@evil-pay.top",
    ):
        assert found[sender] == "indicator"


def test_a_line_that_begins_with_to_is_no_address_line_outside_a_mail_head():
    assert roles("Phishing.\nto: collect@evil-pay.top")["collect@evil-pay.top"] == "indicator"


@pytest.mark.parametrize(
    "desk", ["abuse", "csirt", "cert", "incident", "phishing", "press", "redaktion", "bildirim"]
)
def test_a_desk_that_takes_reports_is_a_place_to_turn_to(desk):
    text = f"Malware C2 found at evil.com.\nWritten down by {desk}@hoster-house.com"
    assert roles(text) == {"evil.com": "indicator", f"{desk}@hoster-house.com": "context"}


@pytest.mark.parametrize("text", ["phishing mail from abuse@evil-pay.top", "scammer abuse@evil-pay.top"])
def test_a_desk_that_the_words_right_beside_call_bad_is_bad(text):
    assert set(roles(text).values()) == {"indicator"}


def test_a_desk_at_a_mailbox_for_everybody_is_anybodys():
    assert roles("malware contact abuse@protonmail.com")["abuse@protonmail.com"] == "indicator"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "Phishing of bank.gov.th seen. The fake site is evil.com.",
            {"bank.gov.th": "context", "evil.com": "indicator"},
            id="imitated-public-body",
        ),
        pytest.param(
            "The hacked site moph.go.th served malware", {"moph.go.th": "indicator"}, id="taken-over"
        ),
        pytest.param("malware moph.go.th", {"moph.go.th": "context"}, id="a-word-is-not-enough"),
        pytest.param("moph[.]go[.]th hosts malware", {"moph.go.th": "indicator"}, id="defanged"),
    ],
)
def test_a_public_bodys_host_is_malicious_only_where_it_was_taken_over(text, expected):
    assert roles(text) == expected


@pytest.mark.parametrize("address", ["8.8.8.8", "8.8.4.4", "1.1.1.1", "9.9.9.9"])
def test_a_public_resolver_that_malware_asks_is_nobodys_weapon(address):
    text = f"The malware asks {address} for the name of its server"
    assert roles(text) == {address: "context"}
    assert "resolver" in reason(text, address)


def test_an_official_in_quotation_marks_is_none():
    text = "Scam: the „Kundendienst“ wrote from +49 163 4829057 and wants bitcoin"
    assert roles(text) == {"+491634829057": "indicator"}


def test_a_line_above_that_names_something_official_clears_no_wallet():
    text = "Scam: I thought it was the real support\nTBHTJqAy4DhHhmT3dNceJYNRz4SdLofLre"
    assert roles(text) == {"TBHTJqAy4DhHhmT3dNceJYNRz4SdLofLre": "indicator"}


def test_a_donation_address_and_a_clean_reference_file_are_not_the_criminals():
    text = (
        "Ransomware analysis. IOC: 1AfroW44dzHkjgbLEMLB3EvGDFegfkRewM\n"
        "The archive also holds an untouched ffmpeg.exe (SHA256 " + "ab12cd34" * 8 + ").\n"
        "A donation for my nights: bc1qxy2kgdygjrsqtzq2n0yrf2493p83kkfjhx0wlh"
    )
    assert roles(text) == {
        "1AfroW44dzHkjgbLEMLB3EvGDFegfkRewM": "indicator",
        "sha256:" + "ab12cd34" * 8: "context",
        "bc1qxy2kgdygjrsqtzq2n0yrf2493p83kkfjhx0wlh": "context",
    }


def test_a_sentence_that_begins_without_a_blank_is_another_sentence():
    text = "Scam! Le vrai site est airbnb.fr.J'ai vu le faux site booking-g.site hier."
    assert roles(text) == {"airbnb.fr": "context", "booking-g.site": "indicator"}


PAYER, TAKER = "1dice8EMZmqKvrGE4Qc9bUFf9PX3xaYDp", "1BoatSLRHtKNngkdXEeobR76b53LETtpyT"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            "Victims (o@mail-house.net, +447700900123) paid 0.4 BTC from {0} to {1}.", id="among others"
        ),
        pytest.param("Scam: the victim sent it out of her own wallet {0} into {1}.", id="out of"),
        pytest.param("Betrug: Das Opfer überwies 2 BTC von {0} an {1}.", id="german"),
        pytest.param("Arnaque : la victime a payé depuis {0} vers {1}.", id="french"),
        pytest.param("Estafa: la víctima pagó desde {0} a {1}.", id="spanish"),
    ],
)
def test_a_wallet_that_a_victim_pays_from_is_the_victims_and_the_other_is_not(text):
    found = roles(text.format(PAYER, TAKER))
    assert (found[PAYER], found[TAKER]) == ("context", "indicator")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Fraud: the gang paid its host from {0}.", id="the gang"),
        pytest.param("Scam. The victim complained. They paid the host from {0}.", id="another sentence"),
        pytest.param("Fraud: what victims sent from exchanges to {0} is gone.", id="from elsewhere to it"),
        pytest.param("Fraud: the victim heard from {0}.", id="nothing is paid"),
        pytest.param("Fraud: who robbed the victims was sentenced, as funds came from {0}.", id="a sentence"),
    ],
)
def test_a_wallet_that_others_pay_from_is_no_victims(text):
    assert roles(text.format(PAYER))[PAYER] == "indicator"
