// SPDX-License-Identifier: Apache-2.0
internal import JSON
internal import Stories

/// The documents of a status page, in the shape of version 2 of the public API of Atlassian Statuspage
/// (https://metastatuspage.com/api), whose members have names in snake case.
enum StatusPageFormat: String, CaseIterable, Sendable {
    /// Everything: the page, its status, and the incidents that are not resolved.
    case summary
    /// The page and its status.
    case status
    /// The page and its latest incidents, resolved or not.
    case incidents

    /// The file name.
    var name: String { "\(rawValue).json" }
    /// The path of the route.
    var path: String { "/api/v2/\(name)" }
}

/// A status page: the state of all incidents.
struct StatusPage {
    let identity: StatusPageIdentity
    /// Newest first.
    let incidents: [RenderedIncident]
    /// When the page last changed.
    let updatedAt: Timestamp

    private var unresolved: [RenderedIncident] { incidents.filter { !$0.isResolved } }

    func bytes(of format: StatusPageFormat) -> [UInt8] {
        let shown = format == .summary ? unresolved : Array(incidents.prefix(Limits.incidents))
        let capacity = format == .status ? 0 : shown.reduce(0) { $0 + $1.bytes.count + 1 }
        var writer = JSONWriter(capacity: 1_024 + capacity)
        writer.object {
            $0.member("page") { page(&$0) }
            if format == .summary { $0.member("components") { $0.array { _ in } } }
            if format != .status {
                $0.member("incidents") { $0.array { writer in for each in shown { writer.raw(each.bytes) } } }
            }
            if format == .summary { $0.member("scheduled_maintenances") { $0.array { _ in } } }
            if format != .incidents { $0.member("status") { status(&$0) } }
        }
        return writer.bytes + [UInt8(ascii: "\n")]
    }

    private func page(_ writer: inout JSONWriter) {
        writer.object {
            $0.member("id", identity.id)
            $0.member("name", identity.name)
            $0.member("url", identity.site)
            $0.member("time_zone", "Etc/UTC")
            $0.member("updated_at", updatedAt)
        }
    }

    private func status(_ writer: inout JSONWriter) {
        let worst = unresolved.map(\.impact).max()
        writer.object {
            $0.member("indicator", worst?.rawValue ?? "none")
            $0.member("description", worst?.indication ?? "All Systems Operational")
        }
    }
}

/// What a status page is known by.
struct StatusPageIdentity {
    /// The origin of all addresses.
    let site: String
    /// The host of the site.
    let name: String
    /// Twelve letters and digits, the same as long as the host is.
    let id: String

    init(site: String) {
        self.site = site
        name = SiteAddress.host(of: site)
        id = EntityTag.digest(name.utf8)
    }
}

extension IncidentImpact {
    /// The description of the page's status while the worst incident has this impact.
    fileprivate var indication: String {
        switch self {
        case .minor: "Minor Service Outage"
        case .major: "Partial System Outage"
        case .critical: "Major Service Outage"
        }
    }
}

/// An incident as JSON, and what the status of the page depends on.
struct RenderedIncident: Sendable {
    /// The version of the story that it was made from.
    let version: Version
    let isResolved: Bool
    let impact: IncidentImpact
    let bytes: [UInt8]

    init(_ incident: Incident, _ history: IncidentHistory, of page: StatusPageIdentity) {
        version = incident.version
        isResolved = incident.status(by: history) == .resolved
        impact = incident.impact
        bytes = JSONWriter.bytes(
            of: IncidentJSON(incident: incident, history: history, page: page), capacity: 8 * 1_024)
    }
}

private struct IncidentJSON: JSONWritable {
    let incident: Incident
    let history: IncidentHistory
    let page: StatusPageIdentity

    func write(to writer: inout JSONWriter) {
        let story = incident.story
        writer.object {
            $0.member("id", "\(story.id)")
            $0.member("name", story.content.title)
            $0.member("status", incident.status(by: history).rawValue)
            $0.member("created_at", story.shownAt)
            $0.member("updated_at", incident.activeAt)
            $0.member("monitoring_at", history.lastMonitoring?.publishedAt)
            $0.member("resolved_at", incident.resolvedAt(by: history))
            $0.member("impact", incident.impact.rawValue)
            $0.member("shortlink", "\(page.site)/live/\(story.slug)")
            $0.member("started_at", story.content.coverageStart ?? story.shownAt)
            $0.member("page_id", page.id)
            $0.member("incident_updates") {
                $0.array { writer in for entry in history.entries { write(entry, to: &writer) } }
            }
            $0.member("components") { $0.array { _ in } }
        }
    }

    private func write(_ entry: IncidentHistory.Entry, to writer: inout JSONWriter) {
        let update = entry.update
        writer.object {
            $0.member("id", "\(update.id)")
            $0.member("status", entry.status.rawValue)
            $0.member("body", update.statusText(PageLanguage(of: incident.story).words))
            $0.member("incident_id", "\(incident.story.id)")
            // Not when it was written: readers who ask for what is newer than the last would miss what was scheduled before.
            $0.member("created_at", update.publishedAt)
            $0.member("updated_at", update.modifiedAt)
            $0.member("display_at", update.publishedAt)
            $0.member("affected_components") { $0.raw("null".utf8) }
        }
    }
}

extension Update {
    /// Its text on status pages, whose updates have no titles: the reason of a retraction, the title, and the body as plain text.
    fileprivate func statusText(_ words: Words) -> String {
        let text = plainText(html: bodyHtml)
        let title = content.title ?? (text.isBlank ? UpdateSummary(self, words).title : nil)
        let retraction = stricken.map { words("retractedTitle", ["title": $0.reason]) }
        return [retraction, title, text.isBlank ? nil : text].compactMap(\.self).joined(separator: "\n\n")
    }
}
