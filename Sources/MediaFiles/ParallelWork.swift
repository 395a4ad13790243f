// SPDX-License-Identifier: Apache-2.0

/// Work on many things, a few at a time.
public enum ParallelWork {
    /// How many things at a time, at most.
    public static let width = 8

    /// Does work for each element, and calls `each` with every result as it comes, until it returns false; then what has begun is awaited.
    public static func run<Element: Sendable, Result: Sendable>(
        _ elements: [Element], _ work: @escaping @Sendable (Element) async -> Result,
        each: (Result) -> Bool
    ) async {
        await withTaskGroup(of: Result.self) { group in
            var rest = elements[...]
            for element in rest.prefix(width) { group.addTask { await work(element) } }
            rest = rest.dropFirst(width)
            for await result in group {
                if !each(result) { rest = [] }
                if let next = rest.popFirst() { group.addTask { await work(next) } }
            }
        }
    }
}
