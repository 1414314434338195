import { at, documentIn, listAt, textAt } from "../../../../lib/json.ts";
import { errorText } from "../../../../lib/errors.ts";
import { inShort } from "../../../preflight/row.ts";

/** Google's services, each with the variable by which the provider reaches another address of it. */
const services = {
  artifactregistry: ["GOOGLE_ARTIFACT_REGISTRY_CUSTOM_ENDPOINT", "https://artifactregistry.googleapis.com/v1/"],
  cloudbilling: ["GOOGLE_CLOUD_BILLING_CUSTOM_ENDPOINT", "https://cloudbilling.googleapis.com/v1/"],
  cloudresourcemanager: ["GOOGLE_RESOURCE_MANAGER_CUSTOM_ENDPOINT", "https://cloudresourcemanager.googleapis.com/v1/"],
  compute: ["GOOGLE_COMPUTE_CUSTOM_ENDPOINT", "https://compute.googleapis.com/compute/v1/"],
  container: ["GOOGLE_CONTAINER_CUSTOM_ENDPOINT", "https://container.googleapis.com/v1/"],
  oauth2: ["GOOGLE_OAUTH2_CUSTOM_ENDPOINT", "https://www.googleapis.com/oauth2/v2/"],
  serviceusage: ["GOOGLE_SERVICE_USAGE_CUSTOM_ENDPOINT", "https://serviceusage.googleapis.com/v1/"],
  storage: ["GOOGLE_STORAGE_CUSTOM_ENDPOINT", "https://storage.googleapis.com/storage/v1/"],
} as const;

export interface Reply {
  /** Of HTTP; 0: there was no answer. */
  status: number;
  body: unknown;
}

export interface Request {
  service: keyof typeof services;
  /** Below the service's address. */
  path: string;
  /** Makes it a POST. Google sees it as JSON, or as a form's fields. @default - a GET */
  body?: URLSearchParams | Record<string, unknown>;
}

/** Asks Google as one identity. */
export type Ask = (request: Request) => Promise<Reply>;

const timeoutSeconds = 20;

/** @param token goes into a header and nowhere else; undefined: none is sent */
export function askWith(token: string | undefined): Ask {
  return async ({ service, path, body }) => {
    const [variable, address] = services[service];
    const base = process.env[variable] ?? address;
    const isForm = body instanceof URLSearchParams;
    try {
      const response = await fetch(`${base}${path}`, {
        ...(body === undefined ? {} : { method: "POST", body: isForm ? body : JSON.stringify(body) }),
        headers: {
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(body === undefined || isForm ? {} : { "content-type": "application/json" }),
        },
        signal: AbortSignal.timeout(timeoutSeconds * 1000),
      });
      return { status: response.status, body: documentIn(await response.text()) };
    } catch (error) {
      const cause = error instanceof Error && error.cause !== undefined ? errorText(error.cause) : errorText(error);
      return { status: 0, body: { error: { message: `${new URL(base).host} does not answer: ${cause}` } } };
    }
  };
}

export const isOk = ({ status }: Reply): boolean => status >= 200 && status < 300;

/** What went wrong, in Google's words. */
export function problemOf({ status, body }: Reply): string {
  const message = textAt(body, "error.message");
  return message === undefined ? `HTTP ${status}` : inShort(message);
}

/**
 * Whether a project has never used the service, so that it has nothing of it.
 *
 * @param number of the project: an error may be about the project of the credentials
 * Source: https://cloud.google.com/apis/design/errors#error_info
 */
export function isDisabled({ body }: Reply, number: string): boolean {
  return listAt(body, "error.details").some(
    (detail) =>
      textAt(detail, "reason") === "SERVICE_DISABLED" && at(detail, "metadata.consumer") === `projects/${number}`,
  );
}
