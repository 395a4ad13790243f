// SPDX-License-Identifier: Apache-2.0
package import HTTP
package import Stories
internal import Synchronization

/// A reader's event stream: a position in the story's change log. Frames belong to the log and are shared by all streams; each stream
/// pulls the next ones when the kernel has accepted the previous ones, which is its back-pressure.
///
/// It resumes from a cursor: earlier changes are replayed from memory or from the store, later ones follow by sequence number, so
/// that none is sent twice or missed.
package final class FeedStream: StreamBody {
    private let channel: StoryChannel
    private let store: any StoryStore
    private let filter: UpdateFilter
    private let access: Access
    /// External writes when the stream was opened. After another one the key may be revoked: the stream ends, and the client reconnects.
    private let revocations: Int
    private let state: Mutex<State>

    private struct State {
        /// The reader has been sent everything up to here.
        var position: Version
        /// Frames to be sent before anything else.
        var frames: [[UInt8]]
        /// Number of the last reactions event sent; `nil`: none yet.
        var reactions: Int?
        /// The store failed: the stream ends, and the reader resumes with `Last-Event-ID`.
        var hasFailed = false
    }

    /// Creates a stream that starts after a cursor.
    package init(
        of channel: StoryChannel, after position: Version, _ filter: UpdateFilter, store: any StoryStore,
        access: Access
    ) {
        (self.channel, self.store, self.filter, self.access) = (channel, store, filter, access)
        revocations = channel.revocationCount
        state = Mutex(
            State(position: position, frames: [Self.opening(position)]))
        channel.reactions.join()
    }

    deinit {
        channel.reactions.leave()
    }

    /// Returns the first frame: the reconnection time, with jitter, so that a restart causes no thundering herd; and the cursor, so that
    /// a reader disconnected before the first change misses none.
    private static func opening(_ position: Version) -> [UInt8] {
        Array("retry: \(Int.random(in: 1_000...5_000))\nid: \(position)\n\n".utf8)
    }

    /// Returns the next step of the stream.
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

    private var isOfOldKey: Bool { !access.isReader && channel.revocationCount != revocations }

    private func reactions(_ state: inout State) -> StreamStep {
        switch channel.reactions.step(after: state.reactions) {
        case .wait: return .wait
        case .load: return .load { [channel, store] in await channel.loadReactions(from: store) }
        case .send(let frames, let number):
            state.reactions = number
            return .send(frames)
        }
    }

    /// Whether changes that the reader has not been sent were dropped from the log.
    package var isLeftBehind: Bool { channel.hasLost(state.withLock { $0.position.seq }) }

    /// Reads changes from the store that the log no longer holds.
    private func replay() async {
        let position = state.withLock { $0.position }
        if access.isReader, channel.hasLost(position.seq) {
            await channel.recall(after: position.seq, from: store)
            if !channel.hasLost(position.seq) { return }
        }
        let query = DeltaQuery(
            cursor: position, filter: filter, limit: Limits.defaultPageSize)
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
