// SPDX-License-Identifier: Apache-2.0
extension UpdateSearch {
    /// What it looks for in texts, each once, and whether it must be whole words.
    private var needles: [(text: String, isPhrase: Bool)] {
        Set(words).map { ($0, false) } + Set(phrases).map { ($0, true) }
    }

    /// Whether one of the words or phrases occurs in a text.
    public func occurs(in text: String) -> Bool {
        let text = SearchText(text.unicodeScalars[...])
        return needles.contains { text.holds($0.text, beginsWord: $0.isPhrase, endsWord: $0.isPhrase) }
    }

    /// Returns where the words and phrases occur in a text, as ranges of its offsets: in their order, and apart from each other.
    /// `scalars` are the characters, each with its offset, and `end` is the offset at which the text ends.
    public func places(
        in scalars: some Sequence<(offset: Int, scalar: Unicode.Scalar)>, end: Int, atMost count: Int
    ) -> [Range<Int>] {
        var (text, offsets): (SearchText, [Int]) = (SearchText(), [])
        for (offset, scalar) in scalars {
            text.append(scalar)
            while offsets.count < text.bytes.count { offsets.append(offset) }
        }
        return Self.joined(ranges(in: text, atMost: count)).prefix(count).map { range in
            // Diacritics belong to the letter before them.
            let next = offsets[range.upperBound...].first { $0 > offsets[range.upperBound - 1] }
            return offsets[range.lowerBound]..<(next ?? end)
        }
    }

    /// Where each of the needles occurs, in no order.
    private func ranges(in text: SearchText, atMost count: Int) -> [Range<Int>] {
        needles.flatMap { needle in
            var (found, start): ([Range<Int>], Int) = ([], 0)
            while found.count < count,
                let range = text.firstRange(
                    of: needle.text, from: start, beginsWord: needle.isPhrase, endsWord: needle.isPhrase)
            {
                found.append(range)
                start = range.upperBound
            }
            return found
        }
    }

    /// Returns ranges in their order, those that meet as one.
    private static func joined(_ ranges: [Range<Int>]) -> [Range<Int>] {
        ranges.sorted { $0.lowerBound < $1.lowerBound }.reduce(into: []) { joined, range in
            guard let last = joined.last, last.upperBound >= range.lowerBound else {
                return joined.append(range)
            }
            joined[joined.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
        }
    }
}
