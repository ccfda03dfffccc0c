"""Which measurements there are, and the page that they print."""

from __future__ import annotations

import argparse
import importlib
import os
import platform
import time
from pathlib import Path

from lumbargrade.errors import LumbargradeError

QUICK = (
    "phantom_speed",
    "grading_speed",
    "training_speed",
    "evaluation_speed",
    "coverage",
    "not_a_toy",
)
LONG = (
    "one_change",
    "fuzz",
    "simulated_evaluation",
    "recipes",
    "single_task",
    "archive_index",
    "archive_flow",
    "turned",
    "mirrored",
    "levels",
    "killed",
    "altered",
    "batch",
    "reader_studies",
    "reading_room",
    "paper_chain",
)
OF_A_FOLDER = ("report_reader",)
"""What needs real data: the name is followed by their folder."""
WITH_OR_WITHOUT = ("near_duplicates",)
"""What can have a folder of real data behind its name, and simulates its own without."""


def main() -> None:
    """Run the measurements that were asked for, or all quick ones."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    known = QUICK + LONG + OF_A_FOLDER + WITH_OR_WITHOUT
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(known))
    parser.add_argument("--out", type=Path, default=Path("out/bench"), help="folder for results")
    parser.add_argument("--model", type=Path, help="model bundle; default: the one in the package")
    parser.add_argument("--patients", type=int, help="simulated patients, instead of the usual")
    parser.add_argument("--cases", type=int, help="of fuzz, instead of 10,000")
    parser.add_argument("--repeats", type=int, help="of coverage: simulated cohorts of each kind")
    parser.add_argument("--epochs", type=int, default=15, help="of each recipe (paper: 100)")
    parser.add_argument("--recipe", default="default", help="of single_task: a name or a file")
    parser.add_argument(
        "--figure",
        type=Path,
        help="of simulated_evaluation: PNG of the README, such as docs/images/"
        "simulated-evaluation.png",
    )
    parser.add_argument(
        "--kills", type=int, help="of killed and reading_room: of each, instead of 100"
    )
    parser.add_argument("--command", action="append", help="of killed: this command; repeatable")
    options = parser.parse_args()
    if options.names and options.names[0] in OF_A_FOLDER:
        if len(options.names) != 2:
            parser.error(f"{options.names[0]}: name one folder after it")
        options.folder = Path(options.names.pop())
    elif options.names and options.names[0] in WITH_OR_WITHOUT:
        options.folder = Path(options.names.pop()) if len(options.names) == 2 else None
    unknown = sorted(set(options.names) - {*known})
    if unknown:
        parser.error(f"{unknown[0]}: choose from {', '.join(known)}")
    print(f"{_processor()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    for name in options.names or QUICK:
        print(f"\n== {name}", flush=True)
        start = time.perf_counter()
        try:
            importlib.import_module(f"benchmarks.{name}").run(options)
        except LumbargradeError as error:
            print(f"not measured: {error}")
        print(f"({time.perf_counter() - start:.0f} s)", flush=True)
    if not options.names:
        print("\nLonger, resumable, by name:")
        print("  python -m benchmarks simulated_evaluation   600 new patients, enriched, external")
        print("  python -m benchmarks one_change              studies with one element changed")
        print(
            "  python -m benchmarks fuzz                    10,000 changed files, zips and bundles"
        )
        print("  python -m benchmarks archive_index           index of 60,000 simulated files")
        print("  python -m benchmarks archive_flow           flow and split of 2,000 patients")
        print("  python -m benchmarks recipes --epochs 100   paper and default recipe side by side")
        print(
            "  python -m benchmarks report_reader FOLDER   notes.csv and levels.csv, a third aside"
        )
        print("  python -m benchmarks near_duplicates [FOLDER]   altered copies known again")
        print("  python -m benchmarks batch                  200 studies on two processes")
        print("  python -m benchmarks single_task            one network against three")
        print("  python -m benchmarks killed                 kill -9, full disks and mounts")
        print(
            "  python -m benchmarks paper_chain            archive, readers, model, report: checked"
        )
        print("  python -m benchmarks altered                1,100 altered bytes, one at a time")
        print("  python -m benchmarks.real FOLDER            real slices, weak labels, three folds")


def _processor() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()
