// SPDX-License-Identifier: Apache-2.0
// Canonical decomposition (NFD), which the standard library implements but does not make public.
@_spi(_Unicode) import Swift

extension PageTextImporter {
    /// Text normalized for the comparison of titles: decomposed (NFD), without invisible characters such as white space and soft
    /// hyphens, and with straight quotes.
    struct FoldedText {
        private let scalars: [Unicode.Scalar]
        /// Index in the original text of each scalar.
        private let indices: [Substring.Index]
        private let text: Substring

        init(_ text: Substring) {
            let kept = text.unicodeScalars.indices.flatMap { index in
                Self.folded(text.unicodeScalars[index]).map { (index, $0) }
            }
            self.text = text
            indices = kept.map(\.0)
            scalars = kept.map(\.1)
        }

        /// Whether another text has the same normalized form; folds lazily.
        func isAlike(_ other: Substring) -> Bool {
            other.unicodeScalars.lazy.flatMap(Self.folded).elementsEqual(scalars)
        }

        /// All occurrences of another text, as ranges of the original text, including overlapping ones.
        ///
        /// Knuth–Morris–Pratt: both texts are untrusted, and naive search is quadratic.
        func ranges(of other: Self) -> [Range<Substring.Index>] {
            let borders = other.borders
            var found: [Range<Substring.Index>] = []
            var matched = 0
            for position in scalars.indices where !other.scalars.isEmpty {
                matched = other.extend(matched, by: scalars[position], borders: borders)
                let last = indices[position]
                // A match must not end between a letter and its combining mark.
                let isWhole = position + 1 == indices.count || indices[position + 1] != last
                guard matched == other.scalars.count, isWhole else { continue }
                found.append(indices[position + 1 - matched]..<text.unicodeScalars.index(after: last))
            }
            return found
        }

        /// The failure function of KMP: for each prefix, the length of its longest proper prefix that is also a suffix.
        private var borders: [Int] {
            var borders = scalars.isEmpty ? [] : [0]
            for scalar in scalars.dropFirst() {
                borders.append(extend(borders[borders.count - 1], by: scalar, borders: borders))
            }
            return borders
        }

        /// Length of the matched prefix after the next scalar.
        private func extend(_ length: Int, by scalar: Unicode.Scalar, borders: [Int]) -> Int {
            var length = length
            while length > 0, length == scalars.count || scalars[length] != scalar {
                length = borders[length - 1]
            }
            return scalars[length] == scalar ? length + 1 : 0
        }

        private static func folded(_ scalar: Unicode.Scalar) -> [Unicode.Scalar] {
            if scalar.isBlank { return [] }
            return scalar.isASCII ? [straight(scalar)] : String(scalar)._nfd.map(straight)
        }

        private static func straight(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
            switch scalar {
            case "‘", "’", "‚", "‛", "′", "ʼ", "`", "´": "'"
            case "“", "”", "„", "‟", "″": "\""
            default: scalar
            }
        }
    }
}
