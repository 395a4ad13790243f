// SPDX-License-Identifier: Apache-2.0
internal import CCmark
internal import Glibc

/// A parsed CommonMark document.
final class Document {
    private let root: OpaquePointer?

    init(_ source: [UInt8]) {
        root = source.withUnsafeBytes {
            cmark_parse_document($0.bindMemory(to: CChar.self).baseAddress, $0.count, CMARK_OPT_DEFAULT)
        }
    }

    deinit { cmark_node_free(root) }

    /// Traverses the tree: called on entering each node and on leaving each container.
    func visit(_ body: (Node, _ isEntering: Bool) -> Void) {
        let iterator = cmark_iter_new(root)
        defer { cmark_iter_free(iterator) }
        while true {
            let event = cmark_iter_next(iterator)
            guard event != CMARK_EVENT_DONE, let node = Node(cmark_iter_get_node(iterator)) else { return }
            body(node, event == CMARK_EVENT_ENTER)
        }
    }
}

/// A node of a document, which must outlive it.
struct Node: Hashable {
    enum Kind {
        case document, quote, list, item, codeBlock, htmlBlock, paragraph, heading, rule
        case text, softBreak, lineBreak, code, html, emphasis, strong, link, image, other
    }

    private let pointer: OpaquePointer

    init?(_ pointer: OpaquePointer?) {
        guard let pointer else { return nil }
        self.pointer = pointer
    }

    var kind: Kind {
        switch cmark_node_get_type(pointer) {
        case CMARK_NODE_DOCUMENT: .document
        case CMARK_NODE_BLOCK_QUOTE: .quote
        case CMARK_NODE_LIST: .list
        case CMARK_NODE_ITEM: .item
        case CMARK_NODE_CODE_BLOCK: .codeBlock
        case CMARK_NODE_HTML_BLOCK: .htmlBlock
        case CMARK_NODE_PARAGRAPH: .paragraph
        case CMARK_NODE_HEADING: .heading
        case CMARK_NODE_THEMATIC_BREAK: .rule
        case CMARK_NODE_TEXT: .text
        case CMARK_NODE_SOFTBREAK: .softBreak
        case CMARK_NODE_LINEBREAK: .lineBreak
        case CMARK_NODE_CODE: .code
        case CMARK_NODE_HTML_INLINE: .html
        case CMARK_NODE_EMPH: .emphasis
        case CMARK_NODE_STRONG: .strong
        case CMARK_NODE_LINK: .link
        case CMARK_NODE_IMAGE: .image
        default: .other
        }
    }

    var parent: Node? { Node(cmark_node_parent(pointer)) }
    var next: Node? { Node(cmark_node_next(pointer)) }
    var previous: Node? { Node(cmark_node_previous(pointer)) }
    var firstChild: Node? { Node(cmark_node_first_child(pointer)) }
    /// Source lines, from 1.
    var lines: ClosedRange<Int> {
        let start = Int(cmark_node_get_start_line(pointer))
        return start...max(start, Int(cmark_node_get_end_line(pointer)))
    }
    var headingLevel: Int { Int(cmark_node_get_heading_level(pointer)) }
    var isTight: Bool { cmark_node_get_list_tight(pointer) != 0 }
    var isOrdered: Bool { cmark_node_get_list_type(pointer) == CMARK_ORDERED_LIST }
    var listStart: Int { Int(cmark_node_get_list_start(pointer)) }
    /// For text, code and raw HTML.
    var literal: [UInt8] { Self.bytes(cmark_node_get_literal(pointer)) }
    /// Whether the literal contains a byte.
    func literalHolds(_ byte: UInt8) -> Bool {
        cmark_node_get_literal(pointer).map { strchr($0, Int32(byte)) != nil } ?? false
    }
    var address: [UInt8] { Self.bytes(cmark_node_get_url(pointer)) }
    var title: [UInt8] { Self.bytes(cmark_node_get_title(pointer)) }
    var fenceInfo: [UInt8] { Self.bytes(cmark_node_get_fence_info(pointer)) }

    /// Whether it is a paragraph in a tight list, one without blank lines between its items.
    var isTightParagraph: Bool {
        guard let item = parent, item.kind == .item, let list = item.parent else { return false }
        return list.isTight
    }

    private static func bytes(_ text: UnsafePointer<CChar>?) -> [UInt8] {
        guard let text else { return [] }
        return Array(UnsafeRawBufferPointer(start: text, count: strlen(text)))
    }
}
