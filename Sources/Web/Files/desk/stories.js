// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The list of stories.
import { WRITTEN, make, named } from "../shared/dom.js";
import { button, fill, focusOnElement, freshId, timeElement } from "./elements.js";
import { foldedText } from "./fuzzy.js";
import { phrase, phraseParts } from "./phrases.js";
import { PollLoop } from "./poll-loop.js";
import { fragmentOf } from "./route.js";
import { HeldRows } from "./stable-list.js";
import { countedUpdates, statusLabel } from "./labels.js";
import { WebhookNotices } from "./webhook-notices.js";

const LIST_SECONDS = 10;
const FILTERS = [
    ["", phrase("all")], ["live", phrase("status.live")], ["draft", phrase("drafts")],
    ["closed", phrase("status.closed")],
];

/**
 * Returns the stories whose title contains all words of a search.
 * @template {{title: string}} Titled
 * @param {Titled[]} stories
 * @param {string} search
 */
export function foundStories(stories, search) {
    const words = foldedText(search).split(/\s+/).filter(Boolean);
    return stories.filter(story => words.every(word => foldedText(story.title).includes(word)));
}

/** The view of all stories, most recently active first. */
export class StoriesView {
    /** @type {Map<string, Row>} */
    #rows = new Map();
    /** @type {string|null} */
    #tag = null;

    /** @param {Desk} desk */
    constructor(desk) {
        this.desk = desk;
        this.name = phrase("stories");
        this.status = "";
        /** @type {ListedStory[]|null} */
        this.first = null;
        /** @type {ListedStory[]} */
        this.further = [];
        /** @type {string|null} */
        this.older = null;
        const searchId = freshId("search");
        this.heading = make("h1", { tabindex: "-1" }, phrase("stories"));
        this.search = make("input", { id: searchId, type: "search", autocomplete: "off",
            placeholder: phrase("searchTitles"), input: () => this.show(true) });
        this.filters = make("div", { class: "filters", role: "group", "aria-label": phrase("status") },
            ...FILTERS.map(([status, words]) => button(words, () => this.choose(status),
                { "aria-pressed": String(status === ""), "data-status": status })));
        this.list = make("ul", { class: "stories" });
        this.held = new HeldRows(this.list);
        this.empty = make("p", { class: "nothing", role: "status" }, phrase("reading"));
        this.more = button(phrase("moreStories"), () => this.loadMore(), { hidden: true });
        this.webhooks = new WebhookNotices(desk);
        this.node = make("section", { class: "story-list" },
            make("div", { class: "list-head" }, this.heading, this.actionsNode()), this.webhooks.node,
            make("div", { class: "list-tools" },
                make("div", { class: "search" },
                    make("label", { for: searchId, class: "unseen" }, phrase("searchTitles")), this.search),
                this.filters, this.held.news.node),
            this.list, this.empty, this.more);
        this.loop = new PollLoop({
            read: () => this.read(), seconds: LIST_SECONDS, onState: trouble => desk.showConnection(trouble),
        });
    }

    actionsNode() {
        // Both need a key that is not restricted to certain stories.
        return this.desk.session.isUnbound && make("div", { class: "actions" },
            make("a", { class: "main", href: "#/new" }, phrase("newStory")),
            make("a", { class: "button", href: "#/import" }, phrase("import")),
            make("a", { class: "button", href: "#/columns/" }, phrase("sideBySide")),
            this.desk.session.isAdmin && make("a", { class: "button", href: "#/appearance" }, phrase("appearance")));
    }

    close() {
        this.loop.close();
        this.webhooks.close();
        this.held.close();
        this.desk.showConnection(null);
    }

    focus() {
        this.heading.focus();
    }

    /**
     * Runs a layout change that may move rows in use; see `HeldRegion`.
     * @param {() => void} work
     */
    hold(work) {
        this.held.region.hold(work);
    }

    /** @param {string} status */
    choose(status) {
        this.status = status;
        for (const filter of this.filters.children) {
            filter.setAttribute("aria-pressed", String(filter.getAttribute("data-status") === status));
        }
        this.first = null;
        this.further = [];
        this.older = null;
        this.#tag = null;
        this.loop.poke();
    }

    async read() {
        const { status } = this;
        const isBound = this.desk.session.identity?.stories;
        const found = isBound ? await this.readBound(isBound, status) : await this.readPage(status);
        if (!found || status !== this.status) return;
        const isAsked = !this.first;
        this.first = found.stories;
        if (!this.further.length) this.older = found.older;
        this.show(isAsked);
    }

    // Null after a 304.
    /** @param {string} status */
    async readPage(status) {
        const path = `/stories?limit=50${status ? `&status=${status}` : ""}`;
        const answer = await this.desk.api.ask("GET", path, { noneMatch: this.#tag });
        if (answer.status === 304) return null;
        this.#tag = status === this.status ? answer.tag : null;
        return answer.value;
    }

    // Reads only the stories that a restricted key may write to.
    /** @param {string[]} ids @param {string} status */
    async readBound(ids, status) {
        const stories = await this.desk.readStories(ids);
        return { stories: stories.filter(story => !status || story.status === status), older: null };
    }

    async loadMore() {
        if (!this.older) return;
        this.more.disabled = true;
        const shown = this.list.childElementCount;
        try {
            const { value } = await this.desk.api.ask("GET", this.older);
            this.further.push(...value.stories);
            this.older = value.older;
            this.show(true);
            focusOnElement(this.list.children[shown]?.querySelector("a"));
        } catch (failure) {
            this.desk.sayFailure(failure);
        } finally {
            this.more.disabled = false;
        }
    }

    show(isAsked = false) {
        if (!this.first) return;
        const ids = new Set(this.first.map(story => story.id));
        // A story that has moved up may be on several pages.
        const loaded = [...this.first, ...this.further.filter(story => !ids.has(story.id) && ids.add(story.id))];
        const found = foundStories(loaded, this.search.value);
        this.held.show(new Map(found.map(story => [story.id, this.rowOf(story)])), isAsked);
        const none = this.status ? phrase("noneInList") : phrase("noStories");
        fill(this.empty, loaded.length ? phrase("noneLoaded", { count: loaded.length }) : none);
        this.empty.hidden = found.length > 0;
        this.more.hidden = !this.older;
    }

    /** @param {ListedStory} story */
    rowOf(story) {
        const form = JSON.stringify([
            story.title, story.status, story.byline, story.updateCount, story.seq, story.modifiedAt, story.activeAt,
        ]);
        const known = this.#rows.get(story.id);
        if (known?.form === form) return known.node;
        const node = known?.node ?? make("li", {});
        const hadFocus = node.contains(document.activeElement);
        fill(node, make("a", { href: fragmentOf({ view: "story", id: story.id }), ...WRITTEN }, story.title),
            make("p", { class: "facts" }, make("span", { class: `status ${story.status}` }, statusLabel(story.status)),
                make("span", {}, countedUpdates(story.updateCount)),
                story.byline && make("span", {}, ...phraseParts("storyBy", { name: named(story.byline) })),
                story.activeAt
                    && make("span", {}, ...phraseParts("storyChanged", { time: timeElement(story.activeAt) })),
                make("span", {}, ...phraseParts("storyBegun", { time: timeElement(story.createdAt) }))));
        if (hadFocus) focusOnElement(node.querySelector("a"));
        this.#rows.set(story.id, { form, node });
        return node;
    }
}
