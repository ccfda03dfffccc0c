"""A small run of the changed inputs: each ends graded or with a line, and the counts say so."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from multiprocessing.connection import Connection
from pathlib import Path
from types import ModuleType

import pytest

from benchmarks.changed.engine import RememberingEngine
from benchmarks.fuzz import cases_of, table_of
from benchmarks.fuzzed import data, judge, workers
from benchmarks.fuzzed.judge import Case, Outcome
from benchmarks.fuzzed.kinds import KINDS, Material
from lumbargrade.errors import StudyError
from lumbargrade.files.quiet import quietly
from lumbargrade.inference.bundle import load_bundle

SEED, CASES = 5, 60


@pytest.fixture(scope="session")
def material(tiny: ModuleType, bundle_folder: Path) -> Material:
    slices = []
    for number in range(2):
        stream = BytesIO()
        tiny.axial(number).save_as(stream, enforce_file_format=True)
        slices.append(stream.getvalue())
    return Material(tuple(slices), bundle_folder)


@pytest.fixture(scope="session")
def engine(bundle_folder: Path) -> RememberingEngine:
    engine = RememberingEngine(load_bundle(bundle_folder), threads=1)
    engine.learn(learning=True)
    return engine


def test_changed_inputs_are_graded_or_refused_with_a_line(
    engine: RememberingEngine, material: Material, tmp_path: Path
) -> None:
    found = {}
    for number, case in enumerate(cases_of(CASES, SEED)):
        with quietly():
            outcome, told = judge.judge(case, material, engine, tmp_path / str(number) / "case")
        found[case] = outcome
        assert outcome in (Outcome.DONE, Outcome.REFUSED), f"{case}: {outcome}: {told}"
        assert (outcome is Outcome.DONE) == (told == "")
    assert set(found.values()) == {Outcome.DONE, Outcome.REFUSED}
    assert {case.kind for case in found} == set(KINDS)


def test_the_same_seed_makes_the_same_cases(material: Material, tmp_path: Path) -> None:
    def written(folder: str) -> Iterator[bytes]:
        for name, kind in KINDS.items():
            place = tmp_path / folder / str(len(name)) / name.replace(" ", "")[:3]
            place.mkdir(parents=True, exist_ok=True)
            path = kind.write(Case(name, 1, SEED).random, material, place)
            files = sorted(path.rglob("*")) if path.is_dir() else [path]
            yield b"".join(one.read_bytes() for one in files if one.is_file())

    assert list(written("a")) == list(written("b"))


@pytest.mark.parametrize("change", [*data.CHANGES, data.anyhow])
def test_bytes_are_changed_or_left_out_also_of_nothing(change: object) -> None:
    assert callable(change)
    whole = bytes(range(256)) * 20
    changed = [change(whole, Case("", number, SEED).random) for number in range(9)]
    assert sum(one != whole for one in changed) > 5
    assert isinstance(change(b"", Case("", 0, SEED).random), bytes)


@pytest.mark.parametrize(
    ("wrong", "outcome"),
    [
        (StudyError("in one line"), Outcome.REFUSED),
        (ValueError("\x1b of a library"), Outcome.TRACEBACK),
        ("beside", Outcome.OUTSIDE),
        ("raw", Outcome.RAW),
    ],
)
def test_each_way_to_end_is_told_apart(
    engine: RememberingEngine,
    material: Material,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    wrong: object,
    outcome: Outcome,
) -> None:
    def use(case: Case, path: Path, material: Material, engine: object, out: Path) -> None:
        if isinstance(wrong, Exception):
            raise wrong
        out.mkdir()
        (out / "grades.csv").write_text("a\u202eb" if wrong == "raw" else "a")
        if wrong == "beside":
            (out.parent.parent / "x").write_text("x")

    monkeypatch.setattr(judge, "_use", use)
    found, told = judge.judge(Case("zip: fields", 1, 1), material, engine, tmp_path / "case")
    assert found is outcome
    assert "\x1b" not in told


def _serve(pipe: Connection, *_: object) -> None:
    """Stands for a worker: what it does follows from the number of the case."""
    pipe.send(None)
    held = b""
    with suppress(EOFError):
        while True:
            case = pipe.recv()
            while case.number == 1:
                sum(range(1000))
            if case.number == 2:
                held = b"x" * (64 << 20)
                time.sleep(60)
            if case.number == 3:
                raise SystemExit(3)
            pipe.send((Outcome.DONE, "", (64 << 30) * (case.number == 4) + len(held)))


def test_a_case_over_a_limit_ends_and_the_next_one_goes_on(
    material: Material, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "_serve", _serve)
    monkeypatch.setattr(workers, "LIMIT_S", 0.3)
    monkeypatch.setattr(workers, "LIMIT_BYTES", 32 << 20)
    cases = [Case("tables", number, SEED) for number in range(6)]
    ends = [(one.number, end) for one, end, _ in workers.judged(cases, material, None, tmp_path, 1)]
    assert ends == [
        (0, Outcome.DONE),
        (1, Outcome.HANG),
        (2, Outcome.MEMORY),
        (3, Outcome.TRACEBACK),
        (4, Outcome.MEMORY),
        (5, Outcome.DONE),
    ]


def test_cases_come_by_share_and_are_counted() -> None:
    cases = cases_of(200, SEED)
    kinds = [one.kind for one in cases]
    assert set(kinds[: len(KINDS)]) == set(KINDS)
    assert kinds.count("studies") == pytest.approx(2 * kinds.count("tables"), abs=1)
    assert kinds.count("bundle: networks") == 1
    text = table_of(cases, [Outcome.DONE, *[Outcome.REFUSED] * (len(cases) - 1)])
    assert text.splitlines()[-1].startswith(f"| all | {len(cases)} | 1 | {len(cases) - 1} | 0 |")
