from __future__ import annotations

import re
from importlib.resources import files

import pytest

from lumbargrade.outputs.page.script import MODULES, policy_of, script_of

TEMPLATES = files("lumbargrade.outputs.page") / "templates"


def _resource(name: str) -> str:
    return TEMPLATES.joinpath(name).read_text(encoding="utf-8")


def test_every_module_is_in_the_page_once() -> None:
    there = {one.name for one in TEMPLATES.joinpath("script").iterdir()}
    assert there == set(MODULES)
    script = script_of(_resource)
    assert not re.search(r"^\s*(import|export)\b", script, re.MULTILINE)
    names = re.findall(r"^(?:async )?(?:class|function|const) (\w+)", script, re.MULTILINE)
    assert len(names) == len(set(names)), "two modules share a name"


@pytest.mark.parametrize("name", MODULES)
def test_a_module_names_only_those_before_it(name: str) -> None:
    before = MODULES[: MODULES.index(name)]
    wanted = re.findall(r'from "\./(.*?)"', _resource(f"script/{name}"))
    assert set(wanted) <= set(before)


def test_the_script_asks_for_nothing_and_ends_where_it_should() -> None:
    script = script_of(_resource)
    assert "</" not in script
    assert "<!--" not in script
    for word in ("fetch", "XMLHttpRequest", "innerHTML", "eval", "localStorage", "import("):
        assert word not in script, word


def test_the_policy_names_this_text_and_no_other() -> None:
    one, other = policy_of("a"), policy_of("b")
    assert one != other
    assert "script-src 'sha256-ypeBEsobvcr6wjGzmiPcTaeG7/gUfE5yuYB3ha/uSLs='" in one
