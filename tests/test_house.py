"""The plan of the house: contracts that hold and can be broken, rooms of a size to know."""

from __future__ import annotations

import ast
import collections
import itertools
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import grimp
import pytest
import typer
from typer.core import TyperGroup

import lumbargrade
from lumbargrade.cli.main import app

FLOORS = "Floors: no import upward, no import between rooms of one floor"
BROKEN = {
    "torch and lightning live in training": ("inference/levels/name.py", "torch"),
    "OpenVINO lives in inference": ("training/heads.py", "openvino"),
    "Typer and Rich live in cli": ("phantom/truth.py", "rich"),
    "matplotlib lives in figures": ("evaluation/results.py", "matplotlib"),
    "contourpy lives in morphometry": ("outputs/csv.py", "contourpy"),
    "morphometry knows arrays and no pictures": ("morphometry/lines.py", "PIL"),
    "Web and database live in serving, Dask in batch": ("cohort/split/file.py", "dask"),
    "highdicom lives in outputs.dicom": ("cohort/export/coco.py", "highdicom"),
    "pyarrow lives in archive and cohort": ("evaluation/match.py", "pyarrow"),
    "Jinja2 lives in outputs.page, evaluation.report and serving": (
        "inference/predict.py",
        "jinja2",
    ),
    "The package needs neither its tests nor its benchmarks": ("cli/main.py", "benchmarks"),
    "grading needs the standard library only": ("grading/sides.py", "numpy"),
}
"""Contract -> (file, library whose import breaks it)."""

HEAVY = (
    "torch",
    "lightning",
    "openvino",
    "pydicom",
    "matplotlib",
    "numpy",
    "scipy",
    "dask",
    "pyarrow",
    "fastapi",
    "sqlalchemy",
)


def lint_imports(root: Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter on the tree below ``root``."""
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"]
    return subprocess.run(
        [*command, "--no-cache", "--config", str(root / "pyproject.toml")],
        cwd=root / "src",
        env={"PYTHONPATH": str(root / "src"), "PATH": "/usr/bin:/bin", "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def floors(root: Path) -> list[list[str]]:
    """The rooms that are there, floor by floor, from the top."""
    settings = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    (layers,) = [one["layers"] for one in contracts if one["name"] == FLOORS]
    there = [[room.strip() for room in layer.split("|")] for layer in layers]
    return [rooms for layer in there if (rooms := [one for one in layer if one[0] != "("])]


def forbidden_imports(root: Path) -> list[tuple[str, str]]:
    """Every (room, room it may not use): each one above it, and each one beside it."""
    house = floors(root)
    upward = [
        (low, high)
        for number, floor in enumerate(house)
        for low in floor
        for above in house[:number]
        for high in above
    ]
    return upward + [pair for floor in house for pair in itertools.permutations(floor, 2)]


def module_of(source: Path, room: str) -> Path:
    """A file of a room that has statements of its own."""
    alone = source / f"{room}.py"
    inside = (path for path in sorted((source / room).rglob("*.py")) if path.stem != "__init__")
    return alone if alone.exists() else next(inside)


def add_import(source: Path, path: Path, name: str) -> str:
    """Let a module import what it may not; return how the linter will call it."""
    text = path.read_text(encoding="utf-8")
    path.write_text(f"{text}\nimport {name}\n", encoding="utf-8")
    dotted = ".".join(path.relative_to(source.parent).with_suffix("").parts)
    return f"{dotted} -> {name} (l."


@pytest.fixture(scope="module")
def broken(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, list[str]]:
    """What the linter says of a copy with every bad import, and what it must name."""
    copy = tmp_path_factory.mktemp("broken")
    shutil.copy(repository / "pyproject.toml", copy)
    source = copy / "src/lumbargrade"
    shutil.copytree(
        repository / "src/lumbargrade",
        source,
        ignore=shutil.ignore_patterns("__pycache__", "*.onnx"),
    )
    imports = [add_import(source, source / file, library) for file, library in BROKEN.values()]
    imports += [
        add_import(source, module_of(source, room), f"lumbargrade.{other}")
        for room, other in forbidden_imports(repository)
    ]
    done = lint_imports(copy)
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stdout, imports


def test_every_contract_is_kept(repository: Path) -> None:
    done = lint_imports(repository)
    assert done.returncode == 0, done.stdout + done.stderr
    for contract in (FLOORS, *BROKEN):
        assert f"{contract} KEPT" in done.stdout


@pytest.mark.parametrize("contract", [FLOORS, *BROKEN])
def test_a_broken_contract_is_caught(broken: tuple[str, list[str]], contract: str) -> None:
    assert f"{contract} BROKEN" in broken[0]


def test_every_forbidden_import_is_named(broken: tuple[str, list[str]]) -> None:
    report, imports = broken
    assert len(imports) > 100
    assert [one for one in imports if one not in " ".join(report.split())] == []


def test_the_page_shows_the_floors_of_the_contract(repository: Path) -> None:
    page = (repository / "docs/concepts/the-path-of-a-study.md").read_text(encoding="utf-8")
    lines = re.findall(r"^\d+ +([a-z0-9]+(?: \| [a-z0-9]+)*)", page, flags=re.MULTILINE)
    assert [line.split(" | ") for line in lines] == floors(repository)


def test_no_contract_lacks_a_proof_that_it_can_break(repository: Path) -> None:
    settings = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))
    names = {contract["name"] for contract in settings["tool"]["importlinter"]["contracts"]}
    assert names == {FLOORS, *BROKEN}


def test_grading_imports_the_standard_library_only(repository: Path) -> None:
    for path in (repository / "src/lumbargrade/grading").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                modules = [node.module or ""]
            for module in modules:
                allowed = module.split(".")[0] in sys.stdlib_module_names
                assert allowed or module.startswith(("lumbargrade.grading", "lumbargrade.errors"))


def test_help_loads_no_heavy_library() -> None:
    """``--help`` of the program and of every command, in one fresh process."""
    program = typer.main.get_command(app)
    assert isinstance(program, TyperGroup)
    names = list(program.commands)
    code = f"""
import sys
from lumbargrade.cli.main import app
for arguments in [[], *([name] for name in {names!r})]:
    try:
        app([*arguments, "--help"])
    except SystemExit as stop:
        assert stop.code == 0, arguments
print("LOADED", [name for name in {HEAVY!r} if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip().endswith("LOADED []")
    assert all(name in done.stdout for name in names)


def test_importing_the_package_loads_no_library() -> None:
    code = f"import lumbargrade, sys; print([m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("name", lumbargrade.__all__)
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(lumbargrade, name) is not None
    assert name in dir(lumbargrade)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'gradings'"):
        _ = lumbargrade.gradings


def test_every_dependency_is_pinned(repository: Path) -> None:
    """One exact version each, by name and from no named place."""
    text = (repository / "constraints.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    assert all(re.fullmatch(r"[\w.\-]+==[\w.]+", line) for line in lines)
    pinned = {canonical(line.split("==")[0]) for line in lines}
    project = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"].values()
    wanted = [*project["dependencies"], *(one for extra in extras for one in extra)]
    named = {canonical(re.findall(r"^[\w.\-]+", one)[0]) for one in wanted}
    assert named <= pinned


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


# --- sizes and circles -------------------------------------------------------------------------

MOST_FILES_OF_A_FOLDER = 14
LARGEST_SHARE_OF_A_ROOM = 0.15
LONGEST_FILE = 400


def lines_of(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def test_no_file_is_too_long_to_read(repository: Path) -> None:
    for path in (repository / "src").rglob("*.py"):
        assert lines_of(path) <= LONGEST_FILE, path


def test_no_folder_holds_more_than_one_can_see(repository: Path) -> None:
    files = [path for path in (repository / "src").rglob("*.py") if path.stem != "__init__"]
    counts = collections.Counter(path.parent for path in files)
    assert {one: n for one, n in counts.items() if n > MOST_FILES_OF_A_FOLDER} == {}


def test_no_room_outgrows_the_house(repository: Path) -> None:
    source = repository / "src/lumbargrade"
    lines: collections.Counter[str] = collections.Counter()
    for path in source.rglob("*.py"):
        lines[path.relative_to(source).parts[0]] += lines_of(path)
    room, largest = lines.most_common(1)[0]
    assert largest < LARGEST_SHARE_OF_A_ROOM * lines.total(), f"{room}: {largest} lines"


def circles(imports: dict[str, set[str]]) -> set[frozenset[str]]:
    """The groups of names that reach one another by their imports."""

    def reached(start: str) -> set[str]:
        found: set[str] = set()
        front = {start}
        while front:
            found |= front
            front = {target for one in front for target in imports[one]} - found
        return found

    reach = {name: reached(name) for name in imports}
    groups = {name: frozenset(one for one in reach[name] if name in reach[one]) for name in reach}
    return {group for group in groups.values() if len(group) > 1}


def test_a_circle_is_found() -> None:
    found = circles({"a": {"b"}, "b": {"c"}, "c": {"a", "d"}, "d": set(), "e": {"a"}})
    assert found == {frozenset("abc")}


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    """All imports of the package, those inside functions and for types too."""
    return grimp.build_graph("lumbargrade", cache_dir=None)


def test_no_modules_import_in_a_circle(graph: grimp.ImportGraph) -> None:
    imports = {name: graph.find_modules_directly_imported_by(name) for name in graph.modules}
    assert circles(imports) == set()


def test_no_rooms_need_one_another(graph: grimp.ImportGraph) -> None:
    """In no package do the files and folders below it import each other in a circle."""
    found: set[frozenset[str]] = set()
    for parent in graph.modules:
        children = graph.find_children(parent)
        below = {child: {child, *graph.find_descendants(child)} for child in children}
        home = {name: child for child, names in below.items() for name in names}
        imports: dict[str, set[str]] = {child: set() for child in children}
        for name, child in home.items():
            targets = graph.find_modules_directly_imported_by(name)
            imports[child] |= {home[one] for one in targets if one in home} - {child}
        found |= circles(imports)
    assert found == set()


def test_tables_and_packed_bytes_are_read_and_written_in_files_only(repository: Path) -> None:
    """One reader, one guard, one cap: what opens them elsewhere has none of these."""
    source = repository / "src/lumbargrade"
    only = re.compile(r"^\s*(?:import|from) (csv|zlib|gzip|bz2|lzma|zipfile|tarfile)\b", re.M)
    elsewhere = [
        str(path.relative_to(source))
        for path in source.rglob("*.py")
        if path.parent != source / "files" and only.search(path.read_text(encoding="utf-8"))
    ]
    assert elsewhere == []


RAW_TAG = re.compile(r"\b0x(?!F{8}\b)[0-9A-Fa-f]{8}\b")
"""A DICOM tag by its number; FFFFFFFF is a length that is not given."""


def test_dicom_tags_go_by_their_keywords(repository: Path) -> None:
    source = repository / "src/lumbargrade"
    numbered = {
        str(path.relative_to(source)): found
        for path in source.rglob("*.py")
        if (found := RAW_TAG.findall(path.read_text(encoding="utf-8")))
    }
    assert numbered == {}


def test_a_tag_by_its_number_is_found() -> None:
    assert RAW_TAG.findall("0x00100020, 0x7FE00010, 0xFFFFFFFF, 0x8000, 0x123456789") == [
        "0x00100020",
        "0x7FE00010",
    ]
