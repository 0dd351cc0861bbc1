"""`verify`, `checkpoint`, `witness` and `prove`, as a person types them."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from cli_desk import Desk

NOTE = ("note", "evil.com resolves", "--link", "evil.com", "resolves-to", "10.0.0.1")


@pytest.fixture
def noted(desk: Desk) -> str:
    """The id of a claim in the desk's atlas."""
    desk.ok(*NOTE, "--tlp", "GREEN")
    return str(desk.json("show", "evil.com")["claims"][0]["id"])


def kept(desk: Desk, name: str, said: str) -> str:
    file = desk.atlas.parent / name
    file.write_text(said, "utf-8")
    return str(file)


def test_a_record_is_proved_to_somebody_without_the_atlas(desk: Desk, bare: Desk, noted: str) -> None:
    proof = kept(desk, "one.tlog-proof", desk.ok("prove", noted))
    key = desk.json("checkpoint")["key"]
    desk.atlas.rename(desk.atlas.with_name("elsewhere"))
    told = bare.json("verify", "--proof", proof, "--key", key)
    assert told["holds"] is True
    assert (told["record"], told["kind"], told["organisation"]) == (noted, "claim/1", "bank")
    assert f"record {noted} stands in the log" in bare.ok("verify", "--proof", proof, "--key", key)


def test_a_proof_is_checked_with_the_atlass_own_key_where_there_is_one(desk: Desk, noted: str) -> None:
    proof = kept(desk, "one.tlog-proof", desk.ok("prove", noted))
    assert desk.json("verify", "--proof", proof)["holds"] is True


def test_a_proof_of_a_log_that_is_not_trusted_is_refused(desk: Desk, noted: str) -> None:
    proof = kept(desk, "one.tlog-proof", desk.ok("prove", noted))
    other = "example.org/other+5e2c42c9+ATAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAw"
    result = desk.run("verify", "--proof", proof, "--key", other)
    assert result.exit_code == 1
    assert "error:" in result.stderr


@pytest.mark.parametrize(
    ("old", "new"), [("index ", "index 1"), ("claim", "clain"), ("extra ", "extra AAAA")]
)
def test_a_bent_proof_is_refused(desk: Desk, noted: str, old: str, new: str) -> None:
    said = desk.ok("prove", noted)
    bent = said.replace(old, new, 1) if old in said else said[:-20] + "AAAA" + said[-16:]
    result = desk.run("verify", "--proof", kept(desk, "bent.tlog-proof", bent))
    assert result.exit_code == 1
    assert result.stderr.startswith("error:")


def test_what_a_viewer_may_not_see_is_proved_to_nobody(desk: Desk) -> None:
    desk.ok(*NOTE, "--tlp", "RED")
    hidden = str(desk.json("show", "evil.com")["claims"][0]["id"])
    result, absent = desk.run("prove", hidden, who="police"), desk.run("prove", "0" * 64, who="police")
    assert (result.exit_code, absent.exit_code) == (1, 1)
    assert result.stderr.replace(hidden, "") == absent.stderr.replace("0" * 64, "")
    assert desk.run("prove", "nonsense").exit_code == 1


def test_a_member_witnesses_and_an_older_checkpoint_still_holds(desk: Desk, noted: str) -> None:
    first = desk.json("checkpoint", "--since", "0")
    request = kept(desk, "request", first["note"])
    line = desk.ok("witness", request, "--trust", first["key"], who="police")
    desk.ok("checkpoint", "--add", kept(desk, "line", line))
    old = kept(desk, "old.checkpoint", desk.ok("checkpoint"))
    desk.ok("review", "vote", "--confirm", noted, "--reason", "seen", who="police")
    assert "cosigned by police" in desk.ok("verify", "--checkpoint", old)
    begins = desk.json("verify", "--checkpoint", old)["begins"]
    assert [(one["size"], one["cosigned"]) for one in begins] == [(first["size"], ["police"])]
    again = kept(desk, "again", desk.json("checkpoint", "--since", str(first["size"]))["note"])
    assert desk.json("witness", again, who="police")["cosignature"].startswith("— ")


def test_a_checkpoint_of_another_history_is_told(desk: Desk, bare: Desk) -> None:
    other = kept(desk, "other.checkpoint", desk.ok("checkpoint"))
    shutil.rmtree(desk.atlas)
    bare.ok("init")
    result = bare.run("verify", "--checkpoint", other)
    assert result.exit_code == 1
    assert "no key that is known here" in result.stderr


def test_a_witness_wants_the_key_of_a_log_that_it_never_saw(desk: Desk) -> None:
    request = kept(desk, "request", desk.json("checkpoint", "--since", "0")["note"])
    result = desk.run("witness", request, who="police")
    assert result.exit_code == 1
    assert "--trust" in result.stderr


@pytest.mark.parametrize("since", ["x", "-1", "99999", "٣"])
def test_a_request_from_nowhere_is_refused(desk: Desk, since: str) -> None:
    assert desk.run("checkpoint", f"--since={since}").exit_code == 1


def test_a_claim_is_proved_by_the_beginning_of_its_id(desk: Desk, noted: str) -> None:
    whole = desk.ok("prove", noted, who="bank")
    assert desk.ok("prove", noted[:8], who="bank") == whole
    assert desk.ok("prove", noted[:8].upper(), who="bank") == whole


@pytest.mark.parametrize("name", ["12345", "ffffffff", ""], ids=["too short", "nobody's", "nothing"])
def test_a_beginning_that_names_no_claim_is_refused_with_a_mend(desk: Desk, noted: str, name: str) -> None:
    result = desk.run("prove", name, who="bank")
    assert result.exit_code == 1
    assert "no such claim, or several. Mend: " in result.stderr
    assert noted not in result.stderr


@pytest.mark.parametrize(
    ("who", "told"),
    [
        ("polise", "polise is no member of this atlas, perhaps police"),
        ("xyz/ann", "xyz is no member of this atlas:"),
    ],
)
def test_whoever_is_no_member_is_told_so_and_still_sees_what_all_may(desk: Desk, who: str, told: str) -> None:
    desk.ok("note", "evil.com is live", "--tlp", "CLEAR", who="bank")
    result = desk.run("show", "evil.com", who=who)
    assert result.exit_code == 0
    assert told in result.stderr
    assert "is live" in result.stdout


def test_a_member_is_told_nothing_of_the_kind(desk: Desk) -> None:
    desk.ok("note", "evil.com is live", who="bank")
    assert "no member" not in desk.run("show", "evil.com", who="bank").stderr


def test_init_says_where_keys_lie_only_where_they_do(bare: Desk) -> None:
    assert "Its keys lie in" in bare.ok("init")
    for key in (bare.atlas / "keys").iterdir():
        key.unlink()
    again = bare.ok("init")
    assert "Its keys lie in" not in again
    assert "Its key does not lie here" in again
