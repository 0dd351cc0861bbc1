"""An erasure reaches who got a package: a notice that names nobody, and what it does at the recipient's."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from desk_world import World, entity, sha

from chokepoint.desk.hand import Dispatch, build
from chokepoint.desk.handing.notice import apply, notice_of
from chokepoint.desk.handing.publish import read
from chokepoint.desk.handing.release import release
from chokepoint.desk.keeping.erase import erase, hold, told
from chokepoint.desk.looking.look import show
from chokepoint.desk.vetting.review import vote
from chokepoint.model.errors import ChokepointError, LedgerError, NotFoundError, RefusedError
from chokepoint.model.identity import Entity
from chokepoint.model.judgement import Vote
from chokepoint.package.notice import commitment

if TYPE_CHECKING:
    from pathlib import Path

SITE, JANE, GANG = entity("domain-name:evil.com"), entity("person:jane doe"), entity("group:bad gang")
SAID = [(SITE, "contact", JANE), (SITE, "indicates", GANG)]
BASIS = "GDPR Art. 17(1)(d)"


class Sent:
    """A package of the bank's, the notice of Jane's erasure, and the atlas of an NGO that took the package in.

    The bank released Jane's name, or had it withheld from the package.
    """

    def __init__(self, world: World, folder: Path, *, named: bool = True) -> None:
        if named:
            release(world.open("bank", "ann"), JANE, basis="court order 6")
        ids = world.ids("bank", world.say("bank", *SAID))
        for who in ("police", "vendor"):
            vote(world.open(who), ids, Vote.CONFIRM, "seen")
        to = Dispatch(recipients=frozenset({"police"}))
        self.files = read(build(world.open("bank"), "evil.com", folder / "p", to).folder)
        self.notice = notice_of(world.open("bank"), JANE, basis=BASIS)
        erase(world.open("bank"), JANE, reason="asked", basis=BASIS)
        self.there = World(folder / "there")
        for who in ("ngo", "bank"):
            self.there.join(who)
        self.there.say("bank", *SAID)  # the same bytes as in the package

    def apply(self, who: str = "ngo"):
        return apply(self.there.open(who), self.notice, self.files)

    def known(self, one: Entity) -> int:
        return len(show(self.there.open("ngo"), str(one)).evidence)


@pytest.fixture
def sent(world: World, tmp_path: Path):
    made = Sent(world, tmp_path)
    yield made
    made.there.close()


def test_what_came_with_the_package_is_erased_at_the_recipients_too(sent: Sent) -> None:
    assert sent.known(JANE) == 1
    one, found = sent.apply()
    assert one == JANE
    assert found.records >= 1
    assert sent.known(JANE) == 0


def test_a_name_that_was_withheld_from_the_package_is_not_to_be_erased_at_the_recipients(
    world: World, tmp_path: Path
) -> None:
    sent = Sent(world, tmp_path, named=False)
    with pytest.raises(NotFoundError, match="withheld from its recipients"):
        sent.apply()
    assert sent.known(JANE) == 1  # from elsewhere
    sent.there.close()


def test_what_else_the_package_brought_stays(sent: Sent) -> None:
    sent.apply()
    assert sent.known(GANG) == 1


def test_what_the_recipient_holds_from_elsewhere_stays(sent: Sent) -> None:
    sent.there.say("ngo", (SITE, "related-to", JANE), path="own.txt")
    assert sent.known(JANE) == 2
    _, found = sent.apply()
    assert found.records == 1
    [left] = show(sent.there.open("ngo"), str(JANE)).evidence
    assert left.stored.claim.property == "related-to"


def test_the_tombstone_says_by_whose_notice_and_on_which_basis(sent: Sent) -> None:
    sent.apply()
    [one], _ = told(sent.there.open("ngo"))
    assert one.erasure.basis == BASIS
    assert "erased by bank" in one.erasure.reason
    assert one.organisation == "ngo"


def test_a_hold_at_the_recipients_suspends_it_and_says_by_whom_and_why(sent: Sent) -> None:
    hold(sent.there.open("ngo"), JANE, reason="court order 7")
    with pytest.raises(RefusedError, match=r"ngo holds it since .*: court order 7"):
        sent.apply()
    assert sent.known(JANE) == 1
    hold(sent.there.open("ngo"), JANE, reason="case over", holds_it=False)
    sent.apply()
    assert sent.known(JANE) == 0


def test_the_same_notice_again_finds_nothing(sent: Sent) -> None:
    sent.apply()
    with pytest.raises(NotFoundError):
        sent.apply()


def test_only_who_keeps_the_log_applies_a_notice(sent: Sent) -> None:
    with pytest.raises(RefusedError, match="keeps the log"):
        sent.apply("bank")


def test_a_recipient_who_took_in_nothing_is_told_so(sent: Sent, tmp_path: Path) -> None:
    empty = World(tmp_path / "empty")
    empty.join("ngo")
    with pytest.raises(NotFoundError):
        apply(empty.open("ngo"), sent.notice, sent.files)
    empty.close()


# --- what a notice says, and whose it is ---


def test_a_notice_names_nobody(sent: Sent) -> None:
    import base64  # noqa: PLC0415 - only here

    payload = base64.b64decode(json.loads(sent.notice)["payload"]).decode()
    assert "jane" not in payload.casefold()
    assert JANE.id not in payload
    assert set(json.loads(payload)) == {
        *("v", "atlas", "organisation", "at", "basis", "records", "salt", "commitment"),
    }


def test_a_commitment_differs_with_salt_kind_and_value() -> None:
    one, other = "00" * 32, "11" * 32
    made = {
        commitment(one, JANE),
        commitment(other, JANE),
        commitment(one, Entity("persona", "jane doe")),
        commitment(one, Entity("person", "jane do")),
    }
    assert len(made) == 4


def test_kind_and_value_cannot_be_shifted_into_each_other() -> None:
    assert commitment("00" * 32, Entity("ab", "c")) != commitment("00" * 32, Entity("a", "bc"))


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda data: data[:-1], id="cut"),
        pytest.param(lambda data: data.replace(b'"sig":"', b'"sig":"A'), id="another signature"),
        pytest.param(lambda data: data.replace(b"erasure-notice", b"package"), id="another type"),
        pytest.param(lambda data: data.replace(b'{"payload"', b'{ "payload"'), id="other bytes"),
        pytest.param(lambda _: b"", id="nothing"),
        pytest.param(lambda _: b"[" * 10_000, id="deep"),
    ],
)
def test_an_altered_notice_erases_nothing(sent: Sent, change) -> None:
    sent.notice = change(sent.notice)
    with pytest.raises(LedgerError):
        sent.apply()
    assert sent.known(JANE) == 1


def test_a_notice_by_another_member_about_the_banks_package_erases_nothing(
    sent: Sent, world: World, tmp_path: Path
) -> None:
    """Else any member could erase at others what the bank had said."""
    other = World(tmp_path / "other")
    other.join("police")
    other.say("police", *SAID)
    sent.notice = notice_of(other.open("police"), JANE, basis=BASIS)
    with pytest.raises(LedgerError):
        sent.apply()
    assert sent.known(JANE) == 1
    other.close()


def test_a_manifest_that_its_maker_did_not_sign_erases_nothing(sent: Sent) -> None:
    """Else whoever hands the package on could name what else is to go with it."""
    sent.there.say("ngo", (SITE, "related-to", JANE), path="own.txt", text="own")
    manifest = json.loads(sent.files["manifest.json"])
    manifest["captures"].append(manifest["captures"][0] | {"sha256": sha("own")})
    sent.files["manifest.json"] = json.dumps(manifest, separators=(",", ":"), sort_keys=True).encode()
    with pytest.raises(LedgerError):
        sent.apply()
    assert sent.known(JANE) == 2


def test_a_file_that_only_lies_beside_the_package_came_from_elsewhere(sent: Sent) -> None:
    sent.there.say("ngo", (SITE, "related-to", JANE), path="own.txt", text="own")
    sent.files["own.txt"] = b"own"
    sent.apply()
    assert sent.known(JANE) == 1


@pytest.mark.parametrize("name", ["manifest.json", "manifest.dsse.json"])
def test_a_folder_that_is_no_whole_package_is_refused_by_name(sent: Sent, name: str) -> None:
    del sent.files[name]
    with pytest.raises(LedgerError, match=name):
        sent.apply()


def test_a_manifest_is_no_notice(sent: Sent) -> None:
    sent.notice = sent.files["manifest.dsse.json"]
    with pytest.raises(LedgerError):
        sent.apply()


def test_a_notice_about_somebody_else_leaves_the_package_alone(sent: Sent, world: World) -> None:
    world.say("bank", (SITE, "related-to", entity("person:john roe")), path="other.txt")
    sent.notice = notice_of(world.open("bank"), entity("person:john roe"), basis=BASIS)
    with pytest.raises(NotFoundError, match="nothing in the package"):
        sent.apply()


def test_a_notice_is_made_before_the_erasure_and_by_the_keeper(world: World) -> None:
    world.say("bank", *SAID)
    with pytest.raises(ChokepointError):
        notice_of(world.open("police"), JANE, basis=BASIS)
    erase(world.open("bank"), JANE, reason="asked", basis=BASIS)
    with pytest.raises(NotFoundError):
        notice_of(world.open("bank"), JANE, basis=BASIS)
