// SPDX-License-Identifier: Apache-2.0
// @ts-check
// User-facing texts.
import { exactTime } from "./local-times.js";

/**
 * Returns an update's title, or the first line of its body, truncated to 60 characters.
 * @param {{title?: string|null, body?: string}} update
 * @returns {string}
 */
export function labelOf({ title, body }) {
    const text = title?.trim() || (body ?? "").trim().split("\n")[0];
    return text.length > 60 ? `${text.slice(0, 60).trimEnd()}…` : text;
}

/**
 * The success message after an update was saved.
 * @param {Pick<EditorUpdate, "state"|"publishAt">} update
 * @returns {string}
 */
export function savedMessage({ state, publishAt }) {
    if (state === "scheduled") return `Scheduled for ${exactTime(publishAt ?? null)}.`;
    return state === "draft" ? "Saved as draft." : "Published.";
}

/**
 * Describes an entry of the audit trail.
 * @param {{action: string, members: string[], detail: string|null}} entry
 * @returns {string} Such as `edited an update (title, body)`.
 */
export function auditLabel({ action, members, detail }) {
    /** @type {Record<string, string>} */
    const verbs = {
        "story.create": "created the story", "story.replace": "replaced the story", "story.edit": "edited the story",
        "story.delete": "deleted the story", "story.import": "imported the story",
        "note.write": "wrote a note for colleagues", "note.clear": "cleared the note for colleagues",
        "links.replace": "replaced a list of links", "slug.free": "freed a former address",
        "update.publish": "published an update", "update.draft": "wrote a draft",
        "update.schedule": "scheduled an update", "update.unpublish": "took an update back to draft",
        "update.edit": "edited an update",
        "update.strike": "retracted an update", "update.unstrike": "took a retraction back",
        "update.delete": "deleted an update", "update.move": "moved an update", "update.restored": "restored an update",
        "update.takedown": "took an update down",
        "snippets.replace": "changed the snippets", "preview.create": "made an address of a preview",
    };
    const change = statusChange(detail) ?? moveLabel(action, detail);
    const others = change ? members.filter(name => name !== "status") : members;
    const more = [others.join(", "), change ? null : detail].filter(Boolean).join("; ");
    return `${change ?? verbs[action] ?? action}${more ? ` (${more})` : ""}`;
}

/**
 * The id of the other story of a move, from the detail of its entry in the trail.
 * @param {string|null} detail `to` or `from`, and the id.
 */
export function movedStory(detail) {
    return /^(?:to|from) ([0-9a-f-]{36})$/.exec(detail ?? "")?.[1] ?? null;
}

/** @param {string} action @param {string|null} detail */
function moveLabel(action, detail) {
    if (action !== "update.move" || !movedStory(detail)) return null;
    return detail?.startsWith("to") ? "moved an update to another story" : "moved an update here from another story";
}

/**
 * Describes a change of status, as the trail states it: `from live to closed`.
 * @param {string|null} detail
 * @returns {string|null} Null if it is none.
 */
function statusChange(detail) {
    const [, former, status] = /^from (draft|live|closed) to (draft|live|closed)$/.exec(detail ?? "") ?? [];
    if (status === "closed") return "closed the story";
    if (status === "draft") return "took the story back to draft";
    return status && (former === "closed" ? "reopened the story" : "took the story live");
}

/**
 * The counts of an import report.
 * @param {{updates: number, keyPoints: number, links: Object<string, number>}} report
 * @returns {string[]} Such as `8 updates`.
 */
export function importLabels({ updates, keyPoints, links }) {
    /** @param {number} count @param {string} one @param {string} many */
    const counted = (count, one, many) => `${count} ${count === 1 ? one : many}`;
    return [
        counted(updates, "update", "updates"), counted(keyPoints, "key point", "key points"),
        ...Object.entries(links).map(([kind, count]) => `${counted(count, "link", "links")} (${kind})`),
    ];
}

/**
 * Describes how many updates of a story are loaded.
 * @param {{drafts: object[], pinned: object[]}} lists
 * @param {number} count The number of published updates loaded.
 * @param {boolean} hasOlder Whether more can be loaded.
 * @returns {string} Such as `12 updates, 1 pinned, 2 not published`.
 */
export function countLabel({ drafts, pinned }, count, hasOlder) {
    const updates = countedUpdates(count);
    return [
        hasOlder ? `The newest ${updates}` : updates, pinned.length > 0 && `${pinned.length} pinned`,
        drafts.length > 0 && `${drafts.length} not published`,
    ].filter(Boolean).join(", ");
}

/**
 * A number of updates in words.
 * @param {number} count
 */
export function countedUpdates(count) {
    return `${count} ${count === 1 ? "update" : "updates"}`;
}

/** The note on a closed story. */
export const closedMessage = "This story is closed. Readers still see it; pages that are open look for changes every "
    + "five minutes on the first day, then once an hour.";

/**
 * Describes when readers who have the story open see a change.
 * @param {"draft"|"live"|"closed"} status The story's status.
 * @returns {string}
 */
export function reachMessage(status) {
    return {
        draft: "Readers do not see this story.",
        live: "Pages that are open show it at once.",
        closed: "The story is closed: pages that are open show it when somebody looks at them again, or within "
            + "the hour.",
    }[status];
}

/**
 * Describes what a takedown erases, and when.
 * @param {"draft"|"live"|"closed"} status The story's status.
 * @returns {[string, string][]} Pairs of a place and its description.
 */
export function takedownTerms(status) {
    const pages = {
        draft: "None: readers do not see this story.",
        live: "At once.",
        closed: "The story is closed: when somebody looks at them again, or within the hour.",
    };
    return [
        ["Database", "At once: text, media, reactions and earlier versions. Only that it was taken down is kept, by "
            + "whom and why."],
        ["Open pages", pages[status]],
        ["Caches", "As soon as they are purged: the server does it where it knows of them."],
        ["Backups", "A replica of the database forgets after up to 168 hours. Copies that you have made keep it."],
        ["Others", "What somebody has copied, printed or quoted stays."],
    ];
}

/**
 * The confirmation question for a change of status.
 * @param {Pick<Story, "title"|"status">} story The current story.
 * @param {"draft"|"live"|"closed"} status The new status.
 * @returns {StatusQuestion} Arguments of `confirmed`: title, text, and the button's label.
 */
export function statusQuestion({ title, status: present }, status) {
    if (present === "closed" && status === "live") {
        return ["Reopen the story?", `Readers could read “${title}” all the time. From now on it is live again. Pages `
            + "that are open notice when somebody looks at them again, or within the hour.", "Reopen"];
    }
    /** @type {Record<StoryStatus, StatusQuestion>} */
    const questions = {
        draft: ["Take the story back to draft?", `“${title}” is not there for readers until it goes live again. `
            + "Nothing of it is lost.", "Take back"],
        live: ["Go live?", `Everybody can read “${title}” from now on.`, "Go live"],
        closed: ["Close the story?", `“${title}” is marked as over. Readers still see it, and corrections still reach `
            + "them: pages that are open look for changes every five minutes on the first day, then once an hour. You "
            + "can reopen it at any time.", "Close the story"],
    };
    return questions[status];
}

/**
 * The confirmation question for a change of slug.
 * @param {string} slug The current slug.
 * @param {string} wanted The new slug; empty if the server is to generate one.
 * @returns {StatusQuestion} As returned by `statusQuestion`.
 */
export function slugQuestion(slug, wanted) {
    const place = wanted ? `/live/${wanted}` : "an address made from its title";
    return ["Change the address?", `The story moves from /live/${slug} to ${place}. Old addresses go on working: they `
        + "lead to the new one.", "Change it"];
}

/**
 * Describes the effect of deleting an update.
 * @param {EditorUpdate} update
 * @param {"draft"|"live"|"closed"} status The story's status.
 * @returns {string}
 */
export function deleteMessage(update, status) {
    const isPublished = (update.state ?? "published") === "published";
    const pages = isPublished ? `Readers do not see “${labelOf(update)}” any more. ${reachMessage(status)} ` : "";
    return `${pages}It goes to the bin of this story, under “Deleted”, and can be restored from there for 30 days, `
        + "unless the server is set otherwise.";
}

/**
 * The label of a story's status.
 * @param {StoryStatus} status
 */
export function statusLabel(status) {
    return { draft: "Draft", live: "Live", closed: "Closed" }[status] ?? status;
}
