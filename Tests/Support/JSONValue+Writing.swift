// SPDX-License-Identifier: Apache-2.0
public import JSON

extension JSONValue: JSONWritable {
    /// Writes exactly one value.
    public func write(to writer: inout JSONWriter) {
        switch self {
        case .null: String?.none.write(to: &writer)
        case .bool(let bool): bool.write(to: &writer)
        case .number(let digits): writer.raw(digits.utf8)
        case .string(let text): writer.string(text)
        case .array(let items): items.write(to: &writer)
        case .object(let members):
            writer.object {
                for member in members { $0.member(named: member.name, member.value) }
            }
        }
    }
}
