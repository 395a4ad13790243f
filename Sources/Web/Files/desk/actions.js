// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Actions on an existing update.
import { make } from "../shared/dom.js";
import { Refusal } from "./api.js";
import { confirmed, differenceList, openDialog, reasonDialog } from "./dialogs.js";
import { button } from "./elements.js";
import { mainButton } from "./form-parts.js";
import { differences } from "./merge.js";
import { freshKey } from "./outbox.js";
import { phrase } from "./phrases.js";
import { troubleText } from "./retry.js";
import { UPDATE_FIELDS } from "./values.js";
import { reachMessage, takedownTerms, labelOf } from "./labels.js";

/**
 * Patches an update with one press. If it has changed since the list showed it, asks the editor to confirm.
 * @param {Desk} desk
 * @param {string} path The update's path.
 * @param {EditorUpdate} shown The update, as the list shows it.
 * @param {Thing} patch
 * @param {string} action A label, such as `Pin`.
 * @returns {Promise<(Answer & {before: EditorUpdate})|null>} `value` is the patched update, and `before` what it was;
 *   null if the editor cancelled.
 */
export function changeUpdate(desk, path, shown, patch, action) {
    return withTag(desk, path, shown, action, match =>
        desk.api.patch(path, patch, match));
}

/** The answer to a DELETE of an update that is already gone. */
const GONE = { status: 404, value: null, tag: null, pollAfter: null };

/**
 * Deletes an update.
 * @returns {Promise<boolean>} Whether it was deleted; false if the editor cancelled.
 * @param {Desk} desk
 * @param {string} path
 * @param {EditorUpdate} shown
 */
export async function deleteUpdate(desk, path, shown) {
    let isAgain = false;
    const answer = await withTag(desk, path, shown, phrase("delete"), async match => {
        try {
            return await desk.api.ask("DELETE", path, { match });
        } catch (failure) {
            // An earlier attempt succeeded and its response was lost.
            if (isAgain && failure instanceof Refusal && failure.status === 404) return GONE;
            isAgain = true;
            throw failure;
        }
    });
    return answer !== null;
}

/**
 * Restores a deleted update from the bin.
 * @returns {Promise<EditorUpdate>} The restored update.
 * @param {Desk} desk
 * @param {string} story
 * @param {EditorUpdate} update
 */
export async function restoreUpdate(desk, story, update) {
    const [path, once] = [`/stories/${story}/updates/${update.id}/restore`, freshKey()];
    const { value } = await desk.persist(phrase("actionOn", { action: phrase("restore"), title: labelOf(update) }),
        () => desk.api.ask("POST", path, { once }));
    return value;
}

/**
 * Creates a button that restores a deleted update from the bin.
 * @param {Desk} desk
 * @param {string} story Id.
 * @param {EditorUpdate} update
 * @param {(update: EditorUpdate) => void} onRestored
 * @param {string} text The button's label.
 */
export function restoreButton(desk, story, update, onRestored, text = phrase("undo")) {
    const node = button(text, async () => {
        node.disabled = true;
        try {
            const restored = await restoreUpdate(desk, story, update);
            desk.sayOf(restored, phrase("restored"));
            onRestored(restored);
        } catch (failure) {
            node.disabled = false;
            desk.sayFailure(failure);
        }
    }, { class: "quiet undo", "aria-label": phrase("about", { action: text, title: labelOf(update) }) });
    return node;
}

/**
 * Withdraws a retraction.
 * @param {Desk} desk
 * @param {string} path
 * @param {EditorUpdate} shown
 */
export function unstrikeUpdate(desk, path, shown) {
    return withTag(desk, path, shown, phrase("takeRetractionBack"), match =>
        desk.api.ask("DELETE", `${path}/strike`, { match }));
}

// Optimistic locking: sends with the current entity tag once the editor agrees to the current state; retries after 412.
/**
 * @param {Desk} desk
 * @param {string} path
 * @param {EditorUpdate} shown
 * @param {string} action
 * @param {(tag: string|null) => Promise<Answer>} send
 */
async function withTag(desk, path, shown, action, send) {
    const label = phrase("actionOn", { action, title: labelOf(shown) });
    for (let seen = shown; ;) {
        const { value, tag } = await desk.persist(label, () => desk.api.ask("GET", path));
        if (!await isAgreed(seen, value, action)) return null;
        try {
            return { ...await desk.persist(label, () => send(tag)), before: value };
        } catch (failure) {
            if (!(failure instanceof Refusal) || failure.status !== 412) throw failure;
            seen = value;
        }
    }
}

/** @param {EditorUpdate} seen @param {EditorUpdate} present @param {string} action */
function isAgreed(seen, present, action) {
    if (seen.seq === present.seq && seen.modifiedAt === present.modifiedAt && seen.state === present.state) return true;
    const rows = differences(UPDATE_FIELDS, null, seen, present);
    const isOther = seen.state !== present.state || Boolean(seen.stricken) !== Boolean(present.stricken);
    if (!rows.length && !isOther) return true;
    return confirmed(phrase("notWhatYouSaw"), [
        make("p", {}, phrase("changedMeanwhile")),
        isOther && make("p", {}, phrase("isNow." + (present.stricken ? "retracted" : present.state))),
        differenceList(rows),
    ].filter(Boolean), phrase("allTheSame", { action }));
}

/**
 * Retracts an update (readers see it struck through), or changes the reason.
 * @returns {Promise<EditorUpdate|null>}
 * @param {Desk} desk
 * @param {Pick<Story, "id"|"status">} options
 * @param {EditorUpdate} update
 */
export function strikeUpdate(desk, { id: story, status }, update) {
    return askReason(desk, story, update, "strike", phrase("retract"), {
        title: phrase("retractTitle"),
        text: [make("p", {}, phrase("retractText", { title: labelOf(update), reach: reachMessage(status) }))],
        label: phrase("reasonForReaders"), reason: update.stricken?.reason ?? "",
    });
}

/**
 * Takes an update down, erasing its content; the outcome is shown by `showPurge`.
 * @returns {Promise<EditorUpdate|null>}
 * @param {Desk} desk
 * @param {Pick<Story, "id"|"status">} options
 * @param {EditorUpdate} update
 */
export function takeDownUpdate(desk, { id: story, status }, update) {
    return askReason(desk, story, update, "takedown", phrase("takeDown"), {
        title: phrase("takeDownTitle"),
        text: [
            make("p", {}, phrase("isErased", { title: labelOf(update) })),
            make("dl", { class: "terms" }, ...takedownTerms(status).flatMap(([what, when]) =>
                [make("dt", {}, what), make("dd", {}, when)])),
        ],
        label: phrase("reasonForDesk"), word: phrase("takedownWord"),
    });
}

// Keeps the reason and the idempotency key as a draft until the dialog is cancelled.
/**
 * @param {Desk} desk
 * @param {string} story
 * @param {EditorUpdate} update
 * @param {string} kind
 * @param {string} action
 * @param {ReasonTexts} words
 */
async function askReason(desk, story, update, kind, action, words) {
    const slot = `${story}/${kind}/${update.id}`;
    const draft = desk.drafts.read(slot);
    const once = draft?.once ?? freshKey();
    const answer = await reasonDialog({
        ...words, action, ...draft?.reason && { reason: draft.reason },
        onInput: reason => desk.drafts.write(slot, { once, reason }),
        act: (reason, told) => sendTold(desk, told, {
            once, slot, label: phrase("actionOn", { action, title: labelOf(update) }), body: JSON.stringify({ reason }),
            path: `/stories/${story}/updates/${update.id}/${kind}`,
        }),
    });
    if (!answer && !desk.outbox.of(slot)) desk.drafts.remove(slot);
    return answer;
}

/** @param {Desk} desk @param {(words: string) => void} told @param {SendableEntry} entry */
async function sendTold(desk, told, entry) {
    const unwatch = desk.onOutbox(() => {
        const trouble = desk.outbox.of(entry.slot)?.trouble;
        if (trouble) told(troubleText(trouble));
    });
    try {
        return (await desk.outbox.send(entry)).value;
    } finally {
        unwatch();
    }
}

/**
 * Shows which cache addresses are still to be purged after a takedown.
 * @param {{purge: string[], purged: boolean|null, erased: boolean}} answer
 */
export function showPurge({ purge, purged, erased }) {
    const words = purged === true ? phrase("purgeDone")
        : purged === false ? phrase("purgeUnconfirmed")
            : phrase("purgeUnknown");
    return openDialog(phrase("takenDownTitle"), [
        make("p", { class: purged === false ? "notice" : null }, words),
        !erased && make("p", {}, phrase("logHeld")),
        make("details", { class: "more" },
            make("summary", {}, phrase("cacheAddresses", { count: purge.length })),
            make("div", { class: "purge", tabindex: "0", role: "region", "aria-label": phrase("addresses") },
                make("ul", {}, ...purge.map(path => make("li", {}, make("code", {}, path)))))),
    ].filter(Boolean), close => [mainButton(phrase("done"), () => close(true), { autofocus: true })]);
}
