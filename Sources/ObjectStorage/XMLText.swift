// SPDX-License-Identifier: Apache-2.0

/// Elements of the answers of an object storage. Only what is needed is read: it is XML that a program wrote, without comments, CDATA or
/// attributes in these elements.
enum XMLText {
    /// What is between the tags of the first element of a name. `isOpen`: the tag may have attributes, and the rest of the text is returned.
    static func element(_ name: String, in xml: ArraySlice<UInt8>, isOpen: Bool = false)
        -> ArraySlice<UInt8>?
    {
        let opening = Array("<\(name)\(isOpen ? "" : ">")".utf8)
        guard let start = xml.firstIndex(of: opening) else { return nil }
        let content = xml[(start + opening.count)...]
        if isOpen { return content }
        return content.firstIndex(of: Array("</\(name)>".utf8)).map { content[..<$0] }
    }

    static func text(of name: String, in xml: ArraySlice<UInt8>) -> String? {
        element(name, in: xml).map(unescaped)
    }

    private static let entities: [(name: [UInt8], byte: UInt8)] = [
        (Array("&amp;".utf8), UInt8(ascii: "&")), (Array("&lt;".utf8), UInt8(ascii: "<")),
        (Array("&gt;".utf8), UInt8(ascii: ">")), (Array("&quot;".utf8), UInt8(ascii: "\"")),
        (Array("&apos;".utf8), UInt8(ascii: "'")), (Array("&#39;".utf8), UInt8(ascii: "'")),
        (Array("&#34;".utf8), UInt8(ascii: "\"")),
    ]

    /// The text without its references.
    private static func unescaped(_ text: ArraySlice<UInt8>) -> String {
        var (bytes, rest) = ([UInt8](), text)
        while let first = rest.first {
            let entity = first == UInt8(ascii: "&") ? entities.first { rest.starts(with: $0.name) } : nil
            bytes.append(entity?.byte ?? first)
            rest = rest.dropFirst(entity?.name.count ?? 1)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension ArraySlice<UInt8> {
    /// Where a text begins first.
    fileprivate func firstIndex(of text: [UInt8]) -> Index? {
        guard let first = text.first, count >= text.count else { return nil }
        return self[...(endIndex - text.count)].indices.first {
            self[$0] == first && self[$0...].starts(with: text)
        }
    }
}
