// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import test from "node:test";
import { embedCode } from "../../Sources/Web/Files/desk/embed-code.js";

const STORY = { origin: "https://live.example.org", slug: "storm", title: 'Wind & "waves" <live>', height: 480 };
const NAME = "Wind &#38; &#34;waves&#34; &#60;live&#62;";

test("a frame has the story's title, and parameters only for what is not the default", () => {
    const code = embedCode({ ...STORY, kind: "frame", form: "compact", theme: "dark" });
    assert.equal(code, `<iframe src="https://live.example.org/embed/storm?form=compact&#38;theme=dark" title="${NAME}" `
        + 'width="100%" height="480" style="border:0" loading="lazy"></iframe>\n'
        + '<script src="https://live.example.org/embed-frame.js" async></script>');
    const plain = embedCode({ ...STORY, kind: "frame", form: "", theme: "" });
    assert.match(plain, /src="https:\/\/live\.example\.org\/embed\/storm" /);
});

test("an element has a link inside, for readers without scripts", () => {
    const code = embedCode({ ...STORY, kind: "element", form: "ticker", theme: "" });
    assert.equal(code, '<script src="https://live.example.org/embed.js" async></script>\n'
        + `<wireroom-feed story="storm" form="ticker" style="display:block;min-height:480px"><a href="https://live.example.org/live/storm">${NAME}</a></wireroom-feed>`);
});
