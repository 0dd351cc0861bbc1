"""Ransom notes in the languages in which gangs write them: who is reached where, and paid to what."""

from __future__ import annotations

import pytest
from line_reading import claims, document, rejected, skipped, triples, unaccounted

from chokepoint.collect.html import Html
from chokepoint.collect.note import LONGEST, RansomNote, family, is_note
from chokepoint.collect.registry import collectors, recognise

WALLET = "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq"
ONION = "lockbitapt6vx57t3eeqjofwgcglmutr3a35nygvokja5uuccip4ykyd.onion"
FAMILY = "malware:lantern locker"
PATH = "lantern_locker/RESTORE_FILES.txt"

NOTES = {
    "English": f"All your files are encrypted.\nPay 0.5 BTC to {WALLET}\nWrite to lock@onionmail.org\n",
    "German": f"Ihre Dateien wurden verschlüsselt.\nZahlen Sie 0.5 Bitcoin an {WALLET}\nlock@onionmail.org\n",
    "French": f"Vos fichiers sont chiffrés.\nPayez 0.5 bitcoin à {WALLET}\nlock@onionmail.org\n",
    "Spanish": f"Todos sus archivos han sido cifrados.\nPague 0.5 bitcoin a {WALLET}\nlock@onionmail.org\n",
    "Italian": f"I tuoi file sono stati criptografati.\nPaga 0.5 bitcoin a {WALLET}\nlock@onionmail.org\n",
    "Portuguese": f"Seus arquivos foram criptografados.\nPague 0.5 bitcoin para {WALLET}\nlock@onionmail.org\n",
    "Russian": f"Ваши файлы зашифрованы.\nПереведите 0.5 bitcoin на {WALLET}\nlock@onionmail.org\n",
    "Turkish": f"Dosyalarınız şifrelendi.\n0.5 bitcoin ödeyin: {WALLET}\nlock@onionmail.org\n",
    "Thai": f"ไฟล์ของคุณถูกเข้ารหัส\nจ่าย 0.5 bitcoin ไปที่ {WALLET}\nlock@onionmail.org\n",
    "Japanese": f"あなたのファイルは暗号化されました。\n0.5 bitcoin を {WALLET} に\nlock@onionmail.org\n",
    "Chinese": f"您的文件已被加密。\n支付 0.5 bitcoin 到 {WALLET}\nlock@onionmail.org\n",
}
each = pytest.mark.parametrize("text", NOTES.values(), ids=NOTES)


def read(text: str | bytes, path: str = PATH) -> list:
    return list(RansomNote().read(document(text, path)))


@each
def test_a_note_in_any_of_these_languages_is_known_and_told(text: str):
    paper = document(text, PATH)
    assert recognise(paper, collectors()).name == "ransom-note"
    items = read(text)
    assert {
        (FAMILY, "requests-payment-to", f"crypto-address:{WALLET}"),
        (FAMILY, "contact", "email-addr:lock@onionmail.org"),
    } <= triples(items)


@each
def test_it_stands_at_its_lines_and_no_line_is_lost(text: str):
    items = read(text)
    assert {one.place for one in claims(items) if one.property == "requests-payment-to"} == {"line 2"}
    assert {one.place for one in claims(items) if one.property == "contact"} == {"line 3"}
    assert unaccounted(text, items) == 0
    assert not rejected(items)


@each
def test_the_same_note_as_a_web_page_says_the_same(text: str):
    body = "".join(f"<p>{line}</p>\n" for line in text.strip().split("\n"))
    items = list(Html().read(document(f"<html><body>\n{body}</body></html>", PATH.replace(".txt", ".hta"))))
    assert triples(items) == triples(read(text))


CONTACTS = {
    "a mailbox": ("lock@onionmail.org", "contact", "email-addr:lock@onionmail.org"),
    "a Telegram name": ("Telegram @lantern_help", "contact", "user-account:telegram:lantern_help"),
    "a leak site": (f"http://{ONION}/", "contact", f"onion-service:{ONION}"),
    "a bare onion": (ONION, "contact", f"onion-service:{ONION}"),
    "a clear web chat": ("https://lantern-chat.com/x", "contact", "url:https://lantern-chat.com/x"),
    "a bitcoin address": (WALLET, "requests-payment-to", f"crypto-address:{WALLET}"),
    "an IBAN": ("DE89370400440532013000", "requests-payment-to", "bank-account:iban:DE89370400440532013000"),
}


@pytest.mark.parametrize(("written", "name", "thing"), CONTACTS.values(), ids=CONTACTS)
def test_each_way_to_reach_or_pay_them_is_a_claim_of_its_own_kind(written: str, name: str, thing: str):
    text = f"All your files are encrypted, pay in bitcoin.\nContact us: {written}\n"
    assert (FAMILY, name, thing) in triples(read(text))


def test_help_that_a_note_points_to_is_no_contact_of_the_gang():
    text = (
        "All your files are encrypted, pay in bitcoin.\n"
        "Download the Tor browser from https://www.torproject.org\nWrite to lock@onionmail.org\n"
    )
    items = read(text)
    assert not [one for one in claims(items) if one.property == "contact" and "torproject" in str(one.object)]
    [aside] = [
        one
        for one in claims(items)
        if one.property == "mentioned-in" and one.subject.value.startswith("https://www.torproject")
    ]
    assert str(aside.object).startswith("ransom note of lantern locker (context: ")


@pytest.mark.parametrize(
    ("path", "name"),
    [
        pytest.param("lantern/readme.txt", "lantern", id="the folder"),
        pytest.param("lantern/lantern-2.txt", "lantern", id="the folder before the file"),
        pytest.param("x/lantern_locker/1.txt", "lantern locker", id="the nearest folder"),
        pytest.param("lanternlocker.txt", "lanternlocker", id="the file where there is no folder"),
        pytest.param("lantern (2)/note.txt", "lantern", id="a counted folder"),
        pytest.param("lantern-3/note.txt", "lantern", id="a numbered folder"),
        pytest.param("notes.zip!lantern/note.txt", "lantern", id="a folder inside an archive"),
    ],
)
def test_the_family_is_named_by(path: str, name: str):
    text = NOTES["English"]
    paper = document(text, path, steps=tuple(path.split("!")))
    assert family(paper).value == name


@pytest.mark.parametrize("path", ["HOW_TO_DECRYPT.txt", "readme.txt", "recover-files.hta", "12.txt"])
def test_a_note_that_nothing_names_stands_for_itself_alone(path: str):
    one, other = document(NOTES["English"], path), document(NOTES["German"], path)
    assert family(one).value == f"ransom note {one.sha256[:12]}"
    assert family(one) != family(other)


NO_NOTES = {
    "a privacy notice": "We process your data to write to you about our events. You may contact us by e-mail.",
    "a news item": "The gang encrypted the company's servers and asks for bitcoin, police said.",
    "a price list": "Pay by bitcoin. Contact us on Telegram. Price on request.",
    "an advisory": "== Indicators of compromise\n\nAll your files are encrypted. Pay bitcoin to us on Telegram.",
    "nothing": "",
}


@pytest.mark.parametrize("text", NO_NOTES.values(), ids=NO_NOTES)
def test_what_only_sounds_like_a_note_is_none(text: str):
    assert not is_note(text)


def test_a_book_is_no_note_however_it_speaks():
    text = "All your files are encrypted, pay in bitcoin.\n"
    assert is_note(text + "x" * (LONGEST - len(text)))
    assert not is_note(text + "x" * (LONGEST - len(text) + 1))


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-16-le"])
def test_notes_come_in_the_encodings_of_windows(codec: str):
    assert triples(read(NOTES["English"].encode(codec))) == triples(read(NOTES["English"]))


def test_a_note_with_broken_bytes_is_told_and_told_of():
    data = NOTES["English"].encode() + "ключ ไทย\n".encode() * 3 + b"id \xff\xfe9\n"
    items = read(data)
    assert [part.place for part in rejected(items)] == ["line 7"]
    assert (FAMILY, "contact", "email-addr:lock@onionmail.org") in triples(items)


def test_lines_without_a_contact_are_counted_by_name():
    assert skipped(read(NOTES["English"])) == {"text without an indicator": 1, "blank line": 1}
