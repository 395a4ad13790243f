// SPDX-License-Identifier: Apache-2.0
internal import Stories
internal import Synchronization

/// Carries a result from the writer's queue to the caller, who reads it only after the commit.
final class CommandResult<Value: Sendable>: Sendable {
    private let result = Mutex<Result<Value, StoryError>?>(nil)

    /// Runs the body and stores its result or error; returns whether it succeeded.
    func keep(
        from transaction: Transaction, _ body: (Transaction) throws(StoryError) -> Value
    ) -> Bool {
        do throws(StoryError) {
            let value = try body(transaction)
            result.withLock { $0 = .success(value) }
            return true
        } catch {
            result.withLock { $0 = .failure(error) }
            return false
        }
    }

    /// Returns the stored result; a success counts only if the transaction did not fail.
    func value(unless failure: StoryError?) -> Result<Value, StoryError> {
        let kept = result.withLock { $0 }
        guard let failure else { return kept ?? .failure(.storage(.busy)) }
        if case .failure? = kept { return kept ?? .failure(failure) }
        return .failure(failure)
    }
}
