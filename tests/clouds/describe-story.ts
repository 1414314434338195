import assert from "node:assert/strict";
import { skipWithReason } from "../skip.ts";
import { noPlugins, pluginsFor } from "./plugins.ts";
import { begin, type Profile, type Running, stepsOf } from "./story.ts";

/** A test for each step of a profile's story. */
export function describeStory(profile: Profile): void {
  describe(`the stack ${profile.name} on an imitation of ${profile.cloud}`, function () {
    this.timeout(900_000);
    let running: Running | undefined;
    let failed = "";

    before(async function () {
      const plugins = pluginsFor(profile.cloud) ?? skipWithReason(this, noPlugins);
      running = await begin(profile, plugins);
    });

    after(() => running?.end());

    for (const step of stepsOf(profile)) {
      it(step.name, async () => {
        assert.equal(failed, "", `needs the step before: ${failed} failed`);
        failed = step.name;
        await running?.run(step);
        failed = "";
      });
    }
  });
}
