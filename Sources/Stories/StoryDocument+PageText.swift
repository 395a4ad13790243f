extension StoryDocument {
    /// The document that a live page makes, and the report of what of it was not taken. A list that is longer than
    /// the domain takes is cut, and every entry that is left out is named.
    public static func reading(
        _ page: PageTextImporter, _ places: PageTextImporter.Places
    ) -> (document: StoryDocument, report: ImportReport) {
        var warnings = page.warnings.map { ImportReport.Warning(line: $0.line, $0.detail) }
        var content = StoryContent(title: page.title)
        content.section = cut(page.section, to: Limits.sections, "breadcrumb", &warnings) { _ in
            places.breadcrumb
        }
        content.byline = page.byline
        content.summary = page.summary
        content.keyPoints = cut(
            page.keyPoints, to: Limits.keyPoints, "key points", &warnings, places.keyPoint)
        content.source = source(of: page, places, &warnings)
        var document = StoryDocument(content: content)
        document.updates = page.updates.map { UpdateEntry(content: UpdateContent(body: $0)) }
        for list in PageTextImporter.List.allCases {
            let kept = cut(
                page[keyPath: list.titles], to: Limits.links, "list \"\(list.rawValue)\"", &warnings
            ) { places.item($0, of: list) }
            document.links[list.kind] = kept.map { Link(title: $0) }
        }
        document.reactions = page.reactions
        var report = document.report
        report.warnings = warnings.inPageOrder
        return (document, report)
    }

    /// A date stands with the site that it is of. Where the page names none, the byline has to do.
    private static func source(
        of page: PageTextImporter, _ places: PageTextImporter.Places, _ warnings: inout [ImportReport.Warning]
    ) -> StorySource? {
        let date = page.sourceDateMilliseconds.map(Timestamp.init(milliseconds:))
        if let site = page.sourceName { return StorySource(name: site, date: date) }
        guard let date else { return nil }
        guard let byline = page.byline else {
            let detail = "left out the date: the page names neither a site nor a byline that it could be of"
            warnings.append(.init(line: places.date, detail))
            return nil
        }
        let detail = "the page names no site: the date was kept with the byline as the source"
        warnings.append(.init(line: places.date, detail))
        return StorySource(name: byline, date: date)
    }

    private static func cut(
        _ items: [String], to limit: Int, _ name: String, _ warnings: inout [ImportReport.Warning],
        _ line: (Int) -> Int?
    ) -> [String] {
        for (index, item) in items.enumerated().dropFirst(limit) {
            let detail = "left out: the \(name) may have \(limit) entries; \"\(item)\""
            warnings.append(.init(line: line(index), detail))
        }
        return Array(items.prefix(limit))
    }

    /// What breaks the domain's rules, with its line in the page that the document was made of: its sender has never seen the document.
    public func errors(in places: PageTextImporter.Places) -> [ValidationError] {
        errors().map { fault in
            guard let (name, line) = places.part(of: fault.pointer), let line else {
                return ValidationError("", fault.detail)
            }
            return ValidationError("", "breaks a rule in line \(line): \(name) \(fault.detail)")
        }
    }
}

extension PageTextImporter.List {
    fileprivate var kind: LinkKind {
        switch self {
        case .related: .related
        case .ranking: .ranking
        case .recommendation: .recommendation
        }
    }
}

extension [ImportReport.Warning] {
    /// By their lines, those of one line in the order in which they came.
    fileprivate var inPageOrder: Self { sorted { ($0.line ?? .max) < ($1.line ?? .max) } }
}

extension StoryDocument {
    /// What breaks the domain's rules, with its place in the JSON form of the document.
    public func errors() -> [ValidationError] {
        if let fault = Self.fault(ofCount: updates.count) { return [fault] }
        var found = pinFaults + StoryPatch(MemberPatch(content)).errors(at: "/story")
        for (index, update) in updates.enumerated() {
            found += MemberPatch(update.content).errors(at: "/updates/\(index)")
        }
        if reactions.count > Limits.reactionKinds {
            found.append(
                ValidationError("/story/reactions", "must have at most \(Limits.reactionKinds) kinds"))
        }
        for (kind, count) in reactions where count > Limits.reactionCount {
            found.append(
                ValidationError("/story/reactions/\(kind)", "must be at most \(Limits.reactionCount)"))
        }
        for kind in LinkKind.allCases { found += Link.errors(in: links[kind], at: "/links/\(kind.rawValue)") }
        return found
    }
}

extension StoryDocument {
    /// What is wrong with so many updates.
    public static func fault(ofCount count: Int) -> ValidationError? {
        guard count > Limits.importUpdates else { return nil }
        return ValidationError("/updates", "must hold at most \(Limits.importUpdates) updates, not \(count)")
    }

    /// What is wrong with the number of pinned updates, at the first that is too many.
    public var pinFaults: [ValidationError] {
        let pinned = updates.indices.filter { updates[$0].content.pinned }
        return pinned.dropFirst(Limits.pinnedUpdates).prefix(1).map { index in
            ValidationError(
                "/updates/\(index)/pinned",
                "a story can have \(Limits.pinnedUpdates) pinned updates, not \(pinned.count)")
        }
    }
}
