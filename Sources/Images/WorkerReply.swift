// SPDX-License-Identifier: Apache-2.0
/// What the worker answers: a line. The server does not trust it more than the picture, since a bug in a decoder could make it say anything.
enum WorkerReply {
    /// The worker could start.
    case ready
    case image(ProcessedImage)
    /// A picture was drawn; `missing` is a letter that no font has.
    case drawn(missing: Unicode.Scalar?)
    case error(ImageError)

    /// No reply is longer.
    static let maximumBytes = 1_024

    /// `ready`; `drawn` or `drawn 3588`, the letter's number; `image image/jpeg 4000 3000 0 #aabbcc original 320.webp …`; or the name of an error, its `errno` and its sentence.
    var line: String {
        switch self {
        case .ready: "ready\n"
        case .image(let image):
            ([
                "image", image.format.rawValue, "\(image.width)", "\(image.height)",
                image.isAnimated ? "1" : "0",
                image.color,
            ] + image.files.map(\.name)).joined(separator: " ") + "\n"
        case .drawn(let missing): missing.map { "drawn \($0.value)\n" } ?? "drawn\n"
        case .error(let error): Self.line(error)
        }
    }

    private static func line(_ error: ImageError) -> String {
        switch error {
        case .unsupported(let text): "unsupported 0 \(text)\n"
        case .damaged(let text): "damaged 0 \(text)\n"
        case .tooLarge(let text): "tooLarge 0 \(text)\n"
        case .storage(let number): "storage \(number)\n"
        case .busy: "failed 0 busy\n"
        case .failed(let text): "failed 0 \(text)\n"
        }
    }

    /// `nil` if it is no line that a worker would write. Files have no lengths yet.
    init?(_ line: String, _ limits: ImageLimits) {
        guard line.utf8.last == UInt8(ascii: "\n"), line.utf8.count <= Self.maximumBytes else { return nil }
        let words = line.utf8.dropLast().split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
            .map { String(Substring($0)) }
        if words == ["ready"] {
            self = .ready
        } else if words[0] == "drawn" {
            let missing = words.dropFirst().first.flatMap { UInt32($0) }.flatMap { Unicode.Scalar($0) }
            guard words.count == (missing == nil ? 1 : 2) else { return nil }
            self = .drawn(missing: missing)
        } else if words[0] == "image" {
            guard let image = Self.image(words.dropFirst(), limits) else { return nil }
            self = .image(image)
        } else {
            guard let error = Self.error(words) else { return nil }
            self = .error(error)
        }
    }

    private static func image(_ words: ArraySlice<String>, _ limits: ImageLimits) -> ProcessedImage? {
        let words = Array(words)
        guard words.count > 5, let format = ImageFormat.allCases.first(where: { $0.rawValue == words[0] }),
            let width = Int(words[1]), (1...limits.side).contains(width),
            let height = Int(words[2]), (1...limits.side).contains(height),
            isColor(words[4]), words[5] == OutputName.original,
            words[5...].allSatisfy(OutputName.all.contains)
        else { return nil }
        let files = OutputName.all.filter(words[5...].contains).map {
            ProcessedFile(name: $0, format: OutputName.format(of: $0, original: format), bytes: 0)
        }
        return ProcessedImage(
            format: format, width: width, height: height, isAnimated: words[3] == "1", color: words[4],
            files: files)
    }

    private static func isColor(_ text: String) -> Bool {
        text.utf8.count == 7 && text.utf8.first == UInt8(ascii: "#")
            && text.utf8.dropFirst().allSatisfy { "0123456789abcdef".utf8.contains($0) }
    }

    private static func error(_ words: [String]) -> ImageError? {
        guard words.count >= 2, let number = Int32(words[1]) else { return nil }
        let text = words.dropFirst(2).joined(separator: " ")
        return switch words[0] {
        case "unsupported": .unsupported(text)
        case "damaged": .damaged(text)
        case "tooLarge": .tooLarge(text)
        case "storage": .storage(number)
        case "failed": .failed(text)
        default: nil
        }
    }
}
