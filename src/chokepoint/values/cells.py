"""Cells of tables that a spreadsheet would run as a formula, made harmless and read again.

Those that begin with `=`, `+`, `-`, `@`, tab or carriage return (OWASP "CSV Injection") are given a leading
apostrophe; a reader takes off one apostrophe before such a character.
"""

from __future__ import annotations

_RISKY = ("=", "+", "-", "@", "\t", "\r")


def guard(cell: str) -> str:
    """A cell that no spreadsheet runs.

    >>> guard("=1+1"), guard("evil.com"), unguard(guard("'=x"))
    ("'=1+1", 'evil.com', "'=x")
    """
    return "'" + cell if cell.lstrip("'").startswith(_RISKY) else cell


def unguard(cell: str) -> str:
    """The text that `guard` was given."""
    return cell[1:] if cell.startswith("'") and cell.lstrip("'").startswith(_RISKY) else cell
