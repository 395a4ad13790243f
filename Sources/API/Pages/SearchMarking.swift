// SPDX-License-Identifier: Apache-2.0
internal import Stories

extension MarkupWriter {
    /// Writes what `content` writes, with a `mark` element around each place in its text at which a search finds something.
    mutating func marked(by search: UpdateSearch?, _ content: (inout MarkupWriter) -> Void) {
        guard let search else { return content(&self) }
        replace(content) { search.marking($0) }
    }
}

extension UpdateSearch {
    /// Most places that are marked in one text: a mark is longer than a letter, and a page must not become many times as large.
    private static let mostMarks = 100

    /// Returns well-formed markup with what is found in its text marked. Tags stay as they are, and no mark reaches over one, so that it is
    /// as well-formed as before.
    fileprivate func marking(_ markup: ArraySlice<UInt8>) -> [UInt8] {
        var (marked, count, rest): ([UInt8], Int, ArraySlice<UInt8>) = ([], 0, markup)
        marked.reserveCapacity(markup.count + 64)
        while !rest.isEmpty, count < Self.mostMarks {
            let text = rest.prefix { $0 != UInt8(ascii: "<") }
            let places = places(
                in: scalars(ofMarkup: text), end: text.endIndex, atMost: Self.mostMarks - count)
            var start = text.startIndex
            for place in places {
                marked += text[start..<place.lowerBound] + "<mark>".utf8 + text[place] + "</mark>".utf8
                start = place.upperBound
            }
            count += places.count
            let tagEnd = rest[text.endIndex...].firstIndex(of: UInt8(ascii: ">")).map { $0 + 1 }
            marked += rest[start..<(tagEnd ?? rest.endIndex)]
            rest = rest[(tagEnd ?? rest.endIndex)...]
        }
        return marked + rest
    }
}

/// Returns the characters of text in markup, each with the offset at which it, or the reference to it, begins.
private func scalars(ofMarkup text: ArraySlice<UInt8>) -> [(offset: Int, scalar: Unicode.Scalar)] {
    var (scalars, offset): ([(offset: Int, scalar: Unicode.Scalar)], Int) = ([], text.startIndex)
    while offset < text.endIndex {
        if let entity = Entity(beginning: text[offset...]) {
            scalars.append((offset, Unicode.Scalar(entity.character)))
            offset += entity.length
            continue
        }
        let end = text[(offset + 1)...].firstIndex(of: UInt8(ascii: "&")) ?? text.endIndex
        for scalar in String(decoding: text[offset..<end], as: UTF8.self).unicodeScalars {
            scalars.append((offset, scalar))
            offset += UTF8.width(scalar)
        }
    }
    return scalars
}
