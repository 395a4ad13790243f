/// What browsers are given: scripts, styles and the desk's page, as they lie in `Files`, which the program carries within it.
///
/// There is no build step: modules are joined here, once, when the program first needs them.
public enum Web {
    /// The client by itself, for front-ends of others: a module that exports `Feed`, `Follower` and `follow`.
    public static let client = joined(from: "follower.js") { $0 }
    /// The reader's page.
    public static let live = script("live.js")
    /// The widget: a classic script, for any page.
    public static let embed = script("embed.js")
    /// The editor's page.
    public static let desk = script("desk.js")
    /// How the reader's page and the list of stories look.
    public static let liveStyle = PackageResources.live_css
    /// What stands beside the title of all pages.
    public static let icon = PackageResources.icon_svg
    /// The style of the editor's page: its frame and forms, then what is shown in them.
    public static let deskStyle = PackageResources.desk_css + PackageResources.desk_views_css
    /// The editor's page, which names `/assets/desk.js` and `/assets/desk.css`.
    public static let deskPage = PackageResources.desk_html

    /// A module and all that it needs as one script that leaves no names behind.
    static func script(_ name: String) -> [UInt8] {
        Array("(() => {\n\"use strict\";\n".utf8) + joined(from: name, inScript) + Array("})();\n".utf8)
    }

    /// A module, with all that it imports before it, each once. Their names are all in one room, so no two may be the same.
    private static func joined(
        from name: String, _ form: ([ArraySlice<UInt8>]) -> [ArraySlice<UInt8>]
    ) -> [UInt8] {
        var (order, seen): ([String], Set<String>) = ([], [])
        func visit(_ name: String) {
            guard seen.insert(name).inserted else { return }
            lines(of: name).compactMap(imported).forEach(visit)
            order.append(name)
        }
        visit(name)
        return order.flatMap { name in
            form(lines(of: name).filter { imported($0) == nil }).flatMap { $0 + [UInt8(ascii: "\n")] }
        }
    }

    private static func lines(of name: String) -> [ArraySlice<UInt8>] {
        guard let module = modules[name] else { preconditionFailure("there is no module \(name)") }
        return module.split(separator: UInt8(ascii: "\n"))
    }

    /// The module that a line imports: `import { Feed } from "./feed.js";` stands on one.
    private static func imported(_ line: ArraySlice<UInt8>) -> String? {
        guard line.starts(with: "import ".utf8) else { return nil }
        let quoted = line.split(separator: UInt8(ascii: "\"")).dropFirst().first
        return quoted.map { String(decoding: $0.dropFirst("./".utf8.count), as: UTF8.self) }
    }

    /// Without what is only for whoever reads the module: exports, indentation, and comments that have lines of their own.
    private static func inScript(_ lines: [ArraySlice<UInt8>]) -> [ArraySlice<UInt8>] {
        var isInComment = false
        return lines.compactMap { line in
            let text = line.drop { $0 == UInt8(ascii: " ") }
            if text.starts(with: "/**".utf8) { isInComment = true }
            defer { if text.suffix(2).elementsEqual("*/".utf8) { isInComment = false } }
            if isInComment || text.starts(with: "//".utf8) { return nil }
            let export = "export ".utf8
            return text.starts(with: export) ? text.dropFirst(export.count) : text
        }
    }
}
