"""What the patients of an import are called, where no flow says it."""

from __future__ import annotations

from lumbargrade.cohort.write import unique_name


class PatientNames:
    """Names patients after the folder of their first study; one Patient ID is one patient.

    ``folders`` are the names of study folders that are taken, ``left_out`` counts the studies that
    a flow left out, ``notes`` says which studies are of one patient.
    """

    def __init__(self) -> None:
        self.folders: set[str] = set()
        self.left_out = 0
        self.notes: list[str] = []
        self._taken: set[str] = set()
        self._by_id: dict[str, str] = {}

    def name(self, study: str, patient_id: str) -> str:
        """Return the name of the patient of a study."""
        before = self._by_id.get(patient_id) if patient_id else None
        if before is not None:
            self.notes.append(
                f"{study} has the Patient ID of {before} and is treated as the same patient"
            )
            return before
        name = unique_name(study, self._taken)
        self._by_id[patient_id] = name
        return name
