"""The known picture runs in the padding, and another answer than the known one is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from lumbargrade.errors import BundleError, OtherNumbersError
from lumbargrade.inference.bundle import load_bundle
from lumbargrade.inference.integrity import network as module
from lumbargrade.inference.integrity.known_answer import Known
from lumbargrade.inference.integrity.network import BATCH, Network
from lumbargrade.inference.openvino_runtime import load_openvino

OPTIONS = {"PERFORMANCE_HINT": "LATENCY", "INFERENCE_PRECISION_HINT": "f32"}
Made = Callable[[Known | None], Network]


def pictures(count: int) -> np.ndarray:
    return np.random.default_rng(count).random((count, 1, 128, 128), dtype=np.float32)


@pytest.fixture
def made(bundle_folder: Path) -> Made:
    bundle = load_bundle(bundle_folder)
    file = bundle.network(bundle.grader_path)
    return lambda known: Network(load_openvino().Core(), file, OPTIONS, known)


@pytest.fixture
def known(bundle_folder: Path) -> Known:
    return load_bundle(bundle_folder).known["grader.onnx"]


@pytest.mark.parametrize("count", [1, BATCH - 1, BATCH, BATCH + 1, 2 * BATCH])
def test_answers_are_those_without_a_known_picture(made: Made, known: Known, count: int) -> None:
    with_it, without = made(known), made(None)
    for given in (pictures(count), pictures(count)[::-1]):
        found, wanted = with_it.run(given), without.run(given)
        for name, values in wanted.items():
            np.testing.assert_array_equal(found[name], values)


@pytest.mark.parametrize(("count", "asked"), [(3, [1, 1, 1]), (BATCH, [1, 0, 0])])
def test_it_is_asked_at_the_start_and_wherever_there_is_room(
    made: Made, known: Known, count: int, asked: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []

    def near(*_: object) -> tuple[str, float]:
        seen.append(1)
        return "LDH", 0.0

    monkeypatch.setattr(module, "farthest", near)
    network, found = made(known), []
    for _ in range(3):
        network.run(pictures(count))
        found.append(len(seen))
        seen.clear()
    assert found == asked


def test_a_slice_is_answered_alike_in_any_company() -> None:
    bundle = load_bundle()
    assert bundle.locator_path is not None
    file = bundle.network(bundle.locator_path)
    network = Network(load_openvino().Core(), file, OPTIONS, bundle.known["locator.onnx"])
    given = pictures(BATCH + 3)
    together = network.run(given)["heatmap"]
    for count in range(1, BATCH, 2):
        np.testing.assert_array_equal(network.run(given[:count])["heatmap"], together[:count])


def test_another_answer_is_refused(made: Made, known: Known) -> None:
    answers = {**known.answers, "LDH": known.answers["LDH"] + np.float32(0.5)}
    network = made(replace(known, answers=answers))
    message = r"this machine computes other numbers than .* \(output 'LDH' of the known picture"
    for run in (network.check, lambda: network.run(pictures(1))):
        with pytest.raises(OtherNumbersError, match=message):
            run()


def test_a_known_answer_that_is_not_finite_speaks_of_the_machine(made: Made, known: Known) -> None:
    network = made(replace(known, picture=np.full_like(known.picture, np.nan)))
    with pytest.raises(OtherNumbersError, match="differs by inf"):
        network.run(pictures(1))


def test_what_it_answers_is_known_from_then_on(made: Made, known: Known) -> None:
    again = made(None).answer(known.picture)
    made(again).check()
    np.testing.assert_allclose(again.answers["LDH"], known.answers["LDH"], rtol=1e-5)


def test_an_answer_that_is_not_finite_is_refused(made: Made, known: Known) -> None:
    for network in (made(None), made(known)):
        with pytest.raises(BundleError, match="is not a finite number: try --precision") as caught:
            network.run(np.full((1, 1, 128, 128), np.nan, np.float32))
        assert type(caught.value) is BundleError  # of this study, and not of the machine
