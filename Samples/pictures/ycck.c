// SPDX-License-Identifier: Apache-2.0
// Writes the quarters as a JPEG in YCCK, with inverted inks as Adobe stores them, to the standard output. make.py compiles it.
#include <stdio.h>
#include <jpeglib.h>

enum { WIDTH = 48, HEIGHT = 32 };

/// Red and green above, blue and white below; without black, ink is what is missing of a colour, and inverted is the colour itself.
static const JSAMPLE colors[2][2][4] = {
    {{220, 30, 40, 255}, {20, 160, 60, 255}},
    {{30, 60, 200, 255}, {250, 250, 250, 255}},
};

int main(void) {
    struct jpeg_error_mgr errors;
    struct jpeg_compress_struct jpeg;
    jpeg.err = jpeg_std_error(&errors);
    jpeg_create_compress(&jpeg);
    jpeg_stdio_dest(&jpeg, stdout);
    jpeg.image_width = WIDTH;
    jpeg.image_height = HEIGHT;
    jpeg.input_components = 4;
    jpeg.in_color_space = JCS_CMYK;
    jpeg_set_defaults(&jpeg);
    jpeg_set_colorspace(&jpeg, JCS_YCCK);
    jpeg_set_quality(&jpeg, 92, TRUE);
    jpeg_start_compress(&jpeg, TRUE);
    for (int y = 0; y < HEIGHT; y++) {
        JSAMPLE pixels[WIDTH * 4];
        for (int i = 0; i < WIDTH * 4; i++) pixels[i] = colors[2 * y / HEIGHT][2 * (i / 4) / WIDTH][i % 4];
        JSAMPROW row = pixels;
        jpeg_write_scanlines(&jpeg, &row, 1);
    }
    jpeg_finish_compress(&jpeg);
    jpeg_destroy_compress(&jpeg);
    return 0;
}
