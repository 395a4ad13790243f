/// Who did what.
public protocol AuditReading: Sendable {
    /// Who did what, the latest first. Throws `.forbidden` for all but admins of the whole store.
    func auditTrail(_ query: AuditQuery, access: Access) async throws(StoryError) -> AuditTrail
}
