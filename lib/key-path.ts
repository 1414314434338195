/** `cluster.nodes[0]`, as `pulumi config set --path` writes it. */
export function keyOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>((key, part) => {
    if (typeof part === "number") return `${key}[${part}]`;
    const name = String(part);
    if (!/^[A-Za-z_][\w-]*$/.test(name)) return `${key}[${JSON.stringify(name)}]`;
    return key === "" ? name : `${key}.${name}`;
  }, "");
}

/** The value at a path of any input. */
export function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, part) => (typeof value === "object" && value !== null ? Reflect.get(value, part) : undefined),
    input,
  );
}

/** A copy of an input with another value at a path; undefined removes it. */
export function replacedAt(input: unknown, path: readonly PropertyKey[], value: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  const inner = replacedAt(valueAt(input, [step]), rest, value);
  if (Array.isArray(input)) return input.map((item: unknown, i) => (i === step ? inner : item));
  return { ...(typeof input === "object" ? input : {}), [step]: inner };
}
