"""A viewer's look at an atlas: through whose eyes it is read, up to which record, and of which moment."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Self

from chokepoint.model.marking import Tlp, Viewer
from chokepoint.store import postgres, visible
from chokepoint.store.columns import rows_of
from chokepoint.store.erasures import forgotten
from chokepoint.store.predicates import END, marks

if TYPE_CHECKING:
    from collections.abc import Hashable

    from sqlalchemy import Connection, Engine, RootTransaction

    from chokepoint.model.marking import Marking


class View:
    """Which markings one viewer may see, at one moment of the ledger, and on what all that is read depends.

    Attributes:
        today: days since 1970-01-01 on which it is read; 0: before anything expires.
        until: ledger position up to which the claims about an entity, judgements and other records are
            read; who may see what is always as it is now.
    """

    today = 0
    until = END

    def __init__(self, engine: Engine, viewer: Viewer, at_most: Tlp = Tlp.RED) -> None:
        """Reads as `viewer`, leaving out what is marked above `at_most`."""
        self._engine = engine
        self.viewer = viewer
        self._at_most = at_most
        self._looked: tuple[RootTransaction | None, tuple[int, ...]] = (None, ())
        self._stood: tuple[RootTransaction | None, tuple[int, ...]] = (None, ())
        self._gone: tuple[RootTransaction | None, int] = (None, 0)

    def as_of(self, position: int, today: int) -> Self:
        """The same look at what had been recorded up to a ledger position, judged on that day."""
        then = copy(self)
        then.until, then.today = position, today
        return then

    def connect(self) -> Connection:
        """A connection for one consistent reading."""
        connection = postgres.viewing(self._engine)
        if connection.dialect.name == "postgresql":
            try:
                self._show(connection)
            except BaseException:  # whoever may not look leaves no connection behind
                connection.close()
                raise
        return connection

    def _show(self, connection: Connection) -> None:
        """Let PostgreSQL show what the viewer sees, and nothing else."""
        with postgres.above_the_wall(connection) as asking:
            shown, company = tuple(sorted(self._visible(asking))), visible.company(asking, self._viewers)
            gone = forgotten(asking)
        now = connection.get_transaction()
        self._looked, self._gone = (now, shown), (now, gone)
        postgres.show(connection, shown, company)

    @property
    def _viewers(self) -> tuple[Viewer, ...]:
        """Everybody who must be allowed to see what is read."""
        return (self.viewer,)

    def visible(self, connection: Connection) -> tuple[int, ...]:
        """Numbers of the markings that this viewer may see, ascending: of one moment, so looked up once."""
        now, (then, numbers) = connection.get_transaction(), self._looked
        if now is None or now is not then:
            numbers = tuple(sorted(self._visible(connection)))
            self._looked = connection.get_transaction(), numbers
        return numbers

    def _visible(self, connection: Connection) -> frozenset[int]:
        return visible.visible(connection, self.viewer, self._at_most)

    def state(self, connection: Connection) -> Hashable:
        """On what all that is read here depends, at one moment of the ledger; see `still`."""
        now, (then, grown) = connection.get_transaction(), self._stood
        if now is None or now is not then:
            grown = (self.position(connection), *self.data_position(connection))
            self._stood = connection.get_transaction(), grown
        shown = self.visible(connection)
        return (self._viewers, self._at_most, self.until, self.today, shown, grown)

    def markings(self, connection: Connection) -> dict[int, Marking]:
        """The markings that this viewer may see, by number."""
        return visible.markings(connection, frozenset(self.visible(connection)))

    def resolved(self, connection: Connection) -> Viewer:
        """The viewer with the groups and cases in which the ledger has them."""
        return visible.resolved(connection, self.viewer)

    def labels(self, connection: Connection) -> set[Tlp]:
        """The labels on the claims that this viewer may see."""
        return visible.labels(connection, self.markings(connection))

    def used(self, connection: Connection) -> set[int]:
        """Numbers of the visible markings that claims have, or had."""
        shown = marks(self.visible(connection))
        sql = f"SELECT DISTINCT marking FROM provenances WHERE marking IN ({shown})"  # noqa: S608 - integers only
        return {int(row[0]) for row in rows_of(connection, sql)}

    def position(self, connection: Connection) -> int:
        """The ledger position of the newest record that could change what is seen."""
        newest = int(connection.exec_driver_sql("SELECT coalesce(max(seq), 0) FROM records").scalar_one())
        return min(newest, self.until)

    def erased(self, connection: Connection) -> int:
        """How many erasures there were at the moment of this reading, of whatever was hidden too."""
        now, (then, gone) = connection.get_transaction(), self._gone
        return gone if now is not None and now is then else forgotten(connection)

    def newest_marking(self, connection: Connection) -> int:
        """The number of the newest marking, hidden ones too; later ones are on later records alone."""
        behind_a_wall = connection.dialect.name == "postgresql"
        newest = "newest_marking()" if behind_a_wall else "coalesce(max(number), 0) FROM markings"
        return int(connection.exec_driver_sql(f"SELECT {newest}").scalar_one())

    def data_position(self, connection: Connection) -> tuple[int, ...]:
        """Numbers that grow when a visible claim, vote, judgement or period is added, and on re-marking.

        What happens under markings that this viewer may not see leaves them as they are.
        """
        shown = marks(self.visible(connection))
        newest = "coalesce(max(newest), 0), coalesce(max(moved), 0)"
        sql = f"SELECT {newest} FROM markings WHERE number IN ({shown})"  # noqa: S608 - integers only
        return tuple(map(int, connection.exec_driver_sql(sql).one()))
