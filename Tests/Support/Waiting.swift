// SPDX-License-Identifier: Apache-2.0
/// Polls a condition once a millisecond, yielding the thread in between, since all tests share a few threads.
public func until(_ hasHappened: () -> Bool) async throws {
    while !hasHappened() { try await Task.sleep(for: .milliseconds(1)) }
}
