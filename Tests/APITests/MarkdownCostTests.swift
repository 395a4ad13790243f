// SPDX-License-Identifier: Apache-2.0
import Glibc
import Markdown
import Support
import Testing

@testable import API
@testable import Stories

/// The cost of adversarial texts: each is refused, or rendered in about linear time.
@Suite("The cost of Markdown", .serialized)
struct MarkdownCostTests {
    struct Shape: CustomTestStringConvertible, Sendable {
        let testDescription: String
        /// Returns a text of about the given number of bytes.
        let text: @Sendable (Int) -> String

        init(_ name: String, _ text: @escaping @Sendable (Int) -> String) {
            (testDescription, self.text) = (name, text)
        }

        /// A piece, repeated.
        init(_ piece: String) {
            self.init(piece.debugDescription) { piece.filling($0) }
        }

        /// Equally many bytes of two pieces, with a text between them.
        init(_ first: String, _ middle: String, _ last: String) {
            self.init("\(first.debugDescription) \(middle) \(last.debugDescription)") {
                first.filling($0 / 2) + middle + last.filling($0 / 2)
            }
        }
    }

    private static let shapes =
        [
            // Containers.
            Shape("- ", "x", "\n"), Shape("* ", "x", "\n \n"), Shape("1. ", "x", "\n"), Shape("> "),
            Shape(">"),
            Shape("> - "), Shape("> - ", "x", "\n"), Shape("- "), Shape("1. "), Shape("- x\n\n"),
            Shape("> ", "a", "\nb"), Shape("- ", "x\n", "\t"), Shape("\t"), Shape(">\ta\n"), Shape("- \t\n"),
            Shape("the deepest list, and blank lines") {
                "- ".filling(2 * Limits.markdownDepth) + "x" + "\n".filling($0)
            },
            Shape("the deepest lists") {
                ("- ".filling(2 * Limits.markdownDepth) + "x\n\n").filling($0)
            },
            Shape("a list that is indented by more with each line") { size in
                (0...).lazy.map { " ".filling(2 * $0) + "- a\n" }.joined(upTo: size / 2)
                    + "\n".filling(size / 2)
            },
            // Brackets and links.
            Shape("["), Shape("!["), Shape("[a]("), Shape("[]("), Shape("[!["), Shape("![[]()"),
            Shape("![", "", "[]()"), Shape("[", "a", "]"), Shape("[", "a", "](b)"), Shape("![", "a", "](b)"),
            Shape("[a]", "(", "("), Shape("[a](<b"), Shape("[a](b \"t "), Shape("[a](b ("),
            Shape("[a]: /x\n"),
            Shape("[a]: "), Shape("[a]: /x '\n"), Shape("[x\n"),
            Shape("definitions, and references to them") { size in
                (0...).lazy.map { "[a\($0)]: /x\n" }.joined(upTo: size / 2) + "\n"
                    + (0...).lazy.map { "[a\($0)] " }.joined(upTo: size / 2)
            },
            Shape("a long definition, and many references") {
                "[a]: /" + "x".filling($0 / 2) + "\n\n" + "[a]".filling($0 / 2)
            },
            // Emphasis and code.
            Shape("*a_ "), Shape("*a **a "), Shape("a**b", "", "c* "), Shape("*_"), Shape("_*a"), Shape("*"),
            Shape("**", "a", "**"), Shape("*a ", "", "a*"), Shape("*a**b"), Shape("a**b*c*"), Shape("`a"),
            Shape("runs of backticks, each longer than the last") { size in
                (1...).lazy.map { "e" + "`".filling($0) }.joined(upTo: size)
            },
            // Raw HTML, entities, lines.
            Shape("a <!-- "), Shape("a <?"), Shape("a <![CDATA["), Shape("a <!A "), Shape("<a b=\"x"),
            Shape("<"),
            Shape("</"), Shape("<a@"), Shape("<http:"), Shape("&"), Shape("&#x1;"), Shape("\""), Shape("\n"),
            Shape("a\n"), Shape("a\\\n"), Shape("- - -x"), Shape("* * *\n"), Shape("-"), Shape("a\n=\n"),
            Shape("# a\n"), Shape("#", " ", " #"), Shape("```\n"), Shape("<div>\n\n"), Shape("x", "", " "),
            // Extensions.
            Shape("www."), Shape("www.a.b "), Shape("_www.a_b"), Shape("https://a.b/(("),
            Shape("www.a.b", "", ")"),
            Shape("a@"), Shape("a@a.b "), Shape("a.b@c-_"), Shape("~"), Shape("~~a "), Shape("~a~~b"),
            Shape("~a *b* "),
            Shape("|"), Shape("|a|\n|-|\n\n"), Shape("a|b\n-|-\n"), Shape("|a\n|-\n|b\n"), Shape("- [ ] a\n"),
            Shape("[^1]: a\n"), Shape("[x]:\ny\n"), Shape("&#1;"), Shape("http://_*"),
            Shape("an embed code of many addresses") { "<iframe " + "=//a/".filling($0) },
            Shape("an embed code of scripts") { "<iframe " + "=//a".filling($0) + ".js" },
            Shape("a table of many columns, and short rows") { size in
                let columns = size / 80
                return "|".filling(columns) + "\n" + "|-".filling(2 * columns - 2) + "|\n"
                    + "a\n".filling(size * 9 / 10)
            },
        ]

    @Test("Rendering time stays far below quadratic growth, or the text is refused", arguments: shapes)
    func grows(shape: Shape) {
        let (small, large) = (shape.text(4 * 1_024), shape.text(63 * 1_024))
        guard UpdatePatch.make(body: large).errors().isEmpty else { return }
        // Quadratic growth would be a factor of about 256.
        #expect(cost(of: large) < max(80 * cost(of: small), 4_000_000))
    }

    @Test(
        "Texts that take quadratic time are refused",
        arguments: [
            Shape("- ", "x", "\n"), Shape("1. ", "x", "\n"), Shape("* ", "x", "\n \n"),
            Shape("![", "", "[]()"),
        ])
    func refuses(shape: Shape) {
        #expect(UpdatePatch.make(body: shape.text(63 * 1_024)).errors().map(\.pointer) == ["/body"])
    }

    @Test("Checking the bounds stays far below quadratic time", arguments: shapes)
    func bounds(shape: Shape) {
        let cost = { (size: Int) in
            let text = shape.text(size)
            return self.cost { _ = UpdatePatch.make(body: text).errors() }
        }
        #expect(cost(63 * 1_024) < max(80 * cost(4 * 1_024), 4_000_000))
    }

    @Test("No text nests deeper in HTML than its counted depth")
    func countsEnough() {
        var random = SeededGenerator()
        let pieces = [
            "- ", "-", "> ", ">", "1. ", "2. ", "12) ", "123456789. ", "* ", "+\t", "\t", " ", "    ", "a",
            "\n",
            "\n\n", "---", "* * *", "```\n", "#", "<div>", "=", "\r", "\r\n", "1.", "a\n", "2.\n", "-\n",
        ]
        for _ in 0..<2_000 {
            let few = (0..<Int.random(in: 2...6, using: &random)).map { _ in
                pieces.randomElement(using: &random) ?? ""
            }
            let text = (0..<60).map { _ in few.randomElement(using: &random) ?? "" }.joined()
            var nesting = MarkdownNesting()
            let counted = MarkdownLines(Array(text.utf8)).map { nesting.depth(of: $0) }.max() ?? 0
            let depth = Self.depth(of: Markdown.html(text))
            #expect(depth <= counted, "\(text.debugDescription), seed \(random.seed)")
        }
    }

    @Test("An article of 60 KiB with lists three deep and quotes ten deep is far within the bounds")
    func article() {
        let section = """
            ## What is *known* of [the harbour](https://example.org/harbour)

            The crane **fell** at noon, said ["the" harbour master](https://example.org/a "title") & his deputy.

            - It stood since 1994.
                - It was looked at in May.
                    1. By one engineer.
                    2. And by another one.

            \(String(repeating: "> ", count: 10))"No," he said.

            ![The crane](https://example.org/crane.jpg)

            * * *


            """
        let article = section.filling(60 * 1_024)
        #expect(UpdatePatch.make(body: article).errors().isEmpty)
        #expect(Markdown.html(article).utf8.count < Limits.updateHTMLBytes / 2)
    }

    /// Returns the nesting depth of block quotes and list items.
    private static func depth(of html: String) -> Int {
        var (depth, deepest) = (0, 0)
        for tag in html.split(separator: "<").dropFirst(html.hasPrefix("<") ? 0 : 1) {
            if tag.hasPrefix("li>") || tag.hasPrefix("blockquote>") { depth += 1 }
            if tag.hasPrefix("/li>") || tag.hasPrefix("/blockquote>") { depth -= 1 }
            deepest = max(deepest, depth)
        }
        return deepest
    }

    private func cost(of text: String) -> Int {
        cost { _ = RenderedBody.fault(of: text, in: Markdown.html(text)) }
    }

    /// Returns the processor time of this thread in nanoseconds: the minimum of three runs.
    private func cost(_ work: () -> Void) -> Int {
        (0..<3).map { _ in
            let start = Self.processorTime
            work()
            return Self.processorTime - start
        }.min() ?? 0
    }

    private static var processorTime: Int {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }
}

extension String {
    /// Repeats the string up to `size` bytes.
    fileprivate func filling(_ size: Int) -> String { String(repeating: self, count: size / utf8.count) }
}

extension Sequence<String> {
    /// Joins the first strings, up to about `size` bytes.
    fileprivate func joined(upTo size: Int) -> String {
        var text = ""
        for part in self {
            text += part
            if text.utf8.count >= size { break }
        }
        return text
    }
}
