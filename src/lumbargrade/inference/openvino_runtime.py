"""Import OpenVINO's runtime, and only that.

``import openvino`` also imports its model converter, which this package does not use
and which reports the import to a statistics server. A tool that reads patients'
studies calls nobody, so the converter is kept out of the import; that also makes the
start-up 0.1 s shorter. What asks for the converter later still gets it.
"""

from __future__ import annotations

import sys
from types import ModuleType

_CONVERTER = "openvino.tools.ovc"


def load_openvino() -> ModuleType:
    """Return the ``openvino`` module without its converter and its telemetry."""
    missing = "openvino" not in sys.modules and _CONVERTER not in sys.modules
    if missing:
        # None makes the import machinery raise ImportError, which openvino expects.
        sys.modules[_CONVERTER] = None  # type: ignore[assignment]
    try:
        import openvino
    finally:
        if missing:
            del sys.modules[_CONVERTER]
    module: ModuleType = openvino
    return module
