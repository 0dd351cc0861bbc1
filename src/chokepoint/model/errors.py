"""The one error family: what went wrong, where, and how to mend it."""

from __future__ import annotations

from chokepoint.model.said import advised


class ChokepointError(Exception):
    """Something was refused or failed for a reason that a person can act on.

    Attributes:
        reason: what is wrong, in one sentence.
        place: where it is wrong (`file, line 3`, a JSON pointer, an option), or empty.
        mend: what the reader can do about it, or empty.
        said: reason and mend as they were given, so that a face can say them in another language.
    """

    def __init__(self, reason: str, *, place: str = "", mend: str = "") -> None:
        self.reason, self.place, self.mend = str(reason), place, str(mend)
        self.said = reason, mend
        super().__init__(self.explain())

    def explain(self) -> str:
        """The error as one line for a person: `place: reason. Mend: …`."""
        told = str(self.advice)
        return f"{self.place}: {told}" if self.place else told

    @property
    def advice(self) -> str:
        """Reason and mend without the place, `reason. Mend: …`, which faces can say in another language."""
        return advised(*self.said)


class BadInputError(ChokepointError):
    """Bytes from outside do not have the form they claim to have."""


class TooLargeError(BadInputError):
    """Bytes from outside pass a limit on size, depth, count or expansion."""


class NotValidError(ChokepointError):
    """A single value is not a valid member of its kind (a checksum fails, a label is unknown)."""


class RefusedError(ChokepointError):
    """The rules of the atlas forbid what was asked."""


class NotFoundError(ChokepointError):
    """What was asked for does not exist for this viewer; hidden and absent read the same."""


class ReplacedError(ChokepointError):
    """Another file lies where one was opened, or none: what is written would be found by nobody."""


class LedgerError(ChokepointError):
    """A record, batch or capture does not verify."""
