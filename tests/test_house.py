"""The plan of the house: contracts that hold and can be broken, docs that are true."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

import lumbargrade
from lumbargrade.cli.main import app

BROKEN = {
    "Floors: no import upward, no import between rooms of one floor": [
        ("grading/level.py", "import lumbargrade.study.model"),
    ],
    "torch and lightning live in training": [("inference/levels.py", "import torch")],
    "OpenVINO lives in inference": [("training/heads.py", "import openvino")],
    "Typer and Rich live in cli": [("phantom/truth.py", "from rich.progress import track")],
    "matplotlib lives in figures": [("evaluation/results.py", "import matplotlib.pyplot")],
    "FastAPI and pynetdicom live in serving, Dask in batch": [
        ("cohort/split/file.py", "from dask.distributed import Client")
    ],
    "grading needs the standard library only": [("grading/sides.py", "import numpy")],
}
"""Contract -> (file, import that breaks it)."""

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


@pytest.fixture(scope="module")
def broken_report(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the linter says of a copy with one bad import for each contract."""
    copy = tmp_path_factory.mktemp("broken")
    shutil.copy(repository / "pyproject.toml", copy)
    shutil.copytree(
        repository / "src/lumbargrade",
        copy / "src/lumbargrade",
        ignore=shutil.ignore_patterns("__pycache__", "*.onnx"),
    )
    for bad_imports in BROKEN.values():
        for name, line in bad_imports:
            with (copy / "src/lumbargrade" / name).open("a", encoding="utf-8") as stream:
                stream.write(f"\n{line}\n")
    done = lint_imports(copy)
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stdout


def test_every_contract_is_kept(repository: Path) -> None:
    done = lint_imports(repository)
    assert done.returncode == 0, done.stdout + done.stderr
    for contract in BROKEN:
        assert f"{contract} KEPT" in done.stdout


@pytest.mark.parametrize("contract", BROKEN)
def test_a_broken_contract_is_caught(broken_report: str, contract: str) -> None:
    assert f"{contract} BROKEN" in broken_report


def test_no_contract_lacks_a_proof_that_it_can_break(repository: Path) -> None:
    settings = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))
    names = {contract["name"] for contract in settings["tool"]["importlinter"]["contracts"]}
    assert names == set(BROKEN)


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
    names = list(typer.main.get_command(app).commands)  # type: ignore[attr-defined]
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


def documents(root: Path) -> Iterator[Path]:
    yield from (root / name for name in ("README.md", "CONTRIBUTING.md"))
    yield from sorted((root / "docs").rglob("*.md"))


def shell_lines(text: str) -> list[str]:
    """The commands in the fenced shell blocks of a Markdown text, continuation lines joined."""
    blocks = re.findall(r"```(?:bash|sh|console)\n(.*?)```", text, flags=re.DOTALL)
    joined = "\n".join(blocks).replace("\\\n", " ")
    lines = [line.strip().removeprefix("$ ") for line in joined.splitlines()]
    return [line.split("  #")[0].strip() for line in lines]


def test_every_documented_command_exists(repository: Path) -> None:
    """The command, and each option by name, as the program itself knows them."""
    commands: Any = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    seen = 0
    for path in documents(repository):
        for line in shell_lines(path.read_text(encoding="utf-8")):
            words = line.removeprefix(".venv/bin/").split()
            if words[:1] != ["lumbargrade"] or words[1:2] == ["--version"]:
                continue
            seen += 1
            assert words[1] in commands, f"{path.name}: {line}"
            command = commands[words[1]]
            if hasattr(command, "commands") and len(words) > 2 and not words[2].startswith("-"):
                assert words[2] in command.commands, f"{path.name}: {line}"
                command = command.commands[words[2]]
            known = {name for option in command.params for name in option.opts}
            options = {word.split("=")[0] for word in words[2:] if re.match(r"--?[a-z]", word)}
            assert options <= known | {"--help"}, f"{path.name}: {line}"
    assert seen >= 5


def test_every_documented_make_target_exists(repository: Path) -> None:
    makefile = (repository / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, flags=re.MULTILINE))
    text = "\n".join(path.read_text(encoding="utf-8") for path in documents(repository))
    in_blocks = [line.split()[1] for line in shell_lines(text) if line.startswith("make ")]
    named = {*in_blocks, *re.findall(r"`make ([a-z]+)`", text)}
    assert {"demo", "test"} <= named <= targets


def test_every_relative_link_leads_somewhere(repository: Path) -> None:
    for path in documents(repository):
        for target in re.findall(r"\]\(([^)#\s]+)", path.read_text(encoding="utf-8")):
            if not target.startswith(("http://", "https://", "mailto:")):
                assert (path.parent / target).exists(), f"{path.name} links to {target}"


def test_the_readme_cites_the_paper(repository: Path) -> None:
    for name in ("README.md", "CITATION.cff"):
        assert "10.3389/fendo.2022.890371" in (repository / name).read_text(encoding="utf-8")


def test_the_version_is_the_same_everywhere(repository: Path) -> None:
    settings = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))
    version = settings["project"]["version"]
    assert lumbargrade.__version__ == version
    citation = (repository / "CITATION.cff").read_text(encoding="utf-8")
    assert f"\nversion: {version}\n" in citation
    changes = (repository / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(r"^## (\d\S*)", changes, flags=re.MULTILINE)[1] == version  # type: ignore[index]


def test_every_dependency_is_pinned(repository: Path) -> None:
    """One exact version each, by name and from no named place."""
    text = (repository / "constraints.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    assert all(re.fullmatch(r"[\w.\-]+==[\w.]+", line) for line in lines)
    pinned = {canonical(line.split("==")[0]) for line in lines}
    project = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"].values()
    wanted = [*project["dependencies"], *(one for extra in extras for one in extra)]
    named = {canonical(re.match(r"[\w.\-]+", one)[0]) for one in wanted}  # type: ignore[index]
    assert named <= pinned


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_no_file_is_too_long_to_read(repository: Path) -> None:
    for path in (repository / "src").rglob("*.py"):
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 400, path


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
