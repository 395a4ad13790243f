// SPDX-License-Identifier: Apache-2.0
// GIF (version 89a) by giflib: frames are read and written one at a time, so that memory holds one of them.
#include "internal.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    const uint8_t *bytes;
    size_t rest;
    cimages_sink *sink;
    GifFileType *reader;
    GifFileType *writer;
    const cimages_bounds *bounds;
    cimages_raster *raster;
    cimages_failure *failure;
    /// Of the frame that follows.
    GraphicsControlBlock control;
    bool has_control;
    /// Of the present frame.
    uint8_t *pixels;
    uint64_t frames;
    uint64_t all_pixels;
} gif_context;

static int read_bytes(GifFileType *gif, GifByteType *target, int count) {
    gif_context *context = gif->UserData;
    size_t taken = (size_t)count < context->rest ? (size_t)count : context->rest;
    memcpy(target, context->bytes, taken);
    context->bytes += taken;
    context->rest -= taken;
    return (int)taken;
}

static int write_bytes(GifFileType *gif, const GifByteType *bytes, int count) {
    gif_context *context = gif->UserData;
    return cimages_sink_write(context->sink, bytes, (size_t)count) ? count : 0;
}

static int reading_failed(gif_context *context) {
    int error = context->reader->Error;
    if (error == D_GIF_ERR_NOT_ENOUGH_MEM) return cimages_fail_memory(context->failure);
    const char *text = cimages_lib.GifErrorString(error);
    return cimages_fail(context->failure, cimages_damaged, "The GIF is damaged: %.120s", text ? text : "it ends too early");
}

static int writing_failed(gif_context *context) {
    if (context->sink->error) return cimages_sink_failure(context->sink, context->failure);
    if (context->writer->Error == E_GIF_ERR_NOT_ENOUGH_MEM) return cimages_fail_memory(context->failure);
    return cimages_fail(context->failure, cimages_damaged, "The GIF has a frame that cannot be encoded");
}

/// Takes the delay and the transparent colour of the next frame, and the number of repetitions; skips comments, XMP and the like.
static int read_extension(gif_context *context) {
    int code;
    GifByteType *block;
    bool is_looping = false;
    if (cimages_lib.DGifGetExtension(context->reader, &code, &block) == GIF_ERROR) return reading_failed(context);
    for (int number = 0; block; number++) {
        if (code == GRAPHICS_EXT_FUNC_CODE && number == 0)
            context->has_control = cimages_lib.DGifExtensionToGCB(block[0], block + 1, &context->control) == GIF_OK;
        if (code == APPLICATION_EXT_FUNC_CODE && number == 0)
            is_looping = block[0] == 11 && (!memcmp(block + 1, "NETSCAPE2.0", 11) || !memcmp(block + 1, "ANIMEXTS1.0", 11));
        // The sub-block 1 has the number of repetitions. It stands before the first frame.
        if (is_looping && number == 1 && block[0] == 3 && block[1] == 1 && context->frames == 0)
            if (cimages_lib.EGifPutExtensionLeader(context->writer, APPLICATION_EXT_FUNC_CODE) == GIF_ERROR
                || cimages_lib.EGifPutExtensionBlock(context->writer, 11, "NETSCAPE2.0") == GIF_ERROR
                || cimages_lib.EGifPutExtensionBlock(context->writer, 3, block + 1) == GIF_ERROR
                || cimages_lib.EGifPutExtensionTrailer(context->writer) == GIF_ERROR)
                return writing_failed(context);
        if (cimages_lib.DGifGetExtensionNext(context->reader, &block) == GIF_ERROR) return reading_failed(context);
    }
    return 0;
}

static const ColorMapObject *colors_of(const GifFileType *gif) {
    return gif->Image.ColorMap ? gif->Image.ColorMap : gif->SColorMap;
}

/// The first frame on a transparent canvas.
static void draw(gif_context *context) {
    const GifFileType *gif = context->reader;
    const GifImageDesc *frame = &gif->Image;
    const ColorMapObject *map = colors_of(gif);
    int transparent = context->has_control ? context->control.TransparentColor : NO_TRANSPARENT_COLOR;
    for (int y = 0; y < frame->Height && frame->Top + y < gif->SHeight; y++)
        for (int x = 0; x < frame->Width && frame->Left + x < gif->SWidth; x++) {
            int index = context->pixels[(size_t)y * (size_t)frame->Width + (size_t)x];
            if (index == transparent || index >= map->ColorCount) continue;
            size_t place = (size_t)(frame->Top + y) * (size_t)gif->SWidth + (size_t)(frame->Left + x);
            uint8_t *pixel = context->raster->pixels + place * 4;
            const GifColorType *color = &map->Colors[index];
            pixel[0] = color->Red;
            pixel[1] = color->Green;
            pixel[2] = color->Blue;
            pixel[3] = 255;
        }
}

static int read_rows(gif_context *context) {
    static const int starts[] = {0, 4, 2, 1}, steps[] = {8, 8, 4, 2};
    GifFileType *gif = context->reader;
    int width = gif->Image.Width, height = gif->Image.Height, passes = gif->Image.Interlace ? 4 : 1;
    for (int pass = 0; pass < passes; pass++)
        for (int y = passes == 1 ? 0 : starts[pass]; y < height; y += passes == 1 ? 1 : steps[pass])
            if (cimages_lib.DGifGetLine(gif, context->pixels + (size_t)y * (size_t)width, width) == GIF_ERROR)
                return reading_failed(context);
    return 0;
}

static int write_frame(gif_context *context) {
    GifFileType *gif = context->writer;
    const GifImageDesc *frame = &context->reader->Image;
    GifByteType extension[4];
    if (context->has_control) {
        size_t count = cimages_lib.EGifGCBToExtension(&context->control, extension);
        if (cimages_lib.EGifPutExtension(gif, GRAPHICS_EXT_FUNC_CODE, (int)count, extension) == GIF_ERROR)
            return writing_failed(context);
    }
    if (cimages_lib.EGifPutImageDesc(gif, frame->Left, frame->Top, frame->Width, frame->Height, false, frame->ColorMap)
        == GIF_ERROR)
        return writing_failed(context);
    for (int y = 0; y < frame->Height; y++)
        if (cimages_lib.EGifPutLine(gif, context->pixels + (size_t)y * (size_t)frame->Width, frame->Width) == GIF_ERROR)
            return writing_failed(context);
    return 0;
}

static int check_frame(gif_context *context) {
    const GifImageDesc *frame = &context->reader->Image;
    uint64_t pixels = (uint64_t)frame->Width * (uint64_t)frame->Height;
    context->frames += 1;
    context->all_pixels += pixels;
    if (pixels == 0) return cimages_fail(context->failure, cimages_damaged, "The GIF has a frame without pixels");
    if (!colors_of(context->reader))
        return cimages_fail(context->failure, cimages_damaged, "The GIF has a frame without colours");
    if (context->frames > context->bounds->frames)
        return cimages_fail(
            context->failure, cimages_too_large, "The GIF has more than %llu frames",
            (unsigned long long)context->bounds->frames);
    if (pixels > context->bounds->pixels || context->all_pixels > context->bounds->all_pixels)
        return cimages_fail(
            context->failure, cimages_too_large, "The frames of the GIF have more than %llu pixels together",
            (unsigned long long)context->bounds->all_pixels);
    return 0;
}

/// Pixels that name a colour beyond the palette would be errors for the encoder.
static void limit_indices(gif_context *context) {
    const GifImageDesc *frame = &context->reader->Image;
    int count = colors_of(context->reader)->ColorCount;
    size_t pixels = (size_t)frame->Width * (size_t)frame->Height;
    for (size_t i = 0; i < pixels; i++)
        if (context->pixels[i] >= count) context->pixels[i] = (uint8_t)(count - 1);
}

static int recode_frame(gif_context *context) {
    if (cimages_lib.DGifGetImageDesc(context->reader) == GIF_ERROR) return reading_failed(context);
    if (check_frame(context)) return -1;
    const GifImageDesc *frame = &context->reader->Image;
    free(context->pixels);
    context->pixels = malloc((size_t)frame->Width * (size_t)frame->Height);
    if (!context->pixels) return cimages_fail_memory(context->failure);
    if (read_rows(context)) return -1;
    if (context->frames == 1) draw(context);
    limit_indices(context);
    if (write_frame(context)) return -1;
    context->has_control = false;
    return 0;
}

static int recode(gif_context *context) {
    GifFileType *reader = context->reader;
    cimages_lib.EGifSetGifVersion(context->writer, true);
    if (cimages_lib.EGifPutScreenDesc(
            context->writer, reader->SWidth, reader->SHeight, 8, reader->SBackGroundColor, reader->SColorMap)
        == GIF_ERROR)
        return writing_failed(context);
    for (;;) {
        GifRecordType type;
        if (cimages_lib.DGifGetRecordType(reader, &type) == GIF_ERROR) return reading_failed(context);
        if (type == TERMINATE_RECORD_TYPE) break;
        if (type == EXTENSION_RECORD_TYPE && read_extension(context)) return -1;
        if (type == IMAGE_DESC_RECORD_TYPE && recode_frame(context)) return -1;
    }
    if (context->frames == 0) return cimages_fail(context->failure, cimages_damaged, "The GIF has no frame");
    return 0;
}

static long open_and_recode(gif_context *context) {
    int error = 0;
    context->reader = cimages_lib.DGifOpen(context, read_bytes, &error);
    if (!context->reader) return cimages_fail(context->failure, cimages_damaged, "The GIF is damaged: its header is not complete");
    context->writer = cimages_lib.EGifOpen(context, write_bytes, &error);
    if (!context->writer) return cimages_fail_memory(context->failure);
    if (cimages_allocate(
            context->raster, (uint32_t)context->reader->SWidth, (uint32_t)context->reader->SHeight, 4, context->failure))
        return -1;
    memset(context->raster->pixels, 0, (size_t)context->raster->width * context->raster->height * 4);
    return recode(context);
}

long cimages_recode_gif(
    const uint8_t *bytes, size_t count, const cimages_bounds *bounds, int file, cimages_raster *raster, cimages_failure *failure) {
    static cimages_sink sink;
    cimages_sink_open(&sink, file);
    gif_context context = {
        .bytes = bytes, .rest = count, .sink = &sink, .bounds = bounds, .raster = raster, .failure = failure};
    long result = open_and_recode(&context);
    int error = 0;
    if (context.reader) cimages_lib.DGifCloseFile(context.reader, &error);
    // Writes the trailer, if all went well.
    if (context.writer) cimages_lib.EGifCloseFile(context.writer, &error);
    if (result == 0 && !cimages_sink_flush(&sink)) result = cimages_sink_failure(&sink, failure);
    free(context.pixels);
    if (result) {
        cimages_free(raster);
        return -1;
    }
    cimages_drop_opaque_alpha(raster);
    return (long)context.frames;
}
