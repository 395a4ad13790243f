// SPDX-License-Identifier: Apache-2.0
/// Short names for what a script declares, the shortest for what is used most. Functions use the same ones again, so that compression
/// finds them.
struct ScriptNames {
    /// The short name of each token that has one, by its index.
    private(set) var short: [Int: [UInt8]] = [:]

    init(_ tokens: [ScriptToken]) {
        let brackets = ScriptBrackets(tokens)
        nameVariables(ScriptScopes(brackets))
        namePrivateMembers(brackets)
    }

    /// Names the variables of each scope after those around it, so that none hides what is used within.
    private mutating func nameVariables(_ all: ScriptScopes) {
        var names = all.declarations.map { Array($0.name) }
        for scope in all.scopes {
            let fixed = scope.names.values.filter { all.declarations[$0].isFixed }
            let free = scope.names.values.filter { !all.declarations[$0].isFixed }
            let taken = Set(scope.globals.map { Array($0) } + (scope.outside + fixed).map { names[$0] })
            var candidates = Self.candidates.filter { !taken.contains($0) }.makeIterator()
            for index in Self.mostUsed(free, uses: { all.declarations[$0].uses }) {
                names[index] = candidates.next() ?? names[index]
            }
        }
        for (declaration, name) in zip(all.declarations, names) {
            for use in declaration.uses { short[use] = name }
        }
    }

    /// Names the private members of each class.
    private mutating func namePrivateMembers(_ brackets: ScriptBrackets) {
        var classes: [Int: [ArraySlice<UInt8>: [Int]]] = [:]
        for (index, token) in brackets.tokens.enumerated() where token.kind == .privateName {
            var bracket = brackets.enclosing[index]
            while let outer = bracket, brackets.content(of: outer) != .members {
                bracket = brackets.enclosing[outer]
            }
            classes[bracket ?? 0, default: [:]][token.text, default: []].append(index)
        }
        for members in classes.values {
            for (name, uses) in zip(Self.candidates, Self.mostUsed(Array(members.values), uses: { $0 })) {
                for use in uses { short[use] = [UInt8(ascii: "#")] + name }
            }
        }
    }

    /// Sorts by the number of uses, then by the first.
    private static func mostUsed<Item>(_ items: [Item], uses: (Item) -> [Int]) -> [Item] {
        items.sorted { left, right in
            let (some, others) = (uses(left), uses(right))
            return some.count == others.count
                ? some.lexicographicallyPrecedes(others) : some.count > others.count
        }
    }

    /// Letters, then letters with a digit: no keyword is among them.
    private static let candidates: [[UInt8]] = {
        let letters = "etnrisoaucdlfmhpgyvbwkxqzjETNRISOAUCDLFMHPGYVBWKXQZJ".utf8.map { [$0] }
        return letters + "0123456789".utf8.flatMap { digit in letters.map { $0 + [digit] } }
    }()
}
