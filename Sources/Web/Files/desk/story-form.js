// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Forms for a story's own members: editing and creating.
import { make } from "../shared/dom.js";
import { SignedOut } from "./api.js";
import { resolveConflict } from "./conflict.js";
import { confirmed, openDialog } from "./dialogs.js";
import { button, fill, freshId } from "./elements.js";
import { Fields } from "./fields.js";
import { FormFault, mainButton, restoredNotice } from "./form-parts.js";
import { freshKey } from "./outbox.js";
import { phrase } from "./phrases.js";
import { Stopped, troubleText } from "./retry.js";
import { saveChange } from "./save.js";
import { isSame, patchOf, STORY_FIELDS, typedMembers, valuesFrom } from "./values.js";
import { slugQuestion, statusQuestion } from "./labels.js";
import { acceptPictures } from "./picture-input.js";
import { UploadWait } from "./upload-wait.js";

// The fields shown first; all others are folded.
const FIRST_FIELDS = ["title", "summary", "keyPoints", "image", "status"];

/** The form of a story: fields, error summary, buttons and progress. */
class StoryForm {
    /** @param {Desk} desk @param {string} label @param {() => void} onInput @param {() => void} onSubmit */
    constructor(desk, label, onInput, onSubmit) {
        this.fields = new Fields(STORY_FIELDS, () => {
            this.fault.clear();
            onInput();
        }, { pictures: desk.pictures });
        this.wait = new UploadWait(this.fields);
        this.fault = new FormFault();
        this.above = make("div", { class: "above" });
        this.actions = make("div", { class: "actions" });
        this.progress = make("p", { class: "progress" });
        const further = STORY_FIELDS.map(field => field.name).filter(name => !FIRST_FIELDS.includes(name));
        this.more = make("details", { class: "more" },
            make("summary", {}, phrase("more"), " ", make("span", { class: "summary" }, phrase("storyMore"))),
            make("div", { class: "pairs" }, ...further.map(name => this.fields.node(name))));
        this.inner = make("fieldset", { class: "plain" },
            ...FIRST_FIELDS.map(name => this.fields.node(name)), this.more);
        this.node = make("form", { class: "story-form", "aria-label": label, novalidate: true,
            submit: event => {
                event.preventDefault();
                onSubmit();
            } }, this.above, this.inner, this.fault.node, this.wait.node, this.actions, this.progress);
        for (const list of this.fields.mediaLists) acceptPictures(this.node, list);
    }

    /**
     * Returns whether the form can be sent; waits until its picture is uploaded.
     * @param {string} verb What the editor wants, such as `Save`.
     */
    async isReady(verb) {
        this.clearFaults();
        if (this.wait.isOn || !this.isComplete || !await this.wait.until(verb) || !this.isComplete) return false;
        for (const list of this.fields.mediaLists) list.rememberCredits();
        return true;
    }

    // The picture of a story that readers see needs an alternative text.
    get isComplete() {
        const isPublic = this.fields.typed.status !== "draft";
        return this.fields.mediaLists.every(list => list.isComplete(isPublic));
    }

    close() {
        this.wait.cancel();
        this.fields.close();
    }

    /** @param {boolean} isLocked */
    set isLocked(isLocked) {
        this.inner.disabled = isLocked;
        for (const action of this.actions.querySelectorAll("button")) action.disabled = isLocked;
    }

    /** @param {Failure} failure */
    showFailure(failure) {
        this.isLocked = false;
        fill(this.progress, failure instanceof Stopped ? phrase("notSavedKept") : "");
        if (failure instanceof SignedOut || failure instanceof Stopped) return;
        this.fault.showFailure(failure, this.fields);
    }

    clearFaults() {
        this.fields.clearFaults();
        this.fault.clear();
    }
}

/** The part of a story in which its own members are edited. */
export class StoryFormPart {
    /** @type {Pick<Begun, "base"|"tag">|null} */
    #from = null;

    /** @param {Desk} desk @param {Watch} watch */
    constructor(desk, watch) {
        this.desk = desk;
        this.watch = watch;
        this.id = watch.feed.story.id;
        this.path = `/stories/${this.id}`;
        this.slot = `${this.id}/story`;
        this.form = new StoryForm(desk, phrase("theStory"), () => this.keep(), () => this.save());
        this.form.actions.append(mainButton(phrase("save"), null, { type: "submit" }));
        if (desk.session.isAdmin) {
            this.form.actions.append(button(phrase("deleteStoryMore"), () => this.remove(), { class: "quiet grave" }));
        }
        this.node = make("section", { class: "about", "aria-labelledby": "about-title" },
            make("h2", { id: "about-title" }, phrase("storyItself")), this.form.node);
        this.form.more.open = true;
        this.form.isLocked = true;
        this.open();
    }

    close() {
        this.form.close();
    }

    /**
     * Reloads the form after others' changes if it has no unsaved input; else saving detects the conflict.
     * @param {Change[]} changes
     */
    changed(changes) {
        const isOther = changes.some(change =>
            change.op === "story" && change.story.modifiedAt !== this.#from?.base.modifiedAt);
        if (isOther && this.#from && !this.isChanged) this.open();
    }

    /** The base state and entity tag that the form was filled from. */
    get begun() {
        if (!this.#from) throw new Error("the form is not filled yet");
        return this.#from;
    }

    get isChanged() {
        return Object.keys(patchOf(STORY_FIELDS, this.begun.base, this.form.fields.typed)).length > 0;
    }

    async open() {
        const draft = this.desk.drafts.read(this.slot);
        try {
            const begun = draft ?? await this.read();
            // What was typed while it was read stays; saving finds out whether others have changed the same.
            if (this.#from && this.isChanged) return;
            this.start(begun);
        } catch (failure) {
            return this.form.showFailure(failure);
        }
        fill(this.form.above);
        if (draft && !this.desk.drafts.fresh.has(this.slot)) {
            this.form.above.append(restoredNotice(draft, () => this.discard()));
        }
    }

    async read() {
        const { value, tag } = await this.desk.api.ask("GET", this.path);
        return { base: value, tag, typed: typedMembers(STORY_FIELDS, value) };
    }

    /** @param {Begun} options */
    start({ base, tag, typed }) {
        this.#from = { base, tag };
        this.form.fields.typed = typed;
        this.form.isLocked = false;
    }

    keep() {
        if (this.isChanged) this.desk.drafts.write(this.slot, { ...this.begun, typed: this.form.fields.typed });
        else this.desk.drafts.remove(this.slot);
    }

    // At once to what it was begun from, and then to what has been saved since.
    discard() {
        this.desk.drafts.remove(this.slot);
        this.form.clearFaults();
        fill(this.form.above);
        this.start({ ...this.begun, typed: typedMembers(STORY_FIELDS, this.begun.base) });
        return this.open();
    }

    async save() {
        if (!await this.form.isReady(phrase("save"))) return;
        const { typed } = this.form.fields;
        if (!this.isChanged) return this.desk.say(phrase("nothingChanged"));
        if (!await this.isMeant(typed)) return;
        this.form.isLocked = true;
        fill(this.form.progress, phrase("saving"));
        try {
            const { state, base, tag, typed: settled } = await saveChange({
                ...this.begun, typed, fields: STORY_FIELDS,
                send: (patch, match) => this.desk.persist(phrase("saveStory"),
                    () => this.desk.api.patch(this.path, patch, match), words => fill(this.form.progress, words)),
                resolve: (was, mine, theirs) => resolveConflict(STORY_FIELDS, was, mine, theirs),
            });
            fill(this.form.progress);
            this.start({ base, tag, typed: state === "open" ? settled : typedMembers(STORY_FIELDS, base) });
            if (state === "open") return this.keep();
            this.desk.drafts.remove(this.slot);
            fill(this.form.above);
            this.desk.say(phrase("saved"));
            this.watch.poke();
        } catch (failure) {
            this.form.showFailure(failure);
        }
    }

    // Asks for confirmation of changes that readers notice: status and slug.
    /** @param {Typed} options */
    async isMeant({ status, slug }) {
        const { base } = this.begun;
        const present = { title: base.title, status: base.status };
        if (status !== base.status && !await confirmed(...statusQuestion(present, status))) return false;
        return slug.trim() === base.slug || confirmed(...slugQuestion(base.slug, slug.trim()));
    }

    async remove() {
        const { slug, title } = this.watch.feed.story;
        const id = freshId("slug");
        const input = make("input", { id, autocomplete: "off", spellcheck: "false", autofocus: true });
        const isMeant = await openDialog(phrase("deleteStoryQuestion"), [
            make("p", {}, phrase("deleteStoryText", { title })),
            make("div", { class: "field" }, make("label", { for: id }, phrase("typeToConfirm", { word: slug })), input),
        ], close => [
            button(phrase("cancel"), () => close(false)),
            mainButton(phrase("delete"), () => input.value.trim() === slug ? close(true) : input.focus(),
                { class: "main grave" }),
        ]);
        if (!isMeant) return;
        try {
            const { tag } = await this.desk.api.ask("GET", this.path);
            await this.desk.persist(phrase("deleteStory"),
                () => this.desk.api.ask("DELETE", this.path, { match: tag }));
            this.desk.forgetStory(this.id);
            this.desk.say(phrase("deleted"));
            this.desk.go({ view: "stories" });
        } catch (failure) {
            this.form.showFailure(failure);
        }
    }
}

/** The view to create a story. */
export class NewStoryView {
    #unwatch;

    /** @param {Desk} desk */
    constructor(desk) {
        this.desk = desk;
        this.name = phrase("newStory");
        this.slot = "new-story";
        this.form = new StoryForm(desk, phrase("newStory"), () => this.keep(), () => this.create());
        this.form.actions.append(mainButton(phrase("createStory"), null, { type: "submit" }),
            make("a", { href: "#/" }, phrase("cancel")));
        this.heading = make("h1", { tabindex: "-1" }, phrase("newStory"));
        this.node = make("section", { class: "about" },
            make("a", { class: "back", href: "#/" }, phrase("allStories")), this.heading, this.form.node);
        this.empty = { ...typedMembers(STORY_FIELDS, {}), status: "live" };
        /** @type {Pick<Draft, "once"|"sent">} */
        this.intent = { once: freshKey(), sent: [] };
        this.#unwatch = desk.onOutbox(() => this.showProgress());
        this.restore();
    }

    close() {
        this.#unwatch();
        this.form.close();
    }

    focus() {
        this.form.fields.input("title").focus();
    }

    restore() {
        const draft = this.desk.drafts.read(this.slot);
        this.intent = { once: draft?.once ?? freshKey(), sent: draft?.sent ?? [] };
        this.form.fields.typed = { ...this.empty, ...draft?.typed };
        fill(this.form.above);
        const promise = this.desk.outbox.follow(this.slot);
        if (promise) return this.follow(promise);
        if (draft && !this.desk.drafts.fresh.has(this.slot)) {
            this.form.above.append(restoredNotice(draft, () => this.discard()));
        }
    }

    discard() {
        this.desk.drafts.remove(this.slot);
        this.restore();
        this.focus();
    }

    keep() {
        const { typed } = this.form.fields;
        if (isSame(typed, this.empty) && !this.intent.sent.length) this.desk.drafts.remove(this.slot);
        else this.desk.drafts.write(this.slot, { ...this.intent, typed });
    }

    async create() {
        const isByKey = document.activeElement instanceof HTMLInputElement;
        if (!await this.form.isReady(phrase("createStory"))) return;
        this.keep();
        const { typed } = this.form.fields;
        // Enter in a field is not yet the wish to be read by everybody.
        const isAsked = isByKey && typed.status === "live" && typed.title.trim() !== "";
        if (isAsked && !await confirmed(...statusQuestion({ title: typed.title, status: "draft" }, "live"))) return;
        const { slug, ...rest } = valuesFrom(STORY_FIELDS, typed);
        // Without a slug the server derives one from the title.
        const body = JSON.stringify(slug ? { slug, ...rest } : rest);
        await this.follow(this.desk.outbox.send({
            once: this.intent.once, path: "/stories", body, slot: this.slot,
            label: phrase("createTitle", { title: typed.title }),
            previous: this.intent.sent.filter(sent => sent !== body),
        }));
    }

    /** @param {Promise<Answer>} promise */
    async follow(promise) {
        this.form.isLocked = true;
        try {
            const { value } = await promise;
            if (!this.node.isConnected) return;
            this.desk.begun = value.id;
            this.desk.go({ view: "story", id: value.id });
        } catch (failure) {
            if (failure instanceof Stopped) this.intent.sent = this.desk.drafts.read(this.slot)?.sent ?? [];
            if (this.node.isConnected) this.form.showFailure(failure);
            else this.desk.sayFailure(failure);
        }
    }

    showProgress() {
        const delivery = this.desk.outbox.of(this.slot);
        fill(this.form.progress, delivery?.trouble ? troubleText(delivery.trouble) : delivery ? phrase("saving") : "");
    }
}
