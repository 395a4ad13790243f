// SPDX-License-Identifier: Apache-2.0
internal import JSON
internal import Stories
internal import Synchronization
internal import Web

/// The words of our own in one language: a catalogue of messages by key. The catalogues are in `Sources/Web/Files/words`, one file for each
/// language, for the server and for browsers.
struct Words: Sendable {
    /// A part of a message.
    enum Piece: Hashable, Sendable {
        case text(String)
        /// The name of a value that takes its place: `{name}`.
        case value(String)
    }

    fileprivate enum Message: Sendable {
        case plain([Piece])
        /// By plural category of the value `count`.
        case plural([PluralRules.Category: [Piece]])
    }

    /// The language (BCP 47).
    let language: String
    /// The catalogue as JSON.
    let catalogue: JSONValue
    private let messages: [String: Message]  // ascii: keys of ours
    private let rules: PluralRules

    /// Creates the words of a catalogue: an object of messages, each a text or an object of texts by plural category.
    init(language: String, catalogue: JSONValue) {
        (self.language, self.catalogue, rules) = (language, catalogue, PluralRules(language))
        var messages: [String: Message] = [:]  // ascii: keys of ours
        if case .object(let members) = catalogue {
            for member in members { messages[member.name] = Message(member.value) }
        }
        self.messages = messages
    }
}

extension Words.Message {
    fileprivate init?(_ value: JSONValue) {
        switch value {
        case .string(let text): self = .plain(Words.pieces(of: text))
        case .object(let members):
            var forms: [PluralRules.Category: [Words.Piece]] = [:]
            for member in members {
                guard let category = PluralRules.Category(rawValue: member.name),  // ascii: a file of ours
                    case .string(let text) = member.value
                else { return nil }
                forms[category] = Words.pieces(of: text)
            }
            self = .plural(forms)
        default: return nil
        }
    }
}

extension Words {
    /// Splits the text of a message at its placeholders, such as `{name}`.
    static func pieces(of text: String) -> [Piece] {
        var (pieces, rest): ([Piece], Substring) = ([], text[...])
        while let start = rest.utf8.firstIndex(of: UInt8(ascii: "{")),
            let end = rest[start...].utf8.firstIndex(of: UInt8(ascii: "}"))
        {
            if start > rest.startIndex { pieces.append(.text(String(rest[..<start]))) }
            pieces.append(.value(String(rest[start..<end].dropFirst())))  // scalars: a catalogue of ours
            rest = rest[end...].dropFirst()  // scalars: a catalogue of ours
        }
        if !rest.isEmpty { pieces.append(.text(String(rest))) }
        return pieces
    }

    /// Whether there is a message with this key.
    func contains(_ key: String) -> Bool { messages[key] != nil }

    /// Returns the pieces of a message; with `count`, in the plural form of that number. A key that is missing stands for itself.
    func pieces(_ key: String, count: Int? = nil) -> [Piece] {
        switch messages[key] {
        case .plain(let pieces): return pieces
        case .plural(let forms):
            return forms[rules.category(of: count ?? 0)] ?? forms[.other] ?? [.text(key)]
        case nil: return [.text(key)]
        }
    }

    /// Returns a message with its placeholders replaced. `count` chooses the plural form and replaces `{count}`.
    func callAsFunction(_ key: String, _ values: KeyValuePairs<String, String> = [:], count: Int? = nil)
        -> String
    {
        var text = ""
        for piece in pieces(key, count: count) {
            switch piece {
            case .text(let part): text += part
            case .value("count") where count != nil: text += String(count ?? 0)
            case .value(let name): text += values.first { $0.key == name }?.value ?? ""
            }
        }
        return text
    }

    /// The name of a kind of reaction: from the catalogue, or made of its name: `Well done` for `wellDone`.
    func name(of kind: ReactionKind) -> String {
        let key = "reaction." + kind.name
        return contains(key) ? self(key) : kind.words
    }

    /// A date and time in UTC, such as `23 Nov 2026, 20:27 UTC`.
    func dateTime(_ time: Timestamp) -> String {
        let text = time.description
        func part(_ start: Int, _ count: Int) -> Substring { text.dropFirst(start).prefix(count) }
        let months = self("months").split(separator: " ")  // ascii: a separator of ours
        let month = Int(part(5, 2)).map { String(months[$0 - 1]) } ?? ""
        let day = part(8, 2).drop { $0 == "0" }  // ascii: a timestamp
        let year = part(0, 4).drop { $0 == "0" }  // ascii: a timestamp
        return self(
            "dateTime",
            ["day": String(day), "month": month, "year": String(year), "time": String(part(11, 5))])
    }
}

// MARK: Languages

extension Words {
    /// The language of the words where no other is known.
    static let fallback = "en"

    /// English words.
    static let english = Words.inCatalogue(fallback)

    private static let loaded = Mutex<[String: Words]>([:])  // ascii: languages of ours

    /// The words of a language that has a catalogue. Read once.
    static func inCatalogue(_ language: String) -> Words {
        loaded.withLock { loaded in
            if let words = loaded[language] { return words }
            guard let file = Web.catalogue(of: language), let value = try? JSONValue(parsing: file) else {
                preconditionFailure("no catalogue of \(language)")
            }
            let words = Words(language: language, catalogue: value)
            loaded[language] = words
            return words
        }
    }

    /// These words with those of the desk.
    var ofDesk: Words {
        guard let file = Web.deskCatalogue(of: language), let value = try? JSONValue(parsing: file),
            case .object(let own) = value, case .object(let shared) = catalogue
        else { preconditionFailure("no catalogue of the desk in \(language)") }
        return Words(language: language, catalogue: .object(shared + own))
    }

    /// The catalogue for a language (RFC 4647 §3.4, lookup): that of the language itself, or of a more general one; `nil` if there is none.
    static func match(_ language: String) -> String? {
        var range = Array(language.utf8)[...]
        while !range.isEmpty {
            let tag = String(decoding: range, as: UTF8.self)
            // Of all that is Chinese, only what the aliases name is read in simplified characters.
            if tag.hasSameBytes(as: "zh"), range.count < language.utf8.count { return nil }
            if let found = Web.languages.first(where: { $0.hasSameBytes(as: aliases[tag] ?? tag) }) {
                return found
            }
            guard let hyphen = range.lastIndex(of: UInt8(ascii: "-")) else { return nil }
            range = range[..<hyphen]
        }
        return nil
    }

    /// Languages whose readers read a catalogue of another tag. Traditional Chinese has none.
    private static let aliases = [
        "zh": "zh-Hans", "zh-CN": "zh-Hans", "zh-SG": "zh-Hans", "zh-MY": "zh-Hans",
    ]
}

// MARK: For browsers

extension Words {
    /// Returns the part of the catalogue that a script uses, as JSON: messages whose key is one of its string literals, or begins with one
    /// that ends with a full stop.
    func catalogue(for literals: Set<String>) -> [UInt8] {  // ascii: keys of ours
        var writer = JSONWriter(capacity: 8 * 1_024)
        writer.object {
            $0.member("language", language)
            $0.member("dir", TextDirection(ofLanguage: language).rawValue)
            $0.member("messages") { $0.messages(catalogue) { literals.contains($0) } }
        }
        return writer.bytes
    }

    /// The beginning of a key up to a full stop: `reaction.` for `reaction.veryGood`; `nil` without one.
    fileprivate static func group(of key: String) -> String? {
        key.utf8.firstIndex(of: UInt8(ascii: ".")).map { String(key[...$0]) }
    }
}

extension JSONWriter {
    /// Writes the messages of a catalogue whose key, or its group, is used.
    fileprivate mutating func messages(_ catalogue: JSONValue, where isUsed: (String) -> Bool) {
        object { writer in
            guard case .object(let members) = catalogue else { return }
            for member in members
            where isUsed(member.name) || Words.group(of: member.name).map(isUsed) == true {
                writer.member(named: member.name) { $0.message(member.value) }
            }
        }
    }

    /// Writes a message: a text, or texts by plural category.
    private mutating func message(_ value: JSONValue) {
        switch value {
        case .string(let text): string(text)
        case .object(let forms):
            object { writer in
                for form in forms { writer.member(named: form.name) { $0.message(form.value) } }
            }
        default: break
        }
    }
}
