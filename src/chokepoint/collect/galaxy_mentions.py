"""Which malware an actor's description speaks of, where no relation of the galaxy says it.

A name counts when it stands in the text letter by letter, is no generic word, and is used by no description
of the run as an ordinary word in lower case (`Carbon`, `Play` and `Snake` are also words).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chokepoint.values.names import generic, parse_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chokepoint.collect.base import Document, Sentences
    from chokepoint.model.claim import Claim
    from chokepoint.model.identity import Entity

SHORTEST = 4
LONGEST_WORDS = 3
MOST = 30

_word = re.compile(r"[^\W_][\w.-]*[^\W_]|[^\W_]")
_ordinary = re.compile(r"(?<![\w.-])[a-z]{3,20}(?![\w-])")


@dataclass(slots=True)
class Mentions:
    """Names and descriptions of a run, matched when all files are read.

    Attributes:
        names: malware name or alias as it is written → the malware.
        texts: descriptions of actors with where they stand.
        ordinary: words that descriptions use in lower case.
    """

    names: dict[str, Entity] = field(default_factory=dict)
    texts: list[tuple[Document, Sentences, Entity, str]] = field(default_factory=list)
    ordinary: set[str] = field(default_factory=set)

    def learn(self, entity: Entity, written: str, *, main: bool) -> None:
        """Remember how a malware is written; its own name goes before another's alias."""
        if len(written) < SHORTEST or written.islower() or generic(parse_name(written)):
            return
        if main or written not in self.names:
            self.names[written] = entity

    def read(self, document: Document, say: Sentences, about: tuple[Entity, str]) -> None:
        """Remember a description, and its ordinary words."""
        entity, text = about
        self.ordinary.update(_ordinary.findall(text))
        if entity.kind == "group":
            self.texts.append((document, say, entity, text))

    def found(self) -> Iterator[tuple[Document, Claim]]:
        """One claim for each malware that a description of an actor names."""
        for document, say, actor, text in self.texts:
            seen: dict[Entity, str] = {}
            for written in self._named(text):
                seen.setdefault(self.names[written], written)
            for malware, written in list(seen.items())[:MOST]:
                yield document, say.say(actor, "mentioned-with", malware, written)
        self.texts.clear()

    def _named(self, text: str) -> Iterator[str]:
        """Names in a text, the longest first at each word, none inside another."""
        spans = [match.span() for match in _word.finditer(text)]
        free = 0
        for at, (start, _) in enumerate(spans):
            if start < free:
                continue
            for _, end in reversed(spans[at : at + LONGEST_WORDS]):
                written = text[start:end]
                if written in self.names and written.lower() not in self.ordinary:
                    free = end
                    yield written
                    break
