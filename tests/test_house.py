"""The house keeps its own rules: what can be counted is counted here."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "chokepoint"
CODE = sorted(SOURCE.rglob("*.py"))
SCRIPTS = sorted([*(ROOT / "tests").rglob("*.py"), *(ROOT / "benchmarks").rglob("*.py")])
TEXT = {".py", ".toml", ".md", ".in", ".txt", ".html", ".css", ".js", ".json", ".csv", ".cfg", ""}
LINES, FUNCTION_LINES, PARAMETERS, POSITIONAL = 350, 45, 6, 3


def short(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text("utf-8"))


def functions(file: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [node for node in ast.walk(tree(file)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def kept_texts() -> list[Path]:
    """Files that belong to the repository: what make, tests and tools have made is left out."""
    made = {".venv", ".git", "atlas", "demo", "build", "dist", "__pycache__", ".hypothesis", "data"}
    return [
        file
        for file in ROOT.rglob("*")
        if file.is_file()
        and file.suffix in TEXT
        and not any(
            part in made or part.endswith(("_cache", ".egg-info")) for part in file.relative_to(ROOT).parts
        )
    ]


@pytest.mark.parametrize("file", CODE, ids=short)
def test_no_file_outgrows_its_idea(file):
    assert len(file.read_text("utf-8").splitlines()) < LINES


@pytest.mark.parametrize("file", CODE, ids=short)
def test_no_function_is_longer_than_a_screen(file):
    long = [
        f"{node.name} ({node.end_lineno - node.lineno + 1} lines)"
        for node in functions(file)
        if node.end_lineno is not None and node.end_lineno - node.lineno >= FUNCTION_LINES
    ]
    assert long == []


@pytest.mark.parametrize("file", CODE, ids=short)
def test_no_function_takes_more_than_can_be_remembered(file):
    many = []
    if re.search(r"^# ruff: noqa: [^-]*PLR0913", file.read_text("utf-8"), re.MULTILINE):
        return  # a whole file of kernels, which take arrays one by one
    lines = file.read_text("utf-8").splitlines()
    for node in functions(file):
        if re.search(r"noqa: [^-]*PLR0913", lines[node.lineno - 1]):
            continue  # with its reason beside it, as another test sees to
        positional = [
            one.arg for one in (*node.args.posonlyargs, *node.args.args) if one.arg not in {"self", "cls"}
        ]
        command = any("click" in ast.unparse(decorator) for decorator in node.decorator_list)
        if len(positional) + len(node.args.kwonlyargs) > PARAMETERS and not command:
            many.append(node.name)
    assert many == []


@pytest.mark.parametrize("file", CODE, ids=short)
def test_every_public_name_says_what_it_is(file):
    module = tree(file)
    bare = [] if ast.get_docstring(module) else ["the module"]
    todo: list[ast.Module | ast.ClassDef] = [module]
    while todo:
        for node in todo.pop().body:
            named = isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
            if not named or node.name.startswith("_"):
                continue
            if not ast.get_docstring(node) and not any(
                "overload" in ast.unparse(d) for d in node.decorator_list
            ):
                bare.append(node.name)
            if isinstance(node, ast.ClassDef):
                todo.append(node)
    assert bare == []


@pytest.mark.parametrize("file", CODE, ids=short)
def test_no_docstring_only_restates_the_name(file):
    restating = []
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            said = re.sub(r"[^a-z]", "", (ast.get_docstring(node) or "").lower())
            name = re.sub(r"[^a-z]", "", node.name.lower())
            if said and said in {name, "the" + name, "a" + name, "an" + name}:
                restating.append(node.name)
    assert restating == []


@pytest.mark.parametrize("file", [*CODE, *SCRIPTS], ids=short)
def test_every_ignored_lint_says_why(file):
    bare = [
        line.strip()
        for line in file.read_text("utf-8").splitlines()
        if re.search(r"#\s*(?:ruff: )?noqa(?!: [A-Z]+[0-9]+(, ?[A-Z]+[0-9]+)* - \S)", line)
        and "re.search" not in line
    ]
    assert bare == []


@pytest.mark.parametrize("file", CODE, ids=short)
def test_every_ignored_type_names_its_error(file):
    text = file.read_text("utf-8")
    assert not re.findall(r"#\s*type:\s*ignore(?!\[)", text)


@pytest.mark.parametrize("file", CODE, ids=short)
def test_nothing_is_left_for_later(file):
    unfinished = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X|HACK)\b|raise NotImplementedError")
    assert not unfinished.findall(file.read_text("utf-8"))


@pytest.mark.parametrize("file", CODE, ids=short)
def test_nothing_is_printed_past_the_face(file):
    calls = [node for node in ast.walk(tree(file)) if isinstance(node, ast.Call)]
    assert not [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "print"]


def test_no_path_of_one_machine_stands_in_the_repository():
    home = re.compile(r"(?<![\w.$~:/-])/(?:home|Users|root|work|mnt|opt/pypi)/[A-Za-z0-9_.-]+")
    found = []
    for file in kept_texts():
        if file.name == "test_house.py":
            continue
        for number, line in enumerate(file.read_text("utf-8", "replace").splitlines(), 1):
            if home.search(line) and "://" not in line:
                found.append(f"{short(file)}:{number}")
    assert found == []


def test_the_locks_name_no_registry_and_hash_every_file():
    locks = sorted((ROOT / "requirements").glob("*.lock"))
    assert [lock.name for lock in locks] == ["build.lock", "dev.lock", "run.lock"]
    for lock in locks:
        text = lock.read_text("utf-8")
        assert "://" not in text
        assert "--index" not in text
        assert "--find-links" not in text
        pins = re.findall(
            r"^[A-Za-z0-9][^\n]*==[^\n]*(?:\n {4}--hash=sha256:[0-9a-f]{64}(?: \\)?)+", text, re.MULTILINE
        )
        assert len(pins) == len(re.findall(r"^[A-Za-z0-9]", text, re.MULTILINE)) > 0


def test_the_tests_run_on_the_versions_that_the_demo_runs_on():
    def pins(name: str) -> set[str]:
        return set(re.findall(r"^\S+==\S+", (ROOT / "requirements" / name).read_text("utf-8"), re.MULTILINE))

    assert pins("run.lock") <= pins("dev.lock")


def test_what_the_package_needs_is_what_is_locked():
    import tomllib  # noqa: PLC0415 - this test alone

    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = {re.split(r"[<>=!~ \[]", line)[0].lower() for line in project["dependencies"]}
    locked = {
        pin.split("==")[0].lower()
        for pin in (ROOT / "requirements" / "run.lock").read_text("utf-8").splitlines()
    }
    assert wanted <= locked


def test_no_import_runs_in_a_circle_or_up_a_floor():
    linter = shutil.which("lint-imports", path=str(Path(sys.executable).parent))
    if linter is None:
        pytest.skip("import-linter is not installed beside this Python")
    run = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout[-3000:]


def test_no_module_needs_even_the_types_of_one_that_needs_it():
    whole = grimp.build_graph("chokepoint")
    needs = {one: whole.find_modules_directly_imported_by(one) for one in whole.modules}
    assert set(TopologicalSorter(needs).static_order()) == whole.modules


def test_the_model_stands_on_the_standard_library_alone():
    outside = set()
    for file in (SOURCE / "model").glob("*.py"):
        for node in ast.walk(tree(file)):
            if isinstance(node, ast.Import):
                outside |= {alias.name.split(".")[0] for alias in node.names}
            if isinstance(node, ast.ImportFrom) and node.module:
                outside.add(node.module.split(".")[0])
    assert outside - set(sys.stdlib_module_names) == {"chokepoint"}


@pytest.mark.parametrize("room", ["vet", "link", "graph", "choke", "package"])
def test_no_pure_stage_reads_a_clock_or_rolls_dice_or_opens_a_socket(room):
    forbidden = re.compile(
        r"\b(datetime\.now|datetime\.utcnow|date\.today|time\.time|perf_counter|os\.environ|random\.random|uuid4|urandom)\b"
        r"|^\s*(?:import|from) (?:random|secrets|socket|requests|urllib\.request|sqlite3|sqlalchemy)\b",
        re.MULTILINE,
    )
    found = {
        short(file): forbidden.findall(file.read_text("utf-8")) for file in (SOURCE / room).rglob("*.py")
    }
    assert {file: hits for file, hits in found.items() if hits} == {}


def test_every_test_is_named_by_a_sentence():
    terse = []
    for file in (ROOT / "tests").rglob("test_*.py"):
        terse += [
            f"{short(file)}: {node.name}"
            for node in functions(file)
            if node.name.startswith("test_") and node.name.count("_") < 2
        ]
    assert terse == []
