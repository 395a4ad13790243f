// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The bar for what is selected: tag, delete, move, split off.
import { WRITTEN, make } from "../shared/dom.js";
import { SignedOut } from "./api.js";
import { deleteUpdates, restoreUpdates, tagUpdates } from "./bulk.js";
import { confirmed, labelled, openDialog } from "./dialogs.js";
import { button, fill, freshId } from "./elements.js";
import { mainButton } from "./form-parts.js";
import { countedUpdates, reachMessage } from "./labels.js";
import { askStory, moveAndTell } from "./move-dialog.js";
import { phrase } from "./phrases.js";
import { Stopped } from "./retry.js";
import { undoAction } from "./undo.js";
import { UPDATE_FIELDS, valueFrom } from "./values.js";

/** Acts on the selected updates of a story. It is in sight, below the list, while some are selected. */
export class SelectionBar {
    /**
     * @param {Desk} desk
     * @param {Watch} watch
     * @param {import("./selection.js").Selection} selection
     * @param {{find: (id: string) => EditorUpdate|null|undefined, onChanged: (update: EditorUpdate) => void,
     *   onGone: (id: string) => void, onBack: (id: string) => void}} options `find` returns an update as the list shows
     *   it. `onBack` is called for one that is about to come back.
     */
    constructor(desk, watch, selection, { find, onChanged, onGone, onBack }) {
        this.desk = desk;
        this.watch = watch;
        this.selection = selection;
        this.find = find;
        this.onChanged = onChanged;
        this.onGone = onGone;
        this.onBack = onBack;
        this.count = make("p", { role: "status" });
        this.actions = make("fieldset", { class: "plain actions" },
            button(phrase("tagMore"), () => this.run(() => this.tag())),
            button(phrase("moveMore"), () => this.run(() => this.move())),
            desk.session.isUnbound && button(phrase("splitMore"), () => this.run(() => this.split())),
            button(phrase("deleteMore"), () => this.run(() => this.remove()), { class: "grave" }),
            button(phrase("clear"), () => selection.clear(), { class: "quiet" }));
        this.node = make("section", { class: "selection-bar", "aria-label": phrase("selectedUpdates"), hidden: true },
            this.count, this.actions);
    }

    get story() {
        return this.watch.feed.story;
    }

    /** The selected updates, as they are shown. */
    get updates() {
        return this.selection.ids.flatMap(id => this.find(id) ?? []);
    }

    show() {
        const { count } = this.selection;
        this.node.hidden = count === 0;
        fill(this.count, count ? phrase("selected", { count }) : "");
    }

    /** @param {() => Promise<unknown>} action */
    async run(action) {
        if (this.actions.disabled) return;
        try {
            await action();
        } catch (failure) {
            if (!(failure instanceof SignedOut) && !(failure instanceof Stopped)) this.desk.sayFailure(failure);
        } finally {
            this.actions.disabled = false;
            this.show();
        }
    }

    // Locks the bar while it works, and tells how far it is.
    begin() {
        const { count } = this.selection;
        this.actions.disabled = true;
        return (/** @type {number} */ done) => fill(this.count, phrase("working", { number: done + 1, count }));
    }

    async tag() {
        const tags = await askTags();
        if (!tags) return;
        const { done, left } = await tagUpdates(this.desk, this.story.id, this.updates, tags, this.begin());
        for (const update of done) this.onChanged(update);
        this.selection.clear();
        const values = { updates: countedUpdates(done.length), left: left.length };
        this.desk.say(left.length ? phrase("taggedSome", values) : phrase("tagged", values));
    }

    async remove() {
        const { updates, story } = this;
        const isMeant = await confirmed(phrase("deleteCount", { updates: countedUpdates(updates.length) }),
            phrase("deleteManyText", { reach: reachMessage(story.status) }), phrase("delete"), { isGrave: true });
        if (!isMeant) return;
        const { done, left } = await deleteUpdates(this.desk, story.id, updates, this.begin());
        for (const { id } of done) this.onGone(id);
        this.selection.clear();
        const undo = undoAction(this.desk, countedUpdates(done.length), async () => {
            for (const update of await restoreUpdates(this.desk, story.id, done)) this.onChanged(update);
            this.desk.say(phrase("restored"));
        });
        const values = { updates: countedUpdates(done.length), left: left.length };
        this.desk.say(left.length ? phrase("deletedSome", values) : phrase("deletedMany", values),
            ...done.length ? [undo] : []);
    }

    async move() {
        const to = await askStory(this.desk, this.story.id, this.selection.count);
        if (to) await this.moveTo({ to });
    }

    async split() {
        const story = await askNewStory(this.selection.count);
        if (story) await this.moveTo({ story });
    }

    /** @param {{to: string}|{story: Thing}} target */
    async moveTo(target) {
        const ids = this.updates.map(update => update.id);
        this.begin()(0);
        await moveAndTell(this.desk, this.story.id, ids, target, {
            onGone: id => this.onGone(id),
            onBack: () => {
                ids.forEach(id => this.onBack(id));
                this.watch.poke();
            },
        });
        this.selection.clear();
    }
}

/** @returns {Promise<{added: string[], removed: string[]}|null>} */
function askTags() {
    const field = UPDATE_FIELDS.find(({ name }) => name === "tags");
    const inputs = ["added", "removed"].map(name =>
        make("input", { id: freshId(name), name, autocomplete: "off", autofocus: name === "added", ...WRITTEN }));
    const [added, removed] = inputs;
    const form = make("form", { id: freshId("form") },
        labelled(added.id, phrase("addTags"), added, make("p", { class: "hint" }, phrase("separatedByCommas"))),
        labelled(removed.id, phrase("takeTags"), removed));
    return openDialog(phrase("tag"), [form], close => {
        form.addEventListener("submit", event => {
            event.preventDefault();
            const [on, off] = inputs.map(input => field ? valueFrom(field, input.value) : []);
            close(on.length || off.length ? { added: on, removed: off } : null);
        });
        return [
            button(phrase("cancel"), () => close(null)),
            mainButton(phrase("tag"), null, { type: "submit", form: form.id }),
        ];
    });
}

/** @param {number} count @returns {Promise<Thing|null>} */
function askNewStory(count) {
    const title = make("input", { id: freshId("title"), name: "title", autocomplete: "off", autofocus: true,
        "aria-required": "true", ...WRITTEN });
    const draft = make("input", { type: "checkbox", name: "draft" });
    const form = make("form", { id: freshId("form") },
        make("p", {}, phrase("splitHint")), labelled(title.id, phrase("itsTitle"), title),
        make("label", { class: "flag" }, draft, phrase("splitAsDraft")));
    return openDialog(phrase("splitCount", { updates: countedUpdates(count) }), [form], close => {
        form.addEventListener("submit", event => {
            event.preventDefault();
            if (!title.value.trim()) return title.focus();
            close({ title: title.value.trim(), status: draft.checked ? "draft" : "live" });
        });
        return [
            button(phrase("cancel"), () => close(null)),
            mainButton(phrase("splitOff"), null, { type: "submit", form: form.id }),
        ];
    });
}
