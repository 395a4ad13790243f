// SPDX-License-Identifier: Apache-2.0
internal import API
internal import Glibc
internal import MediaFiles
internal import Stories
internal import StoryTables

/// `wireroom export`: a complete story as one JSON document.
struct ExportCommand: Command {
    static let name = "export"
    static let summary = "Writes a story to standard output as JSON that \"wireroom import\" accepts."
    static let operands = "STORY"
    static let details = """
        Pictures of this server stay addresses, /media/<id>. With --with-media the document and their files are written to a tar archive, which
        "wireroom import" accepts, too.
        """
    static let options: [Option] = [
        .database, .media, .mediaEndpoint,
        Option(
            name: "with-media", value: "FILE", variable: nil,
            help: "write a tar archive of the story and its pictures"),
    ]

    private let story: StoryReference
    private let database: DatabaseLocation
    private let media: (any MediaStorage)?
    private let archive: String?

    init(_ arguments: Arguments) throws(CommandError) {
        let name = try arguments.onlyOperand("story, by slug or id")
        guard let story = StoryReference(name) else {
            throw .usage("wireroom: \"\(name)\" is neither a slug nor an id")
        }
        self.story = story
        database = try arguments.database
        archive = arguments.value("with-media")
        media = archive == nil ? nil : try arguments.media(of: database)
    }

    func run() async throws(CommandError) {
        let store = try TableStore.open(database, as: .visitor)
        let document = try await domain { () async throws(StoryError) in
            try await store.exportStory(story, access: operatorAccess)
        }
        guard let archive else { return try File.write(document.json()) }
        guard let media else { throw .failure("name the folder or bucket of pictures with --media") }
        let count = try await File.replace(archive) { descriptor async throws(CommandError) in
            try await StoryArchive(store, media).write(document, to: descriptor)
        }
        say("\(archive): the story and \(pictures(count))")
    }
}
