/// The text of HTML that the server has made of CommonMark: what search engines, feeds and lists are told of a body.
///
/// Such HTML has no scripts, no raw HTML and only the entities that are named here.
func plainText(html: String) -> String {
    var text: [UInt8] = []
    var rest = Array(html.utf8)[...]
    while let byte = rest.first {
        switch byte {
        case UInt8(ascii: "<"):
            let isComment = rest.starts(with: "<!--".utf8)
            let end = isComment ? rest.firstRange(of: Array("-->".utf8))?.upperBound : nil
            let close = end ?? rest.firstIndex(of: UInt8(ascii: ">")).map { $0 + 1 } ?? rest.endIndex
            if rest.starts(with: "<br".utf8) { text.append(UInt8(ascii: "\n")) }
            rest = rest[close...]
        case UInt8(ascii: "&"):
            let name = rest.dropFirst().prefix(longestEntity).prefix { $0 != UInt8(ascii: ";") }
            let character = entities[String(decoding: name, as: UTF8.self)]
            text.append(character ?? byte)
            rest = rest.dropFirst(character == nil ? 1 : name.count + 2)
        default:
            text.append(byte)
            rest.removeFirst()
        }
    }
    return String(decoding: text.trimmedLines, as: UTF8.self)
}

private let entities: [String: UInt8] = [  // ascii: and asked for no more than four bytes
    "amp": UInt8(ascii: "&"), "lt": UInt8(ascii: "<"), "gt": UInt8(ascii: ">"), "quot": UInt8(ascii: "\""),
    "#39": UInt8(ascii: "'"),
]

private let longestEntity = 4

extension [UInt8] {
    /// Without white space at both ends.
    fileprivate var trimmedLines: ArraySlice<UInt8> {
        let blanks: Set<UInt8> = [0x20, 0x0A, 0x0D, 0x09]
        guard let first = firstIndex(where: { !blanks.contains($0) }),
            let last = lastIndex(where: { !blanks.contains($0) })
        else { return [] }
        return self[first...last]
    }
}

extension String {
    /// The beginning, cut at a word, with an ellipsis where something was cut.
    func shortened(to characters: Int) -> String {
        guard unicodeScalars.count > characters else { return self }
        let start = unicodeScalars.prefix(characters)
        let end = start.lastIndex { scalar in scalar == " " || scalar == "\n" } ?? start.endIndex
        return self[..<end] + "…"
    }
}
