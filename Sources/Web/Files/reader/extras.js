// SPDX-License-Identifier: Apache-2.0
// @ts-check
// What not every reader needs: the page's script loads it when the first is asked for. It has no words of its own.
import { LastVisit } from "./last-visit.js";
import { PageNavigation } from "./navigation.js";
import { NewsAtEnd } from "./news-at-end.js";

/** The extras of one page. */
export class Extras {
    /** @param {NavigatedView} view @param {{ order: string, left: LeftAt|null }} options */
    constructor(view, { order, left }) {
        this.navigation = new PageNavigation(view);
        this.newsAtEnd = order === "oldest" ? new NewsAtEnd(view) : null;
        this.lastVisit = left && new LastVisit(view, left);
    }
}
