// SPDX-License-Identifier: Apache-2.0
@testable import Stories

/// The property of the importer: every line is blank, kept in a member, or named in a warning.
enum PageTextImporterProperty {
    /// Describes the first line that was lost; nil if none was.
    static func loss(from text: String, in reader: PageTextImporter.Reader) -> String? {
        let lines = PageTextImporter.Line.lines(of: text)
        let warned = reader.page.warnings.map(\.line)
        if lines.count != reader.roles.count {
            return "\(lines.count) lines have \(reader.roles.count) roles"
        }
        if warned != warned.sorted() { return "the warnings are not in the page's order" }
        if let line = warned.first(where: { !(1...max(1, lines.count)).contains($0) }) {
            return "a warning names line \(line) of \(lines.count)"
        }
        let (known, texts) = (Set(warned), PageTexts(reader.page))
        for (line, role) in zip(lines, reader.roles) {
            let isWarned = known.contains(line.number)
            if role == .dropped, !isWarned { return "line \(line.number) is dropped without a warning" }
            if !(isWarned && role != .blank || texts.hold(line, as: role)) {
                return "line \(line.number) as \(role) is lost: \(line.text.debugDescription)"
            }
        }
        return nil
    }

    /// The same for the document converted from the page.
    static func lossInDocument(from text: String, in reader: PageTextImporter.Reader) -> String? {
        let (document, report) = StoryDocument.reading(reader.page, PageTextImporter.SourceMap(reader))
        var read = reader
        read.page = PageTextImporter(document)
        // The byline may have been used as the source of the date.
        if reader.page.sourceName == nil { read.page.sourceName = nil }
        read.page.warnings = report.warnings.compactMap { warning in
            warning.line.map { PageTextImporter.Warning(line: $0, detail: warning.detail) }
        }
        if read.page.warnings.count != report.warnings.count { return "a warning names no line" }
        return loss(from: text, in: read)
    }

    /// The rendered text of a CommonMark paragraph whose only markup is backslash escapes.
    static func plainText(_ source: String) -> String {
        var text = String.UnicodeScalarView()
        var scalars = source.unicodeScalars.makeIterator()
        while let scalar = scalars.next() {
            guard scalar == "\\", let next = scalars.next() else { text.append(scalar); continue }
            let isPunctuation =
                next.isASCII && !next.properties.isAlphabetic && next > " " && next.value < 127
            if !isPunctuation || next.properties.numericType != nil { text.append(scalar) }
            text.append(next)
        }
        return String(text)
    }
}

extension PageTextImporter {
    /// The page that corresponds to a document.
    fileprivate init(_ document: StoryDocument) {
        let content = document.content
        self.init(title: content.title)
        (section, byline, summary, keyPoints) = (
            content.section, content.byline, content.summary, content.keyPoints
        )
        (sourceName, sourceDateMilliseconds) = (content.source?.name, content.source?.date?.milliseconds)
        (updates, reactions) = (document.updates.map(\.content.body), document.reactions)
        related = document.links[.related].map(\.title)
        ranking = document.links[.ranking].map(\.title)
        recommendation = document.links[.recommendation].map(\.title)
    }
}

/// The texts in a page's members, by paragraph.
private struct PageTexts {
    private let page: PageTextImporter
    private let standfirst: Set<Substring>
    private let keyPoints: Set<Substring>
    private let updates: [Set<String>]

    init(_ page: PageTextImporter) {
        self.page = page
        standfirst = Set(Self.paragraphs(page.summary ?? ""))
        keyPoints = Set(page.keyPoints.map { $0[...] })
        updates = page.updates.map {
            Set(Self.paragraphs($0).map { PageTextImporterProperty.plainText(String($0)) })
        }
    }

    /// Whether the member of this role contains the line's text.
    func hold(_ line: PageTextImporter.Line, as role: PageTextImporter.LineRole) -> Bool {
        let text = line.text
        return switch role {
        case .blank: line.isBlank
        case .breadcrumb: [page.section.last, page.sourceName].allSatisfy { $0.map(text.holds) ?? true }
        case .title: page.title == text
        case .byline: page.byline.map(text.hasBeginning) ?? line.dateline?.byline?.isBlank ?? false
        case .date: page.sourceDateMilliseconds != nil
        case .standfirst: standfirst.contains(text)
        case .keyPoint: keyPoints.contains(line.bulleted ?? text)
        case .paragraph(let update): updates[update].contains(String(text))
        case .reaction:
            line.reaction.map { reaction in
                ReactionKind(String(reaction.kind)).map { page.reactions[$0] == reaction.count } ?? false
            } ?? false
        case .listItem(let list): page[keyPath: list.titles].contains(String(line.bulleted ?? text))
        case .keyPointsHeading: line.isKeyPointsHeading
        case .separator: line.isSeparator
        case .listHeading(let list): line.list == list
        case .dropped: false
        }
    }

    private static func paragraphs(_ text: String) -> [Substring] {
        text.split(separator: "\n\n")
    }
}

extension Substring {
    /// Compares bytes, because lines may be cut within a grapheme cluster.
    fileprivate func holds(_ part: String) -> Bool { Array(utf8).contains(Array(part.utf8)) }

    fileprivate func hasBeginning(_ text: String) -> Bool { utf8.starts(with: text.utf8) }
}
