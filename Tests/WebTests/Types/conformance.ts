// The declared types of the client match its modules.
import * as declared from "../../../Sources/Web/Files/client/client";
import { Refusal } from "../../../Sources/Web/Files/client/events.js";
import { Feed, comparePlaces, mergedReactions } from "../../../Sources/Web/Files/client/feed.js";
import { Follower, follow } from "../../../Sources/Web/Files/client/follower.js";

export const client: typeof declared = { Feed, Follower, Refusal, comparePlaces, follow, mergedReactions };
