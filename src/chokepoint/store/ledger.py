"""The ledger: one append-only sequence of records, each batch signed by the organisation that speaks.

An append is one transaction: records, projections and the signed batch root are all there or none is.
What `append` has returned survives a kill and a power cut (SQLite WAL with synchronous=FULL).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from sqlalchemy import Connection, text

from chokepoint.model.errors import LedgerError, NotValidError, RefusedError
from chokepoint.model.marking import CASE, CLEAR, GROUP, ROLE, Marking
from chokepoint.model.member import Member, name_key
from chokepoint.store import people, saying, visible
from chokepoint.store.base import CLAIM, Appended, ClaimRow, RecordRow, refuse_nul
from chokepoint.store.batch import GENESIS, Batch, Sheet, Speaker
from chokepoint.store.canonical import canonical
from chokepoint.store.grouping import Group, Together, alone
from chokepoint.store.interning import Interner
from chokepoint.store.membership import ORGANISATION, look_alike, profile_payload
from chokepoint.store.postgres import Begin
from chokepoint.store.projection import project_claims, project_record
from chokepoint.store.resting import resting
from chokepoint.store.subjects import personal_in
from chokepoint.store.tree import Growth

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence
    from contextlib import AbstractContextManager

    from sqlalchemy import Engine

    from chokepoint.model.source import Capture
    from chokepoint.store.keys import KeyRing
    from chokepoint.store.saying import Said

__all__ = ["GENESIS", "Ledger", "Speaker"]

_STATE = (
    "SELECT (SELECT coalesce(max(seq), 0) FROM records), (SELECT coalesce(max(number), 0) FROM markings),"
    " (SELECT value FROM facts WHERE name = 'blanked')"
)
"""Position of the newest record, number of the newest marking, and how often records were blanked."""
LONGEST_NAME = 100
RESERVED = (GROUP, CASE, ROLE, visible.STAFF)


T = TypeVar("T")


class Made(NamedTuple):
    """Records that somebody is to append, and positions of records that they name, where these are known."""

    speaker: Speaker
    rows: Sequence[RecordRow]
    places: Mapping[bytes, int] = MappingProxyType({})

    @property
    def asked(self) -> tuple[str, str, frozenset[str]]:
        """Organisation, person and the kinds that they say."""
        return self.speaker.organisation, self.speaker.user, frozenset([row.kind for row in self.rows])


Make = Callable[[Connection, "Sequence[T]", "dict[Hashable, Any]"], "Sequence[Made | Exception]"]
"""Makes records of the items that wait, with a memory of what it looked up before."""


@dataclass(slots=True, kw_only=True)
class _Known:
    """What the appender remembers between its transactions, and forgets when somebody else appended."""

    interner: Interner
    growth: Growth
    blanked: str | None
    markings: int = 0
    said: Said = field(default_factory=dict)
    members: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    roots: dict[int, bytes] = field(default_factory=dict)
    refusals: dict[tuple[str, str, frozenset[str]], str] = field(default_factory=dict)
    looked: dict[Hashable, Any] = field(default_factory=dict)

    def sheet(self, connection: Connection) -> Sheet:
        """An empty one of a transaction."""
        return Sheet(connection=connection, interner=self.interner, growth=self.growth, roots=self.roots)


class Ledger:
    """Append to the ledger; reading is in `chokepoint.store.reading`."""

    def __init__(self, engine: Engine, keys: KeyRing, atlas: str) -> None:
        self._appending = engine.execution_options(begin=Begin.APPEND)
        self._keys = keys
        self._known: _Known | None = None
        self._group = Group(self._begin, self._forget)
        self.atlas = atlas

    def _begin(self) -> AbstractContextManager[Connection]:
        return self._appending.begin()

    def _forget(self) -> None:
        self._known = None

    def _remembered(self, connection: Connection) -> _Known:
        last, markings, blanked = connection.exec_driver_sql(_STATE).one()
        known = self._known
        if known is None or (known.growth.size, known.blanked) != (last, blanked):
            growth = Growth(connection, last)
            known = self._known = _Known(interner=Interner(connection), growth=growth, blanked=blanked)
        if known.markings != markings:
            known.markings = markings
            known.looked.clear()
        known.interner.use(connection)
        return known

    def _run(self, speaker: Speaker, work: Callable[[Batch, _Known], T]) -> T:
        """Do work on a batch of the speaker's, which is sealed and committed when this returns."""

        def whole(connection: Connection) -> T:
            known = self._remembered(connection)
            batch = self._open(known, known.sheet(connection), speaker)
            done = work(batch, known)
            batch.seal(self._keys)
            batch.sheet.close()
            return done

        return self._group.run(alone(whole))

    def _open(self, known: _Known, sheet: Sheet, speaker: Speaker) -> Batch:
        name = speaker.organisation
        member = known.members.get(name) or _member(sheet.connection, name)
        if member is None:
            raise LedgerError(
                f"{name!r} is no member of this atlas", mend=f"chokepoint --as {name!r} init adds it"
            )
        known.members[name] = member
        number, joined = member
        return Batch(
            sheet=sheet, atlas=self.atlas, speaker=speaker, owner=number, first=sheet.next, joined=joined
        )

    def join(self, speaker: Speaker, profile: Member | None = None) -> None:
        """Enter the speaker's organisation as a member, with a key made on this machine; a member stays one.

        Args:
            speaker: the organisation.
            profile: what is said of it besides its name.

        Raises:
            NotValidError: its name is empty, too long, or not printable.
            RefusedError: its name is another spelling of a member's.
        """
        name = speaker.organisation
        unsafe = "/" in name or name.startswith(RESERVED)
        if unsafe or not name_key(name) or not name.isprintable() or len(name.encode()) > LONGEST_NAME:
            raise NotValidError(
                f"{name[:LONGEST_NAME]!r} cannot name an organisation",
                mend=f"use 1 to {LONGEST_NAME} bytes of printable text without a slash",
            )

        def enter(connection: Connection) -> None:
            known = self._remembered(connection)
            if _member(connection, name) is not None:
                return
            other = look_alike(connection, name)
            if other:
                raise RefusedError(
                    f"{name!r} is another spelling of the member {other!r}",
                    place="--as",
                    mend=f"speak as {other!r}, or join under a name that cannot be taken for it",
                )
            public = self._keys.make(name)
            said = profile_payload(profile or Member(name=name))
            payload = {**said, "name": name, "public_key": public.hex()}
            connection.execute(
                text("INSERT INTO organisations (name, public_key) VALUES (:name, :key)"),
                {"name": name, "key": public},
            )
            batch = self._open(known, known.sheet(connection), speaker)
            batch.add(RecordRow(ORGANISATION, canonical(payload), CLEAR))
            batch.seal(self._keys)
            batch.sheet.close()
            known.looked.clear()

        self._group.run(alone(enter))

    def append(
        self, speaker: Speaker, rows: Sequence[RecordRow], then: Callable[[Connection], None] | None = None
    ) -> Appended:
        """Append records of any kind but claims and captures; they are durable when this returns.

        Args:
            speaker: in whose name.
            rows: the records.
            then: done in the same transaction.

        Raises:
            LedgerError: the organisation is no member, or its key is not on this machine.
            RefusedError: it has left, or its user has not the right to a record of this kind.
        """
        made = Made(speaker, rows)
        if then is None and people.RULING.isdisjoint(made.asked[2]):
            return self._group.run(Together("append", made, self._append_all))

        def work(batch: Batch, known: _Known) -> Appended:
            _may(known, batch.connection, made.asked)
            seqs = _write(batch, rows)
            batch.sheet.flush()
            if then is not None:
                then(batch.connection)
            self._forget()
            return Appended(seqs=seqs)

        return self._run(speaker, work)

    def append_made(self, item: T, make: Make[T]) -> Appended:
        """Append what is made of an item inside the transaction; as `append` otherwise.

        Args:
            item: of what records of no ruling kind are to be made.
            make: handed all items that wait for it at once, in their order, it says for each what to append,
                or why not: that is raised to those whose item it is. What it keeps in the memory is there
                the next time, while nobody's rights, circles or membership changed and no marking is new.
        """

        def work(connection: Connection, items: list[T]) -> list[Appended | Exception]:
            known = self._remembered(connection)
            made = make(connection, items, known.looked)
            asked = [one for one in made if not isinstance(one, Exception)]
            answers = iter(self._append_all(connection, asked, known))
            return [one if isinstance(one, Exception) else next(answers) for one in made]

        return self._group.run(Together(make, item, work))

    def _append_all(
        self, connection: Connection, asked: list[Made], known: _Known | None = None
    ) -> list[Appended | Exception]:
        """What several persons append at once: one batch and signature for each organisation of theirs."""
        known = known or self._remembered(connection)
        sheet = known.sheet(connection)
        answers: dict[int, Appended | Exception] = {}
        speaking: dict[str, list[int]] = {}
        for number, one in enumerate(asked):
            try:
                _may(known, connection, one.asked)
            except RefusedError as error:
                answers[number] = error
            else:
                speaking.setdefault(one.speaker.organisation, []).append(number)
                sheet.places.update(one.places)
        for numbers in speaking.values():
            batch = self._open(known, sheet, asked[numbers[0]].speaker)
            for number in numbers:
                batch.speaker = asked[number].speaker
                answers[number] = Appended(seqs=_write(batch, asked[number].rows))
            batch.seal(self._keys)
        sheet.close()
        return [answers[number] for number in range(len(asked))]

    def append_claims(
        self,
        speaker: Speaker,
        captures: Sequence[tuple[Capture, Marking]],
        rows: Sequence[ClaimRow],
        *,
        along: Callable[[Sequence[ClaimRow]], Sequence[RecordRow]] | None = None,
    ) -> Appended:
        """Append claims with the captures they point into; what this organisation said before is left out.

        Args:
            speaker: in whose name.
            captures: into which the claims point, and who may see them.
            rows: the claims.
            along: says of the claims that are new which records, of no ruling kind, go into the same
                transaction after them; their positions are not told.

        Raises:
            LedgerError: the organisation is no member, its key is not on this machine, or a claim points
                into a capture that is not given.
            RefusedError: it has left, or its user has not the right to speak.
            NotValidError: NUL in the name of a thing or an origin.
        """
        for row in rows:
            refuse_nul(row)

        def work(batch: Batch, known: _Known) -> Appended:
            _may(known, batch.connection, (speaker.organisation, speaker.user, frozenset((CLAIM,))))
            seqs = saying.captures(batch, captures)
            fresh = saying.unsaid(batch, known.said, seqs, rows)
            new = [row for row, is_new in zip(rows, fresh, strict=True) if is_new]
            first = batch.next
            if new:
                keys = saying.subjects(batch, new)
                parts = [
                    (row.provenance.marking, row.payload, about) for row, about in zip(new, keys, strict=True)
                ]
                batch.write(CLAIM, parts)
                project_claims(batch, first, new, seqs)
                _write(batch, along(new) if along else ())
            return Appended(seqs=tuple(range(first, first + len(new))), fresh=tuple(fresh))

        with resting():
            return self._run(speaker, work)


def _may(known: _Known, connection: Connection, asked: tuple[str, str, frozenset[str]]) -> None:
    """Refuse whoever has left or has not the right to records of these kinds."""
    if asked not in known.refusals:
        known.refusals[asked] = people.refused(connection, *asked)
    if reason := known.refusals[asked]:
        raise RefusedError(reason, mend="ask an administrator of your organisation")


def _write(batch: Batch, rows: Sequence[RecordRow]) -> tuple[int, ...]:
    """Write and project the records of one speaker; their positions."""
    first = batch.next
    for row in rows:
        personal = personal_in(row.kind, row.payload)
        keys = tuple(batch.interner.keys(personal).values()) if personal else ()
        project_record(batch, batch.add(row, keys))
    return tuple(range(first, batch.next))


def _member(connection: Connection, organisation: str) -> tuple[int, bytes] | None:
    """Number and public key of a member."""
    row = connection.execute(
        text("SELECT number, public_key FROM organisations WHERE name = :name"), {"name": organisation}
    ).one_or_none()
    return None if row is None else (int(row.number), bytes(row.public_key))
