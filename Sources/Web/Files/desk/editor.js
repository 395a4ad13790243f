// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The form for an existing update.
import { make } from "../shared/dom.js";
import { SignedOut, Unreached } from "./api.js";
import { Colleagues } from "./colleagues.js";
import { resolveConflict } from "./conflict.js";
import { confirmed } from "./dialogs.js";
import { button, fill } from "./elements.js";
import { mainButton, restoredNotice } from "./form-parts.js";
import { phrase } from "./phrases.js";
import { keyLabel } from "./shortcuts.js";
import { ScheduleControl, UpdateForm } from "./update-form.js";
import { Stopped } from "./retry.js";
import { isRepeatable, saveChange } from "./save.js";
import { patchOf, typedMembers, UPDATE_FIELDS } from "./values.js";
import { labelOf } from "./labels.js";

/** The editor of one update. Its draft includes the base state and entity tag that the edit started from. */
export class UpdateEditor {
    /** @type {Pick<Begun, "base"|"tag">|null} */
    #from = null;
    #isGone = false;

    /**
     * @param {Desk} desk
     * @param {string} story Id.
     * @param {string} id The update's id.
     * @param {{onSaved: (answer: Pick<Answer, "value"|"tag">, before: EditorUpdate) => void,
     *   onClose: () => void}} events
     * @param {() => EditorUpdate[]} published What is published in the story, as far as it is loaded.
     */
    constructor(desk, story, id, { onSaved, onClose }, published) {
        this.desk = desk;
        this.story = story;
        this.id = id;
        this.onSaved = onSaved;
        this.onClose = onClose;
        this.path = `/stories/${story}/updates/${id}`;
        this.slot = `${story}/update/${id}`;
        this.form = new UpdateForm(desk, {
            label: phrase("editUpdate"), onInput: () => this.keep(), onMain: () => this.save(this.mainExtra),
            published, id,
        });
        this.node = this.form.node;
        this.head = make("header", { class: "edit-head" });
        this.node.prepend(this.head);
        this.schedule = new ScheduleControl(publishAt => this.save({ state: "scheduled", publishAt }));
        this.node.addEventListener("keydown", event => this.leaveByKey(event));
        this.colleagues = new Colleagues(desk, this.path, {
            modifiedAt: () => this.form.isLocked ? null : this.begun.base.modifiedAt, isChanged: () => this.isChanged,
            onTake: () => this.takeTheirs(),
        });
        this.form.above.before(this.colleagues.node);
        this.form.isLocked = true;
        this.form.notify.offer(desk.api, story);
    }

    /**
     * Fills the form from the draft, if any, or from the server.
     * @param {boolean} isWanted Whether to move the focus into the form.
     */
    async open(isWanted = true) {
        const draft = this.desk.drafts.read(this.slot);
        try {
            const begun = draft ?? await this.read();
            // What was typed while it was read stays; saving finds out whether others have changed the same.
            if (this.#from && this.isChanged) return;
            this.start(begun);
        } catch (failure) {
            return this.fail(failure);
        }
        this.colleagues.begin();
        if (isWanted) this.form.fields.input("body").focus();
        if (draft && !this.desk.drafts.fresh.has(this.slot)) {
            this.form.above.append(restoredNotice(draft, () => this.discard()));
        }
    }

    async read() {
        const { value, tag } = await this.desk.api.ask("GET", this.path);
        return { base: value, tag, typed: typedMembers(UPDATE_FIELDS, value) };
    }

    /** @param {Begun} options */
    start({ base, tag, typed }) {
        this.#from = { base, tag };
        this.form.typed = typed;
        this.form.isLocked = false;
        this.colleagues.settle();
        this.showHead();
        this.showActions();
    }

    /** The base state and entity tag that the form was filled from. */
    get begun() {
        if (!this.#from) throw new Error("the form is not filled yet");
        return this.#from;
    }

    /** @returns {UpdateState} */
    get state() {
        return this.begun.base.state ?? "published";
    }

    /**
     * The extra members for Ctrl+Enter, which publishes.
     * @returns {{state?: UpdateState}}
     */
    get mainExtra() {
        return this.state === "published" ? {} : { state: "published" };
    }

    showHead() {
        const isPublished = this.state === "published";
        fill(this.head, make("h3", {}, isPublished ? phrase("editUpdate") : phrase("editDraft")),
            isPublished && make("p", { class: "hint" }, phrase("editHint")));
    }

    showActions() {
        const cancel = button(phrase("cancel"), () => this.cancel(), { title: keyLabel("Escape") });
        const preview = this.form.previewButton(this.desk, this.story, this.id);
        if (this.state === "published") {
            return fill(this.form.actions, mainButton(phrase("save"), () => this.save()), preview, cancel);
        }
        this.form.offer(
            [mainButton(phrase("publish"), () => this.save({ state: "published" })),
                button(phrase("save"), () => this.save()), cancel],
            [this.schedule.opener, this.state === "scheduled"
                && button(phrase("backToDraft"), () => this.save({ state: "draft" })), preview],
            this.schedule.node);
    }

    // --- draft ---

    get isChanged() {
        return Object.keys(patchOf(UPDATE_FIELDS, this.begun.base, this.form.typed)).length > 0;
    }

    keep() {
        if (!this.isChanged) return this.desk.drafts.remove(this.slot);
        // The rendition is derived and need not be stored.
        const { bodyHtml, ...base } = this.begun.base;
        this.desk.drafts.write(this.slot, { base, tag: this.begun.tag, typed: this.form.typed });
    }

    async cancel() {
        const text = phrase("changesTo", { title: labelOf(this.begun.base) });
        if (!this.isChanged || await confirmed(phrase("discardChanges"), text, phrase("discard"))) this.leave();
    }

    // Escape cancels the edit, except during composition, where it belongs to the input method.
    /** @param {KeyboardEvent} event */
    leaveByKey(event) {
        if (event.key !== "Escape" || event.isComposing || event.defaultPrevented) return;
        event.preventDefault();
        if (this.#from && !this.form.isLocked) this.cancel();
    }

    leave() {
        this.desk.drafts.remove(this.slot);
        this.form.discardUploads();
        this.onClose();
    }

    // At once to what it was begun from, and then to what has been saved since.
    async discard() {
        this.desk.drafts.remove(this.slot);
        this.form.clearFaults();
        fill(this.form.above);
        this.start({ ...this.begun, typed: typedMembers(UPDATE_FIELDS, this.begun.base) });
        await this.open();
    }

    close() {
        this.colleagues.close();
        this.form.close();
    }

    // What a colleague has saved comes into the form; what was typed here is compared with it.
    async takeTheirs() {
        if (this.form.isLocked) return;
        const { base } = this.begun;
        this.form.isLocked = true;
        try {
            const theirs = await this.read();
            const mine = { ...base, ...patchOf(UPDATE_FIELDS, base, this.form.typed) };
            const decision = this.isChanged ? await this.resolve(base, mine, theirs.base)
                : { typed: theirs.typed, isFinal: false };
            this.form.isLocked = false;
            if (!decision) return;
            this.start({ ...theirs, typed: decision.typed });
            this.keep();
            this.form.fields.input("body").focus();
            if (decision.isFinal) await this.save();
        } catch (failure) {
            this.fail(failure);
        }
    }

    /** @param {Thing} base @param {Thing} mine @param {Thing} theirs */
    async resolve(base, mine, theirs) {
        return resolveConflict(UPDATE_FIELDS, base, mine, theirs, await this.colleagues.lastEditor());
    }

    /** Tells the editor, once, that the update has been removed by somebody else. */
    tellGone() {
        if (this.#isGone) return;
        this.#isGone = true;
        this.form.tell(phrase("removedWhileEditing"));
        this.desk.say(phrase("removedWhileEditingSaid"));
    }

    // --- saving ---

    /** @param {{state?: UpdateState, publishAt?: string}} extra Members that are no fields. */
    async save(extra = {}) {
        const verb = extra.state === "published" ? phrase("publish") : phrase("save");
        if (this.form.isLocked) return;
        this.desk.message.hide();
        if (!await this.form.isReady(extra.state ?? this.state, verb)) return;
        this.keep();
        this.form.isLocked = true;
        this.form.tell(phrase("saving"));
        try {
            await this.finish(await saveChange({
                ...this.begun, typed: this.form.typed, fields: UPDATE_FIELDS, extra,
                send: (patch, match) => this.send(patch, match),
                resolve: (base, mine, theirs) => this.resolve(base, mine, theirs),
            }));
        } catch (failure) {
            this.fail(failure);
        }
    }

    /** @param {Thing} patch @param {string|null} match */
    send(patch, match) {
        const send = () => this.desk.api.patch(this.path, patch, match);
        if (!isRepeatable(patch, this.state)) return send().catch(failure => this.tellDoubt(failure));
        const label = phrase("actionOn", { action: phrase("save"), title: labelOf(this.begun.base) });
        return this.desk.persist(label, send, words => this.form.tell(words));
    }

    /** @param {Failure} failure @returns {never} */
    tellDoubt(failure) {
        if (failure instanceof Unreached) failure.title = phrase("maybeNotified");
        throw failure;
    }

    /** @param {Saved} options */
    finish({ state, base, tag, typed, before }) {
        this.form.isLocked = false;
        this.form.tell("");
        if (state === "open") {
            this.start({ base, tag, typed });
            this.form.fields.input("body").focus();
            return this.keep();
        }
        if (state === "same") return this.leave();
        this.desk.drafts.remove(this.slot);
        this.onSaved({ value: base, tag },
            /** @type {EditorUpdate} */
            (before));
    }

    /** @param {Failure} failure */
    fail(failure) {
        this.form.isLocked = this.#from === null;
        this.form.tell("");
        if (failure instanceof SignedOut) return;
        if (failure instanceof Stopped) return this.form.tell(phrase("notSavedKept"));
        this.form.showFailure(failure);
        this.schedule.showFaults(failure.errors ?? []);
        if (this.#from === null) fill(this.form.actions, button(phrase("close"), () => this.leave()));
    }
}
