/** One resource as the program asked for it. */
export interface Registration {
  urn: string;
  type: string;
  name: string;
  custom: boolean;
  /** A component that its provider makes, e.g. a Helm chart; its children are not seen. */
  remote: boolean;
  /** URN of the parent; empty at the root. */
  parent: string;
  /** `<urn>::<id>` of the provider; empty for components. */
  provider: string;
  dependencies: string[];
  protect: boolean;
  ignoreChanges: string[];
  aliases: unknown[];
  deleteBeforeReplace: boolean;
  retainOnDelete: boolean;
  /** Of what exists and is taken over. @default - it is created */
  importId?: string;
  /** Plain values; secrets are unwrapped. */
  inputs: Record<string, unknown>;
  /** Where in `inputs` the secrets are, e.g. `stringData.password`. */
  secretPaths: string[];
  /** The outputs that a component registers; empty for other resources. */
  outputs: Record<string, unknown>;
  secretOutputPaths: string[];
}

/** What a program asks a provider for without registering anything: a function's result, or a resource that exists. */
export interface Lookup {
  /** Token of the function, or type of the resource. */
  token: string;
  /** `<urn>::<id>` of the provider; empty: the default provider of the package. */
  provider: string;
}

export interface Recording {
  /** In the order of registration, so that each comes after what it depends on; the stack itself is left out. */
  resources: Registration[];
  /** In the order of the alphabet: their own varies. */
  lookups: Lookup[];
  /** Outputs of the stack; secrets are unwrapped. */
  outputs: Record<string, unknown>;
  /** Where in `outputs` the secrets are. */
  secretOutputPaths: string[];
  /** What the program warns of. */
  warnings: string[];
}
