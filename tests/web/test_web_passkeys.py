"""Passkeys as an attacker answers for them: from a device of our own, wrong in one thing each time (WebAuthn 3, §7)."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

from chokepoint.model.errors import RefusedError
from chokepoint.model.marking import Viewer
from chokepoint.web.guard.register import Register
from chokepoint.web.signin.passkey import PATIENCE, Passkeys

if TYPE_CHECKING:
    from pathlib import Path

ANN, EVE = Viewer(organisation="bank", user="ann"), Viewer(organisation="police", user="eve")
HOST, ORIGIN = "desk.example", "https://desk.example"
PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


@dataclass
class Clock:
    now: float = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Device:
    """An authenticator that does as it is told, right or wrong."""

    id: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def made(self, options: dict[str, Any], **wrong: Any) -> dict[str, Any]:
        """A new passkey for what a desk asked."""
        public = self.key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: public.x.to_bytes(32), -3: public.y.to_bytes(32)}
        about = bytes(16) + len(self.id).to_bytes(2) + self.id + cbor2.dumps(cose)
        data = told(ATTESTED, about, **wrong)
        attested = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        said = client("webauthn.create", options, **wrong)
        return self._answer({"attestationObject": attested, "clientDataJSON": said})

    def signed(self, options: dict[str, Any], **wrong: Any) -> dict[str, Any]:
        """A signature for what a desk asked."""
        data, said = told(0, b"", **wrong), client("webauthn.get", options, **wrong)
        key = wrong.get("key", self.key)
        signature = key.sign(data + hashlib.sha256(said).digest(), ec.ECDSA(SHA256()))
        parts = {"authenticatorData": data, "clientDataJSON": said, "signature": signature}
        return self._answer(parts)

    def _answer(self, parts: dict[str, bytes]) -> dict[str, Any]:
        name = bytes_to_base64url(self.id)
        written = {key: bytes_to_base64url(value) for key, value in parts.items()}
        return {"id": name, "rawId": name, "type": "public-key", "response": written}


def told(more: int, about: bytes, **wrong: Any) -> bytes:
    """What an authenticator signs: for which host, what the person did, how often it was used."""
    host = hashlib.sha256(wrong.get("host", HOST).encode()).digest()
    seen = wrong.get("flags", PRESENT | VERIFIED)
    return bytes(host + bytes([more | seen]) + wrong.get("count", 1).to_bytes(4) + about)


def client(does: str, options: dict[str, Any], **wrong: Any) -> bytes:
    """What the browser says of itself."""
    challenge = wrong.get("challenge", options["challenge"])
    said = {"type": wrong.get("kind", does), "challenge": challenge, "origin": wrong.get("origin", ORIGIN)}
    return json.dumps(said).encode()


@dataclass
class Desk:
    clock: Clock
    register: Register
    keys: Passkeys

    def ann_has(self, device: Device) -> Device:
        self.keys.add(ANN, "hers", device.made(self.keys.invite(ANN, "hers")), "phone")
        return device

    def comes(self, device: Device, cookie: str = "new", **wrong: Any) -> Viewer | None:
        """Who somebody is who answers a challenge of this desk."""
        return self.keys.who(cookie, device.signed(self.keys.challenge(cookie), **wrong))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    clock = Clock()
    register = Register(tmp_path / "web.sqlite", clock)
    return Desk(clock, register, Passkeys(register, (ORIGIN,)))


def test_whoever_has_the_device_gets_in(desk: Desk) -> None:
    device = desk.ann_has(Device())
    assert desk.comes(device, count=2) == ANN
    assert desk.comes(device, count=3) == ANN


WRONG: dict[str, dict[str, Any]] = {
    "a page of another origin": {"origin": "https://desk.example.evil.test"},
    "a page of a subdomain": {"origin": "https://sub.desk.example"},
    "a page without encryption": {"origin": "http://desk.example"},
    "a passkey of another host": {"host": "evil.test"},
    "a person who was not verified": {"flags": PRESENT},
    "nobody present": {"flags": VERIFIED},
    "another's challenge": {"challenge": "AAAAAAAAAAAAAAAAAAAAAA"},
    "the word of a registration": {"kind": "webauthn.create"},
    "another's signature": {"key": ec.generate_private_key(ec.SECP256R1())},
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_in_one_thing_signs_nobody_in(desk: Desk, name: str) -> None:
    device = desk.ann_has(Device())
    assert desk.comes(device, count=2, **WRONG[name]) is None
    assert desk.comes(device, count=2) == ANN


@pytest.mark.parametrize("name", [name for name in WRONG if name != "another's signature"])
def test_a_passkey_that_is_wrong_in_one_thing_is_not_kept(desk: Desk, name: str) -> None:
    wrong = WRONG[name] if name != "the word of a registration" else {"kind": "webauthn.get"}
    with pytest.raises(RefusedError, match="does not fit"):
        desk.keys.add(ANN, "hers", Device().made(desk.keys.invite(ANN, "hers"), **wrong), "phone")
    assert desk.keys.of(ANN) == []


@pytest.mark.parametrize(("before", "then", "who"), [(7, 8, ANN), (7, 7, None), (7, 3, None), (7, 0, None)])
def test_a_counter_that_does_not_rise_is_of_a_copy(desk: Desk, before: int, then: int, who: Viewer) -> None:
    device = desk.ann_has(Device())
    assert desk.comes(device, count=before) == ANN
    assert desk.comes(device, count=then) == who


def test_a_copy_does_not_push_the_counter_back_for_whoever_has_the_device(desk: Desk) -> None:
    device = desk.ann_has(Device())
    desk.comes(device, count=9)
    desk.comes(device, count=2)
    assert desk.comes(device, count=3) is None
    assert desk.comes(device, count=10) == ANN


def test_a_device_that_never_counts_gets_in(desk: Desk) -> None:
    """Passkeys that are kept in step over several devices have no counter."""
    device = Device()
    desk.keys.add(ANN, "hers", device.made(desk.keys.invite(ANN, "hers"), count=0), "phone")
    assert [desk.comes(device, count=0) for _ in range(2)] == [ANN, ANN]


def test_an_answer_is_worth_something_once(desk: Desk) -> None:
    device = desk.ann_has(Device())
    answer = device.signed(desk.keys.challenge("new"), count=2)
    assert [desk.keys.who("new", answer) for _ in range(2)] == [ANN, None]


def test_an_answer_is_of_the_browser_that_was_asked(desk: Desk) -> None:
    device = desk.ann_has(Device())
    options = desk.keys.challenge("the victim's")
    desk.keys.challenge("the thief's")
    assert desk.keys.who("the thief's", device.signed(options, count=2)) is None


@pytest.mark.parametrize(("passed", "who"), [(PATIENCE - 1, ANN), (PATIENCE, None)])
def test_a_challenge_is_over_after_five_minutes(desk: Desk, passed: int, who: Viewer | None) -> None:
    device = desk.ann_has(Device())
    answer = device.signed(desk.keys.challenge("new"), count=2)
    desk.clock.now += passed
    assert desk.keys.who("new", answer) == who


def test_a_challenge_to_make_a_passkey_signs_nobody_in(desk: Desk) -> None:
    """Both are kept in one place: what the browser says that it does tells them apart."""
    device = desk.ann_has(Device())
    options = desk.keys.invite(ANN, "hers")
    assert desk.keys.who("hers", device.made(options)) is None


def test_nobody_takes_over_a_passkey_by_registering_its_id(desk: Desk) -> None:
    """A credential id is no secret: who knows Ann's would else sign in as her, or keep her out (§7.1, 26)."""
    device = desk.ann_has(Device())
    thief = Device(id=device.id)
    with pytest.raises(RefusedError, match="does not fit"):
        desk.keys.add(EVE, "eve's", thief.made(desk.keys.invite(EVE, "eve's")), "mine")
    assert desk.keys.of(EVE) == []
    assert desk.comes(device, count=2) == ANN
    assert desk.comes(thief, count=3) is None


def test_a_passkey_that_was_removed_opens_nothing(desk: Desk) -> None:
    device = desk.ann_has(Device())
    [kept] = desk.keys.of(ANN)
    desk.keys.remove(ANN, kept.name)
    assert desk.comes(device, count=2) is None


def test_a_desk_asks_for_a_verified_person_on_its_own_host_and_keeps_the_challenge_to_itself(
    desk: Desk,
) -> None:
    desk.ann_has(Device())
    made, asked = desk.keys.invite(ANN, "hers"), desk.keys.challenge("new")
    assert made["rp"]["id"] == asked["rpId"] == HOST
    assert made["authenticatorSelection"]["userVerification"] == asked["userVerification"] == "required"
    assert asked.get("allowCredentials", []) == []
    assert len(base64url_to_bytes(asked["challenge"])) >= 16
    assert asked["challenge"] != desk.keys.challenge("new")["challenge"]
