// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import test from "node:test";
import { SoundSwitch } from "../../Sources/Web/Files/reader/sound.js";
import { english } from "./Support/words.js";

/** A button as far as the switch needs one. */
class SoundButton {
    attributes = {};

    append(...children) {
        this.words = children.join("");
    }

    setAttribute(name, value) {
        this.attributes[name] = value;
    }

    addEventListener() {}

    normalize() {}
}

globalThis.document = { createElement: () => new SoundButton() };

/** A page of a browser that counts tones. */
function open(kept = new Map()) {
    const page = { kept, tones: 0 };
    page.sound = new SoundSwitch(english, {
        play: () => { page.tones += 1; },
        atNews: play => { page.tell = play; },
        recall: name => kept.get(name) ?? null,
        keep: (name, value) => kept.set(name, value),
    });
    return page;
}

const state = ({ sound, tones }) => [sound.button.attributes["aria-pressed"], tones];

test("sound is off until it is turned on, which plays the tone once, and then with each news", () => {
    const page = open();
    page.tell();
    assert.deepEqual(state(page), ["false", 0]);
    assert.equal(page.sound.button.words, "Sound for new updates");
    page.sound.press();
    assert.deepEqual(state(page), ["true", 1]);
    page.tell();
    assert.deepEqual(state(page), ["true", 2]);
    page.sound.press();
    page.tell();
    assert.deepEqual(state(page), ["false", 2]);
});

test("it is remembered on other pages, also that it was turned off", () => {
    const first = open();
    first.sound.press();
    const second = open(first.kept);
    second.tell();
    assert.deepEqual(state(second), ["true", 1]);
    second.sound.press();
    assert.deepEqual(state(open(first.kept)), ["false", 0]);
});
