"""The page's own script: small modules in one, which the page allows by its hash and no other."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from functools import cache

MODULES = ("window.js", "camera.js", "stack.js", "controls.js", "copy.js", "page.js")
"""In the order in which each needs those before it."""

_IMPORT = re.compile(r"^import [^;]*;\n", re.M)
_EXPORT = re.compile(r"^export ", re.M)


@cache
def script_of(resource: Callable[[str], str]) -> str:
    """Return the modules as one text for a ``<script type="module">``.

    Each file is a module of its own, for a server that has it loaded; in the page they share one
    scope, so that what they import and export is left out.
    """
    texts = (resource(f"script/{name}") for name in MODULES)
    return "\n".join(_EXPORT.sub("", _IMPORT.sub("", text)).strip() for text in texts) + "\n"


def policy_of(script: str) -> str:
    """Return the Content-Security-Policy of a page whose only script has exactly this text."""
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return (
        f"default-src 'none'; img-src data:; style-src 'unsafe-inline'; "
        f"script-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )
