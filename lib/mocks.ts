/** The outputs that a provider returns for a resource or a function call. */
export interface MockArgs {
  name: string;
  /** Plain inputs; secrets are unwrapped. */
  inputs: Record<string, unknown>;
  /** Id of the object that is read, for reads. */
  id: string | undefined;
  /** Inputs of its provider, such as the region; empty for a default provider. */
  provider: Record<string, unknown>;
}

export interface MockTables {
  /** Outputs beside the inputs, which are echoed, by type token; `id` becomes the resource's id. */
  resources: Record<string, (args: MockArgs) => Record<string, unknown>>;
  /** Results by token of the function, e.g. `kubernetes:yaml:decode`. */
  calls: Record<string, (inputs: Record<string, unknown>) => Record<string, unknown>>;
}
