// SPDX-License-Identifier: Apache-2.0
// JPEG (ITU-T T.81) by libjpeg-turbo.
#include "internal.h"

#include <jerror.h>
#include <stdlib.h>

/// Scans of a progressive picture: each costs as much as decoding all of it, though it may take a few bytes of the file.
enum { MOST_SCANS = 100 };

/// libjpeg leaves by longjmp: whatever must be freed is here.
typedef struct {
    struct jpeg_error_mgr errors;
    struct jpeg_progress_mgr progress;
    jmp_buf leave;
    cimages_failure *failure;
    cimages_raster *raster;
    cimages_conversion *conversion;
    JOCTET *profile;
    uint8_t *row;
} jpeg_context;

_Noreturn static void leave(j_common_ptr jpeg) {
    jpeg_context *context = jpeg->client_data;
    char text[JMSG_LENGTH_MAX];
    int code = jpeg->err->msg_code;
    if (code == JERR_OUT_OF_MEMORY) {
        cimages_fail_memory(context->failure);
    } else {
        jpeg->err->format_message(jpeg, text);
        bool is_unsupported = code == JERR_BAD_PRECISION || code == JERR_SOF_UNSUPPORTED || code == JERR_CONVERSION_NOTIMPL
            || code == JERR_COMPONENT_COUNT || code == JERR_ARITH_NOTIMPL;
        cimages_fail(
            context->failure, is_unsupported ? cimages_unsupported : cimages_damaged,
            is_unsupported ? "The JPEG is of a kind that is not read: %.120s" : "The JPEG is damaged: %.120s", text);
    }
    longjmp(context->leave, 1);
}

/// Warnings after which part of the picture would be gray or wrong; others are harmless, and frequent in what cameras write.
static void warn(j_common_ptr jpeg, int level) {
    if (level >= 0) return;
    jpeg->err->num_warnings++;
    int code = jpeg->err->msg_code;
    if (code == JWRN_JPEG_EOF || code == JWRN_HIT_MARKER || code == JWRN_HUFF_BAD_CODE || code == JWRN_ARITH_BAD_CODE)
        leave(jpeg);
}

static void be_silent(j_common_ptr jpeg) { (void)jpeg; }

static void count_scans(j_common_ptr jpeg) {
    jpeg_context *context = jpeg->client_data;
    if (((j_decompress_ptr)jpeg)->input_scan_number <= MOST_SCANS) return;
    cimages_fail(context->failure, cimages_too_large, "The JPEG has more than %d scans", MOST_SCANS);
    longjmp(context->leave, 1);
}

static struct jpeg_error_mgr *set_errors(jpeg_context *context) {
    struct jpeg_error_mgr *errors = cimages_lib.jpeg_std_error(&context->errors);
    errors->error_exit = leave;
    errors->emit_message = warn;
    errors->output_message = be_silent;
    return errors;
}

static cimages_space choose_space(j_decompress_ptr jpeg) {
    switch (jpeg->jpeg_color_space) {
    case JCS_CMYK:
    case JCS_YCCK: jpeg->out_color_space = JCS_CMYK; return cimages_cmyk;
    case JCS_GRAYSCALE: jpeg->out_color_space = JCS_RGB; return cimages_gray;
    default: jpeg->out_color_space = JCS_RGB; return cimages_rgb;
    }
}

/// Without a profile: black subtracts from what each ink lets through.
static void convert_inks(const uint8_t *from, uint8_t *to, uint32_t width, bool is_inverted) {
    uint8_t flip = is_inverted ? 0 : 255;
    for (uint32_t x = 0; x < width; x++, from += 4, to += 3)
        for (int i = 0; i < 3; i++) to[i] = (uint8_t)(((from[i] ^ flip) * (from[3] ^ flip) + 127) / 255);
}

static void read_rows(j_decompress_ptr jpeg, jpeg_context *context, cimages_space space) {
    cimages_raster *raster = context->raster;
    size_t stride = (size_t)raster->width * 3;
    bool is_inverted = jpeg->saw_Adobe_marker;
    while (jpeg->output_scanline < jpeg->output_height) {
        uint8_t *target = raster->pixels + jpeg->output_scanline * stride;
        JSAMPROW row = space == cimages_cmyk ? context->row : target;
        cimages_lib.jpeg_read_scanlines(jpeg, &row, 1);
        if (context->conversion) cimages_convert(context->conversion, row, target, raster->width);
        else if (space == cimages_cmyk) convert_inks(row, target, raster->width, is_inverted);
    }
}

/// Everything that may leave by longjmp.
static int decode(j_decompress_ptr jpeg, jpeg_context *context, const uint8_t *bytes, size_t count) {
    cimages_lib.jpeg_CreateDecompress(jpeg, JPEG_LIB_VERSION, sizeof *jpeg);
    context->progress.progress_monitor = count_scans;
    jpeg->progress = &context->progress;
    cimages_lib.jpeg_mem_src(jpeg, bytes, count);
    cimages_lib.jpeg_save_markers(jpeg, JPEG_APP0 + 2, 0xFFFF);
    cimages_lib.jpeg_read_header(jpeg, TRUE);
    unsigned int profile_count = 0;
    cimages_space space = choose_space(jpeg);
    if (cimages_lib.jpeg_read_icc_profile(jpeg, &context->profile, &profile_count))
        context->conversion =
            cimages_conversion_open(context->profile, profile_count, space, 3, jpeg->saw_Adobe_marker);
    if (cimages_allocate(context->raster, jpeg->image_width, jpeg->image_height, 3, context->failure)) return -1;
    context->row = malloc((size_t)jpeg->image_width * 4);
    if (!context->row) return cimages_fail_memory(context->failure);
    cimages_lib.jpeg_start_decompress(jpeg);
    read_rows(jpeg, context, space);
    cimages_lib.jpeg_finish_decompress(jpeg);
    return 0;
}

int cimages_decode_jpeg(const uint8_t *bytes, size_t count, cimages_raster *raster, cimages_failure *failure) {
    struct jpeg_decompress_struct jpeg = {0};
    jpeg_context context = {.failure = failure, .raster = raster};
    jpeg.err = set_errors(&context);
    jpeg.client_data = &context;
    volatile int result = -1;
    if (!setjmp(context.leave)) result = decode(&jpeg, &context, bytes, count);
    cimages_lib.jpeg_destroy_decompress(&jpeg);
    cimages_conversion_close(context.conversion);
    free(context.profile);
    free(context.row);
    if (result) cimages_free(raster);
    return result;
}

typedef struct {
    struct jpeg_destination_mgr manager;
    cimages_sink sink;
    uint8_t buffer[1 << 14];
} jpeg_target;

static void begin_target(j_compress_ptr jpeg) {
    jpeg_target *target = (jpeg_target *)jpeg->dest;
    target->manager.next_output_byte = target->buffer;
    target->manager.free_in_buffer = sizeof target->buffer;
}

static void pass_on(j_compress_ptr jpeg, size_t count) {
    jpeg_target *target = (jpeg_target *)jpeg->dest;
    jpeg_context *context = jpeg->client_data;
    if (cimages_sink_write(&target->sink, target->buffer, count)) return;
    cimages_sink_failure(&target->sink, context->failure);
    longjmp(context->leave, 1);
}

static boolean empty_target(j_compress_ptr jpeg) {
    pass_on(jpeg, sizeof((jpeg_target *)jpeg->dest)->buffer);
    begin_target(jpeg);
    return TRUE;
}

static void end_target(j_compress_ptr jpeg) {
    jpeg_target *target = (jpeg_target *)jpeg->dest;
    pass_on(jpeg, sizeof target->buffer - target->manager.free_in_buffer);
    cimages_sink_flush(&target->sink);
    pass_on(jpeg, 0);
}

static void encode(j_compress_ptr jpeg, jpeg_context *context, const cimages_raster *raster, int quality, int is_small) {
    jpeg->image_width = raster->width;
    jpeg->image_height = raster->height;
    jpeg->input_components = 3;
    jpeg->in_color_space = JCS_RGB;
    cimages_lib.jpeg_set_defaults(jpeg);
    cimages_lib.jpeg_set_quality(jpeg, quality, TRUE);
    jpeg->optimize_coding = is_small ? TRUE : FALSE;
    cimages_lib.jpeg_start_compress(jpeg, TRUE);
    size_t stride = (size_t)raster->width * raster->channels;
    while (jpeg->next_scanline < jpeg->image_height) {
        JSAMPROW row = raster->pixels + jpeg->next_scanline * stride;
        if (raster->channels == 4) {
            cimages_flatten(row, context->row, raster->width);
            row = context->row;
        }
        cimages_lib.jpeg_write_scanlines(jpeg, &row, 1);
    }
    cimages_lib.jpeg_finish_compress(jpeg);
}

int cimages_write_jpeg(const cimages_raster *raster, int quality, int is_small, int file, cimages_failure *failure) {
    static jpeg_target target;
    target.manager = (struct jpeg_destination_mgr){
        .init_destination = begin_target, .empty_output_buffer = empty_target, .term_destination = end_target};
    cimages_sink_open(&target.sink, file);
    struct jpeg_compress_struct jpeg = {0};
    jpeg_context context = {.failure = failure, .row = malloc((size_t)raster->width * 3)};
    if (!context.row) return cimages_fail_memory(failure);
    jpeg.err = set_errors(&context);
    jpeg.client_data = &context;
    volatile int result = -1;
    if (!setjmp(context.leave)) {
        cimages_lib.jpeg_CreateCompress(&jpeg, JPEG_LIB_VERSION, sizeof jpeg);
        jpeg.dest = &target.manager;
        encode(&jpeg, &context, raster, quality, is_small);
        result = 0;
    }
    cimages_lib.jpeg_destroy_compress(&jpeg);
    free(context.row);
    return result;
}
