"""Which real data the demonstration reads."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import util
from pathlib import Path

from chokepoint.model.errors import BadInputError, NotFoundError

PACKAGES = ("pymispgalaxies", "pymispwarninglists")
AGGREGATORS = frozenset({"maltrail"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """Files and folders to read, and what to say of them."""

    paths: tuple[Path, ...]
    told: str


def choose(given: Path | None) -> Corpus:
    """The folder given, or the real data that installed packages carry.

    Raises:
        NotFoundError: the folder is not there, or no package carries data.
        BadInputError: no file lies in the folder.
    """
    if given is not None:
        if not given.is_dir():
            raise NotFoundError(
                "no such folder", place=str(given), mend="point CORPUS at a copy of the sources"
            )
        if not any(path.is_file() for path in given.rglob("*")):
            raise BadInputError(
                "the folder is empty", place=str(given), mend="put copies of the sources in it"
            )
        return Corpus(paths=(given,), told=f"the folder {given}")
    paths = tuple(folder for name in PACKAGES for folder in _data(name))
    if not paths:
        raise NotFoundError(
            "no corpus and no package with data", mend="run `make install`, or give CORPUS=FOLDER"
        )
    return Corpus(
        paths=paths,
        told=f"the open data inside the packages {' and '.join(PACKAGES)} (`chokepoint sources` lists more)",
    )


def _data(package: str) -> list[Path]:
    found = util.find_spec(package)
    if found is None or found.origin is None:
        return []
    folder = Path(found.origin).parent / "data"
    inner = [folder / "misp-galaxy" / "clusters", folder / "misp-warninglists" / "lists"]
    return [path for path in inner if path.is_dir()]
