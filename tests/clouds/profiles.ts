import { eksProfiles } from "./amazon-profiles.ts";
import type { Profile } from "./story.ts";
import { gkeProfiles } from "./google-profiles.ts";

/** The configurations that are deployed on imitated clouds. */
export const profiles: readonly Profile[] = [...gkeProfiles, ...eksProfiles];
