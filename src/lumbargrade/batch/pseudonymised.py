"""A study under pseudonyms, before it is graded: so nothing that is made of it names the patient.

The pseudonyms are those of ``cohort index`` with the same key (``archive.pseudonym``). Like that
index, this takes over what is known to be needed and nothing else; pixels stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path, PurePosixPath

from pydicom.dataset import Dataset

from lumbargrade.archive.pseudonym import (
    OLDEST_YEARS,
    Pseudonyms,
    full_years,
    key_of,
    uid_of_pseudonym,
)
from lumbargrade.batch.arms import Arm
from lumbargrade.grading.finding import NotGraded, UserWord
from lumbargrade.inference.cutting.places import DrawnBoxes
from lumbargrade.study.dicom.references import decoded
from lumbargrade.study.inputs import StudyInput
from lumbargrade.study.model import Acquisition, Series, Slice, Study
from lumbargrade.study.series.kind import ECHO_PLANAR_SEQUENCE
from lumbargrade.study.series.labels import WITHOUT_HEADER
from lumbargrade.study.series.words import LEFT_OUT, known_words, words
from lumbargrade.study.sources import shown
from lumbargrade.study.uids import is_uid

_NAME_LETTERS = 12
_ENDINGS = frozenset(
    (".dcm", ".ima", ".img", ".zip", ".png", ".jpg", ".jpeg", ".tif", ".tiff", ".nii", ".gz")
)
_KEPT = (
    *("PatientSex", "SeriesNumber", "Modality", "SOPClassUID", "InstanceNumber"),
    *("NumberOfFrames", "Rows", "Columns", "PixelSpacing"),
)
_UIDS = {"StudyInstanceUID": "study", "SeriesInstanceUID": "series", "SOPInstanceUID": "slice"}
_TYPES = ("ORIGINAL", "DERIVED", "PRIMARY", "SECONDARY", "LOCALIZER")
_PSEUDONYM = re.compile("[0-9a-f]{32}")
_DATE = re.compile(r"\b(\d{4})-(\d\d)-(\d\d)\b")
_METHOD = "lumbargrade: keyed pseudonyms, shifted dates; pixels unchanged"


@dataclass(frozen=True)
class KeyedRenaming:
    """The pseudonyms of one key for all that a study says of its patient (``study.limits``)."""

    pseudonyms: Pseudonyms

    def uid(self, kind: str, uid: str) -> str:
        """Return the UID that stands for one of a study, series, slice or frame of reference."""
        return uid_of_pseudonym(self.pseudonyms.of(kind, uid)) if uid else ""

    def file(self, name: str) -> str:
        """Return a name for a file: each folder and the file under a pseudonym, the ending kept."""
        return re.sub(r"[^/:]+", lambda found: self._part(found[0]), name)

    def _part(self, name: str) -> str:
        stem, frame, number = name.rpartition(" frame ")
        if frame and number.isdecimal():
            return f"{self._part(stem)} frame {number}"
        ending = PurePosixPath(name).suffix.lower()
        kept = ending if ending in _ENDINGS else ""
        return self.pseudonyms.of("file name", name)[:_NAME_LETTERS] + kept

    def inputs(self, inputs: Sequence[StudyInput]) -> tuple[StudyInput, ...]:
        """Return the inputs with pseudonyms for names: a folder is often named after its patient.

        The pseudonym is that of a patient of this name, so that it fits a folder named by the ID.
        """
        return tuple(replace(one, name=self.pseudonyms.of("patient", one.name)) for one in inputs)

    def word(self, word: UserWord) -> UserWord:
        """Return the user's word, a series under its pseudonym."""
        return replace(word, series=self.uid("series", word.series)) if "." in word.series else word

    def drawn(self, boxes: DrawnBoxes | None) -> DrawnBoxes | None:
        """Return drawn boxes under the pseudonyms of their slices."""
        if boxes is None:
            return None
        return {
            (self.uid("series", series), self.uid("slice", sop)): box
            for (series, sop), box in boxes.items()
        }

    def study(self, study: Study) -> Study:
        """Return a study under pseudonyms, which grades as the study itself does."""
        uid = study.study_instance_uid
        patient = self.pseudonyms.of_patient(study.patient_id, uid if is_uid(uid) else "")
        days = self.pseudonyms.origin_day(patient)
        return Study(
            study_instance_uid=self.uid("study", uid),
            patient_id=patient,
            series=tuple(self._series(one, patient, days) for one in study.series),
            not_read=tuple(map(self._not_read, study.not_read)),
            study_date=_shifted(study.study_date, days),
            notes=tuple(_with_dates(note, days) for note in study.notes),
        )

    def _series(self, series: Series, patient: str, days: int) -> Series:
        acquisition = _nameless(series.acquisition)
        return Series(
            self.uid("series", series.series_instance_uid),
            series.series_number,
            acquisition,
            tuple(self._slice(one, patient, days) for one in series.slices),
        )

    def _slice(self, item: Slice, patient: str, days: int) -> Slice:
        reference = item.reference
        return replace(
            item,
            series_instance_uid=self.uid("series", item.series_instance_uid),
            sop_instance_uid=self.uid("slice", item.sop_instance_uid),
            acquisition=_nameless(item.acquisition),
            reference=None if reference is None else self._header(reference, patient, days),
            frame_of_reference_uid=self.uid("frame of reference", item.frame_of_reference_uid),
        )

    def _header(self, stored: Dataset, patient: str, days: int) -> Dataset:
        """Return what a structured report repeats: of the patient the pseudonym, sex and age."""
        known, header = decoded(stored), Dataset()
        for keyword in _KEPT:
            if keyword in known:
                setattr(header, keyword, known[keyword].value)
        for keyword, kind in _UIDS.items():
            if keyword in known:
                setattr(header, keyword, self.uid(kind, str(known[keyword].value)))
        if "FrameOfReferenceUID" in known:
            frame = str(known.FrameOfReferenceUID)
            header.FrameOfReferenceUID = self.uid("frame of reference", frame)
        born, examined = (
            _date(str(known.get(keyword) or "")) for keyword in ("PatientBirthDate", "StudyDate")
        )
        header.PatientID, header.PatientName, header.PatientBirthDate = patient, "", ""
        header.PatientAge = _age(str(known.get("PatientAge") or ""), born, examined)
        header.StudyDate = _shifted(str(known.get("StudyDate") or ""), days)
        header.PatientIdentityRemoved, header.DeidentificationMethod = "YES", _METHOD
        return header

    def message(self, text: str, paths: Sequence[Path]) -> str:
        """Return why these paths cannot be read, without their names."""
        for path in sorted(paths, key=lambda one: -len(str(one))):
            name = self.pseudonyms.of("patient", path.name)
            for spoken in (shown(str(path)), str(path), shown(path.name)):
                text = text.replace(spoken, name) if len(spoken) > 1 else text
        # A cap names the file that went over it, below what was given.
        head, colon, rest = text.partition(": the study ")
        return f"{self.file(head)}{colon}{rest}" if colon and not _PSEUDONYM.match(head) else text

    def arm(self, arm: Arm) -> Arm:
        """Return a grading that reads under pseudonyms, of which user and drawn boxes speak too."""
        predict = arm.options.predict
        options = replace(
            arm.options,
            read=replace(arm.options.read, renaming=self),
            predict=replace(predict, word=self.word(predict.word), drawn=self.drawn(predict.drawn)),
        )
        return replace(arm, options=options)

    def _not_read(self, item: NotGraded) -> NotGraded:
        return replace(
            item,
            sop_instance_uid=self.uid("slice", item.sop_instance_uid),
            series_instance_uid=self.uid("series", item.series_instance_uid),
        )


def _nameless(told: Acquisition) -> Acquisition:
    """Return how a slice was acquired, of each name only the words that a series is known by."""
    known = words()
    is_modality = told.modality in WITHOUT_HEADER or re.fullmatch("[A-Z]{0,4}", told.modality)
    return replace(
        told,
        modality=told.modality if is_modality else LEFT_OUT,
        contrast_agent=known_words(told.contrast_agent),
        sequence_name="ep" if ECHO_PLANAR_SEQUENCE.match(told.sequence_name) else "",
        study_description=known_words(told.study_description),
        series_description=known_words(told.series_description),
        protocol_name=known_words(told.protocol_name),
        body_part_examined=known_words(told.body_part_examined),
        image_type=tuple(
            value
            if value.upper() in _TYPES or known.kind_of_type(value) or known.contrast_of_type(value)
            else LEFT_OUT.upper()
            for value in told.image_type
        ),
    )


def _date(stored: str) -> date | None:
    try:
        return (
            date(int(stored[:4]), int(stored[4:6]), int(stored[6:8])) if len(stored) == 8 else None
        )
    except ValueError:
        return None


def _shifted(stored: str, days: int) -> str:
    """Return a date (YYYYMMDD) so many days later; "" for what is none."""
    day = _date(stored)
    try:
        return "" if day is None else (day + timedelta(days)).strftime("%Y%m%d")
    except OverflowError:
        return ""


def _with_dates(note: str, days: int) -> str:
    def later(found: re.Match[str]) -> str:
        moved = _shifted("".join(found.groups()), days)
        return f"{moved[:4]}-{moved[4:6]}-{moved[6:]}" if moved else "no date"

    return _DATE.sub(later, note)


def _age(stored: str, born: date | None, examined: date | None) -> str:
    """Return an age as DICOM writes it (054Y); "" where it is not known."""
    if re.fullmatch(r"\d{3}[DWMY]", stored):
        return stored if stored[3] != "Y" else f"{min(int(stored[:3]), OLDEST_YEARS):03d}Y"
    if born is None or examined is None or examined < born:
        return ""
    return f"{min(full_years(born, examined), OLDEST_YEARS):03d}Y"


def renaming_of(key: Path) -> KeyedRenaming:
    """Return the pseudonyms of a key file; a new key is written where there is none.

    Raises CohortError if it cannot be read, is no key or can be read by others, and OutputError if
    it cannot be written.
    """
    return KeyedRenaming(Pseudonyms(key_of(key)))
