// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import test from "node:test";
import "./Support/desk-words.js";
import { Refusal, Unreached } from "../../Sources/Web/Files/desk/api.js";
import { Autosaver } from "../../Sources/Web/Files/desk/autosave.js";

// A server with one text, a clock that is moved by hand, and what the saver has told.
class Stage {
    constructor() {
        this.server = null;
        this.requests = [];
        this.told = [];
        this.time = 0;
        this.timers = new Map();
        this.failures = [];
        const clock = {
            now: () => this.time,
            setTimeout: (work, pause) => {
                const id = Symbol("timer");
                this.timers.set(id, { work, at: this.time + pause });
                return id;
            },
            clearTimeout: id => this.timers.delete(id),
        };
        this.saver = new Autosaver({
            api: { ask: (...request) => this.answer(...request) }, path: "/a", clock,
            onSaved: at => this.told.push(`saved ${at}`), onTrouble: () => this.told.push("trouble"),
            onConflict: theirs => this.told.push(`conflict ${theirs.content} ${theirs.etag}`),
            onGone: () => this.told.push("gone"),
        });
        this.saver.start("n");
    }

    async answer(method, path, { json, match, noneMatch }) {
        this.requests.push(`${method} ${path} ${json?.content ?? ""} ${match ?? noneMatch ?? ""}`.trim());
        const failure = this.failures.shift();
        if (failure === "lost") this.write(method, json);
        if (failure) throw failure === "lost" ? new Unreached("lost") : failure;
        const isStale = match ? this.server?.tag !== match : noneMatch && this.server;
        if (isStale) {
            const current = this.server && { content: this.server.content, savedAt: "then" };
            throw new Refusal(412, { current }, { tag: this.server?.tag ?? null });
        }
        this.write(method, json);
        return { value: { savedAt: `${this.time}` }, tag: this.server?.tag ?? null };
    }

    write(method, json) {
        const number = Number(this.server?.tag ?? 0) + 1;
        this.server = method === "DELETE" ? null : { content: json.content, tag: String(number) };
    }

    async pass(milliseconds) {
        const end = this.time + milliseconds;
        for (;;) {
            const [due] = [...this.timers].filter(([, { at }]) => at <= end)
                .sort(([, one], [, other]) => one.at - other.at);
            if (!due) break;
            this.timers.delete(due[0]);
            this.time = due[1].at;
            due[1].work();
            for (let turn = 0; turn < 10; turn += 1) await null;
        }
        this.time = end;
    }
}

test("a text is saved after a pause, and while somebody types on", async () => {
    const stage = new Stage();
    stage.saver.change("T");
    await stage.pass(1000);
    stage.saver.change("Th");
    await stage.pass(2900);
    assert.deepEqual(stage.requests, []);
    await stage.pass(200);
    assert.deepEqual([stage.requests, stage.told], [["PUT /a/n Th *"], ["saved 4000"]]);
    for (let second = 0; second < 20; second += 1) {
        stage.saver.change(`typing ${second}`);
        await stage.pass(1000);
    }
    assert.equal(stage.requests.length, 2);
    assert.match(stage.requests[1], /^PUT \/a\/n typing 1\d 1$/);
});

test("what is as the server has it is not sent again, and what is emptied is deleted there", async () => {
    const stage = new Stage();
    stage.saver.change("Text");
    await stage.pass(3000);
    stage.saver.change("Text!");
    stage.saver.change("Text");
    await stage.pass(60_000);
    assert.equal(stage.requests.length, 1);
    stage.saver.change(null);
    await stage.pass(3000);
    assert.deepEqual([stage.requests[1], stage.server], ["DELETE /a/n  1", null]);
});

test("without a connection it says so, tries again, and sends what is newest", async () => {
    const stage = new Stage();
    stage.failures = [new Unreached("away"), new Refusal(503, {})];
    stage.saver.change("One");
    await stage.pass(3000);
    stage.saver.change("Two");
    await stage.pass(3000);
    assert.deepEqual(stage.told, ["trouble", "trouble"]);
    await stage.pass(30_000);
    assert.deepEqual([stage.server.content, stage.requests.length], ["Two", 3]);
});

test("a request whose answer was lost counts as done", async () => {
    const stage = new Stage();
    stage.failures = ["lost"];
    stage.saver.change("Text");
    await stage.pass(60_000);
    assert.deepEqual(stage.told, ["trouble", "saved then"]);
    stage.saver.change("Text, longer");
    await stage.pass(3000);
    assert.equal(stage.server.content, "Text, longer");
});

test("what another device has saved is not written over, and not again before it is settled", async () => {
    const stage = new Stage();
    stage.saver.change("Text");
    await stage.pass(3000);
    stage.server = { content: "Theirs", tag: "7" };
    stage.saver.change("Mine");
    await stage.pass(3000);
    stage.saver.change("Mine, longer");
    await stage.pass(60_000);
    assert.deepEqual([stage.told.at(-1), stage.server.content], ["conflict Theirs 7", "Theirs"]);
    assert.equal(stage.requests.length, 2);
    stage.saver.start("n", { etag: "7", content: "Theirs" });
    stage.saver.change("Settled");
    await stage.pass(3000);
    assert.equal(stage.server.content, "Settled");
});

test("what was published on another device is not saved again", async () => {
    const stage = new Stage();
    stage.saver.change("Text");
    await stage.pass(3000);
    stage.server = null;
    stage.saver.change("Text, longer");
    await stage.pass(60_000);
    assert.deepEqual([stage.told.at(-1), stage.server, stage.requests.length], ["gone", null, 2]);
});

test("before a text is sent nothing is saved any more; leaving saves at once", async () => {
    const stage = new Stage();
    stage.saver.change("Text");
    await stage.saver.settle();
    await stage.pass(60_000);
    assert.deepEqual(stage.requests, []);
    stage.saver.change("Text");
    stage.saver.flush();
    await stage.pass(0);
    assert.equal(stage.server.content, "Text");
});

test("what the server will never take is not sent again and again", async () => {
    const stage = new Stage();
    stage.failures = [new Refusal(413, {})];
    stage.saver.change("Text");
    await stage.pass(120_000);
    assert.deepEqual([stage.requests.length, stage.told], [1, ["trouble"]]);
});
