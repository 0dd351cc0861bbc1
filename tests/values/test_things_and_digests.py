"""Digests, certificates, trackers, devices and documents: forms, lengths, case, refusals."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.model.errors import NotValidError
from chokepoint.values import digest, internet, registry, things
from chokepoint.values.text import scan

ALGORITHMS = ("md5", "sha1", "sha224", "sha256", "sha384", "sha512")


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@given(data=st.binary(max_size=40))
def test_a_digest_of_the_standard_library_is_named_by_its_length(algorithm, data):
    digits = hashlib.new(algorithm, data, usedforsecurity=False).hexdigest()
    for written in (
        digits,
        digits.upper(),
        f'"{digits}"',
        f"{algorithm}:{digits}",
        f"{algorithm.upper()}:{digits.upper()}",
    ):
        assert digest.parse_file(written) == f"{algorithm}:{digits}"


@pytest.mark.parametrize("name", ["MD-5", "sha-1", "SHA-256", "sha-512"])
def test_a_hyphen_in_an_algorithms_name_does_not_matter(name):
    plain = name.lower().replace("-", "")
    digits = "ab" * {"md5": 16, "sha1": 20, "sha256": 32, "sha512": 64}[plain]
    assert digest.parse_file(f"{name}:{digits}") == f"{plain}:{digits}"


@pytest.mark.parametrize("length", [31, 33, 39, 41, 48, 63, 65, 100, 127, 129])
def test_another_length_is_no_digest(length):
    with pytest.raises(NotValidError):
        digest.parse_file("a" * length)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("sha1:" + "ab" * 16, "sha1 has 40"),
        ("md5:" + "ab" * 20, "md5 has 32"),
        ("sha256:" + "g" * 64, "sha256 has 64"),
        ("imphash:abc", "imphash has 32"),
        ("crc32:abcd1234", "no digest"),
        ("ssdeep:abc", "no ssdeep"),
        ("tlsh:a b", "no tlsh"),
        ("", "no digest"),
    ],
)
def test_a_named_digest_of_another_form_is_refused_by_its_name(text, reason):
    with pytest.raises(NotValidError, match=reason):
        digest.parse_file(text)


@pytest.mark.parametrize(
    "value",
    [
        "ssdeep:96:Vsf5cHYSmnT:KgIS8",
        "tlsh:T1A5B2C3D4E5F60718293A4B5C6D7E8F90A1B2C3D4E5F60718293A4B5C6D7E8F90A1B2C3",
        "vhash:015056655d155510f8z73hz2075zabz",
        "imphash:" + "ab" * 16,
        "authentihash:" + "cd" * 32,
        "pehash:" + "ef" * 20,
        "telfhash:t1a5b2c3d4e5",
    ],
    ids=lambda value: value.partition(":")[0],
)
def test_a_digest_that_its_form_does_not_name_is_kept_under_its_name(value):
    assert digest.parse_file(value) == value


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("MD5: " + "ab12cd34" * 4, ["md5:" + "ab12cd34" * 4]),
        ("sha1 " + "AB12CD34EF" * 4, ["sha1:" + "ab12cd34ef" * 4]),
        ("token " + "ab12cd34" * 4, []),
        ("session id: " + "ab12cd34" * 4, []),
        ("commit " + "ab12cd34ef" * 4, []),
        ("SHA256=" + "ab12cd34" * 8 + ";", ["sha256:" + "ab12cd34" * 8]),
        ("11111111111111111111111111111111", []),
        ("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", []),
        ("0" * 200, []),
        ("x" + "ab12cd34" * 4, []),
        ("ab12cd34" * 4 + "g", []),
    ],
    ids=["md5", "sha1", "token", "session", "commit", "sha256", "figures", "one-letter", "zeros", "glued-before", "glued-behind"],
)  # fmt: skip
def test_a_hexadecimal_word_is_a_digest_where_nothing_names_it_otherwise(text, found):
    assert [one.entity.value for one in scan(text)] == found


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("tx {}", "crypto-transaction"),
        ("transaction hash: {}", "crypto-transaction"),
        ("トランザクション {}", "crypto-transaction"),
        ("ธุรกรรม {}", "crypto-transaction"),
        ("işlem {}", "crypto-transaction"),
        ("sha256 of the transaction log {}", "crypto-transaction"),
        ("the transaction dropped a file with SHA256 {}", "file"),
        ("sample {}", "file"),
        ("{}", "file"),
    ],
)
def test_64_digits_are_a_transaction_where_the_nearer_word_says_so(text, kind):
    (found,) = scan(text.format("ab12cd34" * 8))
    assert found.entity.kind == kind


@given(st.binary(min_size=20, max_size=20))
def test_a_fingerprint_is_one_value_with_colons_blanks_and_capitals(data):
    digits = data.hex()
    colons = ":".join(digits[at : at + 2] for at in range(0, 40, 2))
    for written in (
        digits,
        colons,
        colons.upper(),
        colons.replace(":", " "),
        f"SHA1:{digits}",
        f"sha-1:{digits}",
    ):
        assert internet.parse_certificate(written) == f"sha1:{digits}"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("serial:0A1B", "serial:a1b"),
        ("serial:00", "serial:0"),
        ("0x0A1B2C", "serial:a1b2c"),
        ("ab" * 32, "sha256:" + "ab" * 32),
        ("ab" * 16, "md5:" + "ab" * 16),
        ("serial:" + "ab" * 20, "serial:" + "ab" * 20),
    ],
)
def test_a_certificate_is_a_fingerprint_or_a_serial_number(text, value):
    assert internet.parse_certificate(text) == value
    assert internet.parse_certificate(value) == value


@pytest.mark.parametrize("text", ["", "xyz", "sha256:abcd", "sha1:" + "ab" * 32, "serial:xyz", "ab" * 65])
def test_what_is_no_fingerprint_is_refused(text):
    with pytest.raises(NotValidError):
        internet.parse_certificate(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("ua-12345-6", "google-analytics:UA-12345-6"),
        ("G-ABCDEF1234", "google-analytics:G-ABCDEF1234"),
        ("gtm-abc123", "google-tag-manager:GTM-ABC123"),
        ("AW-123456789", "google-ads:AW-123456789"),
        ("ca-pub-1234567890123456", "google-adsense:PUB-1234567890123456"),
        ("pub-1234567890123456", "google-adsense:PUB-1234567890123456"),
        ("google-analytics:ua-12345-6", "google-analytics:UA-12345-6"),
        ("facebook-pixel:1234567890", "facebook-pixel:1234567890"),
        ("yandex-metrica:12345678", "yandex-metrica:12345678"),
    ],
)
def test_a_tracker_is_named_by_its_form_or_its_service(text, value):
    assert internet.parse_tracking_id(text) == value
    assert internet.parse_tracking_id(value) == value


@pytest.mark.parametrize("text", ["", "UA-1", "12345", "facebook-pixel:", "Facebook:1234", "GTM-", "x:ab"])
def test_what_tells_no_tracking_service_is_refused_with_a_mend(text):
    with pytest.raises(NotValidError) as refusal:
        internet.parse_tracking_id(text)
    assert refusal.value.mend == "write service:identifier"


@given(st.binary(min_size=6, max_size=6), st.sampled_from([":", "-", ""]))
def test_a_mac_address_is_one_value_in_every_spelling(data, mark):
    pairs = [f"{byte:02x}" for byte in data]
    for written in (mark.join(pairs), mark.join(pairs).upper(), f"mac:{mark.join(pairs)}"):
        if mark or not written.isdigit():
            assert things.parse_device(written) == "mac:" + ":".join(pairs)


@pytest.mark.parametrize(
    "text",
    ["", "00:11:22:33:44", "00:11:22:33:44:5g", "00:11-22:33:44:55", "mac:xyz", "imei:123", "12345", "a"],
)
def test_what_marks_no_device_is_refused(text):
    with pytest.raises(NotValidError):
        things.parse_device(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("aa 123-45/67", "AA1234567"),
        ("TH:Passport:aa1234567", "th:passport:AA1234567"),
        ("passport:aa1234567", "passport:AA1234567"),
        ("th:id-card:1-2345-67890-12-3", "th:id-card:1234567890123"),
    ],
)
def test_a_document_is_its_number_with_what_is_known_of_it(text, value):
    assert things.parse_document(text) == value
    assert things.parse_document(value) == value


@pytest.mark.parametrize("text", ["", "no", "passport", "a:b:c:d1234", "x" * 61, "ab", "1!2"])
def test_what_is_no_document_number_is_refused(text):
    with pytest.raises(NotValidError):
        things.parse_document(text)


def test_personal_numbers_are_shown_as_they_are_and_hold_nothing_hidden():
    for kind, text in (("device", "serial:ab\u202ecd"), ("document", "AA\u200b123")):
        try:
            entity = registry.parse(kind, text)
        except NotValidError:
            continue
        assert "\u202e" not in registry.show(entity)
