// SPDX-License-Identifier: Apache-2.0
internal import CImages

/// Decodes a picture and writes all files made of it. In the worker.
struct ImageMaker {
    private let bytes: UnsafeRawBufferPointer
    private let header: ImageHeader
    private let limits: ImageLimits

    init(_ bytes: UnsafeRawBufferPointer, _ header: ImageHeader, _ limits: ImageLimits) {
        (self.bytes, self.header, self.limits) = (bytes, header, limits)
    }

    /// Encoder quality: higher values cost bytes without a visible gain, lower ones show artefacts.
    private enum Quality {
        static let original: Int32 = 88
        static let jpeg: Int32 = 80
        static let webp: Float = 76
        /// Of WebP, 0 to 6. A step more makes files smaller by few per cent, in half as much time again.
        static let method: Int32 = 4
        /// Of a lossless WebP: effort, not quality.
        static let lossless: Float = 20
    }

    func make() throws(ImageError) -> ProcessedImage {
        var (raster, frames) = (cimages_raster(), 1)
        // What the decoder finds must agree with the header, by which the limits were checked.
        (raster.width, raster.height) = (UInt32(header.width), UInt32(header.height))
        if header.format == .gif {
            frames = try recodeGIF(&raster)
        } else {
            try decode(&raster)
            try Self.check { cimages_orient(&raster, Int32(header.orientation), $0) }
            try writeOriginal(raster)
        }
        var names = [OutputName.original]
        let color = try writeVariants(of: raster, &names)
        return ProcessedImage(
            format: header.format, width: Int(raster.width), height: Int(raster.height),
            isAnimated: frames > 1, color: color,
            files: names.map { ProcessedFile(name: $0, format: header.format, bytes: 0) })
    }

    /// The picture upright, without writing it; `nil` of a GIF, which is only ever written anew.
    func picture() throws(ImageError) -> cimages_raster? {
        guard header.format != .gif else { return nil }
        var raster = cimages_raster()
        (raster.width, raster.height) = (UInt32(header.width), UInt32(header.height))
        try decode(&raster)
        try Self.check { cimages_orient(&raster, Int32(header.orientation), $0) }
        return raster
    }

    private func recodeGIF(_ raster: inout cimages_raster) throws(ImageError) -> Int {
        var bounds = cimages_bounds(
            pixels: UInt64(limits.pixels), frames: UInt64(limits.frames),
            all_pixels: UInt64(limits.animationPixels))
        var frames = 0
        try Self.check { failure in
            frames = cimages_recode_gif(
                start, bytes.count, &bounds, file(OutputName.original), &raster, failure)
            return frames < 0 ? -1 : 0
        }
        return frames
    }

    private func decode(_ raster: inout cimages_raster) throws(ImageError) {
        let profile = header.profile.map { UnsafeRawBufferPointer(rebasing: bytes[$0]) }
        try Self.check { failure in
            switch header.format {
            case .jpeg: cimages_decode_jpeg(start, bytes.count, &raster, failure)
            case .png: cimages_decode_png(start, bytes.count, &raster, failure)
            default:
                cimages_decode_webp(
                    start, bytes.count, profile?.assumingMemoryBound(to: UInt8.self).baseAddress,
                    profile?.count ?? 0, &raster, failure)
            }
        }
        cimages_drop_opaque_alpha(&raster)
    }

    private func writeOriginal(_ raster: cimages_raster) throws(ImageError) {
        var raster = raster
        let file = file(OutputName.original)
        try Self.check { failure in
            switch header.format {
            case .jpeg: cimages_write_jpeg(&raster, Quality.original, 0, file, failure)
            case .png: cimages_write_png(&raster, file, failure)
            default: writeWebP(&raster, isLossless: header.isLossless, file, failure)
            }
        }
    }

    private func writeWebP(
        _ raster: inout cimages_raster, isLossless: Bool, _ file: Int32,
        _ failure: UnsafeMutablePointer<cimages_failure>
    ) -> Int32 {
        let quality = isLossless ? Quality.lossless : Float(Quality.original)
        return cimages_write_webp(
            &raster, quality, isLossless ? 0 : Quality.method, isLossless ? 1 : 0, file, failure)
    }

    /// From the widest to the narrowest. Returns the average colour.
    private func writeVariants(of raster: cimages_raster, _ names: inout [String]) throws(ImageError)
        -> String
    {
        var rasters = [raster]
        for width in ProcessedImage.widths.reversed() where width < raster.width {
            // Of the smallest that is at least twice as wide: what is reduced in two such steps looks the same, and takes less time.
            var source = rasters.last { Int($0.width) >= 2 * width } ?? raster
            let height = (Int(raster.height) * width + Int(raster.width) / 2) / Int(raster.width)
            var reduced = cimages_raster()
            try Self.check { cimages_scale(&source, UInt32(width), UInt32(max(height, 1)), &reduced, $0) }
            try Self.check {
                cimages_write_webp(&reduced, Quality.webp, Quality.method, 0, file("\(width).webp"), $0)
            }
            try Self.check { cimages_write_jpeg(&reduced, Quality.jpeg, 1, file("\(width).jpg"), $0) }
            names.insert(contentsOf: ["\(width).webp", "\(width).jpg"], at: 1)
            rasters.append(reduced)
        }
        return color(of: rasters.last ?? raster)
    }

    private func color(of raster: cimages_raster) -> String {
        var (raster, color) = (raster, [UInt8](repeating: 0, count: 3))
        cimages_average(&raster, &color)
        return "#"
            + color.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private var start: UnsafePointer<UInt8>? { bytes.assumingMemoryBound(to: UInt8.self).baseAddress }

    private func file(_ name: String) -> Int32 {
        WorkerDescriptor.firstOutput + Int32(OutputName.all.firstIndex(of: name) ?? 0)
    }

    /// Does one step, and throws its failure.
    static func check(_ step: (UnsafeMutablePointer<cimages_failure>) -> Int32) throws(ImageError) {
        var failure = cimages_failure()
        guard step(&failure) != 0 else { return }
        let text = withUnsafeBytes(of: failure.text) {
            String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
        }
        switch failure.reason {
        case cimages_unsupported: throw .unsupported(text + ".")
        case cimages_damaged: throw .damaged(text + ".")
        case cimages_too_large: throw .tooLarge(text + ".")
        case cimages_storage: throw .storage(failure.number)
        default: throw .failed(text)
        }
    }
}
