extension StringProtocol {
    /// Whether the other text is the same to the byte. `==` asks whether they look alike, and may take long to find out.
    public func hasSameBytes(as other: some StringProtocol) -> Bool {
        utf8.count == other.utf8.count && utf8.elementsEqual(other.utf8)
    }
}

extension RawRepresentable where Self: CaseIterable, RawValue == String {
    /// The one of a closed set of values that is written so, to the byte; nil where none is.
    public init?(exactly text: some StringProtocol) {
        guard let value = Self.allCases.first(where: { $0.rawValue.hasSameBytes(as: text) }) else {
            return nil
        }
        self = value
    }
}

extension Hasher {
    /// Takes in a text by its bytes, as ``StringProtocol/hasSameBytes(as:)`` compares it.
    mutating func combine(bytesOf text: String) {
        var text = text
        text.withUTF8 { combine(bytes: UnsafeRawBufferPointer($0)) }
        // No byte of UTF-8: so the end of one text is not taken for the beginning of the next.
        combine(UInt8.max)
    }
}
