// SPDX-License-Identifier: Apache-2.0
// What is used of Pango, Cairo and fontconfig, declared here so that no header of theirs is needed to build: their ABI is stable.
#ifndef CIMAGES_TEXT_H
#define CIMAGES_TEXT_H

#include "CImages.h"

#include <stdbool.h>

typedef struct PangoFontMap PangoFontMap;
typedef struct PangoContext PangoContext;
typedef struct PangoLayout PangoLayout;
typedef struct PangoLanguage PangoLanguage;
typedef struct PangoFontset PangoFontset;
typedef struct PangoFont PangoFont;
typedef struct PangoFontDescription PangoFontDescription;
typedef struct PangoAttrList PangoAttrList;
typedef struct PangoAttribute PangoAttribute;
typedef struct hb_font hb_font;
typedef struct cairo_t cairo_t;
typedef struct cairo_surface_t cairo_surface_t;
typedef struct cairo_scaled_font_t cairo_scaled_font_t;
typedef struct cairo_font_options_t cairo_font_options_t;
typedef struct FcConfig FcConfig;

// pango-item.h, of which the language is needed.
typedef struct {
    int offset, length, num_chars;
    struct {
        void *shape_engine, *lang_engine;
        PangoFont *font;
        uint8_t level, gravity, flags, script;
        PangoLanguage *language;
        void *extra_attrs;
    } analysis;
} PangoItem;

typedef struct {
    int x, y, width, height;
} PangoRectangle;

typedef struct GList {
    void *data;
    struct GList *next, *previous;
} GList;

// fontconfig.h
typedef struct {
    int count, room;
    void **fonts;
} FcFontSet;

// A glyph with this bit stands for a character that the font has not.
enum { PANGO_GLYPH_UNKNOWN_FLAG = 0x10000000 };
enum { PANGO_SCALE = 1024, PANGO_WEIGHT_NORMAL = 400, PANGO_WEIGHT_BOLD = 700 };
enum { PANGO_ALIGN_LEFT = 0, PANGO_ALIGN_RIGHT = 2 };
enum { PANGO_WRAP_WORD = 0, PANGO_WRAP_WORD_CHAR = 2 };
enum { PANGO_ELLIPSIZE_NONE = 0, PANGO_ELLIPSIZE_END = 3 };
enum { PANGO_DIRECTION_LTR = 0, PANGO_DIRECTION_RTL = 1 };
enum { CAIRO_FORMAT_ARGB32 = 0, CAIRO_FORMAT_RGB24 = 1 };
enum { CAIRO_ANTIALIAS_GRAY = 2, CAIRO_HINT_STYLE_NONE = 1, CAIRO_HINT_METRICS_OFF = 1 };

#define FONTCONFIG_FUNCTIONS(F) \
    F(int, FcInit, (void)) \
    F(FcFontSet *, FcConfigGetFonts, (FcConfig *, int))

#define PANGO_FUNCTIONS(F) \
    F(PangoContext *, pango_font_map_create_context, (PangoFontMap *)) \
    F(PangoFontset *, pango_font_map_load_fontset, \
      (PangoFontMap *, PangoContext *, const PangoFontDescription *, PangoLanguage *)) \
    F(PangoFont *, pango_fontset_get_font, (PangoFontset *, unsigned)) \
    F(int, pango_font_has_char, (PangoFont *, uint32_t)) \
    F(hb_font *, pango_font_get_hb_font, (PangoFont *)) \
    F(void *, pango_font_get_metrics, (PangoFont *, PangoLanguage *)) \
    F(void, pango_font_get_glyph_extents, (PangoFont *, uint32_t, void *, PangoRectangle *)) \
    F(void, pango_context_set_base_dir, (PangoContext *, int)) \
    F(void, pango_context_set_language, (PangoContext *, PangoLanguage *)) \
    F(PangoLanguage *, pango_language_from_string, (const char *)) \
    F(GList *, pango_itemize, (PangoContext *, const char *, int, int, PangoAttrList *, void *)) \
    F(PangoFontDescription *, pango_font_description_new, (void)) \
    F(void, pango_font_description_set_family, (PangoFontDescription *, const char *)) \
    F(void, pango_font_description_set_weight, (PangoFontDescription *, int)) \
    F(void, pango_font_description_set_absolute_size, (PangoFontDescription *, double)) \
    F(PangoAttrList *, pango_attr_list_new, (void)) \
    F(void, pango_attr_list_insert, (PangoAttrList *, PangoAttribute *)) \
    F(PangoAttribute *, pango_attr_strikethrough_new, (int)) \
    F(PangoAttribute *, pango_attr_line_height_new_absolute, (int)) \
    F(PangoLayout *, pango_layout_new, (PangoContext *)) \
    F(void, pango_layout_set_text, (PangoLayout *, const char *, int)) \
    F(void, pango_layout_set_attributes, (PangoLayout *, PangoAttrList *)) \
    F(void, pango_layout_set_font_description, (PangoLayout *, const PangoFontDescription *)) \
    F(void, pango_layout_set_width, (PangoLayout *, int)) \
    F(void, pango_layout_set_height, (PangoLayout *, int)) \
    F(void, pango_layout_set_wrap, (PangoLayout *, int)) \
    F(void, pango_layout_set_ellipsize, (PangoLayout *, int)) \
    F(void, pango_layout_set_alignment, (PangoLayout *, int)) \
    F(int, pango_layout_get_line_count, (PangoLayout *)) \
    F(int, pango_layout_get_direction, (PangoLayout *, int)) \
    F(void, pango_layout_get_pixel_size, (PangoLayout *, int *, int *)) \
    F(int, pango_layout_get_unknown_glyphs_count, (PangoLayout *))

#define PANGOCAIRO_FUNCTIONS(F) \
    F(PangoFontMap *, pango_cairo_font_map_get_default, (void)) \
    F(void, pango_cairo_context_set_font_options, (PangoContext *, const cairo_font_options_t *)) \
    F(cairo_scaled_font_t *, pango_cairo_font_get_scaled_font, (PangoFont *)) \
    F(void, pango_cairo_show_layout, (cairo_t *, PangoLayout *))

#define CAIRO_FUNCTIONS(F) \
    F(cairo_surface_t *, cairo_image_surface_create, (int, int, int)) \
    F(cairo_surface_t *, cairo_image_surface_create_for_data, (uint8_t *, int, int, int, int)) \
    F(uint8_t *, cairo_image_surface_get_data, (cairo_surface_t *)) \
    F(int, cairo_image_surface_get_stride, (cairo_surface_t *)) \
    F(void, cairo_surface_flush, (cairo_surface_t *)) \
    F(cairo_t *, cairo_create, (cairo_surface_t *)) \
    F(int, cairo_status, (cairo_t *)) \
    F(void, cairo_set_source_rgb, (cairo_t *, double, double, double)) \
    F(void, cairo_set_source_surface, (cairo_t *, cairo_surface_t *, double, double)) \
    F(void, cairo_set_line_width, (cairo_t *, double)) \
    F(void, cairo_move_to, (cairo_t *, double, double)) \
    F(void, cairo_rectangle, (cairo_t *, double, double, double, double)) \
    F(void, cairo_arc, (cairo_t *, double, double, double, double, double)) \
    F(void, cairo_new_path, (cairo_t *)) \
    F(void, cairo_close_path, (cairo_t *)) \
    F(void, cairo_fill, (cairo_t *)) \
    F(void, cairo_stroke, (cairo_t *)) \
    F(void, cairo_paint, (cairo_t *)) \
    F(void, cairo_save, (cairo_t *)) \
    F(void, cairo_restore, (cairo_t *)) \
    F(void, cairo_translate, (cairo_t *, double, double)) \
    F(void, cairo_scale, (cairo_t *, double, double)) \
    F(cairo_font_options_t *, cairo_font_options_create, (void)) \
    F(void, cairo_font_options_set_antialias, (cairo_font_options_t *, int)) \
    F(void, cairo_font_options_set_hint_style, (cairo_font_options_t *, int)) \
    F(void, cairo_font_options_set_hint_metrics, (cairo_font_options_t *, int)) \
    F(void *, cairo_ft_scaled_font_lock_face, (cairo_scaled_font_t *))

#define MEMBER(result, name, parameters) result(*name) parameters;
extern struct cimages_text_libraries {
    FONTCONFIG_FUNCTIONS(MEMBER)
    PANGO_FUNCTIONS(MEMBER)
    PANGOCAIRO_FUNCTIONS(MEMBER)
    CAIRO_FUNCTIONS(MEMBER)
} cimages_text;
#undef MEMBER

/// The size of all fonts, in pixels. Pango looks for fonts anew for each size, in threads of its own, which a confined process must not have.
enum { cimages_font_size = 48 };

/// What all texts of a picture share.
extern struct cimages_type {
    PangoContext *context;
    PangoLanguage *language;
    PangoFontDescription *heading, *strong, *plain;
} cimages_type;

#endif
