/** Characters of a prefix that every project's name still fits behind: a namespace has at most 63, a project 40. */
export const longestPrefix = 23;

/** The namespace of a project; everything else of a project carries its name alone. */
export function projectNamespace(prefix: string, project: string): string {
  return `${prefix}${project}`;
}
