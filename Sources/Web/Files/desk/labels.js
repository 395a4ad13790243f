// SPDX-License-Identifier: Apache-2.0
// @ts-check
// User-facing texts.
import { exactTime } from "./local-times.js";
import { plainLine } from "./markdown-edit.js";
import { hasPhrase, phrase, phraseList } from "./phrases.js";
import { STORY_FIELDS, UPDATE_FIELDS } from "./values.js";

/**
 * Returns an update's title, or the first line of its body without marks of Markdown, truncated to 60 characters.
 * @param {{title?: string|null, body?: string}} update
 * @returns {string}
 */
export function labelOf({ title, body }) {
    const text = title?.trim() || plainStart(body ?? "");
    return text.length > 60 ? `${text.slice(0, 60).trimEnd()}…` : text;
}

// The first line that has anything to read, such as none that is only a rule.
/** @param {string} body */
function plainStart(body) {
    const lines = body.trim().split("\n", 20);
    return lines.map(plainLine).find(line => /[\p{L}\p{N}]/u.test(line)) ?? lines[0];
}

/**
 * The success message after an update was saved.
 * @param {Pick<EditorUpdate, "state"|"publishAt">} update
 * @returns {string}
 */
export function savedMessage({ state, publishAt }) {
    if (state === "scheduled") return phrase("scheduledFor", { time: exactTime(publishAt ?? null) });
    return state === "draft" ? phrase("savedAsDraft") : phrase("publishedSaid");
}

/**
 * Describes an entry of the audit trail.
 * @param {{action: string, members: string[], detail: string|null}} entry
 * @returns {string} Such as `edited an update (Title, Text)`.
 */
export function auditLabel({ action, members, detail }) {
    const change = statusChange(detail) ?? moveLabel(action, detail);
    const verb = change ?? actionLabel(action);
    const names = members.flatMap(name => memberLabel(action, name) ?? []);
    const more = [phraseList(names), change ? null : detailLabel(action, detail)].filter(Boolean).join("; ");
    return `${verb}${more ? ` (${more})` : ""}`;
}

/**
 * Describes a kind of action of the audit trail.
 * @param {string} action
 */
export function actionLabel(action) {
    return hasPhrase("audit." + action) ? phrase("audit." + action) : action;
}

// The label that a member has in the forms; null for what the action says already.
/** @param {string} action @param {string} name @returns {string|null} */
function memberLabel(action, name) {
    const isStory = action.startsWith("story.");
    if (name === "state" || name === "publishAt" || (isStory && name === "status")) return null;
    return (isStory ? STORY_FIELDS : UPDATE_FIELDS).find(field => field.name === name)?.label ?? name;
}

/** @param {string} action @param {string|null} detail */
function detailLabel(action, detail) {
    return action === "links.replace" && hasPhrase("links." + detail) ? phrase("links." + detail) : detail;
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
    return detail?.startsWith("to") ? phrase("audit.movedAway") : phrase("audit.movedHere");
}

/**
 * Describes a change of status, as the trail states it: `from live to closed`.
 * @param {string|null} detail
 * @returns {string|null} Null if it is none.
 */
function statusChange(detail) {
    const [, former, status] = /^from (draft|live|closed) to (draft|live|closed)$/.exec(detail ?? "") ?? [];
    if (status === "closed") return phrase("audit.closed");
    if (status === "draft") return phrase("audit.toDraft");
    return status && (former === "closed" ? phrase("audit.reopened") : phrase("audit.live"));
}

/**
 * The counts of an import report.
 * @param {{updates: number, keyPoints: number, links: Object<string, number>}} report
 * @returns {string[]} Such as `8 updates`.
 */
export function importLabels({ updates, keyPoints, links }) {
    return [
        countedUpdates(updates), phrase("keyPointCount", { count: keyPoints }),
        ...Object.entries(links).map(([kind, count]) => `${phrase("linkCount", { count })} (${kind})`),
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
    return phraseList([
        hasOlder ? phrase("newest", { updates }) : updates,
        pinned.length > 0 && phrase("pinnedCount", { count: pinned.length }),
        drafts.length > 0 && phrase("notPublishedCount", { count: drafts.length }),
    ].flatMap(part => part || []));
}

/**
 * A number of updates in words.
 * @param {number} count
 */
export function countedUpdates(count) {
    return phrase("updateCount", { count });
}

/** The note on a closed story. */
export const closedMessage = phrase("closedNote");

/**
 * Describes when readers who have the story open see a change.
 * @param {"draft"|"live"|"closed"} status The story's status.
 * @returns {string}
 */
export function reachMessage(status) {
    return phrase("reach." + status);
}

/**
 * Describes what a takedown erases, and when.
 * @param {"draft"|"live"|"closed"} status The story's status.
 * @returns {[string, string][]} Pairs of a place and its description.
 */
export function takedownTerms(status) {
    return [
        [phrase("terms.database"), phrase("terms.databaseWhen")],
        [phrase("terms.pages"), phrase("terms." + status)],
        [phrase("terms.caches"), phrase("terms.cachesWhen")],
        [phrase("terms.backups"), phrase("terms.backupsWhen")],
        [phrase("terms.others"), phrase("terms.othersWhen")],
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
        return [phrase("reopenQuestion"), phrase("reopenText", { title }), phrase("reopen")];
    }
    /** @type {Record<StoryStatus, StatusQuestion>} */
    const questions = {
        draft: [phrase("toDraftQuestion"), phrase("toDraftText", { title }), phrase("takeBack")],
        live: [phrase("goLiveQuestion"), phrase("goLiveText", { title }), phrase("goLive")],
        closed: [phrase("closeQuestion"), phrase("closeText", { title }), phrase("closeStory")],
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
    const place = wanted ? `/live/${wanted}` : phrase("addressFromTitle");
    return [phrase("addressQuestion"), phrase("addressText", { slug, place }), phrase("changeIt")];
}

/**
 * Describes the effect of deleting an update.
 * @param {EditorUpdate} update
 * @param {"draft"|"live"|"closed"} status The story's status.
 * @returns {string}
 */
export function deleteMessage(update, status) {
    const isPublished = (update.state ?? "published") === "published";
    const values = { title: labelOf(update), reach: reachMessage(status) };
    return isPublished ? phrase("deletePublishedText", values) : phrase("deleteText");
}

/**
 * The label of a story's status.
 * @param {StoryStatus} status
 */
export function statusLabel(status) {
    return hasPhrase("status." + status) ? phrase("status." + status) : status;
}

/**
 * The state of an update, within a text.
 * @param {string} [state]
 */
export function stateLabel(state = "published") {
    return phrase("updateState." + state);
}
