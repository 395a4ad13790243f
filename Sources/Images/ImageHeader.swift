// SPDX-License-Identifier: Apache-2.0
/// What the head of a picture says of it, read before anything is decoded.
struct ImageHeader: Hashable {
    var format: ImageFormat
    /// Pixels as stored, before the orientation is applied.
    var width: Int
    var height: Int
    /// EXIF's tag Orientation, 1 to 8.
    var orientation = 1
    /// Of WebP: where the ICC profile is, and whether nothing of the picture is approximated.
    var profile: Range<Int>?
    var isLossless = false

    /// Reads the head of a picture, whose format is decided by its first bytes alone. Throws `unsupported` or `damaged`.
    init(_ bytes: ImageBytes) throws(ImageError) {
        let header: ImageHeader?
        switch Self.format(of: bytes) {
        case .jpeg?: header = Self.jpeg(bytes)
        case .png?: header = Self.png(bytes)
        case .gif?: header = Self.gif(bytes)
        case .webp?: header = try Self.webp(bytes)
        case nil: throw .unsupported(ForeignFormat.sentence(bytes))
        }
        guard let header, header.width > 0, header.height > 0 else {
            throw .damaged("The picture is damaged: its header is not complete.")
        }
        self = header
    }

    private init(_ format: ImageFormat, width: Int, height: Int) {
        (self.format, self.width, self.height) = (format, width, height)
    }

    /// By the signatures of the formats (WHATWG MIME Sniffing §6.1); `nil` for any other.
    private static func format(of bytes: ImageBytes) -> ImageFormat? {
        if bytes.has([0xFF, 0xD8, 0xFF]) { return .jpeg }
        if bytes.has([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) { return .png }
        if bytes.has("GIF87a") || bytes.has("GIF89a") { return .gif }
        return bytes.has("RIFF") && bytes.has("WEBP", at: 8) ? .webp : nil
    }

    /// Throws `tooLarge`.
    func check(_ limits: ImageLimits) throws(ImageError) {
        if max(width, height) > limits.side {
            throw .tooLarge(
                "The picture has \(width) × \(height) pixels; a side may have at most \(limits.side).")
        }
        if width * height > limits.pixels {
            throw .tooLarge(
                "The picture has \(width) × \(height) pixels; it may have at most \(limits.pixels) of them.")
        }
    }
}

// MARK: Formats

extension ImageHeader {
    /// Segments up to the first scan (ITU-T T.81, B.1.1).
    private static func jpeg(_ bytes: ImageBytes) -> ImageHeader? {
        var (header, orientation, offset) = (ImageHeader?.none, 1, 2)
        while let first = bytes.byte(offset), let marker = bytes.byte(offset + 1) {
            // Fill bytes, and what decoders skip on the way to the next marker.
            guard first == 0xFF, marker != 0xFF, marker != 0 else {
                offset += 1
                continue
            }
            offset += 2
            if marker == 0x01 || (0xD0...0xD8).contains(marker) { continue }
            guard marker != 0xD9, marker != 0xDA, let length = bytes.big(offset, bytes: 2), length >= 2 else {
                break
            }
            if isFrameHeader(marker), header == nil, let height = bytes.big(offset + 3, bytes: 2),
                let width = bytes.big(offset + 5, bytes: 2)
            {
                header = ImageHeader(.jpeg, width: width, height: height)
            }
            if marker == 0xE1, bytes.has("Exif\0\0", at: offset + 2) {
                orientation = EXIF.orientation(bytes.part((offset + 2)..<(offset + length)))
            }
            offset += length
        }
        header?.orientation = orientation
        return header
    }

    /// SOF0 to SOF15 without DHT, JPG and DAC, which lie between them.
    private static func isFrameHeader(_ marker: Int) -> Bool {
        (0xC0...0xCF).contains(marker) && marker != 0xC4 && marker != 0xC8 && marker != 0xCC
    }

    /// IHDR is first; eXIf may be anywhere (PNG §5.6).
    private static func png(_ bytes: ImageBytes) -> ImageHeader? {
        guard bytes.has("IHDR", at: 12), let width = bytes.big(16, bytes: 4),
            let height = bytes.big(20, bytes: 4)
        else { return nil }
        var (header, offset) = (ImageHeader(.png, width: width, height: height), 8)
        while let length = bytes.big(offset, bytes: 4), !bytes.has("IEND", at: offset + 4) {
            if bytes.has("eXIf", at: offset + 4) {
                header.orientation = EXIF.orientation(bytes.part((offset + 8)..<(offset + 8 + length)))
            }
            offset += 12 + length
        }
        return header
    }

    private static func gif(_ bytes: ImageBytes) -> ImageHeader? {
        guard let width = bytes.little(6, bytes: 2), let height = bytes.little(8, bytes: 2) else {
            return nil
        }
        return ImageHeader(.gif, width: width, height: height)
    }

    /// Chunks (RFC 9649 §2.4 to §2.7): a picture alone, or VP8X and what it announces.
    private static func webp(_ bytes: ImageBytes) throws(ImageError) -> ImageHeader? {
        var (header, offset) = (ImageHeader?.none, 12)
        var (orientation, profile, isLossless) = (1, Range<Int>?.none, false)
        while let length = bytes.little(offset + 4, bytes: 4) {
            let data = (offset + 8)..<(offset + 8 + length)
            if header == nil { header = try webpSize(bytes, chunk: offset) }
            if bytes.has("VP8L", at: offset) { isLossless = true }
            if bytes.has("ICCP", at: offset), data.upperBound <= bytes.count { profile = data }
            if bytes.has("EXIF", at: offset) { orientation = EXIF.orientation(bytes.part(data)) }
            offset = data.upperBound + length % 2
        }
        header?.orientation = orientation
        header?.profile = profile
        header?.isLossless = isLossless
        return header
    }

    private static func webpSize(_ bytes: ImageBytes, chunk: Int) throws(ImageError) -> ImageHeader? {
        if bytes.has("VP8X", at: chunk), let flags = bytes.byte(chunk + 8),
            let width = bytes.little(chunk + 12, bytes: 3), let height = bytes.little(chunk + 15, bytes: 3)
        {
            guard flags & 0x02 == 0 else {
                throw .unsupported(
                    "This is an animated WebP, which is not read: an animation may be sent as GIF.")
            }
            return ImageHeader(.webp, width: width + 1, height: height + 1)
        }
        if bytes.has("VP8 ", at: chunk), let width = bytes.little(chunk + 14, bytes: 2),
            let height = bytes.little(chunk + 16, bytes: 2)
        {
            return ImageHeader(.webp, width: width & 0x3FFF, height: height & 0x3FFF)
        }
        guard bytes.has("VP8L", at: chunk), let bits = bytes.little(chunk + 9, bytes: 4) else { return nil }
        return ImageHeader(.webp, width: bits & 0x3FFF + 1, height: bits >> 14 & 0x3FFF + 1)
    }
}

/// The one tag of EXIF 2.32 that says how a picture is shown.
enum EXIF {
    /// The tag Orientation of the first directory (TIFF 6.0 §2), whose bytes begin with the TIFF header or with `Exif\0\0` and that; 1 if
    /// there is none.
    static func orientation(_ bytes: ImageBytes) -> Int {
        let bytes = bytes.has("Exif\0\0") ? bytes.part(6..<max(bytes.count, 6)) : bytes
        let isLittle = bytes.has("II*\0")
        guard isLittle || bytes.has("MM\0*") else { return 1 }
        func number(_ offset: Int, _ count: Int) -> Int? {
            isLittle ? bytes.little(offset, bytes: count) : bytes.big(offset, bytes: count)
        }
        guard let directory = number(4, 4), let count = number(directory, 2) else { return 1 }
        for entry in 0..<count {
            let offset = directory + 2 + entry * 12
            guard let tag = number(offset, 2) else { break }
            guard tag == 0x0112, let value = number(offset + 8, 2) else { continue }
            return (1...8).contains(value) ? value : 1
        }
        return 1
    }
}
