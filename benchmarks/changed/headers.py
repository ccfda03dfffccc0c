"""Changes of what the header says the picture is."""

from __future__ import annotations

from pydicom.uid import SecondaryCaptureImageStorage

from benchmarks.changed.change import CHANGES, Change, Files, with_elements

_ELEMENTS: dict[str, dict[str, dict[str, object]]] = {
    "what the picture is": {
        "diffusion, echo planar": {
            "ScanningSequence": ["EP", "SE"],
            "EchoTime": "80",
            "SeriesDescription": "Ax DWI b800",
            "DiffusionBValue": 800.0,
        },
        "a b-value alone": {"DiffusionBValue": 800.0},
        "echo planar alone": {"ScanningSequence": ["EP", "SE"]},
        "mosaic": {"ImageType": ["ORIGINAL", "PRIMARY", "M", "ND", "MOSAIC"]},
        "apparent diffusion coefficient": {"ImageType": ["DERIVED", "PRIMARY", "DIFFUSION", "ADC"]},
        "Dixon water by type": {"ImageType": ["DERIVED", "PRIMARY", "DIXON", "WATER"]},
        "Dixon water by name": {"SeriesDescription": "T2W_mDIXON_TSE W", "ProtocolName": ""},
        "Dixon fat by name": {"SeriesDescription": "t2_tse_dixon_tra_F", "ProtocolName": ""},
        "opposed phase by name": {"SeriesDescription": "OutPhase: AX T2 FLEX", "ProtocolName": ""},
        "STIR by inversion time": {"InversionTime": "160", "ScanningSequence": ["SE", "IR"]},
        "FLAIR by inversion time": {"InversionTime": "2200", "ScanningSequence": ["SE", "IR"]},
        "fat saturation by option": {"ScanOptions": "FS"},
        "T1 by times": {"EchoTime": "12", "RepetitionTime": "550"},
        "proton density by times": {"EchoTime": "20", "RepetitionTime": "3500"},
        "gradient echo": {"ScanningSequence": "GR", "EchoTime": "18", "RepetitionTime": "600"},
        "projection": {"ImageType": ["DERIVED", "SECONDARY", "PROJECTION IMAGE"]},
        "reformatted": {"ImageType": ["DERIVED", "SECONDARY", "MPR"]},
        "secondary capture": {"SOPClassUID": SecondaryCaptureImageStorage},
        "burned-in annotation": {"BurnedInAnnotation": "YES"},
        "computed tomography": {"Modality": "CT"},
        "no modality": {"Modality": None},
    },
    "what its name is": {
        "named T1, times of T2": {"SeriesDescription": "AX T1 TSE", "ProtocolName": ""},
        "named pilot": {"SeriesDescription": "PILOT", "ProtocolName": "PILOT"},
        "named localizer in German": {
            "SeriesDescription": "Übersicht",
            "SpecificCharacterSet": "ISO_IR 100",
        },
        "LOC inside a name": {"SeriesDescription": "T2 TSE AX BLOCK L3-S1", "ProtocolName": ""},
        "named in Spanish": {"SeriesDescription": "AX T2 COLUMNA LUMBAR", "ProtocolName": ""},
        "no name, times kept": {"SeriesDescription": "", "ProtocolName": ""},
        "named T2, no times": {
            "SeriesDescription": "AX T2 LUMBAR",
            "EchoTime": None,
            "RepetitionTime": None,
        },
        "no name, no times": {
            "SeriesDescription": "",
            "ProtocolName": "",
            "EchoTime": None,
            "RepetitionTime": None,
        },
        "post contrast": {
            "SeriesDescription": "AX T2 POST GD",
            "ContrastBolusAgent": "GADOBUTROL",
        },
        "a name of 1,000 signs": {"SeriesDescription": "T2 " * 333},
    },
    "where in the body": {
        "body part cervical": {"BodyPartExamined": "CSPINE"},
        "study cervical, body part general": {
            "BodyPartExamined": "SPINE",
            "StudyDescription": "MR CERVICAL SPINE WO",
            "SeriesDescription": "AX T2 FSE",
            "ProtocolName": "",
        },
        "body part lumbar, series cervical": {
            "BodyPartExamined": "LSPINE",
            "SeriesDescription": "AX T2 C-SPINE",
            "ProtocolName": "C-SPINE",
        },
        "body part head": {"BodyPartExamined": "HEAD"},
        "no body part": {"BodyPartExamined": None},
    },
    "who and when": {
        "no patient identifier": {"PatientID": ""},
        "no series number": {"SeriesNumber": None},
        "a Korean name": {
            "SpecificCharacterSet": ["", "ISO 2022 IR 149"],
            "PatientName": "Hong^Gildong=洪^吉洞=홍^길동",
        },
        "no slice thickness": {"SliceThickness": None},
        "no study date": {"StudyDate": "", "StudyTime": ""},
    },
}


def _setting(elements: dict[str, object]) -> Change:
    def apply(files: Files) -> Files:
        return with_elements(files, **elements)

    return Change("", "", apply)


for _kind, _named in _ELEMENTS.items():
    for _name, _elements in _named.items():
        CHANGES.append(Change(_name, _kind, _setting(_elements).apply))
