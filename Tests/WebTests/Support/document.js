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

/** A template that keeps its HTML unparsed. */
class TinyTemplate {
    set innerHTML(outerHTML) {
        this.content = { outerHTML };
    }
}

export const tinyDocument = {
    createElement: name => (name === "template" ? new TinyTemplate() : new TinyElement(name)),
};
