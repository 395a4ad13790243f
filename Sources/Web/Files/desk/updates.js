// SPDX-License-Identifier: Apache-2.0
// @ts-check
// A story's updates: the composer, and the lists of unpublished and published updates.
import { make } from "../shared/dom.js";
import { Composer } from "./composer.js";
import { button, fill, focusOnElement } from "./elements.js";
import { notice } from "./form-parts.js";
import { UpdateItem } from "./update-item.js";
import { UpdateLists } from "./update-lists.js";
import { shortTime } from "./local-times.js";
import { closedMessage, labelOf } from "./labels.js";

/** The part of a story in which its updates are written and edited. */
export class UpdatesPart {
    /**
     * @param {Desk} desk
     * @param {Watch} watch
     */
    constructor(desk, watch) {
        this.desk = desk;
        this.watch = watch;
        this.story = watch.feed.story;
        this.composer = new Composer(desk, this.story.id, update => this.take(update));
        this.closedNote = make("p", { class: "notice", hidden: true }, closedMessage);
        this.leftBehind = make("div", {});
        this.held = new UpdateLists(update =>
            new UpdateItem(desk, watch, update, changed => this.itemChanged(update.id, changed)));
        this.empty = make("p", { class: "nothing" }, "Nothing published yet.");
        this.older = button("Older updates", () => this.loadOlder(), { hidden: true });
        this.held.sections.at(-1)?.append(this.empty, this.older);
        this.held.node.prepend(this.leftBehind);
        this.node = make("div", { class: "columns" },
            make("section", { class: "compose", "aria-labelledby": "compose-title" },
                make("h2", { id: "compose-title" }, "New update"), this.skipNode(), this.closedNote,
                this.composer.node),
            this.held.node);
        this.changed([]);
        this.restoreEditors();
    }

    close() {
        this.composer.close();
        this.held.close();
    }

    // A skip link past the composer, for keyboard users.
    skipNode() {
        return make("a", { class: "skip", href: "#updates-title", click: event => {
            event.preventDefault();
            focusOnElement(this.held.heading);
        } }, "Skip to the published updates");
    }

    /**
     * Shows the current state of the watch.
     * @param {Change[]} changes
     */
    changed(changes) {
        this.dropTakenDown(changes);
        this.story = this.watch.feed.story;
        const { updates, pinned, older } = this.watch.feed;
        this.held.region.hold(() => {
            this.closedNote.hidden = this.story.status !== "closed";
        });
        this.held.show({
            drafts: this.watch.drafts, pinned, updates: updates.filter(update => !update.pinned),
        }, updates.length, Boolean(older));
        this.empty.hidden = updates.length > 0;
        this.older.hidden = !older;
    }

    // Drops drafts and editors of updates that were taken down, so that their content is neither kept nor sent again.
    /** @param {Change[]} changes */
    dropTakenDown(changes) {
        for (const change of changes) {
            if (change.op !== "remove" || change.reason !== "takedown") continue;
            this.desk.drafts.forgetUpdate(this.story.id, change.id);
            const item = this.held.get(change.id);
            if (item?.isEdited) this.desk.say("The update that you were editing has been taken down.");
            item?.leaveEditor();
        }
    }

    /** @param {EditorUpdate} update */
    take(update) {
        this.held.own(update.id);
        this.watch.take(update);
    }

    /** @param {string} id @param {EditorUpdate|null} update */
    itemChanged(id, update) {
        if (update) return this.take(update);
        this.held.own(id);
        this.watch.drop(id);
    }

    async loadOlder() {
        this.older.disabled = true;
        const known = new Set(this.watch.feed.updates.map(update => update.id));
        try {
            await this.watch.loadOlder();
            const first = this.watch.feed.updates.find(update => !known.has(update.id) && !update.pinned);
            this.held.get(first?.id ?? "")?.node.focus();
        } catch (failure) {
            this.desk.sayFailure(failure);
        } finally {
            this.older.disabled = false;
        }
    }

    // --- drafts from before a crash ---

    restoreEditors() {
        const prefix = `${this.story.id}/update/`;
        for (const { slot, draft } of this.desk.drafts.list(prefix)) {
            const item = this.held.get(slot.slice(prefix.length));
            if (item) item.edit(false);
            else this.leftBehind.append(this.leftBehindNode(slot, slot.slice(prefix.length), draft));
        }
    }

    // The notice for a draft whose update is not loaded, or is gone.
    /** @param {string} slot @param {string} id @param {Draft} draft */
    leftBehindNode(slot, id, draft) {
        const { typed, at } = draft;
        const when = shortTime(new Date(at).toISOString());
        const node = notice(`Changes to “${labelOf(typed)}” of ${when} were not saved.`,
            button("Go on", () => this.goOn(node, id)),
            button("Discard", () => {
                this.desk.drafts.remove(slot);
                node.remove();
            }, { class: "quiet" }));
        return node;
    }

    /** @param {HTMLElement} node @param {string} id */
    async goOn(node, id) {
        try {
            const { value } = await this.desk.api.ask("GET", `/stories/${this.story.id}/updates/${id}`);
            const item = this.held.add(value);
            node.replaceWith(item.node);
            await item.edit();
        } catch (failure) {
            const text = this.desk.drafts.read(`${this.story.id}/update/${id}`)?.typed.body ?? "";
            fill(node, make("p", {}, `It cannot be opened: ${failure.message}. This is what you had typed:`),
                make("pre", { class: "body", tabindex: "0" }, text), ...[...node.querySelectorAll("button")].slice(1));
        }
    }
}
