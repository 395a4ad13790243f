# SPDX-License-Identifier: Apache-2.0
"""The server's gauges of its clients. All must return to zero after clients have disconnected, in whatever way."""

AT_REST = {
    "wireroom_http_connections": 1,  # the asking client's own
    "wireroom_http_held_bytes": 0,
    "wireroom_streams": 0,
    "wireroom_parked_polls": 0,
    "wireroom_writer_queue": 0,
}
AT_REST_WHERE_COUNTED = {
    "wireroom_jobs_running": 0,
    "wireroom_jobs_waiting": 0,
    "wireroom_cold_reads": 0,
    "wireroom_gauge_repairs_total": 0,
}
"""Only in some builds; with or without labels."""


def figures(text):
    """The values of /metrics by name and labels."""
    lines = (line.rpartition(" ") for line in text.splitlines() if not line.startswith("#"))
    return {name: float(value) for name, _, value in lines}


def left_over(metrics):
    """Gauges that are not at rest while only the asking client is connected: names and values; empty if all are."""
    left = {name: metrics.get(name) for name, value in AT_REST.items() if metrics.get(name) != value}
    for name, value in metrics.items():
        expected = AT_REST_WHERE_COUNTED.get(name.partition("{")[0])
        if expected is not None and value != expected:
            left[name] = value
    return left
