"""``cohort index`` on a simulated archive: files a second, memory, second run, kill and resume.

The baseline is what a person would write first: one process that reads every file with
``pydicom.dcmread``. It runs before and after the index on every eighth file, and the mean counts.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pydicom

from benchmarks.measure import ProcessCost, command_cost
from benchmarks.simulated_archive import FILES_OF_A_PATIENT, write_archive
from lumbargrade.archive.index.index import FILES_OF_A_PART
from lumbargrade.archive.index.index_paths import IndexPaths
from lumbargrade.errors import LumbargradeError

PATIENTS = 2000
WORKERS = 2
NAIVE_SHARE = 8
AIM_FILES_PER_S = 3000

_START = "from lumbargrade.cli.main import main; main()"


def run(options: argparse.Namespace) -> None:
    """Print what was measured."""
    patients = options.patients or PATIENTS
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        archive = folder / "archive"
        start = time.perf_counter()
        files = write_archive(archive, max(1, patients // 4))
        quarter = _index(archive, folder / "quarter")
        _say("peak memory, a quarter", f"{quarter.peak_mb:.0f} MB of a process, {files} files")
        files += write_archive(archive, patients, first=max(1, patients // 4))
        made_s = time.perf_counter() - start - quarter.wall_s
        _say("archive", f"{patients} patients, {files} files, written in {made_s:.0f} s")
        before = _naive_files_per_s(archive)
        full = _index(archive, folder / "INDEX")
        naive = (before + _naive_files_per_s(archive)) / 2
        _show_speed(files, full, naive)
        _say("peak memory, all", f"{full.peak_mb:.0f} MB of a process")
        _show_second_run(archive, folder / "INDEX")
        _show_kill(archive, folder, files)


def _say(name: str, text: str) -> None:
    print(f"{name:26}{text}", flush=True)


def _arguments(archive: Path, index: Path) -> list[str]:
    key = index.parent / "key"  # one key, so that the tables can be compared
    places = ["-o", str(index), "--key", str(key)]
    return ["cohort", "index", str(archive), *places, "--workers", str(WORKERS)]


def _index(archive: Path, index: Path) -> ProcessCost:
    return command_cost(_arguments(archive, index))


def _naive_files_per_s(archive: Path) -> float:
    paths = [path for path in archive.rglob("*") if path.is_file()][::NAIVE_SHARE]
    start = time.perf_counter()
    for path in paths:
        pydicom.dcmread(path)
    return len(paths) / (time.perf_counter() - start)


def _show_speed(files: int, cost: ProcessCost, naive: float) -> None:
    speed = files / cost.wall_s
    _say(f"index, {WORKERS} workers", f"{speed:.0f} files/s (aim {AIM_FILES_PER_S}), all included")
    _say("", f"{cost.wall_s:.1f} s, processor {1e3 * cost.cpu_s / files:.3f} ms a file")
    _say("pydicom, one process", f"{naive:.0f} files/s; the index is {speed / naive:.1f} times it")


def _show_second_run(archive: Path, index: Path) -> None:
    table = IndexPaths.of(index).table
    before = table.stat().st_mtime_ns
    cost = _index(archive, index)
    added = "nothing written" if table.stat().st_mtime_ns == before else "TABLE WRITTEN AGAIN"
    _say("second run", f"{cost.wall_s:.1f} s, {added}")


def _show_kill(archive: Path, folder: Path, files: int) -> None:
    """Kill the whole command in the middle, twice, finish it, and compare the tables."""
    index = folder / "killed"
    for number in (1, 2):
        process = subprocess.Popen(
            [sys.executable, "-c", _START, *_arguments(archive, index)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wanted = files // FILES_OF_A_PART // 3
        while process.poll() is None and _parts(index) < wanted:
            time.sleep(0.01)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        _say(f"kill -9, number {number}", f"{_parts(index)} parts of 1,000 files were written")
    cost = _index(archive, index)
    one, other = (_sorted_rows(place) for place in (folder / "INDEX", index))
    if not one.equals(other):
        raise LumbargradeError("the resumed index differs from the one that ran in one piece")
    _say("resumed", f"{cost.wall_s:.1f} s, {other.num_rows} rows, equal to the run in one piece")
    shutil.rmtree(index)


def _parts(index: Path) -> int:
    return len(list((index / "parts").glob("[0-9]*.parquet")))


def _sorted_rows(index: Path) -> pa.Table:
    table = pq.read_table(IndexPaths.of(index).table)
    if table.num_rows % FILES_OF_A_PATIENT:
        raise LumbargradeError(f"{index}: {table.num_rows} rows are not whole patients")
    return table.sort_by("file_id")
