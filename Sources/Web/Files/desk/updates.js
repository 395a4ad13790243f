// SPDX-License-Identifier: Apache-2.0
// @ts-check
// A story's updates: the composer, the lists of unpublished and published updates, a search in them, and their outline.
import { make } from "../shared/dom.js";
import { SignedOut } from "./api.js";
import { authorQuestion } from "./author-question.js";
import { Composer } from "./composer.js";
import { UpdateEditor } from "./editor.js";
import { button, fill, focusOnElement } from "./elements.js";
import { FindInStory } from "./find.js";
import { ListWalk } from "./list-walk.js";
import { StoryOutline } from "./outline.js";
import { phrase } from "./phrases.js";
import { RestoredEdits } from "./restored-edits.js";
import { Selection } from "./selection.js";
import { SelectionBar } from "./selection-bar.js";
import { TopForm } from "./top-form.js";
import { UpdateItem } from "./update-item.js";
import { UpdateLists } from "./update-lists.js";
import { undoButton } from "./undo.js";
import { closedMessage, savedMessage } from "./labels.js";

/** The part of a story in which its updates are written and edited. */
export class UpdatesPart {
    #wanted = "";

    /**
     * @param {Desk} desk
     * @param {Watch} watch
     * @param {Route} route
     */
    constructor(desk, watch, route) {
        this.desk = desk;
        this.watch = watch;
        this.story = watch.feed.story;
        this.composer = new Composer(desk, this.story.id, answer => this.saved(answer), () => this.published);
        /**
         * In place of the composer, while an update that was published is taken back.
         * @type {UpdateEditor|null}
         */
        this.editor = null;
        this.top = new TopForm(desk, watch);
        this.title = make("h2", { id: "compose-title" }, phrase("newUpdate"));
        this.closedNote = make("p", { class: "notice", hidden: true }, closedMessage);
        this.selection = new Selection(() => this.showSelection());
        this.held = new UpdateLists(update => this.makeItem(update));
        this.empty = make("p", { class: "nothing" }, phrase("nothingPublished"));
        this.older = button(phrase("olderUpdates"), () => this.loadOlder(), { hidden: true });
        this.held.sections.at(-1)?.append(this.empty, this.older);
        this.restored = new RestoredEdits(desk, this.story.id, { lists: this.held, show: id => this.show(id) });
        this.held.node.prepend(this.restored.leftBehind);
        this.find = new FindInStory(desk, this.story.id, {
            makeItem: update => this.makeItem(update), onChange: () => this.showSearch(),
        });
        this.bar = new SelectionBar(desk, watch, this.selection, {
            find: id => this.item(id)?.update, onChanged: update => this.take(update), onGone: id => this.drop(id),
            onBack: id => this.held.own(id),
        });
        this.outline = new StoryOutline(desk, this.story.id, id => this.show(id));
        this.stream = make("div", { class: "stream" },
            this.find.node, this.held.node, this.find.results, this.bar.node);
        this.walk = new ListWalk(this.stream);
        this.node = make("div", { class: "columns" },
            make("section", { class: "compose", "aria-labelledby": "compose-title" },
                this.title, this.skipNode(), this.closedNote, this.restored.node,
                authorQuestion(desk, name => this.composer.takeAuthor(name)), this.composer.node, this.top.node),
            this.outline.node, this.stream);
        this.changed([]);
        this.restored.open();
        this.node.addEventListener("focusin", () => this.restored.refresh());
        this.go(route);
    }

    get published() {
        return this.watch.feed.updates;
    }

    /** Moves the focus to where an update is written. */
    focusText() {
        this.composer.focus();
    }

    close() {
        this.composer.close();
        this.editor?.close();
        this.top.close();
        this.outline.close();
        this.find.close();
        this.held.close();
    }

    /** @param {EditorUpdate} update */
    makeItem(update) {
        return new UpdateItem(this.desk, this.watch, update, changed => this.itemChanged(update.id, changed), {
            isSelected: id => this.selection.has(id), onSelect: (...selected) => this.select(...selected),
        });
    }

    /**
     * The item of an update: of what was found, or of the lists.
     * @param {string} id
     */
    item(id) {
        return (this.find.isActive ? this.find.get(id) : null) ?? this.held.get(id);
    }

    // A skip link past the composer, for keyboard users.
    skipNode() {
        return make("a", { class: "skip", href: "#updates-title", click: event => {
            event.preventDefault();
            focusOnElement(this.held.heading);
        } }, phrase("skipToPublished"));
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
            drafts: this.watch.drafts.filter(draft => draft.id !== this.editor?.id), pinned,
            updates: updates.filter(update => !update.pinned),
        }, updates.length, Boolean(older));
        this.empty.hidden = updates.length > 0;
        this.older.hidden = !older;
        this.find.refresh(id => this.current(id));
        this.selection.keep(id => this.find.isActive || Boolean(this.current(id)));
        this.outline.changed(changes);
        this.top.changed(changes);
        this.composer.noteChanges(changes);
    }

    /** @param {string} id @returns {EditorUpdate|undefined} */
    current(id) {
        return this.watch.feed.get(id) ?? this.watch.drafts.find(draft => draft.id === id);
    }

    // Drops drafts and editors of updates that were taken down, so that their content is neither kept nor sent again.
    /** @param {Change[]} changes */
    dropTakenDown(changes) {
        for (const change of changes) {
            if (change.op !== "remove") continue;
            this.find.drop(change.id);
            if (change.reason !== "takedown") continue;
            this.desk.drafts.forgetUpdate(this.story.id, change.id);
            const item = this.held.get(change.id);
            if (item?.isEdited) this.desk.say(phrase("editedTakenDown"));
            item?.leaveEditor();
        }
    }

    /** @param {EditorUpdate} update */
    take(update) {
        this.held.own(update.id);
        this.find.get(update.id)?.show(update);
        this.watch.take(update);
        this.succeeded();
    }

    // After another act, that nothing was written is no fault any more.
    succeeded() {
        this.outline.soon();
        if (this.composer.isBlank) this.composer.form.clearFaults();
    }

    // --- what was written ---

    /**
     * Tells where readers find an update that was published, and offers to take it back.
     * @param {Pick<Answer, "value"|"tag">} answer
     */
    saved({ value: update, tag }) {
        this.take(update);
        if (update.state === "draft") return;
        const href = `/live/${this.story.slug}/${update.id}`;
        const isSeen = update.state === "published" && this.story.status !== "draft";
        const undo = undoButton(this.desk, `/stories/${this.story.id}/updates/${update.id}`,
            { ...update, state: "draft" }, { value: update, tag }, draft => this.takeBack(draft));
        this.desk.sayOf(update, savedMessage(update),
            ...isSeen ? [make("a", { href, target: "_blank", rel: "noopener" }, phrase("seeIt"))] : [], undo);
    }

    /** @param {EditorUpdate} draft */
    async takeBack(draft) {
        this.take(draft);
        this.leaveEditor();
        this.editor = new UpdateEditor(this.desk, this.story.id, draft.id, {
            onSaved: answer => {
                this.leaveEditor();
                // Otherwise nothing has said so.
                this.desk.sayOf(answer.value, savedMessage(answer.value));
                this.saved(answer);
            },
            onClose: () => this.leaveEditor(),
        }, () => this.published);
        this.composer.node.replaceWith(this.editor.node);
        this.title.hidden = true;
        // It is not shown among the drafts, too.
        this.changed([]);
        await this.editor.open();
    }

    leaveEditor() {
        if (!this.editor) return;
        this.editor.close();
        this.editor.node.replaceWith(this.composer.node);
        this.editor = null;
        this.title.hidden = false;
        this.changed([]);
        this.composer.focus();
    }

    /** @param {string} id @param {EditorUpdate|null} update */
    itemChanged(id, update) {
        if (update) this.take(update);
        else this.drop(id);
    }

    /** @param {string} id */
    drop(id) {
        this.held.own(id);
        this.find.drop(id);
        this.watch.drop(id);
        this.succeeded();
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

    // --- going to an update, and finding some ---

    /** @param {Route} route */
    go({ update, query = "" }) {
        this.find.text = query;
        if (update) this.show(update);
    }

    /**
     * Shows an update, and focuses it; loads what lies between if it is older than what is loaded.
     * @param {string} id
     */
    async show(id) {
        this.#wanted = id;
        if (this.find.isActive && !this.find.get(id)) this.find.end();
        try {
            if (!this.isListed(id)) await this.load(id);
        } catch (failure) {
            if (!(failure instanceof SignedOut)) this.desk.sayFailure(failure);
            return;
        }
        if (this.#wanted !== id) return;
        const item = this.item(id);
        if (!item) return this.desk.say(phrase("notInList"));
        if (!item.node.isConnected) this.held.reveal();
        item.node.focus({ preventScroll: true });
        item.node.scrollIntoView({ block: "start" });
    }

    /** @param {string} id */
    isListed(id) {
        return Boolean(this.find.isActive && this.find.get(id)) || Boolean(this.held.get(id));
    }

    /** @param {string} id */
    async load(id) {
        const { value } = await this.desk.api.ask("GET", `/stories/${this.story.id}/updates/${id}`);
        if (value.publishedAt) await this.watch.loadUntil(value.publishedAt, () => this.#wanted === id);
    }

    showSearch() {
        const { isActive } = this.find;
        this.held.node.hidden = isActive;
        this.outline.node.classList.toggle("aside", isActive);
        this.selection.clear();
    }

    // --- selecting ---

    /** @param {string} id @param {boolean} isOn @param {boolean} isRange */
    select(id, isOn, isRange) {
        if (isRange) this.selection.extend(id, this.walk.order, isOn);
        else this.selection.set(id, isOn);
    }

    showSelection() {
        for (const id of this.walk.order) this.item(id)?.showSelected();
        this.bar.show();
    }

    // --- keys and commands ---

    /**
     * Does what a shortcut stands for; returns whether it was for this part.
     * @param {import("./shortcuts.js").Shortcut} shortcut
     */
    press(shortcut) {
        const item = this.item(this.walk.current ?? "");
        switch (shortcut) {
        case "j": return this.walk.step(1);
        case "k": return this.walk.step(-1);
        case "e": return Boolean(item && (item.edit(), true));
        case "p": return Boolean(item && (item.pin(), true));
        case "x": return Boolean(item && (this.selection.set(item.id), true));
        case "n": return this.startWriting();
        case "/": return this.startFinding();
        default: return false;
        }
    }

    /** Leaves a search or a selection; returns whether there was one. */
    leave() {
        if (this.selection.count) {
            this.selection.clear();
            return true;
        }
        return this.find.end();
    }

    startWriting() {
        this.composer.form.fields.input("body").focus();
        return true;
    }

    startFinding() {
        this.find.focus();
        return true;
    }

    commands() {
        return [
            { label: phrase("newUpdate"), detail: "n", run: () => this.startWriting() },
            { label: phrase("findInStory"), detail: "/", run: () => this.startFinding() },
            { label: phrase("updateTopKeyPoints"), run: () => this.top.focus() },
        ];
    }
}
