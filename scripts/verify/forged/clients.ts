import { secrets } from "../../../components/airflow/names.ts";
import { projectPrefix, storagePrefixes } from "../../../components/clients.ts";
import type { Credentials } from "../../platform/credentials.ts";
import { kubectl, type KubectlTarget } from "../../../lib/kubernetes/kubectl.ts";
import { type PlatformJson, secretOf } from "../../platform/platform-json.ts";
import type { Client } from "./plan.ts";

const keyName = "AWS_ACCESS_KEY_ID";
const secretName = "AWS_SECRET_ACCESS_KEY";

/** Secrets of the platform's namespace that hold a client's key, by the client's name. */
const platformSecrets: Record<keyof typeof storagePrefixes, string> = {
  airflow: secrets.logStorage,
  backup: "backup",
  mlflow: "mlflow",
};

/** What kubectl prints of a namespace: a line with name and access key for each Secret, and no secret. */
const template = `go-template={{range .items}}{{.metadata.name}} {{with .data}}{{index . "${keyName}"}}{{end}}{{"\\n"}}{{end}}`;

/**
 * The clients of the platform's MinIO and one project; other projects' accounts are made as that one is.
 *
 * @param preferred project. @default - the first that has a key, where there is no project of this name
 */
export function readClients(
  target: KubectlTarget,
  { projects }: Pick<PlatformJson, "projects">,
  preferred: string,
): Client[] {
  const own = accessKeys(kubectl(target, ["get", "secrets", "--output", template]));
  const parts = Object.entries(platformSecrets).flatMap(([name, secret]) => {
    const accessKey = own[secret];
    return accessKey === undefined ? [] : [{ name, accessKey, prefix: prefixOf(name) }];
  });
  const preferredFirst = Object.entries(projects).sort(
    ([one], [other]) => Number(other === preferred) - Number(one === preferred),
  );
  for (const [name, project] of preferredFirst) {
    const there = { ...target, namespace: project.namespace };
    const accessKey = accessKeys(kubectl(there, ["get", "secrets", "--output", template]))[secretOf(project)];
    if (accessKey !== undefined) return [...parts, { name, accessKey, prefix: projectPrefix(name) }];
  }
  return parts;
}

/** What a project signs with; undefined where it has no key of the store. */
export function readCredentials(
  target: KubectlTarget,
  { projects }: Pick<PlatformJson, "projects">,
  { name, accessKey }: Client,
): { name: string; credentials: Credentials } | undefined {
  const project = projects[name];
  if (project === undefined) return undefined;
  const path = `jsonpath={.data.${secretName}}`;
  const there = { ...target, namespace: project.namespace };
  const secret = kubectl(there, ["get", "secret", secretOf(project), "--output", path]);
  return { name, credentials: { user: accessKey, password: Buffer.from(secret, "base64").toString("utf8") } };
}

/** Access keys by the Secret's name, from what kubectl prints by the template. */
function accessKeys(printed: string): Record<string, string> {
  const lines = printed.split("\n").map((line) => line.split(" "));
  const found = lines.flatMap(([name = "", key = "", ...more]): [string, string][] =>
    key === "" || more.length > 0 ? [] : [[name, Buffer.from(key, "base64").toString("utf8")]],
  );
  return Object.fromEntries(found);
}

function prefixOf(name: string): string {
  return Object.entries(storagePrefixes).find(([part]) => part === name)?.[1] ?? projectPrefix(name);
}
