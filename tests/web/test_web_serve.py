"""`chokepoint serve`: where the desk listens, whom it lets in, and that it ends with all it started."""

from __future__ import annotations

import http.client
import json
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import create_mock_engine

from chokepoint.cli.main import cli
from chokepoint.model.errors import NotValidError
from chokepoint.web import serve
from chokepoint.web.keeper import listen
from chokepoint.web.serve import Listening, kernels_compiled_beside, prepare


def listening(**given):
    return Listening(**{"host": "127.0.0.1", "port": 8440, "origin": "", "workers": 1} | given)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_on_this_machine_the_desk_goes_by_two_names(host):
    assert listening(host=host, port=91).origins == ("http://localhost:91", "http://127.0.0.1:91")


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.7", "::", "desk.example"])  # noqa: S104 - it is refused
def test_others_come_only_by_an_encrypted_way(host):
    with pytest.raises(NotValidError, match="encrypted way") as refused:
        _ = listening(host=host).origins
    assert "--origin https://" in str(refused.value.mend)


def test_behind_a_proxy_the_desk_has_its_one_name():
    given = listening(host="0.0.0.0", origin="https://desk.example")  # noqa: S104 - behind a proxy
    assert given.origins == ("https://desk.example",)


@pytest.mark.parametrize(
    "origin",
    [
        pytest.param("desk.example", id="no scheme"),
        pytest.param("https:/desk.example", id="one slash"),
        pytest.param("https://", id="no host"),
        pytest.param("ftp://desk.example", id="another scheme"),
        pytest.param("https://desk.example/atlas", id="a path"),
        pytest.param("https://desk.example?x", id="a question"),
        pytest.param("https://desk.example#x", id="a fragment"),
        pytest.param("https://who@desk.example", id="a user"),
        pytest.param("https://desk.example x", id="a blank"),
    ],
)
def test_what_is_no_origin_is_refused_with_the_mend(origin):
    with pytest.raises(NotValidError, match="no origin") as refused:
        _ = listening(origin=origin).origins
    assert refused.value.place == "--origin"


def test_whoever_starts_it_here_is_signed_in_by_a_link_and_nobody_behind_a_proxy(fresh):
    here = prepare(fresh.atlas, listening(port=99))
    assert here.link.startswith("http://localhost:99/enter/")
    assert here.who == (fresh.atlas.viewer.person or fresh.atlas.viewer.organisation)
    assert prepare(fresh.atlas, listening(origin="https://desk.example")).link == ""


def test_what_compiles_beside_the_desk_ends_with_it():
    with kernels_compiled_beside() as child:
        assert child.args[-1] == "chokepoint.choke.warm"
    assert child.poll() is not None


@pytest.mark.enable_socket
def test_the_command_opens_a_desk_signs_in_once_and_ends_when_it_is_told(written, tmp_path):
    folder = Path(shutil.copytree(written, tmp_path / "atlas"))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        Path(sys.executable).with_name("chokepoint"),
        "--atlas",
        str(folder),
        "serve",
        "--port",
        str(port),
    ]
    with subprocess.Popen(
        [*command, "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as desk:
        try:
            told = json.loads(desk.stdout.readline())
            way = told["link"].removeprefix(told["address"])
            asked = [once(port, "/healthz"), once(port, way), once(port, way)]
            makers = started_by(desk.pid, "chokepoint.web.maps")
        finally:
            desk.send_signal(signal.SIGINT)
            said = desk.communicate()
    assert [status for status, _ in asked] == [200, 303, 401]
    assert ["chokepoint-session=" in cookie for _, cookie in asked[1:]] == [True, False]
    assert (desk.returncode, said) == (0, ("", ""))
    assert [Path(f"/proc/{one}").exists() for one in makers] == [False], "what makes maps ends with it"


def started_by(process, module):
    """Processes that one has started and that run a module."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return [one for one in children if module.encode() in Path(f"/proc/{one}/cmdline").read_bytes()]


@pytest.mark.enable_socket
def test_a_command_whose_port_is_taken_says_so_in_one_line_and_invites_nobody(written):
    with listen("127.0.0.1", 0) as door:
        port = str(door.getsockname()[1])
        ended = CliRunner().invoke(cli, ["--atlas", str(written), "--as", "bank", "serve", "--port", port])
    assert (ended.exit_code, ended.stdout) == (1, "")
    assert ended.stderr.startswith(
        f"error: --port: nothing can listen at 127.0.0.1, port {port}: address already"
    )
    assert ended.stderr.count("\n") == 1


def once(port, path):
    """The status of one page of a desk that has told where it is, and what cookie it gave."""
    asked = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    asked.request("GET", path)
    answer = asked.getresponse()
    answer.read()
    asked.close()
    return answer.status, answer.getheader("set-cookie", "")


def test_the_connections_of_a_desk_map_the_file_and_copy_little_of_it(fresh):
    """A dozen of them with a cache for a million claims each would hold gigabytes."""
    engine = fresh.atlas.engine
    serve.keep_little(engine)
    engine.dispose()
    with engine.connect() as connection:
        asked = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in ("cache_size", "mmap_size")
        ]
    assert asked[0] == -serve.CACHE_KB
    assert asked[1] > fresh.atlas.folder.joinpath("ledger.sqlite").stat().st_size


def test_another_engine_is_left_as_it_is():
    """PostgreSQL has its cache on its own side."""
    serve.keep_little(create_mock_engine("postgresql+psycopg://", lambda *_: None))
