"""The officer prints: every sheet says its label and number, nothing is dark, nothing stays folded."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader

if TYPE_CHECKING:
    from playwright.sync_api import Page


def sheets(page: Page) -> list[str]:
    """The words of each printed sheet."""
    return [one.extract_text() for one in PdfReader(io.BytesIO(page.pdf(format="A6"))).pages]


def test_each_sheet_of_a_dossier_bears_its_label_twice_and_its_number(page):
    page.goto("/entity?of=domain-name:evil.com")
    printed = sheets(page)
    assert len(printed) > 1
    for number, words in enumerate(printed, 1):
        assert words.count("TLP:CLEAR") >= 2
        assert f"{number} / {len(printed)}" in words


@pytest.mark.parametrize("path", ["/", "/check", "/case", "/package", "/operation"])
def test_forms_and_places_stay_on_the_screen(page, path):
    page.goto(path)
    assert "Access log" not in " ".join(sheets(page))
