// SPDX-License-Identifier: Apache-2.0
// A minimal DOM for markup: elements that serialize to HTML exactly as the server writes it.

const VOID = ["img", "source"];
const ESCAPES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", "\"": "&quot;", "'": "&#39;", "\r": "&#13;" };

/** Text escaped for HTML. */
const escaped = text => text.replace(/[&<>"'\r]/g, character => ESCAPES[character]);

class TinyElement {
    #attributes = new Map();
    #children = [];

    constructor(name) {
        this.name = name;
    }

    setAttribute(name, value) {
        this.#attributes.set(name, String(value));
    }

    append(...children) {
        this.#children.push(...children);
    }

    normalize() {}

    get outerHTML() {
        const attributes = [...this.#attributes].map(([name, value]) => ` ${name}="${escaped(value)}"`).join("");
        const content = this.#children.map(child => child.outerHTML ?? escaped(child)).join("");
        return `<${this.name}${attributes}>${VOID.includes(this.name) ? "" : `${content}</${this.name}>`}`;
    }
}

/** The content of a template, unparsed: only the places of cards are found in it. */
class TinyFragment {
    constructor(outerHTML) {
        this.outerHTML = outerHTML;
    }

    querySelector(selector) {
        const place = `<p ${selector.slice(1, -1)}></p>`;
        return {
            replaceWith: element => {
                this.outerHTML = this.outerHTML.replace(place, () => element.outerHTML);
            },
        };
    }
}

class TinyTemplate {
    set innerHTML(html) {
        this.content = new TinyFragment(html);
    }
}

export const tinyDocument = {
    createElement: name => (name === "template" ? new TinyTemplate() : new TinyElement(name)),
};
