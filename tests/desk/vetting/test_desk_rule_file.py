"""Rules of acceptance that the founder writes into a file."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from chokepoint.desk.analyse import load_snapshot
from chokepoint.desk.looking.tell import acceptance
from chokepoint.desk.vetting.review import choose_rule
from chokepoint.desk.vetting.rule_file import MOST_BYTES, read_rule_file
from chokepoint.model.errors import BadInputError, RefusedError, TooLargeError
from chokepoint.vet.policy import AboutCrime, AllOf, Confirmations, NoUnresolvedDispute
from chokepoint.vet.tree import FEWEST, fewest, form_of, policy_of

if TYPE_CHECKING:
    from desk_world import World

DOCS = Path(__file__).parents[3] / "docs" / "vetting.md"
EXAMPLES = re.findall(r"```toml\n(.*?)```", DOCS.read_text("utf-8"), re.DOTALL)
RULE = "rule = { confirmations = 2 }\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "rules.toml"


def test_a_file_gives_its_name_and_its_rule(path: Path) -> None:
    path.write_text(f'name = "two"\n{RULE}')
    two = AllOf((Confirmations(2), NoUnresolvedDispute(), AboutCrime()))
    assert read_rule_file(path) == ("two", two)


def test_the_docs_hold_five_examples_each_of_which_is_read_and_none_twice(path: Path) -> None:
    found = []
    for example in EXAMPLES:
        path.write_text(example, "utf-8")
        found.append(read_rule_file(path))
    assert len({name for name, _ in found}) == len({str(rule) for _, rule in found}) == 5
    assert all(policy_of(form_of(rule)) == rule and fewest(rule) >= FEWEST for _, rule in found)


@pytest.mark.parametrize(
    ("text", "place", "mend"),
    [
        pytest.param(RULE, ", name", "write name =", id="no name"),
        pytest.param(f"name = 7\n{RULE}", ", name", "write name =", id="a number for a name"),
        pytest.param(f'name = ""\n{RULE}', ", name", "write name =", id="an empty name"),
        pytest.param(f'name = "strict"\n{RULE}', ", name", "not default, strict", id="a name that is taken"),
        pytest.param(f'name = "Strict"\n{RULE}', ", name", "small letters", id="nearly a name that is taken"),
        pytest.param(f'name = "str\u0456ct"\n{RULE}', ", name", "small letters", id="a letter like another"),
        pytest.param(f'name = "a\\u202eb"\n{RULE}', ", name", "small letters", id="written backwards"),
        pytest.param(f'name = "a\\u001b[2Jb"\n{RULE}', ", name", "small letters", id="an escape sequence"),
        pytest.param(f'name = "{"a" * 41}"\n{RULE}', ", name", "at most 40", id="a name that is too long"),
        pytest.param('name = "x"\n', ", rule", "choose one of", id="no rule"),
        pytest.param(f'name = "x"\nquorum = 1\n{RULE}', ", quorum", "into [rule]", id="something else"),
        pytest.param('name = "x"\n[[rule]]\nsectors = 2\n', ", rule", "choose one of", id="two rules"),
        pytest.param('name = "x"\nrule = { sectors = 2, }\n{', "", "docs/vetting.md", id="no TOML"),
        pytest.param("\x00", "", "docs/vetting.md", id="NUL"),
        pytest.param(f'name = "x"\nrule = {"[" * 9_000}', "", "docs/vetting.md", id="brackets in brackets"),
        pytest.param(
            'name = "x"\n[rule]\notherwise = { sectors = 2 }\n[rule.property.resolved-to]\nsectors = 2\n',
            ", rule.property",
            "resolves-to",
            id="a property that is nearly one",
        ),
    ],
)
def test_a_file_that_is_wrong_is_refused_with_file_place_and_mend(
    path: Path, text: str, place: str, mend: str
) -> None:
    path.write_text(text, "utf-8")
    with pytest.raises(BadInputError) as refused:
        read_rule_file(path)
    assert refused.value.place == f"{path}{place}"
    assert mend in refused.value.mend


def test_bytes_that_are_no_text_and_files_that_are_none_are_refused(path: Path) -> None:
    path.write_bytes(b'name = "\xff"')
    with pytest.raises(BadInputError, match="no TOML"):
        read_rule_file(path)
    for missing in (path.with_name("none.toml"), path.parent):
        with pytest.raises(BadInputError, match="cannot be read"):
            read_rule_file(missing)


def test_a_file_may_have_so_many_bytes_and_no_more(path: Path) -> None:
    text = f'name = "two"\n{RULE}'
    path.write_text(text + "#" * (MOST_BYTES - len(text)))
    assert read_rule_file(path)[0] == "two"
    path.write_text(text + "#" * (MOST_BYTES - len(text) + 1))
    with pytest.raises(TooLargeError, match="64 KiB"):
        read_rule_file(path)


def test_a_rule_that_would_let_one_organisation_decide_is_refused_with_its_file(path: Path) -> None:
    path.write_text('name = "alone"\nrule = { confirmations = 1 }\n')
    with pytest.raises(RefusedError, match="fewer than 2") as refused:
        read_rule_file(path)
    assert refused.value.place == f"{path}, rule"


def test_reports_say_in_words_by_which_rule_they_accept(world: World, path: Path) -> None:
    path.write_text('name = "across"\nrule = { all = [{ belief = 0.85 }, { sectors = 2 }] }\n')
    choose_rule(world.open("bank"), *read_rule_file(path))
    assert acceptance(load_snapshot(world.open("police"))).value == (
        "across: belief at least 0.85 and confirmations from 2 sectors and no unresolved dispute "
        "and nobody says that it is not about crime"
    )
