import Foundation

/// The law that is tried, by its name in `WIREROOM_LAW`.
private let law: Law = {
    let name = ProcessInfo.processInfo.environment["WIREROOM_LAW"] ?? ""
    guard let law = Law.all.first(where: { $0.name == name }) else {
        fatalError("WIREROOM_LAW must be one of \(Law.all.map(\.name)), not \"\(name)\"")
    }
    return law
}()

/// Called by libFuzzer with each input that it makes.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let input = Array(UnsafeBufferPointer(start: bytes, count: count))
    if let breach = law.breach(input) { fatalError("\(law.name): \(breach)") }
    return 0
}
