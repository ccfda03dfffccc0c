"""The documents are true: commands, targets and links exist, blocks of code run as printed."""

from __future__ import annotations

import ast
import csv
import doctest
import json
import re
import shutil
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import typer
from tests.test_error_texts import constants, nodes_of, runs, words_of
from typer.core import TyperGroup

import lumbargrade
from benchmarks import run as benchmarks_run
from lumbargrade.archive.index.index import index_archive
from lumbargrade.archive.index.index_paths import IndexPaths
from lumbargrade.cli.main import app

REPOSITORY = Path(__file__).parents[1]


def documents() -> Iterator[Path]:
    yield from (REPOSITORY / name for name in ("README.md", "CONTRIBUTING.md"))
    yield from sorted((REPOSITORY / "docs").rglob("*.md"))


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def blocks_of(text: str, language: str) -> list[str]:
    """The fenced blocks of a Markdown text in one language, in their order."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text, flags=re.DOTALL | re.MULTILINE)


def blocks(language: str) -> list[Any]:
    """Each block of all documents, as a parameter that is named by its page."""
    return [
        pytest.param(block, id=f"{path.name}-{number}")
        for path in documents()
        for number, block in enumerate(blocks_of(text_of(path), language), start=1)
    ]


def shell_lines(text: str) -> list[str]:
    """The commands in the shell blocks of a Markdown text, continuation lines joined."""
    joined = "\n".join(blocks_of(text, "(?:bash|sh|console)")).replace("\\\n", " ")
    lines = [line.strip().removeprefix("$ ") for line in joined.splitlines()]
    return [line.split("  #")[0].strip() for line in lines]


# --- commands ----------------------------------------------------------------------------------


def test_every_documented_command_exists() -> None:
    """The command, and each option by name, as the program itself knows them."""
    program = typer.main.get_command(app)
    assert isinstance(program, TyperGroup)
    commands: Mapping[str, Any] = program.commands
    seen = 0
    for path in documents():
        for line in shell_lines(text_of(path)):
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


def test_every_documented_make_target_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", text_of(REPOSITORY / "Makefile"), flags=re.MULTILINE))
    text = "\n".join(map(text_of, documents()))
    in_blocks = [line.split()[1] for line in shell_lines(text) if line.startswith("make ")]
    named = {*in_blocks, *re.findall(r"`make ([a-z]+)`", text)}
    assert {"demo", "test"} <= named <= targets


def test_every_documented_benchmark_exists() -> None:
    """``python -m benchmarks NAME ...`` and ``python -m benchmarks.module``, in any text."""
    run = benchmarks_run
    known = {*run.QUICK, *run.LONG, *run.OF_A_FOLDER, *run.WITH_OR_WITHOUT}
    seen = 0
    for path in documents():
        calls = re.findall(r"python -m benchmarks\b(\.\w+)?([^`\n]*)", text_of(path))
        for module, arguments in calls:
            seen += 1
            if module:
                home = REPOSITORY / "benchmarks" / module[1:]
                assert home.with_suffix(".py").exists() or (home / "__main__.py").exists(), module
                continue
            names = re.match(r"(?: [a-z]\w*)*", arguments)
            assert names is not None
            assert {*names[0].split()} <= known, f"{path.name}: {arguments}"
    assert seen >= 5


# --- code --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def material(
    tmp_path_factory: pytest.TempPathFactory, simulated_cohort: Path, short_study: Path
) -> Path:
    """A folder with what the pages speak of: a cohort, a study of it, an index of its files."""
    folder = tmp_path_factory.mktemp("material")
    shutil.copytree(simulated_cohort, folder / "COHORT")
    shutil.copytree(short_study, folder / "MY_FOLDER")
    index_archive(simulated_cohort / "studies", IndexPaths.of(folder / "spine-index"), workers=1)
    return folder


PAGES = [path for path in documents() if blocks_of(text_of(path), "python")]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_python_blocks_run_as_printed(
    page: Path, material: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One after the other, as a reader would type them; a block of ``>>>`` prints what it says."""
    folder = tmp_path / "work"
    shutil.copytree(material, folder)
    monkeypatch.chdir(folder)
    names: dict[str, object] = {"__name__": "__main__"}
    for block in blocks_of(text_of(page), "python"):
        if block.startswith(">>> "):
            runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
            example = doctest.DocTestParser().get_doctest(block, names, page.name, None, None)
            assert runner.run(example, clear_globs=False).failed == 0
            names = example.globs
        else:
            exec(compile(block, page.name, "exec"), names)
            if '.write(graded, "OUT")' in block:
                assert Path("OUT", "report.html").is_file()


@pytest.mark.parametrize("block", blocks("toml"))
def test_toml_blocks_parse(block: str) -> None:
    assert tomllib.loads(block)


@pytest.mark.parametrize("block", blocks("json") or [pytest.param("{}", id="none")])
def test_json_blocks_parse(block: str) -> None:
    json.loads(block)


@pytest.mark.parametrize("block", blocks("csv"))
def test_csv_blocks_have_rows_of_one_length(block: str) -> None:
    rows = list(csv.reader(block.splitlines()))
    assert len(rows) >= 2
    assert {len(row) for row in rows} == {len(rows[0])}


# --- links and versions ------------------------------------------------------------------------


def test_every_relative_link_leads_somewhere() -> None:
    for path in documents():
        for target in re.findall(r"\]\(([^)#\s]+)", text_of(path)):
            if not target.startswith(("http://", "https://", "mailto:")):
                assert (path.parent / target).exists(), f"{path.name} links to {target}"


def test_the_readme_cites_the_paper() -> None:
    for name in ("README.md", "CITATION.cff"):
        assert "10.3389/fendo.2022.890371" in text_of(REPOSITORY / name)


def test_the_version_is_the_same_everywhere() -> None:
    version = tomllib.loads(text_of(REPOSITORY / "pyproject.toml"))["project"]["version"]
    assert lumbargrade.__version__ == version
    assert f"\nversion: {version}\n" in text_of(REPOSITORY / "CITATION.cff")
    changes = text_of(REPOSITORY / "CHANGELOG.md")
    newest = re.search(r"^## (\d\S*)", changes, flags=re.MULTILINE)
    assert newest is not None
    assert newest[1] == version


NOT_OURS = ("lumbargrade: command not found", 'The string "..." is unlikely')
"""Messages of the shell and of highdicom."""


def test_every_message_of_the_troubleshooting_page_is_one_of_ours(repository: Path) -> None:
    """Some three words in a row of each stand in a text of the source."""
    trees = [ast.parse(path.read_text("utf-8")) for path in (repository / "src").rglob("*.py")]
    texts = [
        part
        for tree in trees
        for node in nodes_of(tree)
        if isinstance(node, ast.Constant)
        for part in constants(node, {})
    ]
    texts.append((repository / "Makefile").read_text(encoding="utf-8"))
    ours = {run for text in texts for run in runs(words_of(text), 3)}
    page = (repository / "docs" / "troubleshooting.md").read_text(encoding="utf-8")
    cells = [line.split(" | ")[0] for line in page.splitlines() if line.startswith("| ")]
    messages = [one for cell in cells for one in re.findall(r"`([^`]{24,})`", cell)]
    assert len(messages) > 30
    for message in messages:
        if not message.startswith(NOT_OURS):
            assert ours & runs(words_of(message), 3), message
