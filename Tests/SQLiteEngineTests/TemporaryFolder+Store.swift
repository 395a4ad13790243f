// SPDX-License-Identifier: Apache-2.0
import Glibc
import SQLiteEngine
import StoreSupport
import Stories
import StoryTables
import Support

extension TemporaryFolder {
    /// A store in this folder, opened by a server or a command.
    func store(_ clock: ManualClock = ManualClock(), role: SQLiteEngine.Role = .command) throws -> TableStore
    {
        try TableStore(path: file("test.db"), role: role, renderer: .plain { "<\($0)>" }, now: { clock.now })
    }

    /// A store as a restarted server has it. The lock of the former one may be held a moment longer: by what it was still doing, or by
    /// a child process between its fork and its exec.
    func restartedStore() throws -> TableStore {
        for _ in 0..<200 {
            if let store = try? store(role: .server) { return store }
            usleep(10_000)
        }
        return try store(role: .server)
    }
}
