"""Countries in a column of a table, named in the language of its headers."""

from __future__ import annotations

import pytest
from babel import Locale
from line_reading import document, rejected, triples

from chokepoint.collect.tabular import Tabular


@pytest.mark.parametrize(
    ("header", "language"),
    [("Country", "en"), ("Land", "de"), ("País", "es"), ("Pays", "fr"), ("国", "ja"), ("ประเทศ", "th"), ("Ülke", "tr")],
)  # fmt: skip
def test_a_table_names_countries_in_the_language_of_its_headers(header, language):
    names = Locale(language).territories
    wanted = ("kh", "mm", "th", "gb", "us", "cn", "in", "ng")
    rows = "".join(f'evil-{code}.com,"{names[code.upper()]}"\n' for code in wanted)
    items = list(Tabular().read(document(f"domain,{header}\n{rows}", "desk/sites.csv")))
    assert not rejected(items)
    assert {(f"domain-name:evil-{code}.com", "located-in", f"country:{code}") for code in wanted} <= triples(
        items
    )
