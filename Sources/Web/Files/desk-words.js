// Things in words.
import { exactTime } from "./desk-times.js";

/**
 * What an update is called where it has no title.
 * @param {{title: string|null, body: string}} update
 * @returns {string}
 */
export function wordsOf({ title, body }) {
    const text = title?.trim() || (body ?? "").trim().split("\n")[0];
    return text.length > 60 ? `${text.slice(0, 60).trimEnd()}…` : text;
}

/**
 * What has become of an update, for the status line.
 * @param {{state: string, publishAt: string|null}} update
 * @returns {string}
 */
export function savedWords({ state, publishAt }) {
    if (state === "scheduled") return `Scheduled for ${exactTime(publishAt)}.`;
    return state === "draft" ? "Saved as draft." : "Published.";
}

/**
 * What somebody did, from the audit trail.
 * @param {{action: string, members: string[], detail: string|null}} entry
 * @returns {string} Such as `edited an update (title, body)`.
 */
export function auditWords({ action, members, detail }) {
    const deeds = {
        "story.create": "created the story", "story.replace": "replaced the story", "story.edit": "edited the story",
        "story.delete": "deleted the story", "story.import": "imported the story",
        "links.replace": "replaced a list of links",
        "update.publish": "published an update", "update.draft": "wrote a draft",
        "update.schedule": "scheduled an update", "update.unpublish": "took an update back to draft",
        "update.edit": "edited an update",
        "update.strike": "retracted an update", "update.unstrike": "took a retraction back",
        "update.delete": "deleted an update", "update.takedown": "took an update down",
    };
    const more = [members.join(", "), detail].filter(Boolean).join("; ");
    return `${deeds[action] ?? action}${more ? ` (${more})` : ""}`;
}

/**
 * How much an import has brought in.
 * @param {{updates: number, keyPoints: number, links: Object<string, number>}} report
 * @returns {string[]} Such as `8 updates`.
 */
export function importWords({ updates, keyPoints, links }) {
    const counted = (count, one, many) => `${count} ${count === 1 ? one : many}`;
    return [
        counted(updates, "update", "updates"), counted(keyPoints, "key point", "key points"),
        ...Object.entries(links).map(([kind, count]) => `${counted(count, "link", "links")} (${kind})`),
    ];
}

/**
 * Whether a story is really to go from one state to another, as `confirmed` asks.
 * @param {string} title
 * @param {"draft"|"live"|"closed"} status The new one.
 * @returns {[string, string, string]} Title, text, and the word on the button.
 */
export function statusQuestion(title, status) {
    return {
        draft: ["Take the story back to draft?", `“${title}” is gone for all readers until it goes live again.`,
            "Take back"],
        live: ["Go live?", `Everybody can read “${title}” from then on.`, "Go live"],
        closed: ["Close the story?", `“${title}” is over: open pages show what there is, and stop asking for news.`,
            "Close the story"],
    }[status];
}

/** The word that says how a story stands. */
export function statusWord(status) {
    return { draft: "Draft", live: "Live", closed: "Closed" }[status] ?? status;
}
