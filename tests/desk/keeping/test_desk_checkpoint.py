"""One history for everybody: checkpoints, witnesses and proofs of single records, as the desk gives them."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import msgspec
import pytest
from desk_world import CLOCK, World, entity

from chokepoint.desk.keeping.checkpoint import (
    add,
    check_proof,
    compare,
    cosign,
    issue,
    notary,
    prove,
    request,
)
from chokepoint.desk.looking.look import show
from chokepoint.desk.vetting.review import vote
from chokepoint.model.errors import ChokepointError, LedgerError, NotFoundError, RefusedError
from chokepoint.model.judgement import Vote
from chokepoint.model.marking import Marking, Tlp
from chokepoint.proof.checkpoint import read_checkpoint
from chokepoint.store.checkpoints import Witness

if TYPE_CHECKING:
    from pathlib import Path

SAID = (entity("domain-name:evil.com"), "indicates", entity("group:bad gang"))


def say(world: World, who: str = "bank", **about: object) -> str:
    [name] = world.ids(who, world.say(who, SAID, **about))
    return name


def key(world: World) -> str:
    return notary(world.open("bank")).key().vkey


def proof(world: World, record: str, who: str = "bank") -> bytes:
    return prove(world.open(who), record).encode()


def witness_key(world: World, who: str) -> str:
    atlas = world.open(who)
    return Witness(atlas.engine, atlas.keys, who).key(atlas.id).vkey


# --- checkpoints ---


def test_a_checkpoint_counts_every_record_and_names_the_atlas(world: World) -> None:
    before = read_checkpoint(issue(world.open("bank"))[0].text)
    say(world)
    after = read_checkpoint(issue(world.open("bank"))[0].text)
    assert after.size == before.size + 2
    assert before.origin == after.origin == f"chokepoint/{world.open('bank').id}"
    assert before.root != after.root


def test_a_checkpoint_is_the_keepers_whoever_asks_for_it(world: World) -> None:
    assert issue(world.open("police"))[0].text == issue(world.open("bank"))[0].text
    assert issue(world.open("police"))[1].vkey == key(world)


def test_an_older_checkpoint_shows_the_beginning_of_the_log(world: World) -> None:
    old = issue(world.open("bank"))[0].encode()
    say(world)
    checkpoint, members = compare(world.open("police"), old)
    assert checkpoint.size == read_checkpoint(issue(world.open("bank"))[0].text).size - 2
    assert members == ()


def test_a_checkpoint_of_another_atlas_is_refused(world: World, tmp_path: Path) -> None:
    other = World(tmp_path / "other")
    other.join("bank")
    with pytest.raises(LedgerError):
        compare(world.open("bank"), issue(other.open("bank"))[0].encode())
    other.close()


def test_two_histories_of_one_atlas_do_not_pass_for_one(world: World, tmp_path: Path) -> None:
    """An administrator who shows the police a copy without a claim is found by the checkpoint."""
    for atlas in world.opened:
        atlas.engine.dispose()
    fork = World(shutil.copytree(world.folder, tmp_path / "fork"))
    say(world)
    say(fork, origin="another story")
    with pytest.raises(LedgerError, match="beginning of the newer"):
        compare(world.open("police"), issue(fork.open("bank"))[0].encode())
    fork.close()


@pytest.mark.parametrize(
    "old", ["evil", "chokepoint", "\n\n"], ids=["no such words", "the origin", "the blank"]
)
def test_an_altered_checkpoint_is_refused(world: World, old: str) -> None:
    note = issue(world.open("bank"))[0].encode().decode()
    bent = note.replace(old, "x", 1) if old in note else note[:-10] + "AAAA" + note[-6:]
    with pytest.raises(ChokepointError):
        compare(world.open("bank"), bent.encode())


# --- proofs ---


def test_a_record_is_proved_with_who_said_it_when_and_where_it_stands(world: World) -> None:
    name = say(world)
    shown = check_proof(proof(world, name), [key(world)])
    assert (shown.record, shown.kind, shown.organisation) == (name, "claim/1", "bank")
    assert shown.recorded_at == CLOCK
    assert shown.number == shown.checkpoint.size - 1
    assert shown.witnesses == ()


def test_a_proof_still_holds_when_the_log_has_grown(world: World) -> None:
    name = say(world)
    early = proof(world, name)
    for number in range(5):
        say(world, path=f"{number}.txt", origin=str(number))
    late = proof(world, name)
    assert check_proof(early, [key(world)]).number == check_proof(late, [key(world)]).number
    assert check_proof(early, [key(world)]).checkpoint.size < check_proof(late, [key(world)]).checkpoint.size


def test_every_visible_record_of_a_dossier_can_be_proved_by_whoever_reads_it(world: World) -> None:
    say(world)
    say(world, "vendor", path="b.txt", origin="elsewhere")
    ids = [one.stored.id for one in show(world.open("police"), "evil.com").evidence]
    vote(world.open("police"), ids, Vote.UNSURE, "cannot tell")
    for one in show(world.open("police"), "evil.com").evidence:
        assert check_proof(proof(world, one.stored.id, "police"), [key(world)]).record == one.stored.id


@pytest.mark.parametrize(
    "marking",
    [Marking(tlp=Tlp.AMBER), Marking(tlp=Tlp.RED, audience=frozenset({"bank", "vendor"}))],
    ids=["amber", "red for others"],
)
def test_what_a_viewer_may_not_see_is_refused_like_what_is_not_there(world: World, marking: Marking) -> None:
    hidden = say(world, marking=marking)
    refusals = []
    for name in (hidden, "0" * 64):
        with pytest.raises(NotFoundError) as caught:
            prove(world.open("police"), name)
        refusals.append(str(caught.value).replace(name, "ID"))
    assert refusals[0] == refusals[1]
    assert check_proof(proof(world, hidden), [key(world)]).record == hidden


def test_a_record_whose_bytes_name_the_contributor_is_kept_from_who_is_still_to_vote(world: World) -> None:
    name = say(world)
    with pytest.raises(RefusedError, match="has not voted") as caught:
        prove(world.open("police"), name)
    assert (caught.value.place, "bank" in str(caught.value)) == (name, False)
    vote(world.open("police"), [name], Vote.UNSURE, "cannot tell")
    assert check_proof(proof(world, name, "police"), [key(world)]).organisation == "bank"


@pytest.mark.parametrize("name", ["", "0", "Z" * 64, "0" * 63, "0" * 65, "\u0660" * 64, "0" * 32 + " " * 32])
def test_what_is_no_id_proves_nothing(world: World, name: str) -> None:
    say(world)
    with pytest.raises(NotFoundError, match="no such record"):
        prove(world.open("bank"), name)


def test_a_proof_is_refused_without_the_key_of_its_log(world: World) -> None:
    data = proof(world, say(world))
    for keys in ([], [witness_key(world, "police")]):
        with pytest.raises(LedgerError, match="not trusted here") as caught:
            check_proof(data, keys)
        assert "--key" in caught.value.mend


@pytest.mark.parametrize("line", range(3))
def test_a_proof_with_any_line_changed_is_refused(world: World, line: int) -> None:
    data = proof(world, say(world)).decode().split("\n")
    data[line] = data[line][:-2] + ("A=" if data[line].endswith("A") else "AA")
    with pytest.raises(ChokepointError):
        check_proof("\n".join(data).encode(), [key(world)])


@pytest.mark.parametrize(
    "extra",
    [b"{}", b"[]", b"not json", b'{"body": "x", "salt": "zz"}', b'{"body": "x", "salt": "", "more": 1}'],
    ids=["empty", "a list", "no json", "no hexadecimal salt", "a key too many"],
)
def test_a_proof_that_carries_no_record_is_refused(world: World, extra: bytes) -> None:
    bare = prove(world.open("bank"), say(world))._replace(extra=extra)
    with pytest.raises(LedgerError, match="does not carry the record"):
        check_proof(bare.encode(), [key(world)])


def test_the_proof_of_one_record_does_not_carry_another(world: World) -> None:
    one, other = (prove(world.open("bank"), say(world, path=name, origin=name)) for name in ("a", "b"))
    with pytest.raises(ChokepointError):
        check_proof(one._replace(extra=other.extra).encode(), [key(world)])


def test_the_record_in_a_proof_is_the_one_that_was_signed(world: World) -> None:
    bent = prove(world.open("bank"), say(world))
    said = msgspec.json.decode(bent.extra)
    said["body"] = said["body"].replace("bad gang", "nice gang")
    with pytest.raises(ChokepointError):
        check_proof(bent._replace(extra=msgspec.json.encode(said)).encode(), [key(world)])


# --- witnesses ---


def test_a_witness_cosigns_what_it_sees_for_the_first_time_only_under_a_key_it_is_given(world: World) -> None:
    asked = request(world.open("bank"), "0").encode()
    with pytest.raises(NotFoundError):
        cosign(world.open("police"), asked, "")
    line = cosign(world.open("police"), asked, key(world))
    assert add(world.open("bank"), line.encode() + b"\n", []) == (
        f"chokepoint/{world.open('bank').id}/police",
    )


def test_a_cosigned_checkpoint_names_its_witnesses(world: World) -> None:
    name = say(world)
    size = read_checkpoint(issue(world.open("bank"))[0].text).size
    for who, since in (("police", 0), ("vendor", size)):
        line = cosign(world.open(who), request(world.open("bank"), str(since)).encode(), key(world))
        add(world.open("bank"), line.encode() + b"\n", [])
    keys = [key(world), witness_key(world, "police"), witness_key(world, "vendor")]
    shown = check_proof(proof(world, name), keys)
    assert len(shown.witnesses) == 2
    assert len(check_proof(proof(world, name), keys[:2]).witnesses) == 1


def test_a_witness_goes_on_from_what_it_saw_and_refuses_a_shorter_or_another_history(
    world: World, tmp_path: Path
) -> None:
    for atlas in world.opened:
        atlas.engine.dispose()
    fork = World(shutil.copytree(world.folder, tmp_path / "fork"))
    size = read_checkpoint(issue(world.open("bank"))[0].text).size
    police = world.open("police")
    cosign(police, request(world.open("bank"), "0").encode(), key(world))
    say(world)
    cosign(police, request(world.open("bank"), str(size)).encode(), "")
    say(fork, origin="another story")
    with pytest.raises(LedgerError):
        cosign(police, request(fork.open("bank"), str(size)).encode(), "")
    fork.close()


@pytest.mark.parametrize("since", ["-1", "1.5", "", "ten", "\u0661", "1e3", " 1"])
def test_a_request_starts_from_a_whole_number(world: World, since: str) -> None:
    with pytest.raises(LedgerError, match="is no number of records") as caught:
        request(world.open("bank"), since)
    assert caught.value.place == "--since"


def test_a_request_from_beyond_the_log_is_refused(world: World) -> None:
    size = read_checkpoint(issue(world.open("bank"))[0].text).size
    with pytest.raises(LedgerError):
        request(world.open("bank"), str(size + 1))


@pytest.mark.parametrize("data", [b"", b"nonsense\n", b"\xe2\x80\x94 police AAAA\n"])
def test_what_is_no_cosignature_is_not_kept(world: World, data: bytes) -> None:
    issue(world.open("bank"))
    with pytest.raises(ChokepointError):
        add(world.open("bank"), data, [])
