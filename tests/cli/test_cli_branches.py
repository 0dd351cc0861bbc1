"""Verbs with verbs of their own tell in their help, in whole sentences, what each does."""

from __future__ import annotations

import click
import pytest
from click.testing import CliRunner

from chokepoint.cli.branch import Branch
from chokepoint.cli.main import _PLACES, cli

TOP = click.Context(cli)
BRANCHES = [name for name in _PLACES if isinstance(cli.get_command(TOP, name), click.Group)]


@pytest.mark.parametrize("name", BRANCHES)
def test_no_help_of_a_branch_is_cut_at_the_edge_of_a_terminal(name: str) -> None:
    told = CliRunner().invoke(cli, [name, "--help"], terminal_width=80)
    assert isinstance(cli.get_command(TOP, name), Branch)
    assert "..." not in told.output.partition("Commands:")[2]
    assert max(map(len, told.output.splitlines())) <= 80


@pytest.mark.parametrize("name", BRANCHES)
def test_each_command_of_a_branch_is_told_by_a_sentence(name: str) -> None:
    branch = cli.get_command(TOP, name)
    assert isinstance(branch, click.Group)
    for one in branch.commands.values():
        assert one.get_short_help_str(400).endswith("."), one.name


def test_a_branch_without_commands_has_no_list_of_them() -> None:
    told = CliRunner().invoke(Branch("empty"), ["--help"])
    assert "Commands:" not in told.output


def test_a_hidden_command_is_told_to_nobody() -> None:
    branch = Branch(
        "b", commands={"x": click.Command("x", help="Seen."), "y": click.Command("y", hidden=True)}
    )
    told = CliRunner().invoke(branch, ["--help"]).output.partition("Commands:")[2]
    assert "Seen." in told
    assert "y" not in told.split()
