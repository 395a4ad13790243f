/// Lists of links.
public protocol LinkStore: Sendable {
    /// All lists of links; the version is that of the last change to any of them.
    func links(of story: StoryReference, access: Access) async throws(StoryError) -> Versioned<LinkLists>

    /// Replaces one list. Throws `.invalid` where a link names a story that the caller does not see.
    func replaceLinks(
        _ kind: LinkKind, of story: StoryReference, with links: [Link], if precondition: Precondition,
        access: Access
    ) async throws(StoryError) -> Versioned<LinkLists>
}
