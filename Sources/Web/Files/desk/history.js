// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The revision history of an update.
import { make } from "../shared/dom.js";
import { openDialog } from "./dialogs.js";
import { diffNodes, fill, timeElement } from "./elements.js";
import { mainButton } from "./form-parts.js";
import { wordDiff } from "./diff.js";
import { differences } from "./merge.js";
import { phrase } from "./phrases.js";
import { entryTexts } from "./trail-texts.js";
import { comparedLabels, UPDATE_FIELDS, valueLabel } from "./values.js";
import { auditLabel, stateLabel } from "./labels.js";

/**
 * Shows the versions of an update, newest first, each as a diff against the one before.
 * @param {Desk} desk
 * @param {string} story Id.
 * @param {EditorUpdate} update The current version.
 * @param {EditorUpdate} [wanted] The version to begin with.
 */
export function showHistory(desk, story, update, wanted) {
    const place = make("div", { "aria-live": "polite" }, make("p", {}, phrase("reading")));
    showVersions(desk, story, update, place, wanted)
        .catch(failure => fill(place, make("p", { class: "fault" }, failure.message)));
    return openDialog(phrase("history"), [place],
        close => [mainButton(phrase("done"), () => close(true))], { isWide: true });
}

/**
 * @param {Desk} desk
 * @param {string} story
 * @param {EditorUpdate} update
 * @param {HTMLElement} place
 * @param {EditorUpdate} [wanted]
 */
async function showVersions(desk, story, update, place, wanted) {
    const [{ value }, entries] = await Promise.all([
        desk.api.ask("GET", `/stories/${story}/updates/${update.id}/revisions`),
        desk.session.isAdmin && desk.session.isUnbound ? trailOf(desk, update.id) : [],
    ]);
    const steps = withSteps(versionsOf(update, value.revisions, entries, story), entries);
    const nodes = steps.map(step => "version" in step ? versionNode(step) : stepNode(step));
    fill(place, make("ol", { class: "versions", reversed: true }, ...nodes));
    const index = steps.findIndex(step => wanted && "version" in step && isSameVersion(step.version, wanted));
    if (index < 0) return;
    nodes[index].setAttribute("aria-current", "true");
    nodes[index].scrollIntoView({ block: "center" });
}

/** @param {EditorUpdate} one @param {EditorUpdate} other */
function isSameVersion(one, other) {
    return one.seq === other.seq && one.modifiedAt === other.modifiedAt;
}

/** @param {Desk} desk @param {string} id Of the update. */
async function trailOf(desk, id) {
    return (await desk.api.ask("GET", `/audit?update=${id}&limit=200`)).value.entries;
}

/**
 * Computes what each version changed.
 * @param {EditorUpdate} present
 * @param {EditorUpdate[]} revisions The earlier versions, newest first.
 * @param {AuditEntry[]} entries The audit trail of the update, as far as it may be read.
 * @param {string} story The id of the story that it is in.
 * @returns {UpdateVersion[]} `changes` as returned by `differences`, `theirs` being the later version; null for the
 *   oldest version kept.
 */
export function versionsOf(present, revisions, entries, story) {
    const versions = [present, ...revisions];
    const texts = entryTexts(entries, versions, story);
    return versions.map((version, index) => {
        const before = versions[index + 1];
        const entry = entries.find(({ number }) => {
            const text = texts.get(number);
            return text?.isExact && text.version === version;
        }) ?? null;
        return {
            version,
            changes: before ? differences(UPDATE_FIELDS, null, before, version) : null,
            notes: before ? notesOnVersion(before, version) : [],
            entry,
        };
    });
}

/**
 * Adds the steps of which no version is kept, such as taking an update back to draft that was published again.
 * @param {UpdateVersion[]} versions
 * @param {AuditEntry[]} entries The audit trail of the update, as far as it may be read.
 * @returns {(UpdateVersion|AuditEntry)[]} Newest first.
 */
export function withSteps(versions, entries) {
    const shown = new Set(versions.map(({ entry }) => entry?.number));
    const others = entries.filter(({ number, action }) => action.startsWith("update.") && !shown.has(number));
    /** @param {UpdateVersion|AuditEntry} step */
    const time = step => "version" in step ? step.entry?.at ?? step.version.modifiedAt : step.at;
    return [...versions, ...others]
        .sort((one, other) => time(one) < time(other) ? 1 : -Number(time(one) > time(other)));
}

/** @param {EditorUpdate} before @param {EditorUpdate} version */
function notesOnVersion(before, version) {
    const notes = [];
    const reason = version.stricken?.reason;
    if (reason && reason !== before.stricken?.reason) notes.push(phrase("retractedBecause", { reason }));
    if (before.stricken && !reason) notes.push(phrase("retractionTakenBack"));
    if (before.state !== version.state) notes.push(`${stateLabel(before.state)} → ${stateLabel(version.state)}`);
    return notes;
}

/** @param {UpdateVersion} options */
function versionNode({ version, changes, notes, entry }) {
    /** @type {Thing} */
    const members = version;
    const rows = changes ?? UPDATE_FIELDS.map(field => ({ field, mine: null, theirs: members[field.name] }))
        .filter(row => row.field.kind !== "flag" && valueLabel(row.field, row.theirs));
    return make("li", {},
        make("p", { class: "when" }, timeElement(version.modifiedAt), entry && whoDid(entry),
            !changes && ` ${phrase("firstVersion")}`),
        ...notes.map(note => make("p", {}, note)),
        make("dl", { class: "differences" }, ...rows.flatMap(({ field, mine, theirs }) => [
            make("dt", {}, field.label),
            make("dd", { class: "diff" }, changes ? diffNodes(wordDiff(...comparedLabels(field, mine, theirs)))
                : comparedLabels(field, null, theirs)[1]),
        ])));
}

/** @param {AuditEntry} entry */
function stepNode(entry) {
    return make("li", {}, make("p", { class: "when" }, timeElement(entry.at), whoDid(entry)));
}

/** @param {AuditEntry} entry */
function whoDid(entry) {
    return ` ${entry.name} ${auditLabel(entry)}`;
}
