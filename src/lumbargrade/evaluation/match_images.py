"""The evaluated image that a reader's row means, by UID, file, or patient and level."""

from __future__ import annotations

from collections.abc import Sequence

from lumbargrade.archive.keyed_names import KeyedNames
from lumbargrade.cohort.read import CohortSlice
from lumbargrade.grading.level import Level
from lumbargrade.readings.faults import Faults
from lumbargrade.readings.read import Reading
from lumbargrade.readings.slice_key import same_file


class EvaluatedImages:
    """Finds images by what a row says of them; names and UIDs may be pseudonyms."""

    def __init__(self, slices: Sequence[CohortSlice], names: KeyedNames) -> None:
        self._slices, self._names = slices, names
        self._by_uid: dict[str, CohortSlice] = {}
        self._by_level: dict[tuple[str, Level], list[CohortSlice]] = {}
        for one in slices:
            for uid in names.of("slice", one.sop_instance_uid):
                self._by_uid[uid] = one
            if one.level is not None:
                for patient in self._patients(one):
                    self._by_level.setdefault((patient, one.level), []).append(one)

    def find(self, reading: Reading, faults: Faults) -> str | None:
        """Return the SOP Instance UID of the image; None if it is not evaluated.

        An image of another patient, or several images that fit, go into ``faults``.
        """
        found = self._fitting(reading)
        if not found:
            return None
        patient = reading.key.patient
        if len(found) > 1:
            faults.add(
                reading.where,
                f"fits {len(found)} evaluated images ({reading.key} {reading.level or ''}".rstrip()
                + "): name each image by its SOP Instance UID",
            )
            return None
        if patient and self._names.of("patient", patient).isdisjoint(self._patients(found[0])):
            faults.add(
                reading.where,
                f"image {reading.image} belongs to patient {patient} here and to "
                f"{found[0].patient_id} in the cohort",
            )
            return None
        return found[0].sop_instance_uid

    def _fitting(self, reading: Reading) -> Sequence[CohortSlice]:
        key = reading.key
        uid = key.sop or key.image
        for named in self._names.of("slice", uid) if uid else ():
            if named in self._by_uid:
                return [self._by_uid[named]]
        path = "" if key.sop else key.file or key.image
        if path:
            return [one for one in self._slices if same_file(one.file.as_posix(), path)]
        if reading.level is None or key.names_slice:
            return []
        fitting = {
            one.sop_instance_uid: one
            for name in self._names.of("patient", key.patient)
            for one in self._by_level.get((name, reading.level), ())
        }
        return list(fitting.values())

    def _patients(self, one: CohortSlice) -> frozenset[str]:
        """Of several cohorts, a patient is named <cohort>/<patient>."""
        bare = one.patient_id.rpartition("/")[2]
        return self._names.of("patient", one.patient_id) | self._names.of("patient", bare)
