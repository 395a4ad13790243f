// SPDX-License-Identifier: Apache-2.0
import Synchronization
import Testing

@testable import Live

@Suite("Async semaphore")
struct AsyncSemaphoreTests {
    /// Records which tasks run and which have finished.
    private final class Book: Sendable {
        let state = Mutex((atWork: 0, most: 0, done: [Int]()))

        func begin() {
            state.withLock { state in
                state.atWork += 1
                state.most = max(state.most, state.atWork)
            }
        }

        func end(_ number: Int) {
            state.withLock { state in
                state.atWork -= 1
                state.done.append(number)
            }
        }
    }

    @Test("No more tasks than permits run at once, and every task gets one")
    func bounds() async {
        let (gauge, book) = (AsyncSemaphore.Gauge(), Book())
        let semaphore = AsyncSemaphore(2, gauge: gauge)
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<50 {
                group.addTask {
                    await semaphore.withPermit {
                        book.begin()
                        await Task.yield()
                        book.end(number)
                    }
                }
            }
        }
        #expect(book.state.withLock { $0.done.sorted() } == Array(0..<50))
        #expect(book.state.withLock { $0.most } == 2)
        #expect(gauge.value == 0)
    }

    @Test("A permit is released when its work throws")
    func failure() async {
        let semaphore = AsyncSemaphore(1)
        for _ in 0..<3 {
            await #expect(throws: CancellationError.self) {
                try await semaphore.withPermit { throw CancellationError() }
            }
        }
        #expect(await semaphore.withPermit { 7 } == 7)
    }
}
