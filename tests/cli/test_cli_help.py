"""Help texts: every option and argument is explained, every example works as it is written."""

from __future__ import annotations

import re
import shlex

import click
import pytest
from click.testing import CliRunner

from chokepoint import api
from chokepoint.cli.main import VERBS, cli

WIDTH = 100


def everything(command=cli, path=()):
    """Every group and verb with its words, the program itself first."""
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            yield from everything(command.get_command(context, name), (*path, name))


ALL = dict(everything())
LEAVES = {path: one for path, one in ALL.items() if not isinstance(one, click.Group)}
NAMES = [" ".join(path) for path in LEAVES]


def command(name):
    return LEAVES[tuple(name.split())]


def options(name):
    return [one for one in command(name).params if isinstance(one, click.Option)]


def help_of(*words, width=WIDTH):
    result = CliRunner().invoke(cli, [*words, "--help"], terminal_width=width)
    assert result.exit_code == 0
    return result.stdout


@pytest.mark.parametrize("name", NAMES)
def test_every_option_is_explained_in_a_sentence(name):
    for option in options(name):
        assert option.help, (name, option.opts)
        assert option.help[0].isupper() or option.help[0] in "`-$H", (name, option.help)
        assert option.help.endswith("."), (name, option.help)


@pytest.mark.parametrize("name", NAMES)
def test_every_option_that_takes_something_says_what(name):
    for option in options(name):
        if not option.is_flag and not option.count:
            shown = option.make_metavar(click.Context(command(name)))
            assert shown not in {"TEXT", ""} or option.metavar == "TEXT", (name, option.opts, shown)


@pytest.mark.parametrize("name", NAMES)
def test_the_first_line_says_what_the_verb_does(name):
    first = (command(name).help or "").split("\n\n")[0]
    assert first.rstrip().endswith("."), first
    assert first[0].isupper() or first.startswith("USER"), first
    assert len(first) <= 200


@pytest.mark.parametrize("name", NAMES)
def test_every_argument_is_spoken_of(name):
    """Whoever reads `Usage: path A B` learns from the words below what A and B are."""
    words = command(name).help or ""
    for argument in command(name).params:
        if not isinstance(argument, click.Argument):
            continue
        shown = argument.make_metavar(click.Context(command(name)))
        parts = re.findall(r"[A-Za-z]{1,}", shown)
        known = {
            "PATH": "files",
            "CASE": "case",
            "FILE": "text",
            "TEXT": "",
            "GROUP": "group",
            "TOKEN": "invitation",
        }
        for part in parts:
            spoken = part in words or known.get(part, part).casefold() in words.casefold()
            assert spoken or part in {"ORG", "USER"}, (name, part, words)


@pytest.mark.parametrize("name", NAMES)
def test_options_are_spelt_alike_everywhere(name):
    meaning = {"--json": "JSON", "--tlp": "Who may see it", "--reason": "", "--limit": "At most so many"}
    for option in options(name):
        for spelling in option.opts:
            assert re.fullmatch(r"--[a-z][a-z-]*|-h", spelling), (name, spelling)
            if spelling in meaning:
                assert meaning[spelling] in option.help, (name, option.help)


@pytest.mark.parametrize("width", [40, 60, 80, 100])
@pytest.mark.parametrize("path", [" ".join(path) for path in ALL])
def test_help_fits_the_terminal(path, width):
    text = help_of(*path.split(), width=width)
    longest = max(text.splitlines(), key=len)
    unbreakable = max(map(len, re.findall(r"\S+", text)))
    assert len(longest) <= max(width, unbreakable + 30), longest


@pytest.mark.parametrize("path", [" ".join(path) for path in ALL])
def test_help_is_plain_text_with_its_usage_first(path):
    text = help_of(*path.split())
    assert text.startswith(f"Usage: chokepoint {path} ".replace("  ", " ")) or path in text.splitlines()[0]
    assert "\x1b" not in text
    assert "Traceback" not in text
    assert not re.search(r"``|\bTODO\b|:param|Args:|Raises:", text)


@pytest.mark.parametrize("path", [" ".join(path) for path in ALL])
def test_short_and_long_help_are_the_same(path):
    short = CliRunner().invoke(cli, [*path.split(), "-h"], terminal_width=WIDTH)
    assert short.stdout == help_of(*path.split())


@pytest.mark.parametrize("heading", VERBS)
def test_the_verbs_stand_under_their_headings_in_the_order_of_the_work(heading):
    text = help_of()
    part = text.partition(f"\n{heading}:\n")[2].partition("\n\n")[0]
    assert re.findall(r"^  ([a-z]+)", part, re.MULTILINE) == list(VERBS[heading])


@pytest.mark.parametrize(
    ("verb", "text"), [(v, t) for verbs in VERBS.values() for v, (_, t) in verbs.items()]
)
def test_a_verb_in_the_overview_takes_one_line(verb, text):
    assert len(text) <= 70
    assert text.endswith(".")
    assert (
        f"  {verb}".ljust(12) + text in re.sub(r" {2,}", lambda gap: gap[0], help_of()) or text in help_of()
    )


def test_every_verb_can_be_had_from_a_program_too():
    assert set(api.VERBS) == {verb for verbs in VERBS.values() for verb in verbs}
    for names in api.VERBS.values():
        assert all(callable(getattr(api, name)) for name in names)


EXAMPLES = [
    (" ".join(path), example.strip())
    for path, one in ALL.items()
    for text in (one.help or "", one.epilog or "")
    for example in re.findall(r"chokepoint ((?:--)?[a-z][^`;\n]*)", text)
]


def parsed(words):
    """The words as the program would take them, without doing anything; raises where it would not."""
    context = cli.make_context("chokepoint", list(words), resilient_parsing=False)
    name, under, rest = cli.resolve_command(context, [*context._protected_args, *context.args])
    while isinstance(under, click.Group):
        context = under.make_context(name, list(rest), parent=context)
        name, under, rest = under.resolve_command(context, [*context._protected_args, *context.args])
    return under.make_context(name, list(rest), parent=context)


@pytest.mark.parametrize(
    ("where", "example"), EXAMPLES, ids=[f"{w or 'program'}-{k}" for k, (w, _) in enumerate(EXAMPLES)]
)
def test_examples_in_help_texts_can_be_typed(where, example):
    words = shlex.split(example.replace("...", "x").rstrip(". ").replace("ORG...", "a"))
    assert parsed(words) is not None, where


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("colect", "collect"),
        ("serach", "search"),
        ("shwo", "show"),
        ("exprot", "export"),
        ("pakage", "package"),
        ("verfy", "verify"),
        ("reveiw", "review"),
        ("Show", "show"),
        ("checkpoints", "checkpoint"),
    ],
)
def test_a_slip_names_the_verb_that_was_meant(typed, meant):
    result = CliRunner().invoke(cli, [typed])
    assert result.exit_code == 2
    assert f"There is no verb '{typed}'. Did you mean" in result.stderr
    assert meant in result.stderr.splitlines()[-1]


@pytest.mark.parametrize("typed", ["zzzz", "évidence", "\u202eshow", "../show", "show;ls", "$(ls)", "*"])
def test_what_resembles_no_verb_points_to_the_list(typed):
    result = CliRunner().invoke(cli, [typed])
    assert result.exit_code == 2
    assert "`chokepoint --help` lists them" in result.stderr or "Did you mean" in result.stderr
    assert "\u202e" not in result.stderr


@pytest.mark.parametrize("name", NAMES)
def test_an_option_that_is_none_is_wrong_usage(name):
    result = CliRunner().invoke(cli, [*name.split(), "--nonsense"])
    assert result.exit_code == 2
    assert "No such option: --nonsense" in result.stderr or "No such option" in result.stderr
    assert result.stdout == ""
    assert f"Usage: chokepoint {name}" in result.stderr or "Usage: " in result.stderr


NEEDS = [name for name in NAMES if any(one.required for one in command(name).params)]


@pytest.mark.parametrize("name", NEEDS)
def test_what_is_needed_and_missing_is_named(name):
    result = CliRunner().invoke(cli, name.split())
    assert result.exit_code == 2
    assert "Missing " in result.stderr
    assert f"chokepoint {name} --help" in result.stderr or "--help" in result.stderr


@pytest.mark.parametrize(
    "group", [" ".join(p) for p, one in ALL.items() if isinstance(one, click.Group) and p]
)
def test_a_group_without_its_verb_shows_what_there_is(group):
    result = CliRunner().invoke(cli, [group])
    shown = result.stdout + result.stderr
    under = ALL[(group,)]
    assert all(name in shown for name in under.commands)
