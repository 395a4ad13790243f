/// What somebody may have meant.
public enum Spelling {
    /// The candidate nearest to the word: at most a third of it mistyped; `nil` if none is that near.
    public static func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
        let near = candidates.map { ($0, distance(word.lowercased(), $0.lowercased())) }
        guard let best = near.min(by: { $0.1 < $1.1 }), best.1 <= max(1, word.count / 3) else { return nil }
        return best.0
    }

    /// How many letters must be added, dropped or exchanged (Levenshtein).
    private static func distance(_ left: String, _ right: String) -> Int {
        // Names are short; what is not is no misspelling of one.
        guard left.count <= 64, right.count <= 64 else { return .max }
        let right = Array(right)
        var row = Array(0...right.count)
        for (index, character) in left.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for place in right.indices {
                let substituted = diagonal + (right[place] == character ? 0 : 1)
                diagonal = row[place + 1]
                row[place + 1] = min(substituted, row[place] + 1, diagonal + 1)
            }
        }
        return row[right.count]
    }
}
