import Foundation

/// Unpacks gzip by a program that is not ours.
func gunzip(_ bytes: [UInt8]) throws -> [UInt8] {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("gunzip-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let (packed, plain) = (folder.appendingPathComponent("a.gz"), folder.appendingPathComponent("a"))
    try Data(bytes).write(to: packed)
    // A command line of our own words; `system` needs no pipe that tests side by side could hold open.
    guard system("gzip --decompress '\(packed.path)'") == 0 else { throw GunzipError() }
    return Array(try Data(contentsOf: plain))
}

struct GunzipError: Error {}
