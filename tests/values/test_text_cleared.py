"""Whom a report clears is not accused by it, however near the words of crime stand to them."""

from __future__ import annotations

import pytest

from chokepoint.values.text import scan

BAD, FINE = "indicator", "context"


def by_value(text):
    return {one.entity.value: one.role for one in scan(text)}


CLEARING = {
    "en: nothing to do": "The scam evil-pay.com took millions. The shop {} on the same address has nothing to do with it.",
    "en: a word of crime in between": "The phishing ring ran evil-pay.com; {}, named in scam reports, is not malicious.",
    "en: not involved": "Fraud site evil-pay.com shares its server with the bakery {}, which is not involved.",
    "en: false positive": "Malware evil-pay.com; the detection of {} was a false positive.",
    "fr": "Le site evil-pay.com vole des données. {} n'a rien à voir avec l'escroquerie.",
    "de": "Die Betrugsseite evil-pay.com; {} ist an dem Betrug nicht beteiligt.",
    "es": "La estafa evil-pay.com. {} no tiene nada que ver con la estafa.",
    "pt": "O golpe evil-pay.com. {} não tem nada a ver com o golpe.",
    "th": "มิจฉาชีพใช้ evil-pay.com\n{} ไม่เกี่ยวข้องกับมิจฉาชีพ",
    "ar": "موقع الاحتيال evil-pay.com. {} لا علاقة له بالاحتيال.",
    "sw": "Matapeli walitumia evil-pay.com. {} haihusiki na ulaghai.",
    "tr": "Sahte site evil-pay.com para çaldı. {} sitesinin dolandırıcılıkla ilgisi yok.",
    "ja": "詐欺サイト evil-pay.com が金を盗んだ。{} は詐欺とは無関係です。",
}


@pytest.mark.parametrize("form", CLEARING.values(), ids=CLEARING)
def test_who_is_cleared_is_context_and_the_accused_stays_one(form):
    said = by_value(form.format("bakery-smith.co.uk"))
    assert said == {"evil-pay.com": BAD, "bakery-smith.co.uk": FINE}


def test_a_cleared_wallet_is_no_indicator():
    victim, thief = "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "1BoatSLRHtKNngkdXEeobR76b53LETtpyT"
    said = by_value(f"Scammers cashed out at {thief}. The wallet {victim} is unrelated to the scam.")
    assert said == {thief: BAD, victim: FINE}


@pytest.mark.parametrize(
    "text",
    [
        "The fraudsters behind evil-pay.com are not innocent.",
        "The scam site evil-pay.com is not innocent.",
        "Die Betrugsseite evil-pay.com ist nicht unschuldig.",
    ],
)
def test_a_denied_innocence_clears_nobody(text):
    assert by_value(text) == {"evil-pay.com": BAD}


def test_what_clears_one_does_not_clear_the_one_named_before_it():
    said = by_value("The phishing site evil-pay.com copied bakery-smith.co.uk, which is not involved.")
    assert said == {"evil-pay.com": BAD, "bakery-smith.co.uk": FINE}


def test_the_next_sentence_clears_nobody_in_this_one():
    said = by_value("The phishing site evil-pay.com stole money. Its hosting company is not involved.")
    assert said == {"evil-pay.com": BAD}


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("UA-8812345-2", "google-analytics:UA-8812345-2"),
        ("G-AB12CD34EF", "google-analytics:G-AB12CD34EF"),
        ("GTM-ABC1234", "google-tag-manager:GTM-ABC1234"),
        ("AW-123456789", "google-ads:AW-123456789"),
        ("ca-pub-1234567890123456", "google-adsense:PUB-1234567890123456"),
        ("pub-1234567890123456", "google-adsense:PUB-1234567890123456"),
    ],
)
def test_what_counts_a_sites_visitors_is_found_in_a_report(written, value):
    found = scan(f"Both scam sites use {written}, says the report.")
    assert [(one.entity.kind, one.entity.value, one.role) for one in found] == [("tracking-id", value, BAD)]


@pytest.mark.parametrize(
    "text",
    [
        "flight UA-1234",
        "UA-12-1",
        "G-1234567890",
        "G-ABCDEFGHIJ",
        "XUA-8812345-2",
        "UA-8812345-2-9",
        "GTM-abc",
    ],
)
def test_what_only_looks_like_a_tracking_identifier_is_none(text):
    assert scan(f"The scam: {text}.") == []
