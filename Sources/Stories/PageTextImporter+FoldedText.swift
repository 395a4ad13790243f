// For canonical decomposition, which the standard library has and names in public nowhere.
@_spi(_Unicode) import Swift

extension PageTextImporter {
    /// A text as titles are compared: decomposed, without what nobody sees, such as white space and soft hyphens, and with straight
    /// quotes.
    struct FoldedText {
        private let scalars: [Unicode.Scalar]
        /// Where each scalar stood in the text.
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

        /// Whether another text folds to the same. Folds no more of it than it takes to know.
        func isAlike(_ other: Substring) -> Bool {
            other.unicodeScalars.lazy.flatMap(Self.folded).elementsEqual(scalars)
        }

        /// Every place, in the text as it was, where the other text stands; overlapping ones too.
        ///
        /// Knuth, Morris and Pratt's search: both texts come from outside, and the plain one is quadratic.
        func ranges(of other: Self) -> [Range<Substring.Index>] {
            let borders = other.borders
            var found: [Range<Substring.Index>] = []
            var matched = 0
            for position in scalars.indices where !other.scalars.isEmpty {
                matched = other.extend(matched, by: scalars[position], borders: borders)
                let last = indices[position]
                // Not in the midst of a letter with its mark.
                let isWhole = position + 1 == indices.count || indices[position + 1] != last
                guard matched == other.scalars.count, isWhole else { continue }
                found.append(indices[position + 1 - matched]..<text.unicodeScalars.index(after: last))
            }
            return found
        }

        /// For each length of a beginning, less one: the longest proper beginning that also ends it.
        private var borders: [Int] {
            var borders = scalars.isEmpty ? [] : [0]
            for scalar in scalars.dropFirst() {
                borders.append(extend(borders[borders.count - 1], by: scalar, borders: borders))
            }
            return borders
        }

        /// How much of the beginning is matched once the next scalar is read.
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
