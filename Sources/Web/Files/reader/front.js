// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Keeps the list of stories up to date: reads the page again and again, and shows what it says of the stories that are
// listed. Another order, or further stories, wait until the reader asks for them, or comes back, so that nothing moves
// under a pointer.
import { CATALOGUE } from "../shared/catalogue.js";
import { renew } from "../shared/markup.js";
import { Times } from "../shared/times.js";
import { Words } from "../shared/words.js";

// In milliseconds.
const PAUSE = 20_000;
const FRONT_TIMEOUT = 15_000;

const frontWords = new Words({ ...CATALOGUE, language: document.documentElement.lang });
const frontTimes = new Times(frontWords);

class StoryIndex {
    /**
     * The page as last read, if its order waits.
     * @type {Document|null}
     */
    #waiting = null;
    #timer = 0;

    start() {
        frontTimes.refresh(document);
        document.getElementById("news")?.addEventListener("click", () => this.#showWaiting());
        document.addEventListener("visibilitychange", () => document.hidden || this.#look(true));
        addEventListener("pageshow", event => event.persisted && this.#look(true));
        addEventListener("beforeprint", () => frontTimes.printAll(document));
        addEventListener("afterprint", () => frontTimes.refresh(document));
        this.#wait();
    }

    #wait() {
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => this.#look(false), PAUSE);
    }

    /**
     * Reads the page, and shows it.
     * @param {boolean} mayMove Whether stories may change places.
     */
    async #look(mayMove) {
        clearTimeout(this.#timer);
        // What a search has found is not followed.
        const page = document.hidden || document.getElementById("part") ? null : await readPage().catch(() => null);
        if (page && (mayMove || places(page) === places(document))) this.#show(page);
        else if (page) this.#hold(page);
        frontTimes.refresh(document);
        this.#wait();
    }

    /** @param {Document|null} page */
    #hold(page) {
        this.#waiting = page;
        const button = document.getElementById("news");
        if (!button) return;
        button.hidden = !page;
        button.textContent = page ? frontWords.say("showLatest") : "";
    }

    /** @param {Document} page */
    #show(page) {
        this.#hold(null);
        const [main, made] = [document, page].map(each => each.querySelector("main"));
        if (main && made) renew(main, made);
    }

    #showWaiting() {
        if (!this.#waiting) return;
        this.#show(this.#waiting);
        frontTimes.refresh(document);
        scrollTo({ top: 0 });
    }
}

async function readPage() {
    const response = await fetch("/", {
        headers: { Accept: "text/html" }, cache: "no-cache", signal: (
            /** @type {AbortSignals} */
            (AbortSignal)
        ).timeout(FRONT_TIMEOUT),
    });
    if (!response.ok) return null;
    const date = Date.parse(response.headers.get("Date") ?? "");
    if (date) frontTimes.setServerTime(date);
    return new DOMParser().parseFromString(await response.text(), "text/html");
}

/**
 * Which stories are listed where.
 * @param {Document} page
 */
function places(page) {
    /** @type {NodeListOf<HTMLElement>} */
    const stories = page.querySelectorAll(".stories > li");
    return [...stories].map(({ dataset: { id }, parentElement }) => `${parentElement?.parentElement?.className} ${id}`)
        .join();
}

new StoryIndex().start();
