"""OpenVINO's runtime is imported without its converter, which reports to a server."""

from __future__ import annotations

import subprocess
import sys

from lumbargrade.inference.openvino_runtime import load_openvino


def test_neither_converter_nor_telemetry_is_imported() -> None:
    code = (
        "import sys\n"
        "from lumbargrade.inference.openvino_runtime import load_openvino\n"
        "runtime = load_openvino()\n"
        "assert runtime.Core is not None\n"
        "found = [name for name in sys.modules\n"
        "         if name.startswith('openvino.tools.ovc') or 'telemetry' in name]\n"
        "print(found)\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_it_is_the_module_that_everybody_gets() -> None:
    assert load_openvino() is load_openvino() is sys.modules["openvino"]
