// SPDX-License-Identifier: Apache-2.0
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
}
