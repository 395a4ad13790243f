// SPDX-License-Identifier: Apache-2.0
internal import Resources

/// The assets served to browsers: scripts, styles and the desk's page, from `Files`, which is embedded in the executable.
///
/// There is no build step: modules are bundled here, once each, on first access.
public enum Web {
    /// The standalone client, for other front ends: an ES module, with its comments.
    public static let client =
        text(of: joined(from: "client/client-follower.js")) + Array(clientExport.utf8)
    /// The TypeScript declarations of the client.
    public static let clientTypes = Array(file("client/client.d.ts"))
    /// The script of the reader's page.
    public static let live = script("reader/live.js")
    /// The service worker of the reader's page, which shows notifications.
    public static let pushWorker = script("reader/push-worker.js")
    /// The widget: a classic script, for pages of any site.
    public static let embed = script("widget/embed.js")
    /// The lightbox of the reader's page and the widget: an ES module, which they load when a picture is opened.
    public static let lightbox = module("lightbox/lightbox.js", exports: "openLightbox")
    /// What the server's policy on frames replaces in ``embed``.
    public static let embedPolicy = "\"EMBEDS\""
    /// The frames of cards and the consent to them: an ES module that pages and widgets load with the first frame.
    public static let cards = module("shared/cards.js", exports: "activate, placeCards")
    /// The script of the editor's page.
    public static let desk = script("desk/desk.js")
    /// The style of the reader's page and the list of stories.
    public static let liveStyle = Array(file("reader/live.css"))
    /// The favicon of all pages (SVG).
    public static let icon = Array(file("shared/icon.svg"))
    /// The style of the editor's page: frame and forms, then pictures, then views.
    public static let deskStyle = ["desk/desk.css", "desk/pictures.css", "desk/views.css"].flatMap {
        Array(file($0))
    }
    /// The HTML of the editor's page, which references `/assets/desk.js` and `/assets/desk.css`.
    public static let deskPage = Array(file("desk/desk.html"))

    /// The public interface of the client; other exports of its modules are internal.
    private static let clientExport =
        "export { Feed, ClientFollower as Follower, Refusal, comparePlaces, follow, mergedReactions };\n"

    /// Bundles a module with its imports as one packed script that defines no globals.
    private static func script(_ path: String) -> [UInt8] {
        let packed = ScriptPacker.packed(text(of: joined(from: path)))
        return Array("(()=>{\"use strict\";".utf8) + packed + Array("})();\n".utf8)
    }

    /// Bundles a module with its imports as one packed ES module with these exports.
    private static func module(_ path: String, exports names: String) -> [UInt8] {
        ScriptPacker.packed(text(of: joined(from: path)) + Array("export { \(names) };\n".utf8))
    }

    private static func text(of lines: [Line]) -> [UInt8] { lines.flatMap { $0 + [UInt8(ascii: "\n")] } }

    /// Concatenates a module and its imports in topological order, each once. They share one scope, so no
    /// two may declare the same name.
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
        // `@ts-check` is only for development.
        file(path).split(separator: UInt8(ascii: "\n")).filter { !$0.elementsEqual("// @ts-check".utf8) }
    }

    /// Whether a line is an import, such as `import { Feed } from "./feed.js";`; imports are never wrapped.
    private static func isImport(_ line: Line) -> Bool {
        line.starts(with: "import ".utf8)
    }

    /// The path of the module that a line imports, or `nil`: `./x.js` is in the importer's folder, `../folder/x.js` elsewhere.
    private static func imported(_ line: Line, by importer: String) -> String? {
        guard isImport(line), let quoted = line.split(separator: UInt8(ascii: "\"")).dropFirst().first else {
            return nil
        }
        let specifier = String(decoding: quoted, as: UTF8.self)
        if specifier.hasPrefix("../") { return String(specifier.dropFirst(3)) }
        return String(importer.prefix { $0 != "/" }) + specifier.dropFirst()
    }

    /// Strips `export` from a declaration.
    private static func withoutExport(_ line: Line) -> Line {
        let export = "export ".utf8
        return line.starts(with: export) ? line.dropFirst(export.count) : line
    }
}
