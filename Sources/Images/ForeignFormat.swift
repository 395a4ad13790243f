// SPDX-License-Identifier: Apache-2.0
/// Detects formats that are not supported by their magic bytes, so that the refusal names what was uploaded.
enum ForeignFormat {
    /// A sentence on bytes that are in none of the formats that are read.
    static func sentence(_ bytes: ImageBytes) -> String {
        if bytes.count == 0 { return "The file is empty; a picture may be JPEG, PNG, WebP or GIF." }
        guard let name = name(bytes) else {
            return "This is no picture that is known here; a picture may be JPEG, PNG, WebP or GIF."
        }
        return "This is \(name), which is not read here; a picture may be JPEG, PNG, WebP or GIF."
    }

    private static func name(_ bytes: ImageBytes) -> String? {
        if let signed = signatures.first(where: { bytes.has($0.bytes) }) { return signed.name }
        if bytes.has("ftyp", at: 4) { return container(bytes) }
        if bytes.has("RIFF") { return "a RIFF file of another kind" }
        return bytes.firstVisible == UInt8(ascii: "<") ? markup(bytes) : nil
    }

    /// ISO base media files by their brands (ISO/IEC 14496-12 §4.3, 23008-12 §10.2).
    private static func container(_ bytes: ImageBytes) -> String {
        let brands = bytes.part(8..<max(min(bytes.big(0, bytes: 4) ?? 0, 256), 8))
        func has(_ brand: StaticString) -> Bool {
            stride(from: 0, to: brands.count, by: 4).contains { brands.has(brand, at: $0) }
        }
        if has("avif") || has("avis") { return "an AVIF" }
        if has("heic") || has("heix") || has("hevc") || has("hevx") || has("mif1") || has("msf1") {
            return "a HEIC"
        }
        return "a video or another ISO media file"
    }

    private static func markup(_ bytes: ImageBytes) -> String {
        if bytes.mentions("<svg") { return "an SVG" }
        if bytes.mentions("<!doctype html") || bytes.mentions("<html") { return "an HTML page" }
        return bytes.mentions("<?xml") ? "an XML document" : "a text with markup"
    }

    private static let signatures: [(bytes: [UInt8], name: String)] = [
        (Array("BM".utf8), "a BMP"),
        (Array("II*\0".utf8), "a TIFF or a camera's raw file"),
        (Array("MM\0*".utf8), "a TIFF or a camera's raw file"),
        (Array("8BPS".utf8), "a Photoshop document"),
        (Array("%PDF".utf8), "a PDF"),
        (Array("PK\u{3}\u{4}".utf8), "a ZIP archive"),
        (Array("GIF".utf8), "a GIF of an unknown version"),
        ([0x00, 0x00, 0x01, 0x00], "an icon (ICO)"),
        ([0xFF, 0x0A], "a JPEG XL"),
        ([0x00, 0x00, 0x00, 0x0C, 0x4A, 0x58, 0x4C, 0x20], "a JPEG XL"),
        ([0x00, 0x00, 0x00, 0x0C, 0x6A, 0x50, 0x20, 0x20], "a JPEG 2000"),
        ([0x1F, 0x8B], "a gzip file (a compressed SVG, perhaps)"),
    ]
}
