// SPDX-License-Identifier: Apache-2.0
// @ts-check
// How a reader gets to an update that may not be loaded, and takes the address of one away.
import { scrollAtOnce } from "../shared/scroll-anchor.js";

/** The number of updates per page on the way to one that is not loaded, and the most pages. */
const STRIDE = 200, MOST_STRIDES = 50;
/** The time in which a press that has closed the list of key events does not open it again, in milliseconds. */
const REOPEN_PAUSE = 500;
/** Height of the bar, in pixels. */
const BAR = 56;

export class PageNavigation {
    #view;
    #closed = -Infinity; // when the list of key events was

    /** @param {NavigatedView} view */
    constructor(view) {
        this.#view = view;
    }

    /**
     * Jumps to an update, or follows the link to its page.
     * @param {HTMLAnchorElement} link
     * @param {string} id
     */
    async follow(link, id) {
        link.closest("#jump")?.remove();
        // Before the jump: going back leads to where the reader was.
        history.pushState(null, "", `#u-${id}`);
        if (!await this.jump(id)) location.replace(link.href);
    }

    /** Opens a list of the key events below the bar, where the reader is. */
    listKeyEvents() {
        // A press on the link has closed the list, as any press beside it does.
        if (performance.now() - this.#closed < REOPEN_PAUSE) return;
        const events = document.querySelector("#timeline ol");
        const list = (
            /** @type {Popover} */
            (
                /** @type {HTMLElement} */
                (document.createElement("div"))));
        list.id = "jump";
        list.popover = "auto";
        if (events) list.append(events.cloneNode(true));
        list.addEventListener("beforetoggle", () => {
            if (list.matches(":popover-open")) this.#closed = performance.now();
        });
        list.addEventListener("toggle", () => list.matches(":popover-open") || list.remove());
        document.querySelector("aside")?.append(list);
        list.showPopover();
        list.querySelector("a")?.focus({ preventScroll: true });
    }

    /**
     * Scrolls to an update, and loads what lies between; returns whether it is on the page.
     * @param {string} id
     */
    async jump(id) {
        const found = await this.#load(id);
        if (found) scrollAtOnce(window, found.getBoundingClientRect().top - BAR);
        found?.querySelector("a")?.focus({ preventScroll: true });
        return found !== null;
    }

    /**
     * Loads pages until an update is there; returns its article.
     * @param {string} id
     */
    async #load(id) {
        const { feed } = this.#view;
        for (let strides = 0; strides < MOST_STRIDES && !article(id) && feed.older; strides++) {
            feed.older = withLimit(feed.older, STRIDE);
            if ((await this.#view.loadOlder()).length === 0) break;
        }
        if (feed.older) feed.older = withLimit(feed.older, 0);
        return article(id);
    }

    /**
     * Rewrites the page's own URL and its links after a change of slug.
     * @param {string} before
     */
    moveFrom(before) {
        const { slug } = this.#view.context;
        /** @param {string} address */
        const moved = address =>
            address.replace(/(\/live\/)([^/?#]+)/, (_, root, name) => root + (name === before ? slug : name));
        for (const link of document.querySelectorAll("link[rel=canonical], .views a, #part a, #older a, #around a")) {
            link.setAttribute("href", moved(link.getAttribute("href") ?? ""));
        }
        const shared = document.querySelector("meta[property='og:url']");
        shared?.setAttribute("content", moved(shared.getAttribute("content") ?? ""));
        const { pathname, search, hash } = location;
        history.replaceState(history.state, "", moved(pathname) + search + hash);
    }

    /**
     * Offers the address of an update, or of the story, to the device's other programs, or else copies it.
     * @param {HTMLElement|null} update
     */
    async share(update) {
        const { slug } = this.#view.context;
        const link = update?.querySelector("a")?.getAttribute("href") ?? `/live/${slug}`;
        const url = new URL(link, location.href).href;
        const name = update?.dataset.title ?? document.querySelector("#story h1")?.textContent ?? "";
        const { words } = this.#view.context;
        const title = update?.classList.contains("stricken") ? words.say("retractedTitle", { title: name }) : name;
        try {
            if (navigator.share) return await navigator.share({ title, url });
            await navigator.clipboard.writeText(url);
            this.#view.notice(words.say("linkCopied"));
        } catch (failure) {
            if (failure.name !== "AbortError") this.#view.notice(words.say("linkIs", { url }));
        }
    }
}

/** @param {string} id */
function article(id) {
    return document.getElementById(`u-${id}`);
}

/**
 * The address of a page with another number of updates; 0: the default.
 * @param {string} address
 * @param {number} limit
 */
function withLimit(address, limit) {
    const { pathname, searchParams } = new URL(address, location.href);
    if (limit) searchParams.set("limit", String(limit));
    else searchParams.delete("limit");
    return `${pathname}?${searchParams}`;
}
