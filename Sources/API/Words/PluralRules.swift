// SPDX-License-Identifier: Apache-2.0

/// The plural rules of a language for cardinal numbers, by the operands and categories of Unicode CLDR (UTS #35, Language Plural Rules).
struct PluralRules: Sendable {
    /// A plural category.
    enum Category: String, CaseIterable, Sendable {
        case zero, one, two, few, many, other
    }

    /// A number as it is written: `1.50` has the integer 1 and the fraction `50`.
    struct Number {
        /// CLDR's `i`.
        let integer: Int
        /// CLDR's `v`: the number of digits after the decimal point.
        var fractionDigits = 0
        /// CLDR's `f`: these digits as a number.
        var fraction = 0

        /// Whether it has no digits after the decimal point.
        var isWhole: Bool { fractionDigits == 0 }
        /// CLDR's `n` as an integer; `nil` if it is not one.
        var value: Int? { fraction == 0 ? integer : nil }
    }

    private let rule: @Sendable (Number) -> Category

    /// The rules of a language (BCP 47); those of an unknown one are English.
    init(_ language: String) {
        let primary = language.utf8.prefix { $0 != UInt8(ascii: "-") }
        rule = Self.rules.first { $0.language.utf8.elementsEqual(primary) }?.rule ?? Self.germanic
    }

    /// Returns the category of a number.
    func category(of number: Number) -> Category { rule(number) }

    /// Returns the category of an integer, which is not negative.
    func category(of count: Int) -> Category { rule(Number(integer: count)) }

    /// The categories that integers need. Compact forms of millions (`many` in Romance languages) are never written here.
    var categoriesOfCounts: Set<Category> { Set((0...200).map { category(of: $0) } + [.other]) }

    private static let rules: [(language: String, rule: @Sendable (Number) -> Category)] = [
        ("en", germanic), ("de", germanic), ("nl", germanic), ("fr", french), ("es", spanish),
        ("pt", portuguese),
        ("it", italian), ("pl", polish), ("uk", ukrainian), ("ar", arabic), ("he", hebrew), ("ja", none),
        ("zh", none),
    ]

    private static let none: @Sendable (Number) -> Category = { _ in .other }

    private static let germanic: @Sendable (Number) -> Category = {
        $0.integer == 1 && $0.isWhole ? .one : .other
    }

    private static let italian: @Sendable (Number) -> Category = {
        isMillions($0) ? .many : germanic($0)
    }

    private static let spanish: @Sendable (Number) -> Category = {
        isMillions($0) ? .many : $0.value == 1 ? .one : .other
    }

    private static let french: @Sendable (Number) -> Category = {
        isMillions($0) ? .many : $0.integer <= 1 ? .one : .other
    }

    private static let portuguese: @Sendable (Number) -> Category = {
        isMillions($0) ? .many : $0.integer <= 1 ? .one : .other
    }

    private static func isMillions(_ number: Number) -> Bool {
        number.isWhole && number.integer != 0 && number.integer % 1_000_000 == 0
    }

    private static let polish: @Sendable (Number) -> Category = {
        guard $0.isWhole else { return .other }
        return $0.integer == 1 ? .one : isFew($0.integer) ? .few : .many
    }

    private static let ukrainian: @Sendable (Number) -> Category = {
        guard $0.isWhole else { return .other }
        let (last, lastTwo) = ($0.integer % 10, $0.integer % 100)
        return last == 1 && lastTwo != 11 ? .one : isFew($0.integer) ? .few : .many
    }

    /// Whether a number ends with 2, 3 or 4, but not with 12, 13 or 14.
    private static func isFew(_ integer: Int) -> Bool {
        (2...4).contains(integer % 10) && !(12...14).contains(integer % 100)
    }

    private static let arabic: @Sendable (Number) -> Category = {
        guard let value = $0.value else { return .other }
        switch value {
        case 0: return .zero
        case 1: return .one
        case 2: return .two
        case _ where (3...10).contains(value % 100): return .few
        case _ where (11...99).contains(value % 100): return .many
        default: return .other
        }
    }

    private static let hebrew: @Sendable (Number) -> Category = {
        if $0.isWhole ? $0.integer == 1 : $0.integer == 0 { return .one }
        return $0.isWhole && $0.integer == 2 ? .two : .other
    }
}
