"""From what a person types to entities of the viewer's map."""

from __future__ import annotations

import pytest
from desk_world import RED, World, entity, sha
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.desk.resolve import Known, candidates, claim_ids, entity_of, resolve
from chokepoint.model.errors import NotFoundError, NotValidError
from chokepoint.model.identity import Entity

EVIL = entity("domain-name:evil.com")
GROUP = entity("group:lazarus group")
MALWARE = entity("malware:lazarus group")
FILE = Entity("file", f"sha256:{sha('a')}")


def found(world: World, text: str, who: str = "police") -> list[Entity]:
    reader = world.open(who).reader
    with reader.connect() as connection:
        return [known.entity for known in resolve(reader, connection, text)]


@pytest.fixture
def told(world: World) -> World:
    world.say(
        "bank",
        (EVIL, "indicates", GROUP),
        (FILE, "indicates", MALWARE),
        (EVIL, "requests-payment-to", Entity("crypto-address", "19CbDoaZDLTzkkT1uQrMPM42AUvfQN4Kds")),
    )
    return world


@pytest.mark.parametrize(
    "text", ["evil.com", "EVIL.com", "evil[.]com", "domain-name:evil.com", " evil.com. "]
)
def test_an_identifier_is_found_however_it_is_written(told: World, text: str):
    assert found(told, text) == [EVIL]


def test_a_name_stands_for_whatever_bears_it(told: World):
    assert found(told, "Lazarus Group") == [GROUP, MALWARE]


def test_a_kind_before_the_name_leaves_one(told: World):
    assert found(told, "malware:Lazarus_Group") == [MALWARE]


@pytest.mark.parametrize("digits", [6, 8, 40, 63])
def test_the_beginning_of_a_digest_is_enough(told: World, digits: int):
    assert found(told, sha("a")[:digits]) == [FILE]


@pytest.mark.parametrize("shape", ["{}...", "{}…", "sha256:{}", "SHA256:{}..."])
def test_a_shortened_digest_may_be_written_as_people_write_it(told: World, shape: str):
    assert found(told, shape.format(sha("a")[:8])) == [FILE]


def test_five_digits_of_a_digest_are_too_few(told: World):
    assert found(told, sha("a")[:5]) == []


def test_any_value_may_be_cut_off_with_dots(told: World):
    assert [one.value for one in found(told, "19CbDoaZ...")] == ["19CbDoaZDLTzkkT1uQrMPM42AUvfQN4Kds"]


def test_an_ambiguous_beginning_gives_all_in_order(world: World):
    values = sorted(f"sha256:abcdef{number}{'0' * 57}" for number in range(3))
    world.say("bank", *((Entity("file", value), "status", "seen") for value in values))
    assert [one.value for one in found(world, "abcdef")] == values


@pytest.mark.parametrize(
    "text", ["", "   ", "nothing.example", "domain-name:", "crypto-address:xyz", "%", "_", "'; --"]
)
def test_what_is_not_there_is_not_found(told: World, text: str):
    assert found(told, text) == []


def test_what_may_not_be_seen_is_not_found(world: World):
    world.say("bank", (EVIL, "indicates", GROUP), (FILE, "status", "seen"), marking=RED)
    for text in ("evil.com", "lazarus group", sha("a")[:10], "evil.c..."):
        assert found(world, text) == []
        assert found(world, text, who="bank")


@given(st.text(max_size=40))
def test_no_text_makes_candidates_fail(text: str):
    assert all(isinstance(one, Entity) for one in candidates(text))


def one(world: World, text: str, who: str = "police") -> Entity:
    reader = world.open(who).reader
    with reader.connect() as connection:
        return entity_of(reader, connection, text)


def test_a_new_identifier_names_itself(world: World):
    assert one(world, "new[.]example.com") == entity("domain-name:new.example.com")


def test_an_unknown_name_must_come_with_its_kind(world: World):
    with pytest.raises(NotValidError, match="several") as caught:
        one(world, "Some Gang")
    assert "group:some gang" in caught.value.mend
    assert one(world, "group:Some Gang") == entity("group:some gang")


def test_a_name_known_under_one_kind_needs_none(world: World):
    world.say("bank", (EVIL, "indicates", GROUP))
    assert one(world, "lazarus group") == GROUP


def test_a_hidden_bearer_of_a_name_does_not_settle_it(world: World):
    world.say("bank", (EVIL, "indicates", GROUP), marking=RED)
    with pytest.raises(NotValidError):
        one(world, "lazarus group")


def test_nothing_names_nothing(world: World):
    with pytest.raises(NotValidError, match="names nothing"):
        one(world, "  ")


def test_the_beginning_of_an_id_names_a_claim(told: World):
    atlas = told.open("police")
    ids = told.ids("police", told.say("bank", (EVIL, "status", "live")))
    assert claim_ids(atlas, [ids[0][:12]]) == ids
    assert claim_ids(atlas, [ids[0].upper()]) == ids


@pytest.mark.parametrize("name", ["", "abc", "zzzzzzzz", "0" * 65, "00000000"])
def test_no_claim_is_guessed_at(told: World, name: str):
    with pytest.raises(NotFoundError):
        claim_ids(told.open("police"), [name])


def test_a_hidden_claim_has_no_id(world: World):
    ids = world.ids("bank", world.say("bank", (EVIL, "status", "live"), marking=RED))
    with pytest.raises(NotFoundError):
        claim_ids(world.open("police"), [ids[0]])


def test_known_carries_the_number(told: World):
    reader = told.open("police").reader
    with reader.connect() as connection:
        [known] = resolve(reader, connection, "evil.com")
        assert isinstance(known, Known)
        assert reader.entities(connection, [known.eid]) == {known.eid: EVIL}


RING = entity("group:boss spider")


@pytest.mark.parametrize(
    "text", ["GOLD LOWELL", "gold_lowell", "Gold-Lowell", "group:gold lowell", " gold  lowell "]
)
def test_an_alias_names_its_bearer_however_it_is_written(world: World, text: str):
    world.say("bank", (RING, "alias", "GOLD LOWELL"), (RING, "uses", entity("malware:samsam")))
    assert named(world, text) == [str(RING)]


@pytest.mark.parametrize(
    "text",
    ["gold", "lowell", "gold lowell gang", "malware:gold lowell", "goldlowell", "GOLD", "%", "_old lowell"],
)
def test_a_part_of_an_alias_or_another_kind_names_nothing(world: World, text: str):
    world.say("bank", (RING, "alias", "GOLD LOWELL"))
    assert named(world, text) == []


def test_all_bearers_of_an_alias_are_named_in_the_order_of_their_kinds(world: World):
    other = entity("malware:lowell kit")
    world.say("bank", (other, "alias", "Gold Lowell"), (RING, "alias", "GOLD LOWELL"))
    assert named(world, "gold lowell") == [str(RING), str(other)]


def test_what_bears_the_name_itself_comes_before_what_has_it_as_alias(world: World):
    world.say("bank", (RING, "alias", "Gold Lowell"), (entity("malware:gold lowell"), "status", "live"))
    assert named(world, "gold lowell") == ["malware:gold lowell"]


def test_aliases_in_any_script_are_found(world: World):
    world.say("bank", (RING, "alias", "กลุ่มแมงมุม"), (RING, "alias", "Ваня & “Со”"))
    assert named(world, "กลุ่มแมงมุม") == [str(RING)]
    assert named(world, "ваня & “со”") == [str(RING)]


def test_a_hidden_alias_names_nothing(world: World):
    world.say("bank", (RING, "uses", entity("malware:samsam")))
    before = named(world, "gold lowell")
    world.say("vendor", (RING, "alias", "GOLD LOWELL"), marking=RED)
    assert named(world, "gold lowell") == before == []
    assert named(world, "gold lowell", "vendor") == [str(RING)]


@pytest.mark.parametrize(("text", "wanted"), [
    ("https://evil.com/", ["domain-name:evil.com"]),
    ("hxxps://EVIL[.]com", ["domain-name:evil.com"]),
    ("https://evil.com/login", []),
    ("https://evil.com:8443/", ["domain-name:evil.com"]),
    ("https://other.com/", []),
])  # fmt: skip
def test_the_address_of_a_whole_site_names_its_host_and_that_of_a_page_does_not(
    world: World, text: str, wanted: list[str]
):
    world.say("bank", (entity("domain-name:evil.com"), "status", "live"))
    assert named(world, text) == wanted


def test_an_address_that_is_known_names_itself(world: World):
    world.say("bank", (entity("url:https://evil.com/"), "hosted-at", entity("domain-name:evil.com")))
    assert named(world, "https://evil.com/") == ["url:https://evil.com/"]


def named(world: World, text: str, who: str = "police") -> list[str]:
    """What a text names to a member, as text."""
    return list(map(str, found(world, text, who)))


def test_the_alias_of_a_person_is_found_though_its_record_is_sealed(world: World):
    person = entity("person:ivan petrov")
    world.say("bank", (person, "alias", "Vanya the Courier"), (person, "status", "charged"))
    assert named(world, "vanya the courier") == [str(person)]
    assert named(world, "vanya the carrier") == []
