"""A verb with verbs of its own: its help says in full what each of them does."""

from __future__ import annotations

import click

LONGEST = 400


class Branch(click.Group):
    """A group whose list of commands wraps what click would cut at the edge of the terminal."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands, each with the first sentence of its help."""
        found = ((name, self.get_command(ctx, name)) for name in self.list_commands(ctx))
        rows = [(name, one.get_short_help_str(LONGEST)) for name, one in found if one and not one.hidden]
        if rows:
            with formatter.section("Commands"):
                formatter.write_dl(rows, col_max=14)
