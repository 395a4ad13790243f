// SPDX-License-Identifier: Apache-2.0
internal import Crypto
internal import JSON
public import Live
public import Stories

extension API {
    /// Names the form of an update's JSON. Where that changes, stores make anew what they keep of it, and no tag of before confirms it.
    static let updateForm = form(of: rendition(.sample(html: "-")))

    /// How updates look in this API. `html` makes HTML that is safe to show of CommonMark, on the queue.
    public static func renderer(
        on jobs: JobQueue = JobQueue(), origin: String = "", html: @escaping @Sendable (String) -> String
    ) -> UpdateRenderer {
        UpdateRenderer(
            form: form(of: rendition(.sample(html: html(sampleBody)))), origin: origin,
            html: { texts throws(StoryError) in try await jobs.render(texts, html) },
            fault: RenderedBody.fault, rendition: rendition)
    }

    /// What readers are sent of an update.
    @Sendable private static func rendition(_ update: Update) -> [UInt8] {
        JSONWriter.bytes(of: update, capacity: 1_024)
    }

    /// A number for the form in which an update's rendition is, computed from that of ``Update/sample(html:)``, so it need not be raised by hand.
    static func form(of rendition: [UInt8]) -> Int {
        sha256(rendition).prefix(4).reduce(0) { $0 << 8 | Int($1) }
    }

    /// A body with all that makes HTML of its own.
    private static let sampleBody = """
        # Heading

        *Emphasis*, **strong**, ~~struck~~, `code`, [link](https://example.org "Title"), ![picture](/a.jpg), <b>, \\
        https://example.org

        > Quote

        1. One
        2. Two

        - [x] Done
        - [ ] To do

        | Left | Right |
        |:-----|------:|
        | 1    | 2     |

        ```
        Code
        ```

        ---
        """
}

extension Update {
    /// An update in which every member is set, also those of its sources and media.
    static func sample(html: String) -> Update {
        let (id, time) = (Identifier(high: 0, low: 0), Timestamp(milliseconds: 0))
        var content = UpdateContent.blank
        for member in UpdateContent.members { member.set(member.field.form.sample, of: &content) }
        return Update(
            id: id, seq: 1, content: content, bodyHtml: html, edited: true, publishedAt: time,
            createdAt: time,
            modifiedAt: time, stricken: Strike(reason: "-", at: time))
    }
}
