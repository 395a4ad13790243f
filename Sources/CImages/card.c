// SPDX-License-Identifier: Apache-2.0
// A card: what other sites show of a story or an update that has no picture.
#include "internal.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

// Pixels. The bar is at the edge where lines begin; the head has name and label, the foot the time, and the headline is between them.
enum { WIDTH = 1200, HEIGHT = 630, BAR = 24, MARGIN = 88, HEAD_TOP = 60, HEAD_HEIGHT = 60, RULE = 534 };
enum { BODY_TOP = 146, BODY_BOTTOM = 508, CONTENT_WIDTH = WIDTH - 2 * MARGIN, CONTEXT_GAP = 26, LOGO_WIDTH = 420 };
enum { NAME_SIZE = 36, LABEL_SIZE = 26, TIME_SIZE = 28, CONTEXT_SIZE = 32, LEAST_SIZE = 38, MOST_SIZE = 92, SIZE_STEP = 2 };
// In more lines than these, the headline is set in no larger size than this.
enum { FEW_LINES = 3, MIDDLE_SIZE = 62 };
// Of the headline, to the size of its font.
static const double LINE_HEIGHT = 1.2;

typedef struct {
    const cimages_card *card;
    cairo_t *cairo;
    /// Glyphs that no font had.
    int unknown;
} canvas;

static void set_color(canvas *canvas, uint32_t color) {
    cimages_text.cairo_set_source_rgb(canvas->cairo, (color >> 16 & 255) / 255.0, (color >> 8 & 255) / 255.0, (color & 255) / 255.0);
}

/// Where something of this width begins, so that it stands at a distance from the edge where lines begin, or from the other.
static double place(const canvas *canvas, double distance, double width, bool is_at_end) {
    return (canvas->card->is_right_to_left != 0) != is_at_end ? WIDTH - distance - width : distance;
}

static void fill(canvas *canvas, uint32_t color, double x, double y, double width, double height) {
    set_color(canvas, color);
    cimages_text.cairo_rectangle(canvas->cairo, x, y, width, height);
    cimages_text.cairo_fill(canvas->cairo);
}

// MARK: Texts

/// A text, set in the one size of which all fonts are open, and drawn in another: `scale` times as large. Its sides are as it is drawn.
typedef struct {
    PangoLayout *layout;
    double scale;
    int width, height;
    /// How wide lines may be.
    int bound;
} text;

static void measure(text *text) {
    int width, height;
    cimages_text.pango_layout_get_pixel_size(text->layout, &width, &height);
    text->width = (int)(width * text->scale + 0.999);
    text->height = (int)(height * text->scale + 0.999);
}

/// Sets the size and how wide lines are.
static void set_size(text *text, int size, int width) {
    text->scale = (double)size / cimages_font_size;
    text->bound = width;
    cimages_text.pango_layout_set_width(text->layout, (int)(width / text->scale * PANGO_SCALE));
    measure(text);
}

static text make_text(const canvas *canvas, const char *words, const PangoFontDescription *font) {
    text text = {.layout = cimages_text.pango_layout_new(cimages_type.context), .scale = 1};
    cimages_text.pango_layout_set_text(text.layout, words, -1);
    cimages_text.pango_layout_set_font_description(text.layout, font);
    cimages_text.pango_layout_set_alignment(text.layout, canvas->card->is_right_to_left ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT);
    return text;
}

/// Bounds the text: what does not fit into that many lines is cut off with an ellipsis.
static void bound(text *text, int size, int width, int lines) {
    cimages_text.pango_layout_set_wrap(text->layout, PANGO_WRAP_WORD_CHAR);
    cimages_text.pango_layout_set_ellipsize(text->layout, PANGO_ELLIPSIZE_END);
    cimages_text.pango_layout_set_height(text->layout, -lines);
    set_size(text, size, width);
}

static text make_lines(const canvas *canvas, const char *words, const PangoFontDescription *font, int size, int width, int lines) {
    text text = make_text(canvas, words, font);
    bound(&text, size, width, lines);
    return text;
}

static void draw_text(canvas *canvas, const text *text, uint32_t color, double x, double y) {
    set_color(canvas, color);
    cimages_text.cairo_save(canvas->cairo);
    cimages_text.cairo_translate(canvas->cairo, x, y);
    cimages_text.cairo_scale(canvas->cairo, text->scale, text->scale);
    cimages_text.cairo_move_to(canvas->cairo, 0, 0);
    cimages_text.pango_cairo_show_layout(canvas->cairo, text->layout);
    cimages_text.cairo_restore(canvas->cairo);
    canvas->unknown += cimages_text.pango_layout_get_unknown_glyphs_count(text->layout);
}

/// Lines of one height, whatever fonts they are in.
static void set_attributes(const text *text, bool is_struck) {
    PangoAttrList *attributes = cimages_text.pango_attr_list_new();
    int height = (int)(LINE_HEIGHT * cimages_font_size * PANGO_SCALE);
    cimages_text.pango_attr_list_insert(attributes, cimages_text.pango_attr_line_height_new_absolute(height));
    if (is_struck) cimages_text.pango_attr_list_insert(attributes, cimages_text.pango_attr_strikethrough_new(1));
    cimages_text.pango_layout_set_attributes(text->layout, attributes);
}

/// Makes lines of about one length, by the least width in which there are no more of them.
static void balance(text *text, int size) {
    int lines = cimages_text.pango_layout_get_line_count(text->layout);
    int least = CONTENT_WIDTH / 2, most = CONTENT_WIDTH;
    while (lines > 1 && most - least > 8) {
        int width = (least + most) / 2;
        set_size(text, size, width);
        bool fits = text->width <= width && cimages_text.pango_layout_get_line_count(text->layout) <= lines;
        if (fits) most = width;
        else least = width;
    }
    set_size(text, size, most);
}

/// The headline in the largest size in which it fits without a word that is broken; in the smallest it is cut off.
static text fit_headline(const canvas *canvas, int height) {
    text text = make_text(canvas, canvas->card->headline, cimages_type.heading);
    cimages_text.pango_layout_set_wrap(text.layout, PANGO_WRAP_WORD);
    set_attributes(&text, canvas->card->label == cimages_retracted);
    for (int size = MOST_SIZE; size >= LEAST_SIZE; size -= SIZE_STEP) {
        set_size(&text, size, CONTENT_WIDTH);
        bool is_short = size <= MIDDLE_SIZE || cimages_text.pango_layout_get_line_count(text.layout) <= FEW_LINES;
        if (!is_short || text.height > height || text.width > CONTENT_WIDTH) continue;
        balance(&text, size);
        return text;
    }
    int lines = height / LEAST_SIZE;
    do bound(&text, LEAST_SIZE, CONTENT_WIDTH, lines);
    while (text.height > height && --lines > 0);
    return text;
}

// MARK: Parts

static void round_box(canvas *canvas, double x, double y, double width, double height) {
    const double quarter = 1.5707963267948966, radius = height / 2;
    cimages_text.cairo_new_path(canvas->cairo);
    cimages_text.cairo_arc(canvas->cairo, x + width - radius, y + radius, radius, -quarter, quarter);
    cimages_text.cairo_arc(canvas->cairo, x + radius, y + radius, radius, quarter, 3 * quarter);
    cimages_text.cairo_close_path(canvas->cairo);
}

/// Draws the label at the end of the head. Returns the width that it takes, with the space before it.
static int draw_label(canvas *canvas) {
    const cimages_card *card = canvas->card;
    if (card->label == cimages_no_label) return 0;
    enum { PADDING = 26, DOT = 16, SPACE = 48 };
    text text = make_lines(canvas, card->label_text, cimages_type.strong, LABEL_SIZE, CONTENT_WIDTH / 3, 1);
    int dot = card->label == cimages_live ? DOT + 12 : 0, height = text.height + 18, width = text.width + 2 * PADDING + dot;
    // In lines no wider than itself it stands at the same place in either direction.
    set_size(&text, LABEL_SIZE, text.width + 1);
    double x = place(canvas, MARGIN, width, true), y = HEAD_TOP + (HEAD_HEIGHT - height) / 2.0;
    uint32_t ground = card->label == cimages_live ? card->accent : card->text;
    uint32_t ink = card->label == cimages_live ? card->on_accent : card->label == cimages_closed ? card->text : card->background;
    set_color(canvas, ground);
    round_box(canvas, x, y, width, height);
    cimages_text.cairo_set_line_width(canvas->cairo, 3);
    if (card->label == cimages_closed) cimages_text.cairo_stroke(canvas->cairo);
    else cimages_text.cairo_fill(canvas->cairo);
    if (dot) {
        set_color(canvas, ink);
        cimages_text.cairo_new_path(canvas->cairo);
        double center = card->is_right_to_left ? x + width - PADDING - DOT / 2.0 : x + PADDING + DOT / 2.0;
        cimages_text.cairo_arc(canvas->cairo, center, y + height / 2.0, DOT / 2.0, 0, 6.283185307179586);
        cimages_text.cairo_fill(canvas->cairo);
    }
    draw_text(canvas, &text, ink, x + PADDING + (card->is_right_to_left ? 0 : dot), y + (height - text.height) / 2.0);
    return width + SPACE;
}

/// Draws the logo, reduced to the height of the head. Returns whether there is one.
static bool draw_logo(canvas *canvas) {
    const cimages_raster *logo = canvas->card->logo;
    if (!logo) return false;
    uint32_t width = logo->width, height = logo->height;
    if (height > HEAD_HEIGHT) width = width * HEAD_HEIGHT / height, height = HEAD_HEIGHT;
    if (width > LOGO_WIDTH) height = height * LOGO_WIDTH / width, width = LOGO_WIDTH;
    if (width == 0 || height == 0) return false;
    cimages_raster small = {0};
    cimages_failure failure;
    if (cimages_scale(logo, width, height, &small, &failure)) return false;
    uint32_t *pixels = malloc((size_t)width * height * sizeof *pixels);
    if (!pixels) return false;
    for (size_t i = 0; i < (size_t)width * height; i++) {
        const uint8_t *pixel = small.pixels + i * small.channels;
        uint32_t alpha = small.channels == 4 ? pixel[3] : 255;
        uint32_t red = pixel[0] * alpha / 255, green = pixel[1] * alpha / 255, blue = pixel[2] * alpha / 255;
        pixels[i] = alpha << 24 | red << 16 | green << 8 | blue;
    }
    cairo_surface_t *surface = cimages_text.cairo_image_surface_create_for_data(
        (uint8_t *)pixels, CAIRO_FORMAT_ARGB32, (int)width, (int)height, (int)width * 4);
    double y = HEAD_TOP + (int)(HEAD_HEIGHT - height) / 2;
    cimages_text.cairo_set_source_surface(canvas->cairo, surface, place(canvas, MARGIN, width, false), y);
    cimages_text.cairo_paint(canvas->cairo);
    return true;
}

static void draw_head(canvas *canvas) {
    int taken = draw_label(canvas);
    if (draw_logo(canvas)) return;
    int width = CONTENT_WIDTH - taken;
    text name = make_lines(canvas, canvas->card->name, cimages_type.strong, NAME_SIZE, width, 1);
    draw_text(canvas, &name, canvas->card->text, place(canvas, MARGIN, width, false), HEAD_TOP + (HEAD_HEIGHT - name.height) / 2.0);
}

/// The headline, and below it the title of the story that an update belongs to.
static void draw_body(canvas *canvas) {
    const cimages_card *card = canvas->card;
    text context = {0};
    int rest = BODY_BOTTOM - BODY_TOP;
    if (*card->context) {
        context = make_lines(canvas, card->context, cimages_type.plain, CONTEXT_SIZE, CONTENT_WIDTH, 2);
        rest -= context.height + CONTEXT_GAP;
    }
    text headline = fit_headline(canvas, rest);
    double y = BODY_TOP + (rest - headline.height) / 2.0;
    // Where lines of its own direction begin.
    bool is_left = cimages_text.pango_layout_get_direction(headline.layout, 0) != PANGO_DIRECTION_RTL;
    draw_text(canvas, &headline, card->text, is_left ? MARGIN : WIDTH - MARGIN - headline.bound, y);
    if (context.layout) draw_text(canvas, &context, card->soft, MARGIN, y + headline.height + CONTEXT_GAP);
}

static void draw_foot(canvas *canvas) {
    fill(canvas, canvas->card->line, MARGIN, RULE, CONTENT_WIDTH, 2);
    text time = make_lines(canvas, canvas->card->time, cimages_type.plain, TIME_SIZE, CONTENT_WIDTH, 1);
    draw_text(canvas, &time, canvas->card->soft, MARGIN, RULE + 22);
}

static int copy_pixels(cairo_surface_t *surface, cimages_raster *raster, cimages_failure *failure) {
    if (cimages_allocate(raster, WIDTH, HEIGHT, 3, failure)) return -1;
    cimages_text.cairo_surface_flush(surface);
    const uint8_t *rows = cimages_text.cairo_image_surface_get_data(surface);
    int stride = cimages_text.cairo_image_surface_get_stride(surface);
    uint8_t *target = raster->pixels;
    for (int y = 0; y < HEIGHT; y++) {
        const uint32_t *row = (const uint32_t *)(const void *)(rows + (size_t)y * (size_t)stride);
        for (int x = 0; x < WIDTH; x++) {
            *target++ = (uint8_t)(row[x] >> 16);
            *target++ = (uint8_t)(row[x] >> 8);
            *target++ = (uint8_t)row[x];
        }
    }
    return 0;
}

int cimages_draw_card(const cimages_card *card, cimages_raster *raster, cimages_failure *failure) {
    cairo_surface_t *surface = cimages_text.cairo_image_surface_create(CAIRO_FORMAT_RGB24, WIDTH, HEIGHT);
    canvas canvas = {card, cimages_text.cairo_create(surface), 0};
    fill(&canvas, card->background, 0, 0, WIDTH, HEIGHT);
    fill(&canvas, card->accent, place(&canvas, 0, BAR, false), 0, BAR, HEIGHT);
    draw_head(&canvas);
    draw_body(&canvas);
    draw_foot(&canvas);
    if (canvas.unknown) return cimages_fail(failure, cimages_unsupported, "No font has %d of the glyphs", canvas.unknown);
    int status = cimages_text.cairo_status(canvas.cairo);
    if (status) return cimages_fail(failure, cimages_failed, "Cairo cannot draw: status %d", status);
    return copy_pixels(surface, raster, failure);
}
