"""kill -9 at random moments of `grade`, `cohort index`, `cohort import` and `train`; full disks.

Each command is killed (``--kills`` times in all), four times in a row into one folder, and then
run to its end. What is there then is compared with a run in one piece, and what lies beside it
is looked for. Half of the moments are drawn over the time of the run, half are at a drawn
operation on a file; half of the kills hit the whole process group, half the process alone.
"""

from __future__ import annotations

import argparse
import importlib
import os
import tempfile
import time
from pathlib import Path

from benchmarks.killing.commands import COMMANDS, PATIENTS_OF_THE_INDEX, Command
from benchmarks.killing.disk import fill_disks, run_on_mounts
from benchmarks.killing.inputs import write_inputs
from benchmarks.killing.process import Place, run_command
from benchmarks.killing.rounds import KILLS_IN_A_ROW, Killer, Tally
from benchmarks.simulated_archive import write_archive
from lumbargrade.errors import LumbargradeError

KILLS = 100
FULL_DISKS, MOUNTS = 10, 4
SEED = 13
LOADED = (
    "lumbargrade.cli.main",
    "lumbargrade.cli.grade.run",
    "lumbargrade.cli.grade.studies",
    "lumbargrade.cli.cohort.index",
    "lumbargrade.cli.cohort.imports",
    "lumbargrade.archive.index.index",
    "lumbargrade.training.train",
    "lumbargrade.training.export.export",
)
"""Loaded once; the commands are forked from this process."""


def run(options: argparse.Namespace) -> None:
    """Print a row for each command and kind of disturbance."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    for name in LOADED:
        importlib.import_module(name)
    kills = options.kills if options.kills is not None else KILLS
    wanted = [one for one in COMMANDS if not options.command or one.name in options.command]
    with tempfile.TemporaryDirectory() as folder:
        inputs = Path(folder) / "inputs"
        _make_inputs(inputs, Path(folder))
        print("| command | disturbed by | kills or faults of the disk | runs to the end | faults |")
        print("|---|---|---|---|---|", flush=True)
        faults = sum(
            _disturb(one, inputs, Path(folder), round(kills * one.share)) for one in wanted
        )
    if faults:
        raise LumbargradeError(f"{faults} faults")


def _make_inputs(inputs: Path, folder: Path) -> None:
    start = time.perf_counter()
    inputs.mkdir()
    write_inputs(inputs)
    write_archive(inputs / "archive", PATIENTS_OF_THE_INDEX)
    train = next(one for one in COMMANDS if one.name == "train")
    place = Place.make(folder / "model")
    run_folder = place.folder / "run"
    for arguments in (
        [*train.arguments(inputs, run_folder), "--recipe", str(inputs / "finder.toml")],
        ["export", str(run_folder), "-o", str(inputs / "bundle")],
    ):
        ended = run_command(arguments, place, None, train.patch)
        if ended.code:
            raise LumbargradeError(f"{arguments[0]} of the inputs: {ended.printed}")
    print(f"inputs made in {time.perf_counter() - start:.0f} s", flush=True)


def _disturb(command: Command, inputs: Path, folder: Path, kills: int) -> int:
    killer = Killer(command, inputs, folder / command.name.replace(" ", "-"), SEED)
    whole = killer.undisturbed()
    again = killer.undisturbed()
    killer.checked(lambda: _same(whole.content, again.content))
    print(
        f"  {command.name}: {whole.ended.seconds:.1f} s in one piece, "
        f"{whole.ended.operations} operations on files",
        flush=True,
    )
    killer.tally = Tally(faults=killer.tally.faults)
    while killer.tally.kills < kills:
        place = killer.place()
        killer.kill_and_finish(place, whole, min(KILLS_IN_A_ROW, kills - killer.tally.kills))
        killer.clear(place)
    faults = _row(command, "kill -9", killer)
    if kills:
        share = min(1.0, kills / KILLS)
        fill_disks(killer, whole, max(2, round(share * FULL_DISKS)))
        faults += _row(command, "a full disk", killer)
        run_on_mounts(killer, whole, max(1, round(share * MOUNTS)))
        faults += _row(command, "OUT is a mount, kill -9", killer)
    return faults


def _same(one: object, other: object) -> None:
    assert one == other, "two runs in one piece differ"


def _row(command: Command, how: str, killer: Killer) -> int:
    tally, killer.tally = killer.tally, Tally()
    faults = sum(tally.faults.values())
    print(
        f"| `{command.name}` | {how} | {tally.kills} | {tally.runs} | {faults} |"
        f"  ({tally.seconds:.0f} s)",
        flush=True,
    )
    return faults
