// SPDX-License-Identifier: Apache-2.0
internal import Live
internal import Stories
internal import Synchronization
internal import Web

/// What is served with words of our own. In a script, the part of a language's catalogue that it uses takes the place of a mark.
enum LocalizedAsset: Hashable, Sendable {
    case live, front, desk
    /// Under one permanent address, because third-party pages refer to it. It asks for the words of other languages.
    case embed(EmbedPolicy)
    /// What the widget loads later, with the words of all that it loads later.
    case embedLive
    /// The words of both alone.
    case words
    /// At the root, so that its scope is the whole site; also where push is switched off, for browsers that have it installed.
    case pushWorker

    private struct Key: Hashable {
        let script: LocalizedAsset
        let language: String
    }

    private static let made = Mutex<[Key: Asset]>([:])

    /// Returns the script with the words of a language. Made at the first request, as all assets are.
    func asset(in words: Words) -> Asset {
        let key = Key(script: self, language: words.language)
        if let asset = Self.made.withLock({ $0[key] }) { return asset }
        let asset = make(words)
        Self.made.withLock { $0[key] = asset }
        return asset
    }

    /// Returns the script with a file name such as `live-de.js`; without a language it has that of ``Words/english``.
    static func asset(named name: String) -> Asset? {
        for (script, file) in [(live, "live"), (front, "front"), (desk, "desk")] {
            let languages = [Words.fallback] + Web.languages
            let names = ["\(file).js"] + Web.languages.map { "\(file)-\($0).js" }
            guard let index = names.firstIndex(where: { $0.hasSameBytes(as: name) }) else { continue }
            return script.asset(in: .inCatalogue(languages[index]))
        }
        return nil
    }

    private func make(_ words: Words) -> Asset {
        switch self {
        case .live:
            joined("live-\(words.language).js", Web.live, words.catalogue(for: Self.readerKeys))
        case .front:
            joined("front-\(words.language).js", Web.front, words.catalogue(for: Web.literals(of: Web.front)))
        case .desk:
            Asset(Self.deskName(words.ofDesk), .javaScript, Self.desk(in: words.ofDesk))
        case .embed(let policy):
            joined("embed.js", Self.widget(policy), words.catalogue(for: Self.widgetKeys))
        case .words:
            Asset("words.json", .json, words.catalogue(for: Self.widgetKeys.union(Self.laterKeys)))
        case .embedLive:
            joined("embed-live.js", Web.embedLive, words.catalogue(for: Self.laterKeys))
        case .pushWorker:
            joined("push-worker.js", Web.pushWorker, words.catalogue(for: Web.literals(of: Web.pushWorker)))
        }
    }

    /// Returns the script with the words of a language, as it is served.
    func script(in words: Words) -> [UInt8] {
        guard case .embed(let policy) = self else { return [] }
        return Self.replacing(
            Web.wordsMark, with: words.catalogue(for: Self.widgetKeys), in: Self.widget(policy))
    }

    /// Returns the path of the desk's script with the words of a language. The script is built at its first request.
    static func deskPath(in words: Words) -> String {
        Asset.path(of: deskName(words.ofDesk), desk(in: words.ofDesk))
    }

    private static func deskName(_ words: Words) -> String { "desk-\(words.language).js" }

    private static func desk(in words: Words) -> [UInt8] {
        replacing(Web.wordsMark, with: words.catalogue(for: deskKeys), in: Web.desk)
    }

    private func joined(_ name: String, _ script: [UInt8], _ catalogue: [UInt8]) -> Asset {
        Asset(name, .javaScript, Self.replacing(Web.wordsMark, with: catalogue, in: script))
    }

    private static func widget(_ policy: EmbedPolicy) -> [UInt8] {
        let literal = policy == .ask ? Web.embedPolicy : "\"\(policy.rawValue)\""
        return replacing(Web.embedPolicy, with: Array(literal.utf8), in: Web.embed)
    }

    static func replacing(_ mark: String, with bytes: [UInt8], in script: [UInt8]) -> [UInt8] {
        guard let place = script[...].firstRange(ofUTF8: mark) else { return script }
        return script[..<place.lowerBound] + bytes + script[place.upperBound...]
    }

    /// Page and widget hand their words to the modules that they load.
    private static let loadedKeys = Web.literals(of: Web.lightbox).union(Web.literals(of: Web.cards))
    private static let readerKeys = Web.literals(of: Web.live).union(Web.literals(of: Web.extras))
        .union(loadedKeys)
    /// Those of the bell are in the page, where it has one.
    static let bellKeys = Web.literals(of: Web.bell)
    private static let widgetKeys = Web.literals(of: Web.embed)
    private static let laterKeys = Web.literals(of: Web.embedLive).union(loadedKeys).subtracting(widgetKeys)
    private static let deskKeys = Web.literals(of: Web.desk)
}
