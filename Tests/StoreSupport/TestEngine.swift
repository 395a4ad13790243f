// SPDX-License-Identifier: Apache-2.0
public import Database
internal import Foundation
internal import Postgres
internal import PostgresEngine
internal import SQLite
internal import SQLiteEngine
public import Stories
public import StoryTables
public import Support
public import Testing

/// A storage engine that stores are tested on.
public struct TestEngine: Sendable, CustomTestStringConvertible {
    private let name: String
    private let open: @Sendable (TemporaryFolder, Options) throws -> TableStore
    private let connect: @Sendable (TemporaryFolder) throws -> any Database

    /// Options for opening a store.
    public struct Options: Sendable {
        /// Renders bodies.
        public var renderer: UpdateRenderer
        /// The monotonic clock.
        public var clock: @Sendable () -> Duration
        /// The wall clock.
        public var now: @Sendable () -> Timestamp
        /// Whether the store hears of the commits of other stores on its database.
        public var hearsOthers = false

        /// Creates options; all but the wall clock have a default.
        public init(
            renderer: UpdateRenderer = .plain { "<\($0)>" },
            clock: @escaping @Sendable () -> Duration = TableStore.monotonicClock,
            now: @escaping @Sendable () -> Timestamp
        ) {
            (self.renderer, self.clock, self.now) = (renderer, clock, now)
        }
    }

    /// Whether the database is a file that a takedown erases at once.
    public var isFile: Bool { name == Self.sqlite.name }

    /// The name in the list of tests.
    public var testDescription: String { name }

    /// Opens the store in this folder, or creates it.
    public func store(in folder: TemporaryFolder, _ options: Options) throws -> TableStore {
        try open(folder, options)
    }

    /// Opens the database of that store directly, bypassing its rules.
    public func database(in folder: TemporaryFolder) throws -> any Database { try connect(folder) }

    /// SQLite, in a file of the folder.
    public static let sqlite = TestEngine(name: "SQLite") { folder, options in
        try MigratedDatabase.place(at: folder.file("test.db"))
        return try TableStore(
            path: folder.file("test.db"), role: .command, renderer: options.renderer, clock: options.clock,
            now: options.now)
    } connect: { folder in
        try Connection(path: folder.file("test.db"), mode: .readWrite)
    }

    /// PostgreSQL, in a schema named after the folder.
    public static let postgres = postgres { try PostgresServer.shared.get() }

    /// PostgreSQL on a server of its own.
    public static func postgres(on server: PostgresServer) -> TestEngine { postgres { server } }

    private static func postgres(_ server: @escaping @Sendable () throws -> PostgresServer) -> TestEngine {
        TestEngine(name: "PostgreSQL") { folder, options in
            try TableStore(
                try server().database(folder.schema), role: options.hearsOthers ? .node : .command,
                renderer: options.renderer, clock: options.clock, correctingClock: false, now: options.now)
        } connect: { folder in
            PostgresConnection(try server().database(folder.schema))
        }
    }

    /// All engines.
    public static let all = [sqlite, postgres]

    /// The engine of the current test.
    @TaskLocal public static var current = sqlite
}

/// Runs each test once on every engine.
public struct EveryEngine: SuiteTrait, TestTrait, TestScoping {
    let engines: [TestEngine]

    /// True: the trait applies to each test of a suite.
    public var isRecursive: Bool { true }

    /// Runs the test on one engine after another.
    public func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        for engine in engines {
            try await TestEngine.$current.withValue(engine) { try await function() }
        }
    }
}

extension Trait where Self == EveryEngine {
    /// Runs each test once on every engine.
    public static var onEveryEngine: EveryEngine { EveryEngine(engines: TestEngine.all) }

    /// Runs each test on SQLite and, with `make engines`, on every other engine: these tests are many, and each needs a database of its
    /// own, which takes a server longer to create than a file.
    public static var onEveryEngineInFull: EveryEngine {
        let isFull = ProcessInfo.processInfo.environment["WIREROOM_EVERY_ENGINE"] != nil
        return EveryEngine(engines: isFull ? TestEngine.all : [.sqlite])
    }
}

extension TemporaryFolder {
    /// A name for a schema: letters and digits of the folder's own.
    fileprivate var schema: String {
        "t_" + (path.split(separator: "/").last ?? "").lowercased().filter { $0.isLetter || $0.isNumber }
    }
}
