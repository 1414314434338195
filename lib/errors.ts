/** An error that the user can fix. Its message is complete; a stack trace would hide it. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "UsageError";
  }
}

/** The text of an error; code may throw any value. */
export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
