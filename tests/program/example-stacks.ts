import { join } from "node:path";
import { exampleStacks } from "../../preview/example-stacks.ts";
import { type Case, configuredKey, configuredSecret, folder } from "./program-cases.ts";

export const exampleFolder = join(folder, "examples/stacks");

/** What the examples' files leave to the commands that set secrets. */
const secrets: Record<string, Record<string, unknown>> = {
  corporate: {
    git: { token: configuredSecret("token") },
    postgres: {
      logins: Object.fromEntries(
        ["airflow", "mlflow", "mlflow-auth", "grafana", "forecast", "exporter"].map((name) => [
          name,
          configuredSecret(`postgres-${name}`),
        ]),
      ),
    },
    registries: { "mirror.corp.example": { username: "robot", password: configuredSecret("registry") } },
    s3: { accessKey: configuredSecret("s3-key"), secretKey: configuredSecret("s3-secret") },
    airflow: {
      connections: { smtp_default: { type: "smtp", login: "robot", password: configuredSecret("smtp") } },
    },
  },
  "team-eks": { git: { sshPrivateKey: configuredKey("ssh"), knownHosts: "github.com ssh-ed25519 AAAA" } },
};

/** Every stack of examples/stacks, copied beside the program as a user copies it. */
export function exampleCases(): Case[] {
  const { folder: copy, names } = exampleStacks(folder);
  return names.map((name) => ({
    title: `examples/stacks/${name}.yaml`,
    stack: name,
    config: name in secrets ? { secrets: secrets[name] } : {},
    folder: copy,
  }));
}

/** One of them. */
export function exampleCase(name: string): Case {
  const found = exampleCases().find(({ stack }) => stack === name);
  if (found === undefined) throw new Error(`examples/stacks has no ${name}.yaml`);
  return found;
}
