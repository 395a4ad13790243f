# SPDX-License-Identifier: Apache-2.0
"""Processor time of a photograph's files: the original and four widths, each as WebP and JPEG, beside vipsthumbnail."""

import os
import re
import subprocess

import bars
from servers import Failed, check, new_folder

WIDTHS = (320, 640, 1280, 1920)
FORMATS = ("webp", "jpg")
WIDTH, HEIGHT = 4032, 3024
OCTAVES = ((400, 110), (90, 60), (24, 40), (7, 26))
"""Cells in pixels, and amplitudes, of the noise that stands for a photograph: about 5.7 MB as a camera would store it."""
LIMITS = (60_000_000, 16_383, 1_000, 250_000_000, 64 << 20, 256 << 20, 1 << 30, 30)
"""As ImageLimits has them, in the order of WorkerRequest's arguments."""


def pictures(bench):
    folder = new_folder(bench)
    photograph = make_photograph(folder)
    rounds = [(ours(bench.binary, photograph, folder), theirs(photograph, folder)) for _ in range(bench.sizes.rounds)]
    own, other = zip(*rounds)
    note = f"{photograph.stat().st_size / 1e6:.1f} MB, {WIDTH} × {HEIGHT}"
    bench.result(bars.PICTURE, own, note=note)
    bench.result(bars.PICTURE_RATIO, own, other, note="which does not write the original")


def make_photograph(folder):
    """Noise of several sizes in each colour, with the grain of a sensor."""

    def vips(*arguments):
        subprocess.run(["vips", *map(str, arguments)], cwd=folder, check=True, timeout=60)

    for band in range(3):
        for index, (cell, amplitude) in enumerate(OCTAVES):
            vips("perlin", "noise.v", WIDTH, HEIGHT, "--cell-size", cell, "--seed", band * 10 + index)
            vips("linear", "noise.v", f"octave-{index}.v", amplitude, 32)
        vips("sum", " ".join(f"octave-{index}.v" for index in range(len(OCTAVES))), f"band-{band}.v")
    vips("bandjoin", " ".join(f"band-{band}.v" for band in range(3)), "colors.v")
    vips("gaussnoise", "grain.v", WIDTH, HEIGHT, "--mean", 0, "--sigma", 7)
    vips("add", "colors.v", "grain.v", "sum.v")
    vips("cast", "sum.v", "bytes.v", "uchar")
    vips("copy", "bytes.v", "photograph.v", "--interpretation", "srgb")
    vips("jpegsave", "photograph.v", "photograph.jpg", "--Q", 90)
    for file in folder.glob("*.v"):
        file.unlink()
    return folder / "photograph.jpg"


def milliseconds(usage):
    return (usage.ru_utime + usage.ru_stime) * 1000


def ours(binary, photograph, folder):
    """The worker with the descriptors that the server gives it: the picture, the pipe for its reply, and the files."""
    names = ["original"] + [f"{width}.{format}" for width in WIDTHS for format in FORMATS]
    reading, writing = os.pipe()
    source = os.open(photograph, os.O_RDONLY)
    files = [os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC) for name in names]
    given = [source, writing, writing, *files]
    # Above those that it gets, so that none is replaced before it is duplicated.
    copies = [os.dup2(descriptor, 200 + index) for index, descriptor in enumerate(given)]
    actions = [(os.POSIX_SPAWN_DUP2, copy, index) for index, copy in enumerate(copies)]
    bounds = (0, photograph.stat().st_size, *LIMITS)
    process = os.posix_spawn(binary, [binary, "process-image", *map(str, bounds)], {}, file_actions=actions)
    for descriptor in {*given, *copies}:
        os.close(descriptor)
    _, status, usage = os.wait4(process, 0)
    reply = os.read(reading, 1024).decode()
    os.close(reading)
    check(status == 0 and reply.startswith(f"image image/jpeg {WIDTH} {HEIGHT} "), f"the worker's reply: {status}, {reply}")
    check(reply.split()[6:] == names, f"not all files: {reply}")
    check(all((folder / name).stat().st_size > 1000 for name in names), "a file is too short")
    return milliseconds(usage)


def theirs(photograph, folder):
    """One run for each file, as it makes one; with the same qualities, on one thread."""
    total = 0
    for width in WIDTHS:
        for format, quality in zip(FORMATS, (76, 80)):
            output = folder / f"vips-{width}.{format}"
            command = ["vipsthumbnail", photograph, "-s", f"{width}x", "-o", f"{output}[Q={quality},strip]"]
            process = subprocess.Popen(command, env={**os.environ, "VIPS_CONCURRENCY": "1"}, stderr=subprocess.PIPE, text=True)
            words = process.stderr.read()
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            if status != 0 or not re.search(rb"WEBP|JFIF|\xff\xd8", output.read_bytes()[:16]):
                raise Failed(f"vipsthumbnail: {words}")
            total += milliseconds(usage)
    return total
