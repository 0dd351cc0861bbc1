"""`backup`, `restore` and `erase`, as a person types them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cli_desk import Desk

if TYPE_CHECKING:
    from pathlib import Path

MAIL = "somchai.testperson@example.org"
WHY = ("--reason", "asked for it", "--basis", "GDPR Art. 17")


@pytest.fixture
def noted(desk: Desk) -> Desk:
    """The bank's note that an address uses a domain."""
    desk.ok("note", f"{MAIL} uses evil.com", "--link", MAIL, "uses", "evil.com", "--tlp", "GREEN")
    return desk


def test_an_erasure_is_looked_at_first_then_done_and_told(noted: Desk) -> None:
    seen = noted.json("erase", MAIL, "--dry-run")
    assert seen["erased"] is False
    assert seen["records"] >= 1
    assert noted.json("erase", MAIL, *WHY) == {**seen, "erased": True}
    assert noted.json("show", MAIL)["entity"] is None
    [done, *_] = noted.json("erase", "--list")["erasures"]
    assert (done["by"], done["reason"], done["basis"]) == ("bank", WHY[1], WHY[3])
    assert noted.json("verify")["holds"] is True
    noted.ok("note", f"{MAIL} again", "--link", MAIL, "uses", "evil.com")
    assert "destroyed" in noted.ok("erase", MAIL, *WHY)
    assert MAIL not in noted.ok("erase", "--list")


def test_an_erasure_wants_an_entity_a_reason_and_a_basis(noted: Desk) -> None:
    assert noted.run("erase").exit_code == 2
    result = noted.run("erase", MAIL)
    assert result.exit_code == 1
    assert "--basis" in result.stderr


def test_others_than_the_keeper_are_told_whom_to_ask(noted: Desk) -> None:
    result = noted.run("erase", MAIL, *WHY, who="police")
    assert result.exit_code == 1
    assert "ask bank" in result.stderr


def test_others_hear_of_their_own_erasures_and_holds_alone(noted: Desk) -> None:
    """What was destroyed or is held may never have been theirs to see: its count and reason neither."""
    noted.ok("erase", MAIL, *WHY)
    noted.ok("erase", "evil.com", "--hold", "--reason", "case 7", who="police")
    for who in ("vendor", "nobody"):
        assert noted.json("erase", "--list", who=who) == {"erasures": [], "holds": []}
    assert [one["reason"] for one in noted.json("erase", "--list", who="police")["holds"]] == ["case 7"]
    assert noted.json("erase", "--list", who="police")["erasures"] == []
    keeper = noted.json("erase", "--list")
    assert (len(keeper["erasures"]), len(keeper["holds"])) == (1, 1)


def test_a_hold_is_placed_shown_and_lifted(noted: Desk) -> None:
    assert "no erasure passes" in noted.ok("erase", MAIL, "--hold", "--reason", "case 7", who="police")
    assert "police holds it" in noted.run("erase", MAIL, *WHY).stderr
    assert "case 7" in noted.ok("erase", "--list")
    noted.ok("erase", MAIL, "--lift", "--reason", "closed", who="police")
    assert noted.json("erase", MAIL, *WHY)["erased"] is True
    assert noted.json("erase", "--finish") == {"finished": True, "untold": []}


def test_a_backup_is_restored_and_what_was_erased_stays_so(noted: Desk, tmp_path: Path) -> None:
    backup = str(tmp_path / "backup")
    made = noted.json("backup", backup)
    assert made["keys"] is True
    assert "encrypted" in noted.ok("backup", str(tmp_path / "second"), "--no-keys")
    noted.ok("erase", MAIL, *WHY)
    again = Desk(tmp_path / "again")
    done = again.json("restore", backup, "--erased", str(noted.atlas))
    assert (done["holds"], done["replayed"]) == (True, 1)
    assert again.json("show", MAIL)["entity"] is None
    assert again.json("show", "evil.com")["entity"] is None


def test_a_restore_asks_the_atlas_what_it_erased_and_refuses_where_that_is_gone(
    noted: Desk, tmp_path: Path
) -> None:
    backup = str(tmp_path / "backup")
    noted.ok("backup", backup)
    told = noted.ok("erase", MAIL, *WHY)
    assert "Those known here were told" in told
    assert "Not reached" not in told
    again = Desk(tmp_path / "again")
    assert "1 erasures that came after" in again.ok("restore", backup)
    assert again.json("show", MAIL)["entity"] is None
    noted.atlas.rename(tmp_path / "lost")
    third = Desk(tmp_path / "third")
    refused = third.run("restore", backup)
    assert refused.exit_code == 1
    assert "not there to say what it erased" in refused.stderr
    assert "--may-bring-back-erased" in refused.stderr
    assert not third.atlas.exists()
    done = third.run("restore", backup, "--may-bring-back-erased")
    assert done.exit_code == 0
    assert "may be back" in done.stderr
    assert third.json("show", MAIL)["entity"] is None


def test_an_erasure_names_the_backups_that_it_could_not_tell(noted: Desk, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    noted.ok("backup", str(disk / "backup"))
    disk.rename(tmp_path / "unplugged")
    assert noted.json("erase", MAIL, *WHY)["untold"] == [str(disk / "backup")]
    assert f"Not reached: the backup {disk / 'backup'}." in noted.ok("erase", "--finish")
    (tmp_path / "unplugged").rename(disk)
    assert noted.json("erase", "--finish") == {"finished": True, "untold": []}


def test_a_backup_that_somebody_says_is_no_more_is_named_no_more(noted: Desk, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    noted.ok("backup", str(disk / "backup"))
    disk.rename(tmp_path / "shredded")
    told = noted.ok("erase", MAIL, *WHY)
    assert "--destroyed" in told
    assert noted.run("erase", "--destroyed", str(disk / "backup")).exit_code == 2
    assert noted.json("erase", "--finish", "--destroyed", str(disk / "backup"))["untold"] == []
    again = noted.run("erase", "--finish", "--destroyed", str(disk / "backup"))
    assert again.exit_code == 1
    assert "no backup of this atlas is known there" in again.stderr


def test_a_moved_atlas_is_named_by_whoever_restores(noted: Desk, tmp_path: Path) -> None:
    """The refusal says where the backup thinks that it is."""
    noted.ok("backup", str(tmp_path / "backup"))
    noted.atlas.rename(tmp_path / "moved")
    refused = Desk(tmp_path / "again").run("restore", str(tmp_path / "backup"))
    assert refused.exit_code == 1
    assert f"its atlas is {noted.atlas}" in refused.stderr
    assert Desk(tmp_path / "again").json(
        "restore", str(tmp_path / "backup"), "--erased", str(tmp_path / "moved")
    )["holds"]


def test_a_later_place_that_is_not_there_is_wrong_usage(noted: Desk, tmp_path: Path) -> None:
    noted.ok("backup", str(tmp_path / "backup"))
    for later in (str(tmp_path / "nowhere"), "mysql://host/atlas"):
        refused = Desk(tmp_path / "again").run("restore", str(tmp_path / "backup"), "--erased", later)
        assert refused.exit_code in {1, 2}
        assert "nowhere" in refused.stderr or "PostgreSQL" in refused.stderr
        assert not (tmp_path / "again").exists()


def test_a_restore_writes_over_nothing(noted: Desk, tmp_path: Path) -> None:
    noted.ok("backup", str(tmp_path / "backup"))
    result = noted.run("restore", str(tmp_path / "backup"))
    assert result.exit_code == 1
    assert "not empty" in result.stderr


HIDDEN = "somchai hidden"


def test_of_what_others_hold_no_name_tells_whoever_does_not_keep_the_log(desk: Desk) -> None:
    """The bank holds a person and a malware of one name, for itself; the police learn nothing of either."""
    before = desk.run("erase", HIDDEN, "--dry-run", who="police").stderr
    released = desk.run("package", "release", HIDDEN, "--basis", "section 131", who="police/ann").stderr
    for kind in ("person", "malware"):
        desk.ok("note", kind, "--link", f"{kind}:{HIDDEN}", "uses", "evil.com", "--tlp", "AMBER+STRICT")
    assert desk.run("erase", HIDDEN, "--dry-run").exit_code == 1
    assert "write kind:value" in desk.run("erase", HIDDEN, "--dry-run").stderr
    assert desk.run("erase", HIDDEN, "--dry-run", who="police").stderr == before
    again = desk.run("package", "release", HIDDEN, "--basis", "section 131", who="police/ann").stderr
    assert again == released


def test_the_keepers_administrator_who_may_not_look_counts_nothing(noted: Desk) -> None:
    token = noted.json("people", "invite", "ada", "--role", "administrator")["token"]
    noted.ok("people", "join", token, who="bank/ada")
    for asked in (MAIL, "never.heard.of@example.org"):
        for more in (("--dry-run",), WHY):
            result = noted.run("erase", asked, *more, who="bank/ada")
            assert result.exit_code == 1
            assert result.stderr.startswith("error: bank/ada may not look at the map.")


def test_what_was_recalled_is_told_without_a_live_link(desk: Desk) -> None:
    desk.ok("note", "a list", "--link", "http://evil.com/pay", "contact", "evil.com", "--tlp", "GREEN")
    desk.ok("show", "evil.com", who="police")
    [claim] = [
        one["id"]
        for one in desk.json("show", "http://evil.com/pay")["claims"]
        if one["property"] == "contact"
    ]
    desk.ok("review", "recall", claim, "--reason", "see https://good.org/why, it was wrong.")
    told = desk.ok("log", "--corrected", who="police")
    assert "Web address hxxp://evil[.]com/pay contact Domain evil[.]com" in told
    assert "because see hxxps://good[.]org/why, it was wrong." in told
