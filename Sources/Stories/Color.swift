// SPDX-License-Identifier: Apache-2.0
/// A colour in sRGB, written `#rrggbb`.
public struct Color: Hashable, Sendable, CustomStringConvertible {
    /// Red, from 0 to 255.
    public let red: UInt8
    /// Green, from 0 to 255.
    public let green: UInt8
    /// Blue, from 0 to 255.
    public let blue: UInt8

    static let white = Color(0xFFFFFF)
    static let black = Color(0x000000)

    /// A colour of ours: `0xRRGGBB`.
    init(_ rgb: UInt32) {
        (red, green, blue) = (
            UInt8(truncatingIfNeeded: rgb >> 16), UInt8(truncatingIfNeeded: rgb >> 8),
            UInt8(truncatingIfNeeded: rgb)
        )
    }

    /// Parses `#` and six hexadecimal digits; `nil` for anything else.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 7, bytes[0] == UInt8(ascii: "#"), bytes[1...].allSatisfy(\.isHexadecimalDigit),
            let rgb = UInt32(String(decoding: bytes[1...], as: UTF8.self), radix: 16)
        else { return nil }
        self.init(rgb)
    }

    /// `#rrggbb`.
    public var description: String {
        let digits = String(UInt32(red) << 16 | UInt32(green) << 8 | UInt32(blue), radix: 16)
        return "#" + String(repeating: "0", count: 6 - digits.utf8.count) + digits
    }

    /// The colour with so many percent of another.
    func mixed(with other: Color, _ percent: Int) -> Color {
        func mix(_ own: UInt8, _ other: UInt8) -> UInt32 {
            UInt32((Int(own) * (100 - percent) + Int(other) * percent + 50) / 100)
        }
        return Color(mix(red, other.red) << 16 | mix(green, other.green) << 8 | mix(blue, other.blue))
    }
}

extension UInt8 {
    fileprivate var isHexadecimalDigit: Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self)
            || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(self | 0x20)
    }
}

// MARK: Contrast

extension Color {
    /// The contrast that text needs (WCAG 2.2, success criterion 1.4.3, level AA).
    public static let leastContrast = 4.5

    /// The contrast ratio of two colours, from 1 to 21 (WCAG 2.2, "contrast ratio").
    public func contrast(with other: Color) -> Double {
        let (lighter, darker) = (max(luminance, other.luminance), min(luminance, other.luminance))
        return (lighter + 0.05) / (darker + 0.05)
    }

    /// Whether text in this colour is legible on all of these.
    func isLegible(on grounds: Color...) -> Bool {
        grounds.allSatisfy { contrast(with: $0) >= Self.leastContrast }
    }

    /// The relative luminance, from 0 to 1 (WCAG 2.2, "relative luminance").
    private var luminance: Double {
        0.2126 * Self.linear(red) + 0.7152 * Self.linear(green) + 0.0722 * Self.linear(blue)
    }

    private static func linear(_ value: UInt8) -> Double {
        let share = Double(value) / 255
        guard share > 0.04045 else { return share / 12.92 }
        // To the power of 2.4: the square, times the fifth root of the square.
        let square = (share + 0.055) / 1.055 * (share + 0.055) / 1.055
        return square * fifthRoot(square)
    }

    /// The fifth root of a number from 0 to 1, by Newton's method from above, which has converged long before the last step.
    private static func fifthRoot(_ number: Double) -> Double {
        var root = 1.0
        for _ in 0..<40 { root = (4 * root + number / (root * root * root * root)) / 5 }
        return root
    }
}
