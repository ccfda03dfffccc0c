"""Settings compared without a test patient: inside the training patients of fold 1.

``python -m benchmarks.real.folds.choose FOLDER --part axial --recipe FILE`` trains on three
quarters of them and prints the areas under the curve of the other quarter;
``--recipe plain`` does so with the baseline.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch

from benchmarks.real.folds.assign import fold_of_patients, train_and_test
from benchmarks.real.folds.figures import bare_figures
from benchmarks.real.folds.fit import Probabilities, Rows, Task, plain
from benchmarks.real.folds.parts import PARTS, Part, load_part
from benchmarks.real.folds.project import train_project
from lumbargrade.training.recipe_file import load_recipe

QUARTERS = 4


def main() -> None:
    """Train one setting and print its figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="the real slices")
    parser.add_argument("--part", choices=PARTS, default="axial")
    parser.add_argument("--recipe", required=True, help="a TOML file, or plain")
    parser.add_argument("--out", type=Path, default=Path("out/bench/real-choose"))
    options = parser.parse_args()
    torch.set_num_threads(2)
    part = load_part(options.folder, options.part)
    train, test = inner_split(part)
    folder = options.out / part.name / Path(options.recipe).stem
    folder.mkdir(parents=True, exist_ok=True)
    found = _trained(part, train, test, options.recipe, folder)
    print(f"{options.recipe}: {len(train)} slices to learn from, {len(test)} to choose by")
    levels = part.levels[test]
    for column, code in enumerate(part.codes):
        figures = bare_figures(part.labels[test, column], found[code], levels)
        cells = [f"{name} {value:.3f}" for name, value in figures.items()]
        print(f"  {code}: {', '.join(cells)}")


def inner_split(part: Part) -> tuple[Rows, Rows]:
    """Return rows to learn from and to choose by, all of fold 1's training patients."""
    outer, _ = train_and_test(part.patients, fold_of_patients(part.everyone), 0)
    inside = part.patients[outer]
    quarters = fold_of_patients(list(inside), QUARTERS)
    learn, choose = train_and_test(inside, quarters, 0)
    return outer[learn], outer[choose]


def _trained(part: Part, train: Rows, test: Rows, recipe: str, folder: Path) -> Probabilities:
    if recipe == "plain":
        return plain(Task(part, 0, train, test, folder, folder.parents[1]))
    rows = {"train": train, "test": test}
    return train_project(part, load_recipe(recipe), rows, folder, folder.parents[1])


if __name__ == "__main__":
    main()
