"""Reading: what one viewer may see, as columns for the analyses and as claims for people.

Every query takes the viewer's set of visible markings, as `chokepoint.store.visible` says it in SQL, and
answers from the records under those alone. A record's marking is always today's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, text

from chokepoint.model.identity import Entity
from chokepoint.proof.sealing import SEALED
from chokepoint.store import columns, ids, visible
from chokepoint.store.base import CLAIM, StoredClaim, read_claim
from chokepoint.store.canonical import read_envelope
from chokepoint.store.columns import ALL, Span, rows_of
from chokepoint.store.interning import Space, entity_number
from chokepoint.store.predicates import CHUNK, END, chunks, marks, placeholders
from chokepoint.store.still import still
from chokepoint.store.subjects import opened
from chokepoint.store.versions import versions
from chokepoint.store.view import View

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray
    from sqlalchemy import Connection

    from chokepoint.model.marking import Marking
    from chokepoint.store.base import LinkColumns
    from chokepoint.store.columns import Nodes, Sames


FEW = 16
"""Records that are opened at a time for whoever may stop early."""


class Reader(View):
    """The atlas as one viewer sees it."""

    def names(self, connection: Connection, space: Space) -> Mapping[int, str]:
        """Names of a space by number; of origins, those that visible claims name.

        Kinds and properties are the vocabulary's words and say nothing of who used them.
        """
        return self._origins(connection) if space is Space.ORIGIN else self._words(connection, space)

    @still
    def _words(self, connection: Connection, space: Space) -> Mapping[int, str]:
        sql = "SELECT number, name FROM names WHERE space = ?"
        return dict(map(tuple, connection.exec_driver_sql(sql, (int(space),))))

    def _origins(self, connection: Connection) -> Mapping[int, str]:
        shown = marks(self.visible(connection))
        rows = connection.exec_driver_sql(
            "SELECT number, name FROM names WHERE space = ? AND number IN"  # noqa: S608 - integers and marks only
            f" (SELECT origin FROM provenances WHERE marking IN ({shown}))",
            (int(Space.ORIGIN),),
        )
        return {int(number): str(name) for number, name in rows}

    @still
    def organisations(self, connection: Connection) -> Mapping[int, str]:
        """Members by number."""
        return dict(map(tuple, connection.exec_driver_sql("SELECT number, name FROM organisations")))

    def links(self, connection: Connection, span: Span = ALL) -> LinkColumns:
        """All visible claims whose object is an entity."""
        return columns.read_links(connection, self.visible(connection), span)

    def links_like(self, connection: Connection, seqs: NDArray[np.int64]) -> LinkColumns:
        """All visible claims that state the same, of two entities, as a claim at one of these positions."""
        return columns.read_links(connection, self.visible(connection), ALL, like=seqs)

    def nodes(self, connection: Connection, eids: NDArray[np.int64]) -> Nodes:
        """Kind and value of each number of an entity that visible claims speak of, ascending and distinct."""
        return columns.read_nodes(connection, self.visible(connection), eids)

    def sames(self, connection: Connection) -> Sames:
        """All visible identity judgements between entities that visible claims speak of."""
        return columns.read_sames(connection, self.visible(connection), self.until)

    def eid(self, connection: Connection, entity: Entity) -> int | None:
        """The number of an entity that a visible claim speaks of; None for hidden and absent alike."""
        number = entity_number(connection, entity)
        return number if number is not None and self.about(connection, number, limit=1) else None

    def entities(self, connection: Connection, eids: Iterable[int]) -> dict[int, Entity]:
        """Entities by number."""
        kinds = self.names(connection, Space.KIND)
        found: dict[int, Entity] = {}
        for part in chunks(sorted(set(eids))):
            sql = f"SELECT eid, kind, value FROM entities WHERE eid IN ({marks(part)})"  # noqa: S608 - integers only
            found.update((eid, Entity(kinds[kind], value)) for eid, kind, value in rows_of(connection, sql))
        return found

    def about(self, connection: Connection, eid: int, *, limit: int = END) -> list[int]:
        """Positions of the visible claims up to `until` that name the entity, newest first."""
        found: set[int] = set()
        for end in ("subject", "object"):
            for part in chunks(self.visible(connection)):
                newest = [
                    f"SELECT * FROM (SELECT seq FROM claims WHERE {end} = ? AND marking = {number}"  # noqa: S608 - integers only
                    f" AND seq <= {self.until} ORDER BY seq DESC LIMIT ?) of_{number}"
                    for number in part
                ]
                rows = rows_of(connection, " UNION ALL ".join(newest), (eid, limit) * len(part))
                found.update(int(row[0]) for row in rows)
        return sorted(found, reverse=True)[:limit]

    def with_property(
        self, connection: Connection, names: Sequence[str], *, texts: bool = False
    ) -> list[int]:
        """Positions of the visible claims with one of these properties, in ledger order.

        With `texts` of those alone that say a text, not another entity: they have an index of their own.
        """
        spaces = self.names(connection, Space.PROPERTY)
        numbers = [number for number, name in spaces.items() if name in names]
        rows = connection.exec_driver_sql(
            "SELECT c.seq FROM claims c"  # noqa: S608 - integers and marks only
            f" WHERE c.property IN ({marks(numbers)}) AND c.marking IN ({marks(self.visible(connection))})"
            f"{' AND c.object IS NULL' if texts else ''} ORDER BY c.seq"
        )
        return [int(row[0]) for row in rows]

    def said_of(self, connection: Connection, eids: Iterable[int], names: Sequence[str]) -> list[int]:
        """Positions of the visible claims about these entities with one of these properties."""
        numbers = [number for number, name in self.names(connection, Space.PROPERTY).items() if name in names]
        found: list[int] = []
        for part in chunks(sorted(set(eids))):
            rows = connection.exec_driver_sql(
                "SELECT c.seq FROM claims c"  # noqa: S608 - integers and marks only
                f" WHERE c.subject IN ({marks(part)}) AND +c.property IN ({marks(numbers)})"
                f" AND c.marking IN ({marks(self.visible(connection))})"
            )
            found += [int(row[0]) for row in rows]
        return sorted(found)

    def claims(self, connection: Connection, seqs: Iterable[int]) -> Iterator[StoredClaim]:
        """The claims at these positions that the viewer may see, in ledger order."""
        shown = marks(self.visible(connection))
        for part in chunks(sorted(set(seqs))):
            rows = connection.exec_driver_sql(
                # Cross: of a hidden claim no more is read than of one that is not there.
                "SELECT c.seq, r.id, r.salt, r.body, m.form FROM claims c CROSS JOIN records r"  # noqa: S608 - integers and marks only
                " CROSS JOIN markings m WHERE r.seq = c.seq AND m.number = c.marking"
                f" AND c.seq IN ({marks(part)}) AND c.marking IN ({shown}) ORDER BY c.seq"
            ).all()
            bodies = opened(connection, [(row.salt, row.body) for row in rows])
            for (seq, name, _, _, form), body in zip(rows, bodies, strict=True):
                if body is None:
                    continue
                envelope = read_envelope(body)
                claim = read_claim(envelope.payload, visible.marking(form))
                yield StoredClaim(seq, name.hex(), envelope.organisation, envelope.recorded_at, claim)

    def claims_by_id(self, connection: Connection, names: Iterable[str]) -> Iterator[StoredClaim]:
        """The visible claims with these record ids; malformed, hidden and absent ids give nothing."""
        return self.claims(connection, self._positions(connection, names))

    def places(self, connection: Connection, names: Iterable[str]) -> list[int]:
        """Positions of the claims that `claims_by_id` gives, in ledger order, without reading them."""
        shown, found = marks(self.visible(connection)), list[int]()
        for part in chunks(sorted(self._positions(connection, names))):
            rows = connection.exec_driver_sql(
                f"SELECT seq FROM claims WHERE seq IN ({marks(part)}) AND marking IN ({shown}) ORDER BY seq"  # noqa: S608 - integers only
            )
            found += [int(row[0]) for row in rows]
        return found

    def _positions(self, connection: Connection, names: Iterable[str]) -> Iterable[int]:
        wanted = [bytes.fromhex(name) for name in names if len(name) == 64 and _HEX.issuperset(name)]
        return ids.positions(connection, wanted).values()

    def captures(self, connection: Connection, sha256s: Iterable[str]) -> dict[str, str]:
        """Paths of captures by SHA-256, under the oldest name that the viewer may see."""
        found: dict[str, str] = {}
        visible = marks(self.visible(connection))
        for part in chunks(sorted(set(sha256s))):
            sql = (
                f"SELECT sha256, path FROM captures WHERE sha256 IN ({placeholders(len(part))})"  # noqa: S608 - marks only
                f" AND marking IN ({visible}) ORDER BY seq"
            )
            for sha256, path in connection.exec_driver_sql(sql, tuple(part)):
                found.setdefault(sha256, path)
        return found

    def records(
        self, connection: Connection, kind: str, *, newest: bool = False
    ) -> Iterator[tuple[int, str, bytes]]:
        """Position, id and body of every visible record of a kind in any version so far.

        In ledger order, or with `newest` from the end, few at a time: whoever stops early reads little.
        """
        shown = marks(self.visible(connection))
        source = "SELECT p.seq FROM claims p"
        asked = dict[str, object]()
        if kind != CLAIM:
            named = "n.number = p.kind AND n.space = :space AND n.name IN :kinds"
            source = f"SELECT p.seq FROM others p JOIN names n ON {named}"  # noqa: S608 - constants
            kinds = versions(kind)
            asked = {"space": int(Space.RECORD), "kinds": [*kinds, *(SEALED + one for one in kinds)]}
        sql = text(
            "SELECT r.seq, r.id, r.salt, r.body FROM records r"  # noqa: S608 - constants and integers
            f" WHERE r.seq IN ({source} WHERE p.marking IN ({shown})) AND r.seq <= {int(self.until)}"
            f" ORDER BY r.seq {'DESC' if newest else ''}"
        )
        if asked:
            sql = sql.bindparams(bindparam("kinds", expanding=True))
        rows = connection.execute(sql, asked)
        for part in rows.partitions(FEW if newest else CHUNK):
            bodies = opened(connection, [(row.salt, row.body) for row in part])
            for row, body in zip(part, bodies, strict=True):
                if body is not None:
                    yield int(row.seq), row.id.hex(), body

    def markings_at(self, connection: Connection, seqs: Iterable[int]) -> dict[int, Marking]:
        """Today's marking of each visible record at these positions that is no claim."""
        markings = self.markings(connection)
        found: dict[int, Marking] = {}
        for part in chunks(sorted(set(seqs))):
            sql = f"SELECT seq, marking FROM others WHERE seq IN ({marks(part)})"  # noqa: S608 - integers only
            rows = connection.exec_driver_sql(sql)
            found.update((int(seq), markings[marking]) for seq, marking in rows if marking in markings)
        return found


_HEX = frozenset("0123456789abcdef")
