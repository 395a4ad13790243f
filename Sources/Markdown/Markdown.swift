/// GitHub-flavoured Markdown as HTML that is safe to put into a page.
///
/// CommonMark is parsed by libcmark; tables, strikethrough, task lists and bare addresses are added here. Nothing that was typed is
/// dropped: raw HTML and link definitions without a use are shown as text, and so are links and pictures with an address that may
/// not be followed. The time it takes is linear in the length of the text, within the bounds of ``Stories/Validator/markdown(_:at:)``.
public enum Markdown {
    /// The HTML of a text. Every text has one; NUL is rendered as U+FFFD, as CommonMark §2.3 asks.
    ///
    /// - Parameter origin: where relative addresses lead, such as `https://live.example.org`. Without one they become
    ///   root-relative; those of a fragment or a query alone stay as they are.
    public static func html(_ text: String, origin: String = "") -> String {
        PlainParagraphs.html(of: text) ?? parsed(text, origin: origin)
    }

    /// The HTML of a text by the parser, which every text can be given.
    static func parsed(_ text: String, origin: String) -> String {
        let source = MarkdownSource(text)
        let document = Document(source.bytes)
        var writer = HTMLWriter(cells: source.cells, addresses: Addresses(origin: origin))
        document.visit { writer.write($0, isEntering: $1) }
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}
