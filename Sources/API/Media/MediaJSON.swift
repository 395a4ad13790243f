// SPDX-License-Identifier: Apache-2.0
public import JSON
public import Stories

extension MediaAsset: JSONWritable {
    /// Writes its JSON form.
    public func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("id", id)
            $0.member("url", reference.path)
            $0.member("type", type.rawValue)
            $0.member("bytes", bytes)
            $0.member("width", width)
            $0.member("height", height)
            $0.member("color", color)
            $0.member("animated", isAnimated)
            $0.member("widths", widths)
            $0.member("createdAt", createdAt)
        }
    }
}
