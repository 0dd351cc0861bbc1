"""`outcome`: what became of hits, and guesses: how long replacement is expected to take."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from chokepoint.choke.times import Outcome, expected_times
from chokepoint.desk.personal.veil import veil
from chokepoint.model.claim import parse_day
from chokepoint.model.errors import BadInputError, NotFoundError, NotValidError, RefusedError
from chokepoint.model.identity import Entity
from chokepoint.model.member import Mode
from chokepoint.model.said import Said
from chokepoint.model.vocabulary import vocabulary
from chokepoint.store.base import GUESS, OUTCOME, RecordRow
from chokepoint.store.canonical import canonical
from chokepoint.store.records import read_records

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from chokepoint.desk.atlas import Atlas
    from chokepoint.model.marking import Marking
    from chokepoint.store.records import Record

LONGEST_DAYS = 36_500.0
LARGEST = 1 << 20
HOURS = 24
THOUSAND = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One hit and what was seen of it afterwards.

    Attributes:
        entity: what was hit.
        mode: how.
        on: the day.
        back: the day on which it was seen at work again; None while it is gone.
        gone: the last day on which somebody looked and it was still gone.
    """

    entity: Entity
    mode: str
    on: date
    back: date | None = None
    gone: date | None = None

    def as_outcome(self) -> Outcome:
        """For the expectation of others of its kind."""
        until = self.back or self.gone or self.on
        return Outcome(kind=self.entity.kind, days=float((until - self.on).days), back=self.back is not None)


def record(atlas: Atlas, hit: Hit, marking: Marking) -> None:
    """Put an outcome on record.

    Raises:
        RefusedError: neither back nor gone, or a day before the hit or to come.
        NotValidError: no such mode.
    """
    if hit.mode not in {mode.value for mode in Mode}:
        raise NotValidError(
            Said("unknown way to act {mode!r}", mode=hit.mode[:60]), mend="use takedown, freeze, …"
        )
    today = date.fromisoformat(atlas.clock()[:10])
    looked = [day for day in (hit.back, hit.gone) if day is not None]
    if len(looked) != 1:
        raise RefusedError(
            "an outcome says when it was back, or until when it was gone", mend="--back or --gone"
        )
    if not hit.on <= looked[0] <= today:
        raise RefusedError(
            "it was seen before it was hit, or on a day to come", place="outcome", mend="check the days"
        )
    payload = {
        "back": hit.back.isoformat() if hit.back else "",
        "entity": list(hit.entity),
        "gone": hit.gone.isoformat() if hit.gone else "",
        "hit": hit.on.isoformat(),
        "mode": hit.mode,
    }
    atlas.ledger.append(atlas.speaker(), [RecordRow(OUTCOME, canonical(payload), marking)])


def guess(atlas: Atlas, kind: str, times: tuple[float, float], marking: Marking) -> None:
    """Put one's own organisation's guess on record: median and spread of the days until a kind is replaced.

    Raises:
        NotValidError: no such kind, or no such times.
    """
    vocabulary().kind(kind)
    median, spread = checked(kind, times)
    payload = {
        "kind": kind,
        "median_hours": max(round(median * HOURS), 1),
        "spread_permille": max(round(spread * THOUSAND), 1),
    }
    atlas.ledger.append(atlas.speaker(), [RecordRow(GUESS, canonical(payload), marking)])


def checked(kind: str, times: tuple[float, float]) -> tuple[float, float]:
    """The times.

    Raises:
        NotValidError: they are none.
    """
    median, spread = times
    if not 0 < median <= LONGEST_DAYS or not 0 < spread <= 10:
        raise NotValidError(
            Said("a median of {median} days with a spread of {spread}", median=median, spread=spread),
            place=kind,
            mend=Said(
                "write a median up to {longest_days:,.0f} days and a spread up to 10, both above 0",
                longest_days=LONGEST_DAYS,
            ),
        )
    return median, spread


def outcomes(atlas: Atlas) -> list[Hit]:
    """The outcomes that the viewer may see, in the order in which they were recorded.

    Natural persons among the targets are shown no more than the viewer's case needs.
    """
    found = read_outcomes(atlas)
    cover = veil(atlas, {one.entity for one in found})
    return [replace(one, entity=cover.entity(one.entity)) for one in found]


def read_outcomes(atlas: Atlas) -> list[Hit]:
    """As `outcomes`, with every target as it is: for the desk's own work, not for showing."""
    return [
        Hit(
            entity=Entity(*said["entity"]), mode=said["mode"], on=parse_day(said["hit"]),
            back=parse_day(said["back"]) if said["back"] else None,
            gone=parse_day(said["gone"]) if said["gone"] else None,
        )
        for said in (record.said for record in _records(atlas, OUTCOME))
    ]  # fmt: skip


def guesses(atlas: Atlas) -> dict[str, tuple[float, float]]:
    """The viewer's organisation's guesses, the newest by kind; what others guess counts for them."""
    return {
        record.said["kind"]: (record.said["median_hours"] / HOURS, record.said["spread_permille"] / THOUSAND)
        for record in _records(atlas, GUESS)
        if record.organisation == atlas.viewer.organisation
    }


def times_for(atlas: Atlas, given: Mapping[str, tuple[float, float]]) -> dict[str, tuple[float, float]]:
    """Expected times to replacement for this viewer: guesses, those given now first, then outcomes."""
    hits = [hit.as_outcome() for hit in read_outcomes(atlas)]
    return expected_times({**guesses(atlas), **given}, hits)


def times_in(path: Path) -> dict[str, tuple[float, float]]:
    """As `read_times`, from a file of at most a megabyte.

    Raises:
        NotFoundError: no such file.
        BadInputError: it is too large, no UTF-8 or not that.
    """
    if not path.is_file():
        raise NotFoundError("no such file", place=str(path), mend="check the name")
    with path.open("rb") as file:
        data = file.read(LARGEST + 1)
    try:
        if len(data) > LARGEST:
            raise BadInputError("more than a megabyte", place=str(path), mend="name kinds only")
        return read_times(data.decode("utf-8"), str(path))
    except UnicodeDecodeError as error:
        raise BadInputError("no UTF-8", place=str(path), mend="save it as UTF-8") from error


def read_times(text: str, name: str) -> dict[str, tuple[float, float]]:
    """Guesses of a TOML file: `domain-name = 2.5`, or `domain-name = [2.5, 1.2]` with a spread.

    Raises:
        BadInputError: no TOML, or something that is no kind or no time; `name` is the file's.
    """
    import tomllib  # noqa: PLC0415 - rarely asked for

    try:
        table = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # a number of too many digits, brackets within brackets
        raise BadInputError(
            Said("no TOML: {error}", error=error), place=name, mend="write lines like domain-name = 2.5"
        ) from error
    found = {}
    for kind, value in table.items():
        try:
            default = vocabulary().kind(kind).replace_days[1]
            median, spread = value if isinstance(value, list) else (value, default)
            found[kind] = checked(kind, (float(median), float(spread)))
        except (NotValidError, TypeError, ValueError, OverflowError) as error:
            raise BadInputError(
                str(error), place=f"{name}: {kind}", mend="write days, or [days, spread]"
            ) from error
    return found


def _records(atlas: Atlas, kind: str) -> Iterator[Record]:
    reader = atlas.reader
    with reader.connect() as connection:
        yield from read_records(reader, connection, kind)
