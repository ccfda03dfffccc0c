"""What ``lumbargrade grade --workers`` and ``--scheduler`` do with an archive of studies.

A quarter of them with one process as everybody starts it, with one worker, with two workers, and
with two commands of a worker each: the rates. All of them with two workers, two of them poisonous.
Then with a scheduler of a site that is killed halfway and started again.
Every study must be there once, with the same grades, bit for bit.
"""

from __future__ import annotations

import argparse
import csv
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from benchmarks.batch.archive import add_poison, write_archive
from benchmarks.batch.poison import CRASH, MEMORY
from benchmarks.batch.site import Site
from benchmarks.batch.watch import Memory, landed_s, steady_rate, watched
from lumbargrade.errors import LumbargradeError

STUDIES = 200
AIM_RATIO = 1.8
_START = "from lumbargrade.cli.main import main; main()"


@dataclass(frozen=True)
class Run:
    """One command: how it ended, how long it took, what it said and how much memory it had."""

    code: int
    wall_s: float
    said: str
    memory: Memory


def run(options: argparse.Namespace) -> None:
    """Print what was measured."""
    count = options.patients or STUDIES
    model = ["--model", str(options.model)] if options.model else []
    with tempfile.TemporaryDirectory() as place:
        folder, archive = Path(place), Path(place, "archive")
        start = time.perf_counter()
        write_archive(archive, count)
        print(f"archive: {count} studies, written in {time.perf_counter() - start:.0f} s")
        some = [str(path) for path in sorted(archive.iterdir())[: max(4, count // 4)]]
        alone = _rate("one process", [*some, "-o", str(folder / "one"), *model], 1)
        one = _rate("one worker", [*some, "-o", str(folder / "w1"), "--workers", "1", *model], 1)
        two = _rate("two workers", [*some, "-o", str(folder / "w2"), "--workers", "2", *model], 2)
        print(f"two workers / one worker   {two / one:.2f} (aim {AIM_RATIO})")
        print(f"two workers / one process  {two / alone:.2f}")
        apart = _apart(some, folder, model)
        print(f"two commands / one worker  {apart / one:.2f} (what two processes can give here)")
        _check_same(folder / "w1", folder / "w2")
        poison = add_poison(archive, (CRASH, MEMORY))
        out = folder / "all"
        arguments = [str(archive), "-o", str(out), "--workers", "2", *model]
        _rate("all, two workers", arguments, 3, accepted=1)
        _check_all(out, archive, poison)
        _check_same(folder / "one", out)
        _killed_scheduler(folder, archive, model)
        _check_all(folder / "site", archive, poison)
        _check_same(out, folder / "site")


def _rate(name: str, arguments: Sequence[str], first: int, accepted: int = 0) -> float:
    """Grade, print rate and memory, and return studies a minute once the models are loaded."""
    done = _grade(arguments)
    if done.code != accepted:
        raise LumbargradeError(f"{name}: exit code {done.code}: {done.said[-400:]}")
    out = Path(arguments[list(arguments).index("-o") + 1])
    rate, landed = steady_rate(out, first), len(landed_s(out))
    print(
        f"{name:12} {landed} studies, {rate:.1f} a minute; with start and end "
        f"{60 * landed / done.wall_s:.1f}",
        flush=True,
    )
    print("\n".join(done.memory.table()), flush=True)
    return rate


def _apart(some: Sequence[str], folder: Path, model: list[str]) -> float:
    """Return the rate of two commands with a worker each, which share nothing but the machine."""

    def half(number: int) -> float:
        out = str(folder / f"apart{number}")
        return _rate(
            f"command {number}", [*some[number::2], "-o", out, "--workers", "1", *model], 1
        )

    with ThreadPoolExecutor(2) as both:
        return sum(both.map(half, range(2)))


def _grade(arguments: Sequence[str], limit_s: float | None = None) -> Run:
    start = time.perf_counter()
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen(
            [sys.executable, "-c", _START, "grade", *arguments],
            stdout=said,
            stderr=subprocess.STDOUT,
            env=environment(),
        )
        try:
            with watched(process.pid) as memory:
                code = process.wait(limit_s)
        except BaseException:
            process.terminate()
            process.wait()
            raise
        said.seek(0)
        return Run(code, time.perf_counter() - start, said.read(), memory)


def environment() -> dict[str, str]:
    """Return the environment of commands and workers, in which some studies are poisonous."""
    preload = str(Path(__file__).with_name("poison.py"))
    return {**os.environ, "DASK_DISTRIBUTED__WORKER__PRELOAD": preload}


def _killed_scheduler(folder: Path, archive: Path, model: list[str]) -> None:
    out = folder / "site"
    with Site(environment()) as site:
        arguments = [str(archive), "-o", str(out), "--scheduler", site.address, *model]
        with site.killed_when(lambda: len(landed_s(out)) >= len(os.listdir(archive)) // 2):
            first = _grade(arguments)
        before = len(landed_s(out))
        lines = [line for line in first.said.splitlines() if line.startswith("error: ")]
        print(f"scheduler killed after {before} studies: exit code {first.code}; {lines}")
        if first.code != 2 or len(lines) != 1 or "Traceback" in first.said:
            raise LumbargradeError(f"a killed scheduler: {first.said[-2000:]}")
        site.start()
        second = _grade(arguments)
        going = [line for line in second.said.splitlines() if line.startswith("going on")]
        print(f"the same command again: exit code {second.code}; {going}", flush=True)
        if second.code != 1 or not going:
            raise LumbargradeError(f"after a killed scheduler: {second.said[-2000:]}")


def _check_all(out: Path, archive: Path, poison: Sequence[str]) -> None:
    """Every study is there once, and the poisonous ones are in quarantine."""
    graded, failed = [], {}
    with (out / "predictions.csv").open(newline="", encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            graded.append((row["study"], row["study_instance_uid"]))
            if row["status"] == "study failed":
                failed[row["study"]] = row["reason"]
    uids = {study: uid for study, uid in graded if study not in failed}
    wrong = set(os.listdir(archive)) ^ (set(uids) | set(failed))
    doubled = len(uids) - len(set(uids.values()))
    strange = [one for one in failed if one not in poison or "quarantine" not in failed[one]]
    if wrong or doubled or strange or len(failed) != len(poison):
        raise LumbargradeError(f"{out}: lost {wrong}, doubled {doubled}, failed {failed}")
    left = [path.name for path in (out / ".lumbargrade").glob("*")]
    print(f"each of {len(uids)} studies once; in quarantine: {', '.join(sorted(failed))}")
    print(f"left in the private folder: {left}", flush=True)


def _check_same(first: Path, second: Path) -> None:
    both = {path.parent.name for path in first.glob("*/grades.csv")} & {
        path.parent.name for path in second.glob("*/grades.csv")
    }
    different = [
        name
        for name in sorted(both)
        if (first / name / "grades.csv").read_bytes() != (second / name / "grades.csv").read_bytes()
    ]
    print(f"{first.name} beside {second.name}: {len(both)} studies, different: {different}")
    if different or not both:
        raise LumbargradeError("the grades differ")
