"""Pages, from templates that escape whatever stands in them."""

from __future__ import annotations

from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse


def page(template: str, /, status: int = 200, **values: Any) -> HTMLResponse:
    """Return a page of a template in ``templates/``; a value that it lacks is an error."""
    return HTMLResponse(_environment().get_template(template).render(values), status)


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("lumbargrade.serving.reading_room"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
