import { z } from "zod";
import { publicRegistries } from "../../components/images.ts";

const prefixPattern = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?(:\d+)?(\/[a-z0-9][-\w.]*)*$/;

const allowedPrefix =
  "a registry and path as image references begin, such as registry.example.org/mlops, without https:// or a slash at the end";

/** A registry and a path in it, as an image reference begins: without https:// and without a slash at the end. */
const imagePrefix = asInReferences(prefixPattern, allowedPrefix);

/** The same, or nothing. */
export const optionalImagePrefix = asInReferences(new RegExp(`^$|${prefixPattern.source}`), allowedPrefix);

/** A registry alone, as an image reference begins. */
const registryHost = z
  .string()
  .regex(
    /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?(:\d+)?$/,
    "a registry's host, with its port if it has one, such as registry.example.org:5000, without https:// or a path",
  );

export const mirrorsSchema = z.record(
  z.string().refine((host) => publicRegistries.some((one) => one === host), publicRegistries.join(", ")),
  imagePrefix,
);

/** The name of an object in Kubernetes. */
const objectName = z
  .string()
  .regex(/^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/, "the name of a Secret, of a-z, 0-9, - and .");

export const pullSecretsSchema = z.array(objectName);

/** Logins of registries, by their hosts. */
export const registryLogins = z.record(
  registryHost,
  z.strictObject({ username: z.string().min(1), password: z.string().min(1) }),
);

/** A text that would be right without its scheme or its last slash is fixed by setting it so. */
function asInReferences(pattern: RegExp, allowed: string) {
  return z.string().superRefine((text, context) => {
    if (pattern.test(text)) return;
    const value = text
      .trim()
      .replace(/^[a-z]+:\/\//i, "")
      .replace(/\/+$/, "");
    context.addIssue({ code: "custom", message: allowed, params: pattern.test(value) ? { value } : {} });
  });
}
