// make facts: asks the clouds' plugins in the folder of $CLOUD_PLUGINS what they accept, and writes facts.json of each cloud.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { env } from "node:process";
import { cloudsByKind } from "../../components/cluster/kinds.ts";
import { textAt } from "../../lib/json.ts";
import { Plugin } from "./plugin.ts";
import { probe } from "./probe.ts";
import { sdkTypes } from "./sdk.ts";

const top = join(import.meta.dirname, "../..");

const folder = env.CLOUD_PLUGINS;
if (folder === undefined) {
  throw new Error("CLOUD_PLUGINS is not set: name a folder with the plugins of the clouds, pulumi-resource-<name>");
}
for (const [kind, { provider, replacements, offlineConfiguration }] of Object.entries(cloudsByKind)) {
  if (offlineConfiguration === undefined) continue;
  const tokens = Object.keys(replacements).filter((type) => type.startsWith(`${provider}:`));
  const plugin = await Plugin.start(join(folder, `pulumi-resource-${provider}`), offlineConfiguration);
  const types = await typesOf(plugin, provider, tokens);
  const source = {
    package: `@pulumi/${provider} ${versionOf(provider)}`,
    plugin: `pulumi-resource-${provider} ${await plugin.version()}`,
    day: new Date().toISOString().slice(0, 10),
  };
  await plugin.stop();
  const text = `{\n"source": ${JSON.stringify(source)},\n"types": {\n${types.join(",\n")}\n}\n}\n`;
  writeFileSync(join(top, "components/cluster", kind, "data/facts.json"), text);
}

/** A line an input: a change of what a provider accepts is a change of a line. */
async function typesOf(plugin: Plugin, provider: string, tokens: readonly string[]): Promise<string[]> {
  const lines: string[] = [];
  for (const [type, inputs] of sdkTypes(provider, tokens)) {
    const facts: string[] = [];
    for (const input of inputs) {
      facts.push(`${JSON.stringify(input.path)}: ${JSON.stringify(await probe(plugin, type, input))}`);
    }
    lines.push(`${JSON.stringify(type)}: {\n${facts.join(",\n")}\n}`);
  }
  return lines;
}

function versionOf(provider: string): string {
  const manifest: unknown = JSON.parse(
    readFileSync(join(top, "node_modules/@pulumi", provider, "package.json"), "utf8"),
  );
  return textAt(manifest, "version") ?? "";
}
