// SPDX-License-Identifier: Apache-2.0
import Stories
import Support
import Testing

@Suite("Versions and positions")
struct VersionTests {
    private static let id = "01900000-0000-7000-8000-000000000001"
    private static let cursor = "00000000000000ff-41"

    @Test(
        "of a story are sixteen hex digits and a number",
        arguments: [
            (0, 0, "0000000000000000-0"), (255, 41, "00000000000000ff-41"),
            (.max, .max, "ffffffffffffffff-9223372036854775807"),
        ] as [(UInt64, Int64, String)])
    func text(epoch: UInt64, seq: Int64, text: String) {
        let version = Version(epoch: epoch, seq: seq)
        #expect(version.description == text)
        #expect(Version(text) == version)
    }

    @Test(
        "of a story are rejected in any other form",
        arguments: [
            "", "-", "41", "ff-41", "00000000000000ff", "00000000000000ff-", "00000000000000ff--1",
            "00000000000000FF-41", "00000000000000ff-041", "00000000000000ff-+41", "00000000000000ff- 41",
            "00000000000000ff-9223372036854775808", "+0000000000000ff-41", "000000000000000ff-41",
            "00000000000000ff-41-1", "00000000000000fg-41", "00000000000000ff-41 ", "\"00000000000000ff-41\"",
            "00000000000000ff-４１",
        ])
    func refuses(text: String) {
        #expect(Version(text) == nil)
    }

    @Test("of updates and of stories round-trip through their text")
    func positions() throws {
        let id = try #require(Identifier(Self.id))
        for milliseconds in [
            Timestamp.range.lowerBound, -1, 0, 1_795_000_000_000, Timestamp.range.upperBound,
        ] {
            let time = Timestamp(milliseconds: milliseconds)
            let place = UpdatePosition(cursor: Version(epoch: 255, seq: 41), publishedAt: time, id: id)
            #expect(place.description == "\(Self.cursor).\(milliseconds).\(Self.id)")
            #expect(UpdatePosition(place.description) == place)
            #expect(StoryPosition("\(milliseconds).\(Self.id)") == StoryPosition(activeAt: time, id: id))
            #expect(StoryPosition(activeAt: time, id: id).description == "\(milliseconds).\(Self.id)")
        }
    }

    @Test(
        "of updates are rejected in any other form",
        arguments: [
            "", "..", cursor, "\(cursor).5", "5.\(id)", "\(cursor).x.\(id)", "\(cursor).5.x", "x.5.\(id)",
            "\(cursor).5.\(id).", "\(cursor).253402300800000.\(id)", "\(cursor).99999999999999999999.\(id)",
            "\(cursor).+5.\(id)", "\(cursor).05.\(id)", "\(cursor).-0.\(id)", "\(cursor).5.\(id)A",
            "\(cursor).5.0190000A-0000-7000-8000-000000000001",
        ])
    func refusesUpdatePositions(text: String) {
        #expect(UpdatePosition(text) == nil)
    }

    @Test(
        "of stories are rejected in any other form",
        arguments: [
            "", ".", "5", "5.", ".\(id)", "x.\(id)", "5.x", "+5.\(id)", "05.\(id)", "5.\(id).",
            "-62135596800001.\(id)",
        ])
    func refusesStoryPositions(text: String) {
        #expect(StoryPosition(text) == nil)
    }

    @Test(
        "satisfy preconditions, or fail as stale",
        arguments: [
            (.none, nil, true), (.none, Version(epoch: 1, seq: 1), true),
            (.exists, nil, false), (.exists, Version(epoch: 1, seq: 1), true),
            (.absent, nil, true), (.absent, Version(epoch: 1, seq: 1), false),
            (.oneOf([]), nil, false), (.oneOf([]), Version(epoch: 1, seq: 1), false),
            (.oneOf([Version(epoch: 1, seq: 1)]), nil, false),
            (.oneOf([Version(epoch: 1, seq: 1)]), Version(epoch: 1, seq: 1), true),
            (
                .oneOf([Version(epoch: 1, seq: 0), Version(epoch: 1, seq: 1)]), Version(epoch: 1, seq: 1),
                true
            ),
            (.oneOf([Version(epoch: 1, seq: 1)]), Version(epoch: 1, seq: 2), false),
            (.oneOf([Version(epoch: 1, seq: 1)]), Version(epoch: 2, seq: 1), false),
        ] as [(Precondition, Version?, Bool)])
    func preconditions(precondition: Precondition, current: Version?, holds: Bool) {
        #expect(precondition.holds(for: current) == holds)
        let present = current.map { PresentState.links(Versioned(LinkLists(), $0)) }
        if holds {
            #expect(throws: Never.self) { try precondition.check(present) }
        } else {
            #expect(throws: StoryError.stale(current: present)) { try precondition.check(present) }
        }
    }
}
