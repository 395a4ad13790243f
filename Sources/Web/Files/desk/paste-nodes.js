// SPDX-License-Identifier: Apache-2.0
// @ts-check
// What the elements of pasted HTML mean, in the dialects of word processors, mail and web pages.

/**
 * @typedef {Pick<Node, "nodeType"|"nodeName"|"nodeValue"> & {childNodes: Iterable<any>,
 *   getAttribute?(name: string): string|null}} PastedNode A node of a parsed document, or a stand-in.
 * @typedef {{isBold?: boolean, isItalic?: boolean, isStruck?: boolean, isLink?: boolean}} Marks
 */

const INERT_STYLE = "data-style";
// What a cell of a table of data does not hold.
const LAYOUT = new Set(["TABLE", "UL", "OL", "BLOCKQUOTE", "H1", "H2", "H3"]);

/**
 * Renames the `style` attributes of pasted HTML, which the page's Content-Security-Policy would report at each.
 * @param {string} html
 * @returns {string} To be parsed for `markdownOf`.
 */
export function inertHTML(html) {
    return html.replace(/<[a-z][^>]*>/gi, tag => tag.replace(/([\s"'])style\s*=/gi, `$1${INERT_STYLE}=`));
}

/** @param {PastedNode} table @returns {PastedNode[]} */
export function rowsOf(table) {
    return [...table.childNodes].flatMap(child => nameOf(child) === "TR" ? [child]
        : ["THEAD", "TBODY", "TFOOT"].includes(nameOf(child)) ? rowsOf(child) : []);
}

/** @param {PastedNode} row @returns {PastedNode[]} */
export function cellsOf(row) {
    return [...row.childNodes].filter(child => ["TD", "TH"].includes(nameOf(child)));
}

/** @param {PastedNode} cell @returns {boolean} */
export function holdsLayout(cell) {
    return [...cell.childNodes].some((/** @type {PastedNode} */ node) =>
        LAYOUT.has(nameOf(node)) || node.nodeType === 1 && holdsLayout(node));
}

/** @param {PastedNode} node @returns {number} 0: no heading. */
export function headingLevel(node) {
    const tag = /^H([1-6])$/.exec(nameOf(node)) ?? /^MsoHeading([1-6])$/.exec(attributeOf(node, "class"));
    if (tag) return Number(tag[1]);
    if (attributeOf(node, "class") === "MsoTitle") return 1;
    return attributeOf(node, "role") === "heading" ? Number(attributeOf(node, "aria-level")) || 2 : 0;
}

// Word has no lists in its HTML, but paragraphs with a style, whose bullet or number is text that is marked as such.
/** @param {PastedNode} node */
export function wordItemMark(node) {
    const level = /mso-list\s*:\s*l\d+\s+level(\d)/i.exec(styleOf(node));
    if (!level) return null;
    const isNumbered = /^\(?(?:\d{1,3}|[a-z]{1,4})[.)]/i.test(textOf(node).trim());
    return `${"    ".repeat(Number(level[1]) - 1)}${isNumbered ? "1. " : "- "}`;
}

/** @param {PastedNode} node @param {Marks} outer @returns {Marks} */
export function marksOf(node, outer) {
    const [name, style] = [nameOf(node), styleOf(node).toLowerCase()];
    const weight = /(?:^|;)\s*font-weight\s*:\s*(\w+)/.exec(style)?.[1];
    const isBold = weight ? weight === "bold" || weight === "bolder" || Number(weight) >= 600
        : ["B", "STRONG"].includes(name) || outer.isBold;
    const slant = /(?:^|;)\s*font-style\s*:\s*(\w+)/.exec(style)?.[1];
    const isItalic = slant ? slant === "italic" || slant === "oblique"
        : ["I", "EM", "CITE", "DFN"].includes(name) || outer.isItalic;
    const isStruck = /text-decoration[\w-]*\s*:[^;]*line-through/.test(style) || ["S", "DEL", "STRIKE"].includes(name)
        || outer.isStruck;
    return { ...outer, isBold, isItalic, isStruck };
}

// Mail has pictures of one pixel to count its readers.
/** @param {PastedNode} node */
export function isSpacer(node) {
    return ["width", "height"].some(name => /^[01](?:px)?$/.test(attributeOf(node, name)));
}

/** @param {PastedNode} node @returns {string} */
export function textOf(node) {
    if (node.nodeType === 3) return node.nodeValue ?? "";
    return nameOf(node) === "BR" ? "\n" : [...node.childNodes].map(textOf).join("");
}

/** @param {PastedNode} node */
export function nameOf(node) {
    return node.nodeType === 1 ? node.nodeName.toUpperCase() : "";
}

/** @param {PastedNode} node */
export function styleOf(node) {
    return attributeOf(node, INERT_STYLE);
}

/** @param {PastedNode} node @param {string} name */
export function attributeOf(node, name) {
    return node.getAttribute?.(name) ?? "";
}
