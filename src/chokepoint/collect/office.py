"""Word processor documents (`.docx`, `.odt`) as reports or ransom notes, at `paragraph N`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chokepoint.collect import note, report
from chokepoint.collect.base import Document, Item, Rejected
from chokepoint.collect.derive import with_derived
from chokepoint.collect.origins import provenance
from chokepoint.collect.prose import About, said
from chokepoint.collect.taking import until
from chokepoint.collect.titles import about, fallback_name, title_of
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

        if document.origin in note.COLLECTIONS or note.is_note(text):
            yield from note.told_by(document, text, place)
        elif found:
            day = report.published(text)
            what = About(
                subject=about(document, text),
                title=title_of(text) or fallback_name(document),
                provenance=provenance(document),
                observed=until(day.isoformat()) if day else None,
            )
            yield from said(text, what, place)
        else:
            yield Rejected("paragraph 1", "a document without text. Mend: recognise the text of its pictures")
        if problem is not None:
            yield Rejected(problem.place, problem.reason)

    def finish(self) -> Iterator[tuple[Document, Item]]:
        """Nothing waits for other files."""
        return iter(())
