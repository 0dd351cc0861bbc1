"""People: who is registered where, with which roles, and who has left; projected from their records.

Only an organisation's own record speaks of its people, and only the founder's of the coalition's roles. A
record without the right to changes nothing, wherever it came from.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, text

from chokepoint.model.identity import Entity
from chokepoint.model.marking import ROLE
from chokepoint.model.role import COALITION, WHOLE, Right, Role, rights
from chokepoint.store.base import CIRCLE, RATING, REMARKING, VOTE
from chokepoint.store.erasures import entity_digest
from chokepoint.store.visible import LEFT, STAFF

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from sqlalchemy import Connection

    from chokepoint.store.circles import Speaking

PERSON = "person/1"
APPOINTMENT = "appointment/1"
DEPARTURE = "departure/1"
ACCESS = "access/1"
OVERSIGHT = "oversight/1"
"""An overseer's word on an entity: `veto` withholds it from every package, `lift` ends that."""
SAFETY = "safety/1"
"""Anybody's word that somebody is at risk if an entity is released; an overseer alone lifts it."""
ALARM = "alarm/1"
ASKING, ANSWER = "group-request/1", "group-answer/1"
"""Somebody asks to come into a sharing group; its owner's answer."""
WITHHELD, ERASED, LIFTED = "withheld", "withheld-erased", "withheld-lifted"
"""Scopes: what stands in no package; such as was erased since, as a digest; and whatever was lifted then."""
KIND_SPACE = 1
"""Of the names table: that of the kinds of entities (`projection.Space.KIND`, which imports this room)."""
KINDS = frozenset({PERSON, APPOINTMENT, DEPARTURE, OVERSIGHT, SAFETY})
RULING = KINDS | {CIRCLE}
"""Kinds that change who may do what."""
NEEDED = {
    VOTE: Right.VET,
    RATING: Right.VET,
    CIRCLE: Right.SHARE,
    REMARKING: Right.SHARE,
    ASKING: Right.SHARE,
    ANSWER: Right.SHARE,
    PERSON: Right.PEOPLE,
    APPOINTMENT: Right.PEOPLE,
    DEPARTURE: Right.PEOPLE,
    OVERSIGHT: Right.WATCH,
}
"""The right that a record of each kind needs; of any other kind, the right to speak."""
ANYBODY = frozenset({ACCESS, ALARM})
BETWEEN = "\x1f"
ACTIVE, INVITED, GONE = "active", "invited", "left"


def project_people(connection: Connection, kind: str, said: dict[str, Any], by: Speaking) -> None:
    """Enter what a record says of people or of an organisation's leaving."""
    if kind == PERSON:
        _person(connection, said, by.organisation)
    elif kind == APPOINTMENT and by.organisation == founder(connection):
        role = next((one for one in COALITION if one.value == said["role"]), None)
        if role is not None:
            (_put if said["held"] else _take)(connection, ROLE + role.value, str(said["person"]))
    elif kind in {SAFETY, OVERSIGHT}:
        _withhold(connection, kind, said, by)
    elif kind == DEPARTURE:
        first, gone = founder(connection), str(said["organisation"])
        if gone != first and (by.organisation == first or (by.organisation == gone and said["left"])):
            (_put if said["left"] else _take)(connection, LEFT, gone)


def _withhold(connection: Connection, kind: str, said: dict[str, Any], by: Speaking) -> None:
    if kind == OVERSIGHT and Role.OVERSEER not in roles_of(connection, f"{by.organisation}/{by.user}"):
        return
    entity = BETWEEN.join(map(str, said["entity"]))
    if kind == OVERSIGHT and said["word"] == "lift":
        _take(connection, WITHHELD, entity)
        if _pairs(connection, ERASED):  # whether one of them is meant, only who has the secret can tell
            _put(connection, LIFTED, entity)
    else:
        _put(connection, WITHHELD, entity)
        _take(connection, LIFTED, entity)


def withheld(connection: Connection, secret: bytes) -> frozenset[Entity]:
    """The entities that may stand in no package and no export.

    One that was erased is withheld when it is named again: every entity of its kind is compared.

    Args:
        connection: that sees all, not as far as a viewer may.
        secret: of the atlas.
    """
    found = {Entity(*pair) for pair in _pairs(connection, WITHHELD)}
    erased = _pairs(connection, ERASED)
    if erased:
        digests = {digest for _, digest in erased}
        named = (one for kind in sorted({kind for kind, _ in erased}) for one in _of_kind(connection, kind))
        again = {one for one in named if entity_digest(secret, one) in digests}
        found |= again - {Entity(*pair) for pair in _pairs(connection, LIFTED)}
    return frozenset(found)


def conceal(connection: Connection, secret: bytes, digests: Collection[str]) -> None:
    """Keep of what is withheld and was erased a digest alone, which says nothing without the secret.

    Args:
        connection: that may write.
        secret: of the atlas.
        digests: of what was erased, as tombstones hold them.
    """
    for scope in (LIFTED, WITHHELD):
        for kind, value in _pairs(connection, scope):
            digest = entity_digest(secret, Entity(kind, value))
            if digest in digests:
                _take(connection, scope, BETWEEN.join((kind, value)))
                (_put if scope == WITHHELD else _take)(connection, ERASED, BETWEEN.join((kind, digest)))


def _pairs(connection: Connection, scope: str) -> list[tuple[str, str]]:
    """Kind and value, or digest, of what a scope holds."""
    rows = connection.execute(text("SELECT member FROM memberships WHERE scope = :scope"), {"scope": scope})
    parts = (str(row[0]).partition(BETWEEN) for row in rows)
    return [(kind, value) for kind, _, value in parts]


def _of_kind(connection: Connection, kind: str) -> Iterator[Entity]:
    sql = (
        "SELECT e.value FROM entities e JOIN names n ON n.number = e.kind AND n.space = :space"
        " WHERE n.name = :kind"
    )
    rows = connection.execute(text(sql), {"space": KIND_SPACE, "kind": kind})
    return (Entity(kind, str(row[0])) for row in rows)


def _person(connection: Connection, said: dict[str, Any], organisation: str) -> None:
    person = f"{organisation}/{said['person']}"
    _put(connection, STAFF + organisation, "")
    for role in Role:
        if role not in COALITION or said["state"] == GONE:
            _take(connection, ROLE + role.value, person)
    active = said["state"] == ACTIVE
    (_put if active else _take)(connection, STAFF + organisation, person)
    (_put if said["state"] == GONE else _take)(connection, LEFT, person)
    for role in Role:
        if active and role not in COALITION and role.value in said["roles"]:
            _put(connection, ROLE + role.value, person)


def _put(connection: Connection, scope: str, member: str) -> None:
    connection.execute(
        text("INSERT INTO memberships (scope, member) VALUES (:scope, :member) ON CONFLICT DO NOTHING"),
        {"scope": scope, "member": member},
    )


def _take(connection: Connection, scope: str, member: str) -> None:
    connection.execute(
        text("DELETE FROM memberships WHERE scope = :scope AND member = :member"),
        {"scope": scope, "member": member},
    )


def founder(connection: Connection) -> str:
    """The first member of the atlas; empty before there is one."""
    sql = "SELECT name FROM organisations ORDER BY number LIMIT 1"
    return str(connection.exec_driver_sql(sql).scalar() or "")


def _inside(connection: Connection, scope: str, member: str) -> bool:
    sql = "SELECT 1 FROM memberships WHERE scope = ? AND member = ?"
    return connection.exec_driver_sql(sql, (scope, member)).first() is not None


_ROLES = text("SELECT scope FROM memberships WHERE member = :person AND scope IN :scopes").bindparams(
    bindparam("scopes", [ROLE + role.value for role in Role], expanding=True)
)


def has_register(connection: Connection, organisation: str) -> bool:
    """Whether the organisation has ever registered a person."""
    return _inside(connection, STAFF + organisation, "")


def departed(connection: Connection, *names: str) -> bool:
    """Whether one of these organisations or persons has left."""
    return any(name and _inside(connection, LEFT, name) for name in names)


def everybody(connection: Connection) -> list[str]:
    """Who works or has worked for an organisation, as `ORG/USER`, and the organisations that have left."""
    rows = connection.execute(
        text("SELECT member FROM memberships WHERE scope = :scope OR substr(scope, 1, :size) = :start"),
        {"scope": LEFT, "start": STAFF, "size": len(STAFF)},
    )
    return [str(row[0]) for row in rows if row[0]]


def roles_of(connection: Connection, person: str) -> frozenset[Role]:
    """The roles that a person has now."""
    rows = connection.execute(_ROLES, {"person": person})
    scopes = {str(row[0]) for row in rows}
    return frozenset(role for role in Role if ROLE + role.value in scopes)


def rights_of(connection: Connection, organisation: str, user: str) -> frozenset[Right]:
    """What an organisation as a whole, or a person of it, may do now."""
    person = f"{organisation}/{user}"
    if departed(connection, organisation, person if user else ""):
        return frozenset()
    if not user:
        return WHOLE
    held = rights(roles_of(connection, person))
    if not has_register(connection, organisation):
        return held | WHOLE
    return held if _inside(connection, STAFF + organisation, person) else frozenset()


def refused(connection: Connection, organisation: str, user: str, kinds: Iterable[str]) -> str:
    """Why somebody may not append records of these kinds; empty where nothing forbids it."""
    held = rights_of(connection, organisation, user)
    name = f"{organisation}/{user}" if user else organisation
    for kind in sorted(set(kinds) - ANYBODY):
        needed = NEEDED.get(kind, Right.SPEAK)
        if not held:
            return f"{name} has left or is not registered, and cannot speak"
        if needed not in held:
            return f"{name} may not {needed.value}"
    return ""


def holders(connection: Connection, entity: Entity) -> Counter[str]:
    """How many claims about an entity each organisation holds, under any marking; for overseers alone."""
    rows = connection.execute(
        text(
            "SELECT o.name, count(*) FROM claims c JOIN provenances p ON p.number = c.provenance"
            " JOIN markings m ON m.number = p.marking JOIN organisations o ON o.number = m.owner"
            " JOIN entities e ON e.eid = c.subject OR e.eid = c.object"
            " JOIN names n ON n.number = e.kind AND n.space = :space"
            " WHERE n.name = :kind AND e.value = :value GROUP BY o.name"
        ),
        {"space": KIND_SPACE, "kind": entity.kind, "value": entity.value},
    )
    return Counter({str(name): int(count) for name, count in rows})
