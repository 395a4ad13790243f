// SPDX-License-Identifier: Apache-2.0
internal import Resources

/// What browsers are given: scripts, styles and the desk's page, as they lie in `Files`, which the program carries within it.
///
/// There is no build step: modules are joined here, once, when the program first needs them.
public enum Web {
    /// The client by itself, for front ends of others: a module, with its comments.
    public static let client =
        joined(from: "client/follower.js").flatMap { $0 + [UInt8(ascii: "\n")] } + Array(clientExport.utf8)
    /// The types of the client, for TypeScript.
    public static let clientTypes = Array(file("client/client.d.ts"))
    /// The reader's page.
    public static let live = script("reader/live.js")
    /// The widget: a classic script, for any page.
    public static let embed = script("widget/embed.js")
    /// The editor's page.
    public static let desk = script("desk/desk.js")
    /// How the reader's page and the list of stories look.
    public static let liveStyle = Array(file("reader/live.css"))
    /// What stands beside the title of all pages.
    public static let icon = Array(file("shared/icon.svg"))
    /// The style of the editor's page: its frame and forms, then what is shown in them.
    public static let deskStyle = Array(file("desk/desk.css")) + Array(file("desk/views.css"))
    /// The editor's page, which names `/assets/desk.js` and `/assets/desk.css`.
    public static let deskPage = Array(file("desk/desk.html"))

    /// The public interface of the client; what else its modules export is for one another.
    private static let clientExport =
        "export { Feed, Follower, Refusal, comparePlaces, follow, mergedReactions };\n"

    /// A module and all that it needs as one script that leaves no names behind.
    private static func script(_ path: String) -> [UInt8] {
        var packer = ScriptPacker()
        packer.add("(() => {".utf8)
        packer.add("\"use strict\";".utf8)
        for line in withoutComments(joined(from: path)) { packer.add(line) }
        packer.add("})();".utf8)
        return packer.bytes
    }

    /// A module behind all that it imports, each once: a topological order. They share one scope, so no two may
    /// declare the same name.
    private static func joined(from path: String) -> [Line] {
        var (order, seen): ([String], Set<String>) = ([], [])
        func visit(_ path: String) {
            guard seen.insert(path).inserted else { return }
            lines(of: path).compactMap { imported($0, by: path) }.forEach(visit)
            order.append(path)
        }
        visit(path)
        return order.flatMap { lines(of: $0).filter { !isImport($0) }.map(withoutExport) }
    }

    private typealias Line = Slice<UnsafeBufferPointer<UInt8>>

    private static func file(_ path: String) -> UnsafeBufferPointer<UInt8> {
        Resource.bytes(of: "Sources/Web/Files/" + path)
    }

    private static func lines(of path: String) -> [Line] {
        // The first line asks editors to check types.
        file(path).split(separator: UInt8(ascii: "\n")).filter { !$0.elementsEqual("// @ts-check".utf8) }
    }

    /// `import { Feed } from "./feed.js";` stands on one line.
    private static func isImport(_ line: Line) -> Bool {
        line.starts(with: "import ".utf8)
    }

    /// The path of the module that a line imports: `./x.js` is in the importer's folder, `../folder/x.js` in another.
    private static func imported(_ line: Line, by importer: String) -> String? {
        guard isImport(line), let quoted = line.split(separator: UInt8(ascii: "\"")).dropFirst().first else {
            return nil
        }
        let specifier = String(decoding: quoted, as: UTF8.self)
        if specifier.hasPrefix("../") { return String(specifier.dropFirst(3)) }
        return String(importer.prefix { $0 != "/" }) + specifier.dropFirst()
    }

    /// `export` stands before the declaration.
    private static func withoutExport(_ line: Line) -> Line {
        let export = "export ".utf8
        return line.starts(with: export) ? line.dropFirst(export.count) : line
    }

    /// Strips what is only for readers of the source: indentation, and comments on lines of their own.
    private static func withoutComments(_ lines: [Line]) -> [Line] {
        var isInComment = false
        return lines.compactMap { line in
            let text = line.drop { $0 == UInt8(ascii: " ") }
            if text.starts(with: "/**".utf8) { isInComment = true }
            defer { if text.suffix(2).elementsEqual("*/".utf8) { isInComment = false } }
            return isInComment || text.starts(with: "//".utf8) ? nil : text
        }
    }
}
