// SPDX-License-Identifier: Apache-2.0
extension JSONValue {
    /// Maximum nesting depth of arrays and objects: far above any real request, far below what the stack allows.
    public static let maximumDepth = 64

    /// Parses JSON text, strictly by RFC 8259: a single value, UTF-8, no comments, no trailing commas, no duplicate members.
    public init(parsing bytes: [UInt8]) throws(JSONSyntaxError) {
        if let offset = firstInvalidUTF8(bytes) {
            throw JSONSyntaxError(at: offset, in: bytes, "not valid UTF-8")
        }
        var parser = JSONParser(bytes)
        self = try parser.document()
    }
}

extension JSONSyntaxError {
    init(at offset: Int, in bytes: [UInt8], _ detail: String) {
        let before = bytes.prefix(offset)
        let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        self.offset = offset
        line = before.count { $0 == UInt8(ascii: "\n") } + 1
        column = offset - lineStart + 1
        self.detail = detail
    }
}

/// The offset of the first invalid UTF-8 byte; `nil` if there is none.
private func firstInvalidUTF8(_ bytes: [UInt8]) -> Int? {
    do throws(UTF8.ValidationError) {
        _ = try UTF8Span(validating: bytes.span)
        return nil
    } catch {
        return error.byteOffsets.lowerBound
    }
}

/// A recursive descent parser over validated UTF-8.
private struct JSONParser {
    private let bytes: [UInt8]
    private var offset = 0
    private var depth = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func document() throws(JSONSyntaxError) -> JSONValue {
        skipWhiteSpace()
        guard peek != nil else { throw fault("the body is empty") }
        let value = try value()
        skipWhiteSpace()
        guard peek == nil else { throw fault("expected the end of the text after the value") }
        return value
    }

    private mutating func value() throws(JSONSyntaxError) -> JSONValue {
        switch peek {
        case UInt8(ascii: "{"): return try nested { parser throws(JSONSyntaxError) in try parser.object() }
        case UInt8(ascii: "["): return try nested { parser throws(JSONSyntaxError) in try parser.array() }
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "-"), .some(UInt8(ascii: "0")...UInt8(ascii: "9")): return try number()
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        case nil: throw fault("the text ends where a value should stand")
        default: throw fault("expected a value")
        }
    }

    // MARK: Arrays and objects

    private mutating func nested(
        _ body: (inout JSONParser) throws(JSONSyntaxError) -> JSONValue
    ) throws(JSONSyntaxError) -> JSONValue {
        depth += 1
        guard depth <= JSONValue.maximumDepth else {
            throw fault("nested deeper than \(JSONValue.maximumDepth) levels")
        }
        offset += 1
        skipWhiteSpace()
        let value = try body(&self)
        depth -= 1
        return value
    }

    private mutating func array() throws(JSONSyntaxError) -> JSONValue {
        var items: [JSONValue] = []
        if take("]") { return .array(items) }
        while true {
            items.append(try value())
            skipWhiteSpace()
            if take("]") { return .array(items) }
            guard take(",") else { throw fault("expected a comma or the end of the array") }
            skipWhiteSpace()
        }
    }

    private mutating func object() throws(JSONSyntaxError) -> JSONValue {
        var members: [JSONValue.Member] = []
        var names = MemberNames()
        if take("}") { return .object(members) }
        while true {
            guard peek == UInt8(ascii: "\"") else { throw fault("expected a member name in double quotes") }
            let start = offset
            let name = try string()
            guard names.insert(name, among: members) else {
                throw JSONSyntaxError(at: start, in: bytes, "the member \"\(name)\" stands twice")
            }
            skipWhiteSpace()
            guard take(":") else { throw fault("expected a colon after the member name") }
            skipWhiteSpace()
            members.append(JSONValue.Member(name, try value()))
            skipWhiteSpace()
            if take("}") { return .object(members) }
            guard take(",") else { throw fault("expected a comma or the end of the object") }
            skipWhiteSpace()
        }
    }

    // MARK: Strings

    private mutating func string() throws(JSONSyntaxError) -> String {
        let opening = offset
        offset += 1
        var text = plainText()
        while true {
            switch peek {
            case UInt8(ascii: "\""):
                offset += 1
                return text
            case UInt8(ascii: "\\"):
                text.unicodeScalars.append(try escape())
                text += plainText()
            case nil: throw JSONSyntaxError(at: opening, in: bytes, "the string that begins here has no end")
            case let control?:
                let digits = (control < 16 ? "0" : "") + String(control, radix: 16, uppercase: true)
                throw fault("the control character U+00\(digits) in a string must be escaped")
            }
        }
    }

    /// The run up to the next quotation mark, escape or control character.
    private mutating func plainText() -> String {
        let start = offset
        while offset < bytes.count, !Self.endsPlainText(bytes[offset]) { offset += 1 }
        return bytes.withUnsafeBufferPointer { String(decoding: $0[start..<offset], as: UTF8.self) }
    }

    private static func endsPlainText(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    private mutating func escape() throws(JSONSyntaxError) -> Unicode.Scalar {
        let start = offset
        offset += 1
        guard let byte = peek else { throw fault("the text ends inside an escape") }
        offset += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try unicodeEscape(from: start)
        default: throw JSONSyntaxError(at: start, in: bytes, "unknown escape")
        }
    }

    /// The digits of `\uXXXX`, including the second half of a surrogate pair (RFC 8259 §7).
    private mutating func unicodeEscape(from start: Int) throws(JSONSyntaxError) -> Unicode.Scalar {
        let first = try fourDigits()
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard first < 0xDC00, take("\\"), take("u") else {
            throw JSONSyntaxError(at: start, in: bytes, "half of a surrogate pair")
        }
        let second = try fourDigits()
        guard (0xDC00..<0xE000).contains(second),
            let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
        else { throw JSONSyntaxError(at: start, in: bytes, "half of a surrogate pair") }
        return scalar
    }

    private mutating func fourDigits() throws(JSONSyntaxError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = peek, byte < 128, let digit = Character(Unicode.Scalar(byte)).hexDigitValue
            else {
                throw fault("expected four hexadecimal digits")
            }
            value = value << 4 | UInt32(digit)
            offset += 1
        }
        return value
    }

    // MARK: Numbers and literals

    /// RFC 8259 §6: no leading zeros, no bare decimal point, no plus sign.
    private mutating func number() throws(JSONSyntaxError) -> JSONValue {
        let start = offset
        _ = take("-")
        if !take("0") { try digits() }
        if take(".") { try digits() }
        if take("e") || take("E") {
            if !take("+") { _ = take("-") }
            try digits()
        }
        return .number(String(decoding: bytes[start..<offset], as: UTF8.self))
    }

    private mutating func digits() throws(JSONSyntaxError) {
        let start = offset
        while let byte = peek, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { offset += 1 }
        guard offset > start else { throw fault("expected a digit") }
    }

    private mutating func literal(_ word: String, _ value: JSONValue) throws(JSONSyntaxError) -> JSONValue {
        guard bytes[offset...].starts(with: word.utf8) else { throw fault("expected a value") }
        offset += word.utf8.count
        return value
    }

    // MARK: Bytes

    private var peek: UInt8? {
        offset < bytes.count ? bytes[offset] : nil
    }

    private mutating func take(_ wanted: Unicode.Scalar) -> Bool {
        guard let byte = peek, Unicode.Scalar(byte) == wanted else { return false }
        offset += 1
        return true
    }

    private mutating func skipWhiteSpace() {
        while let byte = peek, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { offset += 1 }
    }

    private func fault(_ detail: String) -> JSONSyntaxError {
        JSONSyntaxError(at: offset, in: bytes, detail)
    }
}

/// Detects duplicate member names of an object.
private struct MemberNames {
    /// A hash set, filled only for many members: comparing few is cheaper.
    private var hashed: Set<ByteString> = []
    private static let few = 16

    /// Whether the name is new; `members` are the earlier ones.
    mutating func insert(_ name: String, among members: [JSONValue.Member]) -> Bool {
        guard members.count >= Self.few else {
            return !members.contains { $0.name.utf8.elementsEqual(name.utf8) }
        }
        if hashed.isEmpty { hashed = Set(members.map { ByteString($0.name) }) }
        return hashed.insert(ByteString(name)).inserted
    }
}
