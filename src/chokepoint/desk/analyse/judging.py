"""By what a viewer's statements are judged: rules, ties and records of today, and traits of the claims."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from chokepoint.desk.vetting.rules import setting_of
from chokepoint.graph.columns import distinct
from chokepoint.vet.setting import Traits
from chokepoint.vet.standing import judge

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from chokepoint.desk.analyse.material import Material
    from chokepoint.graph.columns import LinkRows
    from chokepoint.graph.snapshot import Judge
    from chokepoint.store.judged import Votes
    from chokepoint.store.reading import Reader


def judge_by(
    reader: Reader, connection: Connection, material: Material, *, links: LinkRows, votes: Votes
) -> Judge:
    """What judges statements by some of the claims and votes of a map.

    Args:
        reader: of the viewer.
        connection: of one reading.
        material: what the whole map is made from.
        links: the claims, all that the statements have.
        votes: all that were cast on them.
    """
    rules = setting_of(
        reader,
        connection,
        votes,
        origins={number: links.origin_names[number] for number in distinct(links.origin).tolist()},
        against=(material.contradicted, material.contradicted_at),
    )
    traits = Traits(assessment=links.assessment, property=links.property, properties=links.property_names)
    return partial(judge, setting=replace(rules, traits=traits))
