// A story's updates: the composer, what readers do not see yet, and what they see.
import { Composer } from "./desk-composer.js";
import { arrange, button, fill, make } from "./desk-dom.js";
import { notice } from "./desk-fields.js";
import { UpdateItem } from "./desk-item.js";
import { shortTime } from "./desk-times.js";
import { wordsOf } from "./desk-words.js";

/** The part of a story where its updates are written. */
export class UpdatesPart {
    #items = new Map();

    /**
     * @param {object} desk
     * @param {import("./desk-watch.js").Watch} watch
     */
    constructor(desk, watch) {
        Object.assign(this, { desk, watch });
        this.story = watch.feed.story;
        this.composer = new Composer(desk, this.story.id, update => this.watch.take(update));
        this.closedNote = make("p", { class: "notice", hidden: true },
            "This story is closed: open pages have stopped asking for news.");
        this.leftBehind = make("div", {});
        this.draftList = make("div", { class: "items" });
        this.drafts = make("section", { class: "drafts", "aria-labelledby": "drafts-title", hidden: true },
            make("h2", { id: "drafts-title" }, "Not published"), this.draftList);
        this.list = make("div", { class: "items" });
        this.heading = make("h2", { id: "updates-title", tabindex: "-1" }, "Updates");
        this.empty = make("p", { class: "nothing" }, "Nothing published yet.");
        this.older = button("Older updates", () => this.loadOlder(), { hidden: true });
        this.node = make("div", { class: "columns" },
            make("section", { class: "compose", "aria-labelledby": "compose-title" },
                make("h2", { id: "compose-title" }, "New update"), this.closedNote, this.composer.node),
            make("div", { class: "lists" }, this.leftBehind, this.drafts,
                make("section", { "aria-labelledby": "updates-title" },
                    this.heading, this.empty, this.list, this.older)));
        this.changed([]);
        this.restoreEditors();
    }

    close() {
        this.composer.close();
        for (const item of this.#items.values()) item.close();
    }

    /** Shows what the watch holds. */
    changed(changes) {
        this.dropTakenDown(changes);
        this.story = this.watch.feed.story;
        const { updates, older } = this.watch.feed;
        this.closedNote.hidden = this.story.status !== "closed";
        const focused = document.activeElement;
        const hadFocus = this.node.contains(focused);
        this.show(this.draftList, this.watch.drafts);
        this.drafts.hidden = !this.draftList.childElementCount;
        this.show(this.list, updates);
        this.forgetUnused();
        // What is moved in a document loses the focus, and so does what was left out.
        const isLost = hadFocus && document.activeElement === document.body;
        if (isLost) (focused.isConnected ? focused : this.heading).focus();
        this.empty.hidden = this.list.childElementCount > 0;
        this.older.hidden = !older;
    }

    // What has to go must not be kept here either, nor sent again by somebody who had it open.
    dropTakenDown(changes) {
        for (const change of changes) {
            if (change.op !== "remove" || change.reason !== "takedown") continue;
            this.desk.drafts.forgetUpdate(this.story.id, change.id);
            const item = this.#items.get(change.id);
            if (item?.isEdited) this.desk.say("The update that you were editing has been taken down.");
            item?.leaveEditor();
        }
    }

    show(place, updates) {
        const items = updates.map(update => {
            const item = this.#items.get(update.id) ?? this.newItem(update);
            item.show(update);
            return item;
        });
        const shown = new Set(items.map(item => item.node));
        // What somebody is editing stays until they have saved or left it, also where it is gone.
        const edited = [...place.children].filter(node => !shown.has(node) && this.itemOf(node)?.isEdited);
        for (const node of edited) if (!this.isThere(node.dataset.id)) this.itemOf(node).tellGone();
        arrange(place, [...edited, ...items.map(item => item.node)]);
    }

    isThere(id) {
        return this.watch.feed.get(id) || this.watch.drafts.some(draft => draft.id === id);
    }

    itemOf(node) {
        return this.#items.get(node.dataset.id);
    }

    newItem(update) {
        const item = new UpdateItem(this.desk, this.story, update, changed => this.itemChanged(item, changed));
        this.#items.set(update.id, item);
        return item;
    }

    itemChanged(item, update) {
        if (update) this.watch.take(update);
        else {
            this.watch.drafts = this.watch.drafts.filter(draft => draft.id !== item.id);
            item.node.remove();
            this.heading.focus();
            this.watch.poke();
        }
    }

    forgetUnused() {
        for (const [id, item] of this.#items) {
            if (!item.node.isConnected && !this.node?.contains(item.node)) {
                item.close();
                this.#items.delete(id);
            }
        }
    }

    async loadOlder() {
        this.older.disabled = true;
        const first = this.list.childElementCount;
        try {
            await this.watch.loadOlder();
            this.list.children[first]?.focus();
        } catch (failure) {
            this.desk.sayFailure(failure);
        } finally {
            this.older.disabled = false;
        }
    }

    // --- after a crash ---

    restoreEditors() {
        const prefix = `${this.story.id}/update/`;
        for (const { slot, draft } of this.desk.drafts.list(prefix)) {
            const item = this.#items.get(slot.slice(prefix.length));
            if (item) item.edit(false);
            else this.leftBehind.append(this.leftBehindNode(slot, slot.slice(prefix.length), draft));
        }
    }

    // One that is on no page so far, or is gone.
    leftBehindNode(slot, id, draft) {
        const { typed, at } = draft;
        const when = shortTime(new Date(at).toISOString());
        const node = notice(`Changes to “${wordsOf(typed)}” of ${when} were not saved.`,
            button("Go on", () => this.goOn(node, id)),
            button("Discard", () => {
                this.desk.drafts.remove(slot);
                node.remove();
            }, { class: "quiet" }));
        return node;
    }

    async goOn(node, id) {
        try {
            const { value } = await this.desk.api.ask("GET", `/stories/${this.story.id}/updates/${id}`);
            const item = this.#items.get(id) ?? this.newItem(value);
            node.replaceWith(item.node);
            await item.edit();
        } catch (failure) {
            const text = this.desk.drafts.read(`${this.story.id}/update/${id}`)?.typed.body ?? "";
            fill(node, make("p", {}, `It cannot be opened: ${failure.message}. This is what you had typed:`),
                make("pre", { class: "body", tabindex: "0" }, text), ...[...node.querySelectorAll("button")].slice(1));
        }
    }
}
