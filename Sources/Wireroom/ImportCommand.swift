// SPDX-License-Identifier: Apache-2.0
internal import API
internal import Glibc
internal import HTTP
internal import MediaFiles
internal import Stories
internal import StoryTables

/// `wireroom import`: imports a complete story from one file.
struct ImportCommand: Command {
    static let name = "import"
    static let summary = "Imports a story from a live page saved as text, or from an export."
    static let operands = "FILE|-"
    static let details =
        "A server may be using the database meanwhile. Every line that was not imported is reported. An archive of \"wireroom export --with-media\" brings its pictures."
    static let options: [Option] = [
        .database, .media, .mediaEndpoint, .publicURL,
        Option(
            name: "slug", value: "SLUG", variable: nil,
            help: "the slug of the story; by default that of the document, or derived from its title"),
        Option(
            name: "status", value: "STATUS", variable: nil,
            help: "draft, live or closed; by default that of the document, or live"),
        Option(name: "json", value: nil, variable: nil, help: "print the story and the report as JSON"),
    ]

    private let path: String
    private let database: DatabaseLocation
    /// Made when it is needed: most imports have no pictures.
    private let media: @Sendable () throws(CommandError) -> (any MediaStorage)?
    private let site: Site
    private let slug: Slug?
    private let status: StoryStatus?
    private let asJSON: Bool

    init(_ arguments: Arguments) throws(CommandError) {
        path = try arguments.onlyOperand("file, or - for standard input")
        database = try arguments.database
        media = { [database] () throws(CommandError) in try arguments.media(of: database) }
        site = try Site(arguments)
        slug = try arguments.slug
        status = try arguments.status
        asJSON = arguments.has("json")
    }

    func run() async throws(CommandError) {
        let store = try TableStore.open(database, as: .command, origin: site.named ?? "")
        var (document, report) = try read(try await bytes(into: store))
        if let slug { document.slug = slug }
        if let status { document.content.status = status }
        let imported = try await domain { [document] () async throws(StoryError) in
            try await store.importStory(document, access: operatorAccess)
        }
        report = report.after(imported, of: document)
        if asJSON {
            try File.write(report.json(with: imported.story.value))
        } else {
            say(report.text(for: imported.story.value, document))
        }
    }

    /// The document; of an archive after its pictures were added.
    private func bytes(into store: TableStore) async throws(CommandError) -> [UInt8] {
        let descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        defer { if path != "-", descriptor >= 0 { close(descriptor) } }
        var head = [UInt8](repeating: 0, count: 512)
        // Not of a pipe, which has no beginning to come back to.
        let count = pread(descriptor, &head, head.count, 0)
        guard count == head.count, TarReader.isTar(head) else { return try File.read(path) }
        guard let media = try media() else {
            throw .failure("name the folder or bucket of pictures with --media")
        }
        try files(media.description) { () throws(FileError) in try media.prepare() }
        let (document, number) = try await StoryArchive(store, media).read(from: descriptor)
        if !asJSON { say("\(media): the files of \(pictures(number))") }
        return document
    }

    private func read(
        _ bytes: [UInt8]
    ) throws(CommandError) -> (document: StoryDocument, report: ImportReport) {
        do throws(StoryDocumentError) {
            return try StoryDocument.read(bytes, as: StoryDocument.form(of: bytes))
        } catch {
            switch error {
            case .malformed(let detail), .otherForm(let detail): throw .failure("\(path): \(detail)")
            case .invalid(let errors):
                throw .failure(
                    "\(path) cannot be imported:\n"
                        + errors.map { "  " + ($0.pointer.isEmpty ? "" : "\($0.pointer): ") + $0.detail }
                        .joined(separator: "\n"))
            }
        }
    }
}

extension Arguments {
    fileprivate var slug: Slug? {
        get throws(CommandError) {
            guard let text = value("slug") else { return nil }
            guard let slug = Slug(text) else { throw .usage("wireroom: --slug \(Slug.rule)") }
            return slug
        }
    }

    fileprivate var status: StoryStatus? {
        get throws(CommandError) {
            guard let text = value("status") else { return nil }
            guard let status = StoryStatus(rawValue: text) else {
                throw .usage("wireroom: --status must be draft, live or closed, not \"\(text)\"")
            }
            return status
        }
    }
}

extension ImportReport {
    /// The report as text for a terminal.
    fileprivate func text(for story: Story, _ document: StoryDocument) -> String {
        let lists = LinkKind.allCases.map { "\($0.rawValue) \(links[$0] ?? 0)" }
        let reactions = document.reactions.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
        let counts = ["updates \(updates)", "key points \(keyPoints)"] + lists + reactions
        var lines = [
            "imported \"\(story.content.title)\"",
            "  story     \(story.slug) (\(story.id)), \(story.content.status.rawValue)",
            "  taken     \(counts.joined(separator: ", "))",
        ]
        lines += warnings.map { "  warning   \($0.line.map { "line \($0): " } ?? "")\($0.detail)" }
        return lines.joined(separator: "\n")
    }
}
