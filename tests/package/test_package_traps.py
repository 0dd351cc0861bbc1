"""A sender who sets traps in what they sign: verification tells of them, and neither fails nor waits."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tampering import restated, told
from test_package_notice import MANIFEST, notice

from chokepoint.model.errors import LedgerError, NotFoundError
from chokepoint.model.identity import Entity
from chokepoint.package.notice import meant
from chokepoint.package.parts import Package, Provisional
from chokepoint.package.place import Region, holds
from chokepoint.package.verify import verify
from chokepoint.proof.sealing import Sealed, open_with

SEPARATED = '"1" + "-" * 60_000'


def test_the_signs_of_a_pattern_in_an_account_number_stand_for_themselves() -> None:
    assert holds("pay 12*34 today", Entity("bank-account", "th:kbank:12*34"))
    assert not holds("pay 12 a", Entity("bank-account", "9|a"))


@given(st.text("0123456789*?|^$[]{}\\,", min_size=1, max_size=12))
def test_no_number_is_a_pattern_that_cannot_be_read(number: str) -> None:
    assert holds(f"to {number} now", Entity("bank-account", number)) in {True, False}


def test_a_number_of_question_marks_is_looked_for_without_waiting() -> None:
    program = (
        "from chokepoint.package.place import holds; from chokepoint.model.identity import Entity;"
        f"print(holds({SEPARATED}, Entity('bank-account', '1' + '?' * 24 + '2')))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, timeout=30, check=True)
    assert done.stdout.strip() == b"False"


@pytest.mark.parametrize(
    "raw", ["", " ", "\u200b", "\u00ad \u2060"], ids=["empty", "blank", "unseen", "both"]
)
def test_what_shows_nothing_is_found_nowhere(raw: str) -> None:
    assert not holds("nothing of the kind", Entity("domain-name", "evil.com"), raw)
    assert not holds("nothing of the kind", raw)


@pytest.mark.parametrize("line", ["large: 0x", "? 0x"], ids=["value", "key"])
def test_a_number_that_python_does_not_write_out_leaves_the_rest_readable(line: str) -> None:
    document = b"- wallet: 1abc\n  " + line.encode() + b"f" * 6_000 + b"\n"
    assert "1abc" in Region(document).at("/0")


def test_an_approval_beyond_the_end_of_the_calendar_is_told_as_none(package: Package) -> None:
    approval = Provisional("Example Police/ann", "children at risk", "9999-12-31T23:59:59.000Z")
    change = {"created": "9999-12-31T00:00:00Z", "provisional": list(approval)}
    outcome = verify(restated(lambda manifest: manifest.update(change))(package.files))
    assert "it does not say who approved it, why, and until when" in told(outcome)


@pytest.mark.parametrize("commitment", ["é" * 32, "\u0e01", ""], ids=["accents", "thai", "nothing"])
def test_a_commitment_in_other_letters_is_just_another_commitment(commitment: str) -> None:
    with pytest.raises(LedgerError, match="commits to"):
        open_with(bytes(32), Sealed(commitment, (), ""), kind="claim/1")
    with pytest.raises(NotFoundError):
        meant(notice(commitment=commitment), MANIFEST)


def test_another_marking_than_the_records_holds_only_where_it_is_told_as_the_senders_word(
    package: Package,
) -> None:
    other = ["TLP:GREEN", "PAP:CLEAR", [], []]

    def change(manifest: dict[str, list[dict[str, object]]]) -> None:
        manifest["claims"][0].update(marking=other)
        manifest["claims"][1].update(marking=other, withheld=["marking"])

    silent, said = verify(restated(change)(package.files)).claims[:2]
    assert (silent.proved, silent.vouched) == (False, False)
    assert (said.proved, said.vouched) == (True, True)
    assert "may not be read" not in said.reason
