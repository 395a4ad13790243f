// SPDX-License-Identifier: Apache-2.0
/// What the picture shows that other sites put beside a link, where there is no photograph: 1200 × 630 pixels of text. Texts are on one line.
public struct SocialPicture: Hashable, Sendable {
    /// What the mark at the end of its head says.
    public enum Label: String, CaseIterable, Sendable {
        /// There is none.
        case none
        /// The story is being updated.
        case live
        /// The story is finished.
        case closed
        /// The update has been retracted: its headline is struck through.
        case retracted
    }

    /// A time, which is written as clocks of a zone show it.
    public struct Time: Hashable, Sendable {
        /// Seconds since 1970 UTC.
        public var seconds: Int64
        /// The name of the zone in the IANA time zone database.
        public var zone: String
        /// How dates are written: `{day} {month} {year}, {time} UTC`.
        public var pattern: String
        /// The names of the months, separated by spaces.
        public var months: String

        /// Memberwise.
        public init(seconds: Int64, zone: String, pattern: String, months: String) {
            (self.seconds, self.zone, self.pattern, self.months) = (seconds, zone, pattern, months)
        }
    }

    /// The colours, each `0xRRGGBB`.
    public struct Colors: Hashable, Sendable {
        /// The ground.
        public var background: UInt32
        /// The headline and the name.
        public var text: UInt32
        /// Text of less weight.
        public var soft: UInt32
        /// The line above the time.
        public var line: UInt32
        /// The bar at the edge, and the ground of the label of a story that is live.
        public var accent: UInt32
        /// Text on the accent.
        public var onAccent: UInt32

        /// Memberwise.
        public init(
            background: UInt32, text: UInt32, soft: UInt32, line: UInt32, accent: UInt32, onAccent: UInt32
        ) {
            (self.background, self.text, self.soft, self.line) = (background, text, soft, line)
            (self.accent, self.onAccent) = (accent, onAccent)
        }
    }

    /// In large letters: the title of the story or of the update.
    public var headline: String
    /// Below it, of an update: the title of its story; otherwise empty.
    public var context: String
    /// When it was published.
    public var time: Time
    /// The mark.
    public var label: Label
    /// Its words.
    public var labelText: String
    /// The name of the site, which stands there unless there is a logo.
    public var siteName: String
    /// The language of what editors wrote (BCP 47); empty if it is not known.
    public var language: String
    /// Whether it is the mirror of those in languages written from left to right.
    public var isRightToLeft: Bool
    /// Whether the headline is in a serif.
    public var isSerif: Bool
    /// The colours.
    public var colors: Colors

    /// Memberwise.
    public init(
        headline: String, context: String, time: Time, label: Label, labelText: String, siteName: String,
        language: String, isRightToLeft: Bool, isSerif: Bool, colors: Colors
    ) {
        (self.headline, self.context, self.time) = (headline, context, time)
        (self.label, self.labelText, self.siteName) = (label, labelText, siteName)
        (self.language, self.isRightToLeft, self.isSerif) = (language, isRightToLeft, isSerif)
        self.colors = colors
    }

    /// The sides in pixels: what sites that show links ask for.
    public static let (width, height) = (1_200, 630)
}

// MARK: As bytes

extension SocialPicture {
    /// All of it, for the worker and for digests: fields in a fixed order, each followed by a zero byte.
    public var bytes: [UInt8] {
        let hues = [
            colors.background, colors.text, colors.soft, colors.line, colors.accent, colors.onAccent,
        ]
        let fields =
            [
                headline, context, "\(time.seconds)", time.zone, time.pattern, time.months, label.rawValue,
                labelText, siteName, language, isRightToLeft ? "1" : "0", isSerif ? "1" : "0",
            ] + hues.map(String.init)
        return fields.flatMap { $0.utf8.filter { $0 != 0 } + [0] }
    }

    /// `nil` unless the bytes are what ``bytes`` writes.
    init?(bytes: some Collection<UInt8>) {
        guard bytes.count <= Self.maximumBytes else { return nil }
        let fields = bytes.split(separator: 0, omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        let hues = fields.dropFirst(12).dropLast().compactMap { UInt32($0) }
        guard fields.count == 19, hues.count == 6, let seconds = Int64(fields[2]),
            let label = Label.allCases.first(where: { $0.rawValue == fields[6] })
        else { return nil }
        self.init(
            headline: fields[0], context: fields[1],
            time: Time(seconds: seconds, zone: fields[3], pattern: fields[4], months: fields[5]),
            label: label, labelText: fields[7], siteName: fields[8], language: fields[9],
            isRightToLeft: fields[10] == "1", isSerif: fields[11] == "1",
            colors: Colors(
                background: hues[0], text: hues[1], soft: hues[2], line: hues[3], accent: hues[4],
                onAccent: hues[5]))
    }

    /// Above what the longest texts take.
    static let maximumBytes = 16_384
}

/// A picture that was drawn.
public struct DrawnPicture: Hashable, Sendable {
    /// A PNG.
    public var bytes: [UInt8]
    /// A letter that no font has, for which a text was left out, or a part of it; `nil`: nothing is missing.
    public var missing: Unicode.Scalar?

    /// Memberwise.
    public init(bytes: [UInt8], missing: Unicode.Scalar? = nil) {
        (self.bytes, self.missing) = (bytes, missing)
    }
}
