// SPDX-License-Identifier: Apache-2.0
public import HTTP

/// The files that a storage lists, compared by name and size with those that must be there. Nothing is read.
public struct MediaInventory: Sendable {
    /// What is missing, or has another size.
    public private(set) var faults: [MediaFault] = []
    /// Folders, and files `<folder>/<file>` of known ones, that nothing expects.
    public private(set) var strays: [String] = []
    /// The folders that have at least one file.
    public private(set) var present: Set<String> = []

    /// Lists the storage. Takes memory for what is expected, not for what is there.
    public init(of folders: [ExpectedFolder], in storage: any MediaStorage) async throws(FileError) {
        var unseen = Dictionary(uniqueKeysWithValues: folders.map { ($0.name, $0.files) })
        var (strays, present, faults) = (Set<String>(), Set<String>(), [MediaFault]())
        try await storage.list { page in
            for file in page {
                guard let expected = unseen[file.folder] else {
                    strays.insert(file.folder)
                    continue
                }
                present.insert(file.folder)
                guard let index = expected.firstIndex(where: { $0.name == file.name }) else {
                    strays.insert("\(file.folder)/\(file.name)")
                    continue
                }
                unseen[file.folder]?.remove(at: index)
                faults += MediaFault.size(file.bytes, of: expected[index], in: file.folder).map { [$0] } ?? []
            }
        }
        for (folder, files) in unseen { faults += files.map { MediaFault.missing($0, in: folder) } }
        (self.strays, self.present) = (strays.sorted(), present)
        self.faults = faults.sorted { $0.description < $1.description }
    }
}
