"""The journal of a batch that is not finished: which studies are there, and which failed.

It lies in the private folder of the output folder, one line of JSON for each thing done, and goes
when the batch is done. The same command goes on where it ends. It knows files by their sizes and
times, so that nothing that was changed in between is taken for done.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from lumbargrade import __version__
from lumbargrade.batch.landing import GradeOptions, Landed
from lumbargrade.files.ledger import LEDGER, PRIVATE
from lumbargrade.files.write import write_text
from lumbargrade.study.inputs import StudyInput

FILE_NAME = "journal.jsonl"
_SCHEMA = "lumbargrade.journal/2"


def command_key(inputs: Sequence[StudyInput], by: str, options: GradeOptions) -> str:
    """Return what two runs share that grade the same inputs in the same way.

    ``by`` names the model and its arithmetic (``inference.engine.Engine.by``).
    """
    paths = [(one.name, [os.path.abspath(path) for path in one.paths]) for one in inputs]
    said = re.sub(r" at 0x[0-9a-f]+", "", repr(options))  # where an object lies says nothing
    told = json.dumps([__version__, by, said, paths])
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()


def state_of(paths: Sequence[Path]) -> str:
    """Return what is the same as long as nobody changes the files that an input consists of.

    Names below the paths, sizes and times of change; the contents are not read.
    """
    found = hashlib.sha256()
    for path in paths:
        _add_file(found, "", path)
        for place, folders, names in os.walk(path):
            folders.sort()
            for name in sorted(names):
                file = Path(place, name)
                _add_file(found, str(file.relative_to(path)), file)
    return found.hexdigest()


def _add_file(to: Any, name: str, path: Path) -> None:
    told: object = "closed"
    with suppress(OSError, ValueError):  # whoever reads it says why
        status = path.stat()
        told = "folder" if stat.S_ISDIR(status.st_mode) else (status.st_size, status.st_mtime_ns)
    to.update(repr((name, told)).encode("utf-8", "surrogatepass"))


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

    out: Path
    stream: TextIO
    finished: set[str] = field(default_factory=set)
    landed: int = 0
    codes: dict[str, set[str]] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)
    earlier: dict[str, str] = field(default_factory=dict)

    def begin(self, item: StudyInput) -> None:
        """Note an input as it is before it is read. Raises OSError if that cannot be written."""
        self._write({"input": item.name, "state": state_of(item.paths)})

    def note(self, item: StudyInput, one: Landed) -> None:
        """Note what became of a study of an input; raises as :meth:`begin`."""
        if one.reason is None:
            written = _written(self.out, one.name)
            told = {"study": one.name, "code": one.code, "written": written}
            self._write({"input": item.name, **told})
        else:
            self._write({"input": item.name, "study": one.name, "reason": one.reason})

    def finish(self, item: StudyInput) -> None:
        """Note that an input is done; raises as :meth:`begin`."""
        self._write({"input": item.name, "finished": "yes"})

    def take(self, line: dict[str, Any]) -> None:
        """Take in what a line says."""
        name = line["input"]
        if "finished" in line:
            self.finished.add(name)
            self.codes.pop(name, None)
        elif "reason" in line:
            failures = self.failures if name else self.earlier
            failures[line["study"]] = line["reason"]
        elif "code" in line:
            self.landed += 1
            self.failures.pop(line["study"], None)
            self.codes.setdefault(name, set()).add(line["code"])

    def _write(self, line: dict[str, Any]) -> None:
        self.take(line)
        self.stream.write(json.dumps(line) + "\n")
        self.stream.flush()


@contextmanager
def journal_of(out: Path, inputs: Sequence[StudyInput], key: str) -> Iterator[Journal]:
    """Yield the journal of a command (:func:`command_key` of its inputs) in an opened output
    folder; it goes if the block ends well.

    That of an interrupted run of the same command is gone on with; of another command only the
    failures are kept. Raises OSError if it cannot be written.
    """
    path = out / PRIVATE / FILE_NAME
    head = {"schema": _SCHEMA, "command": key}
    lines = list(_usable(out, {one.name: one.paths for one in inputs}, head))
    # Written anew, since a killed process may have left half a line.
    write_text(path, "".join(json.dumps(line) + "\n" for line in (head, *lines)))
    with path.open("a", encoding="utf-8") as stream:
        journal = Journal(out, stream)
        for line in lines:
            journal.take(line)
        yield journal
    discard(out)


def discard(out: Path) -> None:
    """Remove the journal of an opened output folder. Raises OSError if it cannot be removed."""
    (out / PRIVATE / FILE_NAME).unlink(missing_ok=True)


def _usable(
    out: Path, inputs: Mapping[str, tuple[Path, ...]], head: dict[str, str]
) -> Iterator[dict[str, Any]]:
    """Yield the lines that still hold.

    What was changed or deleted since is graded again, and so is what failed of an input that is not
    done.
    """
    found = list(_lines(out / PRIVATE / FILE_NAME))
    if not found or found[0] != head:
        for line in found:
            if "reason" in line:  # of another command, which grades these no more
                yield {"input": "", "study": line["study"], "reason": line["reason"]}
        return
    begun = {line["input"]: line["state"] for line in found if "state" in line}
    finished = {line["input"] for line in found if "finished" in line}
    lost = {
        line["input"]
        for line in found
        if "code" in line and line["written"] != _written(out, line["study"])
    }
    lost |= {name for name in inputs if name in begun and begun[name] != state_of(inputs[name])}
    for line in found[1:]:
        name = line["input"]
        is_open = "reason" in line and name not in finished
        if not name or (name in begun and name not in lost and not is_open):
            yield line


def _written(out: Path, study: str) -> str:
    """Return when the results of a study were written; "" where there are none."""
    try:
        return str((out / study / LEDGER).stat().st_mtime_ns)
    except OSError:
        return ""


_WORDS = ({"state"}, {"finished"}, {"study", "reason"}, {"study", "code", "written"})
"""What a line says of an input."""


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the lines of a journal, up to one that is cut short or damaged."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return
    for line in text.splitlines():
        try:
            content = json.loads(line)
        except (ValueError, RecursionError):
            return
        if not isinstance(content, dict):
            return
        is_text = all(isinstance(value, str) for value in content.values())
        words = set(content) - {"input"}
        if not is_text or not ("schema" in words or ("input" in content and words in _WORDS)):
            return
        yield content
