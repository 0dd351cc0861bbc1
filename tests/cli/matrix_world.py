"""Two atlases that differ only in what a viewer may not see, and the verbs that are asked of both.

Salts, ids and moments are made from what is recorded, so that the same record has the same id in both.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.testing import CliRunner
from sqlalchemy import event
from sqlalchemy.engine import Engine

from chokepoint.cli.main import cli
from chokepoint.desk import atlas as desk_atlas
from chokepoint.model.marking import Marking, Tlp, Viewer
from chokepoint.proof.sealing import ID_BYTES
from chokepoint.settings import Settings
from chokepoint.store.base import RecordRow
from chokepoint.store.canonical import canonical
from chokepoint.wiring import open_atlas

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest

WALLET = "19CbDoaZDLTzkkT1uQrMPM42AUvfQN4Kds"
LIST = "evil.com\nlisted.com\n1.2.3.4\n"
INQUIRY = "inquiry-" + "a" * 16
PASTED = f"evil.com other.com {WALLET} 1.2.3.4 https://evil.com/a\nbad gang\nsecret gang\n"


class Still(dt.datetime):
    """A clock that stands still."""

    @classmethod
    def now(cls, tz: dt.tzinfo | None = None) -> Still:
        return cls(2026, 2, 3, 4, 5, 6, tzinfo=tz)


class Chance:
    """Random bytes that depend on the step that asks for them and on nothing else."""

    def __init__(self) -> None:
        self.step, self.count, self.keys = "", 0, 0

    def begin(self, step: str) -> None:
        self.step, self.count, self.keys = step, 0, 0

    def urandom(self, length: int) -> bytes:
        """Zeros, but for the names of keys, which must differ: one for each person that a step brings."""
        if length != ID_BYTES:
            return bytes(length)
        self.keys += 1
        return hashlib.shake_256(f"{self.step}/key {self.keys}".encode()).digest(length)

    def bytes(self, length: int) -> bytes:
        self.count += 1
        seed = f"{self.step}/{self.count}".encode()
        return hashlib.shake_256(seed).digest(length)

    def uuid4(self) -> uuid.UUID:
        return uuid.UUID(bytes=self.bytes(16), version=4)


def hold_still(patch: pytest.MonkeyPatch) -> Chance:
    """Take chance and time out of everything that makes records."""
    chance = Chance()
    patch.setattr(desk_atlas, "datetime", Still)
    patch.setattr("os.urandom", chance.urandom)
    patch.setattr("uuid.uuid4", chance.uuid4)
    patch.setattr("secrets.token_urlsafe", lambda length=32: chance.bytes(length).hex())
    patch.setattr("secrets.token_hex", lambda length=32: chance.bytes(length).hex())
    return chance


@dataclass
class Place:
    """An atlas in a folder of its own; all commands run inside that folder, so that no path differs."""

    folder: Path
    chance: Chance
    patch: pytest.MonkeyPatch
    statements: list[str] = field(default_factory=list)

    def run(self, who: str, *words: str) -> tuple[int, str, str]:
        """Exit code, stdout and stderr of one command."""
        self.patch.chdir(self.folder)
        self.chance.begin(f"{who} {words}")
        given = PASTED if words[0] == "check" and words[-1] != "pasted.txt" else None
        result = CliRunner().invoke(cli, ["--atlas", "atlas", "--as", who, *words], input=given)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result.exit_code, result.stdout, result.stderr

    def ok(self, who: str, *words: str) -> str:
        code, out, err = self.run(who, *words)
        assert code == 0, (who, words, out, err)
        return out

    def counted(self, who: str, *words: str) -> tuple[tuple[int, str, str], int]:
        """The same, and how many SQL statements it took: work that depends on hidden data would show."""
        count = 0

        def seen(*_: object) -> None:
            nonlocal count
            count += 1

        event.listen(Engine, "before_cursor_execute", seen)
        try:
            answer = self.run(who, *words)
        finally:
            event.remove(Engine, "before_cursor_execute", seen)
        return answer, count

    def put(self, who: str, kind: str, payload: dict[str, object], marking: Marking) -> None:
        """A record that no verb makes with that marking."""
        organisation, _, user = who.partition("/")
        self.patch.chdir(self.folder)
        viewer = Viewer(organisation=organisation, user=user)
        atlas = open_atlas(Settings(atlas=Path("atlas"), viewer=viewer))
        atlas.ledger.append(atlas.speaker(), [RecordRow(kind, canonical(payload), marking)])
        atlas.engine.dispose()
        atlas.vault._engine.dispose()


def leaves(command: click.Command = cli, path: tuple[str, ...] = ()) -> Iterator[str]:
    """All verbs of the command line's own table, with their subverbs: `review vote`."""
    if not isinstance(command, click.Group):
        yield " ".join(path)
        return
    context = click.Context(command)
    for name in command.list_commands(context):
        under = command.get_command(context, name)
        assert under is not None
        yield from leaves(under, (*path, name))


def visible_steps(place: Place) -> list[object]:
    """What everybody may see, as steps to be done one after the other."""
    (place.folder / "list.txt").write_text(LIST, "utf-8")
    (place.folder / "pasted.txt").write_text(PASTED, "utf-8")
    gang, good = "group:bad gang", ("--tlp", "CLEAR", "--grade", "A1")

    def told(*words: str, who: str = "vendor") -> object:
        return lambda: place.ok(who, *words)

    def vote_all() -> None:
        for who in ("charity", "home", "police"):
            for one in ids(place, "evil.com", who):
                place.run(who, "review", "vote", one, "--confirm", "--reason", "seen")

    figure = ("Known", "arrests", "20", "--source", "a paper", "--on", "2026-01-02", "--tlp", "CLEAR")
    act = ("operation", "act", "Known", "evil.com", "--mode", "takedown", "--on", "2026-01-02", "--by", "x")
    operation = [
        told("operation", "open", "Known", "--partner", "KE", "--tlp", "CLEAR", who="police"),
        told(*act, who="police"),
        told("impact", "add", *figure),
    ]
    return [
        told("collect", "list.txt", "--origin", "a list", "--tlp", "GREEN"),
        told("note", "it is theirs", "--link", "evil.com", "indicates", gang, "--tlp", "GREEN"),
        told("note", "a wallet", "--link", "evil.com", "requests-payment-to", WALLET, *good),
        told("note", "the same", "--link", "evil.com", "indicates", gang, "--tlp", "CLEAR", who="charity"),
        told("note", "another", "--link", "listed.com", "indicates", "group:good gang", "--tlp", "GREEN"),
        vote_all,
        told("identity", "confirm", gang, "group:good gang", "--reason", "said so", who="charity"),
        told("case", "open", "Known case", "--purpose", "p", "--review", "2027-01-01", who="police"),
        lambda: [
            told("group", "make", "Open desk", "police", "vendor", who="vendor")(),
            *(step() for step in operation),
        ],
    ]


def person_step(place: Place) -> None:
    """What everybody sees of a natural person, and of an inquiry into who is behind it."""
    seen = ("--tlp", "GREEN", "--reason", "met them", "--review")
    place.ok("vendor", "note", "paid", "--link", "person:pat payer", "pays", WALLET, "--tlp", "GREEN")
    place.ok("vendor", "personal", "role", "person:pat payer", "other", *seen, "2098-01-01")
    ask_who(place)


def ask_who(place: Place) -> None:
    """An inquiry that everybody sees, with one hypothesis, one item of evidence and one rating."""
    green = Marking(tlp=Tlp.GREEN)
    seen = ids(place, "evil.com", "charity")[-1]
    place.put("vendor", "inquiry/1", {"id": INQUIRY, "question": "Who is behind evil.com?"}, green)
    place.put("vendor", "hypothesis/1", {"entity": ["group", "bad gang"], "inquiry": INQUIRY}, green)
    place.put("vendor", "evidence/1", {"claim": seen, "inquiry": INQUIRY}, green)
    said: dict[str, object] = {"claim": seen, "entity": ["group", "bad gang"], "inquiry": INQUIRY}
    place.put("police", "rating/1", said | {"rating": "C", "reason": "r"}, green)


def ids(place: Place, entity: str, who: str) -> list[str]:
    """Record ids of the claims that a member sees of an entity."""
    return [one["id"] for one in json.loads(place.ok(who, "show", entity, "--json"))["claims"]]


def hidden_steps(place: Place, who: str, options: tuple[str, ...], marking: Marking) -> list[object]:
    """The same kinds of things under a marking, told by `who`: one step between any two visible ones."""
    gang, secret = "group:bad gang", "group:secret gang"

    def told(*words: str) -> object:
        return lambda: place.ok(who, *words, *options)

    def link(one: str, name: str, other: str) -> object:
        return told("note", f"{one} and {other}", "--link", one, name, other)

    def votes() -> None:
        names = ids(place, "evil.com", who)
        said: dict[str, object] = {"claims": names, "reason": "no", "vote": "dispute"}
        place.put(who, "vote/1", said, marking)

    def answer() -> None:
        """A hidden hypothesis, hidden evidence and a hidden rating in an inquiry that everybody sees."""
        one = ids(place, "other.com", who)[0]
        place.put(who, "hypothesis/1", {"entity": ["group", "secret gang"], "inquiry": INQUIRY}, marking)
        place.put(who, "evidence/1", {"claim": one, "inquiry": INQUIRY}, marking)
        seen = ids(place, "evil.com", "charity")[-1]
        for entity in ("secret gang", "bad gang"):
            said: dict[str, object] = {"claim": seen, "entity": ["group", entity], "inquiry": INQUIRY}
            place.put(who, "rating/1", said | {"rating": "II", "reason": "r"}, marking)

    def judged() -> None:
        said: dict[str, object] = {"reason": "r", "sameness": "same", "permille": 990}
        pairs = [(["group", "bad gang"], ["group", "good gang"]), (["domain-name", "evil.com"],) * 2]
        place.put(who, "identity/1", said | dict(zip(("left", "right"), pairs[0], strict=True)), marking)

    def operation() -> list[object]:
        figure = ("arrests", "30", "--source", "an informant", "--on", "2026-01-02")
        name = json.loads(place.ok(who, "operation", "open", "Secret", *options, "--json"))["operation"]["id"]
        act = ("evil.com", "--mode", "takedown", "--on", "2026-01-01", "--by", "x")
        return [
            place.ok(who, "operation", "act", name, *act),
            *(place.ok(who, "impact", "add", one, *figure, *options) for one in ("Secret", "Known")),
        ]

    return [
        lambda: [link("other.com", "indicates", secret)(), link("evil.com", "resolves-to", "1.2.3.4")()],
        told("collect", "list.txt", "--origin", "a list"),
        link("evil.com", "requests-payment-to", WALLET),
        lambda: [link(f"hub{n}.com", "resolves-to", "1.2.3.4")() for n in range(3)],
        lambda: [link(secret, "uses", "evil.com")(), link(gang, "alias", "secret gang")()],
        lambda: [votes(), link("listed.com", "resolves-to", "1.2.3.4")()],
        judged,
        told("identity", "confirm", gang, secret, "--reason", "informant"),
        lambda: [place.ok(who, "note", "a person", "--about", "person:jane doe", *options), *operation()],
        lambda: [
            told(
                *("personal", "role", "person:pat payer", "victim", "--reason", "told us"),
                *("--review", "2099-01-01"),
            )(),
            answer(),
        ],
    ]


def asked(hidden: list[str]) -> dict[str, list[list[str]]]:
    """Every verb of the command line with what is asked of it; ids of hidden claims are guessed at too."""
    guess = hidden[0] if hidden else "0" * 64
    case = "case-" + "0" * 16
    struck = ["other.com", "--mode", "takedown", "--on", "2024-01-01", "--by", "x"]
    figure = ["arrests", "20", "--source", "x", "--on", "2024-01-01"]
    twice = [["evil.com"], ["other.com"], ["secret gang"], [WALLET], ["bad gang"], ["1.2.3.4"], ["hub1.com"]]
    return {
        "search": [["e"], ["evil"], ["secret"], ["hub"], [".com"], ["gang"]],
        "show": [
            *twice,
            ["person:jane doe"],
            ["pat payer"],
            ["evil.com", "--all"],
            ["good gang", "--accepted"],
        ],
        "path": [
            ["pat payer", "evil.com"],
            ["evil.com", WALLET],
            ["evil.com", "secret gang"],
            ["listed.com", "1.2.3.4"],
        ],
        "check": [[], ["pasted.txt"]],
        "identity list": [[], ["bad gang"], ["secret gang"]],
        "review list": [[], ["--limit", "2"]],
        "review policy": [[]],
        "review calibration": [[], ["--publish"]],
        "review draw": [["--check"]],
        "review votes": [[guess], ["0" * 64]],
        "review recall": [[guess, "--reason", "x"]],
        "case list": [[], ["--closed"]],
        "case show": [["Known"], [case]],
        "group list": [[]],
        "member list": [[]],
        "choke": [[], ["--budget", "50"]],
        "sources": [[]],
        "extract": [["pasted.txt"]],
        "dismantle": [["edges.txt"]],
        "export": [
            ["csv", "--out", "x.csv"],
            ["stix", "evil.com", "--out", "y.json"],
            ["csv", "other.com"],
            ["misp", "--out", "z.json"],
            ["ftm", "--out", "z.ftm.json"],
            ["graphml", "--out", "z.graphml"],
        ],
        "package build": [["evil.com", "--out", "one"], ["other.com", "--out", "two"], ["--out", "three"]],
        "package verify": [["one"]],
        "package release": [["person:jane doe", "--basis", "x"], ["other.com", "--basis", "x"]],
        "package list": [[]],
        "package standing": [["one"]],
        "package recall": [["0" * 64, "--reason", "x"], ["00", "--reason", "x"]],
        "verify": [["--quick"], []],
        "erase": [
            ["--list"],
            ["other.com", "--reason", "x", "--basis", "y", "--dry-run"],
            ["absent.com", "--reason", "x", "--basis", "y"],
            ["other.com", "--hold", "--reason", "x"],
        ],
        "checkpoint": [[]],
        "witness": [["pasted.txt"]],
        "prove": [[guess], ["00"]],
        "remark": [[guess, "--tlp", "CLEAR", "--reason", "x"]],
        "review vote": [[guess, "--dispute", "--reason", "x"], ["00", "--unsure", "--reason", "x"]],
        "identity confirm": [
            ["evil.com", "other.com", "--reason", "x"],
            ["bad gang", "secret gang", "--reason", "x"],
        ],
        "identity split": [
            ["good gang", "bad gang", "--reason", "x"],
            ["hub1.com", "1.2.3.4", "--reason", "x"],
        ],
        "case open": [["Mine", "--purpose", "p", "--review", "2027-01-01"]],
        "case task": [[case, "x"]],
        "case done": [[case, "1"]],
        "case review": [[case, "--review", "2027-02-01"]],
        "case close": [[case, "--reason", "x"]],
        "case reserve": [[case, "evil.com"], ["Mine", "other.com"]],
        "case release": [[case, "evil.com"]],
        "operation open": [["Mine"], ["Secret"]],
        "operation list": [[]],
        "operation show": [["Known"], ["Secret"], ["operation-" + "0" * 16]],
        "operation act": [["Secret", *struck], ["Known", *struck]],
        "operation partner": [["Secret", "KE"], ["Known", "GH"]],
        "operation state": [["Secret", "done"], ["Known", "done"]],
        "impact list": [[], ["--accepted"], ["--measure", "arrests"], ["--country", "KE"]],
        "impact show": [["Known"], ["Secret"], ["Known", "--days", "3"]],
        "impact add": [["Secret", *figure], ["Known", *figure]],
        "outcome add": [["evil.com", "--mode", "takedown", "--hit", "2024-01-01", "--back", "2024-01-02"]],
        "outcome list": [[]],
        "outcome expect": [["domain-name", "3"]],
        "outcome times": [[]],
        "case member": [[case, "--add", "vendor"]],
        "group make": [["Ours", "vendor"]],
        "group change": [["Open desk", "--add", "bank"], ["Secret desk", "--add", "vendor"]],
        "group leave": [["Secret desk"]],
        "member set": [["--country", "TH"]],
        "note": [["seen again", "--link", "other.com", "indicates", "group:secret gang"]],
        "collect": [["list.txt"], ["pasted.txt"]],
        "connect": [[]],
        "hypothesis list": [[]],
        "hypothesis open": [["Who?"]],
        "hypothesis add": [
            [INQUIRY, "--who", "group:secret gang"],
            [INQUIRY, "--evidence", guess],
            [INQUIRY[:12], "--who", "group:good gang"],
        ],
        "hypothesis rate": [[INQUIRY, guess, "group:bad gang", "I", "--reason", "x"]],
        "hypothesis show": [[INQUIRY], ["inquiry-" + "0" * 16]],
        "personal role": [["person:pat payer", "witness", "--reason", "x"]],
        "personal review": [["person:pat payer", "--until", "2099-01-01", "--reason", "x"]],
        "personal due": [[]],
        "personal victims": [[], ["--by", "month"], ["--of", "bad gang"]],
        "people list": [[]],
        "people invite": [["eve", "--role", "vetter"]],
        "people join": [["no-token"]],
        "people roles": [["eve", "--role", "investigator"]],
        "people leave": [["eve"]],
        "people appoint": [["bank/ann", "overseer"]],
        "people depart": [["bank", "--reason", "x"]],
        "oversee safety": [["other.com", "--reason", "x"]],
        "oversee veto": [["other.com", "--reason", "x"]],
        "oversee lift": [["other.com", "--reason", "x"]],
        "oversee subject": [["other.com"]],
        "oversee alarms": [[]],
        "oversee leak": [["pasted.txt"]],
        "log": [[], ["--about", "evil.com"], ["--about", "other.com"], ["--who", "bank"]],
        "init": [[]],
    }


WITHOUT_AN_ATLAS = {
    "demo": "makes an atlas of its own from files and reads no other",
    "backup": "copies the folder itself, every byte of which its operator holds",
    "restore": "the same",
    "serve": "listens until it is ended; what people see there is tested in tests/web",
}
RED = Marking(tlp=Tlp.RED, audience=frozenset({"bank"}))
