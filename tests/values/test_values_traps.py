"""Texts made to hold up or to break whoever reads them: each is refused like any other, and at once."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.model.errors import NotValidError
from chokepoint.values.internet import parse_url
from chokepoint.values.registry import detect, query
from chokepoint.values.text.roles import Judge
from chokepoint.values.text.view import View

ENDLESS = {
    "a port of letters": "a." * 40 + "a:x",
    "a port that is too long": "a." * 40 + "a:123456",
    "a colon at the end": "a." * 40 + "a/:",
    "dots alone": "." * 80 + ":x",
    "a path without an end": "a." * 40 + "a@b/",
}


@pytest.mark.parametrize("text", ENDLESS.values(), ids=ENDLESS.keys())
def test_many_labels_that_make_no_host_are_told_as_none_before_anybody_waits(text: str) -> None:
    program = f"from chokepoint.values.registry import detect; print(detect({text!r}))"
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, timeout=20, check=True)
    assert told.stdout.strip() == b"None"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("evil-shop.com:8080", "evil-shop.com"),
        ("Evil-Shop.com", "evil-shop.com"),
        ("пример.com", "xn--e1afmkfd.com"),
        ("пример.com:443", "xn--e1afmkfd.com"),
        ("evil-shop.com/login", "http://evil-shop.com/login"),
        ("evil-shop.com:80/a.b/c", "http://evil-shop.com/a.b/c"),
    ],
    ids=["port", "capitals", "letters", "letters and port", "path", "port and path"],
)
def test_hosts_are_still_told_with_ports_and_paths(text: str, value: str) -> None:
    found = detect(text)
    assert found is not None
    assert found.value == value


@pytest.mark.parametrize("text", ["a..com", ".evil-shop.com", "evil-shop..com:80", ".evil-shop.com/login"])
def test_an_empty_label_names_no_host(text: str) -> None:
    assert detect(text) is None


@pytest.mark.parametrize("digits", [17, 5_000], ids=["seventeen", "thousands"])
def test_a_port_of_too_many_digits_is_refused_as_one_that_does_not_exist(digits: int) -> None:
    with pytest.raises(NotValidError, match="port 1111111111 does not exist"):
        parse_url(f"http://evil-shop.com:{'1' * digits}/")
    assert all(one.kind != "url" for one in query(f"http://evil-shop.com:{'1' * digits}/"))


def test_a_port_may_have_zeros_before_it() -> None:
    assert parse_url("http://evil-shop.com:0008080/") == "http://evil-shop.com:8080/"


@given(st.text("a \t\n", max_size=40), st.integers(0, 40))
def test_how_much_stands_behind_a_thing_is_told_without_reading_it_again(text: str, offset: int) -> None:
    view = View(text)
    told = Judge(view, [])._lines_behind(min(offset, len(view.text)))
    assert told == view.text[offset:].strip().count("\n")
