import { at } from "../../lib/json.ts";
import type { Rule } from "../rule.ts";
import { textsIn } from "../../lib/resource.ts";

/** What charts, images and tutorials set, and what guessing tries first. */
const defaults = new Set([
  "admin",
  "airflow",
  "changeit",
  "changeme",
  "default",
  "grafana",
  "minio",
  "minio123",
  "minioadmin",
  "mlflow",
  "mlflow123",
  "password",
  "password1234",
  "postgres",
  "prom-operator",
  "redis",
  "root",
  "secret",
  "test",
]);

const passwordKey = /(password|passwd|passphrase|secret[-_]?key|secret[-_]?access[-_]?key|[-_]token)$/i;
const urlPassword = /^[a-z][a-z0-9+.-]*:\/\/[^/\s:@]*:([^/\s@]+)@/i;

export const noDefaultPassword: Rule = {
  id: "no-default-password",
  severity: "critical",
  enforcement: "mandatory",
  description: "No password is empty, a known default, or in plain text in a container's environment or arguments.",
  remediation:
    "Generate it with @pulumi/random or read it from the stack's secrets, and reference it with secretKeyRef.",
  evaluate: ({ type, inputs }) =>
    [...textsIn(inputs)].flatMap(({ path, text }) => {
      const plain = type.endsWith(":Secret") && path.startsWith("data.") ? decoded(text) : text;
      if (/\benv\.\d+\.value$/.test(path)) return environmentProblem(inputs, path, plain);
      if (/\bargs\.\d+$/.test(path)) return isPasswordArgument(inputs, path) ? [`names a password in ${path}`] : [];
      const key = path.slice(path.lastIndexOf(".") + 1);
      const isPassword = passwordKey.test(key) && !path.endsWith(".annotations." + key);
      const [, ofUrl] = urlPassword.exec(plain) ?? [];
      return (isPassword && isDefault(plain)) || (ofUrl !== undefined && isDefault(ofUrl))
        ? [`has a default password in ${path}`]
        : [];
    }),
};

function isDefault(text: string): boolean {
  return text === "" || defaults.has(text.toLowerCase());
}

/** Anyone who may read a pod may read its environment, whatever the password is. */
function environmentProblem(inputs: unknown, path: string, text: string): string[] {
  const name = String(siblingOf(inputs, path, "name"));
  const [, ofUrl] = urlPassword.exec(text) ?? [];
  return passwordKey.test(name) || ofUrl !== undefined ? [`shows the password ${name} in ${path}`] : [];
}

function isPasswordArgument(inputs: unknown, path: string): boolean {
  const text = String(at(inputs, path));
  const index = Number(path.slice(path.lastIndexOf(".") + 1));
  const before = String(at(inputs, path.replace(/\d+$/, String(index - 1))));
  const isReference = /^\$\(?\w+\)?$/.test(text.replace(/^--?[\w-]+=/, ""));
  return !isReference && (/^--?[\w-]*password=./i.test(text) || /^--?[\w-]*password$/i.test(before));
}

function siblingOf(inputs: unknown, path: string, key: string): unknown {
  return at(inputs, `${path.slice(0, path.lastIndexOf("."))}.${key}`);
}

function decoded(text: string): string {
  return Buffer.from(text, "base64").toString("utf8");
}
