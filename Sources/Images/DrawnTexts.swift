// SPDX-License-Identifier: Apache-2.0
internal import Glibc

/// The texts of a picture, as far as the fonts of this machine have their characters.
struct DrawnTexts {
    private(set) var headline: String
    private(set) var context: String
    private(set) var time: String
    private(set) var label: String
    private(set) var name: String
    /// The first letter that no font has.
    private(set) var missing: Unicode.Scalar?

    /// To be called before the process is confined: zones are files.
    init(_ picture: SocialPicture) {
        (headline, context, name) = (picture.headline, picture.context, picture.siteName)
        (time, label) = (picture.time.text, picture.labelText)
    }

    /// All characters, ascending, with the ellipsis of texts that are cut off.
    var characters: [Unicode.Scalar] {
        Set([headline, context, time, label, name, "…"].flatMap(\.unicodeScalars)).sorted()
    }

    /// Leaves out what no font has. Symbols are left out alone; of a headline, of which a letter is missing, nothing would be true, so that
    /// the name of the site takes its place.
    mutating func drop(_ absent: Set<Unicode.Scalar>) {
        let letters = absent.filter(\.properties.isAlphabetic)
        missing = letters.min()
        func isWhole(_ text: String) -> Bool { text.unicodeScalars.allSatisfy { !letters.contains($0) } }
        if !isWhole(name) { name = "" }
        if !isWhole(headline) { keepName() }
        if !isWhole(context) { context = "" }
        for part in [\Self.headline, \.context, \.time, \.label, \.name] {
            let kept = self[keyPath: part].unicodeScalars.filter { !absent.contains($0) }
            self[keyPath: part] = String(String.UnicodeScalarView(kept))
        }
    }

    /// Leaves out what editors wrote.
    mutating func keepName() { (headline, context, name) = (name, "", "") }
}

extension Unicode.Scalar {
    /// Whether it needs a glyph: neither space nor a mark that is not seen.
    var isSeen: Bool {
        let properties = properties
        return !properties.isWhitespace && !properties.isDefaultIgnorableCodePoint
            && properties.generalCategory != .control
    }
}

extension SocialPicture.Time {
    /// The time as clocks of the zone show it, with the zone's abbreviation. Sets the zone of this process: for the worker alone.
    var text: String {
        setenv("TZ", ":" + zone, 1)
        tzset()
        var (seconds, parts) = (time_t(seconds), tm())
        guard localtime_r(&seconds, &parts) != nil else { return "" }
        let names = months.split(separator: " ")
        let month = names.indices.contains(Int(parts.tm_mon)) ? String(names[Int(parts.tm_mon)]) : ""
        let abbreviation = parts.tm_zone.map { String(cString: $0) } ?? "UTC"
        // Zones without one are named by their distance: +0530.
        let isNumber = abbreviation.utf8.first.map { $0 < UInt8(ascii: "A") } ?? false
        let values = [
            ("{day}", "\(parts.tm_mday)"), ("{month}", month), ("{year}", "\(parts.tm_year + 1_900)"),
            ("{time}", Self.twoDigits(parts.tm_hour) + ":" + Self.twoDigits(parts.tm_min)),
            ("UTC", isNumber ? "UTC" + abbreviation : abbreviation),
        ]
        return values.reduce(pattern) { Self.replacing($1.0, in: $0, with: $1.1) }
    }

    private static func twoDigits(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }

    private static func replacing(_ mark: String, in text: String, with value: String) -> String {
        guard let place = Array(text.utf8).firstRange(of: Array(mark.utf8)) else { return text }
        let bytes = Array(text.utf8)
        return String(
            decoding: bytes[..<place.lowerBound] + value.utf8 + bytes[place.upperBound...], as: UTF8.self)
    }
}
