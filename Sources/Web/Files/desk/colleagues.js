// SPDX-License-Identifier: Apache-2.0
// @ts-check
// What an open form says of colleagues: who else edits the update, and who has saved it meanwhile.
import { make } from "../shared/dom.js";
import { button, fill } from "./elements.js";
import { notice } from "./form-parts.js";
import { shortTime } from "./local-times.js";
import { phrase, phraseList } from "./phrases.js";
import { Presence } from "./presence.js";

/** The notices of colleagues above a form. */
export class Colleagues {
    #present = "";
    #savedAt = "";
    /** @type {HTMLElement|null} */
    #notice = null;

    /**
     * @param {Desk} desk
     * @param {string} path The update's.
     * @param {{modifiedAt: () => string|null, isChanged: () => boolean, onTake: () => unknown}} form `modifiedAt`: of
     *   what the form was filled from, null while it is saving; `isChanged`: whether something was typed; `onTake`
     *   takes over what was saved.
     */
    constructor(desk, path, form) {
        this.form = form;
        this.node = make("div", { class: "above" });
        this.presence = new Presence(desk.api, path, editing => {
            this.showPresent(editing.others.map(({ key, name }) =>
                key === desk.session.identity?.key ? phrase("editingElsewhere", { name }) : name));
            this.showSaved(editing);
        });
    }

    begin() {
        this.presence.begin();
    }

    close() {
        this.presence.end();
    }

    /** Takes away what was said of a version that the form has now. */
    settle() {
        this.#savedAt = "";
        this.#notice = null;
        this.show();
    }

    show() {
        fill(this.node, this.#present && make("p", { class: "present", role: "status" }, this.#present), this.#notice);
    }

    /** Who changed the update last; null if that is not known. */
    async lastEditor() {
        return (await this.presence.ask())?.modifiedBy ?? null;
    }

    /** @param {string[]} names */
    showPresent(names) {
        const words = names.length ? phrase("alsoEditing", { names: phraseList([...new Set(names)]) }) : "";
        if (words === this.#present) return;
        this.#present = words;
        this.show();
    }

    /** @param {import("./presence.js").UpdateEditing} editing */
    showSaved({ modifiedAt, modifiedBy }) {
        const known = this.form.modifiedAt();
        if (known === null || modifiedAt === this.#savedAt) return;
        if (modifiedAt === known) return this.#savedAt && this.settle();
        this.#savedAt = modifiedAt;
        const time = shortTime(modifiedAt);
        const words = modifiedBy ? phrase("savedByAt", { name: modifiedBy, time }) : phrase("savedAt", { time });
        const label = this.form.isChanged() ? phrase("compareMore") : phrase("loadIt");
        this.#notice = notice(words, button(label, () => this.form.onTake(), { class: "quiet" }));
        this.show();
    }
}
