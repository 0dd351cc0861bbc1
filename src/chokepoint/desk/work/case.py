"""`case`: work with a purpose, an owner, tasks and a review date. Each change is a new record."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import msgspec

from chokepoint.desk.people.circle import allowed, circle_row, set_circle
from chokepoint.desk.reason import readable
from chokepoint.desk.undisturbed import undisturbed
from chokepoint.model.claim import parse_day
from chokepoint.model.errors import NotFoundError, RefusedError
from chokepoint.model.marking import CASE as CASE_SCOPE
from chokepoint.model.marking import CLEAR, Marking
from chokepoint.model.said import Said
from chokepoint.store.base import CIRCLE, RecordRow
from chokepoint.store.canonical import canonical
from chokepoint.store.circles import at_home, circles_of
from chokepoint.store.records import read_marked

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chokepoint.desk.atlas import Atlas
    from chokepoint.desk.undisturbed import Then

CASE = "case/1"
LONGEST = 2_000
MOST_TASKS = 500
MOST_NAMED = 5


class Task(msgspec.Struct, frozen=True):
    """One thing to do in a case."""

    text: str
    done: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """The present state of a case.

    Attributes:
        id: `case-` and sixteen hexadecimal digits.
        title: what people call it.
        purpose: why data may be looked at for it, in words.
        owner: the person who answers for it.
        review_date: the day (ISO 8601) on which somebody must look at it again.
        tasks: in the order in which they were set.
        closed: why it was closed, or empty while it is open.
        organisation: whose case it is; only that organisation can change it.
        members: organisations and persons with the need-to-know in it, as far as the viewer may know.
        marking: who may see it.
    """

    id: str
    title: str
    purpose: str
    owner: str
    review_date: str
    tasks: tuple[Task, ...] = ()
    closed: str = ""
    organisation: str = ""
    members: tuple[str, ...] = ()
    marking: Marking = CLEAR

    def overdue(self, today: str) -> bool:
        """Whether an open case should have been looked at again before a day (ISO 8601)."""
        return not self.closed and self.review_date < today

    def to_json(self) -> dict[str, Any]:
        """The shape of a case in `case --json`."""
        return {
            "id": self.id,
            "title": self.title,
            "purpose": self.purpose,
            "owner": self.owner,
            "review_date": self.review_date,
            "tasks": [{"text": task.text, "done": task.done} for task in self.tasks],
            "status": "closed" if self.closed else "open",
            "closed": self.closed,
            "organisation": self.organisation,
            "members": list(self.members),
            "marking": self.marking.tlp.label,
        }


class _Payload(msgspec.Struct, frozen=True):
    id: str
    owner: str
    purpose: str
    review_date: str
    tasks: tuple[Task, ...]
    title: str
    closed: str = ""


def open_case(atlas: Atlas, draft: Case) -> Case:
    """Open a case; its id is made here and its organisation is the viewer's.

    Members named get the need-to-know in it, and the case is for them and whoever opens it alone; else the
    whole organisation has it.

    Raises:
        RefusedError: a case without title, purpose, owner or review date, with too much of something, or
            with a review date that has passed.
        NotValidError: the review date is no date, or a member is none.
    """
    name = f"case-{secrets.token_hex(8)}"
    case = replace(
        draft,
        id=name,
        organisation=atlas.viewer.organisation,
        review_date=_to_come(atlas, draft.review_date) if draft.review_date else "",
        members=_with_opener(atlas, draft.members),
        marking=replace(draft.marking, cases=draft.marking.cases | ({name} if draft.members else set())),
    )
    _check(case)
    allowed(atlas, draft.marking)
    set_circle(atlas, CASE_SCOPE + name, name, case.members)
    return _record(atlas, case)


def _to_come(atlas: Atlas, day: str) -> str:
    date = parse_day(day).isoformat()
    if date < atlas.clock()[:10]:
        raise RefusedError("the review date has passed", place="--review", mend="name a day to come")
    return date


def _with_opener(atlas: Atlas, named: Iterable[str]) -> tuple[str, ...]:
    """The members of a new case: a case that its own people cannot see could be neither read nor closed."""
    viewer = atlas.viewer
    members = set(named) or {viewer.organisation}
    if not members & {viewer.organisation, viewer.person}:
        members.add(viewer.person or viewer.organisation)
    return tuple(sorted(members))


def set_members(atlas: Atlas, name: str, *, add: Iterable[str] = (), remove: Iterable[str] = ()) -> Case:
    """Give or take the need-to-know in an open case of one's own.

    Raises:
        NotFoundError: no such case.
        RefusedError: another's or a closed case, or one of which nobody of its organisation would be left.
        NotValidError: one that is no member of the atlas.
    """
    fresh, gone = set(add), set(remove)

    def change(then: Then) -> Case:
        case = own_case(atlas, name)
        members = (set(case.members) | fresh) - gone
        if not any(one.partition("/")[0] == case.organisation for one in members):
            raise RefusedError(
                "nobody of your organisation would be left on it",
                place=case.id,
                mend="give it to somebody first",
            )
        atlas.ledger.append(atlas.speaker(), [_circle(atlas, case, members)], then)
        return replace(case, members=tuple(sorted(members)))

    return undisturbed(atlas, CIRCLE, change)


def _circle(atlas: Atlas, case: Case, members: Iterable[str]) -> RecordRow:
    return circle_row(atlas, CASE_SCOPE + case.id, case.id, members)


def cases(atlas: Atlas) -> list[Case]:
    """All cases that the viewer may see, in the order in which they were opened, as they stand now."""
    reader = atlas.reader
    found: dict[tuple[str, str], Case] = {}
    with reader.connect() as connection:
        members = {one.scope: one.members for one in circles_of(connection, atlas.viewer)}
        for record, marking in read_marked(reader, connection, CASE):
            said = msgspec.convert(record.said, _Payload)
            found[record.organisation, said.id] = Case(
                **msgspec.structs.asdict(said),
                organisation=record.organisation,
                members=members.get(CASE_SCOPE + said.id, ()),
                marking=marking,
            )
    return list(found.values())


def find_case(atlas: Atlas, name: str) -> Case:
    """The case of that id or title, or of that beginning of an id, if it is the only one.

    Raises:
        NotFoundError: none that this viewer sees, or several.
    """
    full = name if name.startswith("case-") else f"case-{name}"
    every = cases(atlas)
    exact = (
        [case for case in every if case.id == full]
        or [case for case in every if case.title.casefold() == name.casefold()]
        or [case for case in every if case.id.startswith(full)]
    )
    if len(exact) > 1 and full != "case-":
        told = ", ".join(sorted(case.id for case in exact)[:MOST_NAMED])
        raise NotFoundError(
            f"{len(exact)} cases are called so", place=name, mend=f"name one by its id: {told}"
        )
    if not exact or full == "case-":
        raise NotFoundError("no such case", place=name, mend="`chokepoint case list` shows them")
    return exact[0]


def set_task(atlas: Atlas, name: str, text: str) -> Case:
    """Add a task to an open case of one's own.

    Raises:
        NotFoundError: no such case.
        RefusedError: another's or a closed case, or an empty task.
    """

    def change(then: Then) -> Case:
        case = own_case(atlas, name)
        return _record(atlas, replace(case, tasks=(*case.tasks, Task(text))), then=then)

    return undisturbed(atlas, CASE, change)


def finish_task(atlas: Atlas, name: str, number: int) -> Case:
    """Mark a task, counted from 1, as done.

    Raises:
        NotFoundError: no such case or task.
        RefusedError: another's or a closed case.
    """

    def change(then: Then) -> Case:
        case = own_case(atlas, name)
        if not 1 <= number <= len(case.tasks):
            raise NotFoundError(
                Said("the case has no task {number}", number=number),
                place=case.id,
                mend="`chokepoint case show` numbers them",
            )
        every = enumerate(case.tasks, 1)
        tasks = tuple(Task(task.text, done=task.done or at == number) for at, task in every)
        return _record(atlas, replace(case, tasks=tasks), then=then)

    return undisturbed(atlas, CASE, change)


def review_case(atlas: Atlas, name: str, again: str) -> Case:
    """Say that an open case of one's own was looked at and goes on, and when it must be looked at again.

    Raises:
        NotFoundError: no such case.
        RefusedError: another's or a closed case, or a day that has passed.
        NotValidError: no day.
    """
    day = _to_come(atlas, again)
    return undisturbed(
        atlas, CASE, lambda then: _record(atlas, replace(own_case(atlas, name), review_date=day), then=then)
    )


def close_case(atlas: Atlas, name: str, reason: str) -> Case:
    """Close a case of one's own; the need-to-know in it stays with people of its organisation only.

    Raises:
        NotFoundError: no such case.
        RefusedError: another's or a closed case, or no reason.
    """
    if not reason.strip():
        raise RefusedError("closing a case needs a reason", mend="--reason TEXT")
    readable(reason)

    def change(then: Then) -> Case:
        case = own_case(atlas, name)
        left = tuple(one for one in case.members if at_home(one, case.organisation))
        closed = replace(case, closed=reason, members=left)
        return _record(atlas, closed, _circle(atlas, case, left), then=then)

    return undisturbed(atlas, CASE, change, CIRCLE)


def own_case(atlas: Atlas, name: str) -> Case:
    """An open case of the viewer's organisation.

    Raises:
        NotFoundError: no such case.
        RefusedError: another's or a closed case.
    """
    case = find_case(atlas, name)
    if case.organisation != atlas.viewer.organisation:
        raise RefusedError(
            Said("the case is {organisation}'s", organisation=case.organisation),
            place=case.id,
            mend="ask its owner",
        )
    if case.closed:
        raise RefusedError("the case is closed", place=case.id, mend="open a new one")
    return case


def _record(atlas: Atlas, case: Case, *beside: RecordRow, then: Then | None = None) -> Case:
    _check(case)
    payload = {
        "closed": case.closed,
        "id": case.id,
        "owner": case.owner,
        "purpose": case.purpose,
        "review_date": case.review_date,
        "tasks": [{"done": task.done, "text": task.text} for task in case.tasks],
        "title": case.title,
    }
    atlas.ledger.append(atlas.speaker(), [*beside, RecordRow(CASE, canonical(payload), case.marking)], then)
    return case


def _check(case: Case) -> None:
    for field, needed, option in (
        ("title", Said("a case needs a title of 1 to {longest:,} characters", longest=LONGEST), "TITLE"),
        (
            "purpose",
            Said("a case needs a purpose of 1 to {longest:,} characters", longest=LONGEST),
            "--purpose",
        ),
        ("owner", Said("a case needs an owner of 1 to {longest:,} characters", longest=LONGEST), "--owner"),
        ("review_date", Said("a case needs a review date"), "--review"),
    ):
        text = getattr(case, field)
        if not text.strip() or len(text) > LONGEST:
            raise RefusedError(
                needed,
                place=option,
                mend="without purpose, owner and review date nobody may look at personal data for it",
            )
    if len(case.tasks) > MOST_TASKS or any(
        not task.text.strip() or len(task.text) > LONGEST for task in case.tasks
    ):
        raise RefusedError(
            Said(
                "a case holds at most {most_tasks} tasks of 1 to {longest:,} characters",
                most_tasks=MOST_TASKS,
                longest=LONGEST,
            ),
            place="--task",
        )
