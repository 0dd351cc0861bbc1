"""Choke boards that were asked for: who asks the same again is answered at once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from chokepoint.desk.analyse import load_snapshot
from chokepoint.desk.analyse.choke import choke_view
from chokepoint.desk.mark import Mark, mark

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chokepoint.desk.analyse import ChokeAnswer
    from chokepoint.desk.analyse.choke import ChokeOptions
    from chokepoint.desk.atlas import Atlas
    from chokepoint.model.identity import Entity


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What somebody asks of their map.

    Attributes:
        atlas: as they see it.
        options: what is asked.
        late: seconds for which the answer may lack votes and claims that came last.
    """

    atlas: Atlas
    options: ChokeOptions
    late: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """An answer, and the entities that its chain names, by node, as the asker may see them."""

    answer: ChokeAnswer
    names: Mapping[int, Entity]


def board_of(question: Question) -> Board:
    """The answer of the map as it is, or was as lately as is asked for."""
    view = load_snapshot(replace(question.atlas, late=question.late))
    answer = choke_view(view, question.options)
    parts = answer.chain.part_of.values() if answer.chain else ()
    return Board(answer=answer, names=view.shown({node for part in parts for node in part}))


def board_mark(question: Question) -> Mark:
    """Differs whenever the answer may differ."""
    found = mark(question.atlas)
    return Mark((*found.sight, question.options), found.state)
