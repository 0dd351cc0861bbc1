"""Erasure notices by themselves: which entity is meant, by whom they are, and what they keep to themselves."""

from __future__ import annotations

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.model.errors import LedgerError, NotFoundError
from chokepoint.model.identity import Entity
from chokepoint.package.manifest import ClaimEntry, Manifest, MarkingForm
from chokepoint.package.notice import Notice, commitment, meant, read_notice, write_notice
from chokepoint.package.sign import canonical_json, seal

KEY, OTHER = (Ed25519PrivateKey.from_private_bytes(bytes([at]) * 32) for at in (1, 2))
PUBLIC = KEY.public_key().public_bytes_raw()
OPEN = MarkingForm("TLP:CLEAR", "PAP:CLEAR", (), ())
SALT = "5a" * 32
JANE, JOHN, SITE = ("person", "jane doe"), ("person", "john roe"), ("domain-name", "evil.com")


def line(record: str, subject: tuple[str, str], thing: tuple[str, str] | str) -> ClaimEntry:
    return ClaimEntry(
        record=record, subject=subject, property="contact", object=thing, place="line 1", capture="c" * 64,
        origin="bank", grading="B2", observed=None, nature="fact", marking=OPEN, contributor="bank",
        belief="0.9", verdict="accepted", simulated=False, votes=(), raw="", quote="", holds=(),
    )  # fmt: skip


LINES = (line("aa", SITE, JANE), line("bb", SITE, JOHN), line("cc", JOHN, "a text"))
MANIFEST = Manifest(
    v=1, atlas="atlas-1", title="t", created="2026-02-03", as_of="2026-02-03", marking=OPEN, organisation="bank",
    public_key=PUBLIC.hex(), simulated=False, dispatchable=True, claims=LINES, captures=(), files=(),
)  # fmt: skip


def notice(entity: tuple[str, str] = JANE, records: tuple[str, ...] = ("aa",), **about: object) -> Notice:
    said = {
        "v": 1,
        "atlas": "atlas-1",
        "organisation": "bank",
        "at": "2026-02-03T04:05:06.000Z",
        "basis": "GDPR Art. 17",
        "records": records,
        "salt": SALT,
        "commitment": commitment(SALT, Entity(*entity)),
    }
    return Notice(**(said | about))  # type: ignore[arg-type] - as Notice's own


def signed(one: Notice, key: Ed25519PrivateKey = KEY) -> bytes:
    return write_notice(one, key.public_key().public_bytes_raw(), key.sign)


def test_a_notice_is_read_back_as_it_was_written() -> None:
    assert read_notice(signed(notice()), MANIFEST) == notice()


@pytest.mark.parametrize("entity", [JANE, SITE], ids=["object", "subject"])
def test_either_end_of_an_erased_line_may_be_meant(entity: tuple[str, str]) -> None:
    assert meant(notice(entity), MANIFEST) == Entity(*entity)


def test_a_line_about_a_text_has_one_end() -> None:
    assert meant(notice(JOHN, ("cc",)), MANIFEST) == Entity(*JOHN)


@pytest.mark.parametrize(
    ("entity", "records"),
    [
        pytest.param(JOHN, ("aa",), id="somebody of another line"),
        pytest.param(JANE, (), id="no line"),
        pytest.param(JANE, ("dd",), id="a line of another package"),
        pytest.param(("persona", "jane doe"), ("aa",), id="another kind"),
    ],
)
def test_nobody_else_is_meant(entity: tuple[str, str], records: tuple[str, ...]) -> None:
    with pytest.raises(NotFoundError):
        meant(notice(entity, records), MANIFEST)


@pytest.mark.parametrize(
    "about",
    [
        pytest.param({"v": 2}, id="a later version"),
        pytest.param({"atlas": "atlas-2"}, id="another atlas"),
        pytest.param({"organisation": "police"}, id="another member"),
        pytest.param({"salt": "no figures"}, id="a salt that is none"),
    ],
)
def test_a_notice_about_another_package_is_refused(about: dict[str, object]) -> None:
    with pytest.raises(LedgerError):
        read_notice(signed(notice(**about)), MANIFEST)


def test_a_notice_by_another_key_is_refused() -> None:
    with pytest.raises(LedgerError):
        read_notice(signed(notice(), OTHER), MANIFEST)


def test_a_package_envelope_is_no_notice_though_it_holds_one() -> None:
    payload = canonical_json(msgspec.to_builtins(notice()))
    with pytest.raises(LedgerError):
        read_notice(seal(payload, PUBLIC, KEY.sign), MANIFEST)


@pytest.mark.parametrize("field", Notice.__struct_fields__)
def test_a_notice_without_a_field_is_refused(field: str) -> None:
    said = msgspec.to_builtins(notice())
    del said[field]
    data = seal(
        canonical_json(said), PUBLIC, KEY.sign, kind="application/vnd.chokepoint.erasure-notice.v1+json"
    )
    with pytest.raises(LedgerError):
        read_notice(data, MANIFEST)


kinds, values = st.sampled_from(["person", "persona", "email-addr"]), st.text(max_size=8)


@given(kinds, values, kinds, values)
def test_two_entities_share_a_commitment_only_when_they_are_one(
    kind: str, value: str, other: str, word: str
) -> None:
    same = commitment(SALT, Entity(kind, value)) == commitment(SALT, Entity(other, word))
    assert same == ((kind, value) == (other, word))
