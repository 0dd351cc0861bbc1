"""A Maltego graph out of one atlas and into another: the same claims, proved and unchanged."""

from __future__ import annotations

import json
import re
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

REPORT = """# Operation Blue Heron

The phishing site evil-login[.]com was served from 192.0.2.77 and 198.51.100.9.
Victims paid to 19CbDoaZDLTzkkT1uQrMPM42AUvfQN4Kds, see https://www.evil-login[.]com/pay.
"""
TABLE = (
    "domain,ip,first seen,last seen\nevil-login.com,192.0.2.77,2020-01-02,2020-03-04\na-b.com,192.0.2.8,,\n"
)


def graph(path) -> dict[str, str]:
    """The parts of a graph with the ids of records taken out."""
    with zipfile.ZipFile(path) as archive:
        return {
            name: re.sub(r"record(&quot;|\\?\"):\1[0-9a-f]{64}", "", archive.read(name).decode())
            for name in archive.namelist()
        }


def there_and_back(desk, files, folder):
    """Collect, export, collect into a second atlas, export again: both graphs, and the second's report."""
    first, second = folder / "first.mtgx", folder / "second.mtgx"
    desk.ok("collect", *map(str, files))
    desk.ok("export", "maltego", "--out", str(first))
    other = type(desk)(folder / "other")
    other.ok("init", who="bank")
    report = other.json("collect", str(first))
    other.ok("export", "maltego", "--out", str(second))
    return graph(first), graph(second), report, other


def test_an_export_read_into_a_second_atlas_exports_the_same_graph(desk, tmp_path):
    (tmp_path / "blue_heron.md").write_text(REPORT)
    (tmp_path / "table.csv").write_text(TABLE)
    files = [tmp_path / "blue_heron.md", tmp_path / "table.csv"]
    first, second, report, other = there_and_back(desk, files, tmp_path)
    assert first == second
    assert "evil-login.com" in first["Graphs/Graph1.graphml"]
    (file,) = report["files"]
    assert file["format"] == "maltego"
    assert file["rejected"] == []
    assert file["claims"]["new"] > 5
    claims = {
        (one["source"]["place"], one["origin"]) for one in other.json("show", "evil-login.com")["claims"]
    }
    assert claims == {
        (one["source"]["place"], one["origin"]) for one in desk.json("show", "evil-login.com")["claims"]
    }


def test_captures_that_stayed_elsewhere_are_named_and_the_atlas_still_verifies(desk, tmp_path):
    (tmp_path / "table.csv").write_text(TABLE)
    _, _, _, other = there_and_back(desk, [tmp_path / "table.csv"], tmp_path)
    assert "The vault holds" in other.ok("verify")
    assert {one["source"]["path"] for one in other.json("show", "a-b.com")["claims"]} == {"first.mtgx"}


def test_an_export_read_back_into_its_own_atlas_adds_nothing(desk, tmp_path):
    (tmp_path / "table.csv").write_text(TABLE)
    desk.ok("collect", str(tmp_path / "table.csv"))
    desk.ok("export", "maltego", "--out", str(tmp_path / "a.mtgx"))
    totals = desk.json("collect", str(tmp_path / "a.mtgx"))["totals"]
    assert totals["claims"]["new"] == 0
    assert totals["claims"]["known"] > 0


NAMES = st.from_regex(r"[a-z]{3,8}\.(com|net|org)", fullmatch=True)
HOSTS = st.integers(1, 250).map(lambda last: f"192.0.2.{last}")
DAYS = st.dates().map(str) | st.just("")


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(NAMES, HOSTS, DAYS), min_size=2, max_size=8))
def test_any_table_survives_the_way_through_maltego(desk, tmp_path_factory, rows):
    folder = tmp_path_factory.mktemp("graph")
    lines = ["domain,ip,date", *(",".join(row) for row in rows)]
    (folder / "table.csv").write_text("\n".join(lines) + "\n")
    fresh = type(desk)(folder / "atlas")
    fresh.ok("init", who="bank")
    first, second, report, _ = there_and_back(fresh, [folder / "table.csv"], folder)
    assert first == second
    assert report["totals"]["rejected"] == 0


@pytest.mark.parametrize("cut", [10, 200, 700])
def test_a_cut_off_graph_is_refused_and_the_rest_of_the_run_is_kept(desk, tmp_path, cut):
    (tmp_path / "table.csv").write_text(TABLE)
    desk.ok("collect", str(tmp_path / "table.csv"))
    desk.ok("export", "maltego", "--out", str(tmp_path / "whole.mtgx"))
    whole = (tmp_path / "whole.mtgx").read_bytes()
    (tmp_path / "cut.mtgx").write_bytes(whole[:-cut])
    (tmp_path / "more.csv").write_text(TABLE.replace("a-b.com", "c-d.com"))
    report = json.loads(desk.ok("collect", str(tmp_path / "cut.mtgx"), str(tmp_path / "more.csv"), "--json"))
    broken, fine = report["files"]
    assert broken["claims"] == {"new": 0, "known": 0}
    assert broken["rejected"]
    assert fine["claims"]["new"] > 0
