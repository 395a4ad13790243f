// SPDX-License-Identifier: Apache-2.0
internal import Glibc
public import JSON
public import Stories
internal import StoriesJSON

extension SiteSettings: JSONWritable {
    /// Writes their JSON form, with the contrasts of their colours.
    public func write(to writer: inout JSONWriter) {
        writer.object {
            $0.members(of: self)
            $0.member("contrast") { writer in
                writer.object { $0.contrasts((colors ?? .blank).schemes) }
            }
        }
    }
}

extension SiteSettings {
    /// The scripts of third parties, for the script of pages that asks for consent.
    var slotsJSON: String {
        var writer = JSONWriter()
        writer.array { writer in for slot in slots { writer.object { $0.members(of: slot) } } }
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}

extension SiteRevision: JSONWritable {
    /// Writes its JSON form.
    public func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("number", Int(number))
            $0.member("at", at)
            $0.members(of: actor)
            $0.member("settings", settings)
        }
    }
}

extension JSONWriter {
    fileprivate mutating func contrasts(_ schemes: [SiteScheme]) {
        for scheme in schemes {
            member(named: scheme.kind.rawValue) { writer in
                writer.object { writer in
                    for pair in scheme.contrasts {
                        writer.member(named: pair.name) { $0.contrast(pair) }
                    }
                }
            }
        }
    }

    private mutating func contrast(_ pair: SiteContrast) {
        object {
            $0.member("color", pair.color.description)
            $0.member("background", pair.background.description)
            $0.member("ratio") { $0.raw(Self.decimal(pair.hundredths).utf8) }
            let lightness = PerceivedContrast.lightness(of: pair.color, on: pair.background)
            $0.member("apca") { $0.raw(Self.decimal(Int((lightness * 10).rounded()) * 10).utf8) }
        }
    }

    /// Returns hundredths as a JSON number.
    private static func decimal(_ hundredths: Int) -> String {
        let digits = String(hundredths.magnitude % 100)
        let fraction = String(repeating: "0", count: 2 - digits.utf8.count) + digits
        return "\(hundredths < 0 ? "-" : "")\(hundredths.magnitude / 100).\(fraction)"
    }
}

/// Perceived contrast by APCA, version 0.1.9 (Accessible Perceptual Contrast Algorithm), which is not part of a standard yet.
private enum PerceivedContrast {
    /// The lightness contrast Lc of text on a ground: from about -108 (white on black) to 106 (black on white); 0 for what cannot be
    /// told apart.
    static func lightness(of text: Color, on ground: Color) -> Double {
        let (text, ground) = (luminance(text), luminance(ground))
        guard abs(ground - text) >= 0.0005 else { return 0 }
        let isDarkOnLight = ground > text
        let contrast =
            isDarkOnLight
            ? (pow(ground, 0.56) - pow(text, 0.57)) * 1.14 : (pow(ground, 0.65) - pow(text, 0.62)) * 1.14
        guard abs(contrast) >= 0.1 else { return 0 }
        return (contrast + (isDarkOnLight ? -0.027 : 0.027)) * 100
    }

    /// The screen luminance, with the softening of dark colours.
    private static func luminance(_ color: Color) -> Double {
        func linear(_ value: UInt8) -> Double { pow(Double(value) / 255, 2.4) }
        let sum =
            0.2126729 * linear(color.red) + 0.7151522 * linear(color.green) + 0.0721750 * linear(color.blue)
        return sum < 0.022 ? sum + pow(0.022 - sum, 1.414) : sum
    }
}
