// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Taking back a change of an update.
import { Refusal } from "./api.js";
import { button } from "./elements.js";
import { labelOf } from "./labels.js";
import { isDone } from "./merge.js";
import { phrase } from "./phrases.js";
import { keyLabel } from "./shortcuts.js";
import { patchOf, typedMembers, UPDATE_FIELDS } from "./values.js";

/**
 * Returns the patch that takes a change back.
 * @param {EditorUpdate} before
 * @param {EditorUpdate} after
 * @param {number} now Milliseconds since 1970.
 * @returns {Thing} Empty if there is nothing to take back.
 */
export function reversePatch(before, after, now = Date.now()) {
    // Followers that were notified stay so.
    const { notify: _, ...patch } = patchOf(UPDATE_FIELDS, after, typedMembers(UPDATE_FIELDS, before));
    const [was, is] = [before.state ?? "published", after.state ?? "published"];
    if (was === is && before.publishAt === after.publishAt) return patch;
    const isStillAhead = was === "scheduled" && Date.parse(before.publishAt ?? "") > now;
    if (isStillAhead) return { ...patch, state: was, publishAt: before.publishAt };
    return { ...patch, state: was === "published" ? was : "draft" };
}

/**
 * Creates a button that takes a change back with one press, unless the update has been changed again.
 * @param {Desk} desk
 * @param {string} path The update's.
 * @param {EditorUpdate} before
 * @param {Pick<Answer, "value"|"tag">} answer The answer to the change.
 * @param {(update: EditorUpdate, tag: string|null) => void} onUndone
 */
export function undoButton(desk, path, before, { value: after, tag }, onUndone) {
    return undoAction(desk, labelOf(after), async () => {
        const undone = await undo(desk, path, reversePatch(before, after), tag, labelOf(after));
        desk.sayOf(after, phrase("undone"));
        onUndone(undone.value, undone.tag);
    });
}

/**
 * Creates an Undo button for a message. It is pressed by Ctrl+Z, too.
 * @param {Desk} desk
 * @param {string} label What it is about.
 * @param {() => Promise<unknown>} act
 */
export function undoAction(desk, label, act) {
    const node = button(phrase("undo"), async () => {
        node.disabled = true;
        try {
            await act();
        } catch (failure) {
            node.disabled = false;
            desk.sayFailure(failure);
        }
    }, { class: "quiet undo", "aria-label": phrase("about", { action: phrase("undo"), title: label }),
        title: keyLabel("Ctrl+Z"), "aria-keyshortcuts": "Control+Z" });
    return node;
}

/** @param {Desk} desk @param {string} path @param {Thing} patch @param {string|null} tag @param {string} label */
async function undo(desk, path, patch, tag, label) {
    try {
        return await desk.persist(phrase("actionOn", { action: phrase("undo"), title: label }),
            () => desk.api.patch(path, patch, tag));
    } catch (failure) {
        const current = failure instanceof Refusal && failure.status === 412 ? failure.current : null;
        if (!current) throw failure;
        // An earlier attempt succeeded and its response was lost.
        if (isDone(current, patch)) return { value: current, tag: failure.tag };
        throw changedSince(failure);
    }
}

/**
 * Creates a button that takes a change of a story back, unless what it changed has been changed again since.
 * @param {Desk} desk
 * @param {string} story Id.
 * @param {string} label What it is about.
 * @param {{patch: Thing, isStill: (story: Thing) => boolean, onUndone: () => void}} change `patch` takes it back;
 *   `isStill`: whether the story is still as the change left it.
 */
export function undoStoryButton(desk, story, label, { patch, isStill, onUndone }) {
    const path = `/stories/${story}`;
    const action = phrase("actionOn", { action: phrase("undo"), title: label });
    return undoAction(desk, label, async () => {
        const { value, tag } = await desk.persist(action, () => desk.api.ask("GET", path));
        if (!isStill(value)) throw changedSince(new Error());
        await desk.persist(action, () => desk.api.patch(path, patch, tag));
        desk.say(phrase("undone"));
        onUndone();
    });
}

/** @param {Failure} failure @returns {Failure} */
function changedSince(failure) {
    return Object.assign(failure, { title: phrase("notUndone"), message: phrase("changedSince") });
}
