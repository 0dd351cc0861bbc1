"""The libraries of the web desk are the recorded bytes of the recorded packages, with their licences."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from chokepoint.model.vocabulary import vocabulary

ROOT = Path(__file__).resolve().parents[2]
VENDOR = ROOT / "src" / "chokepoint" / "web" / "static" / "vendor"
BESIDE = ROOT / "tests" / "web" / "vendor"
VENDORING = ROOT / "vendoring"
MANIFEST = json.loads((VENDOR / "manifest.json").read_text())
LOCK = json.loads((VENDORING / "package-lock.json").read_text())["packages"]
FREE = {"ISC", "MIT", "0BSD", "BSD-3-Clause", "BSD-2-Clause", "Apache-2.0", "OFL-1.1"}
FONTS = VENDOR.parent / "fonts"
STYLES = VENDOR.parent / "css"


def place(name: str) -> Path:
    return next(folder / name for folder in (VENDOR, FONTS, BESIDE) if (folder / name).exists())


def licence(name: str) -> Path:
    folder = FONTS if name.startswith("@fontsource/") else VENDOR / "licences"
    return folder / f"{Path(name).name}.txt"


@pytest.mark.parametrize("name", MANIFEST["files"])
def test_a_library_has_the_recorded_hash(name):
    assert hashlib.sha256(place(name).read_bytes()).hexdigest() == MANIFEST["files"][name]["sha256"]


def test_every_file_beside_them_is_recorded():
    code = [*VENDOR.glob("*.js"), *VENDOR.glob("*.svg"), *BESIDE.glob("*.js")]
    here = {file.name for file in [*code, *FONTS.glob("*.woff*")]}
    assert here == set(MANIFEST["files"])


@pytest.mark.parametrize("name", MANIFEST["packages"])
def test_a_package_is_locked_to_the_recorded_version_and_hash(name):
    locked, recorded = LOCK[f"node_modules/{name}"], MANIFEST["packages"][name]
    assert (locked["version"], locked["integrity"]) == (recorded["version"], recorded["integrity"])


@pytest.mark.parametrize("name", MANIFEST["packages"])
def test_a_package_that_is_shipped_is_free_and_brings_its_licence(name):
    if name == "axe-core":  # for tests alone, never shipped
        assert (BESIDE / "axe-core.txt").read_text().strip()
        return
    assert MANIFEST["packages"][name]["licence"] in FREE
    assert len(licence(name).read_text()) > 300


def test_no_licence_lies_there_without_its_package():
    here = {*(VENDOR / "licences").iterdir(), *FONTS.glob("*.txt")}
    assert here == {licence(name) for name in MANIFEST["packages"] if name != "axe-core"}


def test_the_styles_name_every_font_that_is_there_and_no_other():
    named = re.findall(r"url\(([^)]+)\)", (STYLES / "fonts.css").read_text())
    assert {Path(one.strip("\"'")).name for one in named} == {file.name for file in FONTS.glob("*.woff2")}


@pytest.mark.parametrize("name", ["package.json", "package-lock.json"])
def test_versions_are_exact_and_no_place_of_download_is_named(name):
    text = (VENDORING / name).read_text()
    assert '"resolved"' not in text
    wanted = json.loads((VENDORING / "package.json").read_text())["devDependencies"]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in wanted.values())


@pytest.mark.parametrize("name", [name for name in MANIFEST["files"] if name.endswith(".js")])
def test_a_library_asks_nobody_for_anything(name):
    """The desk makes no request to a third party: no library carries an address that it could load from."""
    if name == "axe.min.js":
        pytest.skip("for tests alone")
    addresses = set(re.findall(r"(?:https?:)?//[a-z0-9.-]+\.[a-z]{2,}[^\"'`\s)]*", place(name).read_text()))
    assert {one for one in addresses if "w3.org" not in one} == set()


def test_every_kind_has_its_icon_among_them():
    drawn = set(re.findall(r'^  "([a-z0-9-]+)": ', (VENDOR / "icons.js").read_text(), re.MULTILINE))
    assert {kind.icon for kind in vocabulary().kinds.values()} <= drawn


def test_sprite_and_canvas_have_the_same_icons():
    sprite = re.findall(r'<symbol id="([a-z0-9-]+)"', (VENDOR / "icons.svg").read_text())
    assert sprite == re.findall(r'^  "([a-z0-9-]+)": ', (VENDOR / "icons.js").read_text(), re.MULTILINE)
    assert sprite == (VENDORING / "icons.txt").read_text().split()


@pytest.mark.skipif(
    not os.environ.get("CHOKEPOINT_VENDOR"), reason="set CHOKEPOINT_VENDOR to build them anew with npm"
)
def test_building_anew_gives_the_same_bytes(tmp_path):
    work = shutil.copytree(VENDORING, tmp_path / "vendoring", ignore=shutil.ignore_patterns("node_modules"))
    npm, node = shutil.which("npm"), shutil.which("node")
    assert npm, "npm is wanted"
    assert node, "node is wanted"
    subprocess.run([npm, "ci", "--silent"], cwd=work, check=True)
    subprocess.run([node, "build.mjs", str(tmp_path)], cwd=work, check=True)
    made = json.loads((tmp_path / "src/chokepoint/web/static/vendor/manifest.json").read_text())
    assert made == MANIFEST
