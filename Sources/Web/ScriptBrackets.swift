// SPDX-License-Identifier: Apache-2.0
/// The brackets of a script: where each closes, and what each pair of braces encloses.
///
/// It relies on semicolons, as does all that reads scripts here: each statement has its own.
struct ScriptBrackets {
    /// What is between brackets.
    enum Content {
        /// Statements.
        case block
        /// Members of an object, elements of an object pattern, or names of exports.
        case object
        /// Members of a class.
        case members
        /// Expressions: in parentheses, square brackets or a template.
        case other
    }

    let tokens: [ScriptToken]
    /// For each opening bracket, the index of the closing one; for the beginning of a template, its end.
    private(set) var partner: [Int: Int] = [:]
    /// For each token, the index of the innermost bracket that is open before it.
    private(set) var enclosing: [Int?] = []

    init(_ tokens: [ScriptToken]) {
        self.tokens = tokens
        var open: [Int] = []
        for (index, token) in tokens.enumerated() {
            if token.isClosing, let last = open.popLast() {
                partner[last] = index
                if token.isOpening {
                    // The next piece of a template.
                    open.append(last)
                    enclosing.append(last)
                    continue
                }
            }
            enclosing.append(open.last)
            if token.isOpening { open.append(index) }
        }
    }

    /// The word at an index, if there is one.
    func word(_ index: Int) -> ArraySlice<UInt8>? {
        tokens.indices.contains(index) && tokens[index].kind == .word ? tokens[index].text : nil
    }

    func isWord(_ index: Int, _ words: Set<String>) -> Bool {
        word(index).map { words.contains(String(decoding: $0, as: UTF8.self)) } ?? false
    }

    /// Whether the punctuators from an index on spell an operator.
    func spells(_ index: Int, _ characters: String) -> Bool {
        zip(index..., characters.utf8).allSatisfy { punctuator($0) == $1 }
    }

    func punctuator(_ index: Int) -> UInt8? {
        tokens.indices.contains(index) ? tokens[index].punctuator : nil
    }

    /// What the innermost bracket around a token encloses; at the top level statements.
    func content(around index: Int) -> Content { enclosing[index].map { content(of: $0) } ?? .block }

    private static let beforeObjects: Set = [
        "return", "const", "let", "of", "in", "export", "default", "await", "typeof",
    ]
    private static let beforeBlocks: Set = ["else", "try", "finally", "do", "catch", "static"]

    /// What a bracket encloses, by the token before it.
    func content(of index: Int) -> Content {
        guard punctuator(index) == UInt8(ascii: "{") else { return .other }
        guard index > 0 else { return .block }
        if word(index - 1) != nil {
            if isWord(index - 1, Self.beforeObjects) { return .object }
            return isWord(index - 1, Self.beforeBlocks) ? .block : .members
        }
        if spells(index - 2, "=>") { return .block }
        return ");{}".utf8.contains(punctuator(index - 1) ?? 0) ? .block : .object
    }

    /// Whether a word, or a private name, is the name of a method.
    func isMethod(_ index: Int) -> Bool {
        guard [.object, .members].contains(content(around: index)), let end = partner[index + 1] else {
            return false
        }
        return spells(index + 1, "(") && spells(end + 1, "{")
    }

    /// The index after the expression that begins at an index: of what separates or ends it.
    func endOfExpression(_ start: Int) -> Int {
        var (index, conditions) = (start, 0)
        while index < tokens.count, !tokens[index].isClosing {
            if let end = partner[index] { index = end }
            switch tokens[index].punctuator {
            case UInt8(ascii: ","), UInt8(ascii: ";"): return index
            case UInt8(ascii: ":") where conditions == 0: return index
            case UInt8(ascii: ":"): conditions -= 1
            case UInt8(ascii: "?") where isCondition(index): conditions += 1
            default: break
            }
            index += 1
        }
        return index
    }

    /// Whether a question mark begins a conditional expression, and is no part of `?.` or `??`.
    private func isCondition(_ index: Int) -> Bool {
        !spells(index + 1, ".") && !spells(index + 1, "?") && !spells(index - 1, "?")
    }

    /// The index after the statement that begins at an index.
    func endOfStatement(_ start: Int) -> Int {
        if spells(start, "{"), let end = partner[start] { return end + 1 }
        if isWord(start, ["if", "for", "while"]), let head = partner[start + 1] {
            let end = endOfStatement(head + 1)
            return isWord(end, ["else"]) ? endOfStatement(end + 1) : end
        }
        var index = start
        while index < tokens.count, !tokens[index].isClosing {
            if spells(index, ";") { return index + 1 }
            index = (partner[index] ?? index) + 1
        }
        return index
    }
}
