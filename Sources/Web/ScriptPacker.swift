// SPDX-License-Identifier: Apache-2.0
/// A minimal minifier of modules that share one scope: removes white space, comments and semicolons before braces, and shortens the
/// names of variables and private members. A full minifier would need a build step; this is enough for the size budgets.
///
/// It relies on semicolons: each statement has its own.
struct ScriptPacker {
    private let tokens: [ScriptToken]
    private let names: ScriptNames

    private init(_ tokens: [ScriptToken]) {
        self.tokens = tokens
        names = ScriptNames(tokens)
    }

    static func packed(_ script: [UInt8]) -> [UInt8] {
        ScriptPacker(ScriptLexer.tokens(of: script)).joined()
    }

    /// Returns the script, with a line for each function and class at the top level.
    private func joined() -> [UInt8] {
        var (bytes, depth): ([UInt8], Int) = ([], 0)
        for (index, token) in tokens.enumerated() where !isLastSemicolon(index) {
            if isApart(index) { bytes.append(UInt8(ascii: " ")) }
            bytes += names.short[index] ?? Array(token.text)
            depth += Self.step(token)
            if depth == 0, token.punctuator == UInt8(ascii: "}"), punctuator(index + 1) == nil {
                bytes.append(UInt8(ascii: "\n"))
            }
        }
        return bytes
    }

    private func punctuator(_ index: Int) -> UInt8? {
        tokens.indices.contains(index) ? tokens[index].punctuator : nil
    }

    /// Whether a token is the semicolon of the last statement of a block, which has none that is empty.
    private func isLastSemicolon(_ index: Int) -> Bool {
        punctuator(index) == UInt8(ascii: ";") && punctuator(index + 1) == UInt8(ascii: "}")
    }

    /// Whether a space must precede a token: between words, and between equal operators.
    private func isApart(_ index: Int) -> Bool {
        guard index > 0, tokens[index].isSpaced else { return false }
        let (last, token) = (tokens[index - 1], tokens[index])
        if let punctuator = token.punctuator {
            return last.punctuator == punctuator && "+-".utf8.contains(punctuator)
        }
        return token.kind != .literal && (last.kind == .word || last.kind == .privateName)
    }

    private static func step(_ token: ScriptToken) -> Int {
        guard let punctuator = token.punctuator else { return 0 }
        if "{[(".utf8.contains(punctuator) { return 1 }
        return "}])".utf8.contains(punctuator) ? -1 : 0
    }
}
