// SPDX-License-Identifier: Apache-2.0
// A small parser of HTML, in place of the browser's: enough for the clipboards of the tests, which close their elements.

const VOID = new Set(["BR", "IMG", "HR", "META", "LINK", "INPUT", "COL", "EMBED"]);
const RAW = new Set(["STYLE", "SCRIPT", "TITLE"]);
const ENTITIES = { amp: "&", lt: "<", gt: ">", quot: "\"", nbsp: "\u00a0", middot: "·", rsquo: "’", mdash: "—" };

class Text {
    nodeType = 3;
    nodeName = "#text";
    childNodes = [];

    constructor(value) {
        this.nodeValue = value;
    }
}

class Element {
    nodeType = 1;
    nodeValue = null;
    childNodes = [];

    constructor(name, attributes) {
        this.nodeName = name;
        this.attributes = attributes;
    }

    getAttribute(name) {
        return this.attributes[name] ?? null;
    }
}

/** Parses HTML into a tree of nodes with the members that `markdownOf` reads. */
export function parsed(html) {
    const root = new Element("BODY", {});
    const open = [root];
    const tokens = /<!--[\s\S]*?-->|<![^>]*>|<\/([\w:-]+)\s*>|<([\w:-]+)((?:[^>"']|"[^"]*"|'[^']*')*)>|[^<]+/g;
    for (let token; (token = tokens.exec(html));) {
        const [text, ended, begun, attributes] = token;
        if (ended) {
            const name = ended.toUpperCase();
            const depth = open.findLastIndex(node => node.nodeName === name);
            if (depth > 0) open.length = depth;
        } else if (begun) {
            const node = new Element(begun.toUpperCase(), attributesOf(attributes));
            open.at(-1).childNodes.push(node);
            if (RAW.has(node.nodeName)) tokens.lastIndex = html.indexOf("</", tokens.lastIndex);
            if (!VOID.has(node.nodeName)) open.push(node);
        } else if (!text.startsWith("<")) {
            open.at(-1).childNodes.push(new Text(decoded(text)));
        }
    }
    return root;
}

function attributesOf(text) {
    const found = text.matchAll(/([\w:-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/g);
    return Object.fromEntries([...found].map(([, name, double, single, bare]) =>
        [name.toLowerCase(), decoded(double ?? single ?? bare ?? "")]));
}

function decoded(text) {
    return text.replace(/&(#\d+|\w+);/g, (whole, name) =>
        name[0] === "#" ? String.fromCodePoint(Number(name.slice(1))) : ENTITIES[name] ?? whole);
}
