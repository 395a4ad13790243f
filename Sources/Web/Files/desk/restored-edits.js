// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Edits of updates from before a crash or a reload, each with a notice.
import { make } from "../shared/dom.js";
import { button, fill } from "./elements.js";
import { notice } from "./form-parts.js";
import { labelOf } from "./labels.js";
import { shortTime } from "./local-times.js";
import { phrase } from "./phrases.js";

/** Opens the editors of a story's updates that have unsaved changes. */
export class RestoredEdits {
    /**
     * Notices at the top, by the slots of their drafts.
     * @type {Map<string, HTMLElement>}
     */
    #notices = new Map();

    /**
     * @param {Desk} desk
     * @param {string} story Id.
     * @param {{lists: import("./update-lists.js").UpdateLists, show: (id: string) => void}} part `show` goes to an
     *   update.
     */
    constructor(desk, story, { lists, show }) {
        this.desk = desk;
        this.story = story;
        this.lists = lists;
        this.show = show;
        /** Announces at the top what is open in the lists, perhaps far down. */
        this.node = make("div", { class: "above" });
        /** What is not in the lists. */
        this.leftBehind = make("div", {});
    }

    open() {
        const prefix = `${this.story}/update/`;
        for (const { slot, draft } of this.desk.drafts.list(prefix)) {
            const item = this.lists.get(slot.slice(prefix.length));
            if (item) this.#announce(item, slot, draft);
            else this.leftBehind.append(this.#leftBehindNode(slot, slot.slice(prefix.length), draft));
        }
    }

    /** Takes away the notices of edits that have been saved or given up. */
    refresh() {
        for (const [slot, node] of this.#notices) {
            if (this.desk.drafts.read(slot)) continue;
            node.remove();
            this.#notices.delete(slot);
        }
    }

    /** @param {import("./update-item.js").UpdateItem} item @param {string} slot @param {Draft} draft */
    #announce(item, slot, draft) {
        item.edit(false);
        const node = notice(unsavedLabel(draft), button(phrase("goOn"), () => {
            node.remove();
            this.show(item.id);
        }));
        this.#notices.set(slot, node);
        this.node.append(node);
    }

    // The notice for a draft whose update is not loaded, or is gone.
    /** @param {string} slot @param {string} id @param {Draft} draft */
    #leftBehindNode(slot, id, draft) {
        const node = notice(unsavedLabel(draft),
            button(phrase("goOn"), () => this.#goOn(node, id)),
            button(phrase("discard"), () => {
                this.desk.drafts.remove(slot);
                node.remove();
            }, { class: "quiet" }));
        return node;
    }

    /** @param {HTMLElement} node @param {string} id */
    async #goOn(node, id) {
        try {
            const { value } = await this.desk.api.ask("GET", `/stories/${this.story}/updates/${id}`);
            const item = this.lists.add(value);
            node.replaceWith(item.node);
            await item.edit();
        } catch (failure) {
            const text = this.desk.drafts.read(`${this.story}/update/${id}`)?.typed.body ?? "";
            fill(node, make("p", {}, phrase("cannotOpen", { reason: failure.message })),
                make("pre", { class: "body", tabindex: "0" }, text), ...[...node.querySelectorAll("button")].slice(1));
        }
    }
}

/** @param {Draft} draft */
function unsavedLabel({ typed, at }) {
    return phrase("unsavedChanges", { title: labelOf(typed), time: shortTime(new Date(at).toISOString()) });
}
