// SPDX-License-Identifier: Apache-2.0
package import HTTP
package import Stories
internal import Synchronization

/// A reader's stream: a position in the story's change log. The frames belong to the log and are shared by all streams; each stream pulls
/// the next ones when the kernel has taken those before, which is its back-pressure.
///
/// It goes on from a cursor without a gap: what came before it was opened is replayed, from memory or from the store, and
/// what comes later follows by its number, so that nothing is sent twice and nothing is left out.
package final class FeedStream: StreamBody {
    private let channel: StoryChannel
    private let store: any StoryStore
    private let filter: UpdateFilter
    private let access: Access
    /// A key that was valid when the stream was opened may have been revoked since: then the stream ends, and its holder reconnects with it.
    private let externalWrites: Int
    private let state: Mutex<State>

    private struct State {
        /// The reader has, or is being sent, everything up to here.
        var position: Version
        /// Frames to be sent before anything else.
        var frames: [[UInt8]]
        /// The number of the last event of reactions that the reader was sent; `nil`: none yet.
        var reactions: Int?
        /// The store failed: the stream ends, and the reader resumes by `Last-Event-ID`.
        var hasFailed = false
    }

    /// A stream that goes on after a cursor.
    package init(
        of channel: StoryChannel, after position: Version, _ filter: UpdateFilter, store: any StoryStore,
        access: Access
    ) {
        (self.channel, self.store, self.filter, self.access) = (channel, store, filter, access)
        externalWrites = channel.externalWriteCount
        state = Mutex(
            State(position: position, frames: [Self.opening(position)]))
        channel.reactions.join()
    }

    deinit {
        channel.reactions.leave()
    }

    /// The first frame: when to reconnect, with jitter, so that a restart brings no thundering herd; and the cursor, so that a reader who is
    /// cut off before the first change misses none.
    private static func opening(_ position: Version) -> [UInt8] {
        Array("retry: \(Int.random(in: 1_000...5_000))\nid: \(position)\n\n".utf8)
    }

    /// What is to be sent next.
    package func next() -> StreamStep {
        state.withLock { state in
            if state.hasFailed || isOfOldKey { return .end }
            if !state.frames.isEmpty {
                defer { state.frames = [] }
                return .send(state.frames)
            }
            switch channel.frames(after: state.position, filter, access: access) {
            case .frames(let frames, let seq):
                state.position.seq = seq
                return .send(access.isReader ? frames : frames.map(channel.encoder.editorFrame))
            case .unknown: return .load { await self.replay() }
            case .nothing: return reactions(&state)
            case .over: return .end
            }
        }
    }

    private var isOfOldKey: Bool { !access.isReader && channel.externalWriteCount != externalWrites }

    private func reactions(_ state: inout State) -> StreamStep {
        switch channel.reactions.step(after: state.reactions) {
        case .wait: return .wait
        case .load: return .load { [channel, store] in await channel.loadReactions(from: store) }
        case .send(let frames, let number):
            state.reactions = number
            return .send(frames)
        }
    }

    /// Whether the log has gone on from under the reader.
    package var isLeftBehind: Bool { channel.hasLost(state.withLock { $0.position.seq }) }

    /// Reads from the store what the log does not reach back to.
    private func replay() async {
        let query = DeltaQuery(
            cursor: state.withLock { $0.position }, filter: filter, limit: Limits.defaultPageSize)
        do throws(StoryError) {
            let delta = try await store.changes(of: .id(channel.id), query, access: access)
            let encoder = channel.encoder
            let frames = delta.changes.map { change in
                let version = Version(epoch: delta.cursor.epoch, seq: change.seq)
                let frame = encoder.encode(change).frame(id: version).bytes
                return access.isReader ? frame : encoder.editorFrame(frame)
            }
            state.withLock { ($0.frames, $0.position) = (frames, delta.cursor) }
        } catch {
            state.withLock { $0.hasFailed = true }
        }
    }
}
