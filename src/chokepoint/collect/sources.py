"""Known open sources: who publishes them, under which licence, how far to trust them, what they are for."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache

from chokepoint.model.source import Grading, parse_grading
from chokepoint.values.tables import table

CLAIMS, KNOWN_GOOD, REFERENCE = "claims", "known-good", "reference"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One open source; see the head of `sources.toml` for each field."""

    name: str
    title: str
    hints: tuple[str, ...]
    origin: str
    licence: str
    address: str
    published: str
    grading: Grading
    why: str
    use: str
    readmes: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    public: str = ""

    @property
    def is_reference(self) -> bool:
        """Whether its files are never read as claims."""
        return self.use == REFERENCE

    def holds(self, name: str) -> bool:
        """Whether a file of that name belongs to the source."""
        return not self.files or any(fnmatchcase(name, pattern) for pattern in self.files)


@cache
def sources() -> tuple[Source, ...]:
    """All known sources, in the order of the table; read once."""
    entries = table("sources", "collect")["source"]
    return tuple(_source(name, dict(entry)) for name, entry in entries.items())


def _source(name: str, entry: dict[str, str | list[str]]) -> Source:
    lists = {key: tuple(str(part) for part in entry.pop(key, ())) for key in ("hints", "readmes", "files")}
    texts = {key: str(value) for key, value in entry.items()}
    return Source(name=name, grading=parse_grading(texts.pop("grade")), **lists, **texts)  # type: ignore[arg-type]


@cache
def _by_hint() -> tuple[tuple[tuple[str, ...], Source], ...]:
    """Hints as folder names in lower case, the longest first."""
    pairs = [(tuple(hint.lower().split("/")), source) for source in sources() for hint in source.hints]
    return tuple(sorted(pairs, key=lambda pair: -len(pair[0])))


def match(path: str) -> Source | None:
    """The source whose folder a file lies in, the innermost and most particular first; None if unknown.

    Args:
        path: of the file, with as many folders above it as are known; `!` may stand for `/` after an archive.
    """
    *folders, name = path.replace("\\", "/").replace("!", "/").split("/")
    lowered = [folder.lower() for folder in folders]
    for end in range(len(lowered), 0, -1):
        for hint, source in _by_hint():
            if tuple(lowered[max(0, end - len(hint)) : end]) == hint and source.holds(name):
                return source
    return None
