// SPDX-License-Identifier: Apache-2.0
/// A format that pictures are read in and written in. The raw value is its media type (IANA's registry).
public enum ImageFormat: String, CaseIterable, Sendable {
    case jpeg = "image/jpeg"
    case png = "image/png"
    case webp = "image/webp"
    case gif = "image/gif"
}
