// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The link lists of a story.
import { make } from "../shared/dom.js";
import { Refusal, SignedOut } from "./api.js";
import { resolveConflict } from "./conflict.js";
import { fill, focusOnElement } from "./elements.js";
import { Fields } from "./fields.js";
import { FormFault, mainButton, restoredNotice } from "./form-parts.js";
import { phrase } from "./phrases.js";
import { Stopped } from "./retry.js";
import { saveChange } from "./save.js";
import { linkFields, patchOf, typedMembers } from "./values.js";

const LINK_KINDS = {
    related: phrase("links.related"), ranking: phrase("links.ranking"), recommendation: phrase("links.recommendation"),
};

/** @type {(keyof typeof LINK_KINDS)[]} */
const LINK_KIND_NAMES = ["related", "ranking", "recommendation"];

/** The part of a story in which its links are edited. */
export class LinksPart {
    /** @param {Desk} desk @param {Watch} watch */
    constructor(desk, watch) {
        this.desk = desk;
        this.watch = watch;
        this.story = watch.feed.story.id;
        /** @type {LinkListForm[]} */
        this.lists = [];
        this.place = make("div", { class: "link-lists" }, make("p", { class: "nothing" }, phrase("reading")));
        this.node = make("section", { "aria-labelledby": "links-title" },
            make("h2", { id: "links-title" }, phrase("linksPart")), this.place);
        this.open();
    }

    close() {}

    async open() {
        try {
            const [links, stories] = await Promise.all([
                this.desk.api.ask("GET", `/stories/${this.story}/links`), this.desk.storiesToChoose()]);
            const others = stories.filter(story => story.id !== this.story);
            this.lists = LINK_KIND_NAMES.map(kind =>
                new LinkListForm(this.desk, this.story, kind, others, links));
            fill(this.place, ...this.lists.map(list => list.node));
        } catch (failure) {
            if (!(failure instanceof SignedOut)) fill(this.place, make("p", { class: "fault" }, failure.message));
        }
    }

    /**
     * Reloads lists without unsaved input after others' changes.
     * @param {Change[]} changes
     */
    async changed(changes) {
        if (!changes.some(change => change.op === "links")) return;
        const links = await readLinks(this.desk, this.story);
        if (links) for (const list of this.lists) list.takeOthers(links);
    }
}

/**
 * All lists of a story, or null without a connection: saving finds out whether others have changed the same.
 * @param {Desk} desk
 * @param {string} story
 * @returns {Promise<Answer|null>}
 */
function readLinks(desk, story) {
    return desk.api.ask("GET", `/stories/${story}/links`).catch(() => null);
}

/** The form for one list, saved as an object with the single member `list`. */
class LinkListForm {
    /** @type {Pick<Begun, "base"|"tag">} */
    #from;

    /**
     * @param {Desk} desk
     * @param {string} story
     * @param {keyof typeof LINK_KINDS} kind
     * @param {Story[]} stories
     * @param {Answer} links
     */
    constructor(desk, story, kind, stories, links) {
        this.desk = desk;
        this.story = story;
        this.kind = kind;
        this.path = `/stories/${story}/links/${kind}`;
        this.slot = `${story}/links/${kind}`;
        const [label, members] = [LINK_KINDS[kind], linkFields(stories)];
        this.members = [{
            name: "list", label, kind: "rows", one: phrase("link"), adding: phrase("addLink"), movable: true, members,
        }];
        this.fields = new Fields(this.members, () => this.keep());
        this.above = make("div", { class: "above" });
        this.fault = new FormFault();
        this.progress = make("p", { class: "progress" });
        this.saving = mainButton(phrase("save"), null,
            { type: "submit", "aria-label": phrase("about", { action: phrase("save"), title: label }) });
        this.inner = make("fieldset", { class: "plain" }, this.fields.node("list"));
        this.node = make("form", { class: "links", "aria-label": label, novalidate: true,
            submit: event => {
                event.preventDefault();
                this.save();
            } },
        this.above, this.inner, this.fault.node, make("div", { class: "actions" }, this.saving), this.progress);
        this.#from = this.fresh(links);
        this.restore(links);
    }

    /** @param {Answer} links */
    restore(links) {
        const draft = this.desk.drafts.read(this.slot);
        this.start(draft ?? this.fresh(links));
        fill(this.above);
        if (draft && !this.desk.drafts.fresh.has(this.slot)) {
            this.above.append(restoredNotice(draft, () => this.discard()));
        }
    }

    /** @param {Answer} options */
    fresh({ value, tag }) {
        const base = { list: value[this.kind] };
        return { base, tag, typed: typedMembers(this.members, base) };
    }

    /** @param {Begun} options */
    start({ base, tag, typed }) {
        this.#from = { base, tag };
        this.fields.typed = typed;
        this.showState();
    }

    get isChanged() {
        return Object.keys(patchOf(this.members, this.#from.base, this.fields.typed)).length > 0;
    }

    showState() {
        this.saving.disabled = !this.isChanged;
    }

    /** @param {Answer} links */
    takeOthers(links) {
        if (!this.isChanged && !this.inner.disabled) this.start(this.fresh(links));
    }

    keep() {
        this.fault.clear();
        if (this.isChanged) this.desk.drafts.write(this.slot, { ...this.#from, typed: this.fields.typed });
        else this.desk.drafts.remove(this.slot);
        this.showState();
    }

    // At once to what it was begun from, and then to what has been saved since.
    async discard() {
        this.desk.drafts.remove(this.slot);
        this.fields.clearFaults();
        this.fault.clear();
        fill(this.above);
        this.start({ ...this.#from, typed: typedMembers(this.members, this.#from.base) });
        focusOnElement(this.fields.node("list").querySelector("button, input"));
        const links = await readLinks(this.desk, this.story);
        if (links) this.takeOthers(links);
    }

    async save() {
        this.fields.clearFaults();
        this.fault.clear();
        this.inner.disabled = true;
        fill(this.progress, phrase("saving"));
        try {
            const { state, base, tag, typed } = await saveChange({
                ...this.#from, typed: this.fields.typed, fields: this.members,
                send: (patch, match) => this.put(patch.list, match),
                resolve: (was, mine, theirs) => resolveConflict(this.members, was, mine, theirs),
            });
            this.inner.disabled = false;
            fill(this.progress);
            this.start({ base, tag, typed: state === "open" ? typed : typedMembers(this.members, base) });
            if (state === "open") return this.keep();
            this.desk.drafts.remove(this.slot);
            fill(this.above);
            this.desk.say(phrase("saved"));
        } catch (failure) {
            this.fail(failure);
        }
    }

    /** @param {unknown} list @param {string|null} match */
    async put(list, match) {
        try {
            const { value, tag } = await this.desk.persist(phrase("saveLinks", { list: LINK_KINDS[this.kind] }),
                () => this.desk.api.ask("PUT", this.path, { json: list, match }), words => fill(this.progress, words));
            return { value: { list: value[this.kind] }, tag };
        } catch (failure) {
            // The entity tag covers all lists; this one may be unchanged.
            if (failure instanceof Refusal && failure.current) failure.current = { list: failure.current[this.kind] };
            throw failure;
        }
    }

    /** @param {Failure} failure */
    fail(failure) {
        this.inner.disabled = false;
        fill(this.progress, failure instanceof Stopped ? phrase("notSavedKept") : "");
        if (failure instanceof SignedOut || failure instanceof Stopped) return;
        this.fault.showFailure(failure, this.fields, "/list");
    }
}
