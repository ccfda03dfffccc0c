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
LONG = ("simulated_evaluation", "recipes")


def main() -> None:
    """Run the measurements that were asked for, or all quick ones."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(QUICK + LONG))
    parser.add_argument("--out", type=Path, default=Path("out/bench"), help="folder for results")
    parser.add_argument("--model", type=Path, help="model bundle; default: the one in the package")
    parser.add_argument("--patients", type=int, help="simulated patients, instead of the usual")
    parser.add_argument("--epochs", type=int, default=15, help="of each recipe (paper: 100)")
    options = parser.parse_args()
    unknown = sorted(set(options.names) - {*QUICK, *LONG})
    if unknown:
        parser.error(f"{unknown[0]}: choose from {', '.join(QUICK + LONG)}")
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
        print("  python -m benchmarks recipes --epochs 100   paper and default recipe side by side")
        print("  python -m benchmarks.real FOLDER            real slices, weak labels, three folds")


def _processor() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()
