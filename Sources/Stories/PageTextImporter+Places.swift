extension PageTextImporter {
    /// Source map: the lines of the page that its parts come from, so that validation errors name lines of the input.
    public struct Places: Sendable {
        private let roles: [LineRole]
        private let reactions: [ReactionKind: Int]

        init(_ reader: Reader) {
            roles = reader.roles
            let lines = reader.lines.filter { reader.roles[$0.number - 1] == .reaction }
            let kinds = lines.compactMap { line in
                line.reaction.flatMap { ReactionKind(String($0.kind)) }.map { ($0, line.number) }
            }
            reactions = Dictionary(kinds) { first, _ in first }
        }

        /// What a fault in the document that the page makes is about, for a person, and its line; `nil` where it is about no part.
        func part(of pointer: String) -> (name: String, line: Int?)? {
            let steps = pointer.utf8.split(separator: UInt8(ascii: "/")).map { String(Substring($0)) }
            guard let member = steps.dropFirst().first else {
                // There are too many of them.
                return steps.isEmpty ? nil : ("the page", update(Limits.importUpdates))
            }
            let index = Int(steps.last ?? "")
            if steps[0].hasSameBytes(as: "updates") { return ("the update", Int(member).flatMap(update)) }
            if steps[0].hasSameBytes(as: "links") {
                let list = List.allCases.first { $0.rawValue.hasSameBytes(as: member) }
                let item = steps.dropFirst(2).first.flatMap { Int($0) } ?? 0
                return ("the title in the list", list.flatMap { self.item(item, of: $0) })
            }
            if member.hasSameBytes(as: "reactions") {
                let kind = steps.dropFirst(2).first.flatMap { ReactionKind($0) }
                return ("the count", kind.flatMap { reactions[$0] } ?? first(.reaction))
            }
            let part = Self.parts.first { $0.member.hasSameBytes(as: member) }
            return part.map { ($0.name, $0.line(self, index ?? 0)) }
        }

        private static let parts: [(member: String, name: String, line: @Sendable (Places, Int) -> Int?)] = [
            ("title", "the title", { places, _ in places.first(.title) ?? places.first(.breadcrumb) }),
            ("section", "the crumb", { places, _ in places.breadcrumb }),
            ("source", "the site's name", { places, _ in places.breadcrumb ?? places.byline }),
            ("byline", "the byline", { places, _ in places.byline }),
            ("summary", "the standfirst", { places, _ in places.first(.standfirst) }),
            ("keyPoints", "the key point", { places, index in places.keyPoint(index) }),
        ]

        /// The line of the crumbs.
        var breadcrumb: Int? { first(.breadcrumb) }

        /// The line of a key point, by its place in the list.
        func keyPoint(_ index: Int) -> Int? { line(index) { $0 == .keyPoint } }

        /// The line of an entry of a list, by its place in the list.
        func item(_ index: Int, of list: List) -> Int? { line(index) { $0 == .listItem(list) } }

        /// The first line of an update.
        func update(_ index: Int) -> Int? { first(.paragraph(update: index)) }

        /// The line of the date.
        var date: Int? { first(.date) }

        /// A byline may share its line with the date.
        private var byline: Int? { first(.byline) ?? first(.date) }

        private func first(_ role: LineRole) -> Int? { line(0) { $0 == role } }

        /// The line of the nth role of which something holds.
        private func line(_ index: Int, _ holds: (LineRole) -> Bool) -> Int? {
            var left = index
            for (place, role) in roles.enumerated() where holds(role) {
                if left == 0 { return place + 1 }
                left -= 1
            }
            return nil
        }
    }
}
