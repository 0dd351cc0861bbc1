"""What the viewer's own organisation has taken from a file, and under which markings it stands now."""
# ruff: noqa: S608 - only integers that we made ourselves stand in SQL as text

from __future__ import annotations

from typing import TYPE_CHECKING

from chokepoint.store.predicates import marks

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from sqlalchemy import Connection

    from chokepoint.model.marking import Marking
    from chokepoint.store.reading import Reader


def captures_under(
    reader: Reader, connection: Connection, sha256s: Iterable[str]
) -> dict[str, list[tuple[str, Marking]]]:
    """Record id and marking of each visible capture of these files that the viewer's organisation took."""
    markings = reader.markings(connection)
    found: dict[str, list[tuple[str, Marking]]] = {}
    for sha256 in sorted(set(sha256s)):
        rows = connection.exec_driver_sql(
            "SELECT r.id, k.marking FROM captures k JOIN organisations o ON o.number = k.owner"
            " JOIN records r ON r.seq = k.seq WHERE k.sha256 = ? AND o.name = ?"
            f" AND k.marking IN ({marks(list(markings))}) ORDER BY k.seq",
            (sha256, reader.viewer.organisation),
        )
        for name, marking in rows:
            found.setdefault(sha256, []).append((name.hex(), markings[marking]))
    return found


def said_laxer(
    reader: Reader, connection: Connection, sha256s: Iterable[str], than: Collection[Marking]
) -> dict[tuple[str, int], tuple[str, Marking]]:
    """Own visible claims from these files that are laxer than one of some markings: id and marking.

    By capture and fingerprint. Cheap where no marking in use is laxer.
    """
    markings = {
        number: marking
        for number, marking in reader.markings(connection).items()
        if any(marking.join(one) != marking for one in than)
    }
    found: dict[tuple[str, int], tuple[str, Marking]] = {}
    for sha256 in sorted(set(sha256s)) if markings else ():
        rows = connection.exec_driver_sql(
            "SELECT c.fingerprint, r.id, c.marking FROM captures k JOIN organisations o ON o.number = k.owner"
            " JOIN provenances p ON p.capture = k.seq JOIN claims c ON c.provenance = p.number"
            " JOIN records r ON r.seq = c.seq WHERE k.sha256 = ? AND o.name = ?"
            f" AND c.marking IN ({marks(list(markings))}) ORDER BY c.seq",
            (sha256, reader.viewer.organisation),
        )
        found.update({(sha256, int(mark)): (name.hex(), markings[number]) for mark, name, number in rows})
    return found
