// SPDX-License-Identifier: Apache-2.0
extension PageTextImporter.Reader {
    /// Parses what is between the title and the first update.
    mutating func readFront(_ lines: ArraySlice<PageTextImporter.Line>) {
        let heading = lines.firstIndex(where: \.isKeyPointsHeading) ?? lines.endIndex
        readPreface(lines[..<heading])
        readKeyPoints(lines[heading...])
    }

    /// Parses byline, date and standfirst.
    private mutating func readPreface(_ lines: ArraySlice<PageTextImporter.Line>) {
        let title = PageTextImporter.FoldedText(page.title[...])
        var preface = Preface()
        for line in lines {
            if title.isAlike(line.text) {
                drop(line, because: "it repeats the title")
            } else if let dateline = line.dateline, preface.takes(dateline) {
                read(dateline, of: line, into: &preface)
            } else {
                preface.standfirst.append(String(line.text))
                mark(line, .standfirst)
                warnOfTailMark(line)
            }
        }
        page.summary = preface.standfirst.isEmpty ? nil : preface.standfirst.joined(separator: "\n\n")
    }

    private mutating func read(
        _ dateline: PageTextImporter.Line.Dateline, of line: PageTextImporter.Line,
        into preface: inout Preface
    ) {
        if let byline = dateline.byline {
            page.byline = byline.isBlank ? nil : member(byline, of: line)
            preface.hasByline = true
            mark(line, .byline)
        }
        if let date = dateline.date {
            readDate(date, of: line, isRepeat: preface.hasDate, besideByline: dateline.byline != nil)
            preface.hasDate = true
        }
    }

    private mutating func readDate(
        _ text: Substring, of line: PageTextImporter.Line, isRepeat: Bool, besideByline: Bool
    ) {
        if isRepeat {
            drop(line, because: "the page has its date already")
        } else if let milliseconds = PageTextImporter.milliseconds(fromDate: text) {
            page.sourceDateMilliseconds = milliseconds
            mark(line, .date)
        } else if besideByline {
            warn(line, "left out the date “\(Self.excerpt(text))”: it is no date and time")
        } else {
            drop(line, because: "it is no date and time")
        }
    }

    /// Parses the list of key points, beginning with its heading.
    ///
    /// A line without a dash is a key point of its own, not a continuation: saved pages have one paragraph
    /// per line.
    private mutating func readKeyPoints(_ lines: ArraySlice<PageTextImporter.Line>) {
        for (index, line) in zip(lines.indices, lines) {
            if line.isKeyPointsHeading {
                mark(line, .keyPointsHeading)
                if index > lines.startIndex { warn(line, "a second list of key points joins the first") }
            } else if let point = line.bulleted {
                readKeyPoint(point, of: line)
            } else {
                readKeyPoint(line.text, of: line)
                warn(line, "no dash before this key point: kept as a point of its own")
            }
        }
    }

    private mutating func readKeyPoint(_ point: Substring, of line: PageTextImporter.Line) {
        guard !point.isBlank else { return drop(line, because: "the key point is empty") }
        page.keyPoints.append(member(point, of: line))
        mark(line, .keyPoint)
    }
}

/// Parser state between the title and the key points.
private struct Preface {
    var hasByline = false
    var hasDate = false
    var standfirst: [String] = []

    /// A byline can only come first: a later line that ends in “View” is prose.
    func takes(_ dateline: PageTextImporter.Line.Dateline) -> Bool {
        dateline.byline == nil || !hasByline && !hasDate && standfirst.isEmpty
    }
}
