// SPDX-License-Identifier: Apache-2.0
// The client as third-party front ends load it: the served bundle.
import { served } from "./served.js";

const { text } = served.get("/client.js");
export const { Feed, Follower, Refusal, comparePlaces, follow, mergedReactions } = await import(
    `data:text/javascript,${encodeURIComponent(text)}`);
