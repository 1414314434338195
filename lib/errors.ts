/** An error that the user can fix. Its message is complete; a stack trace would hide it. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "UsageError";
  }
}
