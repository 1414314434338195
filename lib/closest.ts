/** The number of letters to add, remove, replace or swap with their neighbour to get from one text to another. */
export function editDistance(from: string, to: string): number {
  let before: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, j) => j);
  for (let i = 1; i <= from.length; i++) {
    const row = [i];
    for (let j = 1; j <= to.length; j++) {
      const replaced = (last[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      const isSwapped = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      const swapped = isSwapped ? (before[j - 2] ?? 0) + 1 : Infinity;
      row.push(Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, replaced, swapped));
    }
    before = last;
    last = row;
  }
  return last[to.length] ?? 0;
}

/** Letters and digits alone, in lower case: `storage_gib` is written like `storageGiB`. */
const plain = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, "");

/**
 * The candidate that a mistyped text most likely means.
 *
 * @returns undefined if more than a third of the letters differ from every candidate, or any of a text of three
 */
export function closest(text: string, candidates: readonly string[]): string | undefined {
  const rated = candidates.map((candidate) => ({ candidate, distance: editDistance(plain(text), plain(candidate)) }));
  const [best] = rated.toSorted((a, b) => a.distance - b.distance);
  const most = text.length < 4 ? 0 : Math.floor(text.length / 3);
  return best !== undefined && best.distance <= most ? best.candidate : undefined;
}
