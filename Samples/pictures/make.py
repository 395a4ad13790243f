#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the pictures beside it, which Tests/ImagesTests read. Needs Pillow 11 or newer, vips (Debian's libvips-tools), a C compiler and
libjpeg-dev.

Upright, each shows four quarters: red and green above, blue and white below.
"""

import pathlib
import subprocess
import tempfile

from PIL import Image, PngImagePlugin

HERE = pathlib.Path(__file__).parent
RED, GREEN, BLUE, WHITE = (220, 30, 40), (20, 160, 60), (30, 60, 200), (250, 250, 250)
ORIENTATION, GPS = 0x0112, 0x8825
STORED = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
"""What is done to an upright picture so that it is stored as the value of Orientation says."""


def quarters(width=48, height=32):
    picture = Image.new("RGB", (width, height), WHITE)
    picture.paste(RED, (0, 0, width // 2, height // 2))
    picture.paste(GREEN, (width // 2, 0, width, height // 2))
    picture.paste(BLUE, (0, height // 2, width // 2, height))
    return picture


def exif(orientation=1):
    data = Image.Exif()
    data[ORIENTATION] = orientation
    data[0x010E] = "SECRET description"
    data[0x013B] = "SECRET author"
    data.get_ifd(GPS).update({1: "N", 2: (53.0, 33.0, 1.0), 3: "E", 4: (9.0, 59.0, 1.0)})
    return data


def save(picture, name, **options):
    picture.save(HERE / name, **options)


def jpegs(picture):
    options = {"quality": 92, "subsampling": 0}
    save(picture, "progressive.jpg", progressive=True, **options)
    save(picture.convert("L"), "gray.jpg", **options)
    save(picture.convert("CMYK"), "cmyk.jpg", **options)
    save(quarters(2000, 200), "wide.jpg", quality=60)
    for orientation in range(1, 9):
        stored = picture.transpose(STORED[orientation]) if orientation > 1 else picture
        save(stored, f"orientation-{orientation}.jpg", exif=exif(orientation), **options)
    comment = b"<html><script>SECRET</script></html>"
    save(picture, "secrets.jpg", exif=exif(), comment=comment, xmp=b"<x:xmpmeta>SECRET</x:xmpmeta>", **options)
    with open(HERE / "secrets.jpg", "ab") as file:
        file.write(b"<html>SECRET after the end</html>")


def pngs(picture):
    text = PngImagePlugin.PngInfo()
    text.add_text("Author", "SECRET")
    text.add_itxt("Comment", "SECRET", zip=True)
    save(picture, "secrets.png", pnginfo=text, exif=exif(6))
    save(picture.quantize(4), "palette.png")
    clear = picture.convert("RGBA")
    clear.putpixel((47, 31), (0, 0, 0, 0))
    clear.paste((0, 0, 0, 0), (24, 16, 48, 32))
    save(clear, "alpha.png")
    save(clear.quantize(8), "palette-alpha.png")
    save(picture.convert("L").convert("I;16").point(lambda value: value * 257), "gray-16.png")
    save(picture.convert("LA"), "gray-alpha.png")
    save(Image.new("RGB", (1, 1), RED), "one.png")


def webps(picture):
    save(picture, "lossy.webp", quality=95, exif=exif(6).tobytes())
    save(picture, "lossless.webp", lossless=True)
    clear = picture.convert("RGBA")
    clear.paste((0, 0, 0, 0), (24, 16, 48, 32))
    save(clear, "alpha.webp", lossless=True, xmp=b"<x:xmpmeta>SECRET</x:xmpmeta>")
    save(picture, "animated.webp", save_all=True, append_images=[picture.rotate(180)], duration=100, loop=0)


def gifs(picture):
    save(picture.quantize(4), "still.gif", comment=b"SECRET", interlace=1)
    frames = [picture, picture.rotate(180), Image.new("RGB", picture.size, RED)]
    frames = [frame.quantize(16) for frame in frames]
    options = {"save_all": True, "append_images": frames[1:], "duration": [100, 250, 70], "loop": 3, "disposal": 2}
    save(frames[0], "animated.gif", comment=b"SECRET", **options)


def by_vips(picture):
    """What Pillow cannot write."""
    with tempfile.TemporaryDirectory() as folder:
        source, wide = f"{folder}/source.png", f"{folder}/wide.v"
        picture.save(source)
        for command in (
            ("pngsave", source, str(HERE / "interlaced.png"), "--interlace", "--strip"),
            ("icc_transform", source, wide, "p3", "--input-profile", "srgb"),
            ("jpegsave", wide, str(HERE / "display-p3.jpg"), "--Q", "92", "--subsample-mode", "off"),
            ("pngsave", wide, str(HERE / "display-p3.png")),
            ("colourspace", source, f"{folder}/deep.v", "rgb16"),
            ("pngsave", f"{folder}/deep.v", str(HERE / "rgb-16.png"), "--strip"),
        ):
            subprocess.run(["vips", *command], check=True)


def ycck():
    """What neither can write: by libjpeg itself."""
    with tempfile.TemporaryDirectory() as folder:
        program = f"{folder}/ycck"
        subprocess.run(["cc", "-o", program, str(HERE / "ycck.c"), "-ljpeg"], check=True)
        (HERE / "ycck.jpg").write_bytes(subprocess.run([program], check=True, capture_output=True).stdout)


def main():
    picture = quarters()
    for make in (jpegs, pngs, webps, gifs, by_vips):
        make(picture)
    ycck()


main()
