// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Lists whose rows do not move away under a pointer or the focus.
import { make } from "../shared/dom.js";
import { arrange, button, dataIdOf, fill, focusOnElement } from "./elements.js";
import { landmark, scrollAtOnce, shiftOf } from "../shared/scroll-anchor.js";

const CHECK_MILLISECONDS = 250;

/**
 * The order of a list that is in use: what it shows stays where it is, also what is not wanted any more. Of what is
 * new, that comes in which pushes nothing away: what follows all others.
 * @param {string[]} shown Ids, from the top.
 * @param {string[]} wanted Ids, from the top, as they are to be in the end.
 * @param {{mayEnter?: (id: string) => boolean, isOpenEnded?: boolean}} options `mayEnter`: comes in all the same.
 *   `isOpenEnded`: nothing stands below the list that could be pushed away.
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

/** A list whose rows hold still while pointer or focus is in it, so that no other row slips under a press. */
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
        // A finger is seen when it is there, and not before.
        const line = matchMedia("(hover: none)").matches ? innerHeight : 0;
        return node.getBoundingClientRect().top < line;
    }

    /**
     * Does some work, and leaves the row that is in use where it is in the window.
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
     * Does some work elsewhere on the page, which must not move the row that is in use, if one is.
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

    /** Takes back the room that was made so that rows could stay. */
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
        // The page ends before it is far enough.
        const { style } = this.node;
        const side = rest > 0 ? "paddingBottom" : "paddingTop";
        style[side] = `${(Number.parseFloat(style[side]) || 0) + Math.abs(rest)}px`;
        if (rest > 0) scrollAtOnce(window, rest);
    }
}

/** Tells how many rows wait, and shows them when it is pressed. It has a place of its own, so that it covers none. */
export class NewsButton {
    /** @param {() => void} onPress */
    constructor(onPress) {
        this.press = button("", onPress, { class: "main news", hidden: true });
        this.node = make("div", { class: "news-place", role: "status" }, this.press);
    }

    /**
     * @param {number} count
     * @param {boolean} isMoved Whether others are to move, if none is new.
     */
    show(count, isMoved = false) {
        const words = count > 0 ? `${count} new` : isMoved ? "New order" : "";
        if (this.press.textContent !== words) fill(this.press, words);
        this.press.hidden = !words;
    }
}

/** The rows of one list. */
export class HeldRows {
    /** @type {Map<string, HTMLElement>} */
    #rows = new Map();

    /**
     * @param {HTMLElement} place Of the rows.
     * @param {HTMLElement} around What somebody points at who points at the list.
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
     * @param {boolean} isAsked Whether somebody has just asked for them.
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
