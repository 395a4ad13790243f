// SPDX-License-Identifier: Apache-2.0
package import Stories

/// Encodes the events of a story for the wire. Injected, so that channels, logs and streams do not depend on the format.
package protocol FeedEncoder: Sendable {
    /// Encodes a change of the feed for readers; `rendition` is the update's encoding if it exists already.
    func encode(_ change: FeedChange, rendition: [UInt8]?) -> EncodedEvent

    /// Encodes counts of reactions: all of them, or those that have changed.
    func encode(_ counts: Reactions, isAll: Bool) -> EncodedEvent

    /// Returns the frame with the members added that only holders of keys see.
    func editorFrame(_ frame: [UInt8]) -> [UInt8]
}

/// An encoded event, its data on one line.
package struct EncodedEvent: Sendable {
    /// The name of the event type.
    package var type: String
    /// A line without its terminator.
    package var data: [UInt8]

    /// Creates an event with these members.
    package init(type: String, data: [UInt8]) {
        (self.type, self.data) = (type, data)
    }

    /// Returns the event as a frame of an event stream (HTML Living Standard §9.2), and the offset of its data.
    func frame(id: Version? = nil) -> (bytes: [UInt8], dataStart: Int) {
        let head = "event: \(type)\n\(id.map { "id: \($0)\n" } ?? "")data: "
        return (head.utf8 + data + [0x0A, 0x0A], head.utf8.count)
    }
}

extension FeedEncoder {
    /// Encodes a change whose update has no rendition yet.
    func encode(_ change: FeedChange) -> EncodedEvent { encode(change, rendition: nil) }
}
