"""Rules of acceptance that an operator writes: a TOML file with a name and a tree of rules."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING

from chokepoint.model.errors import TooLargeError
from chokepoint.model.vocabulary import vocabulary
from chokepoint.vet.policy import NAMED
from chokepoint.vet.tree import policy_of, wrong

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from chokepoint.vet.policy import Policy

MOST_BYTES = 64 * 1024
FIRST = "as docs/vetting.md shows"
NAME = re.compile(r"[a-z0-9](?:[a-z0-9 -]{0,38}[a-z0-9])?")


def read_rule_file(path: Path) -> tuple[str, Policy]:
    """The name and the policy of a file: `name = "…"` and a table `[rule]`, see `chokepoint.vet.tree`.

    Raises:
        BadInputError: no such file, no TOML, or a rule that is none; the place names file and node.
        TooLargeError: more than 64 KiB, or a tree that is too large.
        RefusedError: a rule that accepts what too few confirm.
    """
    tables = _tables(path)
    name = tables.get("name")
    if not isinstance(name, str) or not NAME.fullmatch(name) or name in NAMED:
        raise wrong(
            f"{path}, name",
            "a policy of one's own has a name of its own",
            f'write name = "two sectors": small letters, digits, spaces, at most 40; not {", ".join(NAMED)}',
        )
    other = next((key for key in tables if key not in {"name", "rule"}), None)
    if other is not None:
        raise wrong(f"{path}, {other[:40]}", "only name and rule are asked for", "put rules into [rule]")
    return name, policy_of(tables.get("rule"), place=f"{path}, rule", known=vocabulary().properties)


def _tables(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise wrong(str(path), f"cannot be read: {error.strerror}", FIRST) from error
    if len(data) > MOST_BYTES:
        raise TooLargeError(
            f"more than {MOST_BYTES // 1024} KiB", place=str(path), mend=f"write rules only, {FIRST}"
        )
    try:
        return tomllib.loads(data.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise wrong(str(path), f"no TOML: {error}", FIRST) from error
