"""`member` and the profile that `init` takes, as a person types them."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from chokepoint.store.keys import KeyRing

if TYPE_CHECKING:
    from cli_desk import Desk

PROFILE = ["--sector", "police", "--country", "CH", "--can", "arrest", "--can", "seizure:domain-name"]


def profile(desk: Desk, name: str) -> dict[str, object]:
    found = desk.json("member", "list")["members"]
    return next({key: one[key] for key in one if key != "key"} for one in found if one["name"] == name)


def test_init_takes_the_profile_of_the_organisation(bare: Desk) -> None:
    bare.ok("init", *PROFILE, "--parent", "Ministry", "--owns", "list.example", "--feed", "Feed A")
    assert profile(bare, "bank") == {
        "name": "bank",
        "sector": "law enforcement",
        "country": "ch",
        "capabilities": ["arrest", "seizure:domain-name"],
        "parents": ["Ministry"],
        "origins": ["list.example"],
        "feeds": ["Feed A"],
        "left": None,
    }


def test_init_refuses_a_profile_that_it_does_not_understand_and_makes_nothing(bare: Desk) -> None:
    result = bare.run("init", "--sector", "circus")
    assert result.exit_code == 1
    assert "law enforcement" in result.stderr
    assert not bare.atlas.exists()


def test_another_spelling_of_a_member_cannot_join(desk: Desk) -> None:
    result = desk.run("init", who="B-A-N-K")
    assert result.exit_code == 1
    assert "another spelling of the member 'bank'" in result.stderr
    assert len(desk.json("member", "list")["members"]) == 3


def test_member_set_adds_to_what_is_known(desk: Desk) -> None:
    desk.ok("member", "set", *PROFILE, who="police")
    told = desk.json("member", "set", "--feed", "Feed A", "--feed", "Feed B", who="police")
    assert told["kept"] == []
    assert told["member"]["feeds"] == ["Feed A", "Feed B"]
    assert told["member"]["capabilities"] == ["arrest", "seizure:domain-name"]


@pytest.mark.parametrize(("first", "second"), [("police", "bank"), ("bank", "police")])
def test_a_tie_ends_once_the_member_and_the_founder_have_lifted_it(
    desk: Desk, first: str, second: str
) -> None:
    desk.ok("member", "set", "--parent", "Acme", who="police")
    told = desk.run("member", "set", "police", "--lift", "Acme", who=first)
    assert told.exit_code == 0
    assert "kept as it was: parents" in told.stderr
    assert profile(desk, "police")["parents"] == ["Acme"]
    desk.ok("member", "set", "police", "--lift", "Acme", who=second)
    assert profile(desk, "police")["parents"] == []


def test_a_member_that_describes_another_is_refused(desk: Desk) -> None:
    result = desk.run("member", "set", "police", "--parent", "vendor", who="vendor")
    assert result.exit_code == 1
    assert "only 'police'" in result.stderr


def test_the_list_shows_sector_levers_and_ties_to_a_person(desk: Desk) -> None:
    desk.ok("member", "set", *PROFILE, "--parent", "Ministry", who="police")
    shown = desk.ok("member", "list")
    assert "law enforcement" in shown
    assert "parent Ministry" in shown
    assert "arrest, seizure:domain-name" in shown


def test_a_hostile_tie_cannot_paint_the_terminal(desk: Desk) -> None:
    result = desk.run("member", "set", "--parent", "\x1b[31mred", who="police")
    assert result.exit_code == 1
    assert "\x1b" not in result.stderr + result.stdout


def test_each_member_is_listed_with_the_fingerprint_of_the_key_that_lies_in_the_atlas(desk: Desk) -> None:
    told = {one["name"]: one["key"] for one in desk.json("member", "list")["members"]}
    keys = KeyRing(desk.atlas / "keys")
    assert told
    assert told == {name: sha256(keys.public(name)).hexdigest() for name in told}
    drawn = desk.ok("member", "list", "--keys")
    assert all(f"{name} " in drawn and key in drawn for name, key in told.items())
    assert not any(key in desk.ok("member", "list") for key in told.values())


def test_init_of_a_member_says_that_what_is_said_now_changes_nothing(bare: Desk) -> None:
    bare.ok("init", *PROFILE)
    again = bare.run("init", "--sector", "bank")
    assert again.exit_code == 0
    assert "bank was a member before and is left as it was. Mend: chokepoint member set" in again.stderr
    assert profile(bare, "bank")["sector"] == "law enforcement"


@pytest.mark.parametrize(
    "said", [[], PROFILE, ["--country", "ch"]], ids=["nothing", "the same", "a part of it"]
)
def test_init_again_without_anything_new_says_nothing_of_it(bare: Desk, said: list[str]) -> None:
    bare.ok("init", *PROFILE)
    assert bare.run("init", *said).stderr == ""
