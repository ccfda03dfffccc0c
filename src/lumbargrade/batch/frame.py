"""What a batch does around its studies, whichever process grades them.

It keeps the journal and tells the watcher; in the end it makes the tables of all studies.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from lumbargrade.batch.journal import Journal, command_key, discard, journal_of
from lumbargrade.batch.landing import GradeOptions, Landed
from lumbargrade.errors import StudyError
from lumbargrade.outputs import csv
from lumbargrade.outputs.all_tables import write_all_tables
from lumbargrade.study.inputs import StudyInput


class Watcher(Protocol):
    """Is called for each study as soon as it is done, in the caller's thread.

    Several studies of one folder come as ``NAME-1 (study of DATE)``.
    """

    def expects(self, studies: int) -> None:
        """Take how many studies there are; called again where a folder holds several."""

    def goes_on(self, studies: int, failures: int) -> None:
        """Take how many studies an interrupted run has left, and how many failed in it."""

    def done(self, one: Landed) -> None:
        """Take what became of a study: its files are in place, or it has a reason."""


@dataclass
class Batch:
    """A batch that is under way; :func:`batch_in` makes it.

    Attributes
    ----------
    waiting : the inputs that are not done.
    overview : the table of all studies.
    """

    waiting: Sequence[StudyInput]
    overview: Path
    journal: Journal
    watcher: Watcher
    expected: int = field(default=0)

    @property
    def studies(self) -> int:
        """How many studies are done, those that failed among them."""
        return self.journal.landed + len(self.journal.failures)

    @property
    def failures(self) -> Mapping[str, str]:
        """Reason by name of the study."""
        return self.journal.failures

    def done_of(self, item: StudyInput) -> frozenset[str]:
        """Return the codes of the studies of an input that are there already."""
        return frozenset(self.journal.codes.get(item.name, ()))

    def begin(self, item: StudyInput) -> None:
        """Take that an input is about to be read. Raises OSError if it cannot be noted."""
        self.journal.begin(item)

    def expect(self, item: StudyInput, studies: int) -> None:
        """Take how many studies an input holds."""
        more = studies - len(self.done_of(item)) - 1
        if more:
            self.expected += more
            self.watcher.expects(self.expected)

    def take(self, item: StudyInput, one: Landed) -> None:
        """Take what became of a study of an input; raises as :meth:`begin`."""
        self.journal.note(item, one)
        self.watcher.done(one)

    def finish(self, item: StudyInput) -> None:
        """Take that an input is done; raises as :meth:`begin`."""
        self.journal.finish(item)


@contextmanager
def batch_in(
    out: Path, inputs: Sequence[StudyInput], how: tuple[str, GradeOptions], watcher: Watcher
) -> Iterator[Batch]:
    """Yield a batch in an opened output folder, and make the tables when the block ends well.

    An interrupted batch of the same inputs and options, by the same model and arithmetic
    (``Engine.by``), is gone on with; inputs that were changed meanwhile are graded anew. Raises
    StudyError if no study could be graded: then nothing is left of it.
    """
    with journal_of(out, inputs, command_key(inputs, *how)) as journal:
        waiting = [one for one in inputs if one.name not in journal.finished]
        batch = Batch(waiting, out / csv.ALL_FILE_NAME, journal, watcher)
        there = batch.studies
        batch.expected = there + len(waiting)
        watcher.expects(batch.expected)
        if there:
            watcher.goes_on(journal.landed, len(journal.failures))
        yield batch
        if not journal.landed:
            discard(out)
            name, reason = next(iter(journal.failures.items()))
            raise StudyError(
                f"none of {batch.studies} studies could be graded, for example {name}: {reason}"
            )
        write_all_tables(out, {**journal.earlier, **journal.failures})
