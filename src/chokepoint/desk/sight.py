"""Whose eyes a look goes through, and what marking the result keeps.

What is handed on is computed from what its recipients may see, never cut out of what the sender sees:
a belief, a picture or a count would otherwise tell of claims that are not theirs.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from chokepoint.model.errors import RefusedError
from chokepoint.model.marking import CLEAR, Marking, Pap, Tlp, Viewer, may_see
from chokepoint.model.role import RIGHTS, Right
from chokepoint.model.said import Said
from chokepoint.store import visible
from chokepoint.store.people import rights_of, roles_of
from chokepoint.store.reading import Reader

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Connection, Engine


class CommonReader(Reader):
    """The atlas as several viewers see it together: only what each of them may see."""

    def __init__(
        self, engine: Engine, viewers: Sequence[Viewer], at_most: Tlp = Tlp.RED, *, today: int = 0
    ) -> None:
        """Reads in the name of the first viewer, of whom there must be one, on a day since 1970-01-01."""
        super().__init__(engine, viewers[0], at_most)
        self.today = today
        self._others = tuple(viewers[1:])

    @property
    def _viewers(self) -> tuple[Viewer, ...]:
        return (self.viewer, *self._others)

    def _visible(self, connection: Connection) -> frozenset[int]:
        numbers = super()._visible(connection)
        for other in self._others:
            numbers &= visible.visible(connection, other, self._at_most)
        return numbers


class LookingReader(CommonReader):
    """What `CommonReader` reads, for whoever has the right to look: here that is asked, once for all verbs.

    Raises:
        RefusedError: a person without that right, before anything is read.
    """

    def _visible(self, connection: Connection) -> frozenset[int]:
        must_look(connection, self.viewer)
        return super()._visible(connection)


def must_look(connection: Connection, viewer: Viewer) -> None:
    """Refuse a person whose roles do not let them look; who has none sees what the public sees.

    Raises:
        RefusedError: a person without the right to look.
    """
    if not viewer.user or any(Right.LOOK in RIGHTS[one] for one in roles_of(connection, viewer.person)):
        return
    held = rights_of(connection, viewer.organisation, viewer.user)
    if held and Right.LOOK not in held:
        raise RefusedError(
            Said("{who} may not {right}", who=viewer.person, right=Said(Right.LOOK.value)),
            mend="an administrator gives roles that may: chokepoint people roles",
        )


class StepReader(Reader):
    """The atlas as one viewer sees it, up to a label; the open steps leave out whatever has conditions."""

    def _visible(self, connection: Connection) -> frozenset[int]:
        numbers = super()._visible(connection)
        if self._at_most > Tlp.GREEN:
            return numbers
        held = visible.markings(connection, numbers)
        return frozenset(number for number, marking in held.items() if unconditional(marking))

    def conditions(self, connection: Connection) -> frozenset[tuple[int, Marking]]:
        """The markings on claims that this step holds, each with its number."""
        used = self.used(connection)
        return frozenset(one for one in self.markings(connection).items() if one[0] in used)


class Step(NamedTuple):
    """A wider look than the one before, and the marking of what only it brings into sight."""

    reader: StepReader
    marking: Marking


def steps(viewer: Viewer, engine: Engine) -> Iterator[Step]:
    """Looks from the most open to all that the viewer sees."""
    organisation = Viewer(organisation=viewer.organisation)
    own = Marking(tlp=Tlp.RED, audience=frozenset({viewer.organisation}))
    yield Step(StepReader(engine, organisation, Tlp.CLEAR), CLEAR)
    yield Step(StepReader(engine, organisation, Tlp.GREEN), Marking(tlp=Tlp.GREEN))
    yield Step(StepReader(engine, organisation, Tlp.AMBER_STRICT), Marking(tlp=Tlp.AMBER_STRICT))
    yield Step(StepReader(engine, organisation), own)
    if viewer.user:
        named = frozenset({f"{viewer.organisation}/{viewer.user}"})
        yield Step(StepReader(engine, viewer), replace(own, audience=named))


def unconditional(marking: Marking) -> bool:
    """Whether a label for everybody is all that a marking says."""
    return marking.is_open and marking.pap is Pap.CLEAR and not marking.handling and not marking.cases


def inherited(marking: Marking, owner: str, by: str) -> Marking:
    """The marking under which `by` records what rests on a record of `owner`.

    The owner is a recipient of it as far as the record itself is open to the owner. Where only some persons
    of `by` were let in, RED keeps it among them: any milder label would open it to the rest of `by`.
    """
    if marking.is_open or by == owner:
        return marking
    audience = marking.audience
    if may_see(Viewer(organisation=owner), marking, owner):
        audience |= {owner}
    return replace(marking, audience=audience, tlp=marking.tlp if by in audience else Tlp.RED)


def kept_in(marking: Marking, viewer: Viewer) -> Marking:
    """The marking under which a viewer's house alone sees what rests on a record of somebody else.

    Of a record that only some persons of the house see, those are named whom the viewer speaks for.
    """
    if marking.is_open:
        return replace(marking, tlp=Tlp.AMBER_STRICT)
    whole = viewer.organisation in marking.audience or not viewer.user
    return replace(
        marking, tlp=Tlp.RED, audience=frozenset({viewer.organisation if whole else viewer.person})
    )
