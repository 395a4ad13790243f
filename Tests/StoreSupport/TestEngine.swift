// SPDX-License-Identifier: Apache-2.0
public import Database
internal import SQLite
internal import SQLiteEngine
public import Stories
public import StoryTables
public import Support
public import Testing

/// An engine that stores are tested on.
public struct TestEngine: Sendable, CustomTestStringConvertible {
    private let name: String
    private let open: @Sendable (TemporaryFolder, Options) throws -> TableStore
    private let connect: @Sendable (TemporaryFolder) throws -> any Database

    /// How a store is opened.
    public struct Options: Sendable {
        /// Renders bodies.
        public var renderer: UpdateRenderer
        /// Time that goes on while the store is open.
        public var clock: @Sendable () -> Duration
        /// What the wall clock says.
        public var now: @Sendable () -> Timestamp

        /// Those that a test does not care about have a default.
        public init(
            renderer: UpdateRenderer = .plain { "<\($0)>" },
            clock: @escaping @Sendable () -> Duration = TableStore.monotonicClock,
            now: @escaping @Sendable () -> Timestamp
        ) {
            (self.renderer, self.clock, self.now) = (renderer, clock, now)
        }
    }

    /// The name in the list of tests.
    public var testDescription: String { name }

    /// A store in this folder, which may have one already.
    public func store(in folder: TemporaryFolder, _ options: Options) throws -> TableStore {
        try open(folder, options)
    }

    /// The tables of that store, past all of its rules.
    public func database(in folder: TemporaryFolder) throws -> any Database { try connect(folder) }

    /// SQLite, in a file of the folder.
    public static let sqlite = TestEngine(name: "SQLite") { folder, options in
        try TableStore(
            path: folder.file("test.db"), role: .command, renderer: options.renderer, clock: options.clock,
            now: options.now)
    } connect: { folder in
        try Connection(path: folder.file("test.db"), mode: .readWrite)
    }

    /// All that there are.
    public static let all = [sqlite]

    /// The one that the test runs on.
    @TaskLocal public static var current = sqlite
}

/// Runs each test once on every engine.
public struct EveryEngine: SuiteTrait, TestTrait, TestScoping {
    /// It is the tests that are run again, and not the suite.
    public var isRecursive: Bool { true }

    /// Runs the test on one engine after another.
    public func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        for engine in TestEngine.all {
            try await TestEngine.$current.withValue(engine) { try await function() }
        }
    }
}

extension Trait where Self == EveryEngine {
    /// Runs each test once on every engine.
    public static var onEveryEngine: EveryEngine { EveryEngine() }
}
