public import Database
internal import JSON
public import Stories

// How the domain's values stand in columns.

extension Identifier: Bindable {
    /// Bytes.
    public static var kind: Value.Kind { .bytes }
    /// Its sixteen bytes.
    public var value: Value { .sixteenBytes(high: high, low: low) }
}

extension Timestamp: Bindable {
    /// An integer.
    public static var kind: Value.Kind { .integer }
    /// Milliseconds since 1970.
    public var value: Value { .integer(milliseconds) }
}

extension Int64 {
    /// The number after one that was read from the database. Another program may have damaged it: arithmetic on what is stored is
    /// checked, and says which column holds what it should not.
    func storedSuccessor(_ column: String) throws(StoryError) -> Int64 {
        let (next, overflow) = addingReportingOverflow(1)
        guard !overflow, next > 0 else { throw .storage(.corrupt("\(column) is \(self)")) }
        return next
    }
}

extension Row {
    mutating func identifier() -> Identifier {
        optionalIdentifier() ?? Identifier(high: 0, low: 0)
    }

    mutating func optionalIdentifier() -> Identifier? {
        withBytes { bytes in
            guard bytes.count == 16 else { return nil }
            return Identifier(
                high: UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
                low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
        }
    }

    mutating func timestamp() -> Timestamp {
        Timestamp(milliseconds: integer())
    }

    mutating func optionalTimestamp() -> Timestamp? {
        optionalInteger().map(Timestamp.init(milliseconds:))
    }

    /// A JSON array that this program wrote. Empty lists, which most are, cost no parsing. One that somebody else has
    /// damaged reads as empty: the text around it is still worth showing.
    mutating func list<Element>(_ read: (JSONValue) -> Element?) -> [Element] {
        withBytes { bytes in
            guard bytes.count > 2, case .array(let items)? = try? JSONValue(parsing: Array(bytes)) else {
                return []
            }
            return items.compactMap(read)
        }
    }

    mutating func texts() -> [String] {
        list(\.text)
    }
}

/// A list of texts as a JSON array.
func column(_ list: [String]) -> String {
    listColumn(list) { $0.string($1) }
}

/// A list as a JSON array.
func listColumn<Element>(_ list: [Element], _ write: (inout JSONWriter, Element) -> Void) -> String {
    if list.isEmpty { return "[]" }
    var writer = JSONWriter()
    writer.array { writer in
        for element in list { write(&writer, element) }
    }
    return String(decoding: writer.bytes, as: UTF8.self)
}

extension JSONValue {
    var text: String? {
        if case .string(let text) = self { text } else { nil }
    }
}

extension UpdateSource {
    static func column(_ sources: [UpdateSource]) -> String {
        listColumn(sources) { writer, source in
            writer.object {
                $0.member("name", source.name)
                $0.member("url", source.url)
            }
        }
    }

    init?(_ value: JSONValue) {
        guard let name = value["name"]?.text else { return nil }
        self.init(name: name, url: value["url"]?.text)
    }
}

extension Media {
    static func column(_ media: [Media]) -> String {
        listColumn(media) { writer, medium in
            writer.object {
                $0.member("type", medium.type.rawValue)
                $0.member("url", medium.url)
                $0.member("alt", medium.alt)
                $0.member("caption", medium.caption)
                $0.member("credit", medium.credit)
                $0.member("width", medium.width)
                $0.member("height", medium.height)
            }
        }
    }

    init?(_ value: JSONValue) {
        guard let type = value["type"]?.text.flatMap(Kind.init), let url = value["url"]?.text else {
            return nil
        }
        self.init(
            type: type, url: url, alt: value["alt"]?.text, caption: value["caption"]?.text,
            credit: value["credit"]?.text, width: value["width"]?.integer, height: value["height"]?.integer)
    }
}
