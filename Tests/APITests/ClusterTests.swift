// SPDX-License-Identifier: Apache-2.0
import API
import Database
import HTTP
import JSON
import StoreSupport
import Stories
import StoryTables
import Support
import Synchronization
import Testing

/// Several nodes on one PostgreSQL database.
@Suite("Clusters")
struct ClusterTests {
    @Test(
        "Pollers who change the node with each request converge to a fresh snapshot",
        .timeLimit(.minutes(10)))
    func pollers() async throws {
        var random = SeededGenerator()
        print("the property of the feed in a cluster: seed \(random.seed)")
        try await TestEngine.$current.withValue(.postgres) {
            let cluster = try Cluster(nodes: 3, random: random)
            let transport = cluster.transport
            let editors = RandomEditors(story: try await cluster.newStory(), transport: transport)
            var pollers = ["", "", "&only=key", "&tag=harbour"].map {
                Poller(story: editors.story, filter: $0, limit: 5, transport: transport)
            }
            for _ in 1...(RandomEditors.count / 4) {
                try await editors.edit(using: &random)
                for index in pollers.indices where random.once(in: 3) { _ = try await pollers[index].step() }
            }
            try await editors.show()
            try await cluster.settle()
            for index in pollers.indices {
                try await pollers[index].catchUp()
                var fresh = Poller(
                    story: editors.story, filter: pollers[index].filter, limit: 200, transport: transport)
                try await fresh.catchUp()
                #expect(pollers[index].copy.story == fresh.copy.story, "seed \(random.seed)")
                #expect(pollers[index].copy.listed == fresh.copy.listed, "seed \(random.seed)")
                #expect(pollers[index].copy.links == fresh.copy.links, "seed \(random.seed)")
            }
            #expect(try cluster.errors() == [], "seed \(random.seed)")
        }
    }

    @Test(
        "Pollers converge, and nothing acknowledged is lost or done twice, while sessions of the server are ended",
        .timeLimit(.minutes(10)))
    func endedSessions() async throws {
        let server = try PostgresServer(settings: "fsync=off")
        try await TestEngine.$current.withValue(.postgres(on: server)) {
            try await mustLoseNothing { cluster, work in
                let kills = Task { try await Self.endSessions(in: cluster.folder) }
                defer { kills.cancel() }
                try await work()
                kills.cancel()
                #expect(try await kills.value > 10)
            }
        }
    }

    @Test(
        "Pollers converge, and nothing acknowledged is lost or done twice, while one in twenty answers to COMMIT is lost",
        .timeLimit(.minutes(10)))
    func lostAnswers() async throws {
        let link = try LossyLink(to: PostgresServer(settings: "fsync=off"))
        try await TestEngine.$current.withValue(.postgres(on: link.server)) {
            try await mustLoseNothing { _, work in
                link.lose(percent: 5)
                try await work()
                link.lose(percent: 0)
            }
        }
        #expect(link.losses > 3)
    }

    /// Writes updates to a cluster, each with an idempotency key and at any node, and follows them. `disturb` gets the cluster and the work.
    private func mustLoseNothing(
        _ disturb: (Cluster, _ work: () async throws -> Void) async throws -> Void
    ) async throws {
        var random = SeededGenerator()
        print("a cluster that is disturbed: seed \(random.seed)")
        let cluster = try Cluster(nodes: 3, random: random)
        let story = try await cluster.newStory()
        var poller = Poller(story: story, filter: "", limit: 5, transport: cluster.patient)
        var acknowledged: Set<String> = []
        try await disturb(cluster) {
            for number in 0..<200 {
                let body = JSONValue.object(["body": .string("Update \(number)")])
                let answer = try await cluster.retried(
                    .post, "/stories/\(story)/updates", body, key: "\(number)")
                #expect(answer.status == 201, "seed \(random.seed)")
                acknowledged.insert(try answer.body.text("id"))
                if random.once(in: 3) { _ = try await poller.step() }
            }
        }
        try await cluster.settle()
        try await poller.catchUp()
        #expect(acknowledged.count == 200, "seed \(random.seed)")
        let stored = try TestEngine.current.database(in: cluster.folder).rows(
            "SELECT CAST(CAST(encode(id, 'hex') AS uuid) AS text) FROM updates", read: { $0.text() })
        #expect(acknowledged.subtracting(stored) == [], "not stored, seed \(random.seed)")
        let held = Set(try poller.copy.listed.map { try $0.text("id") })
        #expect(acknowledged.subtracting(held) == [], "seed \(random.seed)")
        #expect(held.subtracting(acknowledged) == [], "seed \(random.seed)")
        #expect(try cluster.errors() == [], "seed \(random.seed)")
    }

    /// Ends a random session of a node every 20 ms until cancelled; returns how many.
    private static func endSessions(in folder: TemporaryFolder) async throws -> Int {
        let database = try TestEngine.current.database(in: folder)
        var count = 0
        while !Task.isCancelled {
            count += try database.rows(
                """
                SELECT CAST(pg_terminate_backend(pid) AS int) FROM pg_stat_activity
                WHERE datname = current_database() AND pid <> pg_backend_pid() ORDER BY random() LIMIT 1
                """
            ) { $0.integer() }.count
            try? await Task.sleep(for: .milliseconds(20))
        }
        return count
    }

    @Test("A change made at one node is heard by a long poll at another at once")
    func wakes() async throws {
        try await TestEngine.$current.withValue(.postgres) {
            let cluster = try Cluster(nodes: 2, random: SeededGenerator())
            let story = try await cluster.newStory()
            let server = Server(
                configuration: ServerConfiguration(port: 0, workers: 1), responder: cluster.apis[1])
            let client = HTTPClient(port: try #require(try server.start().first?.port))
            let cursor = try await client.transport("GET", "/stories/\(story)/updates", nil).body.text(
                "cursor")
            async let poll = client.transport(
                "GET", "/stories/\(story)/updates?cursor=\(cursor)&wait=20", nil)
            try await until { server.statistics.parkedRequests != 0 }
            let update = JSONValue.object(["body": .string("The bridge is open again")])
            _ = try await cluster.node(0)("POST", "/stories/\(story)/updates", update)
            let answer = try await poll
            #expect(answer.status == 200)
            #expect(answer.body["changes"]?.items?.count == 1)
            await server.stop(within: .seconds(1))
        }
    }

    @Test(
        "A cursor of another node's commit that this one has not heard of is never answered 410, nor with an older state"
    )
    func cursorsAhead() async throws {
        try await TestEngine.$current.withValue(.postgres) {
            // Its second node does not follow the log.
            let cluster = try Cluster(nodes: 2, random: SeededGenerator(), isFollowing: false)
            let story = try await cluster.newStory()
            let (here, there) = (cluster.node(0), cluster.node(1))
            let page = "/stories/\(story)/updates"
            let old = try await there("GET", page, nil).body.text("cursor")
            #expect(try await there("GET", "\(page)?cursor=\(old)", nil).status == 200)
            let update = JSONValue.object(["body": .string("Only here")])
            _ = try await here("POST", page, update)
            let ahead = try await here("GET", page, nil).body.text("cursor")
            for wait in ["", "&wait=1"] {
                let answer = try await there("GET", "\(page)?cursor=\(ahead)\(wait)", nil)
                #expect(answer.status == 200)
                #expect(answer.body["changes"]?.items?.isEmpty == true)
                #expect(try answer.body.text("cursor") == ahead)
            }
            let request = try Request(
                .get, "/stories/\(story)/stream", headers: ["Last-Event-ID": ahead], body: [])
            #expect(await cluster.apis[1].response(to: request).status == .ok)
        }
    }

    @Test(
        "What is taken down at one node is in no answer of another that has heard of it, although that had it in memory"
    )
    func takedowns() async throws {
        try await TestEngine.$current.withValue(.postgres) {
            let cluster = try Cluster(nodes: 2, random: SeededGenerator())
            let story = try await cluster.newStory()
            let (here, there) = (cluster.node(0), cluster.node(1))
            let update = JSONValue.object(["body": .string("UNSPEAKABLE")])
            let id = try await here("POST", "/stories/\(story)/updates", update).body.text("id")
            try await cluster.settle()
            let pages = [
                "/stories/\(story)/updates", "/stories/\(story)/updates/\(id)", "/stories/\(story)/feed.json",
            ]
            for page in pages { #expect("\(try await there("GET", page, nil).body)".contains("UNSPEAKABLE")) }
            let reason = JSONValue.object(["reason": .string("Court order")])
            _ = try await here("POST", "/stories/\(story)/updates/\(id)/takedown", reason)
            try await cluster.settle()
            for page in pages {
                #expect(!"\(try await there("GET", page, nil).body)".contains("UNSPEAKABLE"), "\(page)")
            }
        }
    }

    @Test("Of the first keys of two nodes that start at once, one is added")
    func firstKeys() async throws {
        try await TestEngine.$current.withValue(.postgres) {
            let cluster = try Cluster(nodes: 2, random: SeededGenerator())
            let keys = cluster.stores.map { _ in
                APIKey(name: "first", grant: Grant(role: .admin), createdAt: testTime).record
            }
            async let here = cluster.stores[0].addFirstKey(keys[0])
            async let there = cluster.stores[1].addFirstKey(keys[1])
            let added = try await [here, there]
            #expect(added.filter { $0 }.count == 1)
            #expect(try await cluster.stores[0].keys().map(\.id) == [keys[added[0] ? 0 : 1].id])
        }
    }

    @Test("A key revoked at one node is refused at another")
    func revokes() async throws {
        try await TestEngine.$current.withValue(.postgres) {
            let cluster = try Cluster(nodes: 2, random: SeededGenerator())
            let key = APIKey(name: "test", grant: Grant(role: .editor), createdAt: testTime)
            try await cluster.stores[0].addKey(key.record)
            let story = try await cluster.newStory()
            #expect(try await cluster.status(at: 1, of: story, with: key) == 201)
            try await cluster.stores[0].revokeKey(key.record.id, at: testTime)
            var status = 201
            for _ in 0..<100 where status != 401 {
                try await Task.sleep(for: .milliseconds(10))
                status = try await cluster.status(at: 1, of: story, with: key)
            }
            #expect(status == 401, "a second later the key is still accepted")
        }
    }
}

/// Nodes with a store and an API each, on one database.
final class Cluster: Sendable {
    let stores: [TableStore]
    let apis: [API]
    let folder: TemporaryFolder
    private let random: Mutex<SeededGenerator>

    init(nodes: Int, random: SeededGenerator, isFollowing: Bool = true) throws {
        folder = try TemporaryFolder()
        stores = try (0..<nodes).map { [folder] _ in try folder.store(hearingOthers: isFollowing) }
        apis = stores.map { [folder] in folder.api(over: $0) }
        self.random = Mutex(random)
    }

    /// Sends each request to a random node.
    var transport: Transport {
        { method, target, body in
            let node = self.random.withLock { Int.random(in: self.apis.indices, using: &$0) }
            return try await self.node(node)(method, target, body)
        }
    }

    /// Like ``transport``, but repeats a request that gets a 503, at whatever node.
    var patient: Transport {
        { method, target, body in try await self.repeated { try await self.transport(method, target, body) } }
    }

    /// Sends a request with an idempotency key to random nodes, until one does not answer 503.
    func retried(
        _ method: Method, _ target: String, _ body: JSONValue, key: String
    ) async throws -> (status: Int, body: JSONValue) {
        let request = try Request(
            method, target,
            headers: [
                .authorization: "Bearer \(testKey)", .contentType: "application/json", "Idempotency-Key": key,
            ], body: JSONWriter.bytes(of: body))
        return try await repeated {
            let node = self.random.withLock { Int.random(in: self.apis.indices, using: &$0) }
            let response = await self.apis[node].response(to: request)
            return (response.status.code, try JSONValue(parsing: response.body))
        }
    }

    private func repeated(
        _ send: () async throws -> (status: Int, body: JSONValue)
    ) async throws -> (status: Int, body: JSONValue) {
        var answer = try await send()
        for _ in 0..<100 where answer.status == 503 {
            try await Task.sleep(for: .milliseconds(20))
            answer = try await send()
        }
        return answer
    }

    /// Sends requests to one node.
    func node(_ index: Int) -> Transport { apis[index].transport }

    func newStory() async throws -> String { try await apis[0].newStory() }

    /// Waits until all nodes have read the commit log to its present end.
    func settle() async throws {
        let began = ContinuousClock.now
        for store in stores {
            var isUpToDate = false
            for _ in 0..<1_000 where !isUpToDate {
                try await Task.sleep(for: .milliseconds(10))
                let lag = try #require(store.statistics.followerLagSeconds)
                isUpToDate = .seconds(lag) < began.duration(to: .now)
            }
            #expect(isUpToDate, "a node does not follow")
        }
    }

    /// Returns the violated rules that `wireroom verify` finds.
    func errors() throws -> [String] { try StoreRules.faults(in: TestEngine.current.database(in: folder)) }

    /// Posts an update with a key; returns the status.
    func status(at node: Int, of story: String, with key: APIKey) async throws -> Int {
        let update = JSONValue.object(["body": .string("By this key")])
        let request = try Request(
            .post, "/stories/\(story)/updates",
            headers: [.authorization: "Bearer \(key.text)", .contentType: "application/json"],
            body: JSONWriter.bytes(of: update))
        return await apis[node].response(to: request).status.code
    }
}
