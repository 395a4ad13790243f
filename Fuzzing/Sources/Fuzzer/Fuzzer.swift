// SPDX-License-Identifier: Apache-2.0
import Foundation

/// The property to fuzz, selected by `WIREROOM_PROPERTY`.
private let property: Property = {
    let name = ProcessInfo.processInfo.environment["WIREROOM_PROPERTY"] ?? ""
    guard let property = Property.all.first(where: { $0.name == name }) else {
        fatalError("WIREROOM_PROPERTY must be one of \(Property.all.map(\.name)), not \"\(name)\"")
    }
    return property
}()

/// Called by libFuzzer with each generated input.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let input = Array(UnsafeBufferPointer(start: bytes, count: count))
    if let violation = property.violation(input) { fatalError("\(property.name): \(violation)") }
    return 0
}
