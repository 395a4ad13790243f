// SPDX-License-Identifier: Apache-2.0
extension StoryDocument {
    /// Converts a live page to a document, with a report of what was omitted. A list above the domain's limit is truncated,
    /// and every omitted entry is named.
    public static func reading(
        _ page: PageTextImporter, _ sourceMap: PageTextImporter.SourceMap
    ) -> (document: StoryDocument, report: ImportReport) {
        var warnings = page.warnings.map { ImportReport.Warning(line: $0.line, $0.detail) }
        var content = StoryContent(title: page.title)
        content.section = cut(page.section, to: Limits.sections, "breadcrumb", &warnings) { _ in
            sourceMap.breadcrumb
        }
        content.byline = page.byline
        content.summary = page.summary
        content.keyPoints = cut(
            page.keyPoints, to: Limits.keyPoints, "key points", &warnings, sourceMap.keyPoint)
        content.source = source(of: page, sourceMap, &warnings)
        var document = StoryDocument(content: content)
        document.updates = page.updates.map { UpdateEntry(content: UpdateContent(body: $0)) }
        for list in PageTextImporter.List.allCases {
            let kept = cut(
                page[keyPath: list.titles], to: Limits.links, "list \"\(list.rawValue)\"", &warnings
            ) { sourceMap.item($0, of: list) }
            document.links[list.kind] = kept.map { Link(title: $0) }
        }
        document.reactions = page.reactions
        var report = document.report
        report.warnings = warnings.inPageOrder
        return (document, report)
    }

    /// The source of the date: the page's site, otherwise the byline.
    private static func source(
        of page: PageTextImporter, _ sourceMap: PageTextImporter.SourceMap,
        _ warnings: inout [ImportReport.Warning]
    ) -> StorySource? {
        let date = page.sourceDateMilliseconds.map(Timestamp.init(milliseconds:))
        if let site = page.sourceName { return StorySource(name: site, date: date) }
        guard let date else { return nil }
        guard let byline = page.byline else {
            let detail = "left out the date: the page names neither a site nor a byline that it could be of"
            warnings.append(.init(line: sourceMap.date, detail))
            return nil
        }
        let detail = "the page names no site: the date was kept with the byline as the source"
        warnings.append(.init(line: sourceMap.date, detail))
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

    /// Validation errors, located by lines of the page, since its sender has never seen the document.
    public func errors(in sourceMap: PageTextImporter.SourceMap) -> [ValidationError] {
        errors().map { fault in
            guard let (name, line) = sourceMap.part(of: fault.pointer), let line else {
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
    /// Sorted by line; stable.
    fileprivate var inPageOrder: Self { sorted { ($0.line ?? .max) < ($1.line ?? .max) } }
}

extension StoryDocument {
    /// Validation errors, with pointers into the JSON form of the document.
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
    /// The error for too many updates; `nil` if there are not too many.
    public static func fault(ofCount count: Int) -> ValidationError? {
        guard count > Limits.importUpdates else { return nil }
        return ValidationError("/updates", "must hold at most \(Limits.importUpdates) updates, not \(count)")
    }

    /// The error for too many pinned updates, at the first in excess.
    public var pinFaults: [ValidationError] {
        let pinned = updates.indices.filter { updates[$0].content.pinned }
        return pinned.dropFirst(Limits.pinnedUpdates).prefix(1).map { index in
            ValidationError(
                "/updates/\(index)/pinned",
                "a story can have \(Limits.pinnedUpdates) pinned updates, not \(pinned.count)")
        }
    }
}
