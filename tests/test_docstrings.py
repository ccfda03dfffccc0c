"""Every example in a docstring gives what it prints."""

from __future__ import annotations

import doctest
import importlib
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src"
OF_EXTRAS = (
    "fastapi",
    "sqlalchemy",
    "torch",
    "lightning",
    "onnx",
    "onnxscript",
    "safetensors",
    "matplotlib",
    "pyarrow",
)
"""Libraries that the bare install lacks."""


def modules_with_examples() -> list[str]:
    """Return the dotted name of each module in which ``>>>`` stands."""
    return [
        ".".join(path.relative_to(SOURCE).with_suffix("").parts)
        for path in sorted(SOURCE.rglob("*.py"))
        if ">>>" in path.read_text(encoding="utf-8")
    ]


@pytest.mark.parametrize("name", modules_with_examples())
def test_examples(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        module = importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] not in OF_EXTRAS:
            raise
        pytest.skip(f"{name} needs {error.name}: install its extra")
    monkeypatch.chdir(tmp_path)  # an example may name a file that is not there
    done = doctest.testmod(module, optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    written = (SOURCE / Path(*name.split("."))).with_suffix(".py").read_text(encoding="utf-8")
    assert done.attempted == written.count(">>> "), "an example stands where doctest finds none"
    assert done.failed == 0, capsys.readouterr().out


def test_a_false_example_fails() -> None:
    parser, runner = doctest.DocTestParser(), doctest.DocTestRunner(verbose=False)
    example = parser.get_doctest(">>> 1 + 1\n3\n", {}, "false", None, None)
    assert runner.run(example, out=lambda _: None).failed == 1
