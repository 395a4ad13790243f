// SPDX-License-Identifier: Apache-2.0
extension PageTextImporter.Reader {
    /// Parses the updates, beginning with the separator before the first.
    mutating func readUpdates(_ lines: ArraySlice<PageTextImporter.Line>) {
        var paragraphs: [String] = []
        var separator: PageTextImporter.Line?
        for line in lines {
            if line.isSeparator {
                endUpdate(paragraphs, begunBy: separator)
                paragraphs = []
                separator = line
                mark(line, .separator)
            } else {
                paragraphs.append(PageTextImporter.Paragraph(line.text).commonMark)
                mark(line, .paragraph(update: page.updates.count))
                warnOfTailMark(line)
            }
        }
        endUpdate(paragraphs, begunBy: separator)
    }

    private mutating func endUpdate(_ paragraphs: [String], begunBy separator: PageTextImporter.Line?) {
        if !paragraphs.isEmpty {
            page.updates.append(paragraphs.joined(separator: "\n\n"))
        } else if let separator {
            warn(separator, "no text after this separator, so no update")
        }
    }

    /// Warns that a line which would have a meaning in the tail was kept as text.
    mutating func warnOfTailMark(_ line: PageTextImporter.Line) {
        if line.reaction != nil {
            warn(line, "kept as text: a reaction count is read only where the updates end")
        } else if line.list != nil {
            warn(line, "kept as text: a list begins only where the updates end")
        }
    }
}
