"""Counts in the format of Prometheus."""

from __future__ import annotations

from lumbargrade.serving.reading_room.metrics import Metrics


def test_answers_are_counted_by_route_and_in_bins() -> None:
    metrics = Metrics()
    metrics.note("GET", "/work/{work_id}", 200, 0.02)
    metrics.note("GET", "/work/{work_id}", 404, 0.2)
    lines = metrics.as_text({"lumbargrade_works": ("Studies.", 3)}).splitlines()
    label = 'method="GET",route="/work/{work_id}"'
    assert f'lumbargrade_requests_total{{{label},status="404"}} 1' in lines
    assert f'lumbargrade_request_seconds_bucket{{{label},le="0.025"}} 1' in lines
    assert f'lumbargrade_request_seconds_bucket{{{label},le="+Inf"}} 2' in lines
    assert f"lumbargrade_request_seconds_count{{{label}}} 2" in lines
    assert f"lumbargrade_request_seconds_sum{{{label}}} 0.220000" in lines
    assert lines[-1] == "lumbargrade_works 3"
