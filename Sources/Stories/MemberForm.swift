// SPDX-License-Identifier: Apache-2.0
/// The type and constraints of a member's values.
public indirect enum MemberForm: Sendable {
    /// A text that satisfies a rule.
    case text(TextRule)
    /// A Boolean.
    case flag
    /// A timestamp.
    case time
    /// An integer within a range, with the unit that it counts.
    case integer(ClosedRange<Int>, unit: String)
    /// The id of a story.
    case identifier
    /// One of these names.
    case choice([String])
    /// A list of items of a form, with a maximum count.
    case list(MemberForm, atMost: Int)
    /// An object with these members.
    case object([MemberField])

    /// One line, with a maximum number of characters.
    static func line(atMost limit: Int) -> MemberForm { .text(.line(atMost: limit)) }

    /// The alternative text of a picture, which is empty for a decorative one, as in HTML.
    static let alternative = MemberForm.text(.alternative)

    /// Multi-line text, with a maximum number of characters in total.
    static func lines(atMost limit: Int) -> MemberForm { .text(.lines(atMost: limit)) }

    /// CommonMark.
    static let markdown = MemberForm.text(.markdown)

    /// An absolute http or https URL.
    static let url = MemberForm.text(.url)

    /// The address of a medium: an absolute http or https URL, or a ``MediaReference``.
    static let mediaURL = MemberForm.text(.mediaURL)

    /// The side of a picture, from 1 to ``Limits/mediaPixels``.
    static let pixels = MemberForm.integer(1...Limits.mediaPixels, unit: "pixels")

    /// A part of a side, in percent.
    static let percent = MemberForm.integer(0...100, unit: "percent")

    /// One of the cases of a type.
    static func choice<Choice: CaseIterable & RawRepresentable>(of _: Choice.Type) -> MemberForm
    where Choice.RawValue == String {
        .choice(Choice.allCases.map(\.rawValue))
    }

    /// An object with the members of a record.
    public static func object<Record: MemberRecord>(of _: Record.Type) -> MemberForm {
        .object(Record.members.map(\.field))
    }

    /// Distinct tags.
    static let tags = MemberForm.list(.text(.tag), atMost: Limits.tags)

    /// A valid sample value, with all parts set.
    public var sample: MemberValue {
        switch self {
        case .text(let rule): .text(rule.sample)
        case .flag: .flag(true)
        case .time: .time(Timestamp(milliseconds: 0))
        case .integer(let range, _): .integer(range.upperBound)
        case .identifier: .identifier(Identifier(high: 0, low: 0))
        case .choice(let names): .text(names[0])
        case .list(let form, _): .list([form.sample])
        case .object(let fields): .object(fields.map(\.form.sample))
        }
    }

    /// Returns the value as stored: tags normalized and without duplicates, language tags in canonical case.
    func normalized(_ value: MemberValue) -> MemberValue {
        if case .text(.language) = self, case .text(let text) = value {
            return .text(LanguageTag(text)?.text ?? text)
        }
        guard case .list(.text(.tag), _) = self, let tags = [String](memberValue: value) else { return value }
        return Tag.distinct(tags.map(Tag.normalized)).memberValue
    }
}

/// The constraints of a text.
public enum TextRule: Sendable {
    /// One line, with a maximum number of characters.
    case line(atMost: Int)
    /// Multi-line text, with a maximum number of characters in total.
    case lines(atMost: Int)
    /// One line of at most ``Limits/captionCharacters``, or nothing.
    case alternative
    /// CommonMark, at most ``Limits/updateBodyBytes``.
    case markdown
    /// An absolute http or https URL.
    case url
    /// An absolute http or https URL, or a ``MediaReference``.
    case mediaURL
    /// A colour: `#rrggbb`.
    case color
    /// An absolute https URL, or a ``MediaReference``.
    case sitePicture
    /// An absolute http or https URL, or a path of this site.
    case address
    /// The address of a script of a third party: an absolute https URL, whose origin is written into a policy.
    case script
    /// A ``FontReference``, or the name of a ``FontStack``.
    case font
    /// A style sheet that is a part of pages.
    case css
    /// A language tag (BCP 47), stored in canonical case.
    case language
    /// The name of a time zone (IANA).
    case timeZone
    /// A tag, stored as ``Tag/normalized(_:)``.
    case tag
    /// The name of a ``ReactionKind``.
    case reactionKind

    /// A valid sample text.
    fileprivate var sample: String {
        switch self {
        case .line, .lines, .alternative, .markdown, .tag: "-"
        case .reactionKind: ReactionKind.veryGood.name
        case .url, .mediaURL, .sitePicture, .address, .script: "https://example.org"
        case .color: "#000000"
        case .font: FontStack.serif.rawValue
        case .css: "a{}"
        case .language: "en"
        case .timeZone: "UTC"
        }
    }
}

extension Validator {
    /// Validates a member's value, including nested values.
    mutating func value(_ value: MemberValue, _ form: MemberForm, at pointer: String) {
        switch (form, value) {
        case (.text(let rule), .text(let text)): self.text(text, rule, at: pointer)
        case (.integer(let range, let unit), .integer(let integer)):
            require(
                range.contains(integer), at: pointer,
                "must be from \(range.lowerBound) to \(range.upperBound) \(unit)")
        case (.list(let form, let limit), .list(let items)):
            list(items, at: pointer, atMost: limit) { $0.value($1, form, at: $2) }
        case (.object(let fields), .object(let parts)):
            for (field, part) in zip(fields, parts) {
                if let part { self.value(part, field.form, at: "\(pointer)/\(field.name)") }
            }
        default: break
        }
    }

    private mutating func text(_ text: String, _ rule: TextRule, at pointer: String) {
        switch rule {
        case .line(let limit): line(text, at: pointer, atMost: limit)
        case .lines(let limit): self.text(text, at: pointer, atMost: limit)
        case .alternative:
            if !text.utf8.isEmpty { line(text, at: pointer, atMost: Limits.captionCharacters) }
        case .markdown: body(text, at: pointer)
        case .url: url(text, at: pointer)
        case .mediaURL: mediaURL(text, at: pointer)
        case .color:
            require(Color(text) != nil, at: pointer, "must be a colour as #rrggbb, in hexadecimal digits")
        case .sitePicture: sitePicture(text, at: pointer)
        case .address: address(text, at: pointer)
        case .font:
            require(
                FontReference(text) != nil || FontStack(exactly: text) != nil, at: pointer,
                "must be /fonts/, the id of a font uploaded here and .woff2, or one of: "
                    + FontStack.allCases.map(\.rawValue).joined(separator: ", "))
        case .script: script(text, at: pointer)
        case .css: css(text, at: pointer)
        case .language:
            require(
                LanguageTag.isWellFormed(text), at: pointer,
                "must be a language tag (BCP 47) such as en, pt-BR or zh-Hant")
        case .timeZone:
            require(
                TimeZoneName.isKnown(text), at: pointer,
                "must be the name of a time zone (IANA) such as Europe/Lisbon or UTC")
        case .tag: line(Tag.normalized(text), at: pointer, atMost: Limits.tagCharacters)
        case .reactionKind: require(ReactionKind(text) != nil, at: pointer, ReactionKind.rule)
        }
    }

    private mutating func body(_ body: String, at pointer: String) {
        text(body, at: pointer)
        require(
            body.utf8.count <= Limits.updateBodyBytes, at: pointer,
            "must be at most \(Limits.updateBodyBytes) bytes long, not \(body.utf8.count)")
        markdown(body, at: pointer)
    }
}
