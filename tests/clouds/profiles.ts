import type { Profile } from "./story.ts";
import { gkeProfiles } from "./google-profiles.ts";

/** The configurations that are deployed on imitated clouds. */
export const profiles: readonly Profile[] = [...gkeProfiles];
