// SPDX-License-Identifier: Apache-2.0
#include "internal.h"

#include <stdlib.h>
#include <string.h>

int cimages_allocate(cimages_raster *raster, uint32_t width, uint32_t height, uint32_t channels, cimages_failure *failure) {
    uint64_t pixels = (uint64_t)width * height;
    bool is_expected = raster->width == 0 || (raster->width == width && raster->height == height);
    if (!is_expected) return cimages_fail(failure, cimages_damaged, "The picture has two headers of different sizes");
    if (pixels == 0) return cimages_fail(failure, cimages_damaged, "The picture has no pixels");
    if (pixels > SIZE_MAX / 8) return cimages_fail_memory(failure);
    *raster = (cimages_raster){malloc(pixels * channels), width, height, channels};
    return raster->pixels ? 0 : cimages_fail_memory(failure);
}

void cimages_free(cimages_raster *raster) {
    free(raster->pixels);
    *raster = (cimages_raster){0};
}

static uint8_t on_white(uint32_t value, uint32_t alpha) { return (uint8_t)((value * alpha + 255 * (255 - alpha) + 127) / 255); }

void cimages_flatten(const uint8_t *from, uint8_t *to, uint32_t width) {
    for (uint32_t x = 0; x < width; x++, from += 4, to += 3)
        for (int i = 0; i < 3; i++) to[i] = on_white(from[i], from[3]);
}

void cimages_average(const cimages_raster *raster, uint8_t *color) {
    uint64_t sums[3] = {0}, count = (uint64_t)raster->width * raster->height;
    const uint8_t *pixel = raster->pixels;
    for (uint64_t i = 0; i < count; i++, pixel += raster->channels)
        for (int c = 0; c < 3; c++) sums[c] += raster->channels == 4 ? on_white(pixel[c], pixel[3]) : pixel[c];
    for (int c = 0; c < 3; c++) color[c] = (uint8_t)((sums[c] + count / 2) / count);
}

void cimages_drop_opaque_alpha(cimages_raster *raster) {
    if (raster->channels != 4) return;
    size_t count = (size_t)raster->width * raster->height;
    for (size_t i = 0; i < count; i++)
        if (raster->pixels[i * 4 + 3] != 255) return;
    for (size_t i = 0; i < count; i++) memmove(raster->pixels + i * 3, raster->pixels + i * 4, 3);
    raster->channels = 3;
}

/// Where a pixel of the upright picture is in the stored one: `*x` and `*y` are replaced. EXIF 2.32, table of the tag Orientation.
static void find_stored(int orientation, uint32_t width, uint32_t height, uint32_t *x, uint32_t *y) {
    uint32_t column = *x, row = *y;
    if (orientation >= 5) {
        column = *y;
        row = *x;
    }
    bool is_mirrored = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
    bool is_flipped = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
    *x = is_mirrored ? width - 1 - column : column;
    *y = is_flipped ? height - 1 - row : row;
}

/// In tiles, so that neither columns nor rows leave the processor's cache.
enum { TILE = 32 };

static void turn_tile(const cimages_raster *from, cimages_raster *to, int orientation, uint32_t left, uint32_t top) {
    uint32_t right = left + TILE < to->width ? left + TILE : to->width;
    uint32_t bottom = top + TILE < to->height ? top + TILE : to->height;
    for (uint32_t y = top; y < bottom; y++)
        for (uint32_t x = left; x < right; x++) {
            uint32_t column = x, row = y;
            find_stored(orientation, from->width, from->height, &column, &row);
            const uint8_t *pixel = from->pixels + ((size_t)row * from->width + column) * from->channels;
            memcpy(to->pixels + ((size_t)y * to->width + x) * to->channels, pixel, from->channels);
        }
}

int cimages_orient(cimages_raster *raster, int orientation, cimages_failure *failure) {
    if (orientation < 2 || orientation > 8) return 0;
    bool is_turned = orientation >= 5;
    cimages_raster upright = {0};
    uint32_t width = is_turned ? raster->height : raster->width, height = is_turned ? raster->width : raster->height;
    if (cimages_allocate(&upright, width, height, raster->channels, failure)) return -1;
    for (uint32_t top = 0; top < height; top += TILE)
        for (uint32_t left = 0; left < width; left += TILE) turn_tile(raster, &upright, orientation, left, top);
    cimages_free(raster);
    *raster = upright;
    return 0;
}
