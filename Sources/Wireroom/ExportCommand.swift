// SPDX-License-Identifier: Apache-2.0
internal import API
internal import Stories
internal import StoryTables

/// `wireroom export`: a complete story as one JSON document.
struct ExportCommand: Command {
    static let name = "export"
    static let summary = "Writes a story to standard output as JSON that \"wireroom import\" accepts."
    static let operands = "STORY"
    static let options: [Option] = [.database]

    private let story: StoryReference
    private let database: DatabaseLocation

    init(_ arguments: Arguments) throws(CommandError) {
        let name = try arguments.onlyOperand("story, by slug or id")
        guard let story = StoryReference(name) else {
            throw .usage("wireroom: \"\(name)\" is neither a slug nor an id")
        }
        self.story = story
        database = try arguments.database
    }

    func run() async throws(CommandError) {
        let store = try TableStore.open(database, as: .visitor)
        let document = try await domain { () async throws(StoryError) in
            try await store.exportStory(story, access: operatorAccess)
        }
        try File.write(document.json())
    }
}
