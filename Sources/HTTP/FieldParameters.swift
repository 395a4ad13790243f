// SPDX-License-Identifier: Apache-2.0
/// A value with parameters, such as `form-data; name="a"` (RFC 9110 §5.6.6), parsed strictly: parsers that disagree on it could see two
/// different forms.
struct FieldParameters {
    /// What precedes the parameters.
    let value: FieldValue
    private var parameters: [(name: FieldValue, value: [UInt8])] = []

    /// Why the value is rejected, as a sentence without its subject.
    struct Malformed: Error {
        let detail: String
    }

    /// Parses a field's value.
    init(_ field: FieldValue) throws(Malformed) {
        let bytes = field.bytes
        var position = bytes.firstIndex(of: ASCII.semicolon) ?? bytes.endIndex
        value = FieldValue(bytes[..<position]).trimmed
        while position < bytes.endIndex {
            // At a semicolon.
            position = Self.skipBlanks(bytes, position + 1)
            // RFC 9110 §5.6.6 permits empty parameters.
            guard position < bytes.endIndex, bytes[position] != ASCII.semicolon else { continue }
            try add(bytes, &position)
            position = Self.skipBlanks(bytes, position)
            guard position == bytes.endIndex || bytes[position] == ASCII.semicolon else {
                throw Malformed(detail: "has something else than a semicolon after a parameter")
            }
        }
    }

    /// The value of a parameter, without its quotes; `nil` if there is none.
    subscript(name: StaticString) -> [UInt8]? { parameters.first { $0.name.matches(name) }?.value }

    private mutating func add(_ bytes: ArraySlice<UInt8>, _ position: inout Int) throws(Malformed) {
        let name = FieldValue(Self.token(bytes, position))
        position += name.bytes.count
        guard !name.isEmpty, position < bytes.endIndex, bytes[position] == ASCII.equals else {
            throw Malformed(detail: "has a parameter that is not a name and a value")
        }
        position += 1
        guard !parameters.contains(where: { $0.name.matches(name) }) else {
            throw Malformed(detail: "has a parameter twice")
        }
        parameters.append((name, try Self.parameterValue(bytes, &position)))
    }

    private static func parameterValue(
        _ bytes: ArraySlice<UInt8>, _ position: inout Int
    ) throws(Malformed) -> [UInt8] {
        guard position < bytes.endIndex, bytes[position] == ASCII.quote else {
            let value = token(bytes, position)
            guard !value.isEmpty else {
                throw Malformed(detail: "has a parameter whose value needs quotes, or has none")
            }
            position = value.endIndex
            return Array(value)
        }
        var value: [UInt8] = []
        position += 1
        while position < bytes.endIndex, bytes[position] != ASCII.quote {
            // Only these two are ever escaped; other backslashes are those of Windows paths.
            if bytes[position] == ASCII.backslash, position + 1 < bytes.endIndex,
                bytes[position + 1] == ASCII.quote || bytes[position + 1] == ASCII.backslash
            {
                position += 1
            }
            value.append(bytes[position])
            position += 1
        }
        guard position < bytes.endIndex else { throw Malformed(detail: "has a quote that is not closed") }
        position += 1
        return value
    }

    private static func token(_ bytes: ArraySlice<UInt8>, _ start: Int) -> ArraySlice<UInt8> {
        bytes[start...].prefix { byte in ASCII.isTokenByte(byte) }
    }

    private static func skipBlanks(_ bytes: ArraySlice<UInt8>, _ start: Int) -> Int {
        bytes[start...].firstIndex { !$0.isWhitespace } ?? bytes.endIndex
    }
}
