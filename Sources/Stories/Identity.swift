// SPDX-License-Identifier: Apache-2.0
extension StringProtocol {
    /// Bytewise equality. `==` uses canonical equivalence, which can take quadratic time.
    public func hasSameBytes(as other: some StringProtocol) -> Bool {
        utf8.count == other.utf8.count && utf8.elementsEqual(other.utf8)
    }
}

extension RawRepresentable where Self: CaseIterable, RawValue == String {
    /// The case whose raw value has exactly these bytes; `nil` if there is none.
    public init?(exactly text: some StringProtocol) {
        guard let value = Self.allCases.first(where: { $0.rawValue.hasSameBytes(as: text) }) else {
            return nil
        }
        self = value
    }
}

extension Hasher {
    /// Hashes a text by its bytes, consistently with ``StringProtocol/hasSameBytes(as:)``.
    mutating func combine(bytesOf text: String) {
        var text = text
        text.withUTF8 { combine(bytes: UnsafeRawBufferPointer($0)) }
        // A terminator that cannot occur in UTF-8, so that consecutive texts are unambiguous.
        combine(UInt8.max)
    }
}
