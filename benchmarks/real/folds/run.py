"""Train what is not yet trained, and print what there is.

``python -m benchmarks.real folds FOLDER`` trains the networks of each fold and arm and goes on
where it was killed; ``--arm none`` only prints. Arms: ``plain`` one plain network, ``project``
the mean of three of the project's recipe, ``project-one`` the first of these, ``plain-three``
the mean of three plain ones.
"""

from __future__ import annotations

import argparse

import torch

from benchmarks.real.folds.assign import FOLDS
from benchmarks.real.folds.fit import ARMS, fit_fold
from benchmarks.real.folds.parts import PARTS, load_part
from benchmarks.real.folds.report import print_report


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of this meter."""
    parser.add_argument("--part", choices=[*PARTS, "all"], default="all")
    parser.add_argument("--arm", choices=[*ARMS, "all", "none"], default="all")
    parser.add_argument("--fold", type=int, choices=range(1, FOLDS + 1), help="only this one")
    parser.add_argument("--threads", type=int, default=2)


def run(options: argparse.Namespace) -> None:
    """Run the arms that were asked for on the parts that were asked for."""
    torch.set_num_threads(options.threads)
    parts = list(PARTS) if options.part == "all" else [options.part]
    arms = list(ARMS) if options.arm == "all" else [one for one in ARMS if one == options.arm]
    folds = range(FOLDS) if options.fold is None else [options.fold - 1]
    for name in parts:
        part = load_part(options.folder, name)
        for fold in folds:  # all arms of a fold first: half a comparison is none
            for arm in arms:
                fit_fold(part, arm, fold, options.out)
        print_report(part, options.out)
