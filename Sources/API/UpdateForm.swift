// SPDX-License-Identifier: Apache-2.0
internal import Crypto
internal import JSON
public import Live
public import Stories

extension API {
    /// Identifies the form of an update's JSON in entity tags, so that tags of an earlier form do not match.
    static let updateForm = form(of: rendition(.sample(html: "-")))

    /// Returns the renderer of updates. `html` renders CommonMark to safe HTML, on the queue.
    public static func renderer(
        on jobs: JobQueue = JobQueue(), origin: String = "", html: @escaping @Sendable (String) -> String
    ) -> UpdateRenderer {
        UpdateRenderer(
            form: form(of: rendition(.sample(html: html(sampleBody)))), origin: origin,
            html: { texts throws(StoryError) in try await jobs.render(texts, html) },
            fault: RenderedBody.fault, rendition: rendition)
    }

    /// Returns the JSON of an update as sent to readers.
    @Sendable private static func rendition(_ update: Update) -> [UInt8] {
        JSONWriter.bytes(of: update, capacity: 1_024)
    }

    /// Returns a number that identifies the form of renditions, computed from that of ``Update/sample(html:)``, so not raised by hand.
    static func form(of rendition: [UInt8]) -> Int {
        sha256(rendition).prefix(4).reduce(0) { $0 << 8 | Int($1) }
    }

    /// A body with every construct that has HTML of its own.
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
    /// Returns an update in which every member is set, also those of its sources and media.
    static func sample(html: String) -> Update {
        let (id, time) = (Identifier(high: 0, low: 0), Timestamp(milliseconds: 0))
        var content = UpdateContent.blank
        for member in UpdateContent.members { member.set(member.field.form.sample, of: &content) }
        return Update(
            id: id, seq: 1, content: content, bodyHtml: html, edited: true, publishedAt: time,
            createdAt: time,
            modifiedAt: time, stricken: Strike(reason: "-", at: time), cards: Card.samples)
    }
}

extension Card {
    /// Cards in which every member is set, one of each kind of frame: with another table of providers the form is another.
    fileprivate static let samples: [Card] = {
        var text = CardText.blank
        for member in CardText.members { member.set(member.field.form.sample, of: &text) }
        return CardProvider.examples.map { url in
            text.url = url
            return Card(text)
        }
    }()
}
