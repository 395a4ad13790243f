// The declared types of the client match its modules.
import * as declared from "../../../Sources/Web/Files/client/client";
import { Refusal } from "../../../Sources/Web/Files/client/events.js";
import { Feed, comparePlaces, mergedReactions } from "../../../Sources/Web/Files/client/feed.js";
import { ClientFollower, follow } from "../../../Sources/Web/Files/client/client-follower.js";

export const client: typeof declared = { Feed, Follower: ClientFollower, Refusal, comparePlaces, follow, mergedReactions };
