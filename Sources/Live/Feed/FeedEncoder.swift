// SPDX-License-Identifier: Apache-2.0
package import Stories

/// The wire's form of what happens to a story. It is handed in: channels, logs and streams know nothing of it but that it is bytes.
package protocol FeedEncoder: Sendable {
    /// A change of the feed, as readers get it; `rendition` is the encoded update, if there is one already.
    func encode(_ change: FeedChange, rendition: [UInt8]?) -> EncodedEvent

    /// Counts of reactions: all of them, or those that have changed.
    func encode(_ counts: Reactions, isAll: Bool) -> EncodedEvent

    /// A frame with what is for holders of keys alone.
    func editorFrame(_ frame: [UInt8]) -> [UInt8]
}

/// An event: its type, and its data in one line.
package struct EncodedEvent: Sendable {
    /// The name of its type.
    package var type: String
    /// A line without its end.
    package var data: [UInt8]

    /// An event, all members given.
    package init(type: String, data: [UInt8]) {
        (self.type, self.data) = (type, data)
    }

    /// The event as a frame of an event stream (HTML Living Standard §9.2), and where in it the data begins.
    func frame(id: Version? = nil) -> (bytes: [UInt8], dataStart: Int) {
        let head = "event: \(type)\n\(id.map { "id: \($0)\n" } ?? "")data: "
        return (head.utf8 + data + [0x0A, 0x0A], head.utf8.count)
    }
}

extension FeedEncoder {
    /// A change of the feed that nothing is encoded of yet.
    func encode(_ change: FeedChange) -> EncodedEvent { encode(change, rendition: nil) }
}
