// SPDX-License-Identifier: Apache-2.0
// Reducing a picture: the mean of the pixels that a new one covers. First down the columns, for whole rows at a time, then along the rows.
#include "internal.h"

#include <stdlib.h>
#include <string.h>

/// Sum of the weights of the pixels that a new one covers, of rows and of columns: products with 8 bits, squared for alpha, fit 32 bits.
enum { ONE = 1 << 16 };

/// The weight of stored pixel `index` in new pixel `place`. Those of a new pixel are differences of a sum that ends at ONE, so that they
/// add up to it exactly.
static uint32_t weight(uint64_t index, uint64_t place, uint64_t stored, uint64_t reduced) {
    uint64_t begin = place * stored, end = begin + stored;
    uint64_t from = index * reduced > begin ? index * reduced : begin;
    uint64_t to = (index + 1) * reduced < end ? (index + 1) * reduced : end;
    return (uint32_t)((to - begin) * ONE / stored - (from - begin) * ONE / stored);
}

typedef struct {
    const cimages_raster *source;
    cimages_raster *target;
    /// A row of the source, weighted down the columns; colours multiplied by alpha, if there is one.
    uint32_t *sums;
    /// For each column of the source its weight in the new column where it begins, and in the next.
    uint32_t *weights;
} scaling;

static void add_row(const scaling *scaling, const uint8_t *row, uint32_t weight) {
    uint32_t *restrict sums = scaling->sums;
    size_t width = scaling->source->width;
    if (scaling->source->channels == 3) {
        for (size_t i = 0; i < width * 3; i++) sums[i] += row[i] * weight;
        return;
    }
    for (size_t x = 0; x < width; x++) {
        uint32_t alpha = row[x * 4 + 3];
        for (size_t c = 0; c < 3; c++) sums[x * 4 + c] += row[x * 4 + c] * alpha * weight;
        sums[x * 4 + 3] += alpha * 255 * weight;
    }
}

static void put_opaque(uint8_t *pixel, const uint64_t *sums) {
    for (int c = 0; c < 3; c++) pixel[c] = (uint8_t)((sums[c] + (1ull << 31)) >> 32);
}

static void put_transparent(uint8_t *pixel, const uint64_t *sums) {
    uint64_t alpha = sums[3];
    pixel[3] = (uint8_t)((alpha / 255 + (1ull << 31)) >> 32);
    for (int c = 0; c < 3; c++) pixel[c] = alpha ? (uint8_t)((sums[c] * 255 + alpha / 2) / alpha) : 0;
}

static void write_row(const scaling *scaling, uint32_t y) {
    uint64_t stored = scaling->source->width, reduced = scaling->target->width;
    uint32_t channels = scaling->source->channels;
    uint8_t *pixel = scaling->target->pixels + (size_t)y * reduced * channels;
    const uint32_t *weights = scaling->weights;
    for (uint64_t x = 0; x < reduced; x++, pixel += channels) {
        uint64_t sums[4] = {0};
        uint64_t first = x * stored / reduced, end = ((x + 1) * stored + reduced - 1) / reduced;
        for (uint64_t column = first; column < end; column++) {
            uint64_t share = *weights++;
            const uint32_t *values = scaling->sums + column * channels;
            for (uint32_t c = 0; c < channels; c++) sums[c] += values[c] * share;
        }
        if (channels == 3) put_opaque(pixel, sums);
        else put_transparent(pixel, sums);
    }
}

static void list_weights(const scaling *scaling) {
    uint64_t stored = scaling->source->width, reduced = scaling->target->width;
    uint32_t *weights = scaling->weights;
    for (uint64_t x = 0; x < reduced; x++) {
        uint64_t end = ((x + 1) * stored + reduced - 1) / reduced;
        for (uint64_t column = x * stored / reduced; column < end; column++) *weights++ = weight(column, x, stored, reduced);
    }
}

static void scale(const scaling *scaling) {
    const cimages_raster *source = scaling->source;
    uint64_t stored = source->height, reduced = scaling->target->height;
    size_t values = (size_t)source->width * source->channels;
    list_weights(scaling);
    for (uint64_t y = 0; y < reduced; y++) {
        memset(scaling->sums, 0, values * sizeof *scaling->sums);
        uint64_t end = ((y + 1) * stored + reduced - 1) / reduced;
        for (uint64_t row = y * stored / reduced; row < end; row++)
            add_row(scaling, source->pixels + row * values, weight(row, y, stored, reduced));
        write_row(scaling, (uint32_t)y);
    }
}

int cimages_scale(
    const cimages_raster *source, uint32_t width, uint32_t height, cimages_raster *target, cimages_failure *failure) {
    if (cimages_allocate(target, width, height, source->channels, failure)) return -1;
    size_t columns = source->width;
    scaling scaling = {
        .source = source, .target = target,
        .sums = malloc(columns * source->channels * sizeof *scaling.sums),
        // A column on the border of two new ones has a weight in each.
        .weights = malloc((columns + width) * sizeof *scaling.weights),
    };
    int result = scaling.sums && scaling.weights ? 0 : cimages_fail_memory(failure);
    if (result == 0) scale(&scaling);
    else cimages_free(target);
    free(scaling.sums);
    free(scaling.weights);
    return result;
}
