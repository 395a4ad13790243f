// SPDX-License-Identifier: Apache-2.0
internal import Stories

/// What fits on a page, in rows and in bytes; the first row always does.
///
/// Rows are left alone from the first that does not fit: SQLite then does not fetch what they hold.
struct PageBudget {
    private let rows: Int
    private let bytes: Int
    private var takenRows = 0
    private var takenBytes = 0
    /// Whether there was more than fits.
    private(set) var isExceeded = false

    init(rows: Int, bytes: Int = Limits.pageBytes) {
        (self.rows, self.bytes) = (rows, bytes)
    }

    /// Reads the next row, unless it or one before it does not fit.
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

/// What a page holds.
protocol PageItem {
    /// Roughly what readers are sent of it.
    var byteCount: Int { get }
}

extension RenderedRow: PageItem {
    var byteCount: Int { rendered.bytes.count + unrenderedBytes }
}

extension Update: PageItem {
    var byteCount: Int { content.byteCount + bodyHtml.utf8.count + Self.otherMembers }

    /// Names, times, the id.
    private static let otherMembers = 1_024
}

extension Draft: PageItem {
    var byteCount: Int { content.byteCount + bodyHtml.utf8.count + Self.otherMembers }

    /// Names, times, the id.
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
