// SPDX-License-Identifier: Apache-2.0
/// What the worker is asked for, as the arguments of its command.
struct WorkerRequest: Hashable {
    /// Where the picture is in its file; `nil` to see only whether the worker could start.
    var range: Range<Int>?
    var limits: ImageLimits

    init(_ range: Range<Int>?, _ limits: ImageLimits) { (self.range, self.limits) = (range, limits) }

    /// `nil` unless they are all that ``arguments`` writes.
    init?(_ arguments: [String]) {
        let numbers = arguments.compactMap { Int($0) }
        guard numbers.count == 10, arguments.count == 10, numbers.allSatisfy({ $0 >= 0 }) else { return nil }
        range = numbers[0] <= numbers[1] ? numbers[0]..<numbers[1] : nil
        limits = ImageLimits(
            pixels: numbers[2], side: numbers[3], frames: numbers[4], animationPixels: numbers[5],
            bytes: numbers[6], fileBytes: numbers[7], memory: numbers[8], seconds: numbers[9])
    }

    var arguments: [String] {
        // An end before the beginning is no range.
        let bounds = range.map { [$0.lowerBound, $0.upperBound] } ?? [1, 0]
        return
            (bounds + [
                limits.pixels, limits.side, limits.frames, limits.animationPixels, limits.bytes,
                limits.fileBytes, limits.memory, limits.seconds,
            ]).map(String.init)
    }
}

/// The descriptors that the worker has.
enum WorkerDescriptor {
    static let input: Int32 = 0
    static let reply: Int32 = 1
    /// That of the first of ``OutputName/all``; the others follow.
    static let firstOutput: Int32 = 3
    /// Of a worker that draws.
    static let logo: Int32 = 4
}

/// The names of the files that the worker may fill.
enum OutputName {
    static let original = "original"
    static let all = [original] + ProcessedImage.widths.flatMap { ["\($0).webp", "\($0).jpg"] }

    /// The format of a file of this name; of the original that of the picture.
    static func format(of name: String, original: ImageFormat) -> ImageFormat {
        name == Self.original ? original : name.utf8.last == UInt8(ascii: "p") ? .webp : .jpeg
    }
}
