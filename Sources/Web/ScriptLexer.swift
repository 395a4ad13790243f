// SPDX-License-Identifier: Apache-2.0
/// A token of a script.
struct ScriptToken {
    enum Kind {
        /// An identifier, a keyword or a number.
        case word
        /// `#name`.
        case privateName
        /// A string, a regular expression, or a template up to where an expression begins or from where it ends.
        case literal
        /// One character; operators of several are several tokens.
        case punctuator
    }

    let kind: Kind
    var text: ArraySlice<UInt8>
    /// Whether white space or a comment precedes it.
    let isSpaced: Bool

    /// The character of a punctuator.
    var punctuator: UInt8? { kind == .punctuator ? text.first : nil }

    /// Whether it opens a bracket, or the expression of a template.
    var isOpening: Bool {
        if kind == .literal { return text.suffix(2).elementsEqual("${".utf8) }
        return punctuator.map("([{".utf8.contains) ?? false
    }

    /// Whether it closes a bracket, or the expression of a template.
    var isClosing: Bool {
        if kind == .literal { return text.first == UInt8(ascii: "}") }
        return punctuator.map(")]}".utf8.contains) ?? false
    }
}

/// Splits a script into tokens; comments are dropped. It knows as much of ECMAScript as our modules use: in particular, a slash after a
/// closing bracket divides.
struct ScriptLexer {
    private let script: [UInt8]
    private var place = 0
    /// For each template whose expression is being read: how many braces are open within it.
    private var openBraces: [Int] = []
    private var tokens: [ScriptToken] = []

    private init(_ script: [UInt8]) { self.script = script }

    static func tokens(of script: [UInt8]) -> [ScriptToken] {
        var lexer = ScriptLexer(script)
        while lexer.scan() {}
        return lexer.tokens
    }

    /// Reads a token; returns false at the end.
    private mutating func scan() -> Bool {
        let end = place
        skipBlanks()
        guard let first = byte(0) else { return false }
        let (start, isSpaced) = (place, place > end)
        place += 1
        let kind = kind(of: first)
        tokens.append(ScriptToken(kind: kind, text: script[start..<place], isSpaced: isSpaced))
        return true
    }

    /// Reads the rest of a token that begins with a character.
    private mutating func kind(of first: UInt8) -> ScriptToken.Kind {
        switch first {
        case UInt8(ascii: "\""), UInt8(ascii: "'"): skipString(to: first)
        case UInt8(ascii: "`"): skipTemplate()
        case UInt8(ascii: "}") where openBraces.last == 0:
            openBraces.removeLast()
            skipTemplate()
        case UInt8(ascii: "/") where isAtOperand: skipRegularExpression()
        case _ where Self.isNamePart(first) || first == UInt8(ascii: "#"):
            while let next = byte(0), Self.isNamePart(next) { place += 1 }
            return first == UInt8(ascii: "#") ? .privateName : .word
        default:
            count(first)
            return .punctuator
        }
        return .literal
    }

    private func byte(_ offset: Int) -> UInt8? {
        place + offset < script.count ? script[place + offset] : nil
    }

    private mutating func count(_ brace: UInt8) {
        guard let open = openBraces.popLast() else { return }
        let step = brace == UInt8(ascii: "{") ? 1 : brace == UInt8(ascii: "}") ? -1 : 0
        openBraces.append(open + step)
    }

    private mutating func skipBlanks() {
        while let next = byte(0) {
            if next == UInt8(ascii: " ") || next == UInt8(ascii: "\n") {
                place += 1
            } else if next == UInt8(ascii: "/"), byte(1) == UInt8(ascii: "/") {
                while let next = byte(0), next != UInt8(ascii: "\n") { place += 1 }
            } else if next == UInt8(ascii: "/"), byte(1) == UInt8(ascii: "*") {
                place += 2
                while place < script.count, !(byte(0) == UInt8(ascii: "*") && byte(1) == UInt8(ascii: "/")) {
                    place += 1
                }
                place += 2
            } else {
                return
            }
        }
    }

    private mutating func skipString(to quote: UInt8) {
        while let next = byte(0) {
            place += next == UInt8(ascii: "\\") ? 2 : 1
            if next == quote { return }
        }
    }

    /// Reads the text of a template, to its end or to where an expression begins.
    private mutating func skipTemplate() {
        while let next = byte(0) {
            place += next == UInt8(ascii: "\\") ? 2 : 1
            if next == UInt8(ascii: "`") { return }
            if next == UInt8(ascii: "$"), byte(0) == UInt8(ascii: "{") {
                place += 1
                return openBraces.append(0)
            }
        }
    }

    private mutating func skipRegularExpression() {
        var isInClass = false
        while let next = byte(0) {
            place += next == UInt8(ascii: "\\") ? 2 : 1
            if next == UInt8(ascii: "[") { isInClass = true }
            if next == UInt8(ascii: "]") { isInClass = false }
            if next == UInt8(ascii: "/"), !isInClass { break }
        }
        while let next = byte(0), Self.isNamePart(next) { place += 1 }
    }

    /// Whether an operand begins here, so that a slash begins a regular expression.
    private var isAtOperand: Bool {
        guard let last = tokens.last else { return true }
        guard let punctuator = last.punctuator else { return last.text.elementsEqual("return".utf8) }
        return !")]}".utf8.contains(punctuator)
    }

    static func isNamePart(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "$"): true
        default: false
        }
    }
}
