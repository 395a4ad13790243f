// SPDX-License-Identifier: Apache-2.0
/// Reads the audit trail.
public protocol AuditReading: Sendable {
    /// Audit entries, latest first. Throws `.forbidden` unless the caller is an administrator of the whole store.
    func auditTrail(_ query: AuditQuery, access: Access) async throws(StoryError) -> AuditTrail
}
