import { Follower } from "../client/follower.js";
import { UpdateList, holdStill } from "./update-list.js";
import { updateAddress, updateElement } from "./markup.js";
import { printTimes, refreshTimes, setServerTime } from "./times.js";
import { ReactionButtons, Visitor } from "./visitor.js";

/** Pixels; who has scrolled less than that past the beginning sees new updates come in. */
export const TOP = 80;
// In milliseconds.
const TIMES_INTERVAL = 20_000;
const NOTICE_TIME = 6_000;
/** Shorter interruptions are not worth a word. */
const PATIENCE = 2_500;
/** What is new is told to those who listen when it has been quiet for so long. */
const ANNOUNCEMENT_DELAY = 1_000;

/** What the reader's page and the widget have in common: a story that is followed, and shown as it changes. */
export class Board {
    #stateTimer;
    #noticeTimer;
    #announcementTimer;
    #timesTimer;
    #unannounced = 0;
    #state = "";
    #isLoading = false;

    /**
     * `root`: the document or shadow root; `parts`: the elements {updates, pinned, news, older, connection,
     * announcement} in it; `context`: see `updateElement`; `only`: see `UpdateList`; `seed(articles)` gives the feed
     * of what is there already; the other options are those of `Follower`.
     */
    constructor({ root, parts, context, only, seed, ...options }) {
        [this.root, this.parts, this.context] = [root, parts, context];
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

    get feed() {
        return this.follower.feed;
    }

    /** Brings it to life; `signal` ends what listens. */
    start(signal) {
        this.buttons.adopt(this.root);
        refreshTimes(this.root);
        this.#timesTimer = setInterval(() => document.hidden || refreshTimes(this.root), TIMES_INTERVAL);
        addEventListener("beforeprint", () => printTimes(this.root), { signal });
        addEventListener("afterprint", () => refreshTimes(this.root), { signal });
        this.root.addEventListener("click", event => this.buttons.press(event), { signal });
        this.parts.news.addEventListener("click", () => this.#pressNews(), { signal });
        document.addEventListener("visibilitychange", () => {
            if (document.hidden) return;
            refreshTimes(this.root);
            this.revealAtTop();
        }, { signal });
    }

    /** Stops everything but what listens. */
    stop() {
        this.follower.close();
        clearInterval(this.#timesTimer);
        for (const timer of [this.#stateTimer, this.#noticeTimer, this.#announcementTimer]) clearTimeout(timer);
    }

    // --- to be written by each face ---

    /** Where what is seen begins, and how to move it; see `holdStill`. */
    get scroller() {
        return { top: 0, by: top => scrollBy({ top, behavior: "instant" }) };
    }

    /** Whether the reader is at the beginning. */
    isAtTop() {
        return scrollY < TOP;
    }

    /** Draws what stands around the list, after changes, or (null) a restart. */
    draw() {}

    /** Everything is in its place. */
    drawn() {}

    /** An article is about to be put into its place. */
    made() {}

    /** Others are to be told. */
    told() {}

    // --- what comes ---

    #make(update) {
        const article = updateElement(update, this.buttons.counts(update.id), this.context);
        this.buttons.dress(article);
        refreshTimes(article);
        this.made(article);
        return article;
    }

    #change(changes) {
        const ids = changes.map(change => change.update?.id ?? change.id).filter(Boolean);
        const waited = new Set(this.list.waiting);
        const mayPush = this.#mayPush();
        const fresh = this.#arrange(mayPush, () => {
            this.draw(changes, ids);
            return this.list.show(this.feed, ids, mayPush);
        });
        flash(fresh);
        const present = [...fresh.map(article => article.dataset.id), ...this.list.waiting];
        this.#announce(present.filter(id => !waited.has(id)).length);
        this.told("update", changes);
    }

    /** The feed has begun again: what is shown may never have been. */
    restart() {
        this.visitor.settle(this.feed.story.id);
        // Where there is nothing yet, there is nothing to hold still.
        this.#arrange(this.list.articles().length === 0, () => {
            this.draw(null);
            return this.list.show(this.feed);
        });
    }

    /** The story has this slug now; true where it had another, and the addresses of its updates are new. */
    rename(slug) {
        if (slug === this.context.slug) return false;
        this.context.slug = slug;
        for (const article of this.list.articles()) {
            article.querySelector(".permalink").setAttribute("href", updateAddress(article.dataset.id, this.context));
        }
        return true;
    }

    #arrange(mayMove, work) {
        const all = () => {
            const fresh = work();
            const { parts: { news, older }, list: { waiting } } = this;
            news.hidden = waiting.size === 0;
            news.textContent = newUpdates(waiting.size);
            older.hidden = !this.feed.older;
            this.drawn();
            return fresh;
        };
        return holdStill(this.list, mayMove ? null : this.scroller, this.root, all);
    }

    // --- new updates ---

    #mayPush() {
        return !document.hidden && this.isAtTop();
    }

    /** Shows what waits, if nobody is disturbed by it. */
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

    /** Loads the next page, and gives its articles. */
    async loadOlder() {
        if (this.#isLoading) return [];
        this.#isLoading = true;
        try {
            if (!(await this.follower.loadOlder())) return [];
            return this.#arrange(false, () => this.list.show(this.feed, [], false));
        } catch {
            this.notice("Older updates could not be loaded.");
            return [];
        } finally {
            this.#isLoading = false;
        }
    }

    // --- words ---

    /** Says something for a moment. */
    notice(words) {
        clearTimeout(this.#noticeTimer);
        this.#write("notice", words);
        this.#noticeTimer = setTimeout(() => this.#showState(), NOTICE_TIME);
    }

    #say(state) {
        clearTimeout(this.#stateTimer);
        this.#state = state;
        this.#stateTimer = setTimeout(() => this.#showState(), state === "reconnecting" ? PATIENCE : 0);
        if (state === "gone") this.#showGone();
        this.told("state", [state]);
    }

    /** Above the updates, until the story is there again: then all of that is drawn anew. */
    #showGone() {
        const mark = this.root.querySelector(".status");
        mark?.classList.replace("live", "closed");
        mark?.replaceChildren("Not available");
    }

    #showState() {
        const words = {
            live: "Live", polling: `Checking every ${this.follower.pollAfter} seconds`, reconnecting: "Reconnecting…",
            offline: "You are offline", closed: "This story is closed", gone: "This story is no longer available",
        };
        this.#write(this.#state, words[this.#state] ?? "");
    }

    #write(state, words) {
        this.parts.connection.dataset.state = state;
        this.parts.connection.textContent = words;
    }
}

function newUpdates(count) {
    if (count === 0) return "";
    return count === 1 ? "1 new update" : `${count} new updates`;
}

/** Has new articles be seen for a moment. */
function flash(articles) {
    for (const article of articles) {
        article.animate({ backgroundColor: ["var(--fresh)", "transparent"] }, { duration: 3000, easing: "ease-in" });
    }
}
