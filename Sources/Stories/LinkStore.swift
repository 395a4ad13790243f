// SPDX-License-Identifier: Apache-2.0
/// A story's lists of links.
public protocol LinkStore: Sendable {
    /// All lists of links, with the version of the last change to any of them.
    func links(of story: StoryReference, access: Access) async throws(StoryError) -> Versioned<LinkLists>

    /// Replaces one list. Throws `.invalid` if a link refers to a story that is not visible to the caller.
    func replaceLinks(
        _ kind: LinkKind, of story: StoryReference, with links: [Link], if precondition: Precondition,
        access: Access
    ) async throws(StoryError) -> Versioned<LinkLists>
}
