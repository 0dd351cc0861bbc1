"""Word processor documents (`.docx`, `.odt`) as reports or ransom notes, at `paragraph N`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chokepoint.collect import report
from chokepoint.collect.base import Document, Item, Rejected
from chokepoint.collect.derive import with_derived
from chokepoint.model.errors import BadInputError
from chokepoint.values.office import Paragraph, is_office_text, paragraphs

if TYPE_CHECKING:
    from collections.abc import Iterator


class Office:
    """Collector of word processor documents."""

    name = "office"

    def recognises(self, document: Document) -> bool:
        """A zip with the body of a text document in it."""
        return is_office_text(document.data)

    def read(self, document: Document) -> Iterator[Item]:
        """As a ransom note where it speaks to a victim, else as a report."""
        return with_derived(self._items(document))

    def _items(self, document: Document) -> Iterator[Item]:
        found: list[Paragraph] = []
        problem: BadInputError | None = None
        try:
            found.extend(paragraphs(document.data))
        except BadInputError as error:
            if not found:
                raise
            problem = error
        text = "\n".join(paragraph.text for paragraph in found)

        def place(number: int, _raw: str) -> str:
            return found[min(number, len(found)) - 1].place

        if found:
            yield from report.note_or_report(document, text, place)
        else:
            yield Rejected("paragraph 1", "a document without text. Mend: recognise the text of its pictures")
        if problem is not None:
            yield Rejected(problem.place, problem.reason)

    def finish(self) -> Iterator[tuple[Document, Item]]:
        """Nothing waits for other files."""
        return iter(())
