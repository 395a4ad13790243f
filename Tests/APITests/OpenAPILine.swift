// SPDX-License-Identifier: Apache-2.0
import JSON

/// Parses one line of YAML: a scalar or a flow collection.
struct OpenAPILine {
    struct SyntaxError: Error {
        let detail: String
    }

    /// The remaining text.
    private(set) var rest: Substring

    init(_ text: Substring) {
        rest = text
    }

    static func read(_ text: Substring) throws(SyntaxError) -> JSONValue {
        var line = OpenAPILine(text)
        let value = try line.value(inFlow: false)
        guard line.rest.isEmpty else { throw SyntaxError(detail: "unexpected: \(line.rest)") }
        return value
    }

    private mutating func value(inFlow: Bool) throws(SyntaxError) -> JSONValue {
        switch rest.first {
        case "{": return try object()
        case "[": return try array()
        case "\"", "'": return .string(try quoted())
        default: return try plain(inFlow: inFlow)
        }
    }

    private mutating func take(_ wanted: String) -> Bool {
        guard rest.hasPrefix(wanted) else { return false }
        rest = rest.dropFirst(wanted.count).drop { $0 == " " }
        return true
    }

    // MARK: Collections

    private mutating func object() throws(SyntaxError) -> JSONValue {
        var members: [JSONValue.Member] = []
        _ = take("{")
        while !take("}") {
            let name = try name()
            guard !members.contains(where: { $0.name == name }) else {
                throw SyntaxError(detail: "the key \"\(name)\" stands twice")
            }
            guard take(": ") else {
                throw SyntaxError(detail: "expected a colon and a space behind \"\(name)\"")
            }
            members.append(JSONValue.Member(name, try value(inFlow: true)))
            guard take(", ") || rest.hasPrefix("}") else {
                throw SyntaxError(detail: "expected a comma or }")
            }
        }
        return .object(members)
    }

    private mutating func array() throws(SyntaxError) -> JSONValue {
        var items: [JSONValue] = []
        _ = take("[")
        while !take("]") {
            items.append(try value(inFlow: true))
            guard take(", ") || rest.hasPrefix("]") else {
                throw SyntaxError(detail: "expected a comma or ]")
            }
        }
        return .array(items)
    }

    private mutating func name() throws(SyntaxError) -> String {
        if rest.hasPrefix("\"") { return try quoted() }
        let name = rest.prefix { !":,{}[]\"' ".contains($0) }
        rest = rest.dropFirst(name.count)
        guard !name.isEmpty else { throw SyntaxError(detail: "expected a key") }
        return String(name)
    }

    // MARK: Scalars

    /// Parses double quotes with three of JSON's escapes, or single quotes, doubled to escape one.
    mutating func quoted() throws(SyntaxError) -> String {
        let quote = rest.removeFirst()
        var text = ""
        while let character = rest.popFirst() {
            if character == quote {
                guard quote == "'", rest.first == "'" else { return text }
                rest.removeFirst()
            } else if character == "\\", quote == "\"" {
                text.append(try escape())
                continue
            }
            text.append(character)
        }
        throw SyntaxError(detail: "the quoted text has no end")
    }

    private mutating func escape() throws(SyntaxError) -> Character {
        switch rest.popFirst() {
        case "n": return "\n"
        case "\"": return "\""
        case "\\": return "\\"
        default: throw SyntaxError(detail: "only \\n, \\\" and \\\\ are escapes here")
        }
    }

    private mutating func plain(inFlow: Bool) throws(SyntaxError) -> JSONValue {
        let text = String(inFlow ? rest.prefix { !",{}[]".contains($0) } : rest)
        rest = rest.dropFirst(text.count)
        guard let first = text.first, text.last != " " else {
            throw SyntaxError(detail: "expected a value")
        }
        guard !"&*!|>%@`#?,{}[]".contains(first), !text.hasPrefix("- "), !text.contains(": "),
            !text.contains(" #"), text.last != ":", !text.contains("\t")
        else { throw SyntaxError(detail: "quote this: \(text)") }
        // In a flow collection some parsers stop at a question mark.
        guard !inFlow || !text.contains("?") else { throw SyntaxError(detail: "quote this: \(text)") }
        return try resolved(text)
    }

    /// Whether a text is a decimal fraction that all parsers read as one, such as `-4.50`.
    private static func isDecimal(_ text: String) -> Bool {
        text.wholeMatch(of: #/-?(0|[1-9][0-9]*)\.[0-9]*[1-9]/#) != nil
    }

    /// Resolves a plain scalar; throws if parsers disagree on its value.
    private func resolved(_ text: String) throws(SyntaxError) -> JSONValue {
        switch text {
        case "null": return .null
        case "true": return .bool(true)
        case "false": return .bool(false)
        default: break
        }
        if text.allSatisfy({ "0123456789.:+-_TZEeXxOo ".contains($0) }) {
            guard Int(text).map({ String($0) == text }) ?? Self.isDecimal(text) else {
                throw SyntaxError(detail: "quote this: \(text)")
            }
            return .number(text)
        }
        guard !["yes", "no", "on", "off", "y", "n", "~", "null", "true", "false"].contains(text.lowercased())
        else { throw SyntaxError(detail: "quote this: \(text)") }
        return .string(text)
    }
}
