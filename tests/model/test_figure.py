from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.model.errors import NotValidError
from chokepoint.model.figure import BOUNDS, Figure, amount, read_figure, tidy

ARRESTS = Figure(measure="arrests", low=Decimal(20), high=Decimal(20))

PUBLISHED = [
    pytest.param("arrests: 1006", ARRESTS_1006 := replace(ARRESTS, low=Decimal(1006), high=Decimal(1006)), id="all"),
    pytest.param("arrests in KE: about 24", replace(ARRESTS, low=Decimal(24), high=Decimal(24), bound="~", where=("KE",)), id="about"),
    pytest.param(
        "cash seized in VN: more than 300000000 VND",
        Figure(measure="cash seized", low=Decimal(300000000), high=Decimal(300000000), bound=">", unit="VND", where=("VN",)),
        id="more than, a currency",
    ),
    pytest.param(
        "victims in GH+NG: less than 40",
        Figure(measure="victims", low=Decimal(40), high=Decimal(40), bound="<", where=("GH", "NG")),
        id="less than, two countries",
    ),
    pytest.param("arrests: 20 to 24", replace(ARRESTS, high=Decimal(24)), id="a range"),
    pytest.param("pct suspicious ips taken down: 79 %", Figure(measure="pct suspicious ips taken down", low=Decimal(79), high=Decimal(79), unit="%"), id="a share"),
    pytest.param("losses: 97.4 USD", Figure(measure="losses", low=Decimal("97.4"), high=Decimal("97.4"), unit="USD"), id="a decimal"),
    pytest.param("raids in force: 3", Figure(measure="raids in force", low=Decimal(3), high=Decimal(3)), id="in that is no country"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "figure"), PUBLISHED)
def test_a_figure_is_written_as_people_read_it_and_read_back(text, figure):
    assert figure.text == text
    assert read_figure(text) == figure


amounts = st.decimals(min_value=0, max_value=10**12, places=2, allow_nan=False).map(
    lambda value: Decimal(f"{value:f}")
)
words = st.text(st.sampled_from("abc KE:%()+,-in é"), min_size=1, max_size=30).map(tidy).filter(bool)
codes = st.sets(st.sampled_from(["KE", "GH", "NG", "ZA"]), max_size=3).map(lambda some: tuple(sorted(some)))


@given(
    words, amounts, st.sampled_from(sorted(BOUNDS.values())), st.sampled_from(["", "USD", "TB", "%"]), codes
)
def test_whatever_is_taken_as_a_figure_reads_back_the_same(measure, low, bound, unit, where):
    try:
        figure = Figure(measure=measure, low=low, high=low, bound=bound, unit=unit, where=where)
    except NotValidError:
        return
    assert read_figure(figure.text) == figure


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        pytest.param({"measure": ""}, "no measure", id="no measure"),
        pytest.param({"measure": "x" * 81}, "no measure", id="one letter too many"),
        pytest.param({"measure": "Arrests"}, "no measure", id="not tidied"),
        pytest.param({"measure": "a\nb"}, "no measure", id="two lines"),
        pytest.param({"measure": "a: b"}, "colon", id="a colon inside"),
        pytest.param({"measure": "a:"}, "colon", id="a colon at the end"),
        pytest.param({"high": Decimal(19)}, "no amount", id="the end before the beginning"),
        pytest.param({"bound": "≈"}, "no amount", id="a sign that is none"),
        pytest.param({"bound": ">", "high": Decimal(24)}, "range", id="an open range"),
        pytest.param({"bound": "~", "high": Decimal(24)}, "range", id="a vague range"),
        pytest.param({"unit": "US D"}, "unit", id="a unit of two words"),
        pytest.param({"unit": "x" * 13}, "unit", id="a long unit"),
        pytest.param({"where": ("ke",)}, "countries", id="a small code"),
        pytest.param({"where": ("NG", "GH")}, "countries", id="codes out of order"),
        pytest.param({"where": ("GH", "GH")}, "countries", id="a code twice"),
    ],
)
def test_what_could_not_be_read_back_is_refused_with_its_mend(changed, said):
    with pytest.raises(NotValidError, match=said) as caught:
        replace(ARRESTS, **changed)
    assert caught.value.mend


@pytest.mark.parametrize(
    "text",
    [
        "", "arrests", "arrests:", "arrests: many", "arrests: -3", "arrests: 1e9", "arrests: ١٢", "arrests: 1.2.3",
        "arrests in KE: about 20 to 24", "arrests: 24 to 20", f"arrests: {'9' * 25}", ": 3", "arrests: 3 USD now",
        "arrests: 3\n", "victims in GH+GH: 3", "arrests: NaN",
    ],
)  # fmt: skip
def test_a_text_that_says_no_figure_is_refused_and_never_guessed(text):
    with pytest.raises(NotValidError, match="says no figure"):
        read_figure(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [("1006", "1006"), ("216,058", "216058"), ("1,234,567.5", "1234567.5"), (" 79 ", "79"), ("0", "0")],
)
def test_amounts_are_read_as_published(text, value):
    assert amount(text) == Decimal(value)


@pytest.mark.parametrize(
    "text",
    [
        "1,23",
        "1.234.567",
        "+5",
        "5 million",
        "0x10",
        "1.234,567",
        "0,500",
        "1234,567",
        ",123",
        "1,234,56",
        "",
        "1,2345",
        "∞",
        "5%",
    ],
)
def test_amounts_that_could_be_read_in_two_ways_are_refused(text):
    with pytest.raises(NotValidError, match="digits only"):
        amount(text)


def test_an_amount_of_twenty_four_digits_is_the_longest():
    assert amount("9" * 24) == Decimal("9" * 24)
    with pytest.raises(NotValidError):
        amount("9" * 25)


def test_people_read_thousands_apart():
    assert read_figure("cash seized in VN: more than 300000000 VND").amount == "more than 300,000,000 VND"
    assert read_figure("arrests: 1000 to 2500").amount == "1,000 to 2,500"


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        pytest.param("a: 5", 5, 5, id="exact"),
        pytest.param("a: about 5", 5, 5, id="about says not how far off"),
        pytest.param("a: more than 5", 5, None, id="more than has no end"),
        pytest.param("a: less than 5", 0, 5, id="less than begins at nothing"),
        pytest.param("a: 5 to 9", 5, 9, id="a range is its ends"),
    ],
)
def test_the_words_leave_so_much_open(text, least, most):
    figure = read_figure(text)
    assert (figure.least, figure.most) == (least, most)


@pytest.mark.parametrize(
    ("unit", "money"), [("USD", True), ("VND", True), ("TB", False), ("%", False), ("", False)]
)
def test_money_is_what_has_a_code_of_three_letters(unit, money):
    assert replace(ARRESTS, unit=unit).is_money is money
