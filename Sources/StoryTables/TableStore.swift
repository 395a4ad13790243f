// SPDX-License-Identifier: Apache-2.0
public import Database
public import Stories
internal import Synchronization

/// Stories and keys in tables, whatever engine keeps them: the rules and the rows, with the SQL of all engines.
public final class TableStore: StoryStore, KeyStore {
    let engine: any StoreEngine
    let renderer: UpdateRenderer
    let now: @Sendable () -> Timestamp
    /// Milliseconds that go on only while a store is open, by which idempotency keys age.
    let uptimeMilliseconds: @Sendable () -> Int64
    private let identifiers: Mutex<IdentifierGenerator>

    /// A store on an engine that was opened just now, and found these marks in its tables.
    public init(
        on engine: any StoreEngine, marks: StoredMarks, renderer: UpdateRenderer,
        clock: @escaping @Sendable () -> Duration = TableStore.monotonicClock,
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.engine = engine
        self.renderer = renderer
        self.now = now
        identifiers = Mutex(IdentifierGenerator(above: marks.highestIdentifier))
        // From the youngest stored response: what passed while no store was open does not count.
        let (base, start) = (marks.youngestResponse ?? now().milliseconds, clock())
        uptimeMilliseconds = { base &+ Int64((clock() - start) / .milliseconds(1)) }
    }

    /// Time that never goes backwards, since some moment.
    public static let monotonicClock: @Sendable () -> Duration = {
        [start = ContinuousClock.now] in start.duration(to: .now)
    }

    func nextIdentifier(at now: Timestamp) -> Identifier {
        identifiers.withLock { $0.next(at: now) }
    }

    /// See ``StoryStore``.
    public var executor: (any TaskExecutor)? { engine.executor }

    /// See ``StoryStore``.
    public var time: Timestamp { now() }

    /// See ``StoryStore``.
    public var statistics: StoreStatistics { engine.statistics }

    /// See ``StoryStore``.
    public func observe(_ observer: @escaping @Sendable ([StoreEvent]) -> Void) {
        engine.observe(observer)
    }

    /// See ``StoryStore``.
    public func checkWritable() async throws(StoryError) {
        try await engine.write { transaction throws(StoryError) -> Void in
            try transaction.run("UPDATE database_epoch SET epoch = epoch WHERE only_row = 1")
        }
    }
}

/// What a store goes on from when it is opened.
public struct StoredMarks: Sendable {
    /// The highest id that this program may have made.
    let highestIdentifier: Identifier?
    /// The uptime at which the youngest response was stored.
    let youngestResponse: Int64?

    /// Looks them up.
    public init(in database: any Database, at now: Timestamp) throws(DatabaseError) {
        highestIdentifier = try database.highestIdentifier(at: now)
        youngestResponse =
            try database.first("SELECT max(created_at) FROM stored_responses") { $0.optionalInteger() }
            ?? nil
    }
}
