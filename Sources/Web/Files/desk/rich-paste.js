// SPDX-License-Identifier: Apache-2.0
// @ts-check
// HTML of word processors, mail and web pages as Markdown: what a text can hold is kept, and the rest is counted.
import { escapedLabel, linkTarget } from "./markdown-edit.js";
import { attributeOf, cellsOf, headingLevel, holdsLayout, isSpacer, marksOf } from "./paste-nodes.js";
import { nameOf, rowsOf, styleOf, textOf, wordItemMark } from "./paste-nodes.js";
import { phrase, phraseList } from "./phrases.js";

/**
 * @typedef {import("./paste-nodes.js").PastedNode} PastedNode
 * @typedef {import("./paste-nodes.js").Marks} Marks
 * @typedef {{kind: string, text: string}} Block
 */

const DROPPED = new Set(["SCRIPT", "STYLE", "HEAD", "TITLE", "META", "LINK", "NOSCRIPT", "TEMPLATE", "O:P", "W:SDTPR",
    "BUTTON", "INPUT", "SELECT", "TEXTAREA", "COLGROUP", "XML"]);
const EMBEDS = new Set(["IFRAME", "EMBED", "OBJECT", "VIDEO", "AUDIO", "CANVAS"]);
const DRAWINGS = new Set(["IMG", "PICTURE", "SVG", "V:SHAPE", "V:IMAGEDATA"]);
const BLOCKS = new Set(["P", "DIV", "SECTION", "ARTICLE", "HEADER", "FOOTER", "MAIN", "ASIDE", "NAV", "FIGURE",
    "FIGCAPTION", "ADDRESS", "DL", "DT", "DD", "FORM", "FIELDSET", "CENTER", "BODY", "HTML", "DETAILS", "SUMMARY",
    "UL", "OL", "LI", "BLOCKQUOTE", "PRE", "TABLE", "HR", "H1", "H2", "H3", "H4", "H5", "H6"]);
const EMBED_QUOTES = /\b(?:twitter-tweet|instagram-media|tiktok-embed|mastodon-embed|bluesky-embed|reddit-embed)\b/;
const HIDDEN = /(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|mso-list\s*:\s*ignore)/i;

/**
 * Converts pasted HTML to Markdown.
 * @param {PastedNode} root Of `inertHTML`.
 * @returns {{text: string, left: {embeds: number, pictures: number}, isRich: boolean}} `left`: what was left out;
 *   `isRich`: whether the text has anything that its plain form lacks.
 */
export function markdownOf(root) {
    const writer = new PasteWriter();
    const blocks = writer.blocks(root, {});
    return { text: joinedBlocks(blocks), left: writer.left, isRich: writer.isRich };
}

/**
 * Names what was left out of a paste.
 * @param {{embeds: number, pictures: number}} left
 * @returns {string} Such as `1 embed, 2 pictures`; empty if nothing was.
 */
export function leftOutLabel({ embeds, pictures }) {
    return phraseList([
        embeds > 0 && phrase("embedCount", { count: embeds }),
        pictures > 0 && phrase("pictureCount", { count: pictures }),
    ].flatMap(part => part || []));
}

class PasteWriter {
    left = { embeds: 0, pictures: 0 };
    isRich = false;

    /**
     * The blocks of an element's content.
     * @param {PastedNode} parent
     * @param {Marks} marks Of the elements around it.
     * @returns {Block[]}
     */
    blocks(parent, marks) {
        /** @type {Block[]} */
        const blocks = [];
        /** @type {PastedNode[]} */
        let run = [];
        const flush = () => {
            blocks.push(...this.paragraphs(run, marks));
            run = [];
        };
        for (const node of parent.childNodes) {
            if (!this.isBlock(node)) {
                run.push(node);
                continue;
            }
            flush();
            blocks.push(...this.block(node, marksOf(node, marks)));
        }
        flush();
        return groupedItems(blocks);
    }

    // An inline element with blocks in it, as around a whole document of Google's, is a block as well.
    /** @param {PastedNode} node @returns {boolean} */
    isBlock(node) {
        if (node.nodeType !== 1 || DROPPED.has(nameOf(node))) return false;
        if (BLOCKS.has(nameOf(node))) return true;
        return nameOf(node) !== "A" && [...node.childNodes].some(child => this.isBlock(child));
    }

    /** @param {PastedNode} node @param {Marks} marks @returns {Block[]} */
    block(node, marks) {
        if (this.isLeftOut(node)) return [];
        const name = nameOf(node);
        switch (name) {
        case "UL":
        case "OL": return this.list(node, marks);
        case "LI": return this.item(node, marks, "- ");
        case "BLOCKQUOTE": return this.quote(node, marks);
        case "PRE": return this.code(node);
        case "TABLE": return this.table(node, marks);
        case "HR": return [this.rich("rule", "---")];
        default: return headingLevel(node) ? this.heading(node, headingLevel(node)) : this.plainBlock(node, marks);
        }
    }

    /** @param {string} kind @param {string} text @returns {Block} */
    rich(kind, text) {
        this.isRich = true;
        return { kind, text };
    }

    /** @param {PastedNode} node @param {Marks} marks @returns {Block[]} */
    plainBlock(node, marks) {
        const mark = wordItemMark(node);
        const blocks = this.blocks(node, marks);
        const text = joinedBlocks(blocks);
        if (!mark || !text) return blocks;
        return [this.rich("item", `${mark}${indentedLines(text, mark.length)}`)];
    }

    /** @param {PastedNode} node @param {number} level @returns {Block[]} */
    heading(node, level) {
        const text = this.inline([...node.childNodes], { isBold: true }).replace(/\s+/g, " ").trim();
        return text ? [this.rich("heading", `${"#".repeat(Math.min(level, 3))} ${text}`)] : [];
    }

    /** @param {PastedNode} node @param {Marks} marks @returns {Block[]} */
    quote(node, marks) {
        const text = joinedBlocks(this.blocks(node, marks));
        return text ? [this.rich("quote", text.split("\n").map(line => `> ${line}`.trimEnd()).join("\n"))] : [];
    }

    /** @param {PastedNode} node @returns {Block[]} */
    code(node) {
        const text = textOf(node).replace(/\n+$/, "");
        return text.trim() ? [this.rich("code", `\`\`\`\n${text}\n\`\`\``)] : [];
    }

    /** @param {PastedNode} node @param {Marks} marks @returns {Block[]} */
    list(node, marks) {
        const isNumbered = nameOf(node) === "OL";
        let number = Number(attributeOf(node, "start")) || 1;
        return [...node.childNodes].flatMap(child => {
            // Lists of Google's and of old pages stand between the items.
            if (["UL", "OL"].includes(nameOf(child))) return this.list(child, marks).map(nestedItem);
            if (nameOf(child) !== "LI") return this.isBlock(child) ? this.block(child, marks) : [];
            const item = this.item(child, marks, isNumbered ? `${number}. ` : "- ");
            number += item.length;
            return item;
        });
    }

    /** @param {PastedNode} node @param {Marks} marks @param {string} mark @returns {Block[]} */
    item(node, marks, mark) {
        const blocks = this.blocks(node, marks);
        const text = joinedBlocks(blocks.map(block => block.kind === "heading" ? { kind: "text",
            text: block.text.replace(/^#+ /, "") } : block));
        return text ? [this.rich("item", `${mark}${indentedLines(text, mark.length)}`)] : [];
    }

    /** @param {PastedNode} node @param {Marks} marks @returns {Block[]} */
    table(node, marks) {
        const rows = rowsOf(node).map(row => cellsOf(row));
        const width = Math.max(0, ...rows.map(row => row.length));
        // Mail and old pages are laid out with tables.
        const isLayout = width < 2 || rows.length < 2 || rows.some(row => row.some(holdsLayout));
        if (isLayout) return rows.flat().flatMap(cell => this.blocks(cell, marks));
        const lines = rows.map(row => Array.from({ length: width }, (_, index) => this.cell(row[index])));
        const [head, ...rest] = lines.filter(line => line.some(Boolean)).map(line => `| ${line.join(" | ")} |`);
        return head ? [this.rich("table", [head, `|${" --- |".repeat(width)}`, ...rest].join("\n"))] : [];
    }

    /** @param {PastedNode|undefined} node */
    cell(node) {
        if (!node) return "";
        const isHead = nameOf(node) === "TH";
        return joinedBlocks(this.blocks(node, isHead ? { isBold: true } : {})).replace(/\s*\n\s*/g, " ")
            .replace(/\\?\|/g, "\\|").trim();
    }

    // --- inline ---

    /** @param {PastedNode[]} nodes @param {Marks} marks @returns {Block[]} */
    paragraphs(nodes, marks) {
        const text = this.inline(nodes, marks);
        const paragraphs = text.split(/\n{2,}/).map(part =>
            part.split("\n").map(line => escapedStart(line.trim())).join("\n").trim());
        return paragraphs.filter(Boolean).map(part => ({ kind: "text", text: part }));
    }

    /** @param {PastedNode[]} nodes @param {Marks} marks @returns {string} */
    inline(nodes, marks) {
        return joinedMarks(nodes.map(node => this.inlineNode(node, marks))).replace(/ *\n */g, "\n")
            .replace(/ {2,}/g, " ");
    }

    /** @param {PastedNode} node @param {Marks} marks @returns {string} */
    inlineNode(node, marks) {
        if (node.nodeType === 3) return escapedText((node.nodeValue ?? "").replace(/[ \t\r\n\f]+/g, " "), marks);
        if (node.nodeType !== 1 || this.isLeftOut(node)) return "";
        if (nameOf(node) === "BR") return "\n";
        if (nameOf(node) === "A") return this.link(node, marks);
        if (["CODE", "KBD", "SAMP", "TT"].includes(nameOf(node))) return this.codeSpan(node);
        const own = marksOf(node, marks);
        const text = this.marked(this.inline([...node.childNodes], own), own, marks);
        // Within a link.
        return BLOCKS.has(nameOf(node)) ? `\n${text}\n` : text;
    }

    /** @param {string} text @param {Marks} own @param {Marks} outer */
    marked(text, own, outer) {
        const star = (own.isBold && !outer.isBold ? 2 : 0) + (own.isItalic && !outer.isItalic ? 1 : 0);
        const strike = own.isStruck && !outer.isStruck ? "~~" : "";
        if (!star && !strike || !text.trim()) return text;
        this.isRich = true;
        const sign = `${strike}${"*".repeat(star)}`;
        const other = `${"*".repeat(star)}${strike}`;
        // Marks must touch the words that they mark, and end with the line.
        return text.split("\n").map(line => line.replace(/^(\s*)(\S(?:.*\S)?)(\s*)$/,
            (_, before, words, after) => `${before}${sign}${words}${other}${after}`)).join("\n");
    }

    /** @param {PastedNode} node @param {Marks} marks */
    link(node, marks) {
        const address = cleanAddress(attributeOf(node, "href"));
        const isUsable = address && !marks.isLink;
        const own = marksOf(node, marks);
        const words = this.inline([...node.childNodes], { ...own, isLink: true }).replace(/\s+/g, " ");
        if (!isUsable || !words.trim()) return words;
        this.isRich = true;
        const [, before, inner, after] = /^(\s*)(.*?)(\s*)$/.exec(words) ?? ["", "", words, ""];
        // The address as its own text is a link without more.
        const isBare = textOf(node).trim() === address;
        const link = isBare ? address : `[${inner}](${linkTarget(address)})`;
        return `${before}${this.marked(link, own, marks)}${after}`;
    }

    /** @param {PastedNode} node */
    codeSpan(node) {
        const text = textOf(node).replace(/\s+/g, " ");
        if (!text.trim()) return text;
        this.isRich = true;
        return text.includes("`") ? `\`\` ${text} \`\`` : `\`${text}\``;
    }

    // Counts what readers would miss.
    /** @param {PastedNode} node */
    isLeftOut(node) {
        const name = nameOf(node);
        if (DROPPED.has(name) || HIDDEN.test(styleOf(node))) return true;
        if (EMBEDS.has(name) || EMBED_QUOTES.test(attributeOf(node, "class"))) {
            this.left.embeds += 1;
            return true;
        }
        if (!DRAWINGS.has(name)) return false;
        if (!isSpacer(node)) this.left.pictures += 1;
        return true;
    }
}

// --- blocks ---

/** @param {Block[]} blocks */
function joinedBlocks(blocks) {
    return blocks.map(({ kind, text }, index) => {
        if (index === 0) return text;
        return `${kind === "item" && blocks[index - 1].kind === "item" ? "\n" : "\n\n"}${text}`;
    }).join("");
}

// Word numbers its items in the text: they are counted anew.
/** @param {Block[]} blocks @returns {Block[]} */
function groupedItems(blocks) {
    let number = 0;
    return blocks.map(block => {
        const isCounted = block.kind === "item" && /^1\. /.test(block.text);
        number = isCounted ? number + 1 : block.kind === "item" && /^\s/.test(block.text) ? number : 0;
        return isCounted && number > 1 ? { ...block, text: block.text.replace("1.", `${number}.`) } : block;
    });
}

/** @param {Block} block @returns {Block} */
function nestedItem(block) {
    return { ...block, text: block.text.split("\n").map(line => `    ${line}`).join("\n") };
}

/** @param {string} text @param {number} width */
function indentedLines(text, width) {
    return text.split("\n").map((line, index) => index && line ? " ".repeat(width) + line : line).join("\n");
}

// --- inline ---

// Neighbours that are marked alike are one: word processors cut a sentence into many.
/** @param {string[]} parts */
function joinedMarks(parts) {
    return parts.filter(Boolean).reduce((text, part) => {
        const end = /(?<![\\*~])(\*{1,3}|~~)( ?)$/.exec(text);
        const start = /^( ?)(\*{1,3}|~~)(?![*~\s])/.exec(part);
        if (!end || !start || end[1] !== start[2]) return text + part;
        return text.slice(0, -end[0].length) + end[2] + start[1] + part.slice(start[0].length);
    }, "");
}

/** @param {string} text @param {Marks} marks */
function escapedText(text, marks) {
    const spaced = text.replace(/\u00a0/g, " ").replace(/[\u200b\ufeff]/g, "");
    // A bare address must stay as it is.
    const escaped = spaced.split(/(https?:\/\/\S+)/).map((part, index) => index % 2 ? part
        : part.replace(/[\\`*\[\]]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])|~~|<(?=[a-z\/!?])/giu, "\\$&")).join("");
    return marks.isLink ? escapedLabel(escaped.replace(/\\([\[\]])/g, "$1")) : escaped;
}

// Plain text that would begin a block.
/** @param {string} line */
function escapedStart(line) {
    return line.replace(/^(#{1,6}(?=\s|$)|[-+](?=\s)|>|=+$|-+$)/, "\\$1").replace(/^(\d{1,9})([.)])(?=\s)/, "$1\\$2");
}

/** @param {string} address */
function cleanAddress(address) {
    const inner = redirectTarget(address.trim());
    if (!/^(?:https?:\/\/|mailto:)./i.test(inner)) return "";
    return inner.replace(/([?&])(?:utm_\w+|fbclid|gclid|mc_cid|mc_eid)=[^&#]*/g, "$1").replace(/[?&]+(?=#|$)/, "")
        .replace(/\?&+/, "?").replace(/&{2,}/g, "&");
}

// Google's and Outlook's addresses that lead through their own servers.
/** @param {string} address */
function redirectTarget(address) {
    const outer = /^https:\/\/(?:www\.google\.[a-z.]+\/url\?|[\w.-]+\.safelinks\.protection\.outlook\.com\/\?)/i;
    if (!outer.test(address)) return address;
    const query = new URLSearchParams(address.slice(address.indexOf("?") + 1));
    const target = query.get("q") ?? query.get("url") ?? "";
    return /^https?:\/\//i.test(target) ? target : address;
}
