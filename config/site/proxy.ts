import { z } from "zod";
import { fingerprint } from "../../lib/fingerprint.ts";

const allowed = "a proxy's URL such as http://proxy.corp.example:3128, without a path";

/** A URL of http or https with a host alone; logins are secret, so that they have keys of their own. */
const proxyUrl = z.string().superRefine((text, context) => {
  const problem = problemOf(text);
  if (problem === undefined) return;
  const { message = allowed, ...params } = problem;
  context.addIssue({ code: "custom", message, params });
});

/** What is said of a wrong URL: its `value` is the right one, as far as it can be guessed. */
function problemOf(text: string): { message?: string; found?: string; value?: string } | undefined {
  const url = parsed(text);
  if (url === undefined) return isHostAndPort(text) ? { value: `http://${text}` } : {};
  if (url.username !== "" || url.password !== "") {
    const message = "a URL without a login; run `make secrets PROXY_USER=<name>` to store the login as secrets.proxy";
    return { message, found: "a URL that contains credentials", value: withoutLogin(url) };
  }
  const isBare = url.pathname === "/" && url.search === "" && url.hash === "" && !text.endsWith("/");
  return isBare ? undefined : { value: withoutLogin(url) };
}

/** What is reached without the proxy, as clients match it: a name, a name's end, an address or a range. */
const exception = z
  .string()
  .regex(
    /^(\.?[a-z0-9]([-a-z0-9.]*[a-z0-9])?|[0-9a-f:]+)(:\d+)?(\/\d+)?$/i,
    "a host, a domain such as .corp.example, an address or a range, without https:// and without *",
  );

export const proxySchema = z
  .strictObject({
    http: proxyUrl.optional().describe("Proxy of requests by http://. @default - none"),
    https: proxyUrl.optional().describe("Proxy of requests by https://, usually the same URL. @default - none"),
    no: z
      .array(exception)
      .default([])
      .describe("What pods reach without the proxy, beside the cluster's own names and addresses."),
  })
  .refine(({ http, https }) => http !== undefined || https !== undefined, {
    error: "http, https or both",
    path: ["https"],
  });

/** Changes with the login and is not secret; undefined where there is none. */
export function loginFingerprint(login: { username: string; password: string } | undefined): string | undefined {
  return login === undefined ? undefined : fingerprint([login.username, login.password], "proxy");
}

function parsed(text: string): URL | undefined {
  const url = URL.parse(text);
  return url !== null && ["http:", "https:"].includes(url.protocol) && url.hostname !== "" ? url : undefined;
}

const isHostAndPort = (text: string) => /^[a-z0-9][-a-z0-9.]*:\d+$/i.test(text);

/** As written but for what does not belong there: URL would leave out a port that is its protocol's. */
function withoutLogin({ protocol, host }: URL): string {
  return `${protocol}//${host}`;
}
