// SPDX-License-Identifier: Apache-2.0
import JSON

/// Parses the subset of YAML 1.2 that `openapi.yaml` uses, and refuses the rest: block mappings and sequences,
/// flow collections on one line, plain and quoted scalars, literal blocks (`|`), comments on separate lines.
///
/// Stricter than YAML where it is ambiguous: a plain scalar that some parser could take for a time, a version or
/// a boolean must be quoted, and keys must be unique.
struct OpenAPIReader {
    struct SyntaxError: Error, Equatable {
        let line: Int
        let detail: String
    }

    private var lines: [Substring]
    /// Index of the next line.
    private var index = 0

    static func read(_ text: String) throws(SyntaxError) -> JSONValue {
        var reader = OpenAPIReader(lines: text.split(separator: "\n", omittingEmptySubsequences: false))
        guard reader.current != nil else { throw reader.fault("there is nothing") }
        let value = try reader.block(0)
        guard reader.current == nil else { throw reader.fault("is not indented like what stands above") }
        return value
    }

    private init(lines: [Substring]) {
        self.lines = lines
        skipSilence()
    }

    /// The next line, split into indentation and text; nil at the end.
    private var current: (indent: Int, text: Substring)? {
        guard index < lines.count else { return nil }
        let text = lines[index].drop { $0 == " " }
        return (lines[index].count - text.count, text)
    }

    /// Skips blank lines and comments.
    private mutating func skipSilence() {
        while let text = current?.text, text.isEmpty || text.hasPrefix("#") { index += 1 }
    }

    private mutating func advance() {
        index += 1
        skipSilence()
    }

    private func fault(_ detail: String) -> SyntaxError {
        SyntaxError(line: min(index + 1, lines.count), detail: detail)
    }

    // MARK: Blocks

    private mutating func block(_ indent: Int) throws(SyntaxError) -> JSONValue {
        guard current?.text.hasPrefix("- ") == true else { return try mapping(indent) }
        return try sequence(indent)
    }

    private mutating func mapping(_ indent: Int) throws(SyntaxError) -> JSONValue {
        var members: [JSONValue.Member] = []
        while let line = current, line.indent == indent, !line.text.hasPrefix("- ") {
            guard let (name, rest) = try key(of: line.text) else { throw fault("expected a key and a colon") }
            guard !members.contains(where: { $0.name == name }) else {
                throw fault("the key \"\(name)\" stands twice")
            }
            members.append(JSONValue.Member(name, try value(rest, below: indent)))
        }
        return .object(members)
    }

    private mutating func sequence(_ indent: Int) throws(SyntaxError) -> JSONValue {
        var items: [JSONValue] = []
        while let line = current, line.indent == indent, line.text.hasPrefix("- ") {
            let item = line.text.dropFirst(2)
            if try key(of: item) != nil {
                // A mapping that begins on the hyphen's line: replaces the hyphen by a space.
                lines[index] = Substring(String(repeating: " ", count: indent + 2) + item)
                items.append(try mapping(indent + 2))
            } else {
                items.append(try value(item, below: indent))
            }
        }
        return .array(items)
    }

    /// Parses the value after a colon or a hyphen, or in the lines below.
    private mutating func value(_ rest: Substring, below indent: Int) throws(SyntaxError) -> JSONValue {
        if rest == "|" { return .string(literal(below: indent)) }
        guard rest.isEmpty else {
            let value = try inLine(rest)
            advance()
            return value
        }
        advance()
        guard let next = current, next.indent > indent else { throw fault("the key above has no value") }
        return try block(next.indent)
    }

    /// Parses a literal block (YAML 1.2.2 §8.1.2), with a single line break after the last line.
    private mutating func literal(below indent: Int) -> String {
        index += 1
        let inner = current?.indent ?? 0
        var text: [Substring] = []
        while let line = current, line.text.isEmpty || line.indent > indent {
            text.append(lines[index].dropFirst(inner))
            index += 1
        }
        while text.last?.isEmpty == true { text.removeLast() }
        skipSilence()
        return text.joined(separator: "\n") + "\n"
    }

    // MARK: Lines

    /// Splits a line into its key and the rest after the colon; nil if it has no key.
    private func key(of text: Substring) throws(SyntaxError) -> (name: String, rest: Substring)? {
        if text.hasPrefix("{") || text.hasPrefix("[") || text.hasPrefix("'") { return nil }
        if text.hasPrefix("\"") {
            var line = OpenAPILine(text)
            let name = try scalar { () throws(OpenAPILine.SyntaxError) in try line.quoted() }
            return line.rest.hasPrefix(":") ? (name, line.rest.dropFirst().drop { $0 == " " }) : nil
        }
        var end = text.startIndex
        while let colon = text[end...].firstIndex(of: ":") {
            let rest = text[colon...].dropFirst()
            if rest.isEmpty || rest.hasPrefix(" ") {
                return (String(text[..<colon]), rest.drop { $0 == " " })
            }
            end = rest.startIndex
        }
        return nil
    }

    private func inLine(_ text: Substring) throws(SyntaxError) -> JSONValue {
        try scalar { () throws(OpenAPILine.SyntaxError) in try OpenAPILine.read(text) }
    }

    private func scalar<Value>(_ read: () throws(OpenAPILine.SyntaxError) -> Value)
        throws(SyntaxError) -> Value
    {
        do throws(OpenAPILine.SyntaxError) {
            return try read()
        } catch {
            throw fault(error.detail)
        }
    }
}
