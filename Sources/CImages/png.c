// SPDX-License-Identifier: Apache-2.0
// PNG (ISO/IEC 15948) by libpng.
#include "internal.h"

#include <stdlib.h>
#include <string.h>

/// Of a chunk when it is decompressed, such as a profile.
enum { MOST_CHUNK_BYTES = 8 << 20, MOST_CHUNKS = 1000 };

/// libpng leaves by longjmp: whatever must be freed is here.
typedef struct {
    jmp_buf leave;
    cimages_failure *failure;
    const uint8_t *bytes;
    size_t rest;
    png_structp png;
    png_infop info;
    cimages_raster *raster;
    cimages_sink *sink;
    uint8_t *row;
} png_context;

_Noreturn static void leave(png_structp png, png_const_charp text) {
    png_context *context = cimages_lib.png_get_error_ptr(png);
    if (strstr(text, "emory")) cimages_fail_memory(context->failure);
    else cimages_fail(context->failure, cimages_damaged, "The PNG is damaged: %.120s", text);
    longjmp(context->leave, 1);
}

static void ignore_warning(png_structp png, png_const_charp text) {
    (void)png;
    (void)text;
}

static void read_bytes(png_structp png, png_bytep target, size_t count) {
    png_context *context = cimages_lib.png_get_io_ptr(png);
    if (count > context->rest) cimages_lib.png_error(png, "it ends too early");
    memcpy(target, context->bytes, count);
    context->bytes += count;
    context->rest -= count;
}

static void set_limits(png_structp png) {
    cimages_lib.png_set_user_limits(png, 0x7FFFFFFF, 0x7FFFFFFF);
    cimages_lib.png_set_chunk_malloc_max(png, MOST_CHUNK_BYTES);
    cimages_lib.png_set_chunk_cache_max(png, MOST_CHUNKS);
}

static void read_rows(png_context *context, int passes) {
    cimages_raster *raster = context->raster;
    size_t stride = (size_t)raster->width * raster->channels;
    for (int pass = 0; pass < passes; pass++)
        for (uint32_t y = 0; y < raster->height; y++)
            cimages_lib.png_read_row(context->png, raster->pixels + y * stride, NULL);
}

static void apply_profile(png_context *context, bool is_gray) {
    png_charp name;
    png_bytep profile;
    png_uint_32 count;
    int compression;
    if (!cimages_lib.png_get_iCCP(context->png, context->info, &name, &compression, &profile, &count)) return;
    cimages_convert_raster(context->raster, profile, count, is_gray ? cimages_gray : cimages_rgb);
}

/// Everything that may leave by longjmp.
static int decode(png_context *context) {
    png_structp png = context->png;
    png_infop info = context->info = cimages_lib.png_create_info_struct(png);
    if (!info) return cimages_fail_memory(context->failure);
    set_limits(png);
    cimages_lib.png_set_read_fn(png, context, read_bytes);
    cimages_lib.png_read_info(png, info);
    bool is_gray = !(cimages_lib.png_get_color_type(png, info) & PNG_COLOR_MASK_COLOR);
    cimages_lib.png_set_expand(png);
    cimages_lib.png_set_scale_16(png);
    if (is_gray) cimages_lib.png_set_gray_to_rgb(png);
    int passes = cimages_lib.png_set_interlace_handling(png);
    cimages_lib.png_read_update_info(png, info);
    uint32_t width = cimages_lib.png_get_image_width(png, info), height = cimages_lib.png_get_image_height(png, info);
    uint32_t channels = cimages_lib.png_get_channels(png, info);
    if (cimages_allocate(context->raster, width, height, channels, context->failure)) return -1;
    read_rows(context, passes);
    cimages_lib.png_read_end(png, NULL);
    apply_profile(context, is_gray);
    return 0;
}

int cimages_decode_png(const uint8_t *bytes, size_t count, cimages_raster *raster, cimages_failure *failure) {
    png_context context = {.failure = failure, .bytes = bytes, .rest = count, .raster = raster};
    volatile int result = -1;
    if (!setjmp(context.leave)) {
        context.png = cimages_lib.png_create_read_struct(PNG_LIBPNG_VER_STRING, &context, leave, ignore_warning);
        if (context.png) result = decode(&context);
        else result = cimages_fail_memory(failure);
    }
    cimages_lib.png_destroy_read_struct(&context.png, &context.info, NULL);
    if (result) cimages_free(raster);
    return result;
}

// Up to 256 colours, found by their hash.
typedef struct {
    uint32_t colors[256];
    int count;
    /// Index of a colour plus one, or 0.
    uint16_t slots[1024];
} palette;

static uint32_t color_at(const uint8_t *pixel, uint32_t channels) {
    uint32_t alpha = channels == 4 ? pixel[3] : 255;
    // What is transparent has one colour.
    if (alpha == 0) return 0;
    return (uint32_t)pixel[0] << 24 | (uint32_t)pixel[1] << 16 | (uint32_t)pixel[2] << 8 | alpha;
}

/// The index of a colour, which is added if it is new; -1 if there are too many.
static int index_of(palette *palette, uint32_t color) {
    uint32_t slot = color * 2654435761u >> 22;
    while (palette->slots[slot]) {
        if (palette->colors[palette->slots[slot] - 1] == color) return palette->slots[slot] - 1;
        slot = (slot + 1) % 1024;
    }
    if (palette->count == 256) return -1;
    palette->colors[palette->count] = color;
    palette->slots[slot] = (uint16_t)(palette->count + 1);
    return palette->count++;
}

static bool find_palette(palette *palette, const cimages_raster *raster) {
    size_t count = (size_t)raster->width * raster->height;
    for (size_t i = 0; i < count; i++)
        if (index_of(palette, color_at(raster->pixels + i * raster->channels, raster->channels)) < 0) return false;
    return true;
}

static void write_bytes(png_structp png, png_bytep bytes, size_t count) {
    png_context *context = cimages_lib.png_get_io_ptr(png);
    if (cimages_sink_write(context->sink, bytes, count)) return;
    cimages_sink_failure(context->sink, context->failure);
    longjmp(context->leave, 1);
}

static void flush_nothing(png_structp png) { (void)png; }

static void set_palette(png_context *context, const palette *palette) {
    png_color colors[256];
    png_byte alphas[256];
    bool is_opaque = true;
    for (int i = 0; i < palette->count; i++) {
        uint32_t color = palette->colors[i];
        colors[i] = (png_color){(png_byte)(color >> 24), (png_byte)(color >> 16), (png_byte)(color >> 8)};
        alphas[i] = (png_byte)color;
        if (alphas[i] != 255) is_opaque = false;
    }
    cimages_lib.png_set_PLTE(context->png, context->info, colors, palette->count);
    if (!is_opaque) cimages_lib.png_set_tRNS(context->png, context->info, alphas, palette->count, NULL);
}

static void set_header(png_context *context, const cimages_raster *raster, const palette *palette) {
    int count = palette ? palette->count : 0;
    int depth = !palette || count > 16 ? 8 : count > 4 ? 4 : count > 2 ? 2 : 1;
    int type = palette ? PNG_COLOR_TYPE_PALETTE : raster->channels == 4 ? PNG_COLOR_TYPE_RGB_ALPHA : PNG_COLOR_TYPE_RGB;
    cimages_lib.png_set_IHDR(
        context->png, context->info, raster->width, raster->height, depth, type, PNG_INTERLACE_NONE,
        PNG_COMPRESSION_TYPE_BASE, PNG_FILTER_TYPE_BASE);
    // Adaptive filters take most of the time, and gain little over these two.
    cimages_lib.png_set_filter(context->png, 0, palette ? PNG_FILTER_NONE : PNG_FILTER_SUB | PNG_FILTER_PAETH);
    cimages_lib.png_set_compression_level(context->png, palette ? 7 : 4);
}

static void write_rows(png_context *context, const cimages_raster *raster, palette *palette) {
    size_t stride = (size_t)raster->width * raster->channels;
    for (uint32_t y = 0; y < raster->height; y++) {
        const uint8_t *row = raster->pixels + y * stride;
        if (palette) {
            for (uint32_t x = 0; x < raster->width; x++)
                context->row[x] = (uint8_t)index_of(palette, color_at(row + x * raster->channels, raster->channels));
            row = context->row;
        }
        cimages_lib.png_write_row(context->png, row);
    }
}

/// Everything that may leave by longjmp.
static int encode(png_context *context, const cimages_raster *raster, palette *palette) {
    context->info = cimages_lib.png_create_info_struct(context->png);
    context->row = malloc(raster->width);
    if (!context->info || !context->row) return cimages_fail_memory(context->failure);
    set_limits(context->png);
    cimages_lib.png_set_write_fn(context->png, context, write_bytes, flush_nothing);
    set_header(context, raster, palette);
    if (palette) set_palette(context, palette);
    cimages_lib.png_write_info(context->png, context->info);
    if (palette) cimages_lib.png_set_packing(context->png);
    write_rows(context, raster, palette);
    cimages_lib.png_write_end(context->png, context->info);
    return cimages_sink_flush(context->sink) ? 0 : cimages_sink_failure(context->sink, context->failure);
}

int cimages_write_png(const cimages_raster *raster, int file, cimages_failure *failure) {
    static cimages_sink sink;
    static palette found;
    memset(&found, 0, sizeof found);
    cimages_sink_open(&sink, file);
    palette *colors = find_palette(&found, raster) ? &found : NULL;
    png_context context = {.failure = failure, .sink = &sink};
    volatile int result = -1;
    if (!setjmp(context.leave)) {
        context.png = cimages_lib.png_create_write_struct(PNG_LIBPNG_VER_STRING, &context, leave, ignore_warning);
        if (context.png) result = encode(&context, raster, colors);
        else result = cimages_fail_memory(failure);
    }
    cimages_lib.png_destroy_write_struct(&context.png, &context.info);
    free(context.row);
    return result;
}
