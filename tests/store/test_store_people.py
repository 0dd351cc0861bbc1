"""People and vetoes on PostgreSQL: registers, leaving, what is withheld, who holds claims."""

from __future__ import annotations

from store_world import link, record, say, source

from chokepoint.model.identity import Entity
from chokepoint.model.marking import Viewer
from chokepoint.model.role import Right
from chokepoint.store import people
from chokepoint.store.visible import resolved
from chokepoint.wiring import open_atlas

EVIL = Entity("domain-name", "evil.com")


def person(name: str, state: str, *roles: str):
    return record(people.PERSON, {"person": name, "roles": roles, "state": state, "token": "", "until": ""})


def test_registers_vetoes_and_holders_on_postgresql(pattern, tmp_path):
    atlas = open_atlas(pattern.copy(tmp_path / "state"))
    bank = atlas.viewer.organisation
    say(atlas, [link("evil.com", "1.2.3.4", source("open.txt"))], ["open.txt"])
    rows = [person("ann", "active", "vetter"), record(people.SAFETY, {"entity": [*EVIL], "reason": "r"})]
    atlas.ledger.append(atlas.speaker(), rows)
    with atlas.engine.connect() as connection:
        assert people.holders(connection, EVIL) == {bank: 1}
        assert people.withheld(connection, atlas.secret) == {EVIL}
        assert people.rights_of(connection, bank, "ann") == {Right.LOOK, Right.VET}
        assert people.rights_of(connection, bank, "eve") == frozenset()
        assert resolved(connection, Viewer(organisation=bank, user="ann")).organisation == bank
        assert resolved(connection, Viewer(organisation=bank, user="eve")).organisation == ""
    with atlas.reader.connect() as connection:
        assert people.withheld(connection, atlas.secret) == {EVIL}
    atlas.ledger.append(atlas.speaker(), [person("ann", "left")])
    with atlas.engine.connect() as connection:
        assert people.rights_of(connection, bank, "ann") == frozenset()
        assert resolved(connection, Viewer(organisation=bank, user="ann")).organisation == ""
    atlas.engine.dispose()
    atlas.vault._engine.dispose()
