// SPDX-License-Identifier: Apache-2.0
#ifndef CIMAGES_H
#define CIMAGES_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// Decoding and encoding by libjpeg, libpng, libwebp, giflib and Little CMS, which are loaded at run time, by the worker alone: the server
/// must not have their code in its address space. Functions that can fail return 0, or -1 with the reason in a `cimages_failure`.

/// What went wrong. The numbers are in the order of the cases of ImageError.
typedef enum {
    cimages_unsupported = 1,
    cimages_damaged = 2,
    cimages_too_large = 3,
    cimages_storage = 4,
    cimages_failed = 5,
} cimages_reason;

typedef struct {
    cimages_reason reason;
    /// errno, if the reason is cimages_storage.
    int number;
    /// A sentence without its end, or empty.
    char text[192];
} cimages_failure;

/// Pixels in sRGB, 8 bits a channel, row by row without gaps: RGB, or RGBA with straight alpha.
typedef struct {
    uint8_t *pixels;
    uint32_t width;
    uint32_t height;
    /// 3 or 4.
    uint32_t channels;
} cimages_raster;

/// Bounds of an animation.
typedef struct {
    uint64_t pixels;
    uint64_t frames;
    uint64_t all_pixels;
} cimages_bounds;

/// Loads the libraries, once. Returns null, or which of them cannot be loaded, and the package that has it.
const char *cimages_load(void);

// Decoding. The raster has the size by its header, 0 × 0 if that is not known, and gets the pixels, to be freed by cimages_free. An ICC
// profile within the picture is applied; `profile`, which may be null, is one that the caller has found.
int cimages_decode_jpeg(const uint8_t *bytes, size_t count, cimages_raster *raster, cimages_failure *failure);
int cimages_decode_png(const uint8_t *bytes, size_t count, cimages_raster *raster, cimages_failure *failure);
int cimages_decode_webp(
    const uint8_t *bytes, size_t count, const uint8_t *profile, size_t profile_count, cimages_raster *raster,
    cimages_failure *failure);

/// Writes the GIF's frames anew into the file: pixels, palettes, delays and the number of repetitions, nothing else. The raster becomes
/// the canvas with the first frame. Returns the number of frames, or -1.
long cimages_recode_gif(
    const uint8_t *bytes, size_t count, const cimages_bounds *bounds, int file, cimages_raster *raster, cimages_failure *failure);

// Encoding, into an open file. On a JPEG, which has no alpha, transparency is flattened on white.
/// `is_small`: with Huffman tables of its own, for which the coefficients of the whole picture are held.
int cimages_write_jpeg(const cimages_raster *raster, int quality, int is_small, int file, cimages_failure *failure);
/// With a palette if there are at most 256 colours.
int cimages_write_png(const cimages_raster *raster, int file, cimages_failure *failure);
/// `method`: 0 (fast) to 6 (small).
int cimages_write_webp(
    const cimages_raster *raster, float quality, int method, int is_lossless, int file, cimages_failure *failure);

/// A smaller picture, in an empty raster, each pixel being the mean of those that it covers, weighted by area and alpha.
int cimages_scale(
    const cimages_raster *source, uint32_t width, uint32_t height, cimages_raster *target, cimages_failure *failure);
/// Turns the picture upright, by the value of EXIF's tag Orientation, 1 to 8.
int cimages_orient(cimages_raster *raster, int orientation, cimages_failure *failure);
/// Drops the alpha channel if every pixel is opaque.
void cimages_drop_opaque_alpha(cimages_raster *raster);
/// The mean colour on white, three bytes.
void cimages_average(const cimages_raster *raster, uint8_t *color);
void cimages_free(cimages_raster *raster);

/// How the texts of a card are set.
typedef struct {
    /// By BCP 47, or empty.
    const char *language;
    int is_right_to_left;
    /// Whether the headline is in a serif.
    int is_serif;
} cimages_style;

/// Loads the libraries that draw text. Returns null, or which of them cannot be loaded, or that there is no font.
const char *cimages_load_text(void);
void cimages_begin_text(const cimages_style *style);
/// Opens every font in which one of the characters, ascending, may be drawn, so that none must be opened later, and tells which of the
/// characters a font has. Of the texts no more is looked at: how their characters follow one another is for the confined process. Returns 0 if
/// the characters are of more scripts than there is room for.
int cimages_open_fonts(const uint32_t *characters, size_t count, uint8_t *is_covered);

typedef enum {
    cimages_no_label = 0,
    /// On the accent.
    cimages_live = 1,
    /// In a frame.
    cimages_closed = 2,
    /// On the colour of text; the headline is struck through.
    cimages_retracted = 3,
} cimages_label;

/// What a card shows: each text on one line, in UTF-8, empty if there is none; each colour 0xRRGGBB.
typedef struct {
    const char *headline, *context, *time, *label_text, *name;
    cimages_label label;
    int is_right_to_left;
    uint32_t background, text, soft, line, accent, on_accent;
    /// Instead of the name; null if there is none.
    const cimages_raster *logo;
} cimages_card;

/// Draws a card, in an empty raster of 1200 × 630 pixels. Fails with cimages_unsupported if its texts need a glyph that no font has.
int cimages_draw_card(const cimages_card *card, cimages_raster *raster, cimages_failure *failure);

/// Confines this process for good: it may read and write the descriptors that it has, allocate memory and exit. No files, sockets,
/// programs, processes or executable memory; a system call for any of these ends it with SIGSYS, opening a file fails with EACCES. Bounds
/// of the bytes that it allocates, of its processor time in seconds, and of the length of files in bytes. Returns null, or what could not
/// be done. With `has_threads` it holds for the threads that the process has, too; without, there may be none.
const char *cimages_confine(uint64_t memory, uint64_t seconds, uint64_t file_bytes, int has_threads);

/// Whether confining limits memory: not in builds with a sanitizer, which reserves terabytes of it.
int cimages_limits_memory(void);

/// Starts a program with these descriptors as its 0, 1, 2 …, except 2, which is /dev/null, and no other; default signal handling; an
/// empty environment; its own process group. `arguments` ends with null. Returns 0 or an errno.
int cimages_spawn(const char *path, char *const *arguments, const int *descriptors, int count, pid_t *process);

/// A pipe that programs do not inherit: the end to read, the end to write. Returns 0 or an errno.
int cimages_pipe(int *ends);

/// Opens a new file in a folder for writing. Returns -1 and sets errno.
int cimages_create(int folder, const char *name);

/// Opens a new file in memory. Returns -1 and sets errno.
int cimages_create_in_memory(void);

#endif
