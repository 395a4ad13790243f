// SPDX-License-Identifier: Apache-2.0
/// The names that a script declares, and where each is used.
///
/// Scopes are ranges of tokens: blocks, functions from their parameters on, loops from their heads on. It knows as much of ECMAScript
/// as our modules use; `served.test.js` compares what follows from it with what the TypeScript compiler finds.
struct ScriptScopes {
    /// A name in a scope.
    struct Declaration {
        let name: ArraySlice<UInt8>
        /// The indices of the tokens that mean it.
        var uses: [Int] = []
        /// Whether it must stay, because it is that of a member or an export, too: `{ name }`.
        var isFixed = false
    }

    struct Scope {
        let range: Range<Int>
        var parent: Int?
        /// The index in `declarations` of each name declared here.
        var names: [ArraySlice<UInt8>: Int] = [:]
        /// The indices of the declarations outside that are used within.
        var outside: Set<Int> = []
        /// The names used within that are declared nowhere.
        var globals: Set<ArraySlice<UInt8>> = []
    }

    /// The first is that of the whole script; each precedes those within it.
    private(set) var scopes: [Scope]
    private(set) var declarations: [Declaration] = []
    private let brackets: ScriptBrackets
    /// The innermost scope of each token.
    private var innermost: [Int] = []

    init(_ brackets: ScriptBrackets) {
        self.brackets = brackets
        let all = brackets.tokens.indices
        scopes = [Scope(range: all)]
        scopes += all.compactMap { index in range(from: index).map { Scope(range: index..<$0) } }
        nest()
        for index in all { declare(at: index) }
        for index in all where brackets.word(index) != nil && !isMember(index) { use(at: index) }
    }

    // MARK: Scopes

    private static let heads: Set = ["if", "while", "switch"]

    /// The end of the scope that begins with a token, if one does.
    private func range(from index: Int) -> Int? {
        if brackets.word(index) != nil {
            return brackets.spells(index + 1, "=>") ? endOfBody(index + 3) : nil
        }
        guard let end = brackets.partner[index], let bracket = brackets.punctuator(index) else { return nil }
        if bracket == UInt8(ascii: "{") { return brackets.content(of: index) == .block ? end + 1 : nil }
        guard bracket == UInt8(ascii: "(") else { return nil }
        if brackets.spells(end + 1, "=>") { return endOfBody(end + 3) }
        if brackets.isWord(index - 1, ["for"]) { return brackets.endOfStatement(end + 1) }
        let isFunction = brackets.spells(end + 1, "{") && !brackets.isWord(index - 1, Self.heads)
        return isFunction ? endOfBody(end + 1) : nil
    }

    /// The end of the body of a function.
    private func endOfBody(_ start: Int) -> Int {
        brackets.spells(start, "{") ? (brackets.partner[start] ?? start) + 1 : brackets.endOfExpression(start)
    }

    /// Finds what lies within what.
    private mutating func nest() {
        var (open, next) = ([0], 1)
        for index in brackets.tokens.indices {
            while let last = open.last, scopes[last].range.upperBound <= index { open.removeLast() }
            while next < scopes.count, scopes[next].range.lowerBound == index {
                scopes[next].parent = open.last
                open.append(next)
                next += 1
            }
            innermost.append(open.last ?? 0)
        }
    }

    // MARK: Declarations

    /// Declares the names that a keyword, or the beginning of a function, introduces.
    private mutating func declare(at index: Int) {
        let scope = innermost[index]
        if brackets.isWord(index, ["const", "let"]), !isMember(index) {
            declare(bindings(from: index + 1), in: scope)
        } else if brackets.isWord(index, ["class", "function"]), !isMember(index) {
            declare(brackets.word(index + 1) == nil ? [] : [index + 1], in: scope)
        } else if scope > 0, scopes[scope].range.lowerBound == index, !brackets.isWord(index - 1, ["for"]) {
            // Parameters, or what is caught.
            if brackets.word(index) != nil { declare([index], in: scope) }
            if brackets.spells(index, "(") { declare(bindings(from: index + 1), in: scope) }
        }
    }

    private mutating func declare(_ names: [Int], in scope: Int) {
        for name in names.map({ brackets.tokens[$0].text }) where scopes[scope].names[name] == nil {
            scopes[scope].names[name] = declarations.count
            declarations.append(Declaration(name: name))
        }
    }

    /// The indices of the names that a list of declarations, parameters or elements of a pattern binds.
    private func bindings(from start: Int) -> [Int] {
        var (found, index): ([Int], Int) = ([], start)
        while true {
            while brackets.spells(index, ".") { index += 1 }
            // The name of a member, which is bound to what follows.
            let name = brackets.spells(index, "[") ? brackets.partner[index] ?? index : index
            if brackets.spells(name + 1, ":") { index = name + 2 }
            if brackets.word(index) != nil {
                found.append(index)
                index += 1
            } else if let end = brackets.partner[index] {
                found += bindings(from: index + 1)
                index = end + 1
            }
            if brackets.spells(index, "=") { index = brackets.endOfExpression(index + 1) }
            guard brackets.spells(index, ",") else { return found }
            index += 1
        }
    }

    // MARK: Uses

    /// Whether a word names a member of an object or a class, and no variable.
    private func isMember(_ index: Int) -> Bool {
        if brackets.spells(index - 1, ".") { return !brackets.spells(index - 2, ".") }
        if brackets.isMethod(index) { return true }
        switch brackets.content(around: index) {
        case .object: return isFirst(index) && brackets.spells(index + 1, ":")
        case .members:
            return ["{", "}", ";"].contains { brackets.spells(index - 1, $0) }
                || brackets.isWord(index - 1, ["static"])
        case .block, .other: return false
        }
    }

    /// Whether a word begins an element between braces.
    private func isFirst(_ index: Int) -> Bool { ["{", ","].contains { brackets.spells(index - 1, $0) } }

    /// Notes a use for the declaration that the name means, and for each scope that it is outside of.
    private mutating func use(at index: Int) {
        let name = brackets.tokens[index].text
        var (scope, outer): (Int?, [Int]) = (innermost[index], [])
        while let current = scope {
            if let declaration = scopes[current].names[name] {
                declarations[declaration].uses.append(index)
                if brackets.content(around: index) == .object, isFirst(index) {
                    declarations[declaration].isFixed = true
                }
                for each in outer { scopes[each].outside.insert(declaration) }
                return
            }
            outer.append(current)
            scope = scopes[current].parent
        }
        for each in outer { scopes[each].globals.insert(name) }
    }
}
