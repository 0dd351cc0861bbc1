"""The command line, run in this process on an atlas of the test's own."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from click.testing import CliRunner, Result

from chokepoint.cli.main import cli

if TYPE_CHECKING:
    from pathlib import Path


@dataclass
class Desk:
    """A person at the command line."""

    atlas: Path

    def run(self, *words: str, who: str = "bank", given: str | bytes | None = None) -> Result:
        """Run a verb as a member."""
        return CliRunner().invoke(cli, ["--atlas", str(self.atlas), "--as", who, *words], input=given)

    def ok(self, *words: str, who: str = "bank", given: str | bytes | None = None) -> str:
        """Run a verb that must succeed; its answer."""
        result = self.run(*words, who=who, given=given)
        assert result.exit_code == 0, (words, result.output, result.exception)
        return result.stdout

    def json(self, *words: str, who: str = "bank", given: str | bytes | None = None) -> Any:
        """The JSON answer of a verb that must succeed."""
        return json.loads(self.ok(*words, "--json", who=who, given=given))
