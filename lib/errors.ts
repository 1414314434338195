/** Something that the user can mend; its message says all, a stack trace would only hide it. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "UsageError";
  }
}
