// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Where the desk is, as its address says: `/desk#/stories/<id>/links`.

const PARTS = ["updates", "about", "links", "bin", "trail"];

/**
 * @typedef {{view: "stories"|"new"|"import"|"story", id?: string, part?: string}} Route
 */

/**
 * Reads the fragment of an address.
 * @param {string} fragment With its `#`.
 * @returns {Route|null} Null where it is not of the desk's own, such as that of a skip link.
 */
export function routeOf(fragment) {
    if (fragment === "" || fragment === "#") return { view: "stories" };
    if (!fragment.startsWith("#/")) return null;
    const [first, id, part = "updates"] = fragment.slice(2).split("/");
    if (first === "stories" && id && /^[a-z0-9-]+$/.test(id)) {
        return { view: "story", id, part: PARTS.includes(part) ? part : "updates" };
    }
    return { view: first === "new" || first === "import" ? first : "stories" };
}

/**
 * The fragment of a place.
 * @param {Route} route
 * @returns {string}
 */
export function fragmentOf({ view, id, part = "updates" }) {
    if (view === "story") return `#/stories/${id}${part === "updates" ? "" : `/${part}`}`;
    return view === "stories" ? "#/" : `#/${view}`;
}
