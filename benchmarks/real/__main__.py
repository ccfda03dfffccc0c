"""``python -m benchmarks.real METER FOLDER [--model BUNDLE] [--half tune|report]``.

Real patients are in one of two halves: one to tune on, one to report on. Each look at the
second is written down in ``looked.csv`` beside this file.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from pathlib import Path
from typing import Any

from benchmarks.real.halves import Half
from lumbargrade.errors import LumbargradeError

METERS = {
    "outlines": "outlines on the tracings set aside, beside a second tracer",
    "measures": "each measure against weak labels of T1 slices, nothing learned",
    "grades": "a model's grades on real slices: weak labels, sides, traced herniations, flips",
    "tasks": "what a run learned from weak labels beside its grades",
    "few": "weak labels learned from few patients",
    "robustness": "what small changes of the picture change, real beside simulated",
    "realism": "how real simulated slices are: the same figures of real and simulated ones",
    "t2": "the real T2 slices and SPIDER's reformats, with a contact sheet",
    "discs": "discs on mid-sagittal slices: found, named, and how far off",
    "pfirrmann": "Pfirrmann grades of discs: by folds, on the other set, and simulated",
    "findings": "what else a reader said of discs: narrowing, end-plates, Modic, by folds",
    "sheet": "contact sheets of 100 T1 slices with their outlines",
    "folds": "a plain network and the project's recipe in three folds",
    "cohort": "no meter: the slices that may be learned from, as a cohort folder",
}
"""Name -> what it measures."""


def main() -> None:
    """Run one meter."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.real",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    meters = parser.add_subparsers(dest="meter", required=True, metavar="METER")
    for name, what in METERS.items():
        one = meters.add_parser(name, help=what, description=what)
        one.add_argument("folder", type=Path, help="the real slices")
        one.add_argument("--out", type=Path, default=Path("out/bench/real"))
        if name != "folds":
            one.add_argument("--model", type=Path, help="bundle; default: the one in the package")
            one.add_argument("--half", type=Half, choices=[*Half], default=Half.TUNE)
        if name in sys.argv[1:2]:  # the others are not loaded
            module = _module(name)
            if hasattr(module, "add_options"):
                module.add_options(one)
    options = parser.parse_args()
    try:
        _module(options.meter).run(options)
    except LumbargradeError as error:
        raise SystemExit(f"error: {error}") from None


def _module(name: str) -> Any:
    where = f"{name}.run" if name in ("folds", "cohort") else f"meters.{name}"
    return importlib.import_module(f"benchmarks.real.{where}")


if __name__ == "__main__":
    main()
