import { isObject } from "../../lib/json.ts";

/** A pull request's or an issue's entry in a list of GitHub's API. */
export type Entry = Record<string, unknown>;

/**
 * Calls GitHub's API about this repository.
 *
 * Reads GITHUB_API_URL, GITHUB_REPOSITORY and GH_TOKEN from the environment.
 *
 * @param path below the repository, e.g. `/issues`
 * @throws Error for an unsuccessful response
 */
export async function call(method: "GET" | "POST" | "PATCH", path: string, body?: Entry): Promise<unknown> {
  const { GITHUB_API_URL = "https://api.github.com", GITHUB_REPOSITORY = "", GH_TOKEN = "" } = process.env;
  const answer = await fetch(`${GITHUB_API_URL}/repos/${GITHUB_REPOSITORY}${path}`, {
    method,
    headers: {
      accept: "application/vnd.github+json",
      authorization: `Bearer ${GH_TOKEN}`,
      "content-type": "application/json",
      "x-github-api-version": "2022-11-28",
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: HTTP ${answer.status} ${await answer.text()}`);
  return answer.json();
}

/** The first entry of a list that fits, over all pages. */
export async function find(path: string, fits: (entry: Entry) => boolean): Promise<Entry | undefined> {
  const separator = path.includes("?") ? "&" : "?";
  for (let page = 1; ; page += 1) {
    const entries = await call("GET", `${path}${separator}per_page=100&page=${page}`);
    const found = Array.isArray(entries) ? entries.filter(isObject) : [];
    const match = found.find(fits);
    if (match !== undefined || found.length < 100) return match;
  }
}

/** Whether an app wrote it, as a workflow's token does: text of users is never replaced. */
export function isByBot({ user }: Entry): boolean {
  return isObject(user) && user.type === "Bot";
}

/** Shortens a text to what GitHub takes in one body. */
export function truncated(text: string): string {
  const limit = 60_000;
  return text.length <= limit ? text : `${text.slice(0, limit)}\n… The run's log contains the rest.`;
}
