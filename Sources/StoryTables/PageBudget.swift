// SPDX-License-Identifier: Apache-2.0
internal import Stories

/// The limits of a page in rows and bytes; the first row always fits.
///
/// After the first row that does not fit, rows are not read, so that SQLite does not fetch their columns.
struct PageBudget {
    private let rows: Int
    private let bytes: Int
    private var takenRows = 0
    private var takenBytes = 0
    /// Whether there were more rows than fit.
    private(set) var isExceeded = false

    init(rows: Int, bytes: Int = Limits.pageBytes) {
        (self.rows, self.bytes) = (rows, bytes)
    }

    /// Reads the next row; returns `nil` if it or an earlier one does not fit.
    mutating func take<Found: PageItem>(_ read: () -> Found) -> Found? {
        guard !isExceeded, takenRows < rows else {
            isExceeded = true
            return nil
        }
        let found = read()
        guard takenRows == 0 || takenBytes + found.byteCount <= bytes else {
            isExceeded = true
            return nil
        }
        takenRows += 1
        takenBytes += found.byteCount
        return found
    }
}

/// An item of a page.
protocol PageItem {
    /// Approximate bytes of its encoding.
    var byteCount: Int { get }
}

extension RenderedRow: PageItem {
    var byteCount: Int { rendered.bytes.count + unrenderedBytes }
}

extension Update: PageItem {
    var byteCount: Int {
        let cards = cards.reduce(0) { $0 + $1.url.utf8.count + ($1.text.description?.utf8.count ?? 0) }
        return content.byteCount + bodyHtml.utf8.count + cards + Self.otherMembers
    }

    /// Approximate bytes of member names, times and id.
    private static let otherMembers = 1_024
}

extension Draft: PageItem {
    var byteCount: Int { content.byteCount + bodyHtml.utf8.count + Self.otherMembers }

    /// Approximate bytes of member names, times and id.
    private static let otherMembers = 1_024
}

extension FeedChange: PageItem {
    var byteCount: Int {
        if case .put(let update) = self { update.byteCount } else { Self.removalBytes }
    }

    private static let removalBytes = 128
}

extension UpdateContent {
    fileprivate var byteCount: Int {
        let sources = sources.reduce(0) { $0 + $1.name.utf8.count + ($1.url?.utf8.count ?? 0) }
        let media = media.reduce(0) { sum, medium in
            [medium.alt, medium.caption, medium.credit].reduce(sum + medium.url.utf8.count) {
                $0 + ($1?.utf8.count ?? 0)
            }
        }
        return body.utf8.count + sources + media
    }
}
