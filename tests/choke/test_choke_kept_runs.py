"""Measurements that are kept: what makes one known again, and what makes it be taken anew."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def book():
    spec = importlib.util.spec_from_file_location(
        "kept_measurements", ROOT / "benchmarks" / "choke" / "kept.py"
    )
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def written(folder, text, name="code.py"):
    path = folder / name
    path.write_text(text)
    return path


CODE = '"""Doc."""\nLIMIT = 3\n\n\ndef twice(x):\n    """Doubles."""\n    return 2 * x  # why\n'


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        ('"""Doc."""', '"""Another."""', True),
        ('    """Doubles."""\n', "", True),
        ("  # why", "", True),
        ("LIMIT = 3\n", 'LIMIT = 3\n"""The most."""\n', True),
        ("2 * x", "(2 * x)", True),
        ("2 * x", "x * 2", False),
        ("LIMIT = 3", "LIMIT = 4", False),
        ("LIMIT = 3", "LIMIT = '3'", False),
    ],
    ids=["head", "docstring", "comment", "attribute", "layout", "order", "value", "kind"],
)
def test_what_code_does_makes_its_digest_and_not_what_it_says_of_itself(book, tmp_path, old, new, same):
    before = book.digest(files=[written(tmp_path, CODE)])
    after = book.digest(files=[written(tmp_path, CODE.replace(old, new))])
    assert (before == after) is same


def test_every_byte_of_data_counts_and_what_it_is_called(book, tmp_path):
    files = [
        written(tmp_path, "1,2\n", "a.csv"),
        written(tmp_path, "1,3\n", "b.csv"),
        written(tmp_path, "1,2\n", "c.csv"),
    ]
    assert len({book.digest(files=[path]) for path in files}) == 3


def test_words_are_not_run_together(book):
    assert (
        len({book.digest("ab", "c"), book.digest("a", "bc"), book.digest("abc"), book.digest("c", "ab")}) == 4
    )


def test_another_version_of_a_library_is_another_measurement(book, monkeypatch):
    before = book.digest(packages=["numpy"])
    monkeypatch.setattr(book.metadata, "version", lambda _: "0.0")
    assert book.digest(packages=["numpy"]) != before


def test_a_measurement_is_taken_once_and_read_again(book, tmp_path, monkeypatch):
    monkeypatch.setattr(book, "FOLDER", tmp_path / "made" / "when needed")
    taken = []
    for _ in range(2):
        assert book.kept("net", "k" * 64, lambda: taken.append(1) or {"auc": 1.5}) == {"auc": 1.5}
    assert book.kept("net", "l" * 64, lambda: {"auc": 2.0}) == {"auc": 2.0}
    assert len(taken) == 1


def test_a_measurement_that_fails_leaves_nothing(book, tmp_path, monkeypatch):
    monkeypatch.setattr(book, "FOLDER", tmp_path)
    with pytest.raises(ZeroDivisionError):
        book.kept("net", "k" * 64, lambda: 1 / 0)
    assert list(tmp_path.iterdir()) == []


def test_tables_beside_the_code_count_as_code(book):
    names = {path.name for path in book.code("model")}
    assert {"vocabulary.toml", "errors.py"} <= names
