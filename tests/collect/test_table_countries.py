"""Countries in a column of a table, named in the language of its headers."""

from __future__ import annotations

import pytest
from babel import Locale
from line_reading import document, rejected, triples

from chokepoint.collect.mapping.propose import propose
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


def test_numbers_that_say_their_country_need_none_from_the_table():
    """A Russian hotline's table is no Spanish one, and its numbers are Russia's whatever it is."""
    table = "Дата;Сайт;Телефон\n12.01.2026;нова-инвест.рф;+7 495 123-45-67\n13.01.2026;evil-pay.top;+7 812 555-01-01\n"
    tabular = Tabular()
    items = list(tabular.read(document(table, "desk/calls.csv")))
    assert not rejected(items)
    assert {"phone-number:+74951234567", "phone-number:+78125550101"} <= {
        end for one in triples(items) for end in (one[0], one[2])
    }
    [column] = [
        one for one in propose(["Дата", "Сайт", "Телефон"], rows(table)).columns if one.header == "Телефон"
    ]
    assert column.kind == "phone-number"


def rows(table):
    return [line.split(";") for line in table.splitlines()[1:]]
