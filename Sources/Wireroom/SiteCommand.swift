// SPDX-License-Identifier: Apache-2.0
internal import API
internal import Stories
internal import StoryTables

/// `wireroom site`: moves the settings of the site from one server to another.
struct SiteCommand: Command {
    static let name = "site"
    static let summary = "Exports and imports the settings of the site, with their fonts."
    static let operands = "export|import [FILE]"
    static let details = """
        export  writes them to FILE or to standard output, as JSON. Pictures stay addresses; those of this server are listed in "pictures".
        import  replaces the settings by those in FILE or from standard input, also while a server is running. Pictures that are addresses
                of the other server, /media/<id>, have to be uploaded here before.
        """
    static let options: [Option] = [.database]

    private enum Action { case export, `import` }

    private let database: DatabaseLocation
    private let action: Action
    /// `-` for standard input or output.
    private let path: String

    init(_ arguments: Arguments) throws(CommandError) {
        database = try arguments.database
        let operands = arguments.operands
        switch (operands.first, operands.count) {
        case ("export", 1...2): action = .export
        case ("import", 1...2): action = .import
        default:
            throw .usage(
                "wireroom: expected \"site export [FILE]\" or \"site import [FILE]\"\nRun \"wireroom site --help\" for details."
            )
        }
        path = operands.count == 2 ? operands[1] : "-"
    }

    func run() async throws(CommandError) {
        switch action {
        case .export: try await export(from: try TableStore.open(database, as: .visitor))
        case .import: try await `import`(into: try TableStore.open(database, as: .command))
        }
    }

    private func export(from store: TableStore) async throws(CommandError) {
        let document = try await domain { () async throws(StoryError) in
            let settings = try await store.site().value
            var fonts: [(name: String, content: [UInt8])] = []
            let used = Set((settings.fonts?.references ?? []).map(\.reference.id))
            for font in try await store.fonts(access: operatorAccess) where used.contains(font.id) {
                fonts.append((font.name, try await store.fontContent(font.id)))
            }
            return SiteDocument(settings: settings, fonts: fonts)
        }
        guard path != "-" else { return try File.write(document.json()) }
        try await File.replace(path) { descriptor throws(CommandError) in
            try File.write(document.json(), to: descriptor)
        }
        let pictures =
            document.pictures.isEmpty
            ? "" : "; pictures that stay here: " + document.pictures.joined(separator: ", ")
        say("\(path): the settings of the site and \(document.fonts.count) fonts\(pictures)")
    }

    private func `import`(into store: TableStore) async throws(CommandError) {
        let bytes = try File.read(path)
        let number = try await domain { () async throws(StoryError) in
            let document = try SiteDocument(json: bytes)
            for font in document.fonts {
                _ = try await store.addFont(
                    try SiteFont(name: font.name, content: font.content), content: font.content,
                    access: operatorAccess)
            }
            return try await store.replaceSite(with: document.settings, if: .none, access: operatorAccess)
                .version.seq
        }
        say("imported: revision \(number) of the settings")
    }
}
