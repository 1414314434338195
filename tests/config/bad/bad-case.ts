/** What is wrong, and the parts that its message must have: key, what was found, what is allowed, the fix. */
export interface BadCase {
  name: string;
  config: Record<string, unknown>;
  key: string;
  found: string;
  allowed: string;
  fix: string;
}

/** A fix without the stack's name, which is that of the test that ran last. */
export const ofAnyStack = (fix: string): string =>
  fix.replaceAll(/ --stack [\w<>-]+|(?<=Pulumi)\.[\w<>-]+(?=\.yaml)/g, "");
