"""A name that somebody takes up by an invitation begins anew: whatever opened under it before is gone."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chokepoint.model.marking import Viewer
    from chokepoint.web.guard.register import Register

OPENING = ("sessions", "links", "passwords", "api_keys", "passkeys", "subjects", "gatherings")
"""Tables of the register that hold what signs a person in."""


def begin_anew(register: Register, viewer: Viewer) -> None:
    """Nothing that was kept for this person signs anybody in."""
    with register.together():
        for table in OPENING:
            register.change(
                f"DELETE FROM {table} WHERE organisation = :organisation AND person = :person",  # noqa: S608 - names above
                organisation=viewer.organisation,
                person=viewer.user,
            )
