/**
 * Looks up an entry that the program itself has put there; a missing one is a mistake of the program, not of the user.
 *
 * @param what names the entries in the error
 */
export function lookup<T>(entries: Record<string, T | undefined>, what: string): (name: string) => T {
  return (name) => {
    const found = entries[name];
    if (found === undefined) throw new Error(`no ${what} named ${name} among ${Object.keys(entries).join(", ")}`);
    return found;
  };
}
