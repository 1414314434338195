/** Longest prefix that leaves room for every project name: a namespace has at most 63 characters, a project 40. */
export const longestPrefix = 23;

/** The namespace of a project. Only the namespace has the prefix; all other objects use the project's name alone. */
export function projectNamespace(prefix: string, project: string): string {
  return `${prefix}${project}`;
}
