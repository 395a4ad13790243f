// SPDX-License-Identifier: Apache-2.0
// @ts-check
import { Follower } from "../client/follower.js";
import { enlarge, tint } from "./enlarge.js";
import { UpdateList, flash, idOf, keepScrollPosition } from "./update-list.js";
import { reactionButtons, updateElement } from "./markup.js";
import { scrollAtOnce } from "./scroll-anchor.js";
import { Times } from "./times.js";

/** In pixels: a reader who has scrolled less than this counts as at the top. */
export const TOP = 80;
/** In milliseconds. */
const TIMES_INTERVAL = 20_000;

/**
 * The common base of the reader's page and the widget: follows a story and shows its changes.
 * @template {Document|ShadowRoot} Root
 * @template {ViewParts} Parts
 */
export class LiveView {
    #timesTimer = 0;
    #isLoading = false;
    /**
     * Counts of reactions, as last sent.
     * @type {Reactions|null}
     */
    #counts = null;
    /**
     * What makes the buttons of reactions work; null: they only show counts. See `react`.
     * @type {import("./visitor.js").ReactionButtons|null}
     */
    buttons = null;

    /**
     * `root`: the document or shadow root; `parts`: the elements {updates, pinned, news, older, connection,
     * announcement} in it; `context`: see `updateElement`, `zone`: see `Times`; `only`: see `UpdateList`;
     * `seed(articles)` returns the feed of a rendered page; `lightbox` is the URL of its script; the other options are
     * those of `Follower`.
     * @param {ViewOptions<Root, Parts>} options
     */
    constructor({ root, parts, context, zone, only, seed, lightbox, hasReactions = true, ...options }) {
        this.root = root;
        this.parts = parts;
        this.context = context;
        this.lightbox = lightbox;
        this.times = new Times(context.words, zone);
        this.list = new UpdateList({ ...parts, only, order: options.order, make: update => this.#make(update) });
        this.follower = new Follower({
            ...options,
            feed: seed?.(this.list.articles()),
            onChange: changes => this.#change(changes),
            onRestart: () => this.restart(),
            onReactions: hasReactions ? counts => this.#showCounts(counts) : undefined,
            onState: state => this.#say(state),
            onDate: date => this.times.setServerTime(date) && this.times.refresh(root),
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
        if (this.#lacksCards([])) this.#loadCards();
        this.times.refresh(this.root);
        tint(this.root);
        this.#timesTimer = setInterval(() => document.hidden || this.times.refresh(this.root), TIMES_INTERVAL);
        addEventListener("beforeprint", () => this.times.printAll(this.root), { signal });
        addEventListener("afterprint", () => this.times.refresh(this.root), { signal });
        this.root.addEventListener("click", event => this.buttons?.press(event), { signal });
        // Such an event does not bubble.
        this.root.addEventListener("error", ({ target }) => this.foldPicture(target), { capture: true, signal });
        this.root.addEventListener("load", ({ target }) => this.foldPicture(target, false), { capture: true, signal });
        for (const image of this.root.querySelectorAll("img")) {
            if (image.complete && image.naturalWidth === 0 && image.currentSrc) this.foldPicture(image);
        }
        this.root.addEventListener("click", event => enlarge(
            /** @type {MouseEvent} */
            (event), this.lightbox, () => this.allWords()), { signal });
        this.parts.news.addEventListener("click", () => this.showNews(), { signal });
        document.addEventListener("visibilitychange", () => {
            if (document.hidden) return;
            this.times.refresh(this.root);
            this.revealAtTop();
        }, { signal });
    }

    /**
     * Tells of a reaction that was not stored.
     * @param {import("./visitor.js").ReactionFailure} failure
     */
    tellFailure({ message, seconds }) {
        this.notice(this.context.words.say(message, { count: seconds }));
    }

    /**
     * Makes the buttons of reactions work.
     * @param {import("./visitor.js").ReactionButtons} buttons
     */
    react(buttons) {
        this.buttons = buttons;
        if (this.follower.feed) buttons.settle(this.feed.story.id);
        buttons.adopt(this.root);
        if (this.#counts) buttons.show(this.root, this.#counts);
    }

    /**
     * The counts of the reactions to an update (id), or to the story (null).
     * @param {string|null} update
     */
    counts(update) {
        const known = update ? this.#counts?.updates[update] : this.#counts?.story;
        return this.buttons?.counts(update) ?? known ?? {};
    }

    /** @param {Reactions} counts */
    #showCounts(counts) {
        this.#counts = counts;
        this.buttons?.show(this.root, counts);
    }

    /** Stops everything but the listeners. */
    stop() {
        this.follower.close();
        clearInterval(this.#timesTimer);
    }

    // --- to be overridden ---

    /**
     * Passes what tells readers of what happens to a function, at once or when it is loaded.
     * @param {(messages: import("./messages.js").Messages) => void} _use
     */
    tell(_use) {}

    /**
     * The words, with those of what is loaded later.
     * @returns {Words|Promise<Words>}
     */
    allWords() {
        return this.context.words;
    }

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
        const article = updateElement(update, this.counts(update.id), this.context);
        this.buttons?.activate(article);
        this.times.refresh(article);
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
        const count = present.filter(id => !waited.has(id)).length;
        if (count > 0) this.tell(messages => messages.announce(count));
        this.told("update", changes);
        this.#addCards(ids);
    }

    /** Redraws everything after a new snapshot. */
    async restart() {
        if (this.#lacksCards([...this.feed.updates, ...this.feed.pinned])) await this.#loadCards();
        this.buttons?.settle(this.feed.story.id);
        // In an empty list there is no position to keep, and who is at the top stays there.
        this.#arrange(this.list.articles().length === 0 || this.#mayPush(), () => {
            this.draw(null, []);
            return this.list.show(this.feed);
        });
    }

    /**
     * Sets the story's slug; if it has changed, rewrites the links of updates to its pages and returns true.
     * @param {string} slug
     */
    rename(slug) {
        if (slug === this.context.slug) return false;
        const { base = "", slug: former } = this.context;
        this.context.slug = slug;
        const [before, after] = [former, slug].map(name => `${base}/live/${name}`);
        for (const link of this.root.querySelectorAll(":is(.permalink, .tags a, .author a)")) {
            link.setAttribute("href", after + link.getAttribute("href")?.slice(before.length));
        }
        return true;
    }

    /** @param {boolean} mayMove @param {() => HTMLElement[]} work */
    #arrange(mayMove, work) {
        const all = () => {
            const fresh = work();
            const { parts: { news, older }, list: { waiting } } = this;
            news.hidden = waiting.size === 0;
            news.textContent = this.newUpdates(waiting.size);
            older.hidden = !this.feed.older;
            this.drawn();
            this.#activateCards();
            return fresh;
        };
        return keepScrollPosition(this.list, mayMove ? null : this.scroller, this.root, all);
    }

    /**
     * Folds a picture that cannot be loaded to its caption, and unfolds it once it was edited and can be loaded.
     * @param {EventTarget|null} target
     */
    foldPicture(target, isBroken = true) {
        const figure = target instanceof HTMLImageElement && target.closest("figure");
        if (!figure || figure.hasAttribute("data-broken") === isBroken) return;
        keepScrollPosition(this.list, this.scroller, this.root, () => figure.toggleAttribute("data-broken", isBroken));
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
        const loading = [import(`${context.base ?? ""}/cards.js`), this.allWords()];
        Object.assign(context, await Promise.all(loading).then(([cards]) => cards, () => null));
        this.#activateCards();
    }

    #activateCards() {
        const { context } = this;
        context.activate?.(this.root, context.embeds, context.words);
    }

    /**
     * Renders updates again with their cards; until then the addresses are links.
     * @param {string[]} ids
     */
    async #addCards(ids) {
        if (this.context.placeCards || !ids.some(id => this.feed.get(id)?.cards?.length)) return;
        await this.#loadCards();
        this.#arrange(false, () => this.list.show(this.feed, ids, false));
    }

    // --- new updates ---

    /**
     * "3 new updates"; empty for none.
     * @param {number} count
     */
    newUpdates(count) {
        return count ? this.context.words.say("newUpdates", { count }) : "";
    }

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

    /** Shows waiting updates, and scrolls to the first. */
    showNews() {
        const [first] = this.#reveal();
        const { top, by } = this.scroller;
        if (first) by(first.getBoundingClientRect().top - top - TOP);
        this.parts.updates.focus({ preventScroll: true });
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
            this.notice(this.context.words.say("olderFailed"));
            return [];
        } finally {
            this.#isLoading = false;
        }
    }

    /**
     * Sets the kinds of reaction that readers can give, and redraws the buttons if they have changed.
     * @param {string[]} kinds
     */
    setKinds(kinds) {
        const { context, root } = this;
        if (String(kinds) === String(context.kinds)) return;
        context.kinds = kinds;
        for (const place of root.querySelectorAll(".update:not(.stricken) > footer, .reactions")) {
            for (const button of place.querySelectorAll(".react")) button.remove();
            const update = place.closest("article")?.dataset.id ?? null;
            place.prepend(...reactionButtons(this.counts(update), context));
        }
        this.buttons?.activate(root);
    }

    // --- messages ---

    /**
     * Shows a message for a few seconds.
     * @param {string} words
     */
    notice(words) {
        this.tell(messages => messages.notice(words));
    }

    /** @param {FollowerState} state */
    #say(state) {
        this.tell(messages => messages.say(state, this.follower));
        this.#showGone(state === "gone");
        this.told("state", [state]);
    }

    // Hides what was removed, and marks the header, which a later snapshot redraws.
    /** @param {boolean} isGone */
    #showGone(isGone) {
        const parts = this.root.querySelectorAll("#story > *, .header > *, #bar, .columns, section, .read-on");
        for (const part of parts) part.toggleAttribute("data-gone", isGone && !part.matches(".status"));
        for (const mark of isGone ? this.root.querySelectorAll(".status") : []) {
            mark.classList.replace("live", "closed");
            mark.replaceChildren(this.context.words.say("gone"));
        }
    }
}
