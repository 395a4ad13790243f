// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import "./Support/desk-words.js";
import {
    bytesLabel, fileFault, hasFiles, isOwnPicture, MOST_PICTURE_BYTES, picturesIn, thumbnailOf,
} from "../../Sources/Web/Files/desk/picture-files.js";

const fileOf = (name, type, size = 1000) => ({ name, type, size });

test("From the clipboard pictures are taken, and nothing else", () => {
    const [picture, page] = [fileOf("image.png", "image/png"), fileOf("a.pdf", "application/pdf")];
    assert.deepEqual(picturesIn({ types: ["Files"], files: [picture, page] }), [picture]);
    assert.deepEqual(picturesIn({ types: ["text/html", "Files"], files: [picture] }), [picture]);
    assert.deepEqual(picturesIn(null), []);
});

test("The picture of a text, as spreadsheets and word processors add it, is left alone", () => {
    const transfer = { types: ["text/plain", "text/html", "Files"], files: [fileOf("image.png", "image/png")] };
    assert.deepEqual(picturesIn(transfer), []);
});

test("A drag of files is told from one of text", () => {
    assert.deepEqual([hasFiles({ types: ["Files"] }), hasFiles({ types: ["text/plain"] }), hasFiles(null)],
        [true, false, false]);
});

test("Files that the server would refuse are not sent", () => {
    const faults = [
        [fileOf("notes.pdf", "application/pdf"), "notes.pdf is no picture."],
        [fileOf("logo.svg", "image/svg+xml"), "logo.svg is a drawing (SVG). Save it as PNG, and choose that."],
        [fileOf("photo.jpg", "image/jpeg", 0), "photo.jpg is empty."],
        [fileOf("photo.jpg", "image/jpeg", 31_400_000),
            "photo.jpg has 31 MB. A picture can have 25 MB at most."],
    ];
    for (const [file, words] of faults) assert.equal(fileFault(file, MOST_PICTURE_BYTES), words);
    assert.equal(fileFault(fileOf("photo.jpg", "image/jpeg"), 0),
        "This server takes no pictures. Add them by their address.");
});

test("Every other picture is left to the server, also one of a type that the browser does not know", () => {
    for (const type of ["image/jpeg", "image/avif", "image/heic", ""]) {
        assert.equal(fileFault(fileOf("photo", type, MOST_PICTURE_BYTES), MOST_PICTURE_BYTES), "", type);
    }
});

test("Sizes are told in the unit that suits them", () => {
    assert.deepEqual([12, 2048, 2_400_000, 25_000_000].map(bytesLabel), ["1 kB", "2 kB", "2.4 MB", "25 MB"]);
});

test("The desk shows the smallest variant of its own pictures, and others as they are", () => {
    assert.equal(thumbnailOf({ url: "/media/a", width: 4000 }), "/media/a/320.webp");
    assert.equal(thumbnailOf({ url: "/media/a", width: "4000" }), "/media/a/320.webp");
    // Variants are smaller than the picture.
    assert.equal(thumbnailOf({ url: "/media/a", width: 320 }), "/media/a");
    assert.equal(thumbnailOf({ url: "https://p.example/a.jpg", width: 4000 }), "https://p.example/a.jpg");
    for (const url of ["", "https://", "javascript:alert(1)", "data:image/png;base64,AA"]) {
        assert.equal(thumbnailOf({ url }), null, url);
    }
    assert.deepEqual([isOwnPicture("/media/a"), isOwnPicture("https://p.example/media/a")], [true, false]);
});
