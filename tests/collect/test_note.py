from __future__ import annotations

import pytest
from line_reading import CORPUS, claims, document, excerpt, triples, unaccounted

from chokepoint.collect.note import RansomNote, family, is_note

NOTE = """All your files have been encrypted with a strong algorithm.
Do not rename or modify them. To recover them contact us:
boss@evilmail.com
or Tor browser: http://abcdefghijklmnop.onion/chat
BTC wallet: 14hVKm7Ft2rxDBFTNkkRC3kGstMGp2A4hk
"""


def test_the_ryuk_note_asks_for_payment_to_its_wallet_and_is_reached_at_two_addresses():
    items = list(RansomNote().read(excerpt("ryuk_note.txt", "ransom-notes/ryuk/ryuk.txt")))
    found = triples(items)
    assert (
        "malware:ryuk",
        "requests-payment-to",
        "crypto-address:14hVKm7Ft2rxDBFTNkkRC3kGstMGp2A4hk",
    ) in found
    assert ("malware:ryuk", "contact", "email-addr:wayneevenson@protonmail.com") in found
    assert ("malware:ryuk", "contact", "email-addr:wayneevenson@tutanota.com") in found


def test_an_onion_service_is_a_contact():
    items = list(RansomNote().read(document(NOTE, "notes/kraken_heron/readme.txt")))
    assert any(
        claim.property == "contact" and claim.object.kind in {"url", "onion-service"}
        for claim in claims(items)
    )
    assert {str(claim.subject) for claim in claims(items) if claim.property == "contact"} == {
        "malware:kraken heron"
    }


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("ransom-notes/ryuk/ryuk.txt", "malware:ryuk"),
        ("inc/INC-README3.txt", "malware:inc"),
        ("qlocker/!!!READ_ME.txt", "malware:qlocker"),
        ("3am/RECOVER-FILES.txt", "malware:3am"),
        ("notes/lockbit.txt", "malware:lockbit"),
    ],
)
def test_the_folder_names_the_family_and_else_the_file(path, name):
    assert str(family(document("x", path))) == name


def test_a_note_without_a_name_has_a_family_of_its_own():
    assert family(document("x", "Downloads/HOW TO DECRYPT.txt")).value.startswith("ransom note ")


@pytest.mark.parametrize(
    "text",
    [
        NOTE,
        "Vos fichiers sont chiffrés. Payez en bitcoin. Contact us at a@b.com",
        "Ihre Dateien wurden verschlüsselt. Bitcoin. Tor Browser",
        "Sus archivos han sido cifrados. Tor browser y bitcoin",
        "We are the ones who hacked you and downloaded your data. Pay or we publish.",
    ],
)
def test_texts_that_speak_to_a_victim_are_notes(text):
    assert is_note(text)


@pytest.mark.parametrize(
    "text",
    [
        "Indicators of compromise: your files encrypted, bitcoin, tor browser, pay",
        "= Ryuk\n\nThe ransomware encrypts your files and asks to pay bitcoin",
        "Buy bitcoin here today",
        "evil.com\nbad.org",
        "",
    ],
)
def test_reports_and_lists_are_no_notes(text):
    assert not is_note(text)


def test_recognition_is_by_content_or_by_a_publisher_of_notes():
    assert RansomNote().recognises(document(NOTE, "renamed.bin"))
    assert RansomNote().recognises(document("[+] Whats happened? [+]\n" + NOTE, "x"))
    assert RansomNote().recognises(
        document("PLAY\nteilight@gmx.com\n", "play/play.txt", origin="Zscaler ThreatLabz")
    )
    assert not RansomNote().recognises(document("PLAY\nteilight@gmx.com\n", "play/play.txt"))


def test_every_line_of_a_note_is_accounted_for():
    assert unaccounted(NOTE, list(RansomNote().read(document(NOTE, "notes/heron/a.txt")))) == 0


def test_every_note_of_the_corpus_is_known_by_its_content_in_nine_of_ten_cases():
    folder = CORPUS / "ransom-notes"
    if not folder.is_dir():
        pytest.skip("the corpus is not on this machine")
    notes = [path for path in folder.rglob("*.txt") if "LICENSE" not in path.name][:120]
    known = sum(RansomNote().recognises(document(path.read_bytes(), str(path))) for path in notes)
    assert known >= 0.9 * len(notes)


def mentions(text: str) -> list[tuple[str, str, str]]:
    items = list(RansomNote().read(document(text, "notes/kraken_heron/readme.txt")))
    return [triple for triple in triples(items) if triple[1] == "mentioned-with"]


def test_a_sentence_of_a_note_ties_the_mailbox_to_the_wallet():
    wallet = "14hVKm7Ft2rxDBFTNkkRC3kGstMGp2A4hk"
    text = NOTE + f"Write to boss@evilmail.com as soon as you have paid to {wallet} please.\n"
    assert mentions(text) == [
        ("email-addr:boss@evilmail.com", "mentioned-with", f"crypto-address:{wallet}"),
    ]


def test_lines_of_a_note_that_stand_alone_are_not_tied():
    assert mentions(NOTE) == []


def test_a_contact_of_a_note_is_at_its_domain():
    items = list(RansomNote().read(document(NOTE, "notes/kraken_heron/readme.txt")))
    assert ("email-addr:boss@evilmail.com", "hosted-at", "domain-name:evilmail.com") in triples(items)
