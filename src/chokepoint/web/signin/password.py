"""Local passwords, the fallback: Argon2id (RFC 9106), the same time and answer for whoever is not known."""

from __future__ import annotations

from threading import BoundedSemaphore
from typing import TYPE_CHECKING

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from chokepoint.model.errors import NotValidError
from chokepoint.model.said import Said

if TYPE_CHECKING:
    from chokepoint.model.marking import Viewer
    from chokepoint.web.guard.register import Register

SHORTEST, LONGEST = 12, 256
"""Characters; NIST SP 800-63B-4 asks for length and for no mixture."""
_hasher = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=1)
_NOBODYS = f"$argon2id$v=19$m={_hasher.memory_cost},t={_hasher.time_cost},p=1${'A' * 22}${'A' * 43}"
"""A hash that no password is known to have; reckoning a real one would take a start a third of a second."""
_at_once = BoundedSemaphore(2)
"""Each check takes 64 MiB: whoever sends many fills a queue and not the memory."""


class Passwords:
    """The passwords of one desk, as hashes."""

    def __init__(self, register: Register) -> None:
        self._register = register

    def set(self, viewer: Viewer, password: str) -> None:
        """The person's password from now on.

        Raises:
            NotValidError: too short, too long, or the person's own name.
        """
        check(viewer, password)
        with _at_once:
            made = _hasher.hash(password)
        self._register.change(
            "INSERT INTO passwords (organisation, person, hash) VALUES (:organisation, :person, :hash)"
            " ON CONFLICT (organisation, person) DO UPDATE SET hash = excluded.hash",
            organisation=viewer.organisation,
            person=viewer.user,
            hash=made,
        )

    def fits(self, viewer: Viewer, password: str) -> bool:
        """Whether this is the person's password; takes as long for somebody who has none."""
        row = self._register.row(
            "SELECT hash FROM passwords WHERE organisation = :organisation AND person = :person",
            organisation=viewer.organisation,
            person=viewer.user,
        )
        with _at_once:
            try:
                return (
                    _hasher.verify(row["hash"] if row else _NOBODYS, password[:LONGEST]) and row is not None
                )
            except (VerificationError, InvalidHashError):
                return False


def check(viewer: Viewer, password: str) -> None:
    """Refuse a password that is none.

    Raises:
        NotValidError: too short, too long, or the person's own name.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise NotValidError(
            Said("a password has {shortest} to {longest} characters", shortest=SHORTEST, longest=LONGEST),
            mend="take a few words",
        )
    plain = password.casefold()
    if (
        plain.replace(viewer.user.casefold(), "")
        .replace(viewer.organisation.casefold(), "")
        .strip(" 0123456789")
        == ""
    ):
        raise NotValidError("that password is your name", mend="take a few words that nobody would guess")
