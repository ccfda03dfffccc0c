"""A bundle that obeys the format and whose answers are known, and studies to go with it.

The locator answers with the local brightness, so it finds a bright blob; the grader's
logits are constants (plus a trace of the patch), so every grade is known beforehand.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import UID, ExplicitVRLittleEndian

from lumbargrade.errors import BundleError
from lumbargrade.grading.system import GRADING_SYSTEMS
from lumbargrade.inference.integrity.sums import write_sums
from lumbargrade.morphometry.layers import LAYERS
from lumbargrade.training.export.seal import seal

LOGITS = {
    "LDH": (0.0, 1.0, 3.0, 0.0),
    "LCCS": (2.0, 0.0, 0.0, 0.0),
    "LNRC_left": (0.0, 2.0, 1.0, 0.0),
    "LNRC_right": (0.0, 0.0, 0.0, 2.5),
}
GRADES = {"LDH": 2, "LCCS": 0, "LNRC_left": 1, "LNRC_right": 3}
OUTPUTS = [
    {"name": "LDH", "system": "LDH", "side": None, "grades": 4},
    {"name": "LCCS", "system": "LCCS", "side": None, "grades": 4},
    {"name": "LNRC_left", "system": "LNRC", "side": "left", "grades": 4},
    {"name": "LNRC_right", "system": "LNRC", "side": "right", "grades": 4},
]
OUTLINER = {
    "size_mm": 84.0,
    "pixels": 128,
    "layers": list(LAYERS),
    "measure_errors": {"sac_area_mm2": 7.5},
}
SPACING_MM = 1.0
ROWS, COLUMNS = 160, 176
MR = UID("1.2.840.10008.5.1.4.1.1.4")


def write_bundle(
    folder: Path,
    disc_logit: float = 3.0,
    plane_logits: Sequence[float] | None = None,
    **changes: Any,
) -> Path:
    """Write a bundle; ``changes`` replace (or, if None is a value, set) manifest fields.

    With ``plane_logits`` it draws outlines: always those of :func:`masks`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    channels = len(changes.get("grader_input", ["picture"]))
    logits: dict[str, Sequence[float]] = {**LOGITS, "disc": (0.0, disc_logit)}
    onnx.save(_grader(logits, channels), folder / "grader.onnx")
    onnx.save(_locator(), folder / "locator.onnx")
    (folder / "MODEL_CARD.md").write_text("Constants. Not trained on anything.\n")
    names = ["grader.onnx", "locator.onnx", "MODEL_CARD.md"]
    if plane_logits is not None:
        names.append("outliner.onnx")
        onnx.save(_outliner(plane_logits), folder / "outliner.onnx")
        changes = {"outliner": OUTLINER, **changes}
    manifest = {
        "schema": "lumbargrade.bundle/1",
        "name": "tiny",
        "version": "1",
        "created": "2026-01-01",
        "software_version": "0",
        "contrasts": ["t2"],
        "grading_systems": [system.to_dict() for system in GRADING_SYSTEMS.values()],
        "outputs": OUTPUTS,
        "disc_output": "disc",
        "disc_threshold": 0.5,
        "patch": {"size_mm": 75.0, "pixels": 128},
        "locator": {"spacing_mm": 2.0, "pixels": 128},
        "temperatures": {name: 1.0 for name in LOGITS},
        "trained_on": "nothing: constants",
        "recipe": {},
        "data": {},
        "metrics": {},
        **changes,
    }
    manifest.setdefault("files", {name: sha256(folder / name) for name in names})
    (folder / "bundle.json").write_text(json.dumps(manifest))
    return sealed(folder)


def sealed(folder: Path) -> Path:
    """Seal a bundle as ``export`` does; one that is wrong gets only its list of files."""
    try:
        seal(folder)
    except BundleError:
        write_sums(folder)
    return folder


def sealed_anew(folder: Path) -> Path:
    """Let a bundle whose networks were exchanged name them as its own, as a careless hand would."""
    manifest = json.loads((folder / "bundle.json").read_text())
    manifest["files"] = {name: sha256(folder / name) for name in manifest["files"]}
    (folder / "bundle.json").write_text(json.dumps(manifest))
    write_sums(folder)
    return folder


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _grader(logits: dict[str, Sequence[float]], channels: int) -> onnx.ModelProto:
    nodes = [
        helper.make_node(
            "AveragePool", ["patch"], ["cells"], kernel_shape=[32, 32], strides=[32, 32]
        )
    ]
    weights, outputs = [], []
    for name, values in logits.items():
        weight = np.full((len(values), channels, 1, 1), 0.01, np.float32)
        weights += [
            numpy_helper.from_array(weight, f"{name}_w"),
            numpy_helper.from_array(np.array(values, np.float32), f"{name}_b"),
        ]
        inputs = ["cells", f"{name}_w", f"{name}_b"]
        nodes += [
            helper.make_node("Conv", inputs, [f"{name}_map"], kernel_shape=[1, 1]),
            helper.make_node("ReduceMean", [f"{name}_map"], [name], axes=[2, 3], keepdims=0),
        ]
        shapes: dict[str, list[str | int | None]] = {
            name: ["N", len(values)],
            f"{name}_map": ["N", len(values), 4, 4],
        }
        if name == "disc":
            del shapes["disc_map"]
        outputs += [
            helper.make_tensor_value_info(key, TensorProto.FLOAT, shape)
            for key, shape in shapes.items()
        ]
    return _model(nodes, "patch", outputs, weights, channels)


def masks() -> np.ndarray:
    """What the outline network draws: a disc, a canal behind it, and a sac of 10 x 8 mm."""
    axis = (np.arange(128) + 0.5 - 64) * 84 / 128
    x, y = axis[None, :], axis[:, None]
    drawn = np.zeros((len(LAYERS), 128, 128), dtype=np.float32)
    drawn[LAYERS.index("disc")] = (x / 25) ** 2 + ((y + 24) / 18) ** 2 < 1
    drawn[LAYERS.index("sac")] = (x / 5) ** 2 + ((y - 2) / 4) ** 2 < 1
    canal = (np.abs(x) < 11 - 0.6 * (y + 6)) & (y < 12)
    drawn[LAYERS.index("canal")] = canal & ((x / 25) ** 2 + ((y + 24) / 18) ** 2 >= 1) & (y > -9)
    return drawn


def _outliner(plane_logits: Sequence[float]) -> onnx.ModelProto:
    nodes = [
        helper.make_node("GlobalAveragePool", ["patch"], ["mean"]),
        helper.make_node("Mul", ["mean", "nothing"], ["zero"]),
        helper.make_node("Add", ["zero", "masks"], ["layers"]),
        helper.make_node("Flatten", ["zero"], ["row"]),
        helper.make_node("Add", ["row", "planes"], ["plane"]),
    ]
    outputs = [
        helper.make_tensor_value_info("layers", TensorProto.FLOAT, ["N", len(LAYERS), 128, 128]),
        helper.make_tensor_value_info("plane", TensorProto.FLOAT, ["N", 3]),
    ]
    weights = [
        numpy_helper.from_array(np.zeros(1, np.float32), "nothing"),
        numpy_helper.from_array((24 * masks() - 12).astype(np.float32)[None], "masks"),
        numpy_helper.from_array(np.array([plane_logits], np.float32), "planes"),
    ]
    return _model(nodes, "patch", outputs, weights)


def _locator() -> onnx.ModelProto:
    nodes = [
        # Output cell i is centred on overview pixel 2 i + 0.5, as of the real locator.
        helper.make_node(
            "AveragePool",
            ["overview"],
            ["mean"],
            kernel_shape=[10, 10],
            strides=[2, 2],
            pads=[4] * 4,
            count_include_pad=1,
        ),
        helper.make_node("Mul", ["mean", "gain"], ["heatmap"]),
    ]
    gain = numpy_helper.from_array(np.array(40.0, np.float32), "gain")
    shape: list[str | int | None] = ["N", 1, 64, 64]
    output = helper.make_tensor_value_info("heatmap", TensorProto.FLOAT, shape)
    return _model(nodes, "overview", [output], [gain])


def _model(
    nodes: Any, source: str, outputs: Any, weights: Any, channels: int = 1
) -> onnx.ModelProto:
    given = helper.make_tensor_value_info(source, TensorProto.FLOAT, ["N", channels, 128, 128])
    graph = helper.make_graph(nodes, "tiny", [given], outputs, weights)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def blob_picture(center_px: tuple[float, float], seed: int = 0) -> np.ndarray:
    """Return (ROWS, COLUMNS) uint16: dim tissue with one bright blob of 8 mm radius."""
    rows, columns = np.mgrid[0:ROWS, 0:COLUMNS]
    distance = np.hypot(columns - center_px[0], rows - center_px[1]) * SPACING_MM
    tissue = 100 + np.random.default_rng(seed).integers(0, 20, (ROWS, COLUMNS))
    return np.where(distance < 8, 1000, tissue).astype(np.uint16)


def axial(number: int, center_px: tuple[float, float] = (88.0, 90.0), **changes: Any) -> Dataset:
    """Return an axial T2 slice at z = 4 mm x ``number`` with a blob at ``center_px``."""
    dataset = Dataset()
    dataset.SOPClassUID = MR
    dataset.SOPInstanceUID = f"1.2.826.0.1.3680043.8.498.7.{number + 1}"
    dataset.StudyInstanceUID = "1.2.826.0.1.3680043.8.498.7"
    dataset.SeriesInstanceUID = "1.2.826.0.1.3680043.8.498.7.1.1"
    dataset.SeriesNumber, dataset.InstanceNumber = 1, number + 1
    dataset.PatientID, dataset.PatientName = "TINY", "Tiny^Study"
    dataset.Modality, dataset.ImageType = "MR", ["ORIGINAL", "PRIMARY", "M", "ND"]
    dataset.ScanningSequence, dataset.SequenceVariant = "SE", "SK"
    dataset.EchoTime, dataset.RepetitionTime, dataset.EchoTrainLength = 100, 3600, 15
    dataset.SliceThickness, dataset.MagneticFieldStrength = 4, 3
    dataset.SeriesDescription, dataset.BodyPartExamined = "t2_tse_tra", "LSPINE"
    dataset.ImagePositionPatient = [-COLUMNS / 2, -ROWS / 2, 4.0 * number]
    dataset.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    dataset.PixelSpacing = [SPACING_MM, SPACING_MM]
    dataset.Rows, dataset.Columns, dataset.SamplesPerPixel = ROWS, COLUMNS, 1
    dataset.PhotometricInterpretation, dataset.PixelRepresentation = "MONOCHROME2", 0
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = 16, 12, 11
    dataset.PixelData = blob_picture(center_px, number).tobytes()
    for keyword, value in changes.items():
        setattr(dataset, keyword, value)
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.file_meta.MediaStorageSOPClassUID = MR
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    return dataset


def write_study(folder: Path, datasets: Sequence[Dataset]) -> Path:
    """Write datasets as DICOM files into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for index, dataset in enumerate(datasets):
        dataset.save_as(folder / f"{index:04d}.dcm", enforce_file_format=True)
    return folder
