// SPDX-License-Identifier: Apache-2.0
// @ts-check
import { make } from "../shared/dom.js";
import { Bell } from "./bell.js";
import { LiveView } from "../shared/live-view.js";
import { Feed, comparePlaces } from "../client/feed.js";
import { renew } from "../shared/markup.js";
import { headerElement, linksElement, timelineElement, updateTitle } from "./story-markup.js";
import { RETRACTED } from "./update-summary.js";
import { refreshTimes } from "../shared/times.js";

/** How many pixels ahead of the window the next page is fetched. */
const AHEAD = 1500;
/** Infinite scrolling only if the links are beside the updates; below, they would be unreachable. */
const BESIDE = "(min-width: 60rem)";
/** The most key events in the timeline, as on the server. */
const TIMELINE_LENGTH = 100;
/** The default number of updates per page. */
const PAGE_LENGTH = 50;
/** Milliseconds. */
const READ_TIMEOUT = 20_000;

/** @param {string} id */
function byId(id) {
    const found = document.getElementById(id);
    if (!found) throw new Error(id);
    return found;
}


const { body } = document;
/** Only where the server sends notifications. */
const bell = document.getElementById("bell");
/** The id of the update on a single-update page; else null. */
const onlyUpdate = body.dataset.mode === "update" ? location.pathname.split("/").pop() ?? null : null;

/**
 * The reader's page: adopts the server-rendered page, and keeps it equal to a fresh one.
 * @extends {LiveView<Document, ViewParts>}
 */
class LivePage extends LiveView {
    /** The last known title of the single update. */
    #headline = "";
    #hasMoreKeyEvents = this.feed.keyEvents.length >= TIMELINE_LENGTH;
    #bell = bell && new Bell(bell, body.dataset.story ?? "");

    start() {
        super.start();
        addEventListener("scroll", () => this.revealAtTop(), { passive: true });
        this.parts.older.addEventListener("click", event => this.#pressOlder(event));
        if (this.feed.older && matchMedia(BESIDE).matches) this.#watchEnd();
        if (body.dataset.mode === "live") this.#rememberSeen();
        this.#bell?.start(body.dataset.status ?? "");
        if (body.dataset.mode !== "older") this.follower.start();
    }

    /** Remembers the newest update seen: going back may restore an older version of the page. */
    #rememberSeen() {
        const name = `wireroom.seen.${body.dataset.story}`;
        this.list.seen = attempt(() => JSON.parse(sessionStorage.getItem(name) ?? "null"));
        addEventListener("pagehide", () => {
            const newest = this.feed.updates.find(({ id }) => !this.list.waiting.has(id));
            if (!newest) return;
            const { id, publishedAt } = newest;
            attempt(() => sessionStorage.setItem(name, JSON.stringify({ id, publishedAt })));
        });
    }

    // --- around the list ---

    /** @param {Change[]|null} changes @param {string[]} ids */
    draw(changes, ids) {
        /** @param {string} op */
        const has = op => !changes || changes.some(change => change.op === op);
        if (has("story")) this.#drawStory();
        if (has("links") && this.feed.links) renew(byId("links"), linksElement(this.feed.links));
        /** @param {string} id */
        const isKeyEvent = id => this.feed.get(id)?.keyEvent || byId("timeline").querySelector(`[data-id="${id}"]`);
        if (!changes || ids.some(isKeyEvent)) this.#drawTimeline();
    }

    drawn() {
        const { feed: { cursor, older, story }, list: { waiting }, parts } = this;
        Object.assign(body.dataset, { cursor, status: story.status });
        this.#bell?.show(story.status);
        const title = this.#ownTitle();
        document.title = waiting.size === 0 ? title : `(${waiting.size}) ${title}`;
        if (onlyUpdate) {
            parts.older.hidden = true;
            parts.updates.querySelector(".removed")?.remove();
            if (this.list.articles().length > 0) return;
            parts.updates.append(make("p", { class: "removed" }, "This update has been removed."));
        } else if (older) {
            body.dataset.older = older;
            const address = `/live/${this.context.slug}${new URL(older, location.href).search}`;
            parts.older.firstElementChild?.setAttribute("href", address);
        } else delete body.dataset.older;
    }

    /** The document title as the server writes it, marking a retraction. */
    #ownTitle() {
        const storyTitle = byId("story").querySelector("h1")?.textContent ?? "";
        if (!onlyUpdate) return storyTitle;
        const update = this.feed.get(onlyUpdate);
        if (update) this.#headline = (update.stricken ? RETRACTED : "") + updateTitle(update);
        return `${this.#headline} – ${storyTitle}`;
    }

    #drawStory() {
        const { feed: { story }, context } = this;
        const before = context.slug;
        renew(byId("story"), headerElement(story, this.buttons.counts(null), context));
        this.buttons.activate(byId("story"));
        refreshTimes(byId("story"));
        if (this.rename(story.slug)) this.#moveFrom(before);
    }

    /**
     * Rewrites the page's own URL and its links after a change of slug.
     * @param {string} before
     */
    #moveFrom(before) {
        const { slug } = this.context;
        body.dataset.slug = slug;
        /** @param {string} address */
        const moved = address =>
            address.replace(/(\/live\/)([^/?#]+)/, (_, root, name) => root + (name === before ? slug : name));
        for (const link of document.querySelectorAll("link[rel=canonical], .views a, #older a")) {
            link.setAttribute("href", moved(link.getAttribute("href") ?? ""));
        }
        const shared = document.querySelector("meta[property='og:url']");
        shared?.setAttribute("content", moved(shared.getAttribute("content") ?? ""));
        const { pathname, search, hash } = location;
        history.replaceState(history.state, "", moved(pathname) + search + hash);
        this.#drawTimeline();
    }

    #drawTimeline() {
        const events = this.feed.keyEvents;
        renew(byId("timeline"), timelineElement(events.slice(0, TIMELINE_LENGTH), this.context));
        refreshTimes(byId("timeline"));
        if (!this.#hasMoreKeyEvents || events.length >= TIMELINE_LENGTH) return;
        // One was removed: loads the next to take its place.
        this.#learnKeyEvents().then(() => this.#drawTimeline());
    }

    // --- updates beyond the feed ---

    async restart() {
        // Neither need be on the snapshot's page.
        if (onlyUpdate) await this.#learn(`/updates/${onlyUpdate}`);
        await this.#learnKeyEvents();
        super.restart();
    }

    async #learnKeyEvents() {
        this.#hasMoreKeyEvents = false;
        await this.#learn(`/updates?only=key&limit=${TIMELINE_LENGTH}`);
        this.#hasMoreKeyEvents = this.feed.keyEvents.length >= TIMELINE_LENGTH;
    }

    /** @param {string} path */
    async #learn(path) {
        const response = await fetch(
            `/stories/${body.dataset.story}${path}`, { cache: "no-cache", signal: (
                /** @type {AbortSignals} */
                (AbortSignal)
            ).timeout(READ_TIMEOUT) },
        ).catch(() => null);
        const read = response?.ok ? await response.json().catch(() => null) : null;
        if (read) this.feed.learn(read.updates ?? [read]);
    }

    // --- older updates ---

    /** @param {MouseEvent} event */
    async #pressOlder(event) {
        if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || !this.feed.older) return;
        event.preventDefault();
        const [first] = await this.loadOlder();
        first?.querySelector("a")?.focus({ preventScroll: true });
    }

    #watchEnd() {
        const { older } = this.parts;
        const observer = new IntersectionObserver(async entries => {
            if (!entries.at(-1)?.isIntersecting || (await this.loadOlder()).length === 0) return;
            // Observes again: only changes are reported, and the end may still be in range.
            observer.unobserve(older);
            observer.observe(older);
        }, { rootMargin: `0px 0px ${AHEAD}px` });
        observer.observe(older);
    }
}

/**
 * Returns the result of a storage access; null if it is forbidden, or its text cannot be read.
 * @param {() => any} action
 */
function attempt(action) {
    try {
        return action();
    } catch {
        return null;
    }
}

/**
 * Creates the feed of a server-rendered page.
 * @param {HTMLElement[]} articles
 */
function seed(articles) {
    const { cursor = "", older = null } = body.dataset;
    const listed = articles.map(partOf).sort(comparePlaces);
    const limit = older ? Number(new URL(older, location.href).searchParams.get("limit")) || PAGE_LENGTH : Infinity;
    return new Feed({
        story: storyOfPage(), cursor, older,
        // Some pinned updates belong to later pages.
        updates: listed.slice(0, limit),
        pinned: listed.filter(({ pinned }) => pinned),
        keyEvents: [...byId("timeline").querySelectorAll("li")].map(keyEventOf),
    });
}

/** The part of the story that is in the page's markup. */
function storyOfPage() {
    const { status, story, slug } = body.dataset;
    return (
        /** @type {Story} */
        ({ id: story, slug, status })
    );
}

/**
 * The part of an update that is in its markup.
 * @param {HTMLElement} element
 */
function partOf({ classList, dataset: { id, seq, published = "", title } }) {
    return (
        /** @type {Update} */
        ({
            id, seq: Number(seq), publishedAt: published, title: title ?? null,
            pinned: classList.contains("pinned"), keyEvent: classList.contains("key"),
            stricken: classList.contains("stricken") ? { at: published, reason: "" } : null,
        })
    );
}

/** @param {HTMLElement} item */
function keyEventOf(item) {
    return { ...partOf(item), pinned: false, keyEvent: true };
}

const { slug = "", kinds = "", story = "", lightbox = "", only, embeds } = body.dataset;
const [updates, news, older, connection, announcement] =
    ["updates", "news", "older", "connection", "announcement"].map(byId);

new LivePage({
    root: document,
    // With key events only, pinned ones stay in the list.
    parts: { updates, news, older, connection, announcement, pinned: only ? null : document.getElementById("pinned") },
    context: { slug, kinds: kinds.split(" ").filter(Boolean), embeds, titleOf: updateTitle },
    story,
    filter: { only },
    links: true,
    lightbox,
    only: onlyUpdate,
    seed,
}).start();
