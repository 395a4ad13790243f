// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Lists whose rows do not move while the pointer or the focus is in them.
import { make } from "../shared/dom.js";
import { arrange, button, dataIdOf, fill, focusOnElement } from "./elements.js";
import { landmark, scrollAtOnce, shiftOf } from "../shared/scroll-anchor.js";
import { phrase } from "./phrases.js";

const CHECK_MILLISECONDS = 250;

/**
 * Returns the order of a list that is in use: rows shown keep their places, even those not wanted any more. New rows
 * are inserted only where they displace none, which is at the end; the others wait.
 * @param {string[]} shown Ids, from the top.
 * @param {string[]} wanted Ids, from the top, in the final order.
 * @param {{mayEnter?: (id: string) => boolean, isOpenEnded?: boolean}} options `mayEnter`: inserted in any case.
 *   `isOpenEnded`: nothing below the list could be displaced.
 * @returns {{order: string[], waiting: string[]}}
 */
export function heldOrder(shown, wanted, { mayEnter = () => false, isOpenEnded = true } = {}) {
    const known = new Set(shown);
    const order = [...shown];
    const waiting = [];
    /** @type {string|null} */
    let next = null;
    let isEnd = isOpenEnded;
    for (const id of [...wanted].reverse()) {
        if (known.has(id)) {
            isEnd = false;
        } else if (isEnd || mayEnter(id)) {
            order.splice(next === null ? order.length : order.indexOf(next), 0, id);
        } else {
            waiting.unshift(id);
            continue;
        }
        next = id;
    }
    return { order, waiting };
}

/** A list whose rows do not move while pointer or focus is in it, so that no press hits the wrong row. */
export class HeldRegion {
    #timer = 0;

    /** @param {HTMLElement} node */
    constructor(node) {
        this.node = node;
    }

    /** Whether moving rows would disturb the user: pointer or focus inside, a dialog open, or scrolled. */
    get isInUse() {
        const { node } = this;
        if (!node.isConnected) return false;
        if (node.matches(":hover") || node.contains(document.activeElement)) return true;
        if (document.querySelector("dialog[open]")) return true;
        // Touch has no hover: there, a list that is in the window counts as in use.
        const line = matchMedia("(hover: none)").matches ? innerHeight : 0;
        return node.getBoundingClientRect().top < line;
    }

    /**
     * Runs a layout change and keeps the row in use at its place in the window.
     * @param {() => void} work
     */
    keepPlace(work) {
        const seen = this.#landmarks();
        work();
        const distance = shiftOf(seen);
        // Tolerates half a pixel of rounding.
        if (Math.abs(distance) >= 1) this.#scroll(distance);
    }

    /**
     * Runs a layout change elsewhere on the page; keeps the row in use in place, if there is one.
     * @param {() => void} work
     */
    hold(work) {
        if (this.isInUse) this.keepPlace(work);
        else work();
    }

    /**
     * Calls back once pointer and focus have left.
     * @param {() => unknown} action
     */
    whenFree(action) {
        this.close();
        this.#timer = setInterval(() => {
            if (this.isInUse) return;
            this.close();
            action();
        }, CHECK_MILLISECONDS);
    }

    /** Removes the padding that kept rows in place. */
    reset() {
        this.node.style.paddingTop = this.node.style.paddingBottom = "";
    }

    close() {
        clearInterval(this.#timer);
    }

    #landmarks() {
        const rows = [...this.node.querySelectorAll("[data-id]")];
        const used = rows.find(row => row.matches(":hover")) ?? rows.find(row => row.contains(document.activeElement));
        const seen = rows.filter(row => {
            const { top, bottom } = row.getBoundingClientRect();
            return bottom > 0 && top < innerHeight;
        });
        return [...used ? [used] : [], ...seen].map(row => landmark(row));
    }

    /** @param {number} distance */
    #scroll(distance) {
        const before = scrollY;
        scrollAtOnce(window, distance);
        const rest = distance - (scrollY - before);
        if (Math.abs(rest) < 1) return;
        // The page is too short to scroll that far: padding makes up the rest.
        const { style } = this.node;
        const side = rest > 0 ? "paddingBottom" : "paddingTop";
        style[side] = `${(Number.parseFloat(style[side]) || 0) + Math.abs(rest)}px`;
        if (rest > 0) scrollAtOnce(window, rest);
    }
}

/** A button that says how many rows wait, and shows them. It has reserved space, so that it covers no row. */
export class NewsButton {
    /** @param {() => void} onPress */
    constructor(onPress) {
        this.press = button("", onPress, { class: "main news", hidden: true });
        this.node = make("div", { class: "news-place", role: "status" }, this.press);
    }

    /**
     * @param {number} count
     * @param {boolean} isMoved Whether rows wait to be reordered.
     */
    show(count, isMoved = false) {
        const words = count > 0 ? phrase("newCount", { count }) : isMoved ? phrase("newOrder") : "";
        if (this.press.textContent !== words) fill(this.press, words);
        this.press.hidden = !words;
    }
}

/** The rows of one list, held in place while it is in use. */
export class HeldRows {
    /** @type {Map<string, HTMLElement>} */
    #rows = new Map();

    /**
     * @param {HTMLElement} place The parent of the rows.
     * @param {HTMLElement} around The element whose hover or focus counts as use of the list.
     */
    constructor(place, around = place) {
        this.place = place;
        this.region = new HeldRegion(around);
        this.news = new NewsButton(() => this.#settle());
    }

    close() {
        this.region.close();
    }

    /**
     * Shows rows.
     * @param {Map<string, HTMLElement>} rows By id, from the top; the same row is the same element.
     * @param {boolean} isAsked Whether the user has just requested them: shows them at once.
     */
    show(rows, isAsked = false) {
        this.#rows = rows;
        for (const [id, row] of rows) row.dataset.id = id;
        if (isAsked || !this.region.isInUse) return this.#settle();
        const shown = new Map([...this.place.children].map(row => [dataIdOf(row), row]));
        const { order, waiting } = heldOrder([...shown.keys()], [...rows.keys()]);
        this.region.keepPlace(() => arrange(this.place, order.flatMap(id => rows.get(id) ?? shown.get(id) ?? [])));
        const isMoved = order.filter(id => rows.has(id)).join() !== [...rows.keys()].join();
        this.news.show(waiting.length, isMoved);
        this.region.whenFree(() => this.#settle());
    }

    #settle() {
        this.region.close();
        this.region.reset();
        const focused = document.activeElement;
        arrange(this.place, [...this.#rows.values()]);
        if (document.activeElement !== focused) focusOnElement(focused, { preventScroll: true });
        this.news.show(0);
    }
}
