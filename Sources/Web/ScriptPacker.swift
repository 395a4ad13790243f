// SPDX-License-Identifier: Apache-2.0
/// A minimal minifier of modules that share one scope: removes white space, comments and semicolons before braces, and shortens the names of private members and
/// of what the modules declare at their top level. A full minifier would need a build step; this is enough for the size budgets.
///
/// It relies on semicolons: each statement has its own.
struct ScriptPacker {
    private var tokens: [ScriptToken]
    private var shortNames: [ArraySlice<UInt8>: [UInt8]] = [:]

    private init(_ tokens: [ScriptToken]) { self.tokens = tokens }

    static func packed(_ script: [UInt8]) -> [UInt8] {
        var packer = ScriptPacker(ScriptLexer.tokens(of: script))
        packer.nameShortly()
        return packer.joined()
    }

    // MARK: Names

    /// Keywords of two letters.
    private static let keywords = ["as", "do", "if", "in", "of"]

    /// Chooses a short name for each name that may be shortened, in the order of their appearance.
    private mutating func nameShortly() {
        let declared = declaredNames()
        var taken = Set(tokens.filter { $0.kind == .word }.map { Array($0.text) })
        taken.formUnion(Self.keywords.map { Array($0.utf8) })
        var (names, members) = (
            (0...).lazy.map(Self.name).makeIterator(), (0...).lazy.map(Self.name).makeIterator()
        )
        for token in tokens where shortNames[token.text] == nil {
            if token.kind == .privateName {
                shortNames[token.text] = [UInt8(ascii: "#")] + (members.next() ?? [])
            } else if declared.contains(token.text) {
                repeat {
                    shortNames[token.text] = names.next()
                } while shortNames[token.text].map(taken.contains) == true
            }
        }
    }

    /// Returns the names declared at the top level, but for those that are members of something, too.
    private func declaredNames() -> Set<ArraySlice<UInt8>> {
        var (names, depth): (Set<ArraySlice<UInt8>>, Int) = ([], 0)
        for (token, next) in zip(tokens, tokens.dropFirst()) {
            depth += Self.step(token)
            if depth == 0, Self.declarations.contains(where: token.text.elementsEqual), next.kind == .word {
                names.insert(next.text)
            }
        }
        return names.subtracting(tokens.indices.filter(isMember).map { tokens[$0].text })
    }

    private static let declarations = ["class", "const", "function", "let"].map { Array($0.utf8) }

    /// Whether a token may name a member of an object: after a dot, before a colon, or by itself between braces and commas.
    private func isMember(_ index: Int) -> Bool {
        let (before, after) = (punctuator(index - 1), punctuator(index + 1))
        // Three dots spread a value.
        if before == UInt8(ascii: ".") { return punctuator(index - 2) != UInt8(ascii: ".") }
        if after == UInt8(ascii: ":") { return true }
        return before.map("{,".utf8.contains) == true && after.map("},".utf8.contains) == true
    }

    private func punctuator(_ index: Int) -> UInt8? {
        tokens.indices.contains(index) ? tokens[index].punctuator : nil
    }

    /// Returns the short name of a number: a letter, followed by a number after the first 26.
    private static func name(_ number: Int) -> [UInt8] {
        let (round, letter) = number.quotientAndRemainder(dividingBy: 26)
        return [UInt8(ascii: "a") + UInt8(letter)] + Array((round > 0 ? String(round) : "").utf8)
    }

    // MARK: Output

    /// Returns the script, with a line for each function and class at the top level.
    private func joined() -> [UInt8] {
        var (bytes, depth): ([UInt8], Int) = ([], 0)
        for (index, token) in tokens.enumerated() where !isLastSemicolon(index) {
            if isApart(index) { bytes.append(UInt8(ascii: " ")) }
            bytes += shortNames[token.text] ?? Array(token.text)
            depth += Self.step(token)
            if depth == 0, token.punctuator == UInt8(ascii: "}"), punctuator(index + 1) == nil {
                bytes.append(UInt8(ascii: "\n"))
            }
        }
        return bytes
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
