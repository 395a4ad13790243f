/// Backslash escapes of characters that mean something to the extensions and nothing to CommonMark's parser, which would leave no
/// trace of the backslash: the character is put aside as a control character that no text may hold.
enum Escapes {
    private static let characters: [UInt8] = "~:.@".utf8.map(\.self)

    /// The text with the escaped characters put aside.
    static func putAside(_ text: [UInt8]) -> [UInt8] {
        guard text.contains(where: { $0 == UInt8(ascii: "\\") || isPutAside($0) }) else { return text }
        var (bytes, isEscaped) = ([UInt8](), false)
        bytes.reserveCapacity(text.count)
        for byte in text {
            if isPutAside(byte) {
                bytes += "\u{FFFD}".utf8
            } else if isEscaped, let place = characters.firstIndex(of: byte) {
                bytes.append(UInt8(place + 1))
            } else {
                bytes.append(byte)
            }
            isEscaped = byte == UInt8(ascii: "\\") && !isEscaped
        }
        return bytes
    }

    /// The character that was put aside, or the byte itself.
    static func restored(_ byte: UInt8) -> UInt8 {
        isPutAside(byte) ? characters[Int(byte) - 1] : byte
    }

    /// A text, in which backslashes work: without those before characters put aside.
    static func unescaped(_ text: [UInt8]) -> [UInt8] {
        guard text.contains(where: isPutAside) else { return text }
        return text.indices.filter { index in
            !(text[index] == UInt8(ascii: "\\") && index + 1 < text.count && isPutAside(text[index + 1]))
        }.map { text[$0] }
    }

    private static func isPutAside(_ byte: UInt8) -> Bool { 1...UInt8(characters.count) ~= byte }
}
