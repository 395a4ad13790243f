// SPDX-License-Identifier: Apache-2.0
/// A whole story as one document, for export and import.
///
/// Ids and times may be missing, for example when it was converted from a text; the store then assigns them. Exporting an
/// imported export yields the same document (fixed point).
public struct StoryDocument: Hashable, Sendable {
    /// The id, if assigned.
    public var id: Identifier?
    /// The slug, if assigned.
    public var slug: Slug?
    /// The editorial content.
    public var content: StoryContent
    /// When it was first published.
    public var publishedAt: Timestamp?
    /// When it was created.
    public var createdAt: Timestamp?
    /// When it last changed.
    public var modifiedAt: Timestamp?
    /// When it was closed; `nil` while it is open.
    public var closedAt: Timestamp?
    /// Newest first.
    public var updates: [UpdateEntry]
    /// The lists of links.
    public var links: LinkLists
    /// Reaction counts.
    public var reactions: ReactionCounts

    /// An update in the document.
    public struct UpdateEntry: Hashable, Sendable {
        /// The id, if assigned.
        public var id: Identifier?
        /// The editorial content.
        public var content: UpdateContent
        /// Whether it was modified after publication.
        public var edited: Bool
        /// When it was first published.
        public var publishedAt: Timestamp?
        /// When it was created.
        public var createdAt: Timestamp?
        /// When it last changed.
        public var modifiedAt: Timestamp?
        /// Reaction counts.
        public var reactions: ReactionCounts
        /// The retraction, if any.
        public var stricken: Strike?

        /// An update with content only.
        public init(content: UpdateContent) {
            self.content = content
            edited = false
            reactions = [:]
        }
    }

    /// A story with content only.
    public init(content: StoryContent) {
        self.content = content
        updates = []
        links = LinkLists()
        reactions = [:]
    }
}

extension StoryDocument {
    /// The report of a complete import.
    public var report: ImportReport {
        var report = ImportReport()
        report.updates = updates.count
        report.keyPoints = content.keyPoints.count
        for kind in LinkKind.allCases { report.links[kind] = links[kind].count }
        return report
    }
}

/// Result of an import: what was imported, what was not recognized or was omitted.
public struct ImportReport: Hashable, Sendable {
    /// Updates imported.
    public var updates = 0
    /// Key points imported.
    public var keyPoints = 0
    /// Links imported, by list.
    public var links: [LinkKind: Int] = [:]
    /// Warnings in document order.
    public var warnings: [Warning] = []

    /// The report after the store's import, which may omit or change parts.
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

    /// An empty report.
    public init() {}

    /// A warning for the editor who imported the document.
    public struct Warning: Hashable, Sendable {
        /// Line in the document, from 1; `nil` if it concerns the whole.
        public var line: Int?
        /// The message.
        public var detail: String

        /// Memberwise.
        public init(line: Int?, _ detail: String) {
            self.line = line
            self.detail = detail
        }

        /// The warning for an import that was assigned new ids.
        public static var newIdentifiers: Warning {
            Warning(
                line: nil, "ids of the document are in use here: the story and its updates have got new ones")
        }
    }
}
