/** Whether a text is the address of something on the web. */
export function isWebAddress(text: string): boolean {
  return /^https?:\/\//.test(text);
}

/** A text without the logins in its URLs: messages and logs are read by more people than know them. */
export function withoutLogins(text: string): string {
  return text.replaceAll(/\b([a-z][a-z+.-]*:\/\/)[^\s/"']*@/gi, "$1");
}
