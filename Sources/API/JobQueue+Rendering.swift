// SPDX-License-Identifier: Apache-2.0
internal import Live
internal import Stories

extension JobQueue {
    /// Renders texts, in order. A batch is split into jobs of at most `Limits.updateBodyBytes`, so that it takes turns with others.
    func render(
        _ texts: [String], _ html: @escaping @Sendable (String) -> String
    ) async throws(StoryError) -> [String] {
        let size = texts.reduce(0) { $0 + $1.utf8.count }
        if size <= Self.shortBytes, let rendered = runAtOnce({ texts.map(html) }) { return rendered }
        var rendered: [String] = []
        rendered.reserveCapacity(texts.count)
        while rendered.count < texts.count {
            let group = texts[rendered.count...].prefix(ofBytes: Limits.updateBodyBytes)
            do throws(JobQueue.Refused) {
                rendered += try await run { group.map(html) }
            } catch {
                throw .overloaded
            }
        }
        return rendered
    }

    /// Bytes that are rendered in about 100 µs, whatever they contain: not worth a queued job.
    private static let shortBytes = 2 * 1_024
}

extension ArraySlice<String> {
    /// Returns the longest prefix of at most `limit` bytes in total, but at least one text.
    fileprivate func prefix(ofBytes limit: Int) -> Self {
        var size = 0
        let end = indices.first { index in
            size += self[index].utf8.count
            return size > limit && index > startIndex
        }
        return self[..<(end ?? endIndex)]
    }
}
