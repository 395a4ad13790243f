# SPDX-License-Identifier: Apache-2.0
"""The tables of the report, and the facts about the machine."""

import datetime
import os
import pathlib
import platform
import re
import statistics
import subprocess

from disk import file_system, syncs_per_second
from servers import WORKERS, nginx_path

HERE = pathlib.Path(__file__).resolve().parent


def spread(values, digits):
    text = f"{statistics.median(values):,.{digits}f}"
    return text if len(values) == 1 else f"{text} ({min(values):,.{digits}f}–{max(values):,.{digits}f})"


def table(columns, left, rows):
    lines = [columns, ["---" if c in left else "--:" for c in columns], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


# --- the bars ---


def bar_row(result, sizes):
    bar = result.bar
    limit = f"{bar.limit:.2f}×" if bar.yardstick else f"{bar.limit:,g} {bar.unit.split()[0]}"
    limit = f"{'≥' if bar.is_least else '≤'} {limit}"
    name = bar.name.format(**sizes)
    if result.failure:
        return [name, "–", bar.unit, bar.yardstick or "–", "–", limit, "**failed**"]
    yardstick = f"{bar.yardstick}: {spread(result.yardstick, bar.digits)}" if bar.yardstick else "–"
    ratio = f"{result.ratio:.2f}" if bar.yardstick else "–"
    met = "yes" if result.is_met else "**no**"
    return [name, spread(result.values, bar.digits), bar.unit, yardstick, ratio, limit, met]


def bar_table(results, sizes):
    columns = ["bar", "measured", "unit", "yardstick", "ratio", "limit", "met"]
    return table(columns, ("bar", "unit", "yardstick"), [bar_row(result, sizes) for result in results])


# --- beside another build ---


def beside_row(result, other, sizes):
    values = [spread(each.values, result.bar.digits) if each.values else "–" for each in (other, result)]
    both = other.values and result.values
    ratio = f"{statistics.median(result.values) / statistics.median(other.values):.2f}" if both else "–"
    better = "more" if result.bar.is_least else "less"
    return [result.bar.name.format(**sizes), *values, result.bar.unit, ratio, better]


def beside_table(results, others, sizes):
    by_bar = {other.bar: other for other in others}
    columns = ["bar", "other build", "this build", "unit", "ratio", "better is"]
    return table(columns, ("bar", "unit", "better is"), [beside_row(result, by_bar[result.bar], sizes) for result in results])


def notes(results, sizes):
    lines = [f"- {r.bar.name.format(**sizes)}: {r.failure or r.note}" for r in results if r.failure or r.note]
    return "\n".join(lines)


# --- the figures beside them ---


def figure_row(figure):
    rounds = figure.rounds
    return [
        figure.case,
        figure.server,
        f"{figure.length:,}" if figure.length >= 0 else "any",
        str(figure.connections),
        spread([r.microseconds for r in rounds], 1),
        spread([r.per_second for r in rounds], 0),
        spread([r.p50 for r in rounds], 2),
        spread([r.p99 for r in rounds], 2),
    ]


def figure_table(figures):
    columns = ["case", "server", "bytes", "connections", "µs processor / request", "requests / s", "p50 ms", "p99 ms"]
    return table(columns, ("case", "server"), map(figure_row, figures))


# --- the machine ---


def output_of(*arguments):
    try:
        done = subprocess.run(arguments, capture_output=True, text=True, timeout=20, cwd=HERE)
    except OSError:
        return "unknown"
    return (done.stdout + done.stderr).strip() or "unknown"


def first_match(pattern, text):
    return match[1].strip() if (match := re.search(pattern, text)) else "unknown"


def version(bench):
    return output_of(bench.binary, "--version").removeprefix("wireroom ")


def facts(bench, seconds_taken, load_before):
    swift = first_match(r"Swift version (\S+)", output_of("swift", "--version"))
    nginx = first_match(r"nginx/(\S+)", output_of(nginx_path(), "-v"))
    nchan = output_of("dpkg-query", "-W", "-f", "${Version}", "libnginx-mod-nchan")
    processor = first_match(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    sizes, syncs = bench.sizes, syncs_per_second(bench.folder)
    return {
        "commit": output_of("git", "describe", "--always", "--dirty", "--exclude=*"),
        "wireroom": version(bench),
        "processor": f"{processor}, {os.cpu_count()} cores",
        "kernel": platform.release(),
        "versions": f"Swift {swift}, nginx {nginx}, nchan {nchan}",
        "disk": f"{file_system(bench.folder)}, {syncs:,.0f} appends of 4 KiB with fdatasync a second",
        "workers": f"{WORKERS} each; the load comes from one thread on the same machine",
        "rounds": f"in turns: {sizes.load_rounds} of {sizes.seconds:g} s for requests, {sizes.rounds} for the rest",
        "load average": f"{load_before:.2f} → {os.getloadavg()[0]:.2f} (1 min, before → after)",
        "taken": f"{seconds_taken:.0f} s, without the build",
    }


def report(bench, seconds_taken, load_before, other=None):
    """The report of a bench; `other` is the bench of a build beside it, measured case by case in the same run."""
    sizes = bench.sizes.named
    listed = "\n".join(f"- {name}: {value}" for name, value in facts(bench, seconds_taken, load_before).items())
    parts = [
        f"# {datetime.date.today()}",
        listed,
        "Median (min–max). Ratio: of the medians.",
        bar_table(bench.results, sizes),
        notes(bench.results, sizes),
        f"## Beside another build (wireroom {version(other)}), in the same run" if other else "",
        beside_table(bench.results, other.results, sizes) if other else "",
        "## Beside the bars" if bench.figures else "",
        figure_table(bench.figures) if bench.figures else "",
        "### Those of the other build" if other and other.figures else "",
        figure_table(other.figures) if other and other.figures else "",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"
