"""A value of every kind of identifier, as an atlas keeps it."""

from __future__ import annotations

NORMAL = {
    "domain-name": "evil.co.th",
    "url": "https://evil.com/a?b=1",
    "ipv4-addr": "1.2.3.4",
    "ipv6-addr": "2001:db8::1",
    "autonomous-system": "AS13335",
    "x509-certificate": "sha1:" + "ab" * 20,
    "email-addr": "bob@evil.com",
    "phone-number": "+66812345678",
    "user-account": "telegram:evil_bot",
    "crypto-address": "1AfroW44dzHkjgbLEMLB3EvGDFegfkRewM",
    "crypto-transaction": "0x" + "ab" * 32,
    "bank-account": "iban:DE89370400440532013000",
    "payment-card": "411111…1111",
    "payment-handle": "cashapp:$evil",
    "file": "sha256:" + "ab" * 32,
    "onion-service": "avaddongun7rngel.onion",
    "device": "imei:490154203237518",
    "tracking-id": "google-analytics:UA-12345-6",
    "document": "th:passport:AA1234567",
    "country": "th",
}
