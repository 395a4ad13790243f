// SPDX-License-Identifier: Apache-2.0
/// Renders GitHub Flavored Markdown to safe HTML.
///
/// libcmark parses CommonMark; tables, strikethrough, task lists and autolinks are added here. No input is dropped: raw HTML
/// and unused link definitions are rendered as text, and so are links and images whose URL is not allowed. Linear time in the
/// length of the text, within the bounds of ``Stories/Validator/markdown(_:at:)``.
public enum Markdown {
    /// Renders a text; cannot fail. NUL becomes U+FFFD (CommonMark §2.3).
    ///
    /// - Parameter origin: prefix of relative URLs, such as `https://live.example.org`. Without one they become root-relative;
    ///   fragment-only and query-only URLs stay unchanged.
    public static func html(_ text: String, origin: String = "") -> String {
        PlainParagraphs.html(of: text) ?? parsed(text, origin: origin)
    }

    /// Renders any text with the parser.
    static func parsed(_ text: String, origin: String) -> String {
        let source = MarkdownSource(text)
        let document = Document(source.bytes)
        var writer = HTMLWriter(cells: source.cells, addresses: Addresses(origin: origin))
        document.visit { writer.write($0, isEntering: $1) }
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}
