"""The road of one data point, from a line in a file to a package that strangers can check.

A bank finds a payment address in a volunteers' list. This is what becomes of that line.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from cli_desk import Desk

SITE, SECOND_SITE = "copperlantern-invest.com", "lanternpay-secure.net"
WALLET = "1JX7W9hXG3vmxbMS1iZnXqvzyzJsoG7NNG"
GANG = "group:copper lantern"
BLACKLIST, TAGPACK = "blacklist/urls.yaml", "packs/lantern.yaml"


class Story:
    """The desks of three organisations on one atlas, and where the story's files lie."""

    def __init__(self, desk: Desk, unseen: Path, folder: Path) -> None:
        self.desk, self.unseen, self.folder = desk, unseen, folder

    def collect(self) -> dict[str, Any]:
        """The bank takes in what volunteers, a research firm and a CERT published."""
        sources = [str(self.unseen / name) for name in ("blacklist", "packs", "misp")]
        told: dict[str, Any] = self.desk.json("collect", *sources)
        return told

    def payment(self, who: str = "bank") -> dict[str, Any]:
        """The data point: the site asks for payment to the wallet."""
        claims = self.desk.json("show", SITE, who=who)["claims"]
        [claim] = [
            one
            for one in claims
            if one["property"] == "requests-payment-to" and one["object"]["value"] == WALLET
        ]
        found: dict[str, Any] = claim
        return found

    def neighbours(self) -> list[str]:
        """Claims around the data point: what leads from either site over the wallet to the gang."""
        found = {self.payment()["id"]}
        for entity in (SECOND_SITE, WALLET):
            for one in self.desk.json("show", entity)["claims"]:
                if one["property"] in {"requests-payment-to", "controlled-by"}:
                    found.add(one["id"])
        return sorted(found)

    def vote(self, who: str, *claims: str) -> None:
        """A member says that it has checked the claims."""
        self.desk.ok("review", "vote", *claims, "--confirm", "--reason", "seen in our own cases", who=who)

    def package(self) -> Path:
        """What is accepted about the site, bound with its evidence."""
        out = self.folder / "package"
        self.desk.ok("package", "build", SITE, "--out", str(out))
        return out


@pytest.fixture
def story(desk: Desk, unseen: Path, tmp_path: Path) -> Story:
    """An empty atlas at the beginning of the story."""
    return Story(desk, unseen, tmp_path)


@pytest.fixture
def vetted(story: Story) -> Story:
    """The story after two other members have confirmed the data point and its neighbours."""
    story.collect()
    claims = story.neighbours()
    for member in ("police", "vendor"):
        story.vote(member, *claims)
    return story


def test_a_line_of_a_file_becomes_a_claim_that_points_back_into_its_bytes(story: Story):
    told = {file["path"]: file for file in story.collect()["files"]}
    claim = story.payment()
    assert claim["verdict"] == "proposed"
    assert claim["contributor"] == "bank"
    capture = claim["source"]["capture"]
    path = story.unseen / "blacklist" / claim["source"]["path"].rpartition("/")[2]
    assert capture == hashlib.sha256(path.read_bytes()).hexdigest()
    assert capture in {file["capture"] for file in told.values()}
    first, last = map(int, claim["source"]["place"].removeprefix("lines ").split("-"))
    lines = path.read_text("utf-8").splitlines()[first - 1 : last]
    assert any(SITE in line for line in lines)
    assert any(WALLET in line for line in lines)


def test_it_connects_what_no_single_source_held(story: Story):
    story.collect()
    [path] = [one for one in story.desk.json("path", SITE, GANG)["paths"] if len(one["hops"]) == 2][:1]
    assert [hop["property"] for hop in path["hops"]] == ["requests-payment-to", "controlled-by"]
    assert path["single_source"] is False
    assert len({hop["origin"] for hop in path["hops"]}) == 2
    assert path["belief"] < min(hop["belief"] for hop in path["hops"])


def test_nobody_vets_what_they_brought_themselves(story: Story):
    story.collect()
    claim = story.payment()["id"]
    story.desk.run("review", "vote", claim, "--confirm", "--reason", "it is mine", who="bank")
    story.vote("police", claim)
    assert story.payment()["verdict"] == "proposed"


def test_one_confirmation_is_not_enough_and_the_second_makes_it_accepted(story: Story):
    story.collect()
    claim = story.payment()["id"]
    before = story.payment()["belief"]
    story.vote("police", claim)
    assert story.payment()["verdict"] == "proposed"
    story.vote("vendor", claim)
    after = story.payment("police")
    assert after["verdict"] == "accepted"
    assert after["belief"] > before


def test_a_dispute_blocks_what_two_had_confirmed(vetted: Story):
    claim = vetted.payment()["id"]
    vetted.desk.ok("review", "vote", claim, "--dispute", "--reason", "the wallet is ours", who="vendor")
    assert vetted.payment()["verdict"] == "disputed"


def test_the_accepted_path_stands_without_anything_merely_proposed(vetted: Story):
    [path, *_] = vetted.desk.json("path", SITE, GANG, "--accepted")["paths"]
    assert {hop["verdict"] for hop in path["hops"]} == {"accepted"}


def test_choke_points_speak_of_accepted_claims_only(story: Story):
    story.collect()
    before = story.desk.json("choke")
    assert (before["accepted"], before["plan"]) == (0, [])
    claims = story.desk.json("show", SITE)["claims"]
    [accusation] = [one["id"] for one in claims if one["property"] == "indicates"]
    for member in ("police", "vendor"):
        story.vote(member, accusation)
    after = story.desk.json("choke")
    assert after["accepted"] == 1
    [lever] = after["plan"]
    assert "Verisign" in lever["holder"]
    assert lever["last_seen"] == "2025-03-12"
    assert lever["lasting"] < lever["share"]
    assert after["structural_only"] is True


def test_the_best_crossing_of_sources_is_what_a_package_without_a_target_holds(vetted: Story):
    out = vetted.folder / "finding"
    built = vetted.desk.json("package", "build", "--out", str(out))
    assert built["claims"] >= 2
    assert vetted.desk.json("package", "verify", str(out))["holds"] is True
    sentences = " ".join(
        claim["sentence"] for claim in vetted.desk.json("package", "verify", str(out))["claims"]
    )
    assert "requests-payment-to" in sentences
    assert "controlled-by" in sentences


def test_before_the_votes_there_is_no_package_to_hand_on(story: Story):
    story.collect()
    refused = story.desk.run("package", "build", SITE, "--out", str(story.folder / "package"))
    assert refused.exit_code == 1
    assert "Mend: let two other members confirm it" in refused.stderr
    assert not (story.folder / "package").exists()


def test_the_package_proves_each_claim_back_to_the_bytes_of_its_capture(vetted: Story):
    package = vetted.package()
    shutil.rmtree(vetted.desk.atlas)
    told = vetted.desk.json("package", "verify", str(package))
    assert told["holds"] is True
    assert told["organisation"] == "bank"
    assert told["simulated"] is False
    assert all(claim["proved"] for claim in told["claims"])
    assert any(WALLET in claim["sentence"] for claim in told["claims"])
    report = (package / "report.html").read_text("utf-8")
    assert "copperlantern-invest" in report
    assert (package / "stix.json").read_text("utf-8").count(WALLET)


@pytest.mark.parametrize("part", ["captures", "records.jsonl", "stix.json", "report.html", "manifest.json"])
def test_whoever_changes_one_byte_of_a_package_is_found_out(vetted: Story, part: str):
    package = vetted.package()
    victim = package / part
    if victim.is_dir():
        victim = min(victim.iterdir())
    content = bytearray(victim.read_bytes())
    content[len(content) // 2] ^= 1
    victim.write_bytes(bytes(content))
    result = vetted.desk.run("package", "verify", str(package), "--json")
    assert result.exit_code == 1
    answer = json.loads(result.stdout)
    assert answer.get("holds") is False or "error" in answer


def test_at_the_end_the_ledger_proves_the_whole_story(vetted: Story):
    vetted.package()
    told = vetted.desk.json("verify")
    assert told["holds"] is True
    assert len(told["head"]) == 64
