"""Sentences that keep what was put into them: text for whoever reads text, whole for whoever translates."""

from __future__ import annotations

import json
import pickle
from copy import deepcopy
from dataclasses import asdict, dataclass
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.model.errors import NotValidError
from chokepoint.model.said import AFTER, AGAINST, AND, BESIDE, OR, Said, advised, kept, linked, unkept


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    why: str


class TestAsText:
    @pytest.mark.parametrize(
        ("said", "text"),
        [
            pytest.param(Said("undated"), "undated", id="without values"),
            pytest.param(Said("{n:,} of {who}", n=1200, who="bank"), "1,200 of bank", id="a number and a name"),
            pytest.param(Said("{share:.0%} by day {day}", share=0.256, day=7), "26% by day 7", id="a share"),
            pytest.param(Said("until {day}", day=date(2026, 2, 3)), "until 2026-02-03", id="a day as ISO writes it"),
            pytest.param(Said("{text!r} is none", text="x'y"), '"x\'y" is none', id="quoted"),
            pytest.param(Said("{a}: {b}", a=Said("host"), b=Said("{n} days", n=3)), "host: 3 days", id="one in another"),
            pytest.param(Said("{x}", x="{y} %(z)s {0}"), "{y} %(z)s {0}", id="braces in what is put in stay"),
        ],
    )  # fmt: skip
    def test_a_sentence_is_its_english_text(self, said: Said, text: str):
        assert said == text
        assert f"{said}!" == f"{text}!"
        assert hash(said) == hash(text)

    @pytest.mark.parametrize(
        ("count", "text"),
        [(0, "0 claims"), (1, "1 claim"), (2, "2 claims"), (1.0, "1 claim"), (1.5, "1.5 claims")],
    )
    def test_one_alone_is_told_in_the_singular(self, count: float, text: str):
        assert Said("{count:g} claim", "{count:g} claims", count=count) == text

    def test_json_holds_the_text_and_nothing_of_the_message(self):
        assert json.dumps({"why": Said("{n} days", n=3)}) == '{"why": "3 days"}'


class TestKept:
    said = Said("{count} claim of {who}", "{count} claims of {who}", count=2, who=Said("nobody"))

    @pytest.mark.parametrize(
        "through",
        [
            pytest.param(lambda said: pickle.loads(pickle.dumps(said)), id="another process"),  # noqa: S301 - our own
            pytest.param(deepcopy, id="a copy"),
            pytest.param(lambda said: asdict(Row(why=said))["why"], id="a dataclass taken apart"),
        ],
    )
    def test_message_and_values_go_along(self, through):
        kept = through(self.said)
        assert (kept, kept.message, kept.many) == (
            self.said,
            "{count} claim of {who}",
            "{count} claims of {who}",
        )
        assert kept.values == {"count": 2, "who": "nobody"}
        assert isinstance(kept.values["who"], Said)

    @given(st.dictionaries(st.from_regex(r"[a-z]{1,8}", fullmatch=True), st.text(max_size=20), max_size=4))
    def test_what_was_put_in_comes_out_of_a_pickle_whatever_it_holds(self, values: dict[str, str]):
        said = Said(" ".join(f"{{{name}}}" for name in values) or "nothing", **values)
        again = pickle.loads(pickle.dumps(said))  # noqa: S301 - our own
        assert (again, dict(again.values)) == (said, values)

    def test_an_error_tells_text_and_keeps_what_was_said(self):
        error = NotValidError(Said("{text!r} is no day", text="soon"), mend="write YYYY-MM-DD", place="--on")
        assert str(error) == "--on: 'soon' is no day. Mend: write YYYY-MM-DD"
        assert type(error.reason) is str, "whatever is written as JSON or to a ledger is plain text"
        assert error.said == ("'soon' is no day", "write YYYY-MM-DD")
        assert isinstance(error.said[0], Said)


class TestLinked:
    @pytest.mark.parametrize(
        ("link", "text"),
        [(AND, "a and b and c"), (OR, "a or b or c"), (AGAINST, "a against b against c"), (BESIDE, "a, b, c"), (AFTER, "a b c")],
        ids=["and", "or", "against", "beside", "after"],
    )  # fmt: skip
    def test_parts_stand_in_their_order(self, link: str, text: str):
        assert linked(link, iter("abc")) == text

    def test_none_is_empty_and_one_is_itself(self):
        assert linked(AND, []) == ""
        assert linked(AND, ["bank"]) == "bank"

    @given(st.lists(st.text(min_size=1, max_size=8), max_size=6))
    def test_a_list_reads_as_if_it_had_been_joined(self, parts: list[str]):
        assert linked(BESIDE, parts) == ", ".join(parts)


_texts = st.text(max_size=20)
_flat = st.builds(
    lambda one, two: Said("{one!r} is no {two:,}", one=one, two=two), _texts, st.integers(-(2**53), 2**53)
)
_sentences = st.recursive(
    st.one_of(_texts, _flat, st.just(Said("no such thing"))),
    lambda inner: st.builds(
        lambda why, mend: Said("{why}: left out. Try {mend}", why=why, mend=mend), inner, inner
    ),
    max_leaves=6,
)


@given(_sentences)
def test_what_is_kept_as_json_comes_back_with_message_and_values(sentence):
    told = unkept(json.loads(json.dumps(kept(sentence))))
    assert told == sentence
    assert type(told) is type(sentence)
    if isinstance(sentence, Said):
        assert (told.message, told.many, dict(told.values)) == (
            sentence.message, sentence.many, dict(sentence.values),
        )  # fmt: skip


@given(_sentences)
def test_a_sentence_crosses_between_processes_as_it_is(sentence):
    told = pickle.loads(pickle.dumps(sentence, pickle.HIGHEST_PROTOCOL))  # noqa: S301 - our own bytes
    assert told == sentence
    assert getattr(told, "values", None) == getattr(sentence, "values", None)


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(0.5, id="a fraction, which canonical JSON has not"),
        pytest.param(date(2026, 1, 2), id="a day"),
        pytest.param(None, id="nothing"),
    ],
)
def test_what_json_would_not_give_back_is_kept_as_text_alone(value):
    assert kept(Said("about {value}", value=value)) == f"about {value}"


def test_a_plural_is_kept_with_both_its_forms():
    told = unkept(kept(Said("{count} line", "{count} lines", count=2)))
    assert (str(told), told.message, told.many) == ("2 lines", "{count} line", "{count} lines")


@pytest.mark.parametrize(
    ("why", "mend", "text"),
    [
        ("no such member", "see the list", "no such member. Mend: see the list"),
        ("is it open?", "close it", "is it open? Mend: close it"),
        ("no such member", "", "no such member"),
        ("", "see the list", ". Mend: see the list"),
    ],
)
def test_a_reason_and_its_mend_read_as_an_error_explains_them(why, mend, text):
    assert advised(why, mend) == text
    assert NotValidError(why, mend=mend).advice == text


def test_an_errors_advice_keeps_what_it_was_made_of():
    reason = Said("{text!r} is no digest", text="x")
    told = NotValidError(reason, place="line 3", mend="write it").advice
    assert told.values["why"] is reason
    assert told.values["mend"] == "write it"


def test_every_text_inside_is_changed_and_no_word_of_ours():
    inner = Said("{path} is no table of {count}", path="/srv/x/a.csv", count=3)
    told = Said("{why}: read as plain text", why=inner).through(lambda text: text.replace("/srv/x/", ""))
    assert told == "a.csv is no table of 3: read as plain text"
    assert told.values["why"].message == inner.message


@given(_flat)
def test_changing_nothing_changes_nothing(sentence):
    assert sentence.through(str) == sentence
