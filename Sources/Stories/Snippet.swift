// SPDX-License-Identifier: Apache-2.0
/// A text that editors insert while they write, such as the frame of a correction. The list is the site's own, for all its stories.
public struct Snippet: Hashable, Sendable {
    /// By which it is found.
    public var name: String
    /// What is inserted: Markdown.
    public var text: String

    /// Memberwise.
    public init(name: String, text: String) {
        (self.name, self.text) = (name, text)
    }

    /// Returns the violations in a list, each with its JSON Pointer below `base`.
    public static func errors(in snippets: [Snippet], at base: String) -> [ValidationError] {
        var validator = Validator()
        validator.list(snippets, at: base, atMost: Limits.snippets) { validator, snippet, pointer in
            validator.line(snippet.name, at: pointer + "/name", atMost: Limits.snippetNameCharacters)
            validator.text(snippet.text, at: pointer + "/text", atMost: Limits.snippetCharacters)
        }
        for (index, snippet) in snippets.enumerated()
        where snippets[..<index].contains(where: { $0.name.hasSameBytes(as: snippet.name) }) {
            validator.require(false, at: "\(base)/\(index)/name", "must be unlike those before it")
        }
        return validator.errors
    }
}

/// The snippets of the site.
public protocol SnippetStore: Sendable {
    /// Returns all snippets in their order. Throws `.forbidden` without a key.
    func snippets(access: Access) async throws(StoryError) -> Versioned<[Snippet]>

    /// Replaces all snippets. Throws `.forbidden` for a key that is bound to certain stories.
    func replaceSnippets(
        with snippets: [Snippet], if precondition: Precondition, access: Access
    ) async throws(StoryError) -> Versioned<[Snippet]>
}
