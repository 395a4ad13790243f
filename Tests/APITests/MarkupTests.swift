// SPDX-License-Identifier: Apache-2.0
import HTTP
import JSON
import Markdown
import Support
import Testing

@testable import API

/// Rendering of bodies: no typed text is lost, and a body that renders to nothing is refused.
@Suite("Markup of bodies")
struct MarkupTests {
    @Test(
        "Renders GitHub's extensions, and keeps text that CommonMark would drop",
        arguments: [
            ("~~gone~~ and ~one~", "<p><del>gone</del> and <del>one</del></p>\n"),
            (#"\~~kept~~ ~~ kept"#, "<p>~~kept~~ ~~ kept</p>\n"),
            ("5~10 and 6~7, ~~5~~6", "<p>5~10 and 6~7, <del>5</del>6</p>\n"),
            (
                "<https://e.org/a_b?c_d*> <ftp://e.org/a_b>",
                "<p><a href=\"https://e.org/a_b?c_d*\">https://e.org/a_b?c_d*</a> "
                    + "<a href=\"ftp://e.org/a_b\">ftp://e.org/a_b</a></p>\n"
            ),
            ("a&#1;&#x1b;&#133;b &#65; &#9; \\&#1;", "<p>a\u{FFFD}\u{FFFD}\u{FFFD}b A \t &amp;#1;</p>\n"),
            (
                "[x](http:foo) [y](https:/x) [z](https://x.org:99999/) [q](//) ![p](http://?)",
                "<p>x y z q p</p>\n"
            ),
            (
                "[x](https://[::1]:80/) [y](//u@h:1?z)",
                "<p><a href=\"https://%5B::1%5D:80/\">x</a> <a href=\"https://u@h:1?z\">y</a></p>\n"
            ),
            ("`[y]`\n\n[y]: z", "<p><code>[y]</code></p>\n<p>[y]: z</p>\n"),
            (
                "[y]: /a\n[y]: /b\n\n[Y] `[z]`",
                "<p>[y]: /b</p>\n<p><a href=\"https://o/a\">Y</a> <code>[z]</code></p>\n"
            ),
            ("[y]:\n  /a\n\n![y]", "<p><img src=\"https://o/a\" alt=\"y\" /></p>\n"),
            ("[y]: </a> \"t\"\n\n[y][]", "<p><a href=\"https://o/a\" title=\"t\">y</a></p>\n"),
            (
                "https://e.org/_foo_/x*y* and *www.e.org/a_b*",
                "<p><a href=\"https://e.org/_foo_/x*y\">https://e.org/_foo_/x*y</a>* and <em><a href=\"http://www.e.org/a_b\">www.e.org/a_b</a></em></p>\n"
            ),
            ("one\ntwo", "<p>one<br />\ntwo</p>\n"),
            ("# a\n\n## b\n\n### c\n\n#### d", "<h4>a</h4>\n<h5>b</h5>\n<h6>c</h6>\n<h6>d</h6>\n"),
            (
                "- [ ] todo\n- [x] done",
                "<ul>\n<li><input type=\"checkbox\" disabled=\"\" /> todo</li>\n"
                    + "<li><input type=\"checkbox\" checked=\"\" disabled=\"\" /> done</li>\n</ul>\n"
            ),
            (
                "| a | b |\n|:-|-:|\n| `1` | x \\| y |",
                "<table>\n<thead>\n<tr>\n<th align=\"left\">a</th>\n<th align=\"right\">b</th>\n</tr>\n</thead>\n<tbody>\n"
                    + "<tr>\n<td align=\"left\"><code>1</code></td>\n<td align=\"right\">x | y</td>\n</tr>\n</tbody>\n</table>\n"
            ),
            ("```\n|a|\n|-|\n[x]: y\n```", "<pre><code>|a|\n|-|\n[x]: y\n</code></pre>\n"),
            (
                "See https://a.org/x_(y)?b=1&c=2.",
                "<p>See <a href=\"https://a.org/x_(y)?b=1&amp;c=2\">https://a.org/x_(y)?b=1&amp;c=2</a>.</p>\n"
            ),
            ("(www.a.org)", "<p>(<a href=\"http://www.a.org\">www.a.org</a>)</p>\n"),
            ("a.b@c.org!", "<p><a href=\"mailto:a.b@c.org\">a.b@c.org</a>!</p>\n"),
            ("from <name withheld> <!-- x -->", "<p>from &lt;name withheld&gt; &lt;!-- x --&gt;</p>\n"),
            ("<div>\n*x*\n</div>", "<p>&lt;div&gt;<br />\n*x*<br />\n&lt;/div&gt;</p>\n"),
            ("<?x?> <![CDATA[y]]>", "<p>&lt;?x?&gt; &lt;![CDATA[y]]&gt;</p>\n"),
            ("[x]: y", "<p>[x]: y</p>\n"),
            ("said[^1]\n\n[^1]: Reuters", "<p>said[^1]</p>\n<p>[^1]: Reuters</p>\n"),
            ("[u]: z\n[x]: /y\n\n[x]", "<p>[u]: z</p>\n<p><a href=\"https://o/y\">x</a></p>\n"),
            ("[a](javascript:x) [](https://e.org)", "<p>a <a href=\"https://e.org\">https://e.org</a></p>\n"),
            (
                #"[a](javascript\:x) [b](javascript&colon;x) [c](https\://e.org)"#,
                "<p>a b <a href=\"https://e.org\">c</a></p>\n"
            ),
            ("![a](data:image/png;base64,x) ![](data:image/png;base64,x)", "<p>a [picture]</p>\n"),
            (
                "[a](//h/x) [b](p/../q?r) ![c](p.jpg)",
                "<p><a href=\"https://h/x\">a</a> <a href=\"https://o/live/q?r\">b</a> "
                    + "<img src=\"https://o/live/p.jpg\" alt=\"c\" /></p>\n"
            ),
        ])
    func renders(text: String, html: String) {
        #expect(Markdown.html(text, origin: "https://o") == html)
    }

    @Test(
        "A body that shows nothing is refused",
        arguments: ["&nbsp;", "---", "&#x200B;", "- ", "```\n```", "[](  )", "&shy;", "# "])
    func blank(body: String) async throws {
        let desk = try await TestDesk()
        let type = "text/markdown"
        let answer = try await desk.send(Call("POST /stories/harbour/updates", body, type: type))
        #expect(answer.status.code == 422)
        #expect(String(decoding: answer.body, as: UTF8.self).contains("shows nothing to readers"))
        let preview = try await desk.send(Call("POST /preview", body, type: type))
        #expect(preview.status.code == 422)
    }

    @Test(
        "A body of only a picture, a definition or raw HTML is accepted",
        arguments: ["![](https://example.org/a.png)", "[x]: y", "<b></b>", "<!-- -->"])
    func notBlank(body: String) async throws {
        let desk = try await TestDesk()
        let answer = try await desk.send(Call("POST /stories/harbour/updates", body, type: "text/markdown"))
        #expect(answer.status.code == 201)
    }

    @Test(
        "An embed code is refused with a hint to paste the address",
        arguments: [
            (
                "<iframe width=\"560\" src=\"https://www.youtube.com/embed/abc_1?si=x\"></iframe>",
                "YouTube: paste the address alone: https://www.youtube.com/watch?v=abc_1"
            ),
            (
                "<blockquote class=\"twitter-tweet\"><p>x</p><a href=\"https://twitter.com/a/status/1\">y</a></blockquote>\n"
                    + "<script async src=\"https://platform.twitter.com/widgets.js\"></script>",
                "X: paste the address alone: https://twitter.com/a/status/1"
            ),
            (
                "<iframe src=\"https://player.vimeo.com/video/12?h=1\"></iframe>",
                "Vimeo: paste the address alone: https://vimeo.com/12"
            ),
            ("text <script>x</script>", "an embed code: paste the address alone"),
            ("<OBJECT data=\"x\"></OBJECT>", "an embed code: paste the address alone"),
        ])
    func embedCodes(body: String, detail: String) async throws {
        let desk = try await TestDesk()
        for path in ["/stories/harbour/updates", "/preview"] {
            let answer = try await desk.send(Call("POST \(path)", body, type: "text/markdown"))
            #expect(answer.status.code == 422)
            let problem = try JSONValue(parsing: answer.body)
            #expect(
                problem["errors"]?.items?.first?["detail"]?.string?.contains(detail) == true, "\(problem)")
            // As plain text it is accepted.
            let plain = try await desk.send(Call("POST \(path)", body, type: "text/plain"))
            #expect(plain.status.code == (path == "/preview" ? 200 : 201))
        }
    }

    @Test(
        "Embed codes that are escaped or in code are accepted",
        arguments: [
            "a \\<script\\> tag", "a &lt;script&gt; tag", "Use `<iframe>`.", "```\n<script>\n```",
            "    <embed>", "<scripted>",
        ])
    func code(body: String) async throws {
        let desk = try await TestDesk()
        let answer = try await desk.send(Call("POST /stories/harbour/updates", body, type: "text/markdown"))
        #expect(answer.status.code == 201)
    }

    @Test(
        "Plain text renders to just that text",
        arguments: [
            "# a\n> b\n- c\n1. d\n+ e\n===\n---", "*a* _b_ `c` ~~d~~ [e](f) <g> &amp; \\ \\* !", "a\\\nb",
            "|a|\n|-|",
            "[x]: y", "~~~", "a_b_c", "www.a.org", "https://a.org/x_y~z*", "<!-- x -->", "1) x", "a <b> c",
        ])
    func plain(text: String) {
        #expect(plainText(html: Markdown.html(PlainBody.markdown(text))) == text)
    }

    @Test(
        "The plain text of tables, quotes and lists has one line per row, and a blank line between blocks",
        arguments: [
            ("| Team | Pts |\n|---|---|\n| A | 3 |\n| B | 1 |\n\nEnd", "Team Pts\nA 3\nB 1\n\nEnd"),
            ("> q\n>\n> r\n\nt", "q\n\nr\n\nt"), ("- a\n  - b\n- c\n\nd", "a\nb\n\nc\n\nd"),
            ("```\na\n\n\n\nb\n```", "a\n\n\n\nb"),
        ])
    func toldPlainly(text: String, plain: String) {
        #expect(plainText(html: Markdown.html(text)) == plain)
    }

    @Test("A byte order mark is not part of the body", arguments: ["text/markdown", "text/plain"])
    func byteOrderMark(type: String) async throws {
        let desk = try await TestDesk()
        let answer = try await desk.send(Call("POST /stories/harbour/updates", "\u{FEFF}Hi", type: type))
        #expect(try JSONValue(parsing: answer.body)["body"] == .string("Hi"))
    }

    @Test("Relative links are resolved against the story's page, and made absolute for feeds")
    func addresses() async throws {
        let desk = try await TestDesk()
        let text = "[a](#x) [b](?q) [c](/live/y)"
        let answer = try await desk.send(Call("POST /stories/harbour/updates", text, type: "text/markdown"))
        let html = try JSONValue(parsing: answer.body)["bodyHtml"]?.string ?? ""
        #expect(html.contains("href=\"/live/") && html.contains("#x\"") && html.contains("?q\""))
        #expect(!html.contains("\"#x") && !html.contains("\"?q"))
        #expect(
            RenderedBody.absolute(html, at: "https://o").contains("<a href=\"https://o/live/y\">c</a>"))
    }
}
