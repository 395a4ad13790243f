// SPDX-License-Identifier: Apache-2.0
// @ts-check

/** The words of our own in one language: messages by key, with placeholders such as `{name}`. */
export class Words {
    #messages;
    #rules;

    /** @param {Catalogue} catalogue */
    constructor({ language, dir, messages }) {
        this.language = language;
        this.dir = dir;
        this.#messages = messages;
        this.#rules = new Intl.PluralRules(language);
    }

    /**
     * Adds messages, unless they are there.
     * @param {Catalogue["messages"]} messages
     */
    learn(messages) {
        this.#messages = { ...messages, ...this.#messages };
    }

    /** @param {string} key */
    has(key) {
        return key in this.#messages;
    }

    /**
     * A message with values in place of its placeholders; `count` chooses its plural form.
     * @param {string} key
     * @param {Record<string, string|number>} [values]
     */
    say(key, values) {
        return this.parts(key, values).join("");
    }

    /**
     * The parts of a message, with nodes in place of its placeholders.
     * @template {Content|number} Value
     * @param {string} key
     * @param {Record<string, Value>} [values]
     * @returns {(string|Value)[]}
     */
    parts(key, values = {}) {
        const message = this.#messages[key] ?? key;
        const text = typeof message === "string" ? message
            : message[this.#rules.select(Number(values.count))] ?? message.other;
        return text.split(/\{(\w+)\}/).map((part, index) => (index % 2 ? values[part] : part));
    }
}
