// SPDX-License-Identifier: Apache-2.0
// @ts-check
import { Follower } from "../client/follower.js";
import { enlarge, tint } from "./enlarge.js";
import { UpdateList, idOf, keepScrollPosition } from "./update-list.js";
import { updateAddress, updateElement } from "./markup.js";
import { scrollAtOnce } from "./scroll-anchor.js";
import { printTimes, refreshTimes, setServerTime } from "./times.js";
import { ReactionButtons, Visitor } from "./visitor.js";

/** In pixels: a reader who has scrolled less than this counts as at the top. */
export const TOP = 80;
// In milliseconds.
const TIMES_INTERVAL = 20_000;
const NOTICE_TIME = 6_000;
/** Shorter interruptions are not shown. */
const PATIENCE = 2_500;
/** Debounces announcements to screen readers. */
const ANNOUNCEMENT_DELAY = 1_000;

/**
 * The common base of the reader's page and the widget: follows a story and shows its changes.
 * @template {Document|ShadowRoot} Root
 * @template {ViewParts} Parts
 */
export class LiveView {
    #stateTimer = 0;
    #noticeTimer = 0;
    #announcementTimer = 0;
    #timesTimer = 0;
    #unannounced = 0;
    /** @type {FollowerState|""} */
    #state = "";
    #isLoading = false;

    /**
     * `root`: the document or shadow root; `parts`: the elements {updates, pinned, news, older, connection,
     * announcement} in it; `context`: see `updateElement`; `only`: see `UpdateList`; `seed(articles)` returns the feed
     * of a rendered page; `lightbox` is the URL of its script; the other options are those of `Follower`.
     * @param {ViewOptions<Root, Parts>} options
     */
    constructor({ root, parts, context, only, seed, lightbox, ...options }) {
        this.root = root;
        this.parts = parts;
        this.context = context;
        this.lightbox = lightbox;
        this.visitor = new Visitor(options);
        this.buttons = new ReactionButtons(this.visitor, words => this.notice(words));
        this.list = new UpdateList({ ...parts, only, make: update => this.#make(update) });
        this.follower = new Follower({
            ...options,
            feed: seed?.(this.list.articles()),
            onChange: changes => this.#change(changes),
            onRestart: () => this.restart(),
            onReactions: counts => this.buttons.show(root, counts),
            onState: state => this.#say(state),
            onDate: date => setServerTime(date) && refreshTimes(root),
        });
    }

    /**
     * The feed; not null once anything is drawn.
     * @returns {Feed}
     */
    get feed() {
        return (
            /** @type {Feed} */
            (this.follower.feed)
        );
    }

    /**
     * Activates the view; `signal` removes its listeners.
     * @param {AbortSignal} [signal]
     */
    start(signal) {
        this.buttons.adopt(this.root);
        if (this.#lacksCards([])) this.#loadCards();
        refreshTimes(this.root);
        tint(this.root);
        this.#timesTimer = setInterval(() => document.hidden || refreshTimes(this.root), TIMES_INTERVAL);
        addEventListener("beforeprint", () => printTimes(this.root), { signal });
        addEventListener("afterprint", () => refreshTimes(this.root), { signal });
        this.root.addEventListener("click", event => this.buttons.press(event), { signal });
        this.root.addEventListener("click", event => enlarge(
            /** @type {MouseEvent} */
            (event), this.lightbox), { signal });
        this.parts.news.addEventListener("click", () => this.#pressNews(), { signal });
        document.addEventListener("visibilitychange", () => {
            if (document.hidden) return;
            refreshTimes(this.root);
            this.revealAtTop();
        }, { signal });
    }

    /** Stops everything but the listeners. */
    stop() {
        this.follower.close();
        clearInterval(this.#timesTimer);
        for (const timer of [this.#stateTimer, this.#noticeTimer, this.#announcementTimer]) clearTimeout(timer);
    }

    // --- to be overridden ---

    /**
     * The scroll container; see `keepScrollPosition`.
     * @returns {Scroller}
     */
    get scroller() {
        return { top: 0, by: pixels => scrollAtOnce(window, pixels) };
    }

    /** Whether the reader is at the top. */
    isAtTop() {
        return scrollY < TOP;
    }

    /**
     * Draws the content around the list after changes, or a restart (null).
     * @param {Change[]|null} _changes
     * @param {string[]} _ids
     */
    draw(_changes, _ids) {}

    /** Called after each change of the list. */
    drawn() {}

    /**
     * Called before an article is inserted.
     * @param {HTMLElement} _article
     */
    made(_article) {}

    /**
     * Called to dispatch events to the host page.
     * @param {"update"|"state"} _name
     * @param {unknown[]} _values
     */
    told(_name, _values) {}

    // --- changes ---

    /** @param {Update} update */
    #make(update) {
        const article = updateElement(update, this.buttons.counts(update.id), this.context);
        this.buttons.activate(article);
        refreshTimes(article);
        tint(article);
        this.made(article);
        return article;
    }

    /** @param {Change[]} changes */
    #change(changes) {
        const ids = changes.flatMap(change =>
            change.op === "put" ? change.update.id : change.op === "remove" ? change.id : []);
        const waited = new Set(this.list.waiting);
        const mayPush = this.#mayPush();
        const fresh = this.#arrange(mayPush, () => {
            this.draw(changes, ids);
            return this.list.show(this.feed, ids, mayPush);
        });
        flash(fresh);
        const present = [...fresh.map(idOf), ...this.list.waiting];
        this.#announce(present.filter(id => !waited.has(id)).length);
        this.told("update", changes);
        this.#addCards(ids);
    }

    /** Redraws everything after a new snapshot. */
    async restart() {
        if (this.#lacksCards([...this.feed.updates, ...this.feed.pinned])) await this.#loadCards();
        this.visitor.settle(this.feed.story.id);
        // In an empty list there is no position to keep, and who is at the top stays there.
        this.#arrange(this.list.articles().length === 0 || this.#mayPush(), () => {
            this.draw(null, []);
            return this.list.show(this.feed);
        });
    }

    /**
     * Sets the story's slug; if it has changed, rewrites the permalinks and returns true.
     * @param {string} slug
     */
    rename(slug) {
        if (slug === this.context.slug) return false;
        this.context.slug = slug;
        for (const article of this.list.articles()) {
            article.querySelector(".permalink")?.setAttribute("href", updateAddress(idOf(article), this.context));
        }
        return true;
    }

    /** @param {boolean} mayMove @param {() => HTMLElement[]} work */
    #arrange(mayMove, work) {
        const all = () => {
            const fresh = work();
            const { parts: { news, older }, list: { waiting } } = this;
            news.hidden = waiting.size === 0;
            news.textContent = newUpdates(waiting.size);
            older.hidden = !this.feed.older;
            this.drawn();
            this.context.activate?.(this.root, this.context.embeds);
            return fresh;
        };
        return keepScrollPosition(this.list, mayMove ? null : this.scroller, this.root, all);
    }

    // --- cards ---

    /**
     * Whether there are cards, and what renders them is not loaded yet.
     * @param {(Update|undefined)[]} updates
     */
    #lacksCards(updates) {
        if (this.context.placeCards) return false;
        return this.root.querySelector(".card") !== null || updates.some(update => update?.cards?.length);
    }

    async #loadCards() {
        const { context } = this;
        Object.assign(context, await import(`${context.base ?? ""}/cards.js`).catch(() => null));
        context.activate?.(this.root, context.embeds);
    }

    /**
     * Renders updates again with their cards; until then the addresses are links.
     * @param {string[]} ids
     */
    async #addCards(ids) {
        if (!this.#lacksCards(ids.map(id => this.feed.get(id)))) return;
        await this.#loadCards();
        this.#arrange(false, () => this.list.show(this.feed, ids, false));
    }

    // --- new updates ---

    #mayPush() {
        return !document.hidden && this.isAtTop();
    }

    /** Shows waiting updates if the reader is at the top. */
    revealAtTop() {
        if (this.list.waiting.size > 0 && this.#mayPush()) this.#reveal();
    }

    #reveal() {
        const fresh = this.#arrange(true, () => this.list.reveal(this.feed));
        flash(fresh);
        return fresh;
    }

    #pressNews() {
        const [first] = this.#reveal();
        const { top, by } = this.scroller;
        if (first) by(first.getBoundingClientRect().top - top - TOP);
        this.parts.updates.focus({ preventScroll: true });
    }

    /** @param {number} count */
    #announce(count) {
        this.#unannounced += count;
        if (this.#unannounced === 0) return;
        clearTimeout(this.#announcementTimer);
        this.#announcementTimer = setTimeout(() => {
            this.parts.announcement.textContent = newUpdates(this.#unannounced);
            this.#unannounced = 0;
        }, ANNOUNCEMENT_DELAY);
    }

    // --- older updates ---

    /** Loads the next page, and returns its articles. */
    async loadOlder() {
        if (this.#isLoading) return [];
        this.#isLoading = true;
        try {
            if (!(await this.follower.loadOlder())) return [];
            if (this.#lacksCards(this.feed.updates)) await this.#loadCards();
            return this.#arrange(false, () => this.list.show(this.feed, [], false));
        } catch {
            this.notice("Older updates could not be loaded.");
            return [];
        } finally {
            this.#isLoading = false;
        }
    }

    // --- connection state ---

    /**
     * Shows a message for a few seconds.
     * @param {string} words
     */
    notice(words) {
        clearTimeout(this.#noticeTimer);
        this.#write("notice", words);
        this.#noticeTimer = setTimeout(() => this.#showState(), NOTICE_TIME);
    }

    /** @param {FollowerState} state */
    #say(state) {
        clearTimeout(this.#stateTimer);
        this.#state = state;
        this.#stateTimer = setTimeout(() => this.#showState(), state === "reconnecting" ? PATIENCE : 0);
        if (state === "gone") this.#showGone();
        this.told("state", [state]);
    }

    /** Marks the header; a later snapshot redraws it. */
    #showGone() {
        const mark = this.root.querySelector(".status");
        mark?.classList.replace("live", "closed");
        mark?.replaceChildren("Not available");
    }

    #showState() {
        const words = {
            "": "", live: "Live", polling: `Checking every ${this.follower.pollAfter} seconds`,
            reconnecting: "Reconnecting…",
            offline: "You are offline", closed: "This story is closed", gone: "This story is no longer available",
        };
        this.#write(this.#state, words[this.#state]);
    }

    /** @param {string} state @param {string} words */
    #write(state, words) {
        this.parts.connection.dataset.state = state;
        this.parts.connection.textContent = words;
    }
}

/** @param {number} count */
function newUpdates(count) {
    if (count === 0) return "";
    return count === 1 ? "1 new update" : `${count} new updates`;
}

/**
 * Highlights new articles briefly.
 * @param {HTMLElement[]} articles
 */
function flash(articles) {
    for (const article of articles) {
        article.animate({ backgroundColor: ["var(--fresh)", "transparent"] }, { duration: 3000, easing: "ease-in" });
    }
}
