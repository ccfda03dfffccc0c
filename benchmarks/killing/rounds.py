"""Kill a command several times, finish it, and compare with a run that nobody disturbed."""

from __future__ import annotations

import random
import shutil
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.killing.commands import OUT, Command, Content
from benchmarks.killing.process import Ended, Moment, Place, run_command

KILLS_IN_A_ROW = 4
LONGEST_DELAY_S = 0.01


@dataclass(frozen=True)
class Undisturbed:
    """A run in one piece: what it holds, the names that it leaves, and how long it took."""

    content: Content
    names: set[str]
    ended: Ended


@dataclass
class Tally:
    """What came out of the kills of one command; ``faults`` are to be none."""

    kills: int = 0
    runs: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0


class Killer:
    """Kills one command."""

    def __init__(self, command: Command, inputs: Path, work: Path, seed: int) -> None:
        self.command, self.inputs, self.work = command, inputs, work
        self.random = random.Random(f"{command.name} {seed}")
        self.tally = Tally()
        self.rounds = 0

    def place(self, limit_bytes: int | None = None) -> Place:
        """Return a new place, whose files are removed by :meth:`clear`."""
        self.rounds += 1
        return Place.make(self.work / f"{self.rounds}", limit_bytes)

    def clear(self, place: Place) -> None:
        """Remove a place."""
        shutil.rmtree(place.folder.parent, ignore_errors=True)

    def run(self, place: Place, moment: Moment | None = None) -> Ended:
        """Run the command in a place."""
        arguments = self.command.arguments(self.inputs, place.folder / OUT)
        ended = run_command(arguments, place, moment, self.command.patch)
        self.tally.seconds += ended.seconds
        if ended.survivors:
            self.fault(f"{len(ended.survivors)} processes went on after the kill")
        return ended

    def undisturbed(self) -> Undisturbed:
        """Run the command in one piece."""
        place = self.place()
        ended = self.run(place)
        if ended.code:
            raise AssertionError(f"{self.command.name} ended with {ended.code}: {ended.printed}")
        content = self.command.content(place.folder / OUT)
        whole = Undisturbed(content, self.command.names(place.folder), ended)
        self.check_aside(place, whole)
        self.clear(place)
        return whole

    def moment(self, whole: Undisturbed) -> Moment:
        """Return a moment: by the clock over the whole run, or at a file operation."""
        group = self.random.random() < 0.5
        if self.random.random() < 0.5:
            return Moment(self.random.uniform(0, whole.ended.seconds), None, group)
        operation = self.random.randint(1, max(1, whole.ended.operations))
        delay_s = self.random.choice((0.0, self.random.uniform(0, LONGEST_DELAY_S)))
        return Moment(delay_s, operation, group)

    def kill_and_finish(self, place: Place, whole: Undisturbed, kills: int) -> None:
        """Kill ``kills`` runs into one folder, finish the last, and check what is there."""
        target = place.folder / OUT
        for _ in range(kills):
            ended = self.run(place, self.moment(whole))
            self.tally.kills += ended.killed
            if not ended.killed and ended.code:
                self.fault(f"a run after a kill: {ended.printed.strip()[-300:]}")
            self.checked(lambda: self.command.read_half(target, whole.content))
        self.finish(place, whole)

    def finish(self, place: Place, whole: Undisturbed) -> None:
        """Run to the end and compare."""
        ended = self.run(place)
        self.tally.runs += 1
        if ended.code:
            self.fault(f"the last run: {ended.printed.strip()[-300:]}")
            return
        self.checked(lambda: _compare(self.command.content(place.folder / OUT), whole.content))
        self.check_aside(place, whole)

    def check_aside(self, place: Place, whole: Undisturbed) -> None:
        """Nothing is left in OUT, beside it or in the folder for temporary files."""
        extra = self.command.names(place.folder) - whole.names
        lost = whole.names - self.command.names(place.folder)
        left = self.command.names(place.temporary)
        for what, names in (("left", extra), ("lost", lost), ("left in TMPDIR", left)):
            if names:
                self.fault(f"{what}: {', '.join(sorted(names)[:3])} ({len(names)})")

    def checked(self, check: object) -> None:
        """Call a check; what it finds is a fault."""
        assert callable(check)
        try:
            check()
        except Exception as error:
            self.fault(f"{type(error).__name__}: {str(error)[:300]}")

    def fault(self, text: str) -> None:
        """Count a fault and print its first case."""
        self.tally.faults[text] += 1
        print(f"  FAULT {self.command.name}: {text}", flush=True)


def _compare(found: Content, wanted: Content) -> None:
    lost, doubled = wanted.keys() - found.keys(), found.keys() - wanted.keys()
    other = sorted(one for one in wanted.keys() & found.keys() if wanted[one] != found[one])
    assert not lost, f"{len(lost)} lost, such as {min(map(str, lost))}"
    assert not doubled, f"{len(doubled)} too many, such as {min(map(str, doubled))}"
    assert not other, (
        f"{len(other)} differ, such as {other[0]}: "
        f"{str(found[other[0]])[:80]} for {str(wanted[other[0]])[:80]}"
    )
