// SPDX-License-Identifier: Apache-2.0
// WebP (RFC 9649) by libwebp.
#include "internal.h"

int cimages_decode_webp(
    const uint8_t *bytes, size_t count, const uint8_t *profile, size_t profile_count, cimages_raster *raster,
    cimages_failure *failure) {
    WebPBitstreamFeatures features;
    if (cimages_lib.WebPGetFeaturesInternal(bytes, count, &features, WEBP_DECODER_ABI_VERSION) != VP8_STATUS_OK)
        return cimages_fail(failure, cimages_damaged, "The WebP is damaged");
    uint32_t channels = features.has_alpha ? 4 : 3;
    if (cimages_allocate(raster, (uint32_t)features.width, (uint32_t)features.height, channels, failure)) return -1;
    size_t stride = (size_t)raster->width * channels;
    uint8_t *(*decode)(const uint8_t *, size_t, uint8_t *, size_t, int) =
        channels == 4 ? cimages_lib.WebPDecodeRGBAInto : cimages_lib.WebPDecodeRGBInto;
    if (!decode(bytes, count, raster->pixels, stride * raster->height, (int)stride)) {
        cimages_free(raster);
        return cimages_fail(failure, cimages_damaged, "The WebP is damaged, or ends too early");
    }
    cimages_convert_raster(raster, profile, profile_count, cimages_rgb);
    return 0;
}

static int write_bytes(const uint8_t *bytes, size_t count, const WebPPicture *picture) {
    return cimages_sink_write(picture->custom_ptr, bytes, count);
}

static int encode(const cimages_raster *raster, const WebPConfig *config, WebPPicture *picture) {
    int stride = (int)(raster->width * raster->channels);
    int is_imported = raster->channels == 4 ? cimages_lib.WebPPictureImportRGBA(picture, raster->pixels, stride)
                                            : cimages_lib.WebPPictureImportRGB(picture, raster->pixels, stride);
    return is_imported && cimages_lib.WebPEncode(config, picture);
}

int cimages_write_webp(
    const cimages_raster *raster, float quality, int method, int is_lossless, int file, cimages_failure *failure) {
    static cimages_sink sink;
    cimages_sink_open(&sink, file);
    WebPConfig config;
    WebPPicture picture;
    if (!cimages_lib.WebPConfigInitInternal(&config, WEBP_PRESET_DEFAULT, quality, WEBP_ENCODER_ABI_VERSION)
        || !cimages_lib.WebPPictureInitInternal(&picture, WEBP_ENCODER_ABI_VERSION))
        return cimages_fail(failure, cimages_failed, "the library of libwebp7 is of another version");
    config.method = method;
    config.lossless = is_lossless;
    picture.use_argb = is_lossless;
    picture.width = (int)raster->width;
    picture.height = (int)raster->height;
    picture.writer = write_bytes;
    picture.custom_ptr = &sink;
    int is_encoded = encode(raster, &config, &picture);
    WebPEncodingError error = picture.error_code;
    cimages_lib.WebPPictureFree(&picture);
    if (is_encoded && cimages_sink_flush(&sink)) return 0;
    if (sink.error) return cimages_sink_failure(&sink, failure);
    // Without an error it is the import that has failed.
    if (error == VP8_ENC_OK || error == VP8_ENC_ERROR_OUT_OF_MEMORY) return cimages_fail_memory(failure);
    return cimages_fail(failure, cimages_failed, "libwebp cannot encode the picture: error %d", (int)error);
}
