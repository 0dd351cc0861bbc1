"""Four members and their people over a year: haste, doubt, an innocent, a worker who was forced, and an end.

An NGO learns of a compound, a bank of the money, the police act in haste, a vendor says no, an overseer
watches them all. Each scene is a state that the next begins from.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from cli_desk import Desk

WALLET = "19CbDoaZDLTzkkT1uQrMPM42AUvfQN4Kds"
SITE, HOTEL = "golden-gate-invest.com", "riverside-hotel.com"
WORKER = "person:somchai forced"
HASTE = "money leaves tonight"
RECIPIENTS = ("ngo", "vendor")


class Coalition:
    """The desks of bank, police, vendor and ngo, and what the scenes hand on to one another."""

    def __init__(self, desk: Desk, folder: Path) -> None:
        self.desk, self.folder = desk, folder

    def claim(self, subject: str, name: str, who: str = "police/pim") -> str:
        """The id of the one claim on a subject under a property."""
        told = self.desk.json("show", subject, "--all", who=who)["claims"]
        (found,) = {one["id"] for one in told if one["property"] == name}
        return str(found)

    def vote(self, who: str, word: str, reason: str, *more: str) -> None:
        """A vetter's word on the payment."""
        self.desk.ok("review", "vote", self.payment, f"--{word}", "--reason", reason, *more, who=who)

    @property
    def payment(self) -> str:
        """The claim on which the story turns: the site asks for payment to the wallet."""
        return self.claim(SITE, "requests-payment-to")

    def build(self, name: str, *more: str, who: str) -> Any:
        """A package about the site for vendor and ngo, a copy for each."""
        return self.desk.run(
            "package",
            "build",
            SITE,
            "--out",
            str(self.folder / name),
            *(word for one in RECIPIENTS for word in ("--to", one)),
            *more,
            who=who,
        )

    def copies(self, name: str) -> list[Path]:
        """The folders of a package's copies, one for each recipient and nothing beside them."""
        found = sorted((self.folder / name).iterdir())
        assert [one.name for one in found] == [*RECIPIENTS]
        return found

    def pages(self, name: str) -> list[str]:
        """The report in each copy of a package."""
        return [(one / "report.html").read_text("utf-8").casefold() for one in self.copies(name)]

    def handed(self, who: str) -> list[dict[str, Any]]:
        """The copies of packages that a member sent or got, newest first."""
        found: list[dict[str, Any]] = self.desk.json("package", "list", who=who)["packages"]
        return found


def joined(desk: Desk, person: str, role: str) -> None:
    """Somebody is invited by their organisation and joins."""
    organisation, _, user = person.partition("/")
    token = desk.json("people", "invite", user, "--role", role, who=organisation)["token"]
    desk.ok("people", "join", token, who=person)


def note(desk: Desk, text: str, *links: tuple[str, str, str], who: str, more: tuple[str, ...] = ()) -> None:
    words = [word for link in links for word in ("--link", *link)]
    desk.ok("note", text, *words, "--tlp", "GREEN", "--grade", "B2", *more, who=who)


@pytest.fixture(scope="module")
def begun(members: Path, tmp_path_factory: pytest.TempPathFactory) -> Coalition:
    """Scene 1: people join, the NGO and the bank put on record what each of them alone knows."""
    folder = tmp_path_factory.mktemp("coalition")
    desk = Desk(Path(shutil.copytree(members, folder / "atlas")))
    desk.ok("init", who="ngo")
    for person, role in (
        ("bank/bea", "investigator"),
        ("police/pim", "investigator"),
        ("vendor/vic", "vetter"),
    ):
        joined(desk, person, role)
    joined(desk, "ngo/nok", "investigator")
    desk.ok("people", "appoint", "police/pim", "coordinator", who="bank")
    joined(desk, "vendor/olga", "vetter")
    desk.ok("people", "appoint", "vendor/olga", "overseer", who="bank")
    note(desk, "Seen on the compound's screens", (SITE, "requests-payment-to", WALLET), who="ngo/nok")
    note(desk, "Guests pay there too", (HOTEL, "requests-payment-to", WALLET), who="bank/bea")
    note(
        desk,
        "He sat at the desk and was beaten when he stopped",
        (SITE, "contact", WORKER),
        who="ngo/nok",
        more=("--about", WORKER),
    )
    return Coalition(desk, folder)


@pytest.fixture
def story(begun: Coalition, tmp_path: Path) -> Coalition:
    """A copy of scene 1 to go on from."""
    desk = Desk(Path(shutil.copytree(begun.desk.atlas, tmp_path / "atlas")))
    return Coalition(desk, tmp_path)


@pytest.fixture
def hasty(story: Coalition) -> Coalition:
    """Scene 2: the police's coordinator hands on under her own name what nobody has vetted."""
    assert story.build("hasty", "--provisional", HASTE, who="police/pim").exit_code == 0
    return story


@pytest.fixture
def vetted(hasty: Coalition) -> Coalition:
    """Scene 3: bank and vendor confirm, each for itself; the police hand on the vetted package."""
    hasty.vote("bank", "confirm", "our customers paid there", "--crime", "yes", "--disclose", "yes")
    hasty.vote("vendor/vic", "confirm", "the kit on the site asks for it")
    assert hasty.build("vetted", who="police/pim").exit_code == 0
    return hasty


def test_no_single_member_had_the_hotel_and_the_compound(story: Coalition) -> None:
    (route, *_) = story.desk.json("path", SITE, HOTEL, who="police/pim")["paths"]
    assert {claim["contributor"] for hop in route["hops"] for claim in hop.get("claims", [])} <= {
        "ngo",
        "bank",
        None,
    }
    assert len(route["hops"]) == 2


def test_without_haste_nothing_unvetted_leaves(story: Coalition) -> None:
    refused = story.build("none", who="police/pim")
    assert refused.exit_code == 1
    assert "is accepted" in refused.stderr


@pytest.mark.parametrize("who", ["bank/bea", "vendor/vic", "ngo/nok", "police"])
def test_in_haste_only_a_named_coordinator_answers(story: Coalition, who: str) -> None:
    assert story.build("none", "--provisional", HASTE, who=who).exit_code == 1
    assert not (story.folder / "none").exists()


def test_the_hasty_package_says_on_its_page_whose_word_it_is(hasty: Coalition) -> None:
    for page in hasty.pages("hasty"):
        assert "unvetted" in page
        assert "police/pim" in page
        assert HASTE in page
    for who, whose in (
        ("vendor/vic", [["vendor"]]),
        ("ngo/nok", [["ngo"]]),
        ("police/pim", [["ngo"], ["vendor"]]),
    ):
        found = hasty.handed(who)
        assert sorted(one["to"] for one in found) == whose
        for one in found:
            assert "police/pim" in one["unvetted"]
            assert one["stands"]
    assert hasty.handed("bank/bea") == []


def test_the_worker_is_named_to_nobody_and_is_no_target(hasty: Coalition) -> None:
    for page in hasty.pages("hasty"):
        assert "somchai" not in page
    answer = hasty.desk.json("choke", who="police/pim")
    assert "somchai" not in json.dumps(answer["plan"])


def test_a_vetter_sees_neither_votes_nor_contributor_before_the_first_word(hasty: Coalition) -> None:
    hasty.vote("bank", "confirm", "our customers paid there")
    waiting = hasty.desk.json("review", "list", who="vendor/vic")["claims"]
    (mine,) = [one for one in waiting if one["id"] == hasty.claim(SITE, "requests-payment-to", "ngo/nok")]
    assert mine["contributor"] is None
    assert "our customers" not in hasty.desk.ok("review", "votes", mine["id"], who="vendor/vic")
    hasty.vote("vendor/vic", "unsure", "cannot tell")
    assert "our customers" in hasty.desk.ok("review", "votes", mine["id"], who="vendor/vic")


def test_the_ngo_cannot_vet_its_own_word(hasty: Coalition) -> None:
    refused = hasty.desk.run(
        "review",
        "vote",
        hasty.claim(SITE, "requests-payment-to", "ngo/nok"),
        "--confirm",
        "--reason",
        "x",
        who="ngo",
    )
    assert refused.exit_code == 1
    assert "nobody vets" in refused.stderr


def test_two_members_of_one_company_are_one_voice(hasty: Coalition) -> None:
    hasty.desk.ok("member", "set", "bank", "--parent", "Holding", who="bank")
    hasty.desk.ok("member", "set", "vendor", "--parent", "Holding", who="vendor")
    hasty.vote("bank", "confirm", "seen")
    hasty.vote("vendor/vic", "confirm", "seen")
    assert hasty.build("none", who="police/pim").exit_code == 1


def test_the_vetted_package_carries_the_votes_and_proves_itself(vetted: Coalition) -> None:
    for copy in vetted.copies("vetted"):
        told = vetted.desk.json("package", "verify", str(copy))
        assert told["holds"]
        assert told["provisional"] is None
        manifest = json.loads((copy / "manifest.json").read_bytes())
        assert {vote[0] for claim in manifest["claims"] for vote in claim["votes"]} == {"bank", "vendor"}
        assert [claim["property"] for claim in manifest["claims"]] == ["requests-payment-to"]


def test_a_later_no_reaches_whoever_holds_a_package_and_opens_the_statement_again(vetted: Coalition) -> None:
    vetted.vote("vendor/vic", "dispute", "the address is the hotel's own till")
    for who, word, whose in (
        ("ngo/nok", "disputed", [["ngo"]]),
        ("police/pim", "proposed", [["ngo"], ["vendor"]]),
    ):  # the police have yet to vote: blind
        found = vetted.handed(who)
        newest, older = found[: len(whose)], found[len(whose) :]
        assert sorted(one["to"] for one in newest) == sorted(one["to"] for one in older) == whose
        assert [[change["now"] for change in one["changes"]] for one in newest] == [[word] for _ in whose]
        assert {one["stands"] for one in newest} == {False}
        assert {one["stands"] for one in older} == {word == "proposed"}
    again = vetted.build("again", who="police/pim")
    assert again.exit_code == 1


def test_dissent_is_read_and_answered_with_open_eyes(vetted: Coalition) -> None:
    vetted.vote("vendor/vic", "dispute", "the address is the hotel's own till")
    vetted.vote("police/pim", "unsure", "no case of ours")
    for who in ("bank", "police/pim"):
        vetted.vote(who, "confirm", "the till is another address; checked on the chain", "--despite")
    told = vetted.desk.json("review", "votes", vetted.payment, who="police/pim")["votes"]
    assert {(one["organisation"], one["vote"]) for one in told} >= {
        ("vendor", "dispute"),
        ("police", "confirm"),
    }


def test_what_a_member_says_must_stay_inside_leaves_for_nobody(hasty: Coalition) -> None:
    hasty.vote("bank", "confirm", "our customers paid there", "--disclose", "no")
    hasty.vote("vendor/vic", "confirm", "seen")
    assert hasty.build("none", who="police/pim").exit_code == 1
    assert hasty.build("some", "--provisional", HASTE, who="police/pim").exit_code == 0
    for copy in hasty.copies("some"):
        for file in copy.rglob("*"):
            assert file.is_dir() or WALLET.encode() not in file.read_bytes() or file.parent.name == "captures"
    hasty.desk.ok("export", "csv", "--out", str(hasty.folder / "x.csv"), who="police/pim")
    assert WALLET not in (hasty.folder / "x.csv").read_text("utf-8")


def test_a_recall_by_the_ngo_is_read_by_the_police_with_its_reason(vetted: Coalition) -> None:
    vetted.desk.ok("review", "recall", vetted.payment, "--reason", "another compound's screen", who="ngo/nok")
    why = [("recalled", "another compound's screen")]
    for newest in vetted.handed("police/pim")[: len(RECIPIENTS)]:
        assert [(one["now"], one["reason"]) for one in newest["changes"]] == why
    for copy in vetted.copies("vetted"):
        standing = vetted.desk.run("package", "standing", str(copy), "--json", who="police/pim")
        assert standing.exit_code == 1
        told = json.loads(standing.stdout)
        assert told["to"] == [copy.name]
        assert [(one["now"], one["reason"]) for one in told["changes"]] == why


def test_somebody_at_risk_is_kept_out_at_once_and_an_overseer_alone_lets_them_in(vetted: Coalition) -> None:
    vetted.desk.ok("oversee", "safety", SITE, "--reason", "our source sits there", who="ngo/nok")
    refused = vetted.build("none", who="police/pim")
    assert refused.exit_code == 1
    assert "withheld" in refused.stderr
    for who in ("ngo/nok", "police/pim", "bank"):
        assert vetted.desk.run("oversee", "lift", SITE, "--reason", "x", who=who).exit_code == 1
    vetted.desk.ok("oversee", "lift", SITE, "--reason", "the source is safe", who="vendor/olga")
    assert vetted.build("after", who="police/pim").exit_code == 0


def test_the_overseer_reads_who_saw_the_worker_and_the_police_read_their_own_looks(hasty: Coalition) -> None:
    hasty.desk.ok("show", WORKER, who="police/pim")
    seen = hasty.desk.json("log", "--about", WORKER, who="vendor/olga")
    assert "police/pim" in json.dumps(seen)
    own = hasty.desk.json("log", who="bank/bea")
    assert "police/pim" not in json.dumps(own)


def test_the_worker_asks_to_be_forgotten_and_is_in_backups_too(vetted: Coalition) -> None:
    old = vetted.folder / "backup"
    vetted.desk.ok("backup", str(old))
    vetted.desk.ok("erase", WORKER, "--reason", "request of 3 May", "--basis", "GDPR Art. 17", who="bank")
    fresh = Desk(vetted.folder / "restored")
    fresh.ok("restore", str(old), "--erased", str(vetted.desk.atlas))
    for desk in (fresh, vetted.desk):
        desk.ok("verify")
        assert b"somchai" not in b"".join(
            file.read_bytes() for file in desk.atlas.rglob("*") if file.is_file()
        )
        assert desk.json("show", WORKER, who="ngo/nok")["entity"] is None


def test_whoever_leaves_sees_what_the_public_sees_and_its_votes_stay(vetted: Coalition) -> None:
    vetted.desk.ok("people", "depart", "vendor", "--reason", "merged", who="bank")
    assert vetted.desk.json("show", SITE, who="vendor/vic")["entity"] is None
    assert vetted.handed("vendor/vic") == []
    told = vetted.desk.json("review", "votes", vetted.payment, who="police/pim")["votes"]
    assert "vendor" in {one["organisation"] for one in told}


def test_the_name_of_a_convicted_boss_is_printed_on_one_persons_word(vetted: Coalition) -> None:
    note(vetted.desk, "He collects", (SITE, "controlled-by", "person:boss bangkok"), who="ngo/nok")
    claim = vetted.claim(SITE, "controlled-by")
    for who in ("bank", "vendor/vic"):
        vetted.desk.ok("review", "vote", claim, "--confirm", "--reason", "seen", who=who)
    assert vetted.build("masked", who="police/pim").exit_code == 0
    for page in vetted.pages("masked"):
        assert "boss bangkok" not in page
    words = ["package", "release", "person:boss bangkok", "--basis", "judgement 12/2026"]
    assert vetted.desk.run(*words, who="bank/bea").exit_code == 1
    vetted.desk.ok(*words, who="police/pim")
    assert vetted.build("named", who="police/pim").exit_code == 0
    for page in vetted.pages("named"):
        assert "boss bangkok" in page
        assert "judgement 12/2026" in page
