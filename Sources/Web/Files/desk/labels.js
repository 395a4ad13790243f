// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Things in words.
import { exactTime } from "./local-times.js";

/**
 * What an update is called where it has no title.
 * @param {{title?: string|null, body?: string}} update
 * @returns {string}
 */
export function labelOf({ title, body }) {
    const text = title?.trim() || (body ?? "").trim().split("\n")[0];
    return text.length > 60 ? `${text.slice(0, 60).trimEnd()}…` : text;
}

/**
 * What has become of an update, for the status line.
 * @param {Pick<EditorUpdate, "state"|"publishAt">} update
 * @returns {string}
 */
export function savedMessage({ state, publishAt }) {
    if (state === "scheduled") return `Scheduled for ${exactTime(publishAt ?? null)}.`;
    return state === "draft" ? "Saved as draft." : "Published.";
}

/**
 * What somebody did, from the audit trail.
 * @param {{action: string, members: string[], detail: string|null}} entry
 * @returns {string} Such as `edited an update (title, body)`.
 */
export function auditLabel({ action, members, detail }) {
    /** @type {Record<string, string>} */
    const verbs = {
        "story.create": "created the story", "story.replace": "replaced the story", "story.edit": "edited the story",
        "story.delete": "deleted the story", "story.import": "imported the story",
        "links.replace": "replaced a list of links", "slug.free": "freed a former address",
        "update.publish": "published an update", "update.draft": "wrote a draft",
        "update.schedule": "scheduled an update", "update.unpublish": "took an update back to draft",
        "update.edit": "edited an update",
        "update.strike": "retracted an update", "update.unstrike": "took a retraction back",
        "update.delete": "deleted an update", "update.restored": "restored an update",
        "update.takedown": "took an update down",
    };
    const more = [members.join(", "), detail].filter(Boolean).join("; ");
    return `${verbs[action] ?? action}${more ? ` (${more})` : ""}`;
}

/**
 * How much an import has brought in.
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
 * How many updates of a story are there to be seen.
 * @param {{drafts: object[], pinned: object[]}} lists
 * @param {number} count Of those that are published.
 * @param {boolean} hasOlder Whether there are more than those.
 * @returns {string} Such as `12 updates, 1 pinned, 2 not published`.
 */
export function countLabel({ drafts, pinned }, count, hasOlder) {
    const updates = `${count} ${count === 1 ? "update" : "updates"}`;
    return [
        hasOlder ? `The newest ${updates}` : updates, pinned.length > 0 && `${pinned.length} pinned`,
        drafts.length > 0 && `${drafts.length} not published`,
    ].filter(Boolean).join(", ");
}

/** What a closed story is to its readers. */
export const closedMessage = "This story is closed. Readers still see it; pages that are open look for changes every "
    + "five minutes on the first day, then once an hour.";

/**
 * When readers who have the story open see a change of it.
 * @param {"draft"|"live"|"closed"} status Of the story.
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
 * What a takedown erases, and when.
 * @param {"draft"|"live"|"closed"} status Of the story.
 * @returns {[string, string][]} What, and the rest.
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
 * What a story becomes, as `confirmed` asks whether it is meant.
 * @param {Pick<Story, "title"|"status">} story As it stands.
 * @param {"draft"|"live"|"closed"} status The new one.
 * @returns {StatusQuestion} Title, text, and the word on the button.
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
            + "can reopen it.", "Close the story"],
    };
    return questions[status];
}

/**
 * What another slug means for readers, as `confirmed` asks.
 * @param {string} slug The present one.
 * @param {string} wanted The new one; empty where the server is to make one.
 * @returns {StatusQuestion} As of `statusQuestion`.
 */
export function slugQuestion(slug, wanted) {
    const place = wanted ? `/live/${wanted}` : "an address made from its title";
    return ["Change the address?", `The story moves from /live/${slug} to ${place}. Old addresses go on working: they `
        + "lead to the new one.", "Change it"];
}

/**
 * What deleting an update means.
 * @param {EditorUpdate} update
 * @param {"draft"|"live"|"closed"} status Of the story.
 * @returns {string}
 */
export function deleteMessage(update, status) {
    const isPublished = (update.state ?? "published") === "published";
    const pages = isPublished ? `Readers do not see “${labelOf(update)}” any more. ${reachMessage(status)} ` : "";
    return `${pages}It goes to the bin of this story, under “Deleted”, and can be restored from there for 30 days, `
        + "unless the server is set otherwise.";
}

/**
 * The word that says how a story stands.
 * @param {StoryStatus} status
 */
export function statusLabel(status) {
    return { draft: "Draft", live: "Live", closed: "Closed" }[status] ?? status;
}
