"""Keys, passkeys and linked accounts: each person lists and takes away their own, whatever the table."""

from __future__ import annotations

import pytest

from chokepoint.model.errors import NotFoundError
from chokepoint.model.marking import Viewer
from chokepoint.web.guard.register import Register
from chokepoint.web.signin.belongings import Belongings

ANN, BOB, WHOLE = (
    Viewer(organisation="bank", user="ann"),
    Viewer(organisation="bank", user="bob"),
    Viewer(organisation="bank"),
)
OTHER = Viewer(organisation="police", user="ann")
TABLES = {
    "api_keys": (
        "prefix",
        "key",
        "INSERT INTO api_keys VALUES (:id, :name, :organisation, :person, 'l', 'look', :made, 9, 0)",
    ),
    "passkeys": (
        "hex(id)",
        "passkey",
        "INSERT INTO passkeys VALUES (:id, :organisation, :person, x'00', 0, 'l', :made)",
    ),
    "subjects": (
        "CAST(id AS TEXT)",
        "link",
        "INSERT INTO subjects VALUES (:number, 'i', :name, :organisation, :person, :made)",
    ),
}


@pytest.fixture
def register(tmp_path):
    """A register of nobody yet."""
    made = Register(tmp_path / "web.sqlite")
    yield made
    made.close()


@pytest.fixture(params=TABLES)
def theirs(request, register):
    """One table with two of Ann's and one of each other's, and the names of all."""
    named_by, what, insert = TABLES[request.param]
    owners = [ANN, ANN, BOB, WHOLE, OTHER]
    for number, who in enumerate(owners, 1):
        given = {"id": bytes([number]), "name": f"n{number}", "number": number}
        wanted = {name: value for name, value in given.items() if f":{name}" in insert}
        register.change(insert, organisation=who.organisation, person=who.user, made=number, **wanted)
    names = {"prefix": "n{}", "hex(id)": "0{}", "CAST(id AS TEXT)": "{}"}[named_by]
    belongings = Belongings(register=register, table=request.param, named_by=named_by, what=what)
    return belongings, [names.format(number) for number in range(1, 6)]


def test_each_sees_their_own_the_newest_first(theirs):
    belongings, _ = theirs
    assert [row["made"] for row in belongings.of(ANN)] == [2, 1]
    assert [[row["made"] for row in belongings.of(who)] for who in (BOB, WHOLE, OTHER)] == [[3], [4], [5]]


def test_what_is_taken_away_is_gone_and_nothing_else(theirs):
    belongings, names = theirs
    belongings.remove(ANN, names[0])
    assert [row["made"] for row in belongings.of(ANN)] == [2]
    assert [row["made"] for row in belongings.of(BOB)] == [3]
    with pytest.raises(NotFoundError, match=f"no such {belongings.what}"):
        belongings.remove(ANN, names[0])


@pytest.mark.parametrize("who", [BOB, WHOLE, OTHER])
def test_nobody_takes_away_what_is_anothers(theirs, who):
    belongings, names = theirs
    with pytest.raises(NotFoundError):
        belongings.remove(who, names[0])
    assert len(belongings.of(ANN)) == 2


@pytest.mark.parametrize("name", ["", "%", "' OR 1=1 --", "nothing", "\x00"])
def test_a_name_is_a_name_and_nothing_more(theirs, name):
    belongings, _ = theirs
    with pytest.raises(NotFoundError):
        belongings.remove(ANN, name)
    assert len(belongings.of(ANN)) == 2
