// SPDX-License-Identifier: Apache-2.0
// The libraries that draw text, and their fonts, which are opened before the process is confined.
#include "text.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

struct cimages_text_libraries cimages_text;
struct cimages_type cimages_type;

static char failure_text[256];

static void *open_library(const char *file) {
    void *library = dlopen(file, RTLD_NOW | RTLD_LOCAL);
    if (!library) snprintf(failure_text, sizeof failure_text, "they need %s, which the package libpangocairo-1.0-0 brings: %s", file, dlerror());
    return library;
}

#define FIND(result, name, parameters) \
    if (!(cimages_text.name = (result(*) parameters)dlsym(library, #name))) { \
        snprintf(failure_text, sizeof failure_text, "the libraries of libpangocairo-1.0-0 are too old: they have no " #name); \
        return false; \
    }
#define LIBRARY(function, file, FUNCTIONS) \
    static bool function(void) { \
        void *library = open_library(file); \
        if (!library) return false; \
        FUNCTIONS(FIND) \
        return true; \
    }
LIBRARY(load_fontconfig, "libfontconfig.so.1", FONTCONFIG_FUNCTIONS)
LIBRARY(load_cairo, "libcairo.so.2", CAIRO_FUNCTIONS)
LIBRARY(load_pango, "libpango-1.0.so.0", PANGO_FUNCTIONS)
LIBRARY(load_pangocairo, "libpangocairo-1.0.so.0", PANGOCAIRO_FUNCTIONS)

const char *cimages_load_text(void) {
    if (!load_fontconfig() || !load_cairo() || !load_pango() || !load_pangocairo()) return failure_text;
    // Pango ends the process where there is none.
    FcFontSet *fonts = cimages_text.FcInit() ? cimages_text.FcConfigGetFonts(NULL, 0) : NULL;
    return fonts && fonts->count > 0 ? NULL : "there is no font; packages with fonts are fonts-noto-core and fonts-noto-cjk";
}

static PangoFontDescription *description(const char *families, int weight) {
    PangoFontDescription *font = cimages_text.pango_font_description_new();
    cimages_text.pango_font_description_set_family(font, families);
    cimages_text.pango_font_description_set_weight(font, weight);
    cimages_text.pango_font_description_set_absolute_size(font, cimages_font_size * PANGO_SCALE);
    return font;
}

void cimages_begin_text(const cimages_style *style) {
    cairo_font_options_t *options = cimages_text.cairo_font_options_create();
    cimages_text.cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
    cimages_text.cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cimages_text.cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    PangoContext *context = cimages_text.pango_font_map_create_context(cimages_text.pango_cairo_font_map_get_default());
    cimages_text.pango_cairo_context_set_font_options(context, options);
    PangoLanguage *language = cimages_text.pango_language_from_string(*style->language ? style->language : "en");
    cimages_text.pango_context_set_language(context, language);
    cimages_text.pango_context_set_base_dir(context, style->is_right_to_left ? PANGO_DIRECTION_RTL : PANGO_DIRECTION_LTR);
    const char *sans = "Noto Sans,sans-serif", *serif = "Noto Serif,serif";
    cimages_type = (struct cimages_type){
        context,
        language,
        description(style->is_serif ? serif : sans, PANGO_WEIGHT_BOLD),
        description(sans, PANGO_WEIGHT_BOLD),
        description(sans, PANGO_WEIGHT_NORMAL),
    };
}

static size_t encode(uint32_t character, char *text) {
    int rest = character < 0x80 ? 0 : character < 0x800 ? 1 : character < 0x10000 ? 2 : 3;
    static const unsigned char marks[] = {0, 0xC0, 0xE0, 0xF0};
    text[0] = (char)(marks[rest] | character >> 6 * rest);
    for (int i = 1; i <= rest; i++) text[i] = (char)(0x80 | (character >> 6 * (rest - i) & 0x3F));
    return (size_t)rest + 1;
}

// Languages by which fonts are chosen: that of the page, and those that Pango takes for the scripts of the characters. Pango keeps 256 sets of
// fonts, of which each language takes five.
enum { MOST_LANGUAGES = 24, FIRST_EMOJI = 0x203C };

static size_t find_languages(const uint32_t *characters, size_t count, PangoLanguage **languages) {
    size_t found = 1;
    languages[0] = cimages_type.language;
    PangoAttrList *none = cimages_text.pango_attr_list_new();
    for (size_t i = 0; i < count && found < MOST_LANGUAGES; i++) {
        char text[4];
        int length = (int)encode(characters[i], text);
        for (GList *item = cimages_text.pango_itemize(cimages_type.context, text, 0, length, none, NULL); item; item = item->next) {
            PangoLanguage *language = ((PangoItem *)item->data)->analysis.language;
            size_t known = 0;
            while (known < found && languages[known] != language) known++;
            if (known == found && found < MOST_LANGUAGES) languages[found++] = language;
        }
    }
    return found;
}

/// Opens the font's file for Cairo and for HarfBuzz, which keep it mapped, Cairo as long as its face is locked. Pango has the metrics from
/// a sample text of its own, for which it looks for fonts, too, and keeps them; so it does with what it draws for a character that the font
/// has not, which shaping may add to a text: the dotted circle below a mark that stands alone.
static void open_font(PangoFont *font, PangoLanguage *language) {
    cairo_scaled_font_t *scaled = cimages_text.pango_cairo_font_get_scaled_font(font);
    if (scaled) cimages_text.cairo_ft_scaled_font_lock_face(scaled);
    cimages_text.pango_font_get_hb_font(font);
    cimages_text.pango_font_get_metrics(font, language);
    PangoRectangle extents;
    cimages_text.pango_font_get_glyph_extents(font, PANGO_GLYPH_UNKNOWN_FLAG | 0x25CC, NULL, &extents);
}

static void open_fonts(
    const PangoFontDescription *description, PangoLanguage *language, const uint32_t *characters, size_t count, uint8_t *is_covered) {
    PangoFontMap *map = cimages_text.pango_cairo_font_map_get_default();
    PangoFontset *fonts = cimages_text.pango_font_map_load_fontset(map, cimages_type.context, description, language);
    PangoFont *opened = NULL;
    for (size_t i = 0; i < count; i++) {
        PangoFont *font = cimages_text.pango_fontset_get_font(fonts, characters[i]);
        if (!font) continue;
        // Once for each stretch of characters: to open one again costs next to nothing.
        if (font != opened) open_font(opened = font, language);
        if (cimages_text.pango_font_has_char(font, characters[i])) is_covered[i] = 1;
    }
}

int cimages_open_fonts(const uint32_t *characters, size_t count, uint8_t *is_covered) {
    PangoLanguage *languages[MOST_LANGUAGES];
    size_t found = find_languages(characters, count, languages);
    const PangoFontDescription *plain[] = {cimages_type.heading, cimages_type.strong, cimages_type.plain};
    const PangoFontDescription *emoji[] = {description("emoji", PANGO_WEIGHT_BOLD), description("emoji", PANGO_WEIGHT_NORMAL)};
    size_t first = 0;
    while (first < count && characters[first] < FIRST_EMOJI) first++;
    // Twice, because the sets that were looked for on the way may have taken the place of others.
    for (size_t i = 0; i < 2 * found; i++) {
        PangoLanguage *language = languages[i % found];
        for (int j = 0; j < 3; j++) open_fonts(plain[j], language, characters, count, is_covered);
        for (int j = 0; j < 2 && first < count; j++)
            open_fonts(emoji[j], language, characters + first, count - first, is_covered + first);
    }
    return found < MOST_LANGUAGES;
}
