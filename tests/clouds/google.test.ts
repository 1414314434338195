import { describeStory } from "./describe-story.ts";
import { gkeProfiles } from "./google-profiles.ts";

for (const profile of gkeProfiles) describeStory(profile);
