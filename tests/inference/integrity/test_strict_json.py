"""JSON that Python would take, or choke on, is refused in one line."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumbargrade.inference.integrity.strict_json import LARGEST_BYTES, parse_json

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**15), 10**15) | st.text(max_size=5)
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=8,
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"a": NaN}', "NaN is no number of JSON"),
        ('{"a": -Infinity}', "-Infinity is no number of JSON"),
        ('{"a": 1e999}', "1e999 is larger than a number can be"),
        (f'{{"a": {"1" * 5000}}}', "a whole number of 5000 digits, 18 are allowed"),
        ('{"a": 1, "a": 2}', "it names 'a' twice"),
        ("[" * 100_000, "nested too deeply"),
        ('{"a": "\\ud800"}', "surrogates not allowed"),
        ("{", "Expecting property name"),
    ],
)
def test_what_a_later_step_would_stumble_over_is_refused(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse_json(text.encode())


def test_more_than_any_bundle_needs_is_refused() -> None:
    with pytest.raises(ValueError, match=f"bytes, {LARGEST_BYTES} are allowed"):
        parse_json(b" " * (LARGEST_BYTES + 1))


@given(PLAIN)
def test_plain_data_come_back(content: Any) -> None:
    assert parse_json(json.dumps(content).encode()) == content


@given(st.binary(max_size=60))
def test_any_bytes_are_content_or_a_value_error(data: bytes) -> None:
    with contextlib.suppress(ValueError):  # and nothing else
        parse_json(data)
