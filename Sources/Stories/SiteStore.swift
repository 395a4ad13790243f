// SPDX-License-Identifier: Apache-2.0
/// The settings of the site, as one document with revisions.
public protocol SiteStore: Sendable {
    /// The present settings; before anything was saved, those of a site of which nothing is set, with the sequence number 0.
    func site() async throws(StoryError) -> Versioned<SiteSettings>

    /// Replaces the settings. What they are already is not saved again. Throws `.forbidden` to all but admins whose key is not bound to
    /// stories, `.invalid` for pictures that do not exist, and `.stale`.
    func replaceSite(
        with settings: SiteSettings, if precondition: Precondition, access: Access
    ) async throws(StoryError) -> Versioned<SiteSettings>

    /// The present and the former settings, latest first, at most ``Limits/siteRevisions``. Throws `.forbidden` as
    /// ``replaceSite(with:if:access:)`` does.
    func siteRevisions(access: Access) async throws(StoryError) -> [SiteRevision]

    /// Adds a font; its time is the store's. If it is there already, it is returned as it is stored. Throws `.forbidden` as
    /// ``replaceSite(with:if:access:)`` does, and `.invalid` if there are ``Limits/fonts``.
    func addFont(
        _ font: SiteFont, content: [UInt8], access: Access
    ) async throws(StoryError) -> (font: SiteFont, isNew: Bool)

    /// All fonts, oldest first. Throws `.forbidden` as ``replaceSite(with:if:access:)`` does.
    func fonts(access: Access) async throws(StoryError) -> [SiteFont]

    /// The bytes of a font. Throws `.notFound(.font)`.
    func fontContent(_ id: Identifier) async throws(StoryError) -> [UInt8]
}
