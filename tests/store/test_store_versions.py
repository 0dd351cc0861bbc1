"""Record versions: old payloads are read in the newest shape, unknown ones are refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.model.errors import LedgerError
from chokepoint.store.canonical import canonical
from chokepoint.store.membership import ORGANISATION, ORGANISATIONS
from chokepoint.store.versions import newest, versions

plain = st.dictionaries(st.sampled_from(["name", "sector", "country", "public_key"]), st.text(max_size=8))


@given(plain)
def test_a_first_member_record_gains_the_fields_of_the_second(said):
    lifted = newest("organisation/1", canonical(said))
    assert lifted == {"capabilities": [], "feeds": [], "origins": [], "parents": [], **said}


@given(plain)
def test_a_record_of_the_newest_version_is_read_as_it_stands(said):
    assert newest(ORGANISATION, canonical(said)) == said


def test_a_kind_names_all_its_versions():
    assert ORGANISATIONS == ("organisation/1", "organisation/2")
    assert versions("claim/1") == ("claim/1",)


@pytest.mark.parametrize("kind", ["organisation/3", "organisation/0", "case/2", "organisation/99999"])
def test_a_version_from_the_future_is_refused_with_a_mend(kind):
    with pytest.raises(LedgerError, match="unknown") as caught:
        newest(kind, b"{}")
    assert caught.value.mend


@pytest.mark.parametrize(
    "kind", ["organisation", "organisation/", "/1", "organisation/x", "organisation/²", "organisation/-1"]
)
def test_what_is_no_kind_is_refused(kind):
    with pytest.raises(LedgerError, match="no record kind"):
        newest(kind, b"{}")


@pytest.mark.parametrize("payload", [b"", b"[]", b"1", b"{", b"\xff"])
def test_a_payload_that_is_no_object_is_refused(payload):
    with pytest.raises(LedgerError, match="cannot be read"):
        newest(ORGANISATION, payload)


@pytest.mark.parametrize("digits", [7, 5_000])
def test_a_version_of_more_digits_than_anybody_writes_is_no_kind_and_quoted_shortly(digits):
    with pytest.raises(LedgerError, match="no record kind") as caught:
        newest(f"vote/{'9' * digits}", b"{}")
    assert len(caught.value.reason) < 200


def test_a_version_of_as_many_digits_as_can_be_read_is_told_to_be_newer():
    with pytest.raises(LedgerError, match="unknown"):
        newest("vote/999999", b"{}")
