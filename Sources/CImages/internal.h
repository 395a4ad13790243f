// SPDX-License-Identifier: Apache-2.0
// What the files of this target share. Not seen by Swift.
#ifndef CIMAGES_INTERNAL_H
#define CIMAGES_INTERNAL_H

#include "CImages.h"

#include <stdio.h>
// jpeglib.h needs FILE and size_t before it.
#include <gif_lib.h>
#include <jpeglib.h>
#include <lcms2.h>
#include <png.h>
#include <setjmp.h>
#include <stdbool.h>
#include <webp/decode.h>
#include <webp/encode.h>

// Result type, name and parameters of each function that is used.
#define JPEG_FUNCTIONS(F) \
    F(struct jpeg_error_mgr *, jpeg_std_error, (struct jpeg_error_mgr *)) \
    F(void, jpeg_CreateDecompress, (j_decompress_ptr, int, size_t)) \
    F(void, jpeg_mem_src, (j_decompress_ptr, const unsigned char *, unsigned long)) \
    F(void, jpeg_save_markers, (j_decompress_ptr, int, unsigned int)) \
    F(int, jpeg_read_header, (j_decompress_ptr, boolean)) \
    F(boolean, jpeg_read_icc_profile, (j_decompress_ptr, JOCTET **, unsigned int *)) \
    F(boolean, jpeg_start_decompress, (j_decompress_ptr)) \
    F(JDIMENSION, jpeg_read_scanlines, (j_decompress_ptr, JSAMPARRAY, JDIMENSION)) \
    F(boolean, jpeg_finish_decompress, (j_decompress_ptr)) \
    F(void, jpeg_destroy_decompress, (j_decompress_ptr)) \
    F(void, jpeg_CreateCompress, (j_compress_ptr, int, size_t)) \
    F(void, jpeg_set_defaults, (j_compress_ptr)) \
    F(void, jpeg_set_quality, (j_compress_ptr, int, boolean)) \
    F(void, jpeg_start_compress, (j_compress_ptr, boolean)) \
    F(JDIMENSION, jpeg_write_scanlines, (j_compress_ptr, JSAMPARRAY, JDIMENSION)) \
    F(void, jpeg_finish_compress, (j_compress_ptr)) \
    F(void, jpeg_destroy_compress, (j_compress_ptr))

#define PNG_FUNCTIONS(F) \
    F(png_structp, png_create_read_struct, (png_const_charp, png_voidp, png_error_ptr, png_error_ptr)) \
    F(png_structp, png_create_write_struct, (png_const_charp, png_voidp, png_error_ptr, png_error_ptr)) \
    F(png_infop, png_create_info_struct, (png_const_structrp)) \
    F(void, png_destroy_read_struct, (png_structpp, png_infopp, png_infopp)) \
    F(void, png_destroy_write_struct, (png_structpp, png_infopp)) \
    F(void, png_error, (png_const_structrp, png_const_charp)) \
    F(png_voidp, png_get_error_ptr, (png_const_structrp)) \
    F(png_voidp, png_get_io_ptr, (png_const_structrp)) \
    F(void, png_set_read_fn, (png_structrp, png_voidp, png_rw_ptr)) \
    F(void, png_set_write_fn, (png_structrp, png_voidp, png_rw_ptr, png_flush_ptr)) \
    F(void, png_set_user_limits, (png_structrp, png_uint_32, png_uint_32)) \
    F(void, png_set_chunk_malloc_max, (png_structrp, png_alloc_size_t)) \
    F(void, png_set_chunk_cache_max, (png_structrp, png_uint_32)) \
    F(void, png_read_info, (png_structrp, png_inforp)) \
    F(void, png_set_expand, (png_structrp)) \
    F(void, png_set_scale_16, (png_structrp)) \
    F(void, png_set_gray_to_rgb, (png_structrp)) \
    F(int, png_set_interlace_handling, (png_structrp)) \
    F(void, png_read_update_info, (png_structrp, png_inforp)) \
    F(void, png_read_row, (png_structrp, png_bytep, png_bytep)) \
    F(void, png_read_end, (png_structrp, png_inforp)) \
    F(png_byte, png_get_channels, (png_const_structrp, png_const_inforp)) \
    F(png_byte, png_get_color_type, (png_const_structrp, png_const_inforp)) \
    F(png_uint_32, png_get_image_width, (png_const_structrp, png_const_inforp)) \
    F(png_uint_32, png_get_image_height, (png_const_structrp, png_const_inforp)) \
    F(png_uint_32, png_get_iCCP, (png_const_structrp, png_inforp, png_charpp, int *, png_bytepp, png_uint_32 *)) \
    F(void, png_set_IHDR, (png_const_structrp, png_inforp, png_uint_32, png_uint_32, int, int, int, int, int)) \
    F(void, png_set_PLTE, (png_structrp, png_inforp, png_const_colorp, int)) \
    F(void, png_set_tRNS, (png_structrp, png_inforp, png_const_bytep, int, png_const_color_16p)) \
    F(void, png_set_packing, (png_structrp)) \
    F(void, png_set_filter, (png_structrp, int, int)) \
    F(void, png_set_compression_level, (png_structrp, int)) \
    F(void, png_write_info, (png_structrp, png_inforp)) \
    F(void, png_write_row, (png_structrp, png_const_bytep)) \
    F(void, png_write_end, (png_structrp, png_inforp))

#define WEBP_FUNCTIONS(F) \
    F(VP8StatusCode, WebPGetFeaturesInternal, (const uint8_t *, size_t, WebPBitstreamFeatures *, int)) \
    F(uint8_t *, WebPDecodeRGBInto, (const uint8_t *, size_t, uint8_t *, size_t, int)) \
    F(uint8_t *, WebPDecodeRGBAInto, (const uint8_t *, size_t, uint8_t *, size_t, int)) \
    F(int, WebPConfigInitInternal, (WebPConfig *, WebPPreset, float, int)) \
    F(int, WebPPictureInitInternal, (WebPPicture *, int)) \
    F(int, WebPPictureImportRGB, (WebPPicture *, const uint8_t *, int)) \
    F(int, WebPPictureImportRGBA, (WebPPicture *, const uint8_t *, int)) \
    F(int, WebPEncode, (const WebPConfig *, WebPPicture *)) \
    F(void, WebPPictureFree, (WebPPicture *))

#define GIF_FUNCTIONS(F) \
    F(GifFileType *, DGifOpen, (void *, InputFunc, int *)) \
    F(int, DGifCloseFile, (GifFileType *, int *)) \
    F(int, DGifGetRecordType, (GifFileType *, GifRecordType *)) \
    F(int, DGifGetImageDesc, (GifFileType *)) \
    F(int, DGifGetLine, (GifFileType *, GifPixelType *, int)) \
    F(int, DGifGetExtension, (GifFileType *, int *, GifByteType **)) \
    F(int, DGifGetExtensionNext, (GifFileType *, GifByteType **)) \
    F(int, DGifExtensionToGCB, (const size_t, const GifByteType *, GraphicsControlBlock *)) \
    F(size_t, EGifGCBToExtension, (const GraphicsControlBlock *, GifByteType *)) \
    F(GifFileType *, EGifOpen, (void *, OutputFunc, int *)) \
    F(int, EGifCloseFile, (GifFileType *, int *)) \
    F(void, EGifSetGifVersion, (GifFileType *, const bool)) \
    F(int, EGifPutScreenDesc, (GifFileType *, const int, const int, const int, const int, const ColorMapObject *)) \
    F(int, EGifPutImageDesc, \
      (GifFileType *, const int, const int, const int, const int, const bool, const ColorMapObject *)) \
    F(int, EGifPutLine, (GifFileType *, GifPixelType *, int)) \
    F(int, EGifPutExtension, (GifFileType *, const int, const int, const void *)) \
    F(int, EGifPutExtensionLeader, (GifFileType *, const int)) \
    F(int, EGifPutExtensionBlock, (GifFileType *, const int, const void *)) \
    F(int, EGifPutExtensionTrailer, (GifFileType *)) \
    F(const char *, GifErrorString, (int))

#define CMS_FUNCTIONS(F) \
    F(cmsHPROFILE, cmsOpenProfileFromMem, (const void *, cmsUInt32Number)) \
    F(cmsHPROFILE, cmsCreate_sRGBProfile, (void)) \
    F(cmsBool, cmsCloseProfile, (cmsHPROFILE)) \
    F(cmsColorSpaceSignature, cmsGetColorSpace, (cmsHPROFILE)) \
    F(cmsHTRANSFORM, cmsCreateTransform, \
      (cmsHPROFILE, cmsUInt32Number, cmsHPROFILE, cmsUInt32Number, cmsUInt32Number, cmsUInt32Number)) \
    F(void, cmsDoTransform, (cmsHTRANSFORM, const void *, void *, cmsUInt32Number)) \
    F(void, cmsDeleteTransform, (cmsHTRANSFORM))

#define MEMBER(result, name, parameters) result(*name) parameters;
extern struct cimages_libraries {
    JPEG_FUNCTIONS(MEMBER)
    PNG_FUNCTIONS(MEMBER)
    WEBP_FUNCTIONS(MEMBER)
    GIF_FUNCTIONS(MEMBER)
    CMS_FUNCTIONS(MEMBER)
} cimages_lib;

/// Sets the failure; returns -1.
__attribute__((format(printf, 3, 4))) int cimages_fail(cimages_failure *failure, cimages_reason reason, const char *format, ...);
int cimages_fail_memory(cimages_failure *failure);

/// Allocates the pixels. If the raster has a size, which is what was found to be within the limits, this must be the same.
int cimages_allocate(cimages_raster *raster, uint32_t width, uint32_t height, uint32_t channels, cimages_failure *failure);

/// A file that is written through a buffer. After an error nothing more is written.
typedef struct {
    int file;
    /// errno of the first write that failed, or 0.
    int error;
    size_t used;
    uint8_t buffer[1 << 15];
} cimages_sink;
void cimages_sink_open(cimages_sink *sink, int file);
/// Returns whether all writes have succeeded so far.
bool cimages_sink_write(cimages_sink *sink, const void *bytes, size_t count);
bool cimages_sink_flush(cimages_sink *sink);
int cimages_sink_failure(const cimages_sink *sink, cimages_failure *failure);

/// From the colours of a profile to sRGB; null if the profile cannot be used, or differs by nothing that can be seen.
typedef struct cimages_conversion cimages_conversion;
/// `space`: that of the pixels. CMYK is taken inverted, as Adobe stores it, if `is_inverted`.
typedef enum { cimages_gray, cimages_rgb, cimages_cmyk } cimages_space;
cimages_conversion *cimages_conversion_open(
    const uint8_t *profile, size_t count, cimages_space space, uint32_t channels, bool is_inverted);
/// Converts a row. `to` may be `from` unless that is CMYK. Rows of gray are RGB with equal channels.
void cimages_convert(const cimages_conversion *conversion, const uint8_t *from, uint8_t *to, uint32_t width);
void cimages_conversion_close(cimages_conversion *conversion);
/// Converts all rows, if there is a conversion.
void cimages_convert_raster(cimages_raster *raster, const uint8_t *profile, size_t count, cimages_space space);

/// The pixels of an RGBA row on white.
void cimages_flatten(const uint8_t *from, uint8_t *to, uint32_t width);

#endif
