// SPDX-License-Identifier: Apache-2.0
/// Suggests the known name closest to a misspelled one.
public enum SpellingSuggestion {
    /// Returns the nearest candidate, at an edit distance of at most a third of the word's length, or 1; `nil` if there is none.
    public static func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
        // Names are short ASCII; anything else is not a misspelling of one, and would cost quadratic time.
        guard word.utf8.count <= 64, word.utf8.allSatisfy({ $0 < 128 }) else { return nil }
        let near = candidates.map { ($0, distance(lowercased(word), lowercased($0))) }
        guard let best = near.min(by: { $0.1 < $1.1 }), best.1 <= max(1, word.utf8.count / 3) else {
            return nil
        }
        return best.0
    }

    /// Returns the known name that the word probably misspells: ignoring case, at an edit distance of at most 2, or 1 for names of up to
    /// four letters. Other words are left alone, and any letter is one of its own.
    static func misspelled(_ word: String, of known: [String]) -> String? {
        known.lazy.filter { $0.utf8.count > 1 }.map { ($0, mistyped(word, $0)) }
            .filter { $0.1 <= ($0.0.utf8.count > 4 ? 2 : 1) }.min { $0.1 < $1.1 }?.0
    }

    /// Returns the edit distance, or the difference in length if that is more than 2.
    private static func mistyped(_ word: String, _ known: String) -> Int {
        let difference = abs(word.utf8.count - known.utf8.count)
        return difference > 2 ? difference : distance(lowercased(word), lowercased(known))
    }

    /// Returns the edit distance: insertions, deletions, substitutions and transpositions (optimal string alignment).
    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var rows = [Array(0...right.count)]
        for i in left.indices {
            var row = [i + 1]
            for j in right.indices {
                var best = min(rows[i][j] + (left[i] == right[j] ? 0 : 1), rows[i][j + 1] + 1, row[j] + 1)
                if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
                    best = min(best, rows[i - 1][j - 1] + 1)
                }
                row.append(best)
            }
            rows.append(row)
        }
        return rows[left.count][right.count]
    }

    private static func lowercased(_ word: String) -> [UInt8] {
        word.utf8.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 }
    }
}
