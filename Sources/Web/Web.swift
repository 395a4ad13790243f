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
    /// What not every reader needs: ES modules, which the reader's page loads when the first is asked for.
    public static let extras = module("reader/extras.js", exports: "Extras")
    /// The bell, likewise.
    public static let bell = module("reader/bell.js", exports: "Bell")
    /// The script of the list of stories.
    public static let front = script("reader/front.js")
    /// The script that pages have inline, to fold parts before they are painted.
    public static let fold = script("reader/fold.js")
    /// The service worker of the reader's page, which shows notifications.
    public static let pushWorker = script("reader/push-worker.js")
    /// The script of pages that asks readers for their consent to scripts of third parties.
    public static let consent = script("reader/consent.js")
    /// The widget: a classic script, for pages of any site.
    public static let embed = script("widget/embed.js")
    /// The style of the widget in all its forms, which the server's markup of one shares.
    public static let widgetStyle =
        template("SHEET", in: "widget/sheet.js") + template("BRIEF", in: "widget/brief-sheet.js")
    /// For pages of other sites: makes frames of ours as high as what is in them.
    public static let embedFrame = script("widget/embed-frame.js")
    /// For the page in such a frame: tells how high it is.
    public static let embedPage = script("widget/embed-page.js")
    /// Streams, messages and buttons of reactions: an ES module that the widget loads once its content is shown.
    public static let embedLive = module(
        "widget/embed-live.js", exports: "adoptBrief, openStream, teach, widgetButtons, widgetMessages")
    /// The lightbox of the reader's page and the widget: an ES module, which they load when a picture is opened.
    public static let lightbox = module("lightbox/lightbox.js", exports: "openLightbox")
    /// What the server's policy on frames replaces in ``embed``.
    public static let embedPolicy = "\"EMBEDS\""
    /// What the accent of the site replaces in ``embed``.
    public static let embedAccent = "--wireroom-accent, #b3261e"
    /// What the accents on light and on dark ground replace in ``embed``.
    public static let embedAccents = "light-dark(#b3261e, #ff8b7e)"
    /// What the colour of text on the accent replaces in ``embed``.
    public static let embedOnAccent = "--wireroom-on-accent, #fff"
    /// What the catalogue of a language replaces in scripts that have words of our own.
    public static let wordsMark = #"{language:"",dir:"ltr",messages:{}}"#
    /// The languages that have a catalogue (BCP 47).
    public static let languages = Resource.all.compactMap { resource -> String? in
        let (start, end) = ("Sources/Web/Files/words/", ".json")
        guard resource.path.hasPrefix(start), resource.path.hasSuffix(end) else { return nil }
        let name = resource.path.dropFirst(start.count).dropLast(end.count)
        return name.utf8.contains(UInt8(ascii: "/")) ? nil : String(name)
    }
    /// The frames of cards and the consent to them: an ES module that pages and widgets load with the first frame.
    public static let cards = module("shared/cards.js", exports: "activate, placeCards")
    /// The script of the editor's page.
    public static let desk = script("desk/desk.js")
    /// The style of the reader's page and the list of stories, which each of them has within it: what they share, then what is around the
    /// updates of a story, then searches.
    public static let liveStyle = ["reader/live.css", "reader/head.css", "reader/search.css"]
        .flatMap { packedStyle(file($0)) }
    /// The style of head and foot of pages whose site has been given a name or links.
    public static let siteStyle = Array(file("reader/site.css"))
    /// The favicon of all pages (SVG).
    public static let icon = Array(file("shared/icon.svg"))
    /// The favicon for programs that know no SVG: ICO with one PNG, 32 pixels wide.
    public static let favicon = Array(file("shared/favicon.ico"))
    /// The icon on home screens: PNG, 180 pixels wide.
    public static let touchIcon = Array(file("shared/icon-180.png"))
    /// The icon of the installed site: PNG, 512 pixels wide.
    public static let largeIcon = Array(file("shared/icon-512.png"))
    /// The style of the editor's page: frame and forms, then pictures, then views, then what is different on phones.
    public static let deskStyle = ["desk", "pictures", "views", "night", "phone"].flatMap {
        Array(file("desk/\($0).css"))
    }
    /// The script that the editor's page has inline: it chooses the language of the desk, and loads ``desk`` in it.
    public static let deskStart = script("desk/start.js")
    /// The HTML of the editor's page, which references `/assets/desk.css`; ``DeskMark`` says what is replaced in it.
    public static let deskPage = Array(file("desk/desk.html"))

    /// What is replaced in ``deskPage``.
    public enum DeskMark {
        /// The language of the site, in a tag.
        public static let language = #"lang="en""#
        /// The paths of the script by language, as JSON in an attribute.
        public static let scripts = "SCRIPTS"
        /// The message to browsers that run no scripts.
        public static let needsScript = "NEEDS SCRIPT"
        /// The place of ``deskStart``.
        public static let start = "<script></script>"
    }

    /// The words of our own in a language: an object of messages by key, as JSON; `nil` if there is no catalogue of it.
    public static func catalogue(of language: String) -> [UInt8]? {
        languages.contains(language) ? Array(file("words/\(language).json")) : nil
    }

    /// The words of the desk in a language, besides those that it shares with pages; `nil` if there is no catalogue of it.
    public static func deskCatalogue(of language: String) -> [UInt8]? {
        languages.contains(language) ? Array(file("words/desk/\(language).json")) : nil
    }

    /// The string literals of a script, without their quotes: among them are the keys of the words that it uses.
    public static func literals(of script: [UInt8]) -> Set<String> {
        Set(
            ScriptLexer.tokens(of: script).filter {
                $0.kind == .literal && $0.text.first == UInt8(ascii: "\"")
            }
            .map { String(decoding: $0.text.dropFirst().dropLast(), as: UTF8.self) })
    }

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

    /// Returns the text of a constant of a module that is a template literal without expressions.
    private static func template(_ name: String, in path: String) -> [UInt8] {
        let text = Array(file(path))
        guard let start = text.firstRange(of: Array("\(name) = `".utf8))?.upperBound else { return [] }
        return Array(text[start...].prefix { $0 != UInt8(ascii: "`") })
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

    /// Returns a style sheet without comments and indentation.
    private static func packedStyle(_ sheet: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        let newline = UInt8(ascii: "\n")
        var (bytes, index) = ([UInt8](), 0)
        while index < sheet.count {
            if sheet[index...].starts(with: "/*".utf8) {
                while index < sheet.count, !sheet[index...].starts(with: "*/".utf8) { index += 1 }
                index += 2
                continue
            }
            let isBlank = sheet[index] == newline || sheet[index] == UInt8(ascii: " ")
            let isNeeded = !"\n{};".utf8.contains(bytes.last ?? newline)
            if !isBlank || isNeeded { bytes.append(sheet[index]) }
            index += 1
        }
        return bytes
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
