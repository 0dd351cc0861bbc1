"""Published leaks of peers replayed at the command line: what files may name, and what is never fetched or run."""

from __future__ import annotations

import ast
import csv
import io
import json
import socket
import tomllib
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from peer_rows import peer, rows

from chokepoint.model.errors import ChokepointError
from chokepoint.package.verify import verify
from chokepoint.proof.checkpoint import read_proof, read_request

if TYPE_CHECKING:
    from cli_desk import Desk

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "src" / "chokepoint").rglob("*.py"))


# --- the law ---


def test_every_published_row_has_its_test():
    """A row without a test, and a test for a row that there is not, are both told by their number."""
    replayed = set()
    for path in (ROOT / "tests").rglob("test_*_peers_*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "peer":
                replayed.add(ast.literal_eval(node.args[0]))
    assert replayed == {row["cve"] for row in rows()}
    assert len(rows()) == 34


# --- what a file may name ---


def told(desk: Desk, entity: str, who: str):
    return desk.json("show", entity, who=who).get("claims", [])


@peer("CVE-2018-8949")
@pytest.mark.parametrize("form", ["csv", "stix", "misp"])
def test_the_ids_that_a_file_names_are_not_taken_for_ours(desk: Desk, tmp_path: Path, form: str):
    """The vendor exports what all may see, puts the ids of the bank's claim into it, and takes it in."""
    desk.ok("note", "evil.com copies us", "--about", "evil.com", "--tlp", "CLEAR")
    before = told(desk, "evil.com", "bank")
    [mine] = [one["id"] for one in before]
    path = tmp_path / f"in.{'csv' if form == 'csv' else 'json'}"
    if form == "csv":
        table = io.StringIO()
        writer = csv.writer(table)
        writer.writerow(["domain", "id", "record", "contributor", "verdict", "description"])
        writer.writerow(["other.com", mine, mine, "bank", "accepted", "overwritten"])
        path.write_text(table.getvalue(), "utf-8")
    else:
        attribute = {"type": "domain", "value": "other.com", "id": "1", "event_id": "1", "uuid": mine[:32],
                     "comment": "overwritten", "to_ids": True, "category": "Network activity"}  # fmt: skip
        event = {"Event": {"id": "1", "info": "x", "date": "2026-01-01", "Attribute": [attribute],
                           "Orgc": {"name": "bank", "uuid": mine[:32]}}}  # fmt: skip
        stix = {"type": "bundle", "id": "bundle--" + "1" * 8 + "-1111-4111-8111-" + "1" * 12, "objects": [
            {"type": "domain-name", "spec_version": "2.1", "value": "other.com", "x_record": mine,
             "id": "domain-name--" + "1" * 8 + "-1111-5111-8111-" + "1" * 12}]}  # fmt: skip
        path.write_text(json.dumps(event if form == "misp" else stix), "utf-8")
    desk.run("collect", str(path), "--tlp", "CLEAR", who="vendor")
    assert told(desk, "evil.com", "bank") == before
    ids = {one["id"] for one in told(desk, "other.com", "vendor")} if form != "stix" else set()
    assert mine not in ids


@peer("CVE-2021-31780")
@pytest.mark.parametrize("name", ["group:1", "group:00000000-0000-4000-8000-000000000000", "group:circle"])
def test_a_group_that_is_none_of_ones_own_shares_nothing(desk: Desk, name: str):
    answer = desk.run(
        "note", "evil.com robs", "--about", "evil.com", "--tlp", "AMBER", "--to", name, who="vendor"
    )
    assert answer.exit_code in (1, 2)
    assert desk.json("show", "evil.com", who="bank").get("claims", []) == []


@peer("CVE-2021-31780")
def test_a_foreign_sharing_group_in_a_file_opens_nothing_to_anybody(desk: Desk, tmp_path: Path):
    for number, distribution in enumerate(("4", 4, "0", "1", "5")):
        path = tmp_path / f"event{number}.json"
        path.write_text(json.dumps(_shared(f"shared{number}.com", distribution)), "utf-8")
    desk.ok("collect", str(tmp_path), "--tlp", "RED", "--to", "vendor", who="vendor")
    assert desk.json("show", "shared0.com", who="vendor")["claims"]
    for number, who in product(range(5), ("bank", "police")):
        assert desk.json("show", f"shared{number}.com", who=who).get("claims", []) == []


def _shared(domain: str, distribution):
    attribute = {"type": "domain", "value": domain, "to_ids": True, "category": "Network activity",
                 "distribution": distribution, "sharing_group_id": "1"}  # fmt: skip
    return {"Event": {"info": "x", "date": "2026-01-01", "distribution": distribution, "sharing_group_id": "1",
                      "SharingGroup": {"id": "1", "name": "circle", "uuid": "1"}, "Attribute": [attribute]}}  # fmt: skip


# --- what is never fetched ---

ADDRESSES = (
    "http://127.0.0.1/", "http://localhost:8440/", "http://169.254.169.254/latest/meta-data/", "http://[::1]/",
    "http://[::ffff:127.0.0.1]/", "http://10.0.0.1/", "http://192.168.1.1/", "http://0x7f000001/", "http://2130706433/",
    "http://rebind.evil.example/", "file:///etc/passwd", "gopher://127.0.0.1:6379/_FLUSHALL", "https://evil.example/",
)  # fmt: skip


@pytest.fixture
def nobody_calls(monkeypatch: pytest.MonkeyPatch):
    """Whoever looks a name up or opens a connection is noted."""
    called: list[object] = []

    def noted(*asked, **_):
        called.append(asked)
        raise OSError("nobody calls out here")

    monkeypatch.setattr(socket, "getaddrinfo", noted)
    monkeypatch.setattr(socket.socket, "connect", noted)
    monkeypatch.setattr(socket, "create_connection", noted)
    return called


@peer("CVE-2026-21887")
@peer("CVE-2020-28043")
def test_an_address_that_somebody_gives_is_read_as_text_and_never_visited(desk: Desk, nobody_calls):
    seen = "\n".join(f"seen at {address}" for address in ADDRESSES)
    desk.ok("check", given=seen)
    desk.ok("extract", "-", given=seen)
    desk.ok("note", seen)
    for address in ADDRESSES:
        desk.run("collect", address)
        desk.run("show", address)
    desk.run("search", ADDRESSES[2])
    desk.run("path", ADDRESSES[0], ADDRESSES[2])
    assert nobody_calls == []


@peer("CVE-2026-9813")
def test_one_module_alone_speaks_http_and_it_asks_only_whom_the_operator_named():
    """No server-side fetch of what users name: whoever adds one has to change this test, and say how it is fenced."""
    speaks = set()
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            if any(one.split(".")[0] in {"httpx", "requests", "aiohttp", "urllib3", "pycurl", "ftplib"} or
                   one in {"urllib.request", "http.client"} for one in names):  # fmt: skip
                speaks.add(path.relative_to(ROOT / "src/chokepoint").as_posix())
    assert {one for one in speaks if not one.startswith("web/signin/oidc/")} <= {"web/office.py"}
    assert "web/signin/oidc/fetch.py" in speaks


# --- what is never run ---


@peer("CVE-2018-19908")
def test_files_of_hostile_names_are_collected_and_their_names_run_nothing(desk: Desk, tmp_path: Path):
    folder = tmp_path / "in"
    folder.mkdir()
    names = ["a;touch pwned.csv", "$(touch pwned).csv", "`touch pwned`.csv", "a|touch pwned.csv", "-rf.csv", "--help.csv",
             "a\nb.csv", "a b'\".csv", "x" * 240 + ".csv", "*.csv", "\u202ecsv.exe"]  # fmt: skip
    for number, name in enumerate(names):
        (folder / name).write_text(f"domain\nname{number}.example\n", "utf-8")
    found = desk.json("collect", str(folder))
    assert {one["path"].rpartition("/")[2] for one in found["files"]} >= {names[0], names[4]}
    assert found["totals"]["claims"]["new"] >= len(names) - 1
    assert not [path for path in tmp_path.rglob("*") if path.name == "pwned"]
    assert not Path("pwned").exists()


TAGS = (
    "!!python/object/apply:os.system ['touch pwned']", "!!python/name:os.system", "!!python/object/new:os.system [x]",
    "!!java.net.URL ['http://evil.example']", "&a [*a, *a]", "!!binary evil",
)  # fmt: skip


@peer("CVE-2022-29528 / CVE-2019-12868 / CVE-2015-5721")
def test_a_tag_in_a_yaml_file_makes_no_object(desk: Desk, tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "in"
    folder.mkdir()
    for number, tag in enumerate(TAGS):
        text = f"- id: 1\n  name: {tag}\n  url: {tag}\n  addresses: {tag}\n"
        (folder / f"scams{number}.yaml").write_text(text, "utf-8")
    answer = desk.run("collect", str(folder), "--json")
    assert len(json.loads(answer.stdout)["files"]) == len(TAGS)
    assert answer.exception is None or isinstance(answer.exception, SystemExit)
    assert not (tmp_path / "pwned").exists()


@peer("CVE-2022-29528 / CVE-2019-12868 / CVE-2015-5721")
def test_no_module_reads_what_could_run():
    """Pickles are written to our own parsing process and read from it by the standard library, never from a file."""
    banned = {"marshal", "shelve", "dill", "cloudpickle", "jsonpickle", "joblib"}
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not {one.split(".")[0] for one in names} & banned, path
            if isinstance(node, ast.Attribute) and getattr(node.value, "id", "") == "pickle":
                assert node.attr in {"dumps", "HIGHEST_PROTOCOL"}, path
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                unsafe = {"unsafe_load", "full_load", "load_all", "unsafe_load_all"}
                assert node.func.attr not in unsafe, path
                if node.func.attr == "load" and getattr(node.func.value, "id", "") == "yaml":
                    assert any(word.arg == "Loader" for word in node.keywords), path
    selected = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["ruff"]["lint"]
    assert selected["select"] == ["ALL"]  # S301, S302 and S506 with them
    assert not {"S", "S301", "S302", "S506"} & set(selected.get("ignore", []))


# --- what peers send ---


@peer("(measured here)")
def test_the_library_that_a_peer_can_kill_is_not_among_ours():
    """Private set intersection by openmined.psi ends the process on a hostile message: we do not build on it."""
    locked = "".join(path.read_text("utf-8") for path in (ROOT / "requirements").glob("*.txt"))
    assert "openmined" not in locked


@peer("(measured here)")
@settings(max_examples=60, deadline=None)
@given(
    data=st.binary(max_size=300),
    place=st.sampled_from(["manifest.json", "manifest.dsse.json", "records.jsonl", "x"]),
)
def test_whatever_a_peer_sends_is_told_and_ends_no_process(data: bytes, place: str):
    """Packages, proofs and requests are what peers send; each is read in this very process, which goes on."""
    assert not verify({place: data}).proved
    for read in (read_proof, read_request):
        with pytest.raises(ChokepointError):
            read(data)
