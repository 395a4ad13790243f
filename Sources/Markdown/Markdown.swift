internal import CCmark
internal import Glibc

/// CommonMark as HTML that is safe to put into a page: raw HTML is left out, and so are links of schemes that run
/// (`javascript:`, `vbscript:`, `file:` and all `data:` but pictures).
public enum Markdown {
    /// The HTML of a CommonMark text. Every text has one; NUL is rendered as U+FFFD, as CommonMark §2.3 asks.
    public static func html(_ text: String) -> String {
        var text = text
        return text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { characters in
                // Safe mode is cmark's default since 0.29; CMARK_OPT_UNSAFE would switch it off.
                guard
                    let html = cmark_markdown_to_html(
                        characters.baseAddress, characters.count, CMARK_OPT_DEFAULT)
                else { return "" }
                defer { free(html) }
                return String(cString: html)
            }
        }
    }
}
