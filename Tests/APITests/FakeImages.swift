// SPDX-License-Identifier: Apache-2.0
import API
import Foundation
import HTTP
import Images
import MediaFiles
import Support
import Synchronization

/// Stands for the image worker: makes the files of a picture, 2,048 pixels wide unless told otherwise, of whatever it is given. Texts that
/// begin with a word of ``errors`` are refused.
final class FakeImages: ImageProcessing {
    private let width: Int
    private let calls = Atomic<Int>(0)

    /// Pictures that were processed.
    var count: Int { calls.load(ordering: .relaxed) }

    static let errors: [String: ImageError] = [
        "drawing": .unsupported("This is an SVG drawing."), "cut": .damaged("The picture ends too early."),
        "huge": .tooLarge("The picture has more than 60000000 pixels."), "busy": .busy,
        "full": .storage(ENOSPC), "failing": .storage(EIO), "broken": .failed("a library is missing"),
    ]

    init(width: Int = 2_048) { self.width = width }

    func process(
        _ descriptor: Int32, _ range: Range<Int>, into folder: String
    ) async throws(ImageError) -> ProcessedImage {
        calls.add(1, ordering: .relaxed)
        var bytes = [UInt8](repeating: 0, count: range.count)
        guard pread(descriptor, &bytes, bytes.count, off_t(range.lowerBound)) == bytes.count else {
            throw .storage(errno)
        }
        let text = String(decoding: bytes, as: UTF8.self)
        for (word, error) in Self.errors where text.hasPrefix(word) { throw error }
        var files: [ProcessedFile] = []
        let smaller = ProcessedImage.widths.filter { $0 < width }
        for name in ["original"] + smaller.flatMap({ ["\($0).webp", "\($0).jpg"] }) {
            let content = Data((name == "original" ? text : "\(name) of \(text)").utf8)
            guard FileManager.default.createFile(atPath: "\(folder)/\(name)", contents: content) else {
                throw .storage(EIO)
            }
            let format: ImageFormat = name.hasSuffix("webp") ? .webp : .jpeg
            files.append(ProcessedFile(name: name, format: format, bytes: content.count))
        }
        return ProcessedImage(
            format: .jpeg, width: width, height: width * 2 / 3, isAnimated: false, color: "#5b6a72",
            files: files)
    }
}

extension API.MediaSettings {
    /// Media assets below a folder, decoded by a fake.
    static func fake(
        in folder: String, _ images: some ImageProcessing = FakeImages()
    ) throws -> API.MediaSettings {
        let storage = FolderStorage(path: folder + "/media")
        try storage.prepare()
        return API.MediaSettings(storage: storage, spoolFolder: folder, images: images)
    }
}
