/** A resource of a cloud as a stack's state has it. */
export interface Known {
  type: string;
  id: string;
}

/** Whether the state has a resource of a name: the id of some is a path that ends with it. */
export function has(state: readonly Known[], type: string, name: string): boolean {
  return state.some((known) => known.type === type && (known.id === name || known.id.endsWith(`/${name}`)));
}
