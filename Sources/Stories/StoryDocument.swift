/// A whole story in one piece: what an export gives and an import takes.
///
/// Ids and times may be missing, as when it was made from a page; a store then gives new ones. An export of an
/// import of it is the same document.
public struct StoryDocument: Hashable, Sendable {
    /// Its id, where it has one already.
    public var id: Identifier?
    /// Its slug, where it has one already.
    public var slug: Slug?
    /// What editors write.
    public var content: StoryContent
    /// When it first went live.
    public var publishedAt: Timestamp?
    /// When it was created.
    public var createdAt: Timestamp?
    /// When it last changed.
    public var modifiedAt: Timestamp?
    /// When it was closed, if it is.
    public var closedAt: Timestamp?
    /// The newest first.
    public var updates: [UpdateEntry]
    /// Links brought in, by list.
    public var links: LinkLists
    /// How often readers reacted.
    public var reactions: ReactionCounts

    /// An update of the document.
    public struct UpdateEntry: Hashable, Sendable {
        /// Its id, where it has one already.
        public var id: Identifier?
        /// What editors write.
        public var content: UpdateContent
        /// Whether it was changed after it was published.
        public var edited: Bool
        /// When it first went live.
        public var publishedAt: Timestamp?
        /// When it was created.
        public var createdAt: Timestamp?
        /// When it last changed.
        public var modifiedAt: Timestamp?
        /// How often readers reacted.
        public var reactions: ReactionCounts
        /// The retraction, if it was retracted.
        public var stricken: Strike?

        /// An update with its content and nothing else.
        public init(content: UpdateContent) {
            self.content = content
            edited = false
            reactions = [:]
        }
    }

    /// A story with its content and nothing else.
    public init(content: StoryContent) {
        self.content = content
        updates = []
        links = LinkLists()
        reactions = [:]
    }
}

extension StoryDocument {
    /// What an import brings in.
    public var report: ImportReport {
        var report = ImportReport()
        report.updates = updates.count
        report.keyPoints = content.keyPoints.count
        for kind in LinkKind.allCases { report.links[kind] = links[kind].count }
        return report
    }
}

/// What an import brought in, and what it did not understand or left out.
public struct ImportReport: Hashable, Sendable {
    /// Updates brought in.
    public var updates = 0
    /// Key points brought in.
    public var keyPoints = 0
    /// Links brought in, by list.
    public var links: [LinkKind: Int] = [:]
    /// What a person should look at, in the document's order.
    public var warnings: [Warning] = []

    /// The report once the document was imported, where that left out or changed something.
    public func after(_ imported: ImportedStory, of document: StoryDocument) -> ImportReport {
        var report = self
        report.updates -= imported.takenDown.count
        report.warnings += imported.takenDown.map { member in
            let id = document.updates[member].id.map { " \($0)" } ?? ""
            return Warning(
                line: nil, "/updates/\(member): the update\(id) was taken down here, and is left out")
        }
        if !imported.idsKept { report.warnings.append(.newIdentifiers) }
        return report
    }

    /// A report of nothing.
    public init() {}

    /// Something that a person should look at.
    public struct Warning: Hashable, Sendable {
        /// The line of the document that it is about, from 1; `nil` where it is about the whole.
        public var line: Int?
        /// What is wrong, for a person.
        public var detail: String

        /// A warning about a line, or about the whole.
        public init(line: Int?, _ detail: String) {
            self.line = line
            self.detail = detail
        }

        /// What a person should know of a copy.
        public static var newIdentifiers: Warning {
            Warning(
                line: nil, "ids of the document are in use here: the story and its updates have got new ones")
        }
    }
}
