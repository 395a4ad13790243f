extension StoryDocument {
    /// The document that a live page makes, and the report of what of it was not taken. A list that is longer than
    /// the domain takes is cut, and every entry that is left out is named.
    public static func reading(_ page: LivePage) -> (document: StoryDocument, report: ImportReport) {
        var warnings = page.warnings.map { ImportReport.Warning(line: $0.line, $0.detail) }
        var content = StoryContent(title: page.title.onOneLine)
        content.section = cut(page.section, to: Limits.sections, "breadcrumb", &warnings)
        content.byline = page.byline?.onOneLine
        content.summary = page.summary
        content.keyPoints = cut(page.keyPoints, to: Limits.keyPoints, "key points", &warnings)
        content.source = page.sourceName.map {
            StorySource(
                name: $0.onOneLine, date: page.sourceDateMilliseconds.map(Timestamp.init(milliseconds:)))
        }
        var document = StoryDocument(content: content)
        document.updates = page.updates.map { UpdateEntry(content: UpdateContent(body: $0)) }
        for (kind, titles) in [
            (LinkKind.related, page.related), (.ranking, page.ranking),
            (.recommendation, page.recommendation),
        ] {
            let kept = cut(titles, to: Limits.links, "list \"\(kind.rawValue)\"", &warnings)
            document.links[kind] = kept.map { Link(title: $0) }
        }
        document.reactions = page.reactions
        var report = document.report
        report.warnings = warnings
        return (document, report)
    }

    private static func cut(
        _ items: [String], to limit: Int, _ name: String, _ warnings: inout [ImportReport.Warning]
    ) -> [String] {
        for item in items.dropFirst(limit) {
            warnings.append(.init(line: nil, "left out: the \(name) may have \(limit) entries; \"\(item)\""))
        }
        return items.prefix(limit).map(\.onOneLine)
    }
}

extension String {
    /// With spaces for the tabs and the line ends of Unicode that a line of a page may have within, but no member of one line.
    fileprivate var onOneLine: String {
        let scalars = unicodeScalars.map { ["\t", "\u{2028}", "\u{2029}"].contains($0) ? " " : $0 }
        return String(String.UnicodeScalarView(scalars))
    }
}

extension StoryDocument {
    /// What breaks the domain's rules, with its place in the JSON form of the document.
    public func faults() -> [Fault] {
        if let fault = Self.fault(ofCount: updates.count) { return [fault] }
        var found = pinFaults + StoryPatch(content).faults(at: "/story")
        for (index, update) in updates.enumerated() {
            found += UpdatePatch(update.content).faults(at: "/updates/\(index)")
        }
        if reactions.count > Limits.reactionKinds {
            found.append(Fault("/story/reactions", "must have at most \(Limits.reactionKinds) kinds"))
        }
        for (kind, count) in reactions where count > Limits.reactionCount {
            found.append(Fault("/story/reactions/\(kind)", "must be at most \(Limits.reactionCount)"))
        }
        for kind in LinkKind.allCases { found += Link.faults(in: links[kind], at: "/links/\(kind.rawValue)") }
        return found
    }
}

extension StoryDocument {
    /// What is wrong with so many updates.
    public static func fault(ofCount count: Int) -> Fault? {
        guard count > Limits.importUpdates else { return nil }
        return Fault("/updates", "must hold at most \(Limits.importUpdates) updates, not \(count)")
    }

    /// What is wrong with the number of pinned updates, at the first that is too many.
    public var pinFaults: [Fault] {
        let pinned = updates.indices.filter { updates[$0].content.pinned }
        return pinned.dropFirst(Limits.pinnedUpdates).prefix(1).map { index in
            Fault(
                "/updates/\(index)/pinned",
                "a story can have \(Limits.pinnedUpdates) pinned updates, not \(pinned.count)")
        }
    }
}

extension StoryPatch {
    /// A patch that names every member.
    fileprivate init(_ content: StoryContent) {
        self.init()
        title = .set(content.title)
        summary = .set(content.summary)
        section = .set(content.section)
        byline = .set(content.byline)
        keyPoints = .set(content.keyPoints)
        tags = .set(content.tags)
        source = .set(content.source.map(StorySourcePatch.init))
    }
}

extension UpdatePatch {
    /// A patch that names every member.
    fileprivate init(_ content: UpdateContent) {
        self.init()
        title = .set(content.title)
        body = .set(content.body)
        author = .set(content.author)
        sources = .set(content.sources)
        media = .set(content.media)
        tags = .set(content.tags)
    }
}
