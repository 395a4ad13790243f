// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Several stories side by side: their newest updates, live, to read; each links to its story.
import { WRITTEN, make } from "../shared/dom.js";
import { SignedOut } from "./api.js";
import { fill, button, freshId, showRendered, timeElement } from "./elements.js";
import { statusLabel } from "./labels.js";
import { phrase } from "./phrases.js";
import { fragmentOf } from "./route.js";
import { HeldRows } from "./stable-list.js";
import { Watch } from "./watch.js";

// Each column polls: more would load the server, and be too narrow.
const MOST_COLUMNS = 6;
const MOST_CARDS = 40;

/** The view of several stories. */
export class ColumnsView {
    /** @type {Map<string, StoryColumn>} */
    #columns = new Map();

    /** @param {Desk} desk @param {Route} route */
    constructor(desk, route) {
        this.desk = desk;
        this.name = phrase("columns");
        /** @type {string[]} */
        this.ids = [];
        this.heading = make("h1", { tabindex: "-1" }, phrase("sideBySideTitle"));
        /** @type {HTMLSelectElement} */
        this.choice = make("select", { id: freshId("column"), change: () => this.add(this.choice.value) });
        this.place = make("div", { class: "story-columns" });
        this.empty = make("p", { class: "nothing" }, phrase("chooseStory"));
        this.node = make("section", { class: "columns-view" },
            make("nav", { class: "back", "aria-label": phrase("breadcrumb") },
                make("a", { href: "#/" }, phrase("allStories"))),
            make("div", { class: "list-head" }, this.heading,
                make("div", { class: "choose" },
                    make("label", { for: this.choice.id }, phrase("addStory")), this.choice)),
            this.empty, this.place);
        this.go(route);
        this.readStories();
    }

    close() {
        for (const column of this.#columns.values()) column.close();
    }

    focus() {
        this.heading.focus();
    }

    /** @param {Route} route */
    go({ stories = [] }) {
        this.ids = [...new Set(stories)].slice(0, MOST_COLUMNS);
        for (const [id, column] of this.#columns) {
            if (this.ids.includes(id)) continue;
            column.close();
            this.#columns.delete(id);
        }
        for (const id of this.ids) {
            if (!this.#columns.has(id)) this.#columns.set(id, new StoryColumn(this.desk, id, () => this.remove(id)));
        }
        fill(this.place, ...this.ids.flatMap(id => this.#columns.get(id)?.node ?? []));
        this.empty.hidden = this.ids.length > 0;
        this.showChoice();
    }

    async readStories() {
        const { identity } = this.desk.session;
        try {
            /** @type {Story[]} */
            const stories = await (identity?.stories ? this.desk.readStories(identity.stories)
                : this.desk.storiesToChoose());
            fill(this.choice, make("option", { value: "" }, "–"),
                ...stories.map(({ id, title }) => make("option", { value: id }, title)));
            this.showChoice();
        } catch (failure) {
            if (!(failure instanceof SignedOut)) this.desk.sayFailure(failure);
        }
    }

    // Stories that have a column cannot be chosen again.
    showChoice() {
        this.choice.value = "";
        this.choice.disabled = this.ids.length >= MOST_COLUMNS;
        for (const option of this.choice.options) option.disabled = this.ids.includes(option.value);
    }

    /** @param {string} id */
    add(id) {
        if (id) this.desk.go({ view: "columns", stories: [...this.ids, id] });
    }

    /** @param {string} id */
    remove(id) {
        this.desk.go({ view: "columns", stories: this.ids.filter(other => other !== id) });
        this.choice.focus();
    }
}

/** One story: its title, status and newest updates. */
class StoryColumn {
    /** @type {Map<string, Row>} */
    #rows = new Map();

    /** @param {Desk} desk @param {string} id @param {() => void} onRemove */
    constructor(desk, id, onRemove) {
        this.id = id;
        this.link = make("a", { href: fragmentOf({ view: "story", id }), ...WRITTEN }, phrase("reading"));
        this.status = make("span", { class: "status" });
        this.trouble = make("p", { class: "fault", role: "alert" });
        this.removing = button(phrase("close"), onRemove, { class: "quiet" });
        this.list = make("div", { class: "items" });
        this.scroll = make("div", { class: "column-list", tabindex: "0", role: "region" }, this.list);
        this.held = new HeldRows(this.list, this.scroll);
        const headId = freshId("column");
        this.node = make("section", { class: "column", "aria-labelledby": headId },
            make("header", {}, make("h2", { id: headId }, this.link), this.status, this.held.news.node,
                this.removing),
            this.trouble, this.scroll);
        this.watch = new Watch({
            api: desk.api, story: id, onChange: () => this.show(),
            onState: trouble => fill(this.trouble, trouble ? phrase("notUpToDate", { reason: trouble.message }) : ""),
            onGone: () => fill(this.trouble, phrase("noSuchStory")),
        });
    }

    close() {
        this.watch.close();
        this.held.close();
    }

    show() {
        const { story, updates } = this.watch.feed;
        fill(this.link, story.title);
        this.status.className = `status ${story.status}`;
        fill(this.status, statusLabel(story.status));
        this.scroll.setAttribute("aria-label", phrase("updatesOf", { title: story.title }));
        this.removing.setAttribute("aria-label", phrase("about", { action: phrase("close"), title: story.title }));
        const shown = updates.slice(0, MOST_CARDS);
        this.held.show(new Map(shown.map(update => [update.id, this.rowOf(update)])), this.#rows.size === 0);
    }

    /** @param {Update} update */
    rowOf(update) {
        const form = JSON.stringify([update.seq, this.watch.feed.story.id]);
        const known = this.#rows.get(update.id);
        if (known?.form === form) return known.node;
        const node = known?.node ?? make("article", { class: "update" });
        const body = make("div", { class: "body" });
        showRendered(body, update.bodyHtml);
        node.className = `update${update.stricken ? " stricken" : ""}`;
        fill(node, make("p", { class: "when" },
            make("a", { href: fragmentOf({ view: "story", id: this.id, update: update.id }) },
                timeElement(update.publishedAt)),
            update.pinned && ` · ${phrase("pinned")}`, update.keyEvent && ` · ${phrase("keyEvent")}`),
        update.title && make("h3", WRITTEN, update.title), body);
        this.#rows.set(update.id, { form, node });
        return node;
    }
}
