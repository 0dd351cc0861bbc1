"""Passkeys (W3C Web Authentication, level 3): bound to this host, the person verified by the device."""

from __future__ import annotations

import hashlib
import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec
import webauthn
from webauthn.helpers import base64url_to_bytes
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from chokepoint.model.errors import RefusedError
from chokepoint.model.marking import Viewer
from chokepoint.web.guard.register import hashed
from chokepoint.web.signin.belongings import Belongings

if TYPE_CHECKING:
    from chokepoint.web.guard.register import Register

PATIENCE = 5 * 60
"""Seconds for which a challenge may be answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passkey:
    """A passkey of a person, as they know it: its id here, its label and when it was made (Unix seconds)."""

    name: str
    label: str
    made: int


class Passkeys:
    """The passkeys of one desk."""

    def __init__(self, register: Register, origins: tuple[str, ...]) -> None:
        self._register = register
        self._theirs = Belongings(register=register, table="passkeys", named_by="hex(id)", what="passkey")
        self._origins = list(origins)
        self._host = origins[0].partition("://")[2].partition(":")[0]

    def invite(self, viewer: Viewer, cookie: str) -> Any:
        """What a browser is asked in order to make a passkey for a person."""
        options = webauthn.generate_registration_options(
            rp_id=self._host,
            rp_name="Chokepoint",
            user_name=viewer.person or viewer.organisation,
            user_id=hashlib.sha256(f"{viewer.organisation}\x1f{viewer.user}".encode()).digest(),
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED,
                user_verification=UserVerificationRequirement.REQUIRED,
            ),
            exclude_credentials=[
                PublicKeyCredentialDescriptor(id=bytes.fromhex(one.name)) for one in self.of(viewer)
            ],
        )
        self._ask(cookie, options.challenge)
        return msgspec.json.decode(webauthn.options_to_json(options))

    def add(self, viewer: Viewer, cookie: str, answer: dict[str, Any], label: str) -> None:
        """Keep the passkey that a browser made.

        Raises:
            RefusedError: the answer does not fit what was asked, or comes too late.
        """
        try:
            made = webauthn.verify_registration_response(
                credential=answer,
                expected_challenge=self._asked(cookie),
                expected_rp_id=self._host,
                expected_origin=self._origins,
                require_user_verification=True,
            )
        except Exception as error:  # the library raises its own, KeyError, ValueError and more on bad input
            raise RefusedError("that passkey does not fit", mend="try again") from error
        try:
            self._register.change(
                "INSERT INTO passkeys (id, organisation, person, public, count, label, made)"
                " VALUES (:id, :organisation, :person, :public, :count, :label, :made)",
                id=made.credential_id,
                organisation=viewer.organisation,
                person=viewer.user,
                public=made.credential_public_key,
                count=made.sign_count,
                label=label.strip()[:80] or "passkey",
                made=self._register.now(),
            )
        except sqlite3.IntegrityError as error:  # its id is somebody's already (WebAuthn 3, §7.1, step 26)
            raise RefusedError("that passkey does not fit", mend="try again") from error

    def challenge(self, cookie: str) -> Any:
        """What a browser is asked in order to sign somebody in with whichever passkey they have."""
        options = webauthn.generate_authentication_options(
            rp_id=self._host, user_verification=UserVerificationRequirement.REQUIRED
        )
        self._ask(cookie, options.challenge)
        return msgspec.json.decode(webauthn.options_to_json(options))

    def who(self, cookie: str, answer: dict[str, Any]) -> Viewer | None:
        """Whom the answer proves, or None; one whose counter went back was copied, and proves nobody."""
        try:
            name = base64url_to_bytes(str(answer["id"]))
            row = self._register.row("SELECT * FROM passkeys WHERE id = :id", id=name)
            proved = webauthn.verify_authentication_response(
                credential=answer,
                expected_challenge=self._asked(cookie),
                expected_rp_id=self._host,
                expected_origin=self._origins,
                credential_public_key=row["public"] if row else b"",
                credential_current_sign_count=row["count"] if row else 0,
                require_user_verification=True,
            )
        except Exception:  # noqa: BLE001 - the library raises its own, KeyError, ValueError and more on bad input
            return None
        self._register.change(
            "UPDATE passkeys SET count = :count WHERE id = :id", count=proved.new_sign_count, id=name
        )
        return Viewer(organisation=row["organisation"], user=row["person"]) if row else None

    def of(self, viewer: Viewer) -> list[Passkey]:
        """The passkeys of a person, the newest first."""
        rows = self._theirs.of(viewer)
        return [Passkey(name=row["id"].hex(), label=row["label"], made=row["made"]) for row in rows]

    def remove(self, viewer: Viewer, name: str) -> None:
        """A passkey of the person opens nothing any more.

        Raises:
            NotFoundError: they have no such passkey.
        """
        self._theirs.remove(viewer, name.upper())

    def _ask(self, cookie: str, challenge: bytes) -> None:
        now = self._register.now()
        self._register.change("DELETE FROM challenges WHERE until <= :now", now=now)
        self._register.change(
            "INSERT INTO challenges (id, challenge, until) VALUES (:id, :challenge, :until)"
            " ON CONFLICT (id) DO UPDATE SET challenge = excluded.challenge, until = excluded.until",
            id=hashed(cookie),
            challenge=challenge,
            until=now + PATIENCE,
        )

    def _asked(self, cookie: str) -> bytes:
        """The challenge that this browser was given, which is answered once."""
        with self._register.together():
            row = self._register.row(
                "SELECT challenge FROM challenges WHERE id = :id AND until > :now",
                id=hashed(cookie),
                now=self._register.now(),
            )
            self._register.change("DELETE FROM challenges WHERE id = :id", id=hashed(cookie))
        if row is None:
            raise RefusedError("nothing was asked")
        return bytes(row["challenge"])
