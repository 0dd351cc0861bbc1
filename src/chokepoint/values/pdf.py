"""The text of a PDF page as a reader has it: what is printed, then where its links lead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pypdf import PageObject

MOST_LINKS = 2_000
LONGEST_LINK = 4_000


def page_text(page: PageObject) -> str:
    """The printed text and, a line each, the targets of links that it does not print.

    Raises whatever pypdf raises on a page that cannot be read; links that cannot be read are none.
    """
    text = page.extract_text() or ""
    links = [link for link in dict.fromkeys(_links(page)) if link not in text]
    return "\n".join([text, *links]) if links else text


def _links(page: PageObject) -> Iterator[str]:
    """Targets of the link annotations (ISO 32000 12.5.6.5) that are addresses."""
    try:
        listed = list(page.get("/Annots").get_object() if page.get("/Annots") else ())  # type: ignore[union-attr]
    except Exception:  # noqa: BLE001 - pypdf raises whatever a hostile file makes it raise
        return
    for reference in listed[:MOST_LINKS]:
        try:
            link = _target(reference.get_object())
        except Exception:  # noqa: BLE001, S112 - the same
            continue
        if link:
            yield link


def _target(annotation: Any) -> str:
    """The address that a link annotation opens, on one line; empty where it opens none."""
    action = annotation.get("/A")
    action = action.get_object() if hasattr(action, "get_object") else action
    if annotation.get("/Subtype") != "/Link" or action is None or action.get("/S") != "/URI":
        return ""
    written = action.get("/URI")
    text = written.decode("utf-8", "replace") if isinstance(written, bytes) else str(written or "")
    bare = "".join(text.split())
    return bare.removeprefix("mailto:").removeprefix("tel:") if len(bare) <= LONGEST_LINK else ""
