// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The key points at the top of the reader's page, edited beside the composer.
import { make } from "../shared/dom.js";
import { Refusal, SignedOut } from "./api.js";
import { button, fill } from "./elements.js";
import { Fields } from "./fields.js";
import { FormFault, mainButton, notice, restoredNotice } from "./form-parts.js";
import { shortTime } from "./local-times.js";
import { numberText, phrase } from "./phrases.js";
import { letRowsBeDragged } from "./row-dragging.js";
import { Stopped } from "./retry.js";
import { FieldRows } from "./rows.js";
import { saveChange } from "./save.js";
import { hasConflict, resolveKeyPoints } from "./top-conflict.js";
import { undoStoryButton } from "./undo.js";
import { isSame, patchOf, typedMembers, valuesFrom } from "./values.js";

/** @type {Field[]} */
const TOP_FIELDS = [{ name: "keyPoints", label: phrase("keyPointsOfDesk"), kind: "rows", one: phrase("keyPoint"),
    adding: phrase("addKeyPoint"), movable: true,
    members: [{ name: "text", label: phrase("keyPoint"), kind: "text", rows: 2 }] }];

/**
 * The key points of a story as rows of a form.
 * @param {Thing} story
 */
function topOf(story) {
    const keyPoints = story.keyPoints.map((/** @type {string} */ text) => ({ text }));
    return { keyPoints, modifiedAt: story.modifiedAt };
}

/** @param {Thing} [top] @returns {string[]} */
function textsOf(top) {
    return top?.keyPoints.map((/** @type {{text: string}} */ { text }) => text) ?? [];
}

/** The form for a story's key points: in order, by drag or by keyboard. */
export class TopForm {
    /** @type {Pick<Begun, "base"|"tag">|null} */
    #from = null;

    /** @param {Desk} desk @param {Watch} watch */
    constructor(desk, watch) {
        this.desk = desk;
        this.watch = watch;
        this.path = `/stories/${watch.feed.story.id}`;
        this.slot = `${watch.feed.story.id}/top`;
        this.fields = new Fields(TOP_FIELDS, () => this.keep());
        this.above = make("div", { class: "above" });
        // What is said of a colleague who has saved the top meanwhile.
        this.colleague = make("div", { class: "above" });
        this.fault = new FormFault();
        this.progress = make("p", { class: "progress" });
        this.saving = mainButton(phrase("updateTop"), null, { type: "submit", disabled: true });
        this.leaving = button(phrase("discard"), () => this.discard(), { class: "quiet", hidden: true });
        this.inner = make("fieldset", { class: "plain", disabled: true }, this.fields.node("keyPoints"));
        const name = phrase("theTop");
        this.form = make("form", { class: "top-form", "aria-label": name, novalidate: true, submit: event => {
            event.preventDefault();
            this.save();
        } }, this.colleague, this.above, this.inner, this.fault.node,
        make("div", { class: "actions" }, this.saving, this.leaving), this.progress);
        this.form.addEventListener("keydown", event => this.pressed(event));
        this.count = make("span", { class: "summary" });
        this.node = make("details", { class: "more top" },
            make("summary", {}, phrase("topSummary"), " ", this.count), this.form);
        letRowsBeDragged(this.fields.node("keyPoints"));
        this.node.addEventListener("toggle", () => this.node.open && this.unfolded());
        this.showCount();
        if (desk.drafts.read(this.slot)) this.node.open = true;
    }

    close() {
        this.fields.close();
    }

    /** Opens it, and moves the focus there. */
    focus() {
        this.node.open = true;
        this.node.querySelector("summary")?.focus();
        this.node.scrollIntoView({ block: "nearest" });
    }

    async unfolded() {
        if (!this.#from) await this.open();
        // Not where a draft was restored.
        if (this.node.contains(document.activeElement)) this.form.scrollIntoView({ block: "nearest" });
    }

    // A key point is one paragraph: Enter goes on to the next one, Ctrl+Enter updates the top.
    /** @param {KeyboardEvent} event */
    pressed(event) {
        const { target } = event;
        if (event.key !== "Enter" || event.isComposing || !(target instanceof HTMLTextAreaElement)) return;
        event.preventDefault();
        if (event.ctrlKey || event.metaKey) return this.save();
        const rows = this.fields.controls.get("keyPoints");
        if (rows instanceof FieldRows) rows.goOn(target);
    }

    /** @param {Change[]} changes */
    changed(changes) {
        this.showCount();
        if (changes.some(({ op }) => op === "story")) this.compare();
    }

    // Reloads a form that is unchanged and has no focus; otherwise shows a notice of the colleague's version.
    async compare() {
        const { keyPoints, modifiedAt } = this.watch.feed.story;
        if (!this.#from || this.inner.disabled || modifiedAt <= this.#from.base.modifiedAt) return;
        if (!this.isChanged && !this.form.contains(document.activeElement)) return this.open();
        const was = textsOf(this.#from.base);
        if (isSame(keyPoints, was)) return fill(this.colleague);
        const name = await this.lastEditor();
        // Saved, loaded or changed again meanwhile.
        if (modifiedAt <= this.#from.base.modifiedAt || modifiedAt < this.watch.feed.story.modifiedAt) return;
        const time = shortTime(modifiedAt);
        const mine = textsOf(valuesFrom(TOP_FIELDS, this.fields.typed));
        const label = !this.isChanged ? phrase("loadIt")
            : hasConflict(was, mine, keyPoints) ? phrase("compareMore") : phrase("mergeWithMine");
        fill(this.colleague, notice(name ? phrase("topSavedByAt", { name, time }) : phrase("topSavedAt", { time }),
            button(label, () => this.takeTheirs(), { class: "quiet" })));
    }

    /** Who has changed the key points last, as far as this key may see it. */
    async lastEditor() {
        const { isAdmin, isUnbound } = this.desk.session;
        if (!isAdmin || !isUnbound) return null;
        const path = `/audit?story=${this.watch.feed.story.id}&action=story.edit&limit=50`;
        const answer = await this.desk.api.once("GET", path).catch(() => null);
        /** @type {AuditEntry[]} */
        const entries = answer?.value.entries ?? [];
        return entries.find(({ members }) => members.includes("keyPoints"))?.name ?? null;
    }

    // What a colleague has saved comes into the form, merged with what was typed here.
    async takeTheirs() {
        if (!this.#from || this.inner.disabled) return;
        const { base } = this.#from;
        this.inner.disabled = true;
        try {
            const theirs = await this.read();
            const mine = { ...base, ...patchOf(TOP_FIELDS, base, this.fields.typed) };
            const decision = await this.resolve(base, mine, theirs.base);
            this.inner.disabled = false;
            if (!decision) return;
            this.start({ ...theirs, typed: decision.typed });
            this.keep();
            this.node.querySelector("summary")?.focus();
            // A merge without conflicts is not saved automatically: the editor reviews it first.
            const isAsked = hasConflict(textsOf(base), textsOf(mine), textsOf(theirs.base));
            if (isAsked && decision.isFinal) await this.save();
        } catch (failure) {
            this.fail(failure);
        }
    }

    showCount() {
        const { length } = this.watch.feed.story.keyPoints;
        fill(this.count, length ? `(${numberText(length)})` : phrase("none"));
    }

    get isChanged() {
        return this.#from !== null && Object.keys(patchOf(TOP_FIELDS, this.#from.base, this.fields.typed)).length > 0;
    }

    async open() {
        const draft = this.desk.drafts.read(this.slot);
        try {
            const begun = draft ?? await this.read();
            // What was typed while it was read stays; saving finds out whether others have changed the same.
            if (this.isChanged) return;
            this.start(begun);
        } catch (failure) {
            return this.fail(failure);
        }
        fill(this.above);
        if (!draft || this.desk.drafts.fresh.has(this.slot)) return;
        this.above.append(restoredNotice(draft, () => this.discard()));
    }

    async read() {
        const { value, tag } = await this.desk.api.ask("GET", this.path);
        const base = topOf(value);
        return { base, tag, typed: typedMembers(TOP_FIELDS, base) };
    }

    /** @param {Begun} options */
    start({ base, tag, typed }) {
        this.#from = { base, tag };
        this.fields.typed = typed;
        this.inner.disabled = false;
        fill(this.colleague);
        this.showState();
    }

    showState() {
        this.saving.disabled = this.inner.disabled || !this.isChanged;
        this.leaving.hidden = !this.isChanged;
    }

    keep() {
        this.fault.clear();
        if (this.isChanged) this.desk.drafts.write(this.slot, { ...this.#from, typed: this.fields.typed });
        else this.desk.drafts.remove(this.slot);
        this.showState();
    }

    // At once to what it was begun from, and then to what has been saved since.
    async discard() {
        if (!this.#from) return;
        this.desk.drafts.remove(this.slot);
        this.fields.clearFaults();
        this.fault.clear();
        fill(this.above);
        this.start({ ...this.#from, typed: typedMembers(TOP_FIELDS, this.#from.base) });
        this.node.querySelector("summary")?.focus();
        await this.open();
    }

    async save() {
        if (!this.#from || !this.isChanged || this.inner.disabled) return;
        const { typed } = this.fields;
        this.fields.clearFaults();
        this.fault.clear();
        this.inner.disabled = true;
        this.showState();
        fill(this.progress, phrase("saving"));
        try {
            this.finish(await saveChange({
                ...this.#from, typed, fields: TOP_FIELDS, send: (patch, match) => this.patch(patch, match),
                resolve: (was, mine, theirs) => this.resolve(was, mine, theirs),
            }));
        } catch (failure) {
            this.fail(failure);
        }
    }

    // Only what both have changed is asked about.
    /** @param {Thing} was @param {Thing} mine @param {Thing} theirs */
    async resolve(was, mine, theirs) {
        const points = await resolveKeyPoints(textsOf(was), textsOf(mine), textsOf(theirs), () => this.lastEditor());
        if (!points) return null;
        return { typed: { keyPoints: points.texts.map(text => ({ text })) }, isFinal: points.isFinal };
    }

    /** @param {Saved} options */
    finish({ state, base, tag, typed, before }) {
        fill(this.progress);
        this.start({ base, tag, typed: state === "open" ? typed : typedMembers(TOP_FIELDS, base) });
        if (state === "open") return this.keep();
        this.desk.drafts.remove(this.slot);
        fill(this.above);
        // The button that was pressed has lost the focus while it was disabled.
        const at = document.activeElement;
        if (at === document.body || this.node.contains(at)) this.node.querySelector("summary")?.focus();
        const [was, is] = [before, base].map(textsOf);
        this.desk.say(phrase("topUpdated"), undoStoryButton(this.desk, this.watch.feed.story.id, phrase("theTop"), {
            patch: { keyPoints: was }, isStill: story => isSame(story.keyPoints, is), onUndone: () => this.undone(),
        }));
        this.watch.poke();
    }

    undone() {
        this.watch.poke();
        if (!this.isChanged) this.open();
    }

    /** @param {Thing} patch @param {string|null} match */
    async patch({ keyPoints }, match) {
        const texts = keyPoints.map((/** @type {{text: string|null}} */ { text }) =>
            (text ?? "").trim().replace(/\s*\n\s*/g, " "));
        try {
            const { value, tag } = await this.desk.persist(phrase("updateTop"),
                () => this.desk.api.patch(this.path, { keyPoints: texts }, match), words => fill(this.progress, words));
            return { value: topOf(value), tag };
        } catch (failure) {
            // The entity tag covers the whole story; the key points may be unchanged.
            if (failure instanceof Refusal && failure.current) failure.current = topOf(failure.current);
            throw failure;
        }
    }

    /** @param {Failure} failure */
    fail(failure) {
        this.inner.disabled = this.#from === null;
        this.showState();
        fill(this.progress, failure instanceof Stopped ? phrase("notSavedKept") : "");
        if (failure instanceof SignedOut || failure instanceof Stopped) return;
        // Each text is a row with one field.
        const errors = (failure.errors ?? []).map(({ pointer, detail }) => ({
            pointer: /^\/keyPoints\/\d+$/.test(pointer) ? `${pointer}/text` : pointer, detail,
        }));
        this.fault.showFailure(Object.assign(failure, { errors }), this.fields);
    }
}
