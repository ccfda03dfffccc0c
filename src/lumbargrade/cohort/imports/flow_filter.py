"""Only what a patient flow included: its series, and its patients under their pseudonyms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from lumbargrade.archive.pseudonym import Pseudonyms, read_key
from lumbargrade.cohort.imports.assembly import StudyDrafts
from lumbargrade.errors import CohortError, needs_extra
from lumbargrade.study.model import Study


@dataclass(frozen=True)
class Chosen:
    """Whom and what ``cohort flow`` included.

    ``owners`` is pseudonym of a Series Instance UID -> pseudonym of its patient, as in the split of
    the same flow; ``pseudonyms`` are of the index behind it.
    """

    owners: Mapping[str, str]
    pseudonyms: Pseudonyms

    def knows(self, study: Study) -> bool:
        """Return whether the flow included a series of a study."""
        return any(
            self.pseudonyms.of("series", one.series_instance_uid) in self.owners
            for one in study.series
        )

    def keep(self, drafts: StudyDrafts) -> str | None:
        """Drop the slices of other series; return the patient, or None where nothing is left."""
        patient: str | None = None
        for sop, draft in list(drafts.drafts.items()):
            series = draft.candidate.picture.series_instance_uid
            owner = self.owners.get(self.pseudonyms.of("series", series))
            if owner is None:
                del drafts.drafts[sop]
            patient = owner or patient
        return patient


def read_chosen(flow: Path | None, key: Path | None) -> Chosen | None:
    """Read what the flow in a folder included; None without a flow.

    Raises CohortError if the flow is given without key, it is no flow, nobody is in it, or the key
    cannot be read; MissingExtraError if pyarrow is not installed.
    """
    if flow is None:
        return None
    if key is None:
        raise CohortError("--flow and --key go together: the flow, and the key of its index")
    with needs_extra("importing what 'cohort flow' included"):
        from lumbargrade.archive.flow.included import read_included
    columns = read_included(flow).select(["series_id", "patient_id"]).to_pydict()
    owners = dict(zip(columns["series_id"], columns["patient_id"], strict=True))
    return Chosen(owners, Pseudonyms(read_key(key)))
