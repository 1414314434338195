import { project } from "./platform.ts";

/** Names of so many projects. */
export function projectNames(count: number): string[] {
  return Array.from({ length: count }, (_, i) => (i === 0 ? project : `${project}-${i + 1}`));
}
