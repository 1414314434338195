// The entry point in plain JavaScript: a Node that cannot read TypeScript must still be able to say so.
import { RunError } from "@pulumi/pulumi";

const [major, minor] = process.versions.node.split(".").map(Number);
const readsTypeScript = major > 22 || (major === 22 && minor >= 18);

// An engine that was killed reads no output any more. Pulumi's SDK reports each failed write by another write, which never
// ends and takes all memory.
for (const output of [process.stdout, process.stderr]) {
  output.on("error", ({ code }) => {
    if (code === "EPIPE") process.exit(1);
  });
}

export default async function start() {
  if (!readsTypeScript) {
    throw new RunError(
      `this program needs Node 22.18 or newer and found ${process.version}: run it as \`make up\` or \`npm exec -- pulumi up\`, which use the project's own Node, or install a newer one`,
    );
  }
  const { default: program } = await import("./index.ts");
  return program();
}
