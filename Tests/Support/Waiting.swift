/// Waits for what others do: looks each millisecond, and leaves the few threads that all tests share to them in between.
public func until(_ hasHappened: () -> Bool) async throws {
    while !hasHappened() { try await Task.sleep(for: .milliseconds(1)) }
}
