// SPDX-License-Identifier: Apache-2.0
// As much of a document as markup is made with: elements that can be written as HTML, in the server's spelling.

const VOID = ["img"];
const ESCAPES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", "\"": "&quot;", "'": "&#39;", "\r": "&#13;" };

/** Text, as it stands in HTML. */
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

/** A template: what is put into it stays as it is. */
class TinyTemplate {
    set innerHTML(outerHTML) {
        this.content = { outerHTML };
    }
}

export const tinyDocument = {
    createElement: name => (name === "template" ? new TinyTemplate() : new TinyElement(name)),
};
