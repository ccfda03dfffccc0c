"""Two simulated hospitals from their archives to the report; every number is checked."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time
from importlib.resources import files
from pathlib import Path

from benchmarks.paper_chain.checks import Checks
from benchmarks.paper_chain.commands import Model, ReadHospital, model_and_report, read_hospital
from benchmarks.paper_chain.compare_reading import check_flow, check_reading
from benchmarks.paper_chain.compare_report import check_report
from benchmarks.paper_chain.hospital import Call, Group, Plan, build_hospital
from benchmarks.paper_chain.noise import ReaderNoise
from benchmarks.paper_chain.reading import Reader
from lumbargrade.errors import LumbargradeError

PATIENTS = 24
"""In the internal archive, on three scanners in turn, of which the rules take two; half as many in
the external one. Ten or more must be left in each, or agreement has no interval over patients."""
SEED = 2022
"""Of patients and readers. The key of an index is new in each run, and with it the pseudonyms, the
order of the work lists and what is drawn for which slice: no two runs read alike.
"""

STAY = {"LDH": 0.96, "LCCS": 0.97, "LNRC": 0.95}
"""Of the readers: about the agreement of the article's."""
READERS = (
    ReaderNoise("Ann", STAY, upward=0.4),
    ReaderNoise("Bob", {name: one - 0.02 for name, one in STAY.items()}, upward=0.6),
)
ADJUDICATOR = ReaderNoise("Lee", dict.fromkeys(STAY, 0.98), skips=0.0)

RECIPE = """# A few minutes on a processor: the model is not the point.
name = "chain"
[network]
start_from = "default"
[input]
region = "drawn"
outlines = false
[optimiser]
learning_rate = 3e-4
epochs = 2
batch = 16
stages = [[0.0, 64]]
[locator]
epochs = 1
learning_rate = 5e-4
"""
FIELD_STRENGTH, THICKNESS = "value = [2.8, 3.2]", "value = [3.9, 4.6]"


def run(options: argparse.Namespace) -> None:
    """Play the chain and print what was found beside what must be.

    Raises LumbargradeError if a command fails or a number is wrong; the process then ends with 1.
    """
    try:
        play(Path(options.out) / "paper_chain", options.patients or PATIENTS, in_a_process)
    except LumbargradeError as error:
        print(f"WRONG  {error}", flush=True)
        sys.exit(1)


def play(place: Path, patients: int, call: Call, train: bool = True) -> Checks:
    """Play the chain in a folder, which is emptied first; ``call`` runs a command.

    Simulated patients are kept beside it, so that another run need not make them again.

    Without ``train`` the model in the package grades. Raises LumbargradeError as :func:`run`.
    """
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    checks = Checks()
    internal = read_one(place / "A", internal_plan(patients), False, call, checks)
    external = read_one(place / "B", external_plan(patients), True, call, checks)
    (place / "chain.toml").write_text(RECIPE, "utf-8")
    model = Model(place / "chain.toml" if train else None)
    report = model_and_report(internal.cohort, external.cohort, place, model, call)
    check_report(report, place / "drawn", (internal, external), checks)
    checks.end()
    return checks


def internal_plan(patients: int) -> Plan:
    """Return the hospital of the training: three scanners, some patients with T1 only."""
    outside = {"open-1t5": "another field strength"}
    scanners = ("verio-3t", "wide-3t", "open-1t5")
    main = Group(patients, SEED, scanners, reasons=outside)
    late = Group(1, SEED + 1, ("verio-3t",), "t1", {"verio-3t": "no axial T2"})
    return Plan("A", (main, late))


def external_plan(patients: int) -> Plan:
    """Return the other hospital: one scanner of 1.5 T, one patient excluded."""
    return Plan("B", (Group(max(patients // 2, 3), SEED + 2, ("fine-1t5",)),), 0, ("artefact",))


def read_one(folder: Path, plan: Plan, external: bool, call: Call, checks: Checks) -> ReadHospital:
    """Play one hospital up to its cohort and check it."""
    hospital = build_hospital(folder, folder.parents[1] / "simulated", plan, call)
    rules: Path | str = "su2022"
    if external:
        rules = folder / "rules.toml"
        rules.write_text(_other_rules(), "utf-8")
    numbers = range(3)
    seeds = [SEED + 10 * (external + 1) + number for number in numbers]
    first, second, third = map(Reader, (*READERS, ADJUDICATOR), seeds)
    read = read_hospital(hospital, (first, second, third), rules, external, call)
    name = f"hospital {plan.letter}"
    check_flow(read, name, checks)
    check_reading(read, name, checks)
    return read


def _other_rules() -> str:
    """The rules of the article for a hospital with another scanner."""
    text = (files("lumbargrade.archive.flow") / "rules_su2022.toml").read_text("utf-8")
    if FIELD_STRENGTH not in text or THICKNESS not in text:
        raise LumbargradeError("rules_su2022.toml has changed: adapt benchmarks/paper_chain")
    text = text.replace(FIELD_STRENGTH, "value = [1.4, 1.6]")
    return text.replace(THICKNESS, "value = [3.0, 5.0]")


def in_a_process(*arguments: object) -> str:
    """Run ``lumbargrade ARGUMENTS`` as a process of its own and print how long it took.

    Raises LumbargradeError if it fails, with the last line that it printed.
    """
    words = [str(one) for one in arguments]
    start = time.perf_counter()
    code = "from lumbargrade.cli.main import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, *words],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "COLUMNS": "200"},
    )
    if done.returncode and (words[0], done.returncode) != ("grade", 1):  # 1: some were not graded
        told = (done.stderr + done.stdout).strip().splitlines() or ["no message"]
        raise LumbargradeError(f"lumbargrade {' '.join(words)}: {told[-1]}")
    shown = " ".join(words[:2] if words[0] in ("cohort", "readings") else words[:1])
    print(f"       {shown}: {time.perf_counter() - start:.0f} s", flush=True)
    return done.stdout
