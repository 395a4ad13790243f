// SPDX-License-Identifier: Apache-2.0
internal import API
internal import Stories
internal import StoryTables

/// `wireroom keys`: manages API keys.
struct KeysCommand: Command {
    static let name = "keys"
    static let summary = "Creates, lists and revokes API keys."
    static let operands = "create|list|revoke ID"
    static let details = """
        create  creates a key and prints it. This is the only time it is shown: the database stores a hash.
        list    lists all keys, without their secrets.
        revoke  revokes a key immediately, even while a server is running. ID is its second part, or the whole key.
        """
    static let options: [Option] = [
        .database,
        Option(
            name: "name", value: "NAME", variable: nil, help: "create: a name for the key, such as its holder"
        ),
        Option(
            name: "role", value: "ROLE", variable: nil, defaultValue: Role.editor.rawValue,
            help: "create: editor or admin"),
        Option(
            name: "story", value: "STORY", variable: nil,
            help: "create: restrict the key to this story; may be repeated",
            repeats: true),
    ]

    private enum Action {
        case create(name: String, role: Role, stories: [StoryReference])
        case list
        case revoke(id: String)
    }

    private let database: DatabaseLocation
    private let action: Action

    init(_ arguments: Arguments) throws(CommandError) {
        database = try arguments.database
        let operands = arguments.operands
        switch (operands.first, operands.count) {
        case ("create", 1): action = try Self.creation(arguments)
        case ("list", 1): action = .list
        case ("revoke", 2): action = .revoke(id: APIKey.id(ofKeyOrID: operands[1]))
        default:
            throw .usage(
                "wireroom: expected \"keys create\", \"keys list\" or \"keys revoke ID\"\nRun \"wireroom keys --help\" for details."
            )
        }
    }

    private static func creation(_ arguments: Arguments) throws(CommandError) -> Action {
        guard let name = arguments.value("name"), !name.allSatisfy(\.isWhitespace) else {
            throw .usage("wireroom: keys create requires --name")
        }
        // `keys list` prints one key per line.
        guard !name.unicodeScalars.contains(where: \.isInvisible) else {
            throw .usage("wireroom: --name must not contain control or format characters, or line breaks")
        }
        guard let role = Role(rawValue: arguments.value("role") ?? Role.editor.rawValue) else {
            throw .usage("wireroom: --role must be editor or admin")
        }
        var stories: [StoryReference] = []
        for text in arguments.all("story") {
            guard let story = StoryReference(text) else {
                throw .usage("wireroom: \"\(text)\" is not a valid slug or id")
            }
            stories.append(story)
        }
        return .create(name: name, role: role, stories: stories)
    }

    private var isCreation: Bool {
        if case .create = action { true } else { false }
    }

    func run() async throws(CommandError) {
        let store = try TableStore.open(database, as: isCreation ? .command : .visitor)
        switch action {
        case .create(let name, let role, let stories): try await create(name, role, stories, in: store)
        case .list: try await list(store)
        case .revoke(let id):
            try await domain { () async throws(StoryError) in try await store.revokeKey(id, at: .now) }
            say("revoked \(id)")
        }
    }

    private func create(
        _ name: String, _ role: Role, _ references: [StoryReference], in store: TableStore
    ) async throws(CommandError) {
        var stories: Set<Identifier> = []
        for reference in references {
            let detail = try await domain { () async throws(StoryError) in
                try await store.story(reference, access: operatorAccess)
            }
            stories.insert(detail.story.id)
        }
        let grant = Grant(role: role, stories: references.isEmpty ? nil : stories)
        let key = APIKey(name: name, grant: grant, createdAt: .now)
        try await domain { () async throws(StoryError) in try await store.addKey(key.record) }
        say(key.text)
    }

    private func list(_ store: TableStore) async throws(CommandError) {
        for key in try await domain({ () async throws(StoryError) in try await store.keys() }) {
            let reach = key.grant.stories.map { "\($0.count) stories" } ?? "all stories"
            let state = key.revokedAt.map { "revoked \($0)" } ?? "valid"
            let use = key.lastUsedAt.map { "last used \($0)" } ?? "never used"
            say(
                [key.id, key.grant.role.rawValue, reach, "created \(key.createdAt)", use, state, key.name]
                    .joined(separator: "  "))
        }
    }
}
