"""Every error text is asserted: some three words in a row of each stand in a test.

The words are those of the constant parts of the message, as the source holds them; the
tests' words are those of all their strings but docstrings, patterns without their escapes.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

NOT_ASSERTED: set[tuple[str, str]] = set()
"""(module, first words) of texts that no test asserts; it may only shrink."""

WEAK = {"a", "an", "and", "are", "as", "at", "be", "by", "for", "from", "has", "in", "is", "it"}
WEAK |= {"its", "no", "not", "of", "on", "or", "so", "the", "to"}
"""Three of these in a row say nothing of an error."""


def words_of(text: str) -> list[str]:
    """The words of a text in small letters."""
    return re.findall(r"\w+(?:['-]\w+)*", text.lower())


def runs(words: list[str], length: int) -> set[tuple[str, ...]]:
    """All runs of so many words."""
    return {tuple(words[i : i + length]) for i in range(len(words) - length + 1)}


def telling_runs(parts: list[str]) -> set[tuple[str, ...]]:
    """The runs of three words of constant parts, or the longest part where all are shorter."""
    told = [words for part in parts if (words := words_of(part))]
    found = {run for words in told for run in runs(words, 3) if not WEAK.issuperset(run)}
    longest = sorted(told, key=len)[-1:]
    return found or {tuple(words[:3]) for words in longest}


def nodes_of(tree: ast.AST) -> list[ast.AST]:
    """A tree and every node below it; quicker than ``ast.walk``, which is most of these tests."""
    found = [tree]
    for node in found:  # which grows on the way
        for name in node._fields:
            value = getattr(node, name, None)
            if isinstance(value, list):
                found += [one for one in value if isinstance(one, ast.AST)]
            elif isinstance(value, ast.AST) and name != "ctx":
                found.append(value)
    return found


# --- the texts of the source -------------------------------------------------------------------


def error_names(nodes: Iterable[ast.AST]) -> set[str]:
    """The names of LumbargradeError and of all classes below it, wherever they are defined."""
    bases = {
        node.name: {base.id for base in node.bases if isinstance(base, ast.Name)}
        for node in nodes
        if isinstance(node, ast.ClassDef)
    }
    names, before = {"LumbargradeError"}, 0
    while len(names) > before:
        before = len(names)
        names |= {name for name, above in bases.items() if above & names}
    return names


def constants(node: ast.expr, known: dict[str, list[str]]) -> list[str]:
    """The constant parts of a message; a name is looked up among the module's constants."""
    inner: list[ast.expr] = []
    match node:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.Name(id=name):
            return known.get(name, [])
        case ast.JoinedStr(values=inner):
            pass
        case ast.BinOp(left=first, right=second) | ast.IfExp(body=first, orelse=second):
            inner = [first, second]
    return [part for one in inner for part in constants(one, known)]


def passed_classes(function: ast.FunctionDef) -> set[str]:
    """The parameters of a function that are classes of errors."""
    given = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    kinds = {one.arg: ast.unparse(one.annotation) for one in given if one.annotation}
    return {name for name, kind in kinds.items() if re.match(r"(type|Callable)\[.*Error", kind)}


def named_texts(tree: ast.Module) -> dict[str, list[str]]:
    """The constant parts of each constant of a module."""
    found: dict[str, list[str]] = {}
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                found[name] = constants(value, {})
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                found[name] = constants(value, {})
    return found


def texts_of(
    tree: ast.Module, errors: set[str], known: dict[str, list[str]]
) -> Iterator[list[str]]:
    """The constant parts of every error message that a module makes."""
    known = known | named_texts(tree)
    nodes = nodes_of(tree)
    scopes = [(nodes, errors)]
    functions = (node for node in nodes if isinstance(node, ast.FunctionDef))
    scopes += [(nodes_of(node), names) for node in functions if (names := passed_classes(node))]
    for within, names in scopes:
        for node in within:
            match node:
                case ast.Call(func=ast.Name(id=name), args=[message, *_]) if name in names:
                    yield constants(message, known)


# --- the texts of the tests --------------------------------------------------------------------


def strings_of(tree: ast.Module) -> Iterator[str]:
    """Every string of a test file but its docstrings."""
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
    nodes = nodes_of(tree)
    docs = {
        id(node.body[0].value)
        for node in nodes
        if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)
    }
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield re.sub(r"\\(.)", r"\1", node.value)


@pytest.fixture(scope="module")
def asserted(repository: Path) -> set[tuple[str, ...]]:
    """All runs of one to three words in the tests' strings."""
    found: set[tuple[str, ...]] = set()
    for path in sorted((repository / "tests").rglob("*.py")):
        if path.name != Path(__file__).name:
            for text in strings_of(ast.parse(path.read_text(encoding="utf-8"))):
                for length in (1, 2, 3):
                    found |= runs(words_of(text), length)
    return found


def test_every_error_text_is_asserted(repository: Path, asserted: set[tuple[str, ...]]) -> None:
    source = repository / "src/lumbargrade"
    trees = {
        path.relative_to(source).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(source.rglob("*.py"))
    }
    errors = error_names(node for tree in trees.values() for node in nodes_of(tree))
    known = {name: parts for tree in trees.values() for name, parts in named_texts(tree).items()}
    texts = [
        (name, parts) for name, tree in trees.items() for parts in texts_of(tree, errors, known)
    ]
    assert len(texts) > 300
    lacking = {
        (name, " ".join(word for part in parts for word in words_of(part))[:60].strip())
        for name, parts in texts
        if (wanted := telling_runs(parts)) and not wanted & asserted
    }
    news = "".join(f"    {one},\n" for one in sorted(lacking - NOT_ASSERTED))
    done = "".join(f"    {one},\n" for one in sorted(NOT_ASSERTED - lacking))
    assert lacking == NOT_ASSERTED, f"no test:\n{news}\nasserted or gone, take off:\n{done}"


def test_a_text_that_no_test_holds_is_found() -> None:
    source = (
        'def f(error: type[StudyError]) -> None:\n    raise error(f"{f}: one odd thing" + MORE)\n'
    )
    tree = ast.parse(f'MORE = "of it all"\n{source}')
    assert list(texts_of(tree, set(), {})) == [[": one odd thing", "of it all"]]
    assert telling_runs([": one odd thing", "of it all"]) == {
        ("one", "odd", "thing"),
        ("of", "it", "all"),
    }
    assert telling_runs([": it is not a", "bad one"]) == {("it", "is", "not")}
