// SPDX-License-Identifier: Apache-2.0
/// Polls a condition once a millisecond, yielding the thread in between, since all tests share a few threads. Throws after two minutes: a
/// test that hangs would not say where.
public func until(
    file: StaticString = #fileID, line: UInt = #line, _ hasHappened: () -> Bool
) async throws {
    let deadline = ContinuousClock.now + .seconds(120)
    while !hasHappened() {
        guard ContinuousClock.now < deadline else {
            throw NeverHappened(description: "\(file):\(line)")
        }
        try await Task.sleep(for: .milliseconds(1))
    }
}

/// What a test waited for did not happen.
public struct NeverHappened: Error, CustomStringConvertible {
    /// Where it was waited for.
    public let description: String
}
