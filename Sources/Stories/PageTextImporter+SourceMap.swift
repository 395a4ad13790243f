// SPDX-License-Identifier: Apache-2.0
extension PageTextImporter {
    /// Source map: maps parts of the document to lines of the text, so that validation errors name lines of the input.
    public struct SourceMap: Sendable {
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

        /// The part of the text that a validation error of the document concerns, and its line; `nil` if there is none.
        func part(of pointer: String) -> (name: String, line: Int?)? {
            let steps = pointer.utf8.split(separator: UInt8(ascii: "/")).map { String(Substring($0)) }
            guard let member = steps.dropFirst().first else {
                // The error is the number of updates.
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

        private static let parts: [(member: String, name: String, line: @Sendable (SourceMap, Int) -> Int?)] =
            [
                (
                    "title", "the title",
                    { sourceMap, _ in sourceMap.first(.title) ?? sourceMap.first(.breadcrumb) }
                ),
                ("section", "the crumb", { sourceMap, _ in sourceMap.breadcrumb }),
                ("source", "the site's name", { sourceMap, _ in sourceMap.breadcrumb ?? sourceMap.byline }),
                ("byline", "the byline", { sourceMap, _ in sourceMap.byline }),
                ("summary", "the standfirst", { sourceMap, _ in sourceMap.first(.standfirst) }),
                ("keyPoints", "the key point", { sourceMap, index in sourceMap.keyPoint(index) }),
            ]

        /// The line of the breadcrumb.
        var breadcrumb: Int? { first(.breadcrumb) }

        /// The line of a key point, by its index.
        func keyPoint(_ index: Int) -> Int? { line(index) { $0 == .keyPoint } }

        /// The line of an entry of a list, by its index.
        func item(_ index: Int, of list: List) -> Int? { line(index) { $0 == .listItem(list) } }

        /// The first line of an update.
        func update(_ index: Int) -> Int? { first(.paragraph(update: index)) }

        /// The line of the date.
        var date: Int? { first(.date) }

        /// The line of the byline, which it may share with the date.
        private var byline: Int? { first(.byline) ?? first(.date) }

        private func first(_ role: LineRole) -> Int? { line(0) { $0 == role } }

        /// The line of the nth role that satisfies a predicate.
        private func line(_ index: Int, _ holds: (LineRole) -> Bool) -> Int? {
            var left = index
            for (lineIndex, role) in roles.enumerated() where holds(role) {
                if left == 0 { return lineIndex + 1 }
                left -= 1
            }
            return nil
        }
    }
}
