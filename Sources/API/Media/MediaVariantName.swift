// SPDX-License-Identifier: Apache-2.0
internal import Stories

extension MediaVariant {
    /// The names of the files that lie below `/media/{media}`, such as `640.webp`.
    private static let smallerNames = MediaAsset.widths.flatMap { width in
        Format.allCases.map { name(width: width, $0) }
    }

    /// Returns the own constant that equals a text of a client; `nil` if no file can have that name.
    static func smallerName(_ text: String) -> String? {
        smallerNames.first { $0.hasSameBytes(as: text) }
    }
}
