"""Full disks and mounts: a small tmpfs, or where nothing can be mounted a limit of file sizes."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.killing.commands import OUT
from benchmarks.killing.process import Place
from benchmarks.killing.rounds import KILLS_IN_A_ROW, Killer, Undisturbed

ROOMY_BYTES = 1 << 30
LEAST_FREE = 0.02
"""Share of what a run needs that is free on the fullest disk."""
FILLER = ".filler"


@contextmanager
def mounted(folder: Path, size_bytes: int) -> Iterator[None]:
    """Mount a tmpfs at ``folder``. Raises OSError if that is not permitted."""
    command = ["mount", "-t", "tmpfs", "-o", f"size={size_bytes}", "tmpfs", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise OSError(done.stderr.strip() or "mount failed")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=False)


def fill_disks(killer: Killer, whole: Undisturbed, times: int) -> None:
    """Run on disks with too little room, then with enough, and compare."""
    need_bytes = _need_bytes(killer)
    for _ in range(times):
        free_bytes = int(need_bytes * killer.random.uniform(LEAST_FREE, 0.98))
        place = killer.place()
        try:
            with mounted(place.folder, free_bytes):
                _must_refuse(killer, place, whole)
                subprocess.run(
                    ["mount", "-o", f"remount,size={ROOMY_BYTES}", str(place.folder)], check=True
                )
                killer.finish(place, whole)
        except OSError as error:
            _say_once(killer, f"no tmpfs ({error}): a limit of the size of a file instead")
            limited = Place(place.folder, place.temporary, place.printed, _limit_bytes(killer))
            _must_refuse(killer, limited, whole)
            killer.finish(place, whole)
        killer.clear(place)


def run_on_mounts(killer: Killer, whole: Undisturbed, times: int) -> None:
    """Kill runs whose OUT is a mount of its own."""
    for _ in range(times):
        place = killer.place()
        out = place.folder / OUT
        out.mkdir()
        try:
            with mounted(out, ROOMY_BYTES):
                killer.kill_and_finish(place, whole, KILLS_IN_A_ROW)
            killer.clear(place)
        except OSError as error:
            _say_once(killer, f"not measured, nothing can be mounted here ({error})")
            return


def _need_bytes(killer: Killer) -> int:
    """Return how much room the files of a whole run take."""
    place = killer.place()
    with mounted(place.folder, ROOMY_BYTES):
        killer.run(place)
        used = subprocess.run(
            ["du", "-s", "-B1", str(place.folder)], capture_output=True, text=True, check=True
        )
    killer.clear(place)
    return int(used.stdout.split()[0])


def _limit_bytes(killer: Killer) -> int:
    return int(10 ** killer.random.uniform(2.5, 4.5))


def _must_refuse(killer: Killer, place: Place, whole: Undisturbed) -> None:
    ended = killer.run(place)
    killer.tally.kills += 1
    lines = [line for line in ended.printed.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith("error: ")]
    if ended.code != 2 or len(errors) != 1 or "Traceback" in ended.printed:
        killer.fault(f"on a full disk: code {ended.code}, {' / '.join(lines)[-400:]}")
    killer.checked(lambda: killer.command.read_half(place.folder / OUT, whole.content))


def _say_once(killer: Killer, text: str) -> None:
    print(f"  {killer.command.name}: {text}", flush=True)
