"""Providers whose word on who somebody is counts here: what the operator writes down, read once and whole."""

from __future__ import annotations

import os
import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chokepoint.model.errors import NotValidError
from chokepoint.web.signin.oidc.fetch import allowed

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE, VARIABLE = "sign-in.toml", "CHOKEPOINT_SIGN_IN"
"""The file beside the atlas, and the variable that names another."""
MOST = 20
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?", re.ASCII)
_FIELDS = frozenset({"label", "issuer", "client_id", "secret", "secret_env"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """One provider.

    Attributes:
        name: short, in addresses: people come back to `ORIGIN/sign-in/with/NAME/back`.
        label: as people know it.
        issuer: its identifier, to the letter.
        client: id under which this desk is known there.
        secret: of this desk there; empty for a public client, which PKCE alone protects.
    """

    name: str
    label: str
    issuer: str
    client: str
    secret: str = field(default="", repr=False)


def read_providers(folder: Path, environment: Mapping[str, str] = os.environ) -> tuple[Provider, ...]:
    """The providers of a desk, in the order of the file; none where there is no file.

    Args:
        folder: of the atlas.
        environment: may name another file, and holds secrets that the file only names.

    Raises:
        NotValidError: the file is missing where it was named, others may read it, or it holds what no
            provider is; the error names the place in it.
    """
    named = environment.get(VARIABLE, "")
    path = Path(named) if named else folder / FILE
    if not named and not path.exists():
        return ()
    if not path.is_file():
        raise NotValidError(
            "there is no such file", place=str(path), mend=f"{VARIABLE} names one, or nothing"
        )
    if path.stat().st_mode & 0o077:
        raise NotValidError("others may read it, and it holds secrets", place=str(path), mend="chmod 600")
    try:
        tables = tomllib.loads(path.read_text("utf-8"))
    except (ValueError, RecursionError) as error:
        raise NotValidError(f"that is no TOML: {error}", place=str(path), mend="see docs/web.md") from error
    return _providers(tables, environment, str(path))


def _providers(tables: dict[str, Any], environment: Mapping[str, str], path: str) -> tuple[Provider, ...]:
    entries = tables.get("provider")
    if set(tables) - {"provider"} or not isinstance(entries, dict) or not 0 < len(entries) <= MOST:
        mend = f"write 1 to {MOST} tables [provider.NAME] and nothing else"
        raise NotValidError("it does not hold providers", place=path, mend=mend)
    found = tuple(_provider(name, entry, environment, path) for name, entry in entries.items())
    if len({one.issuer for one in found}) < len(found):
        raise NotValidError("two providers have the same issuer", place=path, mend="leave one of them out")
    return found


def _provider(name: str, entry: Any, environment: Mapping[str, str], path: str) -> Provider:
    place = f"{path}, provider.{name[:32]}"
    if not _NAME.fullmatch(name) or not isinstance(entry, dict):
        raise NotValidError(
            "that names no provider", place=place, mend="use a to z, 0 to 9 and -, at most 32"
        )
    if unknown := set(entry) - _FIELDS:
        mend = f"write of {', '.join(sorted(_FIELDS))}"
        raise NotValidError(f"{min(unknown)[:32]!r} means nothing here", place=place, mend=mend)
    texts = {key: value for key, value in entry.items() if isinstance(value, str) and value.strip()}
    for key in ("issuer", "client_id"):
        if key not in texts:
            raise NotValidError(f"it has no {key}", place=place, mend=f'write {key} = "…"')
    if len(texts) < len(entry):
        raise NotValidError("a value is empty or no text", place=place, mend='write NAME = "…"')
    issuer = texts["issuer"]
    if not allowed(issuer, loopback=True) or set(issuer) & set("?#"):
        raise NotValidError("that is no issuer", place=place, mend="write https://… as the provider does")
    return Provider(
        name=name,
        label=texts.get("label", name).strip()[:60],
        issuer=issuer,
        client=texts["client_id"],
        secret=_secret(texts, environment, place),
    )


def _secret(texts: dict[str, str], environment: Mapping[str, str], place: str) -> str:
    variable = texts.get("secret_env")
    if variable is None:
        return texts.get("secret", "")
    if "secret" in texts or not environment.get(variable):
        mend = f"set {variable[:40]}, and write no secret beside it"
        raise NotValidError("its secret is not in the environment", place=place, mend=mend)
    return environment[variable]
