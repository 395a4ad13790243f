// SPDX-License-Identifier: Apache-2.0
import Foundation
import JSON
import Stories
import Support
import Synchronization

/// Editors that make random changes of every kind to one story.
final class RandomEditors: Sendable {
    let story: String
    /// A story that updates move to and come back from; `nil`: none does.
    private let other: String?
    private let transport: Transport
    /// The ids of existing updates and of deleted ones that may be restored, as far as these editors know.
    private let updates = Mutex<[String]>([])
    private let deleted = Mutex<[String]>([])
    /// The ids of those that are in the other story.
    private let away = Mutex<[String]>([])

    init(story: String, other: String? = nil, transport: @escaping Transport) {
        self.story = story
        self.other = other
        self.transport = transport
    }

    /// Edits per property test: 10,000 with `make properties`.
    static let count =
        ProcessInfo.processInfo.environment["WIREROOM_PROPERTY_EDITS"].flatMap { Int($0) } ?? 2_000

    /// The slugs that the story alternates between. Each resolves to it from its first use on.
    static let slugs = ["a-story-to-try-things-on", "a-story", "another-name"]

    /// Makes one random change; throws if the response is not allowed by the contract.
    func edit(using random: inout SeededGenerator) async throws {
        let (known, count) = updates.withLock { ($0.randomElement(using: &random), $0.count) }
        switch (Int.random(in: 0..<100, using: &random), known) {
        case (_, nil): try await create(using: &random)
        // Deletions balance creations, so that the story stays short enough for every poller.
        case (0..<50, _) where count < Self.longStory && random.once(in: 2): try await create(using: &random)
        case (0..<20, let id?): try await delete(id)
        case (20..<26, _): try await restore(using: &random)
        case (26..<30, let id?): try await takeDown(id, using: &random)
        case (30..<35, let id?): try await retract(id, isTakenBack: random.once(in: 3))
        case (35..<38, _): try await rename(using: &random)
        case (38..<42, let id?) where other != nil: try await moveAway(id, using: &random)
        case (42..<46, _) where other != nil: try await bringBack(using: &random)
        case (38..<84, let id?): try await send("PATCH", "/updates/\(id)", Self.update(using: &random))
        case (84..<90, _): try await replaceLinks(using: &random)
        case (90..<98, _): try await send("PATCH", "", Self.story(using: &random))
        default: try await send("POST", "/reactions/veryGood", nil)
        }
    }

    private static let longStory = 40

    /// Makes the story visible to readers.
    func show() async throws {
        try await send("PATCH", "", .object(["status": .string("live")]))
    }

    /// Makes the story visible to readers, live or closed.
    func show(using random: inout SeededGenerator) async throws {
        try await send("PATCH", "", .object(["status": .string(random.once(in: 2) ? "live" : "closed")]))
    }

    private func create(using random: inout SeededGenerator) async throws {
        let answer = try await send("POST", "/updates", Self.update(using: &random, isNew: true))
        // A refused request has created nothing.
        guard let id = answer["id"]?.string else { return }
        updates.withLock { $0.append(id) }
    }

    private func delete(_ id: String) async throws {
        forget(id)
        try await send("DELETE", "/updates/\(id)", nil)
        deleted.withLock { $0 = Array(($0 + [id]).suffix(Self.longStory)) }
    }

    private func forget(_ id: String) {
        updates.withLock { $0.removeAll { $0 == id } }
    }

    private func restore(using random: inout SeededGenerator) async throws {
        guard let id = deleted.withLock({ $0.randomElement(using: &random) }) else { return }
        let answer = try await send("POST", "/updates/\(id)/restore", nil)
        guard answer["id"] != nil else { return }
        deleted.withLock { $0.removeAll { $0 == id } }
        updates.withLock { if !$0.contains(id) { $0.append(id) } }
    }

    /// Takes down the update, or one in the bin.
    private func takeDown(_ id: String, using random: inout SeededGenerator) async throws {
        let id = random.once(in: 3) ? deleted.withLock { $0.randomElement(using: &random) } ?? id : id
        forget(id)
        deleted.withLock { $0.removeAll { $0 == id } }
        try await send("POST", "/updates/\(id)/takedown", .object(["reason": .string("Court")]))
    }

    /// Moves an update to the other story, and edits it there sometimes.
    private func moveAway(_ id: String, using random: inout SeededGenerator) async throws {
        guard let other else { return }
        let answer = try await send("POST", "/updates/move", Self.move(id, to: other))
        guard answer["moved"] != nil else { return }
        forget(id)
        away.withLock { $0.append(id) }
        guard random.once(in: 2) else { return }
        try await send("PATCH", "/updates/\(id)", Self.update(using: &random), in: other)
    }

    private func bringBack(using random: inout SeededGenerator) async throws {
        guard let other, let id = away.withLock({ $0.randomElement(using: &random) }) else { return }
        let answer = try await send("POST", "/updates/move", Self.move(id, to: story), in: other)
        guard answer["moved"] != nil else { return }
        away.withLock { $0.removeAll { $0 == id } }
        updates.withLock { if !$0.contains(id) { $0.append(id) } }
    }

    private static func move(_ id: String, to story: String) -> JSONValue {
        .object(["ids": .array([.string(id)]), "to": .string(story)])
    }

    private func rename(using random: inout SeededGenerator) async throws {
        let slug = Self.slugs.randomElement(using: &random) ?? ""
        try await send("PATCH", "", .object(["slug": .string(slug)]))
    }

    private func retract(_ id: String, isTakenBack: Bool) async throws {
        let reason = JSONValue.object(["reason": .string("It was wrong.")])
        try await send(isTakenBack ? "DELETE" : "POST", "/updates/\(id)/strike", isTakenBack ? nil : reason)
    }

    private func replaceLinks(using random: inout SeededGenerator) async throws {
        let kind = ["related", "ranking", "recommendation"].randomElement(using: &random) ?? "related"
        let links = (0..<Int.random(in: 0...3, using: &random)).map { _ in
            JSONValue.object(["title": .string("link \(random.next() % 100)")])
        }
        try await send("PUT", "/links/\(kind)", .array(links))
    }

    @discardableResult
    private func send(
        _ method: String, _ path: String, _ body: JSONValue?, in place: String? = nil
    ) async throws -> JSONValue {
        let answer = try await transport(method, "/stories/\(place ?? story)\(path)", body)
        // Validation errors that may occur: too many pinned updates, a time that has passed, and an update to move that is deleted.
        let isOrdinary = answer.body["errors"]?.items?.allSatisfy {
            ["/pinned", "/publishAt", "/ids/0", "/ids/0/pinned"].contains($0["pointer"]?.string)
        }
        guard
            (200..<300).contains(answer.status) || answer.status == 404
                // A draft cannot be retracted, and a takedown is final.
                || ["/problems/not-published", "/problems/taken-down"].contains(answer.body["type"]?.string)
                || answer.status == 422 && isOrdinary == true
        else {
            throw PollerError.unexpected(status: answer.status, address: path, body: "\(answer.body)")
        }
        return answer.body
    }

    /// Random members of an update; a new one always has a body.
    private static func update(using random: inout SeededGenerator, isNew: Bool = false) -> JSONValue {
        var members: [JSONValue.Member] = []
        if isNew || random.once(in: 2) {
            // Some with addresses, which several updates may share: their cards come later.
            let card = random.once(in: 4) ? "\n\nhttps://paper.example/\(random.next() % 50)" : ""
            let film = random.once(in: 8) ? "\n\nhttps://youtu.be/film\(random.next() % 20)" : ""
            members.append(.init("body", .string("Text \(random.next() % 1_000)\(card)\(film)")))
        }
        if random.once(in: 3) { members.append(.init("keyEvent", .bool(random.once(in: 2)))) }
        if random.once(in: 4) { members.append(.init("pinned", .bool(random.once(in: 3)))) }
        if random.once(in: 3) {
            let tags = ["harbour", "Harbour", "rare", "RARE ", "caf\u{E9}", "cafe\u{301}", "Caf\u{E9}"].filter
            { _ in random.once(in: 2) }
            members.append(.init("tags", .array(tags.map(JSONValue.string))))
        }
        if random.once(in: 4) { members += release(using: &random) }
        return .object(members)
    }

    /// A random publication state: published, draft, or scheduled for a time that may be in the past, which is refused, or come
    /// during the test.
    private static func release(using random: inout SeededGenerator) -> [JSONValue.Member] {
        guard random.once(in: 3) else {
            return [.init("state", .string(random.once(in: 3) ? "draft" : "published"))]
        }
        let milliseconds = testTime.milliseconds + Int64.random(in: -100_000...100_000, using: &random)
        return [
            .init("state", .string("scheduled")),
            .init("publishAt", .string(Timestamp(milliseconds: milliseconds).description)),
        ]
    }

    /// Random members of the story: sometimes closed, rarely hidden from readers.
    private static func story(using random: inout SeededGenerator) -> JSONValue {
        let status = random.once(in: 10) ? "draft" : random.once(in: 3) ? "closed" : "live"
        return .object([
            "title": .string("Title \(random.next() % 10)"), "status": .string(status),
            "keyPoints": .array([.string("Point \(random.next() % 10)")]),
        ])
    }
}
