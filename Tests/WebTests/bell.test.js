// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import test from "node:test";
import { Bell } from "../../Sources/Web/Files/reader/bell.js";
import { MemoryStorage } from "./Support/storage.js";
import { english } from "./Support/words.js";
import { json } from "./Support/world.js";

const KEY = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
const [OFF, ON] = ["Notify me of key events", "Stop notifying me"];

/** An element as far as the bell needs one. */
class BellElement extends EventTarget {
    hidden = true;
    dataset = {};
    textContent = "";
    attributes = {};
    children = [];

    append(...children) {
        this.children.push(...children);
    }

    replaceChildren(...children) {
        this.children = children;
    }

    setAttribute(name, value) {
        this.attributes[name] = value;
    }

    removeAttribute(name) {
        delete this.attributes[name];
    }

    normalize() {}
}

globalThis.document = { createElement: () => new BellElement() };

/** A browser whose push service makes endpoints, and a server that records what it is asked. */
function world({ permission = "default", choice = "granted", answer = null, storage = new MemoryStorage() } = {}) {
    const world = { asked: [], prompts: 0, endpoints: 0, storage, present: null, now: 1e12, answer };
    const subscription = key => {
        const endpoint = `https://push.example/${world.endpoints += 1}`;
        return {
            endpoint, options: { applicationServerKey: new Uint8Array(Buffer.from(key, "base64url")).buffer },
            toJSON: () => ({ endpoint, keys: {} }),
            unsubscribe: async () => { world.present = null; },
        };
    };
    const pushManager = {
        getSubscription: async () => world.present,
        subscribe: async ({ applicationServerKey, userVisibleOnly }) => {
            assert.equal(userVisibleOnly, true);
            world.present = subscription(applicationServerKey);
            return world.present;
        },
    };
    const registration = { pushManager };
    const Notification = {
        permission,
        requestPermission: async () => {
            world.prompts += 1;
            Notification.permission = choice;
            return choice;
        },
    };
    world.browser = {
        workers: {
            register: async path => { world.worker = path; }, ready: Promise.resolve(registration),
            getRegistration: async () => registration,
        },
        Notification, hasPush: true, storage, now: () => world.now,
        fetch: async (path, { method, body }) => {
            world.asked.push([method, path, body && JSON.parse(body).endpoint]);
            if (world.answer) return world.answer();
            return method === "POST" ? json({ id: `id${world.asked.length}` }) : new Response(null, { status: 204 });
        },
    };
    return world;
}

function bellIn(world, story = "s1", key = KEY) {
    const node = new BellElement();
    node.dataset.key = key;
    return new Bell(node, story, english, world.browser);
}

async function started(world, status = "live", ...others) {
    const bell = bellIn(world, ...others);
    await bell.start(status);
    return bell;
}

test("permission is asked for only after a press, and the server gets the subscription", async () => {
    const browser = world();
    const bell = await started(browser);
    assert.deepEqual([bell.node.hidden, bell.button.textContent, browser.prompts], [false, OFF, 0]);
    await bell.press();
    assert.deepEqual(browser.asked, [["POST", "/stories/s1/push-subscriptions", "https://push.example/1"]]);
    assert.deepEqual([bell.button.textContent, browser.worker, browser.prompts], [ON, "/push-worker.js", 1]);
    assert.match(bell.message.textContent, /is notified/);
    const again = await started(browser);
    assert.deepEqual([again.button.textContent, browser.asked.length], [ON, 1]);
});

test("a second press ends it; with the last story the browser's subscription ends", async () => {
    const browser = world();
    const [one, two] = [await started(browser), await started(browser, "live", "s2")];
    await one.press();
    await two.press();
    assert.equal(browser.endpoints, 1, "each story has a subscription of its own");
    await one.press();
    assert.deepEqual(browser.asked.at(-1), ["DELETE", "/stories/s1/push-subscriptions/id1", undefined]);
    assert.ok(browser.present);
    assert.equal(one.button.textContent, OFF);
    await two.press();
    assert.equal(browser.present, null);
});

test("denial is explained, and nothing is sent", async () => {
    const browser = world({ choice: "denied" });
    const bell = await started(browser);
    await bell.press();
    assert.match(bell.message.textContent, /Your browser blocks notifications/);
    assert.deepEqual([bell.button.textContent, browser.asked.length], [OFF, 0]);
    const undecided = world({ choice: "default" });
    const other = await started(undecided);
    await other.press();
    assert.match(other.message.textContent, /Without your permission/);
});

test("a refusal of the server is told, and the bell stays off", async () => {
    for (const [status, words] of [[429, /in a minute/], [422, /refused/], [500, /refused/]]) {
        const bell = await started(world({ answer: () => new Response("{}", { status }) }));
        await bell.press();
        assert.match(bell.message.textContent, words);
        assert.equal(bell.button.textContent, OFF);
        assert.equal(bell.button.attributes["aria-disabled"], undefined);
    }
    const lost = await started(world({ answer: () => { throw new TypeError("no network"); } }));
    await lost.press();
    assert.match(lost.message.textContent, /cannot be reached/);
});

test("what the server has forgotten is ended all the same", async () => {
    let status = 200;
    const browser = world({ answer: () => (status === 200 ? json({ id: "a" }) : new Response("{}", { status })) });
    const bell = await started(browser);
    await bell.press();
    status = 404;
    await bell.press();
    assert.equal(bell.button.textContent, OFF);
});

test("an endpoint that the browser has replaced is renewed when the page is opened", async () => {
    const browser = world();
    await (await started(browser)).press();
    browser.present = null;
    const bell = await started(browser);
    assert.deepEqual(browser.asked.at(-1), ["POST", "/stories/s1/push-subscriptions", "https://push.example/2"]);
    assert.equal(bell.button.textContent, ON);
});

test("a replaced endpoint is renewed for each story that is opened, and the others are not forgotten", async () => {
    const browser = world();
    for (const story of ["s1", "s2", "s3"]) await (await started(browser, "live", story)).press();
    browser.present = null;
    const posted = story => ["POST", `/stories/${story}/push-subscriptions`, "https://push.example/2"];
    for (const story of ["s1", "s2"]) {
        const bell = await started(browser, "live", story);
        assert.deepEqual([bell.button.textContent, browser.asked.at(-1)], [ON, posted(story)]);
    }
    const count = browser.asked.length;
    await started(browser, "live", "s2");
    // One that is not renewed has nothing at the server to be ended.
    browser.browser.Notification.permission = "granted";
    browser.answer = () => new Response("{}", { status: 500 });
    const third = await started(browser, "live", "s3");
    assert.deepEqual(browser.asked.slice(count), [posted("s3")]);
    assert.match(third.message.textContent, /refused/);
    await third.press();
    assert.deepEqual([third.button.textContent, browser.asked.length], [OFF, count + 1]);
});

test("a story that is followed by another key is renewed by the present one when it is opened", async () => {
    const browser = world();
    await (await started(browser)).press();
    await started(browser, "live", "s1", `BA${KEY.slice(2)}`);
    assert.deepEqual(browser.asked.at(-1), ["POST", "/stories/s1/push-subscriptions", "https://push.example/2"]);
});

test("a subscription is sent again once a day, quietly, in case the server has removed it", async () => {
    const browser = world();
    await (await started(browser)).press();
    browser.now += 24 * 3600 * 1000 - 1;
    await started(browser);
    assert.equal(browser.asked.length, 1);
    browser.now += 1;
    await started(browser, "closed");
    assert.equal(browser.asked.length, 1, "the server refuses those of closed stories");
    browser.answer = () => new Response("{}", { status: 500 });
    const failed = await started(browser);
    browser.answer = null;
    const renewed = await started(browser);
    assert.deepEqual(browser.asked.slice(1), Array(2).fill(browser.asked[0]));
    for (const bell of [failed, renewed]) assert.deepEqual([bell.message.textContent, bell.button.textContent], ["", ON]);
    await started(browser);
    assert.deepEqual([browser.asked.length, browser.prompts], [3, 3]);
});

test("a subscription for another key is made anew", async () => {
    const browser = world();
    await (await started(browser)).press();
    const other = `BA${KEY.slice(2)}`;
    const bell = await started(browser, "live", "s2", other);
    await bell.press();
    assert.deepEqual([browser.endpoints, browser.asked.at(-1)[2]], [2, "https://push.example/2"]);
});

test("a permission that was taken back turns the bell off", async () => {
    const browser = world();
    await (await started(browser)).press();
    browser.browser.Notification.permission = "denied";
    const bell = await started(browser);
    assert.deepEqual([bell.button.textContent, browser.asked.length], [OFF, 1]);
});

test("no bell without push, and none for a story that is not live", async () => {
    for (const change of [{ workers: undefined }, { Notification: undefined }, { hasPush: false }]) {
        const browser = world();
        Object.assign(browser.browser, change);
        assert.equal((await started(browser)).node.hidden, true);
    }
    const bell = await started(world(), "closed");
    assert.equal(bell.node.hidden, true);
    bell.show("live");
    assert.equal(bell.node.hidden, false);
});

test("without storage the bell works until the page is left", async () => {
    const storage = { getItem() { throw new Error("refused"); }, setItem() { throw new Error("refused"); } };
    const bell = await started(world({ storage }));
    await bell.press();
    assert.equal(bell.button.textContent, ON);
    await bell.press();
    assert.equal(bell.button.textContent, OFF);
});
