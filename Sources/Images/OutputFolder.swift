// SPDX-License-Identifier: Apache-2.0
internal import CImages
internal import Glibc

/// The folder that a worker's files are in. The server makes them, so that the worker need not open any.
struct OutputFolder: ~Copyable {
    private let descriptor: Int32
    /// In the order of ``OutputName/all``; those that could be made.
    private(set) var files: [Int32] = []
    private var isKept = false

    /// Makes all files that there may be.
    init(_ path: String) throws(ImageError) {
        // Closed in programs that are started meanwhile.
        descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .storage(errno) }
        for name in OutputName.all {
            let file = cimages_create(descriptor, name)
            guard file >= 0 else { throw .storage(errno) }
            files.append(file)
        }
    }

    deinit {
        // Only the files that this call has created are removed; a later one may have existed before.
        if !isKept { for (name, _) in zip(OutputName.all, files) { unlinkat(descriptor, name, 0) } }
        for file in files { close(file) }
        if descriptor >= 0 { close(descriptor) }
    }

    /// Removes the files that the image has not, and returns it with the lengths of the others.
    mutating func keep(_ image: ProcessedImage) throws(ImageError) -> ProcessedImage {
        var image = image
        for index in image.files.indices { image.files[index].bytes = try length(image.files[index].name) }
        let names = image.files.map(\.name)
        for name in OutputName.all where !names.contains(name) {
            guard unlinkat(descriptor, name, 0) == 0 else { throw .storage(errno) }
        }
        isKept = true
        return image
    }

    private func length(_ name: String) throws(ImageError) -> Int {
        guard let index = OutputName.all.firstIndex(of: name) else { throw .storage(ENOENT) }
        var status = stat()
        guard fstat(files[index], &status) == 0 else { throw .storage(errno) }
        guard status.st_size > 0 else { throw .failed("the image worker left \(name) empty") }
        return Int(status.st_size)
    }
}
