// SPDX-License-Identifier: Apache-2.0
public import HTTP

/// Copies folders between storages of any kind, a few at a time. What it has copied is durable and stays, so that it can be repeated after an
/// interruption, and then goes on with the rest.
public struct MediaCopy: Sendable {
    private let source: any MediaStorage
    private let target: any MediaStorage
    private let depth: Depth

    /// What is compared of files that are not copied: those that the target has already, and links.
    public enum Depth: Sendable {
        /// Their sizes.
        case sizes
        /// Their bytes, where the storage does not verify checksums itself.
        case bytes
    }

    /// A copy from one storage to another, which is prepared.
    public init(from source: any MediaStorage, to target: any MediaStorage, comparing depth: Depth) {
        (self.source, self.target, self.depth) = (source, target, depth)
    }

    /// Copies the folders that the target does not have, and replaces those that are not as they must be. Each file is compared with its
    /// size and SHA-256 before its folder appears in the target. `onFolder` is called with the number of folders that are done.
    ///
    /// - Returns: what is wrong with folders in the source that could not be copied.
    /// - Throws: why the target cannot be listed or written, or the source not be reached.
    public func run(
        _ folders: [ExpectedFolder], onFolder: (_ done: Int) -> Void = { _ in }
    ) async throws(FileError) -> [MediaFault] {
        let inventory = try await MediaInventory(of: folders, in: target)
        let incomplete = try await self.incomplete(of: folders, inventory)
        var (done, faults, failure) = (folders.count - incomplete.count, [MediaFault](), FileError?.none)
        onFolder(done)
        await ParallelWork.run(incomplete) { [self] folder in
            await copy(folder, replacing: inventory.present.contains(folder.name))
        } each: { outcome in
            done += 1
            switch outcome {
            case .copied: break
            case .faulty(let found): faults += found
            case .failed(let error): failure = failure ?? error
            }
            onFolder(done)
            return failure == nil
        }
        if let failure { throw failure }
        return faults.sorted { $0.description < $1.description }
    }

    private func incomplete(
        of folders: [ExpectedFolder], _ inventory: MediaInventory
    ) async throws(FileError) -> [ExpectedFolder] {
        let faulty = Set(inventory.faults.map(\.folder))
        let others = folders.filter { faulty.contains($0.name) }
        guard depth == .bytes, !target.verifiesChecksums else { return others }
        let damaged = Set(
            await target.faults(of: folders.filter { !faulty.contains($0.name) }).map(\.folder))
        return others + folders.filter { damaged.contains($0.name) }
    }

    private enum Outcome: Sendable {
        case copied
        case faulty([MediaFault])
        case failed(FileError)
    }

    private func copy(_ folder: ExpectedFolder, replacing: Bool) async -> Outcome {
        do {
            if replacing { try await target.remove(folder.name) }
            try await target.write(folder.name) { path in
                let faults = try await fetch(folder, to: path)
                if !faults.isEmpty { throw Faults(list: faults) }
            }
            return .copied
        } catch let error as Faults {
            return .faulty(error.list)
        } catch let error as FileError {
            return .failed(error)
        } catch {
            return .failed(FileError(call: "copy", code: 0, detail: "\(error)"))
        }
    }

    private struct Faults: Error {
        let list: [MediaFault]
    }

    /// Puts the files of a folder at a path; returns what is wrong with them.
    private func fetch(_ folder: ExpectedFolder, to path: String) async throws(FileError) -> [MediaFault] {
        var faults: [MediaFault] = []
        for file in folder.files {
            let copy = "\(path)/\(file.name)"
            do throws(FileError) {
                let isLink = try await source.fetch(file.name, in: folder.name, to: copy)
                let fault = try await fault(
                    ofCopy: copy, of: file, in: folder.name, readingIt: !isLink || depth == .bytes)
                if let fault { faults.append(fault) }
            } catch {
                guard error.isMissing else { throw error }
                faults.append(.missing(file, in: folder.name))
            }
        }
        return faults
    }

    private func fault(
        ofCopy path: String, of file: ExpectedFile, in folder: String, readingIt: Bool
    ) async throws(FileError) -> MediaFault? {
        let body = try await BlockingWork.run { () throws(FileError) in try FileBody(path: path) }
        if let fault = MediaFault.size(body.size, of: file, in: folder) { return fault }
        guard readingIt else { return nil }
        return .checksum(
            try await FileDigest.sha256(of: body.descriptor, 0..<body.size), of: file, in: folder)
    }
}
