// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import "./Support/desk-words.js";

/** As much of an element as messages need. */
class FakeElement {
    children = [];
    className = "";
    isInUse = false;
    #listeners = new Map();

    setAttribute(name, value) {
        if (name === "class") this.className = value;
    }
    addEventListener(name, listener) {
        this.#listeners.set(name, listener);
    }
    dispatch(name, event = {}) {
        this.#listeners.get(name)?.(event);
    }
    click() {
        this.dispatch("click");
    }
    matches(selector) {
        return selector.startsWith(":hover") ? this.isInUse : selector === "button" || this.className.includes("undo");
    }
    append(...children) {
        this.children.push(...children);
    }
    replaceChildren(...children) {
        this.children = children;
    }
    hasChildNodes() {
        return this.children.length > 0;
    }
    normalize() {}
    get text() {
        return this.children.map(child => child.text ?? child).join(" ");
    }
}

class FakeArea extends FakeElement {
    value = "";
}

const page = new FakeElement();
globalThis.document = Object.assign(page, { createElement: () => new FakeElement(), querySelector: () => null });
globalThis.HTMLElement = FakeElement;
globalThis.HTMLTextAreaElement = FakeArea;
globalThis.HTMLInputElement = class extends FakeElement {};
const { StatusMessage } = await import("../../Sources/Web/Files/desk/status-message.js");
const { button } = await import("../../Sources/Web/Files/desk/elements.js");

/** A message that "Deleted." was told in, with an "Undo". */
function deleted(context) {
    context.mock.timers.enable({ apis: ["setTimeout"] });
    const node = new FakeElement();
    const stage = { node, undone: 0, message: new StatusMessage(node) };
    stage.message.show("Deleted.", [button("Undo", () => (stage.undone += 1), { class: "quiet undo" })]);
    stage.press = target => page.dispatch("keydown", { key: "z", ctrlKey: true, target, preventDefault() {} });
    return stage;
}

test("Ctrl+Z undoes what an attempt and its failure have put aside, outside of fields and in an empty one", context => {
    const stage = deleted(context);
    stage.message.hide();
    assert.equal(stage.node.text, "");
    stage.press(page);
    stage.message.showFailure("Not done.");
    stage.press(new FakeArea());
    assert.equal(stage.undone, 2);
    stage.press(Object.assign(new FakeArea(), { value: "A text" }));
    assert.equal(stage.undone, 2);
    page.dispatch("input");
    stage.press(new FakeArea());
    assert.equal(stage.undone, 2);
});

test("The message with Undo comes back once the failure is closed, and disappears in its time", context => {
    const stage = deleted(context);
    stage.message.showFailure("Not done.");
    page.dispatch("input");
    assert.match(stage.node.text, /^Not done\./);
    stage.node.children.at(-1).click();
    assert.equal(stage.node.text, "Deleted. Undo");
    context.mock.timers.tick(20_000);
    stage.press(page);
    assert.deepEqual([stage.node.text, stage.undone], ["", 0]);
});

test("After a refusal by the form it comes back with what is typed next", context => {
    const stage = deleted(context);
    stage.message.hide();
    page.dispatch("input");
    assert.equal(stage.node.text, "Deleted. Undo");
});

test("The next success takes its place, and leaving the story and time end it", context => {
    for (const end of [
        ({ message }) => message.show("Saved.", []),
        ({ message }) => {
            message.showFailure("Not done.");
            message.clearSuccess();
        },
        ({ message }) => {
            message.hide();
            context.mock.timers.tick(120_000);
        },
    ]) {
        const stage = deleted(context);
        end(stage);
        stage.message.hide();
        page.dispatch("input");
        stage.press(page);
        assert.deepEqual([stage.node.text, stage.undone], ["", 0]);
        context.mock.timers.reset();
    }
});

test("A message in use stays at an attempt until it is left", context => {
    const stage = deleted(context);
    stage.node.isInUse = true;
    stage.message.hide();
    assert.equal(stage.node.text, "Deleted. Undo");
    stage.node.isInUse = false;
    context.mock.timers.tick(1_000);
    assert.equal(stage.node.text, "");
});
