// SPDX-License-Identifier: Apache-2.0
/// Escapes plain text as Markdown that renders to just that text, including its line ends.
enum PlainBody {
    /// Characters that CommonMark and its extensions treat as markup anywhere in a line.
    private static let marks = Array("\\`*_[]<>&~|".utf8)

    static func markdown(_ text: String) -> String {
        var (bytes, rest) = ([UInt8](), Array(text.utf8)[...])
        bytes.reserveCapacity(rest.count)
        while !rest.isEmpty {
            let line = rest.prefix { $0 != 0x0A && $0 != 0x0D }
            append(line, to: &bytes)
            rest = rest[line.endIndex...]
            let end = rest.prefix(rest.starts(with: [0x0D, 0x0A]) ? 2 : 1)
            bytes += end
            rest = rest[end.endIndex...]
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func append(_ line: ArraySlice<UInt8>, to bytes: inout [UInt8]) {
        let content = line.drop { $0 == 0x20 || $0 == 0x09 }
        guard !content.isEmpty else { return }
        // Indentation is markup in CommonMark, and HTML collapses leading spaces.
        for byte in line[..<content.startIndex] {
            bytes += String(repeating: "\u{A0}", count: byte == 0x20 ? 1 : 4).utf8
        }
        let digits = content.prefix { (0x30...0x39).contains($0) }
        // Characters that begin a block: at the start of the line, or after the number of an ordered list.
        let block = digits.isEmpty ? "#+-=" : ".)"
        for index in content.indices {
            let isBlockMark = index == digits.endIndex && block.utf8.contains(content[index])
            if isBlockMark || marks.contains(content[index]) { bytes.append(UInt8(ascii: "\\")) }
            bytes.append(content[index])
        }
    }
}
