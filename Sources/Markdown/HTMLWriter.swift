// SPDX-License-Identifier: Apache-2.0
/// Renders a document as HTML in one traversal.
struct HTMLWriter {
    private(set) var bytes: [UInt8] = []
    private let cells: [Int: TableCell]
    private let addresses: Addresses
    /// Strikethrough delimiters by the entered parent node.
    private var strikes: [Node: [Strike]] = [:]
    private var linkDepth = 0
    /// The image whose description is being read, and its alt text so far.
    private var picture: (node: Node, alt: [UInt8])?
    /// Task list markers by text node: whether the box is checked.
    private var taskMarks: [Node: Bool] = [:]

    /// Bodies are rendered below a heading of level 3.
    private static let firstHeadingLevel = 4

    init(cells: [Int: TableCell], addresses: Addresses) {
        (self.cells, self.addresses) = (cells, addresses)
    }

    mutating func write(_ node: Node, isEntering: Bool) {
        if let picture, picture.node != node { return writeAlt(node, isEntering) }
        let kind = node.kind
        switch kind {
        case .document, .other: break
        case .quote:
            startLine()
            raw(isEntering ? "<blockquote>\n" : "</blockquote>\n")
        case .list: writeList(node, isEntering)
        case .item:
            if isEntering { startLine() }
            raw(isEntering ? "<li>" : "</li>\n")
        case .codeBlock: writeCodeBlock(node)
        case .htmlBlock:
            startLine()
            raw("<p>")
            lines(node.literal)
            raw("</p>\n")
        case .rule:
            startLine()
            raw("<hr />\n")
        case .paragraph: writeParagraph(node, isEntering)
        case .heading: writeHeading(node, isEntering)
        case .emphasis, .strong:
            if isEntering { findStrikes(in: node) }
            raw("<\(isEntering ? "" : "/")\(kind == .emphasis ? "em" : "strong")>")
        case .text: writeText(node)
        case .softBreak, .lineBreak: raw("<br />\n")
        case .code:
            raw("<code>")
            escape(node.literal)
            raw("</code>")
        case .html: lines(node.literal)
        case .link: writeLink(node, isEntering)
        case .image: writePicture(node, isEntering)
        }
    }
}

// MARK: - Blocks

extension HTMLWriter {
    private mutating func writeList(_ list: Node, _ isEntering: Bool) {
        startLine()
        let name = list.isOrdered ? "ol" : "ul"
        guard isEntering else { return raw("</\(name)>\n") }
        let start = list.isOrdered && list.listStart != 1 ? " start=\"\(list.listStart)\"" : ""
        raw("<\(name)\(start)>\n")
    }

    private mutating func writeCodeBlock(_ block: Node) {
        startLine()
        let language = block.fenceInfo.prefix { $0 != 0x20 && $0 != 0x09 }
        raw("<pre><code")
        if !language.isEmpty {
            raw(" class=\"language-")
            escape(language)
            raw("\"")
        }
        raw(">")
        escape(block.literal)
        raw("</code></pre>\n")
    }

    private mutating func writeParagraph(_ paragraph: Node, _ isEntering: Bool) {
        if isEntering {
            findTaskMark(of: paragraph)
            findStrikes(in: paragraph)
        }
        guard !paragraph.isTightParagraph else { return }
        if isEntering { startLine() }
        raw(isEntering ? "<p>" : "</p>\n")
    }

    private mutating func writeHeading(_ heading: Node, _ isEntering: Bool) {
        if isEntering { findStrikes(in: heading) }
        if let cell = cells[heading.lines.lowerBound] { return writeCell(cell, isEntering) }
        let level = min(heading.headingLevel + Self.firstHeadingLevel - 1, 6)
        if isEntering { startLine() }
        raw(isEntering ? "<h\(level)>" : "</h\(level)>\n")
    }

    private mutating func writeCell(_ cell: TableCell, _ isEntering: Bool) {
        let name = cell.isHeader ? "th" : "td"
        if isEntering {
            if cell.isFirstOfTable {
                startLine()
                raw("<table>\n<thead>\n")
            }
            if cell.isFirstOfBody { raw("<tbody>\n") }
            if cell.isFirstOfRow { raw("<tr>\n") }
            raw(cell.alignment == .none ? "<\(name)>" : "<\(name) align=\"\(cell.alignment.rawValue)\">")
        } else {
            raw("</\(name)>\n")
            if cell.isLastOfRow { raw("</tr>\n") }
            if cell.isLastOfRow, cell.isHeader { raw("</thead>\n") }
            if cell.isLastOfTable { raw(cell.isHeader ? "</table>\n" : "</tbody>\n</table>\n") }
        }
    }

    /// Detects the task list marker `[ ]` or `[x]` of an item (GFM §5.3).
    private mutating func findTaskMark(of paragraph: Node) {
        guard let item = paragraph.parent, item.kind == .item, item.firstChild == paragraph,
            let text = paragraph.firstChild, text.kind == .text
        else { return }
        let mark = text.literal.prefix(4)
        guard mark.count == 4 || mark.count == 3 && text.next != nil else { return }
        if mark.starts(with: "[ ]".utf8), mark.count == 3 || mark.last == 0x20 { taskMarks[text] = false }
        if mark.starts(with: "[x]".utf8) || mark.starts(with: "[X]".utf8),
            mark.count == 3 || mark.last == 0x20
        {
            taskMarks[text] = true
        }
    }
}

// MARK: - Inlines

extension HTMLWriter {
    private mutating func writeText(_ node: Node) {
        let text = Escapes.unescaped(node.literal)
        var start = 0
        if !taskMarks.isEmpty, let isDone = taskMarks.removeValue(forKey: node) {
            raw("<input type=\"checkbox\"\(isDone ? " checked=\"\"" : "") disabled=\"\" /> ")
            start = min(4, text.count)
        }
        let links = linkDepth > 0 ? [] : BareAddress.all(in: text)
        guard !links.isEmpty || !strikes.isEmpty else { return escape(text[start...]) }
        var marks = (strikes.removeValue(forKey: node) ?? [])[...]
        for link in links + [BareAddress(range: text.count..<text.count, prefix: "")] {
            while let mark = marks.first, mark.range.lowerBound < link.range.lowerBound {
                escape(text[max(start, 0)..<mark.range.lowerBound])
                raw(mark.opens ? "<del>" : "</del>")
                start = mark.range.upperBound
                marks = marks.dropFirst()
            }
            escape(text[min(start, link.range.lowerBound)..<link.range.lowerBound])
            start = link.range.upperBound
            guard !link.range.isEmpty else { continue }
            raw("<a href=\"")
            raw(link.prefix)
            address(Array(text[link.range]))
            raw("\">")
            escape(text[link.range])
            raw("</a>")
        }
    }

    private mutating func findStrikes(in parent: Node) {
        for strike in Strike.all(in: parent, excludesLinks: linkDepth == 0) {
            strikes[strike.text, default: []].append(strike)
        }
    }

    private mutating func writeLink(_ link: Node, _ isEntering: Bool) {
        if isEntering { findStrikes(in: link) }
        let target = Escapes.unescaped(link.address).map(Escapes.restored)
        guard let url = addresses.link(target) else { return }
        linkDepth += isEntering ? 1 : -1
        guard isEntering else { return raw("</a>") }
        raw("<a href=\"")
        address(url)
        raw("\"")
        writeTitle(of: link)
        raw(">")
        // A link without text shows its target.
        if link.firstChild == nil { escape(target) }
    }

    private mutating func writePicture(_ image: Node, _ isEntering: Bool) {
        guard !isEntering else {
            picture = (image, [])
            return
        }
        let alt = picture?.alt ?? []
        picture = nil
        guard let url = addresses.picture(Escapes.unescaped(image.address).map(Escapes.restored)) else {
            // An image that is not allowed is rendered as its alt text.
            return escape(alt.isEmpty ? Array("[picture]".utf8) : alt)
        }
        raw("<img src=\"")
        address(url)
        raw("\" alt=\"")
        escape(alt)
        raw("\"")
        writeTitle(of: image)
        raw(" />")
    }

    /// Only the text content of an image's description is used.
    private mutating func writeAlt(_ node: Node, _ isEntering: Bool) {
        guard isEntering else { return }
        switch node.kind {
        case .text: picture?.alt += Escapes.unescaped(node.literal)
        case .code, .html: picture?.alt += node.literal
        case .softBreak, .lineBreak: picture?.alt.append(0x20)
        default: break
        }
    }

    private mutating func writeTitle(of node: Node) {
        let title = Escapes.unescaped(node.title)
        guard !title.isEmpty else { return }
        raw(" title=\"")
        escape(title)
        raw("\"")
    }
}

// MARK: - Bytes

extension HTMLWriter {
    private mutating func raw(_ text: String) { bytes += text.utf8 }

    /// Starts a new line unless already at the start of one.
    private mutating func startLine() {
        if let last = bytes.last, last != 0x0A { bytes.append(0x0A) }
    }

    private mutating func escape(_ text: [UInt8]) { escape(text[...]) }

    /// Copies runs of plain bytes, and escapes the bytes between them.
    private mutating func escape(_ text: ArraySlice<UInt8>) {
        var rest = text
        while let index = rest.firstIndex(where: Self.mustEscape) {
            bytes += rest[..<index]
            writeEscape(of: rest[index])
            rest = rest[(index + 1)...]
        }
        bytes += rest
    }

    private static func mustEscape(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "&"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""): true
        default: byte < 0x20
        }
    }

    private mutating func writeEscape(of byte: UInt8) {
        switch byte {
        case UInt8(ascii: "&"): raw("&amp;")
        case UInt8(ascii: "<"): raw("&lt;")
        case UInt8(ascii: ">"): raw("&gt;")
        case UInt8(ascii: "\""): raw("&quot;")
        default: bytes.append(Escapes.restored(byte))
        }
    }

    /// Multi-line text, such as raw HTML.
    private mutating func lines(_ text: [UInt8]) {
        let end = text.lastIndex { $0 != 0x0A }.map { $0 + 1 } ?? 0
        for (index, line) in text[..<end].split(separator: 0x0A, omittingEmptySubsequences: false)
            .enumerated()
        {
            if index > 0 { raw("<br />\n") }
            escape(line)
        }
    }

    /// A URL as an attribute value, percent-encoded where needed (RFC 3986 §2).
    private mutating func address(_ address: [UInt8]) {
        let digits = Array("0123456789ABCDEF".utf8)
        for byte in address.lazy.map(Escapes.restored) {
            switch byte {
            case UInt8(ascii: "&"): raw("&amp;")
            case UInt8(ascii: "'"): raw("&#x27;")
            case _ where byte.isASCIIAlphanumeric || "-_.~!*();:@=+$,/?#%".utf8.contains(byte):
                bytes.append(byte)
            default: bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
    }
}
