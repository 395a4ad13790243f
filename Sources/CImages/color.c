// SPDX-License-Identifier: Apache-2.0
// Colour profiles (ICC.1) by Little CMS.
#include "internal.h"

#include <stdlib.h>

struct cimages_conversion {
    cmsHTRANSFORM transform;
    bool is_gray;
    uint32_t channels;
    /// What the 256 grays become.
    uint8_t grays[256][3];
};

static cmsUInt32Number pixel_format(cimages_space space, uint32_t channels, bool is_inverted) {
    if (space == cimages_gray) return TYPE_GRAY_8;
    if (space == cimages_cmyk) return is_inverted ? TYPE_CMYK_8_REV : TYPE_CMYK_8;
    return channels == 4 ? TYPE_RGBA_8 : TYPE_RGB_8;
}

static cmsColorSpaceSignature signature(cimages_space space) {
    return space == cimages_gray ? cmsSigGrayData : space == cimages_cmyk ? cmsSigCmykData : cmsSigRgbData;
}

/// Null also if the profile is of another space than the pixels: browsers ignore it, too.
static cmsHTRANSFORM open_transform(
    const uint8_t *profile, size_t count, cimages_space space, uint32_t channels, bool is_inverted) {
    cmsHPROFILE source = cimages_lib.cmsOpenProfileFromMem(profile, (cmsUInt32Number)count);
    if (!source) return NULL;
    cmsHTRANSFORM transform = NULL;
    cmsHPROFILE target = cimages_lib.cmsCreate_sRGBProfile();
    if (target && cimages_lib.cmsGetColorSpace(source) == signature(space)) {
        cmsUInt32Number to = space == cimages_rgb && channels == 4 ? TYPE_RGBA_8 : TYPE_RGB_8;
        cmsUInt32Number flags = to == TYPE_RGBA_8 ? cmsFLAGS_COPY_ALPHA : 0;
        transform = cimages_lib.cmsCreateTransform(
            source, pixel_format(space, channels, is_inverted), target, to, INTENT_PERCEPTUAL, flags);
    }
    if (target) cimages_lib.cmsCloseProfile(target);
    cimages_lib.cmsCloseProfile(source);
    return transform;
}

/// Whether no colour of a grid changes by more than one step: most profiles are sRGB's own.
static bool is_identity(cmsHTRANSFORM transform, uint32_t channels) {
    enum { STEPS = 16 };
    for (int red = 0; red <= STEPS; red++)
        for (int green = 0; green <= STEPS; green++) {
            uint8_t row[(STEPS + 1) * 4], converted[(STEPS + 1) * 4];
            for (int blue = 0; blue <= STEPS; blue++) {
                uint8_t *pixel = row + (uint32_t)blue * channels;
                pixel[0] = (uint8_t)(red * 255 / STEPS);
                pixel[1] = (uint8_t)(green * 255 / STEPS);
                pixel[2] = (uint8_t)(blue * 255 / STEPS);
                if (channels == 4) pixel[3] = 255;
            }
            cimages_lib.cmsDoTransform(transform, row, converted, STEPS + 1);
            for (uint32_t i = 0; i < (STEPS + 1) * channels; i++)
                if (abs(row[i] - converted[i]) > 1) return false;
        }
    return true;
}

cimages_conversion *cimages_conversion_open(
    const uint8_t *profile, size_t count, cimages_space space, uint32_t channels, bool is_inverted) {
    if (!profile || count == 0 || count > UINT32_MAX) return NULL;
    cmsHTRANSFORM transform = open_transform(profile, count, space, channels, is_inverted);
    if (!transform) return NULL;
    cimages_conversion *conversion = calloc(1, sizeof *conversion);
    if (!conversion || (space == cimages_rgb && is_identity(transform, channels))) {
        cimages_lib.cmsDeleteTransform(transform);
        free(conversion);
        return NULL;
    }
    *conversion = (cimages_conversion){.transform = transform, .is_gray = space == cimages_gray, .channels = channels};
    if (conversion->is_gray) {
        uint8_t all[256];
        for (int i = 0; i < 256; i++) all[i] = (uint8_t)i;
        cimages_lib.cmsDoTransform(transform, all, conversion->grays, 256);
    }
    return conversion;
}

void cimages_convert(const cimages_conversion *conversion, const uint8_t *from, uint8_t *to, uint32_t width) {
    if (!conversion->is_gray) {
        cimages_lib.cmsDoTransform(conversion->transform, from, to, width);
        return;
    }
    for (uint32_t x = 0; x < width; x++) {
        const uint8_t *gray = conversion->grays[from[x * conversion->channels]];
        uint8_t *pixel = to + x * conversion->channels;
        pixel[0] = gray[0];
        pixel[1] = gray[1];
        pixel[2] = gray[2];
    }
}

void cimages_conversion_close(cimages_conversion *conversion) {
    if (!conversion) return;
    cimages_lib.cmsDeleteTransform(conversion->transform);
    free(conversion);
}

void cimages_convert_raster(cimages_raster *raster, const uint8_t *profile, size_t count, cimages_space space) {
    cimages_conversion *conversion = cimages_conversion_open(profile, count, space, raster->channels, false);
    if (!conversion) return;
    size_t stride = (size_t)raster->width * raster->channels;
    for (uint32_t y = 0; y < raster->height; y++) {
        uint8_t *row = raster->pixels + y * stride;
        cimages_convert(conversion, row, row, raster->width);
    }
    cimages_conversion_close(conversion);
}
