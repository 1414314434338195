// make clouds-proof: runs the stories of tests/clouds with the plugins of $CLOUD_PLUGINS, keeps what they showed in
// docs/clouds-proof.json, and writes docs/clouds-proof.md. `--only gcp/small` runs one of them, and keeps the others.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execPath } from "node:process";
import { CommandLineError, readOptions, runScript } from "../../lib/command-line.ts";
import { noPlugins, pluginsFor, versionOf } from "./plugins.ts";
import { profiles } from "./profiles.ts";
import { proofPage, type Proof } from "./proof-page.ts";
import { begin, type Profile, type Shown, stepsOf } from "./story.ts";

const top = join(import.meta.dirname, "../..");
const data = join(top, "docs/clouds-proof.json");
const page = join(top, "docs/clouds-proof.md");

/** Runs a story to its end, or to the first step that fails. */
async function prove(profile: Profile, plugins: string): Promise<Shown[]> {
  const running = await begin(profile, plugins);
  const shown: Shown[] = [];
  try {
    for (const step of stepsOf(profile)) {
      const row = await running.run(step);
      console.log(`${profile.cloud}/${profile.name}: ${row.step}: ${row.result} (${row.seconds} s)`);
      shown.push(row);
    }
  } finally {
    await running.end();
  }
  return shown;
}

function kept(): Record<string, Proof> {
  return existsSync(data) ? (JSON.parse(readFileSync(data, "utf8")) as Record<string, Proof>) : {};
}

async function main(all: string[]): Promise<number> {
  const { only } = readOptions(all, { only: { type: "string" } });
  const chosen = profiles.filter(({ cloud, name }) => only === undefined || `${cloud}/${name}`.startsWith(only));
  if (chosen.length === 0) throw new CommandLineError(`no profile is called ${String(only)}`);
  let missing = 0;
  for (const profile of chosen) {
    const plugins = pluginsFor(profile.cloud);
    if (plugins === undefined) {
      console.log(`${profile.cloud}/${profile.name}: ${noPlugins}`);
      missing += 1;
      continue;
    }
    const shown = await prove(profile, plugins);
    const plugin = versionOf(plugins, profile.cloud);
    const proof = { plugin, day: new Date().toISOString().slice(0, 10), shown };
    writeFileSync(data, JSON.stringify({ ...kept(), [`${profile.cloud}/${profile.name}`]: proof }, undefined, 2));
  }
  writeFileSync(page, proofPage(profiles, kept()));
  spawnSync(execPath, [join(top, "node_modules/.bin/prettier"), "--write", "--log-level", "warn", data, page]);
  return missing === 0 ? 0 : 1;
}

await runScript("tests/clouds/proof.ts", main);
