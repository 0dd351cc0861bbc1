"""Cells of a table that name several actors: each is one, and what only stands beside them is none."""

from __future__ import annotations

import pytest

from chokepoint.collect.mapping import Column
from chokepoint.collect.table_cells import MOST_IN_CELL, named_in
from chokepoint.model.said import Said


def column(kind: str) -> Column:
    return Column(index=0, header=kind, role="entity", kind=kind, why=Said("header"))


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        pytest.param("APT28, Fancy Bear", ["apt28", "fancy bear"], id="two names"),
        pytest.param("Lazarus Group, North Korea", ["lazarus group"], id="a name and where it is from"),
        pytest.param("APT28; unknown", ["apt28"], id="a name and nothing"),
        pytest.param("APT28,", [], id="one name, which is read as a whole"),
        pytest.param("APT28, --", ["apt28"], id="a name and signs"),
        pytest.param("Iran | Russia", [], id="countries alone"),
        pytest.param("BC, LB", ["bc", "lb"], id="names as short as a country's code"),
        pytest.param(", ".join(f"g{at}" for at in range(MOST_IN_CELL + 1)), [], id="more than are taken"),
    ],
)
def test_each_actor_of_a_cell_is_named_and_no_country_is_one(cell: str, names: list[str]) -> None:
    assert [entity.value for _, entity in named_in(cell, column("group"))] == names


def test_a_comma_in_the_name_of_a_person_parts_no_two() -> None:
    assert named_in("Muster, Erika", column("person")) == []
