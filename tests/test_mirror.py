"""The tests mirror the tree: ``a/b.py`` is tested by ``tests/a/test_b.py``."""

from __future__ import annotations

from pathlib import Path

WITHOUT_A_TEST: set[str] = set()
"""Modules that still lack one; it may only shrink."""


def test_every_module_has_its_test(repository: Path) -> None:
    source = repository / "src/lumbargrade"
    modules = {path.relative_to(source) for path in source.rglob("*.py")}
    lacking = {
        path.as_posix()
        for path in modules
        if path.stem != "__init__"
        and not (repository / "tests" / path.with_name(f"test_{path.name}")).exists()
    }
    news = "".join(f'    "{one}",\n' for one in sorted(lacking - WITHOUT_A_TEST))
    done = "".join(f'    "{one}",\n' for one in sorted(WITHOUT_A_TEST - lacking))
    assert lacking == WITHOUT_A_TEST, f"no test:\n{news}\ntested or gone, take off:\n{done}"
