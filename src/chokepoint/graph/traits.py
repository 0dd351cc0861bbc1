"""What is usual for each kind: the degree above which a node is a hub, and how long it changes hands."""

from __future__ import annotations

HUB = 1 << 24
SPLIT = 1 << 25
SHARED_KIND = 1 << 26
LISTED = HUB - 1
BARRED = LISTED | HUB | SHARED_KIND
"""Nodes through which no path goes while there is another."""

ALWAYS_SHARED = frozenset({"country", "known-list", "autonomous-system"})

NORMAL_DEGREE = {
    "domain-name": 150,
    "url": 100,
    "ipv4-addr": 60,
    "ipv6-addr": 60,
    "x509-certificate": 60,
    "email-addr": 150,
    "phone-number": 60,
    "user-account": 150,
    "crypto-address": 400,
    "crypto-transaction": 400,
    "bank-account": 100,
    "payment-handle": 100,
    "file": 400,
    "onion-service": 100,
    "tracking-id": 150,
    "person": 500,
    "persona": 500,
    "organisation": 5_000,
    "group": 20_000,
    "campaign": 100_000,
    "malware": 20_000,
    "tool": 2_000,
    "service": 2_000,
}
"""Links a node of the kind may have before sharing it says nothing; judgement, not a published figure."""

OTHER_DEGREE = 500

TOLERANCE_DAYS = {"domain-name": 90, "url": 90}
"""Gap between two sightings that one registration explains; other kinds have `OTHER_TOLERANCE`."""

OTHER_TOLERANCE = 30
