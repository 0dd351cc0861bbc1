"""Pages that may be seconds late: which, for whom, and that the next look shows what came."""

from __future__ import annotations

import threading
from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from web_desk import Web, shown

from chokepoint.desk.analyse import ChokeOptions
from chokepoint.desk.work.note import Draft, note
from chokepoint.model.marking import Viewer
from chokepoint.web.boards import Question, board_mark, board_of
from chokepoint.web.serve import LATE
from chokepoint.web.viewer import _late

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def late(opening: Callable[..., Web]) -> Web:
    """A desk as `serve` opens it."""
    return opening(late=LATE)


def says(web: Web, number: int, who: str = "vendor") -> None:
    """A member states a link between two new things."""
    link = (f"domain-name:late{number}.example", "contact", f"email-addr:x@late{number}.example")
    note(web.office.opened_by(Viewer(organisation=who)), Draft(text="seen", links=(link,)))


def behind() -> None:
    """Wait for what is made behind the readers."""
    for thread in threading.enumerate():
        if thread.name == "kept":
            thread.join(20)


def things(page: str) -> str:
    """What the summary says, figures and all."""
    return shown(page[page.index("<main") : page.index("</main>")])


@pytest.mark.parametrize(
    ("method", "path", "reads"),
    [
        ("GET", "/choke", True),
        ("GET", "/map", True),
        ("HEAD", "/summary", True),
        ("POST", "/api/v1/map/overview", True),
        ("POST", "/api/v1/map/expand", True),
        ("POST", "/api/v1/map/export", False),
        ("POST", "/api/v1/map/views", False),
        ("POST", "/api/v1/map/overview/x", False),
        ("POST", "/review", False),
        ("POST", "/package/build", False),
        ("POST", "/api/v1/check", False),
    ],
)
def test_what_reads_may_be_late_and_what_records_or_hands_on_may_not(
    method: str, path: str, reads: bool
) -> None:
    request: Any = SimpleNamespace(method=method, scope={"path": path})
    office: Any = SimpleNamespace(late=LATE)
    assert _late(request, office) == (LATE if reads else 0.0)


def test_a_desk_that_is_not_told_so_is_never_late(web: Web) -> None:
    assert web.office.late == 0.0


def test_a_summary_is_shown_at_once_and_what_came_at_the_next_look(late: Web) -> None:
    reader = late.signed_in("police")
    first = things(reader.get("/summary").text)
    says(late, 1)
    assert things(reader.get("/summary").text) == first
    behind()
    assert things(reader.get("/summary").text) != first


def test_what_one_member_waits_for_is_not_shown_to_another(late: Web) -> None:
    police, bank = late.signed_in("police"), late.signed_in("bank")
    known = things(police.get("/summary").text)
    says(late, 1, "police")
    assert things(bank.get("/summary").text) == things(bank.get("/summary").text) != known


def question(web: Web, **options: Any) -> Question:
    atlas = replace(web.office.opened_by(Viewer(organisation="police")), late=LATE)
    return Question(atlas=atlas, options=ChokeOptions(**options), late=LATE)


def test_a_board_is_of_the_map_as_it_is_though_the_atlas_may_be_late(late: Web) -> None:
    before = board_of(question(late)).answer
    says(late, 1)
    assert board_of(question(late)).answer is not before


def test_another_question_is_another_board_and_the_same_one_is_not(late: Web) -> None:
    marks = [board_mark(question(late, budget=budget)) for budget in (5.0, 5.0, 6.0)]
    assert marks[0] == marks[1]
    assert marks[0].sight != marks[2].sight


def test_a_board_of_a_moment_ago_is_shown_while_it_is_made_anew(late: Web) -> None:
    store = late.office.boards
    first = store.of(question(late))
    says(late, 1)
    assert store.of(question(late)) is first
    behind()
    assert store.of(question(late)) is not first
