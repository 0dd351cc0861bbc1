"""The only place that names concrete things: an atlas from its folder."""

from __future__ import annotations

import secrets
import uuid
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import inspect, text

from chokepoint.desk.atlas import Atlas, utc_now
from chokepoint.model.errors import LedgerError, NotFoundError, RefusedError
from chokepoint.model.marking import Viewer
from chokepoint.store.keys import KeyRing
from chokepoint.store.ledger import Ledger, Speaker
from chokepoint.store.postgres import read_as, vault_address
from chokepoint.store.schema import create, open_engine
from chokepoint.store.vault import Vault

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Engine

    from chokepoint.model.member import Member
    from chokepoint.settings import Settings

LEDGER = "ledger.sqlite"
_HOME = text(
    "INSERT INTO facts (name, value) SELECT 'home', name FROM organisations ORDER BY number LIMIT 1"
    " ON CONFLICT DO NOTHING"
)


def make_atlas(given: Settings, *, profile: Member | None = None) -> Atlas:
    """A new atlas with the viewer's organisation as member; an existing one gains the organisation.

    Args:
        given: where, and whose organisation joins.
        profile: what is said of the organisation, its name apart.

    Raises:
        RefusedError: the folder holds something that is no atlas.
    """
    folder = given.atlas
    if folder.exists() and not folder.is_dir():
        raise RefusedError("this is a file", place=str(folder), mend="name a new or empty folder")
    if not given.database and folder.exists() and not (folder / LEDGER).exists() and any(folder.iterdir()):
        raise RefusedError(
            "the folder holds other things", place=str(folder), mend="name a new or empty folder"
        )
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    engine = _ledger(given)
    _may_begin(engine, given)
    create(engine)
    organisation = given.viewer.organisation or "local"
    with engine.begin() as connection:
        for name, value in (("atlas", str(uuid.uuid4())), ("secret", secrets.token_hex(32))):
            connection.execute(
                text("INSERT INTO facts (name, value) VALUES (:name, :value) ON CONFLICT DO NOTHING"),
                {"name": name, "value": value},
            )
    ledger = Ledger(engine, KeyRing(folder / "keys"), _facts(engine)["atlas"])
    try:
        ledger.join(Speaker(organisation=organisation, at=utc_now(), user=given.viewer.user), profile)
        with engine.begin() as connection:
            connection.execute(_HOME)  # of whoever was refused nothing stays
    finally:
        engine.dispose()
    return open_atlas(given)


def _may_begin(engine: Engine, given: Settings) -> None:
    """Begin no second log where keys have signed one that is gone: whoever sees both cannot tell which holds.

    Raises:
        RefusedError: the folder's ledger is empty, and its keys are there.
    """
    if not given.database and any((given.atlas / "keys").glob("*")) and not _facts(engine):
        engine.dispose()
        raise RefusedError(
            "the ledger here is empty, and the keys of its members are there",
            place=str(given.atlas),
            mend="restore a backup into a new folder, or name a new folder to begin anew",
        )


def open_atlas(given: Settings) -> Atlas:
    """The atlas of a folder, as the viewer.

    Raises:
        NotFoundError: there is none.
        LedgerError: its ledger is empty.
    """
    folder = given.atlas
    if not given.database and not (folder / LEDGER).exists():
        raise NotFoundError("no atlas here", place=str(folder), mend="make one: chokepoint init")
    engine = _ledger(given)
    facts = _facts(engine)
    if "home" not in facts:
        engine.dispose()
        if not facts and not given.database and any((folder / "keys").glob("*")):
            raise LedgerError("the ledger here is empty", place=str(folder), mend="restore a backup")
        where = "in this database" if given.database else "here"
        raise NotFoundError(f"no atlas {where}", place="--atlas", mend="make one: chokepoint init")
    create(engine)
    keys = KeyRing(folder / "keys")
    viewer = given.viewer if given.viewer.organisation else Viewer(organisation=facts["home"])
    return Atlas(
        folder=folder,
        id=facts["atlas"],
        secret=bytes.fromhex(facts["secret"]),
        engine=engine,
        ledger=Ledger(engine, keys, facts["atlas"]),
        keys=keys,
        vault=Vault(open_engine(_vault(given))),
        viewer=viewer,
        purpose=given.purpose,
        unfold=given.unfold,
    )


@contextmanager
def database(given: Settings) -> Iterator[tuple[Engine, Engine] | None]:
    """Engines of the ledger and the vault of a database; None where the atlas is a folder."""
    if not given.database:
        yield None
        return
    engines = _ledger(given), open_engine(_vault(given))
    try:
        create(engines[0])  # the room of the vault too
        yield engines
    finally:
        for one in engines:
            one.dispose()


def _ledger(given: Settings) -> Engine:
    engine = open_engine(given.database or given.atlas / LEDGER)
    return read_as(engine, given.reader) if given.reader else engine


def _vault(given: Settings) -> Path | str:
    return vault_address(given.database) if given.database else given.atlas / "vault.sqlite"


def _facts(engine: Engine) -> dict[str, str]:
    if not inspect(engine).has_table("facts"):
        return {}
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT name, value FROM facts"))
        return {str(name): str(value) for name, value in rows}
