"""The journal of a batch that is not finished: which studies are there, and which failed.

It lies in the private folder of the output folder, one line of JSON for each thing done, and goes
when the batch is done. The same command goes on where it ends.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from lumbargrade import __version__
from lumbargrade.batch.landing import GradeOptions, Landed
from lumbargrade.files.ledger import LEDGER, PRIVATE
from lumbargrade.files.write import write_text
from lumbargrade.study.inputs import StudyInput

FILE_NAME = "journal.jsonl"
_SCHEMA = "lumbargrade.journal/1"


def command_key(inputs: Sequence[StudyInput], model_sha256: str, options: GradeOptions) -> str:
    """Return what two runs share that grade the same inputs in the same way."""
    paths = [(one.name, [os.path.abspath(path) for path in one.paths]) for one in inputs]
    said = re.sub(r" at 0x[0-9a-f]+", "", repr(options))  # where an object lies says nothing
    told = json.dumps([__version__, model_sha256, said, paths])
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass
class Journal:
    """What a batch has done so far; opened with :func:`journal_of`.

    Attributes
    ----------
    finished : names of the inputs that are done.
    landed : how many studies are there.
    codes : of the studies that are there, by the name of an input that is not done.
    failures : reason by name of the study.
    earlier : failures of another batch that was interrupted here.
    """

    stream: TextIO
    finished: set[str] = field(default_factory=set)
    landed: int = 0
    codes: dict[str, set[str]] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)
    earlier: dict[str, str] = field(default_factory=dict)

    def note(self, item: StudyInput, one: Landed) -> None:
        """Note what became of a study of an input. Raises OSError if it cannot be written."""
        if one.reason is None:
            self._write({"input": item.name, "study": one.name, "code": one.code})
        else:
            self._write({"input": item.name, "study": one.name, "reason": one.reason})

    def finish(self, item: StudyInput) -> None:
        """Note that an input is done; raises as :meth:`note`."""
        self._write({"input": item.name, "finished": True})

    def take(self, line: dict[str, Any]) -> None:
        """Take in what a line says."""
        name = line["input"]
        if "finished" in line:
            self.finished.add(name)
            self.codes.pop(name, None)
        elif "reason" in line:
            failures = self.failures if name else self.earlier
            failures[line["study"]] = line["reason"]
        else:
            self.landed += 1
            self.failures.pop(line["study"], None)
            self.codes.setdefault(name, set()).add(line["code"])

    def _write(self, line: dict[str, Any]) -> None:
        self.take(line)
        self.stream.write(json.dumps(line) + "\n")
        self.stream.flush()


@contextmanager
def journal_of(out: Path, key: str) -> Iterator[Journal]:
    """Yield the journal of a command in an opened output folder; it goes if the block ends well.

    That of an interrupted run of the same command is gone on with; of another command only the
    failures are kept. Raises OSError if it cannot be written.
    """
    path = out / PRIVATE / FILE_NAME
    head = {"schema": _SCHEMA, "command": key}
    lines = list(_usable(out, path, head))
    # Written anew, since a killed process may have left half a line.
    write_text(path, "".join(json.dumps(line) + "\n" for line in (head, *lines)))
    with path.open("a", encoding="utf-8") as stream:
        journal = Journal(stream)
        for line in lines:
            journal.take(line)
        yield journal
    discard(out)


def discard(out: Path) -> None:
    """Remove the journal of an opened output folder. Raises OSError if it cannot be removed."""
    (out / PRIVATE / FILE_NAME).unlink(missing_ok=True)


def _usable(out: Path, path: Path, head: dict[str, str]) -> Iterator[dict[str, Any]]:
    """Yield the lines that still hold.

    What was deleted since is graded again, and so is what failed of an input that is not done.
    """
    found = list(_lines(path))
    if not found or found[0] != head:
        for line in found:
            if "reason" in line:  # of another command, which grades these no more
                yield {"input": "", "study": line["study"], "reason": line["reason"]}
        return
    lost = {
        line["input"]
        for line in found[1:]
        if "code" in line and not (out / line["study"] / LEDGER).is_file()
    }
    finished = {"", *(line["input"] for line in found[1:] if "finished" in line)}
    for line in found[1:]:
        is_open = "reason" in line and line["input"] not in finished
        if not is_open and line["input"] not in lost:
            yield line


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return
    for line in text.splitlines():
        try:
            content = json.loads(line)
        except ValueError:  # cut short by a kill
            return
        if not isinstance(content, dict):
            return
        yield content
