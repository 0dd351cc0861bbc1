"""A backup of either engine fills an empty database, which is then the same atlas and goes on as one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import postgres_server
import pytest
from sqlalchemy import create_engine
from store_world import RED, ids_of, link, said_to, say, seen_by, source, vote

from chokepoint.desk.keeping.backup import backup, restore
from chokepoint.desk.keeping.care import verify
from chokepoint.desk.keeping.checkpoint import compare, issue
from chokepoint.desk.keeping.erase import erase
from chokepoint.desk.keeping.home import database_of, mark
from chokepoint.model.claim import Claim
from chokepoint.model.errors import LedgerError, RefusedError
from chokepoint.model.identity import Entity
from chokepoint.model.marking import Viewer
from chokepoint.settings import Settings
from chokepoint.wiring import database, make_atlas, open_atlas

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from chokepoint.desk.atlas import Atlas

ANN = Entity("person", "Ann Nobody")


@pytest.fixture
def filled(anywhere: Callable[..., Atlas]) -> Atlas:
    """An atlas with open, closed and personal claims, captures, votes and a checkpoint."""
    one = anywhere()
    one.vault.put([b"list.txt", b"red.txt"])
    say(one, [link(f"{n}.example", "10.0.0.1") for n in range(70)])
    say(one, [Claim(ANN, "alias", "Annie", "line 2", source())])
    say(one, [link("secret.example", "10.0.0.9", source("red.txt", RED))], ["red.txt"])
    police = seen_by(one, "police")
    police.ledger.append(police.speaker(), [vote(ids_of(police)[:3])])
    issue(one)
    return one


class Filling:
    """Restores backups into databases, and opens them."""

    def __init__(self, server: str, folder: Path) -> None:
        self.server, self.folder = server, folder
        self.opened: list[Atlas] = []
        self.empty()

    def empty(self) -> None:
        """Another empty database, with a place for its keys."""
        self.given = Settings(
            atlas=self.folder / f"keys{len(list(self.folder.glob('keys*')))}",
            viewer=Viewer(organisation="bank"),
            database=postgres_server.new_database(self.server),
        )

    def open_as(self, place: Path, organisation: str) -> Atlas:
        address = self.given.database if place == self.given.atlas else ""
        self.opened.append(
            open_atlas(Settings(atlas=place, viewer=Viewer(organisation=organisation), database=address))
        )
        return self.opened[-1]

    def restore(self, source_folder: Path, known: tuple[Path, ...] = ()):
        with database(self.given) as into:
            return restore(
                source_folder, self.given.atlas, self.open_as, known, into=into, may_bring_back=not known
            )


@pytest.fixture
def filling(server: str, tmp_path: Path) -> Iterator[Filling]:
    one = Filling(server, tmp_path)
    yield one
    for atlas in one.opened:
        atlas.engine.dispose()
        atlas.vault.engine.dispose()


def test_a_database_filled_from_a_backup_says_what_the_atlas_said(filled, filling, tmp_path):
    kept = issue(filled)[0].encode()
    made = backup(filled, tmp_path / "copy")
    done = filling.restore(tmp_path / "copy")
    assert done.proven.records == made.records
    again = filling.open_as(filling.given.atlas, "bank")
    assert again.engine.dialect.name == "postgresql"
    compare(again, kept)
    for viewer in ("bank", "police", "vendor", "stranger"):
        assert said_to(seen_by(again, viewer)) == said_to(seen_by(filled, viewer)), viewer
    assert again.vault.get(source("red.txt").capture) == b"red.txt"


def test_a_filled_database_is_appended_to_and_numbers_on(filled, filling, tmp_path):
    backup(filled, tmp_path / "copy")
    filling.restore(tmp_path / "copy")
    again = filling.open_as(filling.given.atlas, "bank")
    before = len(said_to(again))
    assert say(again, [link("0.example", "10.0.0.1")]).fresh == (False,)
    new = source("new.txt", origin="another origin")
    said = [link(f"new{n}.example", "10.0.0.7", new) for n in range(60)]
    assert all(say(again, said, ["new.txt"]).fresh)
    for number in range(3):
        police = seen_by(again, "police")
        police.ledger.append(police.speaker(), [vote(ids_of(police)[number : number + 1], "dispute")])
    assert len(said_to(again)) == before + 60
    assert verify(again, captures=False).records > before + 63


def test_no_file_of_the_backup_stays_where_the_keys_are(filled, filling, tmp_path):
    backup(filled, tmp_path / "copy")
    filling.restore(tmp_path / "copy")
    left = {file.relative_to(filling.given.atlas).parts[0] for file in filling.given.atlas.rglob("*")}
    assert left <= {"keys", "cache", "backups"}
    assert (tmp_path / "copy" / "ledger.sqlite").is_file()


def test_a_database_that_holds_an_atlas_is_not_filled(filled, filling, tmp_path):
    backup(filled, tmp_path / "copy")
    elsewhere = Settings(
        atlas=tmp_path / "elsewhere", viewer=Viewer(organisation="vendor"), database=filling.given.database
    )
    other = make_atlas(elsewhere)
    with pytest.raises(RefusedError, match="holds an atlas") as caught:
        filling.restore(tmp_path / "copy")
    assert "createdb" in caught.value.mend
    assert verify(other).records == 1
    assert not list(filling.given.atlas.glob("*.sqlite*"))
    other.engine.dispose()
    other.vault.engine.dispose()


def test_a_folder_of_keys_that_is_in_use_is_not_restored_over(filled, filling, tmp_path):
    backup(filled, tmp_path / "copy")
    filling.given.atlas.mkdir()
    (filling.given.atlas / "keys").mkdir()
    with pytest.raises(RefusedError, match="not empty"):
        filling.restore(tmp_path / "copy")


def test_what_was_erased_after_the_backup_is_not_in_the_database(filled, filling, tmp_path):
    backup(filled, tmp_path / "old")
    erase(filled, ANN, reason="asked", basis="Art. 17")
    backup(filled, tmp_path / "later")
    assert filling.restore(tmp_path / "old", (tmp_path / "later",)).replayed == 1
    again = filling.open_as(filling.given.atlas, "bank")
    assert ANN not in {one.subject for one in said_to(again)}
    with again.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM subject_keys").scalar_one() == 0


def test_a_damaged_backup_is_named_as_that(filled, filling, tmp_path):
    backup(filled, tmp_path / "copy")
    file = tmp_path / "copy" / "ledger.sqlite"
    raw = bytearray(file.read_bytes())
    at = raw.index(b'"domain-name","5.example"')
    raw[at + 15] = ord("6")
    file.write_bytes(raw)
    with pytest.raises(LedgerError):
        filling.restore(tmp_path / "copy")


def test_a_database_backed_up_and_restored_again_is_the_same_log(filled, filling, tmp_path):
    backup(filled, tmp_path / "copy")
    first = filling.restore(tmp_path / "copy")
    once = filling.open_as(filling.given.atlas, "bank")
    backup(once, tmp_path / "twice")
    filling.empty()
    assert filling.restore(tmp_path / "twice").proven.head == first.proven.head


class Asking:
    """Restores into folders, and asks the databases that key folders name, as the command line does."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.opened: list[Atlas] = []

    def open_as(self, place: Path, organisation: str) -> Atlas:
        viewer, address = Viewer(organisation=organisation), database_of(place)
        self.opened.append(open_atlas(Settings(atlas=place, viewer=viewer, database=address)))
        return self.opened[-1]

    def restore(self, name: str, known: tuple[Path, ...] = ()):
        return restore(self.folder / "copy", self.folder / name, self.open_as, known)


@pytest.fixture
def asking(tmp_path: Path) -> Iterator[Asking]:
    one = Asking(tmp_path)
    yield one
    for atlas in one.opened:
        atlas.engine.dispose()
        atlas.vault.engine.dispose()


@pytest.fixture
def in_database(in_postgres: Callable[..., Atlas], tmp_path: Path) -> Atlas:
    """An atlas in a database that speaks of Ann, with a backup of it that was told of nothing later."""
    one = in_postgres()
    say(one, [Claim(ANN, "alias", "Annie", "line 2", source()), link("5.example", "10.0.0.1")])
    one.vault.put([b"list.txt"])
    backup(one, tmp_path / "copy")
    erase(one, ANN, reason="asked", basis="Art. 17")
    (tmp_path / "copy" / "tombstones.jsonl").write_bytes(b"")
    return one


def test_the_living_database_tells_a_restore_what_was_erased(in_database: Atlas, asking: Asking) -> None:
    assert asking.restore("again").replayed == 1
    again = asking.open_as(asking.folder / "again", "bank")
    assert [one.subject.value for one in said_to(again)] == ["5.example"]


def test_a_database_is_asked_where_its_key_folder_is_named(in_database: Atlas, asking: Asking) -> None:
    """As `--erased ADDRESS` names it, when the backup came from elsewhere and says nothing."""
    (asking.folder / "copy" / "made-from").unlink()
    with pytest.raises(RefusedError, match="not there to say"):
        asking.restore("again")
    assert asking.restore("again", (in_database.folder,)).replayed == 1


def test_where_the_database_is_gone_the_refusal_names_it_without_a_password(
    in_database: Atlas, asking: Asking
) -> None:
    gone = in_database.engine.url.set(database="gone", password="secret")
    note = in_database.folder / "backups" / "database"
    note.write_text(gone.render_as_string(hide_password=True), "utf-8")
    with pytest.raises(RefusedError, match="not there to say") as caught:
        asking.restore("again")
    assert "/gone" in caught.value.mend
    assert "secret" not in str(caught.value.mend)
    assert not (asking.folder / "again").exists()


def test_no_password_of_a_database_is_kept_beside_its_keys(in_database: Atlas, tmp_path: Path) -> None:
    known = replace(in_database, engine=create_engine(in_database.engine.url.set(password="secret")))
    (tmp_path / "marked").mkdir()
    mark(known, tmp_path / "marked")
    known.engine.dispose()
    for file in [*(in_database.folder / "backups").iterdir(), tmp_path / "marked" / "made-from"]:
        assert b"secret" not in file.read_bytes()
    assert database_of(in_database.folder).startswith("postgresql+psycopg://keeper@")
