/** Images that a Dockerfile is built from, the defaults of its arguments filled in; its own stages are left out. */
export function basesOf(dockerfile: string): string[] {
  const defaults = new Map([...dockerfile.matchAll(/^ARG (\w+)=(\S+)/gm)].map(([, name, value]) => [name, value]));
  const stages = [...dockerfile.matchAll(/^FROM (?:--\S+ )*(\S+)(?: AS (\S+))?/gim)];
  // Without a slash or a colon it is a stage, or a context that the build is given.
  const copied = [...dockerfile.matchAll(/^(?:COPY|ADD) .*--from=(\S+)/gim)].filter(([, from = ""]) =>
    /[/:]/.test(from),
  );
  const own = stages.map(([, , stage]) => stage);
  return [...stages, ...copied]
    .map(([, base = ""]) => base.replace(/\$\{?(\w+)\}?/g, (_, name: string) => defaults.get(name) ?? ""))
    .filter((base) => base !== "scratch" && !own.includes(base));
}
