import { eksProfiles } from "./amazon-profiles.ts";
import { describeStory } from "./describe-story.ts";

for (const profile of eksProfiles) describeStory(profile);
